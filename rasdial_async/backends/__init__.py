"""The implementations of RAS that dial, and the way of their events to an event loop."""

from .autodial import AutoDial
from .base import Backend, Condition, DialCall, DialListener, IpAddress, Link
from .books import RasBooks
from .lookout import EndWatch, Found, Lookout, Seen, current_lookout, same_connection
from .marshal import on_loop, post
from .opening import open_backend
from .rasapi import RasBackend
from .shield import wait_shielded
from .threads import Worker
from .totals import Totals

__all__ = [
    "AutoDial",
    "Backend",
    "Condition",
    "DialCall",
    "DialListener",
    "EndWatch",
    "Found",
    "IpAddress",
    "Link",
    "Lookout",
    "RasBackend",
    "RasBooks",
    "Seen",
    "Totals",
    "Worker",
    "current_lookout",
    "on_loop",
    "open_backend",
    "post",
    "same_connection",
    "wait_shielded",
]
