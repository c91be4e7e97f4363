"""DialObserver: for those who measure dials, or trace them, without being the ones who dial."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._native.records import DialEvent
from ..errors import DialError

if TYPE_CHECKING:
    from ..connection import Connection


class DialObserver:
    """Told about one dial. A subclass overrides what it wants to know.

    ``client.dial_observer = MyObserver`` has each `RasClient.dial` make one, in the context of its caller;
    a dial that never begins tells it nothing more. The methods run on the loop that dials, after RAS's
    callback: RAS does not wait for them, but the loop does. What they raise is logged and does not change
    the dial.

    Args:
        entry: Name of the entry; "" where a number is dialed.
    """

    def __init__(self, entry: str) -> None:
        self.entry = entry

    def on_attempt(self, number: int) -> None:
        """An attempt begins, from 1; a further one is a redial."""

    def on_event(self, event: DialEvent) -> None:
        """RAS has reported a state or a failure."""

    def on_over(self, connection: Connection | None, error: DialError | None) -> None:
        """The dial has its outcome: one of the two. Who holds the connection does not have to hang it up."""
