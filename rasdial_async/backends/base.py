"""The interfaces between a backend and the dials over it, in Python types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from typing import Protocol

from .._native.records import DialEvent
from ..errors import ConnectionSubState

IpAddress = IPv4Address | IPv6Address


class DialListener(Protocol):
    """The owner of a call, told about it always on the loop that dials."""

    def on_event(self, event: DialEvent, held: bool) -> None:
        """A state or a failure; held = RAS waits in its callback until `RasCall.proceed`."""

    def on_returned(self, code: int, message: str = "", hint: str | None = None) -> None:
        """The call that dials has returned: 0 = the dial goes on and reports by events.

        A message explains the code better than its usual text.
        """


@dataclass(frozen=True, slots=True)
class Condition:
    """The condition of a connection that is up.

    Attributes:
        sub_state: Of an IKEv2 connection that follows its network.
        sub_entries: The handles of the sub-entries that are up, by their numbers; of a multilink connection.
    """

    sub_state: ConnectionSubState = ConnectionSubState.NONE
    sub_entries: Mapping[int, int] = field(default_factory=dict)
