"""One dial attempt as a state machine that knows no loop, no thread and no RAS: feed it events.

Rules of RAS that live here (https://learn.microsoft.com/windows/win32/api/ras/nc-ras-rasdialfunc1):
the first event with an error is the last one; Connected and Disconnected end a dial; no other state
has to occur, and their order means nothing.
"""

from __future__ import annotations

from enum import Enum

from ._codes import ERROR_USER_DISCONNECTION
from .errors import DialError, dial_error
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

    @property
    def over(self) -> bool:
        return self.phase in (Phase.CONNECTED, Phase.FAILED)

    def feed(self, event: DialEvent) -> bool:
        """Takes an event; False = the attempt was over, and the event is not part of it."""
        if self.over:
            return False
        self.events.append(event)
        if event.failed:
            self.phase = Phase.FAILED
        elif event.terminal:
            self.phase = Phase.CONNECTED
        else:
            self.phase = Phase.PAUSED if event.paused else Phase.PENDING
        return True

    def resume(self) -> None:
        """Input is on its way to RAS, which leaves the paused state with it.

        Raises:
            RuntimeError: It is not paused.
        """
        if self.phase is not Phase.PAUSED:
            raise RuntimeError("the dial is not in a paused state")
        self.phase = Phase.PENDING

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
        if self._refusal:
            return self._refusal[0]
        return self.events[-1].error or ERROR_USER_DISCONNECTION

    def error(self, message: str | None = None) -> DialError:
        """The exception of a failed attempt, with the official text where there is one."""
        if self._refusal:
            code, explanation = self._refusal
            text = explanation or message
            return dial_error(code, function="RasDialW", message=text, state=self.state)
        event = self.events[-1]
        return dial_error(self.error_code, function="RasDialW", message=message, event=event)
