"""os.fork() for the whole package: what the child finds free, and what it runs first.

Another thread of the parent may hold any lock in the moment of the fork, so each global lock is a
`Lock` of this module, which the child finds free.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from types import TracebackType

FORKED = "this belongs to the parent process: after os.fork() make a new client, and a new Simulator"


class Lock:
    """A reentrant lock, since a __del__ may come in anywhere; free in a forked child."""

    __slots__ = ("__weakref__", "_lock")

    def __init__(self) -> None:
        self._lock = threading.RLock()
        _locks.append(weakref.ref(self, _locks.remove))

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._lock.release()


# Append, remove and copy of a list are each one step, also without a GIL: no lock of its own is needed.
_locks: list[weakref.ref[Lock]] = []
_hooks: list[Callable[[], None]] = []


def in_child(hook: Callable[[], None]) -> None:
    """Run this in every forked child, in the order in which the hooks were given."""
    _hooks.append(hook)


def _after_fork_in_child() -> None:
    for reference in _locks.copy():
        lock = reference()
        if lock is not None:
            lock._lock = threading.RLock()
    for hook in _hooks.copy():
        hook()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
