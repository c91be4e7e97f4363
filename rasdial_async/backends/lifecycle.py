"""What the end of the interpreter and os.fork() mean for dials in progress."""

from __future__ import annotations

import atexit
import os
import time

from .._native import binding
from .hang_up import hang_up_all
from .rasapi import living

EXIT_SECONDS = 10.0
FORKED = "this belongs to the parent process: after os.fork() make a new client, and a new Simulator"


def end_dials() -> None:
    """Hangs up every dial in progress and waits for the ports, bounded.

    Connections that are up stay up, as Windows keeps them. Callbacks return at once from now on, also
    those that come when the interpreter is gone. No thread can be started here any more.
    """
    deadline = time.monotonic() + EXIT_SECONDS
    waiting = []
    for backend in list(living):
        calls = backend.end()
        for call in calls:
            call.channel.target.shut()
        mine = [call for call in calls if call.disown()]
        handles = [call.handle for call in mine if call.handle]
        hang_up_all(backend.library, handles, max(0.0, deadline - time.monotonic()))
        for call in mine:
            call.ended()
        waiting += calls
    for call in waiting:
        call.wait(max(0.0, deadline - time.monotonic()))


def _after_fork_in_child() -> None:
    for backend in list(living):
        backend.forget(FORKED)
    binding.after_fork()


def register() -> None:
    atexit.register(end_dials)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_after_fork_in_child)
