"""The implementations of RAS that dial, and the way of their events to an event loop."""

from .autodial import AutoDial
from .backend import Backend
from .base import Condition, DialListener, IpAddress
from .books import RasBooks
from .call import RasCall
from .fork import FORKED, in_child, new_lock
from .handles import RasHandle, same_connection
from .hang_up import is_over
from .lookout import EndWatch, Found, Lookout, Seen, current_lookout
from .marshal import Channel, on_loop, post, set_event
from .opening import open_backend
from .session import Session
from .shield import wait_shielded
from .threads import Worker
from .totals import Totals

__all__ = [
    "FORKED",
    "AutoDial",
    "Backend",
    "Channel",
    "Condition",
    "DialListener",
    "EndWatch",
    "Found",
    "IpAddress",
    "Lookout",
    "RasBooks",
    "RasCall",
    "RasHandle",
    "Seen",
    "Session",
    "Totals",
    "Worker",
    "current_lookout",
    "in_child",
    "is_over",
    "new_lock",
    "on_loop",
    "open_backend",
    "post",
    "same_connection",
    "set_event",
    "wait_shielded",
]
