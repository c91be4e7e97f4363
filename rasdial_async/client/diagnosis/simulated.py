"""A dial on the built-in simulator, and the wake in use: the way of a callback to Python, without any RAS."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from ...backends import Channel
from ...simulator import Simulator
from ..client import RasClient
from .report import Check, timed


def checks() -> Iterator[Check]:
    """Dial one simulated entry on an event loop of its own, and ask how events wake such a loop."""
    yield timed("simulator", "wake", lambda: asyncio.run(_wake()))
    yield timed("simulator", "dial", lambda: asyncio.run(_dial()))


async def _wake() -> str:
    with Simulator() as simulator:
        library = simulator.backend.session.library
        channel = Channel(asyncio.get_running_loop(), library, lambda events: None)
        try:
            return channel.wake.name
        finally:
            channel.close()


async def _dial() -> str:
    with Simulator(pace=0) as simulator:
        simulator.add_entry("Doctor")
        async with RasClient(simulator).dial("Doctor", timeout=10) as connection:
            await connection.status()
    return "connected"
