"""A hundred dials at the pace of real ones: the time until all were up and are hung up again."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from .conditions import until
from .pacing import SLOW
from .ways import WAYS, Seen, lib

DIALS = 100


@dataclass
class Hundred:
    way: str
    seconds: float
    latency: float
    """The median, in microseconds, from RAS's event to the `async for` body."""


def measure(way: str, runner: asyncio.Runner) -> Hundred:
    return runner.run(_measure(way))


async def _measure(name: str) -> Hundred:
    way = WAYS[name]()
    lib.bench_plan(SLOW.events, SLOW.shortest, SLOW.longest)
    seen: Seen = []
    begun = time.perf_counter_ns()
    await asyncio.gather(*(way.dial(seen) for _ in range(DIALS)))
    taken = time.perf_counter_ns() - begun
    await until(lambda: not lib.bench_running())
    await way.close()
    assert len(seen) == DIALS * SLOW.events, len(seen)
    records = lib.bench_records()
    latencies = sorted(at - records[number].due for number, at in seen)
    return Hundred(name, taken / 1e9, latencies[len(latencies) // 2] / 1000)
