"""Many dials at once, each read by a task of its own: events per second."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from .conditions import condition, until
from .ways import WAYS, Seen, lib

SOURCE_THREADS = 4
SIZES = {1: 20_000, 64: 400, 1_000: 25, 10_000: 4}
"""Dials, and events of each; one more connects it, when the time has been taken."""


@dataclass
class Rate:
    way: str
    condition: str
    dials: int
    loop: str
    events_per_second: float


def measure(way: str, where: str, dials: int, loop: str, runner: asyncio.Runner, part: float) -> Rate:
    """One measurement, with a part of the events: 1.0 is all of them."""
    events = max(1, round(SIZES[dials] * part))
    seconds = runner.run(_measure(way, where, dials, events))
    return Rate(way, where, dials, loop, dials * events / seconds)


async def _measure(name: str, where: str, dials: int, events: int) -> float:
    """Seconds from the first callback until the last event is in its `async for` body."""
    way = WAYS[name]()
    lib.bench_plan(0, 0, 0)
    seen: Seen = []
    before = lib.bench_dialed()
    tasks = [asyncio.ensure_future(way.dial(seen)) for _ in range(dials)]
    await until(lambda: lib.bench_dialed() - before >= dials)
    await asyncio.sleep(0.05)  # and RasDial's returns with them
    async with condition(where):
        begun = time.perf_counter_ns()
        lib.bench_fire(dials, events, min(SOURCE_THREADS, dials), False)
        await until(lambda: len(seen) >= dials * events, 0.005)
        taken = max(at for _, at in seen) - begun
    await until(lambda: not lib.bench_running())
    lib.bench_fire(dials, 1, 1, True)
    await asyncio.gather(*tasks)
    await until(lambda: not lib.bench_running())
    await way.close()
    return taken / 1e9
