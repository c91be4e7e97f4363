"""Waiting in tests: for a turn of the loop, or for a condition that nobody sets an event for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

SECONDS = 10.0  # a bound for what happens at once


async def loop_turn(turns: int = 1) -> None:
    """Let the loop run what is due, so many times."""
    for _ in range(turns):
        await asyncio.sleep(0)


async def eventually(condition: Callable[[], object]) -> None:
    """Return when it holds; threads of the package and of RAS tell nobody when they are done."""
    async with asyncio.timeout(SECONDS):
        while not condition():  # noqa: ASYNC110 - nobody sets an event for it
            await asyncio.sleep(0.001)


def until(condition: Callable[[], object]) -> None:
    """Block until it holds."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never held"
        time.sleep(0.001)
