"""The backend "pppd": real PPP links on Linux, through the same engine and the same callbacks.

Its default phonebook is /etc/ppp/peers, and a verb may name any .pbk file. A link belongs to the system: it
stays up when this process ends, and any process can find it and hang it up.
"""

from __future__ import annotations

import os

from .._native.binding import PppdEngine
from ..backends import Backend, Session, new_lock

_lock = new_lock()
_open: dict[int, Backend] = {}


def open_pppd() -> Backend:
    """The backend of this process, made when first asked for: the links are the same for all clients.

    Raises:
        BackendUnavailableError: There is no pppd, no PPP in the kernel, or this user may not start pppd.
    """
    with _lock:
        backend = _open.get(os.getpid())
        if backend is None:
            backend = _open[os.getpid()] = Backend(Session(PppdEngine().library))
        return backend
