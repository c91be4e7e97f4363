"""The memory that a dial in progress takes: growth of the process, over many dials, in a process of its own.

`python -m benchmarks.memory WAY DIALS` prints bytes per dial: all of it, C and Python, for dials that
have reported so many events and wait for more.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import json
import subprocess
import sys
from pathlib import Path

EVENTS = 4
FIRST = 2_000
"""Dials before the first look: threads, caches and pools are not per dial, and come with many dials."""


def measure(way: str, dials: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.memory", way, str(dials)]
    root = Path(__file__).parent.parent
    output = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    result: dict[str, float] = json.loads(output)
    return result


class _Counter(list[tuple[int, int]]):
    """Seen events that are counted and not kept: what a program notes is no memory of a dial."""

    def __init__(self) -> None:
        self.count = 0

    def append(self, event: tuple[int, int]) -> None:
        self.count += 1


def _resident() -> int:
    """Bytes; less what the allocator keeps but does not use: the room of events that have gone."""
    gc.collect()
    with contextlib.suppress(AttributeError):  # only glibc has it
        ctypes.CDLL(None).malloc_trim(0)
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty"):
            return int(line.split()[1]) * 1024
    raise OSError("no Private_Dirty")


async def _grow(way_name: str, dials: int) -> dict[str, float]:
    from .conditions import until
    from .ways import WAYS, lib

    way = WAYS[way_name]()
    lib.bench_plan(0, 0, 0)
    seen = _Counter()
    tasks: list[asyncio.Task[None]] = []

    async def begin(count: int) -> None:
        before, had = lib.bench_dialed(), seen.count
        tasks.extend([asyncio.ensure_future(way.dial(seen)) for _ in range(count)])
        await until(lambda: lib.bench_dialed() - before >= count)
        await asyncio.sleep(0.1)
        lib.bench_fire(count, EVENTS, 1, False)
        await until(lambda: seen.count >= had + count * EVENTS)
        await asyncio.sleep(0.1)

    await begin(FIRST)
    before = _resident()
    await begin(dials)
    with_tasks = (_resident() - before) / dials
    empty = _resident()
    waiters = [asyncio.ensure_future(_wait_only()) for _ in range(dials)]
    await asyncio.sleep(0.1)
    task = (_resident() - empty) / dials
    del waiters
    return {"dial_and_task": with_tasks, "task": task}


async def _wait_only() -> None:
    await asyncio.get_running_loop().create_future()


def main() -> None:
    way, dials = sys.argv[1], int(sys.argv[2])
    with asyncio.Runner() as runner:
        print(json.dumps(runner.run(_grow(way, dials))), flush=True)
        import os

        os._exit(0)  # thousands of dials need not be hung up one by one


if __name__ == "__main__":
    main()
