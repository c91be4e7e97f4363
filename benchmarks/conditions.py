"""The load beside which events come."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable

CONDITIONS = ("idle", "busy", "gil")
BUSY_SPIN = 0.002  # seconds


async def until(true: Callable[[], bool], pause: float = 0.001) -> None:
    """Looks now and then: what C threads do sets no event."""
    while not true():  # noqa: ASYNC110
        await asyncio.sleep(pause)


class Spinning:
    """Goes on until somebody says stop."""

    def __init__(self) -> None:
        self.stopped = False


@contextlib.asynccontextmanager
async def condition(name: str) -> AsyncIterator[Spinning]:
    """idle: nothing; busy: the loop spins 2 ms at a time; gil: another Python thread spins."""
    spinning = Spinning()
    if name == "idle":
        yield spinning
    elif name == "busy":
        task = asyncio.ensure_future(_spin_on_loop(spinning))
        try:
            yield spinning
        finally:
            spinning.stopped = True
            await task
    else:
        thread = threading.Thread(target=_spin, args=(spinning,))
        thread.start()
        try:
            yield spinning
        finally:
            spinning.stopped = True
            thread.join()


async def _spin_on_loop(spinning: Spinning) -> None:
    while not spinning.stopped:
        end = time.perf_counter() + BUSY_SPIN
        while time.perf_counter() < end:
            pass
        await asyncio.sleep(0)


def _spin(spinning: Spinning) -> None:
    number = 0
    while not spinning.stopped:
        number += 1
