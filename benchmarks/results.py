"""All that one run measured, and how its numbers are put together."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from .crowd import Rate
from .importing import Import
from .pacing import Cell
from .phonebook import Loading
from .whole_dial import WholeDial


def quantile(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def median(values: list[float]) -> float:
    return quantile(values, 0.5)


def p99(values: list[float]) -> float:
    return quantile(values, 0.99)


mean = statistics.fmean


def number(value: float) -> str:
    """As the tables show it: ratios far below 1 as fractions."""
    if 0 < value < 0.1:
        return f"1/{1 / value:,.0f}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


@dataclass
class Results:
    machine: dict[str, str] = field(default_factory=dict)
    """What it was measured on."""
    cells: list[Cell] = field(default_factory=list)
    """One for each repeat."""
    rates: list[Rate] = field(default_factory=list)
    memory: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    """One for each process."""
    whole_dials: list[WholeDial] = field(default_factory=list)
    importing: Import | None = None
    loading: Loading | None = None

    def cells_of(self, way: str, condition: str, pace: str, loop: str = "asyncio") -> list[Cell]:
        wanted = (way, condition, pace, loop)
        return [one for one in self.cells if (one.way, one.condition, one.pace, one.loop) == wanted]

    def rates_of(self, way: str, condition: str, dials: int, loop: str = "asyncio") -> list[float]:
        wanted = (way, condition, dials, loop)
        return [
            one.events_per_second
            for one in self.rates
            if (one.way, one.condition, one.dials, one.loop) == wanted
        ]

    def ratio(
        self,
        condition: str,
        pace: str,
        value: Callable[[Cell], float],
        against: str,
        loop: str = "asyncio",
    ) -> tuple[float, float, float]:
        """The product's against another way's: the median of the repeats, the lowest, the highest."""
        ours = self.cells_of("product", condition, pace, loop)
        theirs = self.cells_of(against, condition, pace, loop)
        return spread([value(one) / value(other) for one, other in zip(ours, theirs, strict=True)])

    def rate_ratio(self, condition: str, dials: int) -> tuple[float, float, float]:
        ours = self.rates_of("product", condition, dials)
        theirs = self.rates_of("plain", condition, dials)
        return spread([one / other for one, other in zip(ours, theirs, strict=True)])


def spread(values: list[float]) -> tuple[float, float, float]:
    return statistics.median(values), min(values), max(values)
