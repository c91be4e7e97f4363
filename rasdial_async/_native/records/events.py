"""DialEvent: one call of RAS's callback."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import ConnectionState, DialError, dial_error
from ...errors.codes import ERROR_USER_DISCONNECTION
from .record import Record


@dataclass(frozen=True, slots=True)
class DialEvent(Record):
    """One call of RAS's callback: the state that a dial is about to enter, or its failure.

    Attributes:
        state: The state about to be entered; with a non-zero ``error``, the state that failed.
        error: 0, or a code of raserror.h / winerror.h (unsigned 32-bit).
        extended_error: dwExtendedError; see :attr:`DialError.extended_meaning`.
        handle: The HRASCONN.
        elapsed: Seconds from the call of RasDial to the callback, both read on one monotonic clock.
        attempt: 1 for the first dial, one more for each redial.
        sub_entry: The sub-entry of a multilink entry, from 1; 0 for every other entry. A multilink dial fails
            when all its sub-entries have failed.
        device_type: Such as "vpn", from RasGetConnectStatus inside the callback at CONNECT_DEVICE and
            DEVICE_CONNECTED; else "".
        device_name: Such as "WAN Miniport (IKEv2)", likewise. For a multilink entry RAS reports the device of
            the whole: a callback may not ask for the handle of a sub-entry.
    """

    state: ConnectionState
    error: int = 0
    extended_error: int = 0
    handle: int = 0
    elapsed: float = 0.0
    attempt: int = 1
    sub_entry: int = 0
    device_type: str = ""
    device_name: str = ""

    @property
    def failed(self) -> bool:
        """True when the dial ends here without a connection, or the sub-entry `sub_entry` of several does."""
        return self.error != 0 or self.state == ConnectionState.DISCONNECTED

    @property
    def paused(self) -> bool:
        """True when RAS waits for input before it goes on."""
        return self.error == 0 and self.state.paused

    @property
    def terminal(self) -> bool:
        """True for the last event of its dial, or of one sub-entry of several."""
        return self.error != 0 or self.state.terminal

    @property
    def exception(self) -> DialError | None:
        """The error of the dial, or of its sub-entry, that failed with this event; None for no failure.

        DISCONNECTED without an error code is a failure too: the dial was hung up.
        """
        if not self.failed:
            return None
        return dial_error(self.error or ERROR_USER_DISCONNECTION, event=self)

    def __str__(self) -> str:
        parts = [f"+{self.elapsed:.3f}s {self.state.rascs_name}"]
        if self.device_name:
            parts.append(f"on {self.device_name}")
        if self.sub_entry:
            parts.append(f"link {self.sub_entry}")
        if self.attempt > 1:
            parts.append(f"(attempt {self.attempt})")
        if self.failed:
            parts.append(f"failed: {self.exception}")
        return " ".join(parts)


_new = object.__new__
_set_state, _set_error, _set_extended_error, _set_handle, _set_elapsed, *_others = (
    getattr(DialEvent, name).__set__ for name in DialEvent.__slots__
)
_set_attempt, _set_sub_entry, _set_device_type, _set_device_name = _others


def dial_event(
    state: ConnectionState,
    error: int,
    extended_error: int,
    handle: int,
    elapsed: float,
    attempt: int,
    sub_entry: int,
    device_type: str,
    device_name: str,
) -> DialEvent:
    """Return the same as DialEvent(...), in 1.05 µs instead of 1.84 µs, measured here.

    A frozen dataclass looks each field up by name; its slots take a value without that. To fill a writable
    object and then to change its class takes 0.47 µs, but without a GIL a change of class stops all threads.
    """
    event = _new(DialEvent)
    _set_state(event, state)
    _set_error(event, error)
    _set_extended_error(event, extended_error)
    _set_handle(event, handle)
    _set_elapsed(event, elapsed)
    _set_attempt(event, attempt)
    _set_sub_entry(event, sub_entry)
    _set_device_type(event, device_type)
    _set_device_name(event, device_name)
    return event
