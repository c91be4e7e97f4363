"""One backend for each library of a process."""

from __future__ import annotations

import os

from .._native.binding import open_library
from . import exit as _exit  # noqa: F401  # registers what the end of the interpreter and a fork do
from .backend import Backend
from .fork import new_lock
from .session import Session

_lock = new_lock()
_open: dict[tuple[int, str | None], Backend] = {}


def open_backend(path: str | None) -> Backend:
    """The backend over the library at an absolute path; None = Windows' own. One for each library.

    Raises:
        BackendUnavailableError: It can't be loaded, or is no RAS library.
    """
    key = (os.getpid(), path)
    with _lock:
        backend = _open.get(key)
        if backend is None:
            backend = _open[key] = Backend(Session(open_library(path)))
        return backend
