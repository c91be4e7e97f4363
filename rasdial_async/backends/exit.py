"""The end of the interpreter, and os.fork(), for dials in progress."""

from __future__ import annotations

import atexit
import time

from .._native import binding
from .call import RasCall
from .fork import FORKED, in_child
from .hang_up import hang_up_all
from .session import living

EXIT_SECONDS = 10.0


def end_dials() -> None:
    """Hang up every dial in progress and wait for the ports, bounded.

    Connections that are up stay up, as Windows keeps them. Callbacks return at once from now on, also
    those that come when the interpreter is gone. No thread can be started here any more.
    """
    deadline = time.monotonic() + EXIT_SECONDS
    waiting: list[RasCall] = []
    for session in living.copy():
        session.at_exit = True
        calls = [call for call in session.calls() if isinstance(call, RasCall)]
        for call in calls:
            call.channel.target.shut()
        mine = [call for call in calls if call.disown()]
        handles = [call.hrasconn for call in mine if call.hrasconn is not None]
        for handle in handles:
            session.handles.start_hang_up(handle, all_references=False)
        hang_up_all(session.library, handles, max(0.0, deadline - time.monotonic()))
        for call in mine:
            call.end()
        waiting += calls
    for call in waiting:
        call.wait(max(0.0, deadline - time.monotonic()))


def _after_fork_in_child() -> None:
    for session in living.copy():
        session.forget(FORKED)
    binding.after_fork()


atexit.register(end_dials)
in_child(_after_fork_in_child)
