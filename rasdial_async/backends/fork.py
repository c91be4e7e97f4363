"""os.fork() for the whole package: what the child finds free, and what it runs first.

Another thread of the parent may hold any lock in the moment of the fork, so each global lock is a
`new_lock()` of this module, which the child finds free.
"""

from __future__ import annotations

import _thread
import os
import weakref
from collections.abc import Callable

FORKED = "this belongs to the parent process: after os.fork() make a new client, and a new Simulator"


Lock = _thread.RLock
"""Reentrant, since a __del__ may come in anywhere. A `with` of a class in Python would not do: a
KeyboardInterrupt at the beginning of its __exit__ leaves the lock taken for ever."""


def new_lock() -> Lock:
    """A lock that a forked child finds free."""
    lock = Lock()
    _locks.append(weakref.ref(lock, _locks.remove))
    return lock


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
            lock._at_fork_reinit()  # type: ignore[attr-defined]  # as threading does with its own
    for hook in _hooks.copy():
        hook()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
