"""One attempt: one call of RasDial, its events, its time-out, and its end. A redial makes a new one.

All of it runs on the loop's thread, as callbacks and not as a task: asyncio.run cancels every task at
its end, and a dial that is being hung up has to see that through.
`_MOVES` has every change of phase there is:

    DIALING ─→ HELD ─→ ENDING ─→ OVER       it failed; RAS is held until the consumer asks
        ├────────────→ ENDING ─→ OVER       it failed, or is to end: hang up and wait for the port
        └────────────→ CONNECTED ─→ OVER    it connected: look up what RAS lists of the connection
"""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Protocol

from .._native.records import ConnectionInfo, DialEvent, DialOptions, DialRequest, Resume
from ..backends import Backend, RasCall, RasHandle
from ..errors import DialError, DialTimeoutError, dial_error
from ..errors.codes import ERROR_AUTHENTICATION_FAILURE, ERROR_INTERACTIVE_MODE
from .plan import DialPlan
from .progress import PAUSED_ERRORS, Phase, Progress

HANG_UP_SECONDS = 10.0
DEFAULT_LOGIN_REFUSED = (
    "No credentials were passed, so RAS used the stored ones, or the logon where none are stored. Pass "
    "credentials=Credentials(username, password), or store them: rasdial-async credentials set ENTRY."
)


class AttemptPhase(Enum):
    DIALING = "dialing"
    HELD = "held"
    CONNECTED = "connected"
    ENDING = "ending"
    OVER = "over"


_MOVES = {
    AttemptPhase.DIALING: {AttemptPhase.HELD, AttemptPhase.CONNECTED, AttemptPhase.ENDING},
    AttemptPhase.HELD: {AttemptPhase.ENDING},
    AttemptPhase.CONNECTED: {AttemptPhase.OVER},
    AttemptPhase.ENDING: {AttemptPhase.OVER},
    AttemptPhase.OVER: set[AttemptPhase](),
}


class Owner(Protocol):
    """The run that an attempt belongs to."""

    @property
    def waits_for_outcome(self) -> bool:
        """The consumer has asked for the outcome, so RAS need not be held at an error."""

    def on_event(self, event: DialEvent) -> None:
        """Take one more event of the history."""

    def on_paused(self, event: DialEvent) -> None:
        """RAS waits for input since this event."""

    def on_ending(self) -> None:
        """Questions about a paused state are void from now on."""

    def on_connected(self, handle: RasHandle, info: ConnectionInfo) -> None:
        """The outcome of a success."""

    def on_failed(self, error: DialError) -> None:
        """The outcome of a failure: no handle and no port is left of it."""

    def on_change(self) -> None:
        """Wake the iterators."""


class Attempt:
    """One call of RasDial, from its start to its handle or its error.

    Attributes:
        phase: Where it stands.
        progress: The rules, fed with its events.
        call: The dial in RAS's hands.
    """

    __slots__ = (
        *("_backend", "_deadline", "_end", "_owner", "_plan", "_remaining", "_entry", "_phonebook"),
        *("_about", "_default_login", "_rest_held", "_timer", "call", "loop", "phase", "progress"),
    )

    def __init__(
        self,
        owner: Owner,
        backend: Backend,
        request: DialRequest,
        plan: DialPlan,
        loop: asyncio.AbstractEventLoop,
        number: int,
    ) -> None:
        self.loop = loop
        self.phase: AttemptPhase = AttemptPhase.DIALING
        self.progress: Progress = Progress(DialOptions.PAUSED_STATES in request.options)
        self._owner = owner
        self._backend = backend
        self._plan = plan
        self._entry = request.entry or f".{request.phone_number}"
        self._phonebook = request.phonebook or ""
        self._about = request.entry, request.phonebook
        self._default_login = request.credentials is None and not request.eap and not request.cookie
        self._rest_held = False  # an error of one sub-entry, at which RAS is held while the dial goes on
        self._end: DialError | None = None  # why it is ended from this side
        self._timer: asyncio.Handle | None = None  # of Qt's loop, for one, it is no TimerHandle
        self._deadline = 0.0
        self._remaining = plan.timeout
        self.call: RasCall = backend.dial(request, self, loop, number)
        self._start_timer()

    def _move(self, phase: AttemptPhase) -> None:
        """Raises AssertionError for a change that is none: a bug of this package."""
        assert phase in _MOVES[self.phase], f"an attempt that is {self.phase.value} can't be {phase.value}"
        self.phase = phase

    # --- what the backend tells ---

    def on_event(self, event: DialEvent, held: bool) -> None:
        progress = self.progress
        if not progress.feed(event, self.call.sub_entries if event.sub_entry else 1):
            if self.phase is not AttemptPhase.HELD:  # else this one is held as well, until the consumer asks
                self.call.proceed()
            return
        self._owner.on_event(event)
        if self.phase is not AttemptPhase.DIALING:  # the user's observer has ended it
            self._owner.on_change()
            return
        phase = progress.phase
        if phase is Phase.PENDING:
            self._go_on(held)
        elif phase is Phase.CONNECTED:
            self._connected()
        elif phase is Phase.FAILED:
            self._failed(held or self._rest_held)
        else:
            self._go_on(held)
            if progress.waits(event):
                if not self._plan.timeout_while_paused:
                    self._stop_timer()
                self._owner.on_paused(event)
        self._owner.on_change()

    def _go_on(self, held: bool) -> None:
        if held and self._owner.waits_for_outcome:  # RAS need not be held at the failure of one sub-entry
            self.call.proceed()
        elif held:
            self._rest_held = True
        if self._timer is None and self.progress.phase is Phase.PENDING:
            self._start_timer()

    def on_returned(self, code: int, message: str = "", hint: str | None = None) -> None:
        if code != 0 and not self.progress.over:
            self.progress.refuse(code, message, hint)
            self._failed(self._rest_held)
            self._owner.on_change()

    # --- what the run asks ---

    def let_ras_go_on(self) -> None:
        """The consumer wants the next event: RAS is held no longer at the failure of a sub-entry."""
        if self._rest_held:
            self._rest_held = False
            self.call.proceed()

    def ask(self) -> None:
        """The consumer wants the outcome: RAS need not be held at an error for it."""
        self.let_ras_go_on()
        if self.phase is AttemptPhase.HELD:
            self._hang_up(self.progress.error_code)

    def end(self, error: DialError) -> None:
        """End with this error, unless it has failed by itself or is connected."""
        if self.phase is AttemptPhase.HELD:
            self.ask()
        elif self.phase is AttemptPhase.DIALING:
            self._end = error
            self._hang_up(error.code)

    def resume(self, resume: Resume, pause: DialEvent | None = None) -> None:
        """Leave the paused state that it is in, or that one of several.

        Raises:
            RuntimeError: It is in none.
        """
        if self.phase is not AttemptPhase.DIALING:
            raise RuntimeError("the dial is not in a paused state: it is being hung up")
        pause = self.progress.resume(pause)
        self.let_ras_go_on()
        if self.progress.phase is not Phase.PAUSED:
            self._start_timer()
        self.call.resume(resume, pause)

    def give_up(self, pause: DialEvent, reason: BaseException | None = None) -> None:
        """Fail with the error of this paused state, which no answer leaves."""
        failure = dial_error(PAUSED_ERRORS.get(pause.state, ERROR_INTERACTIVE_MODE), event=pause)
        failure.__cause__ = reason
        self.end(failure)

    # --- how it ends ---

    def _connected(self) -> None:
        if self.phase is AttemptPhase.DIALING:
            self._move(AttemptPhase.CONNECTED)
            self._stop_timer()
            self._owner.on_ending()
            self.call.proceed()
            self.call.connected(self._found)

    def _found(self, handle: RasHandle, info: ConnectionInfo | None) -> None:
        if info is None:
            device_type, device_name = self.progress.device
            info = ConnectionInfo(handle.value, self._entry, device_type, device_name, self._phonebook)
        self._move(AttemptPhase.OVER)
        self._owner.on_connected(handle, info)

    def _failed(self, held: bool) -> None:
        if self.phase is not AttemptPhase.DIALING:
            return
        if held and not self._owner.waits_for_outcome:
            self._move(AttemptPhase.HELD)
        else:
            self._hang_up(self.progress.error_code)

    def _hang_up(self, code: int) -> None:
        self._move(AttemptPhase.ENDING)
        self._stop_timer()
        self._owner.on_ending()
        self.call.close(code, HANG_UP_SECONDS, self._hung_up)  # which lets RAS go on

    def _hung_up(self, text: str | None) -> None:
        self._move(AttemptPhase.OVER)
        error = self._end or self.progress.error(text, self._hint(self.progress.error_code))
        error.entry, error.phonebook = self._about
        self._owner.on_failed(error)

    def _hint(self, code: int) -> str | None:
        """The remedy for this dial; None = the usual one."""
        if code == ERROR_AUTHENTICATION_FAILURE and self._default_login:
            return DEFAULT_LOGIN_REFUSED
        return self._backend.error_hint(code)

    def _time_out(self) -> None:
        self.end(
            DialTimeoutError(
                function="RasDialW",
                message=f"the dial was not done within {self._plan.timeout:g} seconds",
                state=self.progress.state,
            )
        )

    def _start_timer(self) -> None:
        if self._remaining is not None and self._timer is None:
            self._deadline = self.loop.time() + self._remaining
            self._timer = self.loop.call_later(self._remaining, self._time_out)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._remaining = max(0.0, self._deadline - self.loop.time())
            self._timer.cancel()
            self._timer = None
