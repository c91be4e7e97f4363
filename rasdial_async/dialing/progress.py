"""The rules of one attempt: feed it events. It knows no loop, no thread and no RAS.

Rules of RAS that are kept here (https://learn.microsoft.com/windows/win32/api/ras/nc-ras-rasdialfunc1):
the first event with an error is the last one; Connected and Disconnected end a dial; no other state
has to occur, and their order means nothing.

Of an entry with several sub-entries each one has its states and its error, and dwSubEntry tells which one
it is (https://learn.microsoft.com/windows/win32/api/ras/nc-ras-rasdialfunc2). The whole is connected if
at least one sub-entry is (https://learn.microsoft.com/windows/win32/api/ras/ne-ras-rasconnstate,
RASCS_SubEntryConnected): so an error, or SubEntryDisconnected, ends its sub-entry, and the dial with the
last of those that were dialed. Connected and Disconnected without an error are said of the whole.
"""

from __future__ import annotations

from enum import Enum

from .._native.records import DialEvent
from ..errors import DONE_BIT, PAUSED_BIT, ConnectionState, DialError, describe_code, dial_error
from ..errors.codes import (
    ERROR_AUTHENTICATION_FAILURE,
    ERROR_BAD_CALLBACK_NUMBER,
    ERROR_PASSWD_EXPIRED,
    ERROR_USER_DISCONNECTION,
)

# What a dial that gives up in a paused state has failed of.
PAUSED_ERRORS = {
    ConnectionState.RETRY_AUTHENTICATION: ERROR_AUTHENTICATION_FAILURE,
    ConnectionState.PASSWORD_EXPIRED: ERROR_PASSWD_EXPIRED,
    ConnectionState.CALLBACK_SET_BY_CALLER: ERROR_BAD_CALLBACK_NUMBER,
}


class Phase(Enum):
    PENDING = "pending"
    PAUSED = "paused"
    CONNECTED = "connected"
    FAILED = "failed"

    @property
    def final(self) -> bool:
        return self in (Phase.CONNECTED, Phase.FAILED)


_CHANGES_PHASE = PAUSED_BIT | DONE_BIT


class Progress:
    """The progress of one attempt.

    Args:
        pauses: The dial asked for paused states: RAS waits where it enters one, whatever dwError says. Else
            it has failed there (https://learn.microsoft.com/windows/win32/rras/paused-states).

    Attributes:
        phase: CONNECTED and FAILED are final: later events are not taken.
    """

    __slots__ = ("_failed", "_last", "_named", "_paused", "_pauses", "_refusal", "phase")

    def __init__(self, pauses: bool = False) -> None:
        self._pauses = pauses
        self.phase: Phase = Phase.PENDING
        self._refusal: tuple[int, str, str | None] | None = None
        self._last: DialEvent | None = None
        self._named: DialEvent | None = None  # the last one with a device
        self._paused: tuple[DialEvent, ...] = ()
        self._failed: tuple[DialEvent, ...] = ()  # what ended the sub-entries that are over

    def feed(self, event: DialEvent, dialed: int = 1) -> bool:
        """Takes an event; False = the attempt was over, and the event is not part of it.

        Args:
            event: What RAS reported.
            dialed: How many sub-entries RAS dials.
        """
        if self.over:
            return False
        self._last = event
        if event.device_name or event.device_type:
            self._named = event
        # Most events do not change the phase; return early for them.
        if event.error or event.state & _CHANGES_PHASE or event.sub_entry or self._paused or self._failed:
            self._change(event, dialed)
        return True

    def _change(self, event: DialEvent, dialed: int) -> None:
        entered = self._pauses and event.state.paused and not any(_same(one, event) for one in self._paused)
        pauses = event.paused or entered  # an error in a paused state that was entered before ends the dial
        self._paused = _without_sub_entry(self._paused, event)  # what its sub-entry does next ends a pause
        ends = event.failed or (event.sub_entry and event.state == ConnectionState.SUB_ENTRY_DISCONNECTED)
        if ends and not pauses:
            self._end_sub_entry(event, dialed)
        elif event.terminal and not pauses:
            self.phase = Phase.CONNECTED
        else:
            if pauses:
                self._paused = (*self._paused, event)
            self._failed = _without_sub_entry(self._failed, event)  # RAS tries it once more
            self._go_on()

    def _end_sub_entry(self, event: DialEvent, dialed: int) -> None:
        others = _without_sub_entry(self._failed, event)
        if event.error or len(others) == len(self._failed):
            self._failed = (*others, event)
        if not event.sub_entry or event.state == ConnectionState.DISCONNECTED or len(self._failed) >= dialed:
            self.phase = Phase.FAILED
        else:
            self._go_on()

    def _go_on(self) -> None:
        self.phase = Phase.PAUSED if self._paused else Phase.PENDING

    @property
    def over(self) -> bool:
        """The phase is final."""
        return self.phase.final

    def waits(self, pause: DialEvent) -> bool:
        """RAS waits for input since this event."""
        return not self.over and any(one is pause for one in self._paused)

    def resume(self, pause: DialEvent | None = None) -> DialEvent:
        """Input is on its way to RAS, which leaves the paused state with it.

        Args:
            pause: Which one, where several sub-entries are paused; None = the first.

        Returns:
            The event of that state.

        Raises:
            RuntimeError: It is not paused.
        """
        if self.phase is not Phase.PAUSED:
            raise RuntimeError("the dial is not in a paused state")
        if pause is None:
            pause = self._paused[0]
        self._paused = tuple(one for one in self._paused if one is not pause)
        self._go_on()
        return pause

    def refuse(self, code: int, message: str = "", hint: str | None = None) -> None:
        """RasDial itself answered with an error; what an event has said already stands.

        Args:
            code: What it answered.
            message: An explanation better than the code's usual text.
            hint: A remedy better than the usual one; None = the usual one.
        """
        if not self.over:
            self.phase = Phase.FAILED
            self._refusal = (code, message, hint)

    @property
    def state(self) -> ConnectionState | None:
        return None if self._last is None else self._last.state

    @property
    def device(self) -> tuple[str, str]:
        """Type and name of the last device that RAS named; "" where it named none."""
        return ("", "") if self._named is None else (self._named.device_type, self._named.device_name)

    @property
    def error_code(self) -> int:
        """Why it failed. Disconnected without a code: somebody hung it up."""
        return self._refusal[0] if self._refusal else self._verdict.error or ERROR_USER_DISCONNECTION

    @property
    def _verdict(self) -> DialEvent:
        """The event that says why.

        Of several sub-entries one that retrying can't mend: a wrong password is not tried again because
        another sub-entry was busy.
        """
        last = self._last
        assert last is not None
        if last.state == ConnectionState.DISCONNECTED:
            return last
        failures = [event for event in self._failed if event.error] or [last]
        return next((event for event in failures if not describe_code(event.error).transient), failures[-1])

    def error(self, message: str | None = None, hint: str | None = None) -> DialError:
        """The exception of a failed attempt, with the text and the remedy of the backend where it has any."""
        if self._refusal:
            code, explanation, remedy = self._refusal
            hint = hint if remedy is None else remedy
            text = explanation or message
            return dial_error(code, function="RasDialW", message=text, hint=hint, state=self.state)
        return dial_error(
            self.error_code, function="RasDialW", message=message, hint=hint, event=self._verdict
        )


def _same(one: DialEvent, other: DialEvent) -> bool:
    return (one.sub_entry, one.state) == (other.sub_entry, other.state)


def _without_sub_entry(events: tuple[DialEvent, ...], event: DialEvent) -> tuple[DialEvent, ...]:
    """Without those of this event's sub-entry."""
    return tuple(one for one in events if one.sub_entry != event.sub_entry)
