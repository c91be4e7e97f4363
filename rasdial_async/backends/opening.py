"""One backend for each library of a process."""

from __future__ import annotations

import os
import threading

from .._native.binding import open_library
from . import lifecycle
from .base import Backend
from .rasapi import RasBackend

lifecycle.register()

_lock = threading.Lock()
_open: dict[tuple[int, str | None], Backend] = {}


def _after_fork_in_child() -> None:
    """Another thread of the parent may have held the lock in the moment of the fork."""
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


def open_backend(path: str | None) -> Backend:
    """The backend over the library at an absolute path; None = Windows' own. One for each library.

    Raises:
        BackendUnavailableError: It can't be loaded, or is no RAS library.
    """
    key = (os.getpid(), path)
    with _lock:
        backend = _open.get(key)
        if backend is None:
            backend = _open[key] = RasBackend(open_library(path))
        return backend
