"""How far a dial is: the states that a device of its kind usually passes.

RAS promises no order and no state but the last; this is for a bar on a screen, and for nothing else. No page
of Microsoft's gives the states of a transport: these are what the descriptions of the states imply.
"""

from __future__ import annotations

from .._native.records import DialEvent
from ..errors import ConnectionState as State

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
    """The states of a dial with this device, in their usual order; where nothing is known, those of PPP."""
    if "ikev2" in device_name.lower():
        return _IKEV2
    return _MODEM if device_type.lower() in ("modem", "isdn", "x25") else _PPP


class Progress:
    """How much of its usual way a dial has behind it. It learns the way when RAS names the device.

    Attributes:
        share: From 0 to 1. It does not go back while an attempt lasts.
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
