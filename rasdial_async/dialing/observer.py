"""DialObserver: a hook to measure or trace dials without touching the code that dials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._native.records import DialEvent
from ..errors import DialError

if TYPE_CHECKING:
    from ..active import Connection


class DialObserver:
    """An observer of one dial. A subclass overrides the methods that it needs.

    ``client.dial_observer = MyObserver`` makes an observer at each call of `RasClient.dial`, in the context
    of the caller. A dial that never begins calls no method. The methods run on the loop of the dial, after
    RAS's callback: RAS does not wait for them, but the loop does. An exception in a method ends the dial,
    which is hung up, and comes out of the dial as it is.

    Args:
        entry: Name of the entry; "" for a dial by number.
    """

    def __init__(self, entry: str) -> None:
        self.entry = entry

    def on_attempt(self, number: int) -> None:
        """Called when an attempt begins; 1 = the first, a higher number = a redial."""

    def on_event(self, event: DialEvent) -> None:
        """Called when RAS has reported a state or a failure."""

    def on_over(self, connection: Connection | None, error: DialError | None) -> None:
        """Called with the outcome of the dial, one of the two. The observer must not hang up."""
