"""One dial at a time, at the pace of a real one and at a dense one: hold time and latency."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from .conditions import condition, until
from .ways import WAYS, Seen, Way, ffi, lib

PATIENCE = 1.0
"""Seconds beyond what the dials should take."""
PATIENCE_WITH_PLAIN = 6.0
"""The plain way beside a busy loop: a callback may be held for that long, and the mean has it whole."""
IN_FLIGHT = 50
"""Events that may be on their way when the time is up: 10 ms of the dense pace."""


@dataclass(frozen=True)
class Pace:
    name: str
    events: int
    """Callbacks of one dial."""
    shortest: int
    longest: int
    """Microseconds between them."""

    @property
    def seconds(self) -> float:
        return self.events * (self.shortest + self.longest) / 2e6


SLOW = Pace("5-15 ms", 12, 5_000, 15_000)
DENSE = Pace("100-300 us", 30, 100, 300)


@dataclass
class Cell:
    """The result of one measurement; times in microseconds."""

    way: str
    condition: str
    pace: str
    loop: str
    holds: list[float] = field(default_factory=list)
    first_holds: list[float] = field(default_factory=list)
    """Of the first callback of each new thread."""
    latencies: list[float] = field(default_factory=list)
    """From when RAS has an event to tell, so that a callback that is held charges the events behind it."""
    pushed_off: float = 0.0
    """Share of the callbacks in which the system gave the processor to another thread."""
    undelivered: int = 0
    """Events that RAS had reported and that had not arrived when the time was up."""
    unbegun: int = 0
    """Events that RAS had not reported by then, because it was held or the dial had not begun."""


def measure(way: str, where: str, pace: Pace, dials: int, loop: str, runner: asyncio.Runner) -> Cell:
    with placed() if where == "idle" else contextlib.nullcontext():
        return runner.run(_measure(way, where, pace, dials, loop))


@contextlib.contextmanager
def placed() -> Iterator[None]:
    """Python on one processor and RAS's threads on another.

    A thread is woken in a third of the time by one on its own processor, and may push that off it: where the
    system places them would be most of the difference between two ways. Where something else spins it needs
    a processor too, and the system places all of them.
    """
    if sys.platform == "win32":  # the system places all of them
        yield
        return
    before = os.sched_getaffinity(0)
    if len(before) > 1:
        ours, theirs, *_ = sorted(before)
        os.sched_setaffinity(0, {ours})
        lib.bench_run_on(theirs)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
        lib.bench_run_on(-1)


async def _measure(name: str, where: str, pace: Pace, dials: int, loop: str) -> Cell:
    cell = Cell(name, where, pace.name, loop)
    way = WAYS[name]()
    await _warm(way)
    lib.bench_plan(pace.events, pace.shortest, pace.longest)
    seen: Seen = []
    async with condition(where) as spinning:
        task = asyncio.ensure_future(_repeat(way, dials, seen))
        starves = name in ("plain", "win32ras") and (where, pace, loop) == ("busy", SLOW, "asyncio")
        patience = PATIENCE_WITH_PLAIN if starves else PATIENCE
        await asyncio.wait((task,), timeout=patience + 2 * dials * pace.seconds)
        if way.delivers:
            arrived, reported = len(seen), lib.bench_count()
            cell.undelivered = max(0, reported - arrived - IN_FLIGHT)
            cell.unbegun = dials * pace.events - reported
        spinning.stopped = True
        await task
    await until(lambda: not lib.bench_running())
    await way.close()
    records = ffi.unpack(lib.bench_records(), lib.bench_count())
    for record in records:
        hold = (record.left - record.entered) / 1000
        cell.holds.append(hold)
        cell.pushed_off += (record.pushed > 0) / len(records)
        if record.first:
            cell.first_holds.append(hold)
    cell.latencies = [(at - records[number].due) / 1000 for number, at in seen]
    return cell


async def _warm(way: Way) -> None:
    lib.bench_plan(3, DENSE.shortest, DENSE.longest)
    await way.dial([])
    await until(lambda: not lib.bench_running())


async def _repeat(way: Way, dials: int, seen: Seen) -> None:
    for _ in range(dials):
        await way.dial(seen)
