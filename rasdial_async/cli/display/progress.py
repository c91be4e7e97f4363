"""The progress of a dial, by the states that a device of its kind usually passes.

Only a bar on a screen uses it: RAS promises no order and no state but the last. No page of Microsoft's lists
the states of a transport; the descriptions of the states imply these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import ConnectionState as State

if TYPE_CHECKING:
    from ..._native.records import DialEvent

_LINE = (
    State.OPEN_PORT,
    State.PORT_OPENED,
    State.CONNECT_DEVICE,
    State.DEVICE_CONNECTED,
    State.ALL_DEVICES_CONNECTED,
    State.AUTHENTICATE,
    State.AUTH_NOTIFY,
)
_END = (State.PROJECTED, State.AUTHENTICATED, State.CONNECTED)
_PPP = (*_LINE, State.AUTH_ACK, State.AUTH_PROJECT, *_END)
_MODEM = (*_LINE, State.AUTH_LINK_SPEED, State.AUTH_ACK, State.AUTH_PROJECT, *_END)
_IKEV2 = (*_LINE, State.PROJECTED, State.AUTHENTICATED, State.APPLY_SETTINGS, State.CONNECTED)


def usual_states(device_type: str, device_name: str) -> tuple[State, ...]:
    """Return the usual states of a dial with this device, in order; those of PPP for an unknown one."""
    if "ikev2" in device_name.lower():
        return _IKEV2
    return _MODEM if device_type.lower() in ("modem", "isdn", "x25") else _PPP


class Progress:
    """The share of its usual states that a dial has passed. RAS names the device, and so them, on the way.

    Attributes:
        share: From 0 to 1. The share does not fall during an attempt.
    """

    def __init__(self) -> None:
        self.share: float = 0.0
        self._states = usual_states("", "")
        self._attempt = 1

    def feed(self, event: DialEvent) -> None:
        if event.attempt != self._attempt:
            self._attempt, self.share = event.attempt, 0.0
        if event.device_type:
            self._states = usual_states(event.device_type, event.device_name)
        if not event.error and event.state in self._states:
            self.share = max(self.share, (self._states.index(event.state) + 1) / len(self._states))
