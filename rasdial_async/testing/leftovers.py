"""A list of everything that a test has left behind: connections, dials, handles and threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection

from ..backends import Worker
from ..simulator import Simulator

_GRACE = 1.0  # seconds for threads that are about to end
# Threads of an event loop's own pool, which ends with the loop: later than the test.
_OF_THE_LOOP = ("asyncio_", "AnyIO worker thread")


def left_in(simulator: Simulator) -> list[str]:
    """Describe each connection that is up, and each dial in progress."""
    session = simulator.backend.session
    left = [
        f"the connection of {one.entry!r} is up: it was not hung up" for one in session.library.connections()
    ]
    for call in session.calls():
        status = session.library.status(call.handle)[1] if call.handle else None
        where = f"stands at {status.state.rascs_name}" if status is not None else "has not begun"
        left.append(f"the dial of {call.entry!r} {where}: it was neither hung up nor awaited to its end")
    handles = simulator.counts.connections
    if handles and not left:
        left.append(f"handles that RasDial gave are still valid: {handles}")
    return left


def left_threads(before: Collection[threading.Thread]) -> list[str]:
    """Describe each thread started since that still runs, without the pools of this package and of loops."""
    deadline = time.monotonic() + _GRACE
    left = []
    for thread in threading.enumerate():
        if thread in before or isinstance(thread, Worker | threading._DummyThread):
            continue
        if thread.name.startswith(_OF_THE_LOOP):
            continue
        thread.join(max(0.0, deadline - time.monotonic()))
        if thread.is_alive():
            left.append(f"the thread {thread.name!r} still runs")
    return left
