"""One dial attempt as a state machine that knows no loop, no thread and no RAS: feed it events.

Rules of RAS that live here (https://learn.microsoft.com/windows/win32/api/ras/nc-ras-rasdialfunc1):
the first event with an error is the last one; Connected and Disconnected end a dial; no other state
has to occur, and their order means nothing.

Of an entry with several links each link has its states and its error, and dwSubEntry tells which link
it is (https://learn.microsoft.com/windows/win32/api/ras/nc-ras-rasdialfunc2). The whole is connected if
at least one link is (https://learn.microsoft.com/windows/win32/api/ras/ne-ras-rasconnstate,
RASCS_SubEntryConnected): so an error, or SubEntryDisconnected, ends its link, and the dial with the last
of the links that were dialed. Connected and Disconnected without an error are said of the whole.
"""

from __future__ import annotations

from enum import Enum

from ._codes import ERROR_USER_DISCONNECTION
from .errors import DialError, describe_code, dial_error
from .events import DialEvent
from .states import ConnectionState


class Phase(Enum):
    PENDING = "pending"
    PAUSED = "paused"
    CONNECTED = "connected"
    FAILED = "failed"


class Attempt:
    """What is known of one attempt.

    Attributes:
        events: Every event so far, in RAS's order.
        phase: Where it stands. CONNECTED and FAILED are final: later events are not taken.
    """

    def __init__(self) -> None:
        self.events: list[DialEvent] = []
        self.phase = Phase.PENDING
        self._refusal: tuple[int, str] | None = None
        self._paused: list[DialEvent] = []
        self._failed: dict[int, DialEvent] = {}  # the links that are over, and what ended them

    @property
    def over(self) -> bool:
        return self.phase in (Phase.CONNECTED, Phase.FAILED)

    def feed(self, event: DialEvent, links: int = 1) -> bool:
        """Takes an event; False = the attempt was over, and the event is not part of it.

        Args:
            event: What RAS reported.
            links: How many links RAS dials.
        """
        if self.over:
            return False
        self.events.append(event)
        if self._paused:  # what its link does next ends a pause
            self._paused = [pause for pause in self._paused if pause.sub_entry != event.sub_entry]
        if event.failed or (event.sub_entry and event.state == ConnectionState.SUB_ENTRY_DISCONNECTED):
            self._end_link(event, links)
        elif event.terminal:
            self.phase = Phase.CONNECTED
        else:
            if event.paused:
                self._paused.append(event)
            self._go_on(event)
        return True

    def _end_link(self, event: DialEvent, links: int) -> None:
        if event.error or event.sub_entry not in self._failed:
            self._failed[event.sub_entry] = event
        if not event.sub_entry or event.state == ConnectionState.DISCONNECTED or len(self._failed) >= links:
            self.phase = Phase.FAILED
        else:
            self.phase = Phase.PAUSED if self._paused else Phase.PENDING

    def _go_on(self, event: DialEvent) -> None:
        self._failed.pop(event.sub_entry, None)  # RAS tries it once more
        self.phase = Phase.PAUSED if self._paused else Phase.PENDING

    def waits(self, pause: DialEvent) -> bool:
        """RAS waits for input since this event."""
        return not self.over and any(one is pause for one in self._paused)

    def resume(self, pause: DialEvent | None = None) -> DialEvent:
        """Input is on its way to RAS, which leaves the paused state with it.

        Args:
            pause: Which one, where several links are paused; None = the first.

        Returns:
            The event of that state.

        Raises:
            RuntimeError: It is not paused.
        """
        if self.phase is not Phase.PAUSED:
            raise RuntimeError("the dial is not in a paused state")
        if pause is None:
            pause = self._paused[0]
        self._paused = [one for one in self._paused if one is not pause]
        self.phase = Phase.PAUSED if self._paused else Phase.PENDING
        return pause

    def refuse(self, code: int, message: str = "") -> None:
        """RasDial itself answered with an error; what an event has said already stands.

        Args:
            code: What it answered.
            message: An explanation better than the code's usual text.
        """
        if not self.over:
            self.phase = Phase.FAILED
            self._refusal = (code, message)

    @property
    def state(self) -> ConnectionState | None:
        return self.events[-1].state if self.events else None

    @property
    def device(self) -> tuple[str, str]:
        """Type and name of the last device that RAS named; "" where it named none."""
        for event in reversed(self.events):
            if event.device_type or event.device_name:
                return event.device_type, event.device_name
        return "", ""

    @property
    def error_code(self) -> int:
        """Why it failed. Disconnected without a code: somebody hung it up."""
        return self._refusal[0] if self._refusal else self._verdict.error or ERROR_USER_DISCONNECTION

    @property
    def _verdict(self) -> DialEvent:
        """The event that says why. Of several links one that retrying can't mend: a password is not to be
        tried again because another link was busy."""
        last = self.events[-1]
        if last.state == ConnectionState.DISCONNECTED:
            return last
        failures = [event for event in self._failed.values() if event.error] or [last]
        return next((event for event in failures if not describe_code(event.error).transient), failures[-1])

    def error(self, message: str | None = None) -> DialError:
        """The exception of a failed attempt, with the official text where there is one."""
        if self._refusal:
            code, explanation = self._refusal
            text = explanation or message
            return dial_error(code, function="RasDialW", message=text, state=self.state)
        return dial_error(self.error_code, function="RasDialW", message=message, event=self._verdict)
