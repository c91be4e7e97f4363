"""A connection that is up, its sub-entries, and the watch over all of them."""

from .connection import Connection
from .sub_entry import SubEntry
from .watcher import ChangeKind, ConnectionChange, Watch

__all__ = [
    "ChangeKind",
    "Connection",
    "ConnectionChange",
    "SubEntry",
    "Watch",
]
