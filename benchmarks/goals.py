"""The goals: ratios within one run, and a few plain numbers."""

from __future__ import annotations

from dataclasses import dataclass

from .pacing import DENSE, SLOW, Cell
from .phonebook import Loading
from .results import Results, mean, median, p99, spread


@dataclass
class Goal:
    name: str
    limit: float
    measured: float
    low: float
    high: float
    at_least: bool = False
    unit: str = ""

    @property
    def met(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


def hold50(cell: Cell) -> float:
    return median(cell.holds)


def hold99(cell: Cell) -> float:
    return p99(cell.holds)


def hold_mean(cell: Cell) -> float:
    return mean(cell.holds)


def latency50(cell: Cell) -> float:
    return median(cell.latencies)


def first50(cell: Cell) -> float:
    return median(cell.first_holds)


def check(results: Results) -> list[Goal]:
    """The goals of the figures that were measured."""
    goals: list[Goal] = []
    if results.cells:
        goals += _of_one_dial(results)
    if results.rates:
        name = "events/s, 10,000 dials, {}, vs plain"
        idle, gil = (results.rate_ratio(condition, 10_000) for condition in ("idle", "gil"))
        goals.append(Goal(name.format("idle"), 4, *idle, at_least=True))
        goals.append(Goal(name.format("GIL contention"), 2.5, *gil, at_least=True))
    if "product" in results.memory:
        sizes = spread([one["dial_and_task"] for one in results.memory["product"]])
        goals.append(Goal("memory of a dial in progress", 4096, *sizes, unit="bytes"))
    if results.importing is not None:
        total = results.importing.total
        goals.append(Goal("import rasdial_async", 40, total, total, total, unit="ms"))
        pairs = zip(results.importing.program, results.importing.click, strict=True)
        ratios = spread([program / click for program, click in pairs])
        goals.append(Goal("rasdial-async error 691, vs import asyncio, click", 1.5, *ratios))
    if results.loading is not None:
        goals += _of_phonebooks(results.loading)
    return goals


def _of_phonebooks(found: Loading) -> list[Goal]:
    def growth(many: list[float], few: list[float]) -> tuple[float, float, float]:
        return spread([one / other for one, other in zip(many, few, strict=True)])

    return [
        Goal("reading a .pbk file of 5,000 entries", 0.24, *spread(found.read), unit="s"),
        Goal("loading it into the simulator", 0.73, *spread(found.load), unit="s"),
        Goal("reading 8 times the entries, time", 12, *growth(found.read, found.read_fewer)),
        Goal("loading 8 times the entries, time", 12, *growth(found.load, found.load_fewer)),
    ]


def _of_one_dial(results: Results) -> list[Goal]:
    ratio = results.ratio
    dense, slow = DENSE.name, SLOW.name
    return [
        Goal("hold p50, idle, dense, vs plain", 1 / 3, *ratio("idle", dense, hold50, "plain")),
        Goal("hold p50, idle, dense, vs bare wake", 1.7, *ratio("idle", dense, hold50, "wake")),
        Goal("hold p50, idle, 5-15 ms, vs bare wake", 1.7, *ratio("idle", slow, hold50, "wake")),
        Goal("hold p50, GIL contention, 5-15 ms, vs plain", 1 / 500, *ratio("gil", slow, hold50, "plain")),
        Goal("hold p99, GIL contention, 5-15 ms, vs plain", 1 / 500, *ratio("gil", slow, hold99, "plain")),
        Goal("mean hold, busy loop, 5-15 ms, vs plain", 1e-4, *ratio("busy", slow, hold_mean, "plain")),
        Goal("events undelivered, busy loop", 0, *_undelivered(results)),
        Goal("first callback of a thread, idle, p50", 10, *_first(results, "idle"), unit="µs"),
        Goal("first callback of a thread, busy, p50", 10, *_first(results, "busy"), unit="µs"),
        Goal("latency p50, idle, dense, vs plain", 1.0, *ratio("idle", dense, latency50, "plain")),
        Goal("latency p50, idle, 5-15 ms, vs plain", 1.0, *ratio("idle", slow, latency50, "plain")),
        Goal("latency p50, GIL contention, 5-15 ms, vs plain", 0.6, *ratio("gil", slow, latency50, "plain")),
    ]


def _undelivered(results: Results) -> tuple[float, float, float]:
    counts = [
        float(cell.undelivered)
        for cell in results.cells
        if cell.way == "product" and cell.condition == "busy"
    ]
    return sum(counts), min(counts), max(counts)


def _first(results: Results, condition: str) -> tuple[float, float, float]:
    cells = results.cells_of("product", condition, DENSE.name)
    return spread([first50(cell) for cell in cells])
