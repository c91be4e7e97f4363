"""A dial while it runs, with its redials.

It knows nothing of the Dialing that users hold, so that a Dialing can be dropped.

All of it runs on the loop's thread. `_MOVES` has every change of phase there is:

    WAITING ─→ DIALING ─→ WAITING     a question or a pause before the next attempt; nothing is in RAS's hands
       │          ├─────→ SAVING ─→ OVER
       └──────────┴───────────────→ OVER
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Callable, Coroutine
from enum import Enum
from typing import Any, ParamSpec

from .._native.records import ConnectionInfo, DialEvent, DialOptions, DialRequest, Resume
from ..active import Connection
from ..backends import Backend, RasHandle
from ..errors import ConnectionState, DialError, HungUpError, InteractionRequiredError, RasError
from ..errors.codes import ERROR_RASMAN_CANNOT_INITIALIZE
from .arguments import OnPaused
from .attempt import Attempt
from .plan import DialPlan, asked, next_dial

_logger = logging.getLogger(__name__)
_P = ParamSpec("_P")


class RunPhase(Enum):
    WAITING = "waiting"
    DIALING = "dialing"
    SAVING = "saving credentials"
    OVER = "over"


_MOVES = {
    RunPhase.WAITING: {RunPhase.DIALING, RunPhase.OVER},
    RunPhase.DIALING: {RunPhase.WAITING, RunPhase.SAVING, RunPhase.OVER},
    RunPhase.SAVING: {RunPhase.OVER},
    RunPhase.OVER: set[RunPhase](),
}


class DialRun:
    """One dial from its first attempt to its Connection or its DialError.

    Attributes:
        phase: Where it stands; OVER = it has its outcome, and no handle or port is left of a failure.
        attempt: The attempt that runs, or ran last; None before the first.
        events: Those of all attempts.
        connection: The outcome of a success.
        error: The outcome of a failure.
        raised: The exception of a user's function that ended the dial: awaiting raises it instead.
        taken: The caller has the connection, and answers for it. No phase: it happens at any time after
            the end, or never.
        entry: The entry that is dialed, or "." and the number.
        abandoned: Nobody holds the Dialing: what still comes of it is hung up. No phase: it happens in any.
        save_error: Why the credentials of a success could not be saved.
    """

    __slots__ = (
        *(
            "_answers",
            "_backend",
            "_began",
            "_failures",
            "_final",
            "_finished",
            "_number",
            "_pauses",
            "_plan",
        ),
        *("_request", "_saving", "_waiters", "_waits_for_outcome", "_waiting", "abandoned", "attempt"),
        *("connection", "entry", "error", "events", "loop", "phase", "raised", "save_error", "taken"),
    )

    def __init__(
        self, backend: Backend, request: DialRequest, plan: DialPlan, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.loop = loop
        self.phase: RunPhase = RunPhase.WAITING
        self.attempt: Attempt | None = None
        self.events: list[DialEvent] = []
        self.connection: Connection | None = None
        self.error: DialError | None = None
        self.raised: Exception | None = None
        self.taken: bool = False
        self.abandoned: bool = False
        self.save_error: Exception | None = None
        self._backend = backend
        self.entry: str = request.entry or f".{request.phone_number}"
        self._finished: asyncio.Future[None] | None = None
        self._waiters: tuple[asyncio.Future[None], ...] = ()
        self._waits_for_outcome = False  # an awaiting caller: it outlives attempts
        self._plan = plan
        self._pauses = DialOptions.PAUSED_STATES in request.options
        # With the password, for no longer than it may be needed.
        self._request = request if plan.redial is not None or plan.save_credentials else None
        self._number = 0
        self._failures: list[DialError] = []  # of the attempts so far
        self._final = False  # ended from this side: an attempt that fails by itself meanwhile is not redialed
        self._waiting: asyncio.Task[DialRequest | None] | None = None
        self._saving: asyncio.Task[None] | None = None
        self._answers: tuple[asyncio.Task[None], ...] = ()
        self._began = loop.time()
        if plan.question is None:
            self._dial(request)
        else:
            nobody = InteractionRequiredError(message="no credentials were given")
            self._wait_for(asked(plan.question, request), nobody)

    def _move(self, phase: RunPhase) -> None:
        """Raises AssertionError for a change that is none: a bug of this package."""
        assert phase in _MOVES[self.phase], f"a dial that is {self.phase.value} can't be {phase.value}"
        self.phase = phase

    @property
    def over(self) -> bool:
        return self.phase.value == "over"  # no name of this module: Python may have emptied it at exit

    @property
    def failure(self) -> Exception | None:
        """The exception for a caller that asks for the outcome; None = no failure."""
        if self.raised is not None:
            return self.raised
        return None if self.error is None else self.error.with_traceback(None)

    @property
    def handle(self) -> int:
        return 0 if self.attempt is None else self.attempt.call.handle

    @property
    def state(self) -> ConnectionState | None:
        """The state last reported."""
        return self.events[-1].state if self.events else None

    @property
    def finished(self) -> asyncio.Future[None]:
        """Done when it is over; wait for it, do not cancel it."""
        if self._finished is None:
            self._finished = self.loop.create_future()
            if self.over:
                self._finished.set_result(None)
        return self._finished

    # --- what users ask ---

    def ask(self) -> None:
        """The caller waits for the outcome of all attempts: RAS need not be held at an error for it."""
        self._waits_for_outcome = True
        if self.phase is RunPhase.DIALING:
            self._current.ask()

    def ask_for_next_event(self) -> None:
        """An iterator has seen every event: let RAS go on that is held at the last one."""
        if self.phase is RunPhase.DIALING:
            if self._current.progress.over:
                self._current.ask()
            else:
                self._current.let_ras_go_on()

    def end(self, error: DialError) -> None:
        """End the dial with this error, unless it has failed by itself or is connected."""
        self._final = True
        if self.phase is RunPhase.DIALING:
            self._current.end(error)
        elif self.phase is RunPhase.WAITING:
            self._over(error=error)
            if self._waiting is not None:
                self._waiting.cancel()

    def resume(self, resume: Resume, pause: DialEvent | None = None) -> None:
        """Leave the paused state that the dial is in, or that one of several.

        Raises:
            RuntimeError: It is in none.
        """
        if self.phase is not RunPhase.DIALING:
            raise RuntimeError("the dial is not in a paused state")
        self._current.resume(resume, pause)
        if self._request is not None:
            self._request = resume.applied_to(self._request)

    def abandon(self) -> None:
        """Hang up whatever comes of the dial: its Dialing was dropped."""
        self.abandoned = True
        self.abandon_connection()
        self.end(HungUpError(function="RasDialW", message="nobody waits for the dial any more"))

    def abandon_connection(self) -> bool:
        """Hang up the connection, if it is up and nobody has taken it. From any thread; needs no loop."""
        if self.connection is None or self.taken:
            return False
        self.taken = True
        self._backend.abandon(self.connection.ras_handle)
        return True

    def changed(self) -> asyncio.Future[None]:
        """Done at the next event, or when the dial is over. For one who waits: it may be canceled."""
        waiter: asyncio.Future[None] = self.loop.create_future()
        others = [one for one in self._waiters if not one.done()] if self._waiters else ()
        self._waiters = (*others, waiter)
        return waiter

    # --- attempts, one after the other ---

    @property
    def _current(self) -> Attempt:
        assert self.attempt is not None
        return self.attempt

    def _dial(self, request: DialRequest) -> None:
        if self._request is not None:
            self._request = request
        self._number += 1
        if self._plan.observer is not None:
            self._tell(self._plan.observer.on_attempt, self._number)
            if self.over:
                return
        self.attempt = Attempt(self, self._backend, request, self._plan, self.loop, self._number)
        self._move(RunPhase.DIALING)

    def _wait_for(self, request: Coroutine[Any, Any, DialRequest | None], failure: DialError) -> None:
        """Dial what it gives; where that is None the dial has failed, and where it raises, with that."""
        self._waiting = self.loop.create_task(request)
        self._waiting.add_done_callback(lambda task: self._known(task, failure))

    def _known(self, request: asyncio.Task[DialRequest | None], failure: DialError) -> None:
        """Called for a task that was canceled before it began, too: so no task waits for ever."""
        reason = asyncio.CancelledError() if request.cancelled() else request.exception()
        if self.over:
            return
        if isinstance(reason, Exception):
            self._fail(reason)
            return
        known = None if reason is not None else request.result()
        if known is None:
            failure.__cause__ = reason
            self._over(error=failure)
            return
        try:
            self._dial(known)
        except (RuntimeError, MemoryError, OSError) as error:  # the backend was closed, or nothing is left
            self._over(error=DialError(ERROR_RASMAN_CANNOT_INITIALIZE, message=str(error), hint=""))

    def _fail(self, reason: Exception) -> None:
        """End the dial with the exception of a user's function."""
        if self.raised is None:
            self.raised = reason
        self.end(self._error_of(self.raised))

    def _error_of(self, reason: Exception) -> DialError:
        message = f"{type(reason).__name__} in a function that the dial was given"
        return HungUpError(function="RasDialW", message=message, state=self.state)

    # --- what an attempt tells: the methods of `attempt.Owner` ---

    @property
    def waits_for_outcome(self) -> bool:
        return self._waits_for_outcome

    def on_event(self, event: DialEvent) -> None:
        self.events.append(event)
        if self._plan.observer is not None:
            self._tell(self._plan.observer.on_event, event)

    def on_change(self) -> None:
        if self._waiters:
            waiters, self._waiters = self._waiters, ()
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)

    def on_failed(self, error: DialError) -> None:
        """Dial again, or give up."""
        error.earlier = tuple(self._failures)
        self._failures.append(error)
        plan, request = self._plan, self._request
        if self._final or plan.redial is None or request is None:
            self._over(error=error)
        else:
            self._move(RunPhase.WAITING)
            self._wait_for(next_dial(self._backend, plan, request, error, self._number), error)

    def on_connected(self, handle: RasHandle, info: ConnectionInfo) -> None:
        connection = Connection(self._backend, handle, info)
        if self._plan.save_credentials and self._request is not None:
            self._move(RunPhase.SAVING)
            self.connection = connection
            self._saving = self.loop.create_task(self._save(self._request))
            self._saving.add_done_callback(self._saved)
        else:
            self._over(connection=connection)

    # --- paused states ---

    def on_paused(self, event: DialEvent) -> None:
        if not self._pauses:  # RAS was not asked to, and what goes on with it is not kept
            self._current.give_up(event)
        elif self._plan.on_paused is not None:
            answer = self.loop.create_task(self._answer(self._current, self._plan.on_paused, event))
            self._answers = (*self._answers, answer)
            answer.add_done_callback(self._answered)

    def on_ending(self) -> None:
        me = asyncio.current_task(self.loop)  # an answer may be what ends the attempt
        for answer in self._answers:
            if answer is not me:
                answer.cancel()

    def _answered(self, answer: asyncio.Task[None]) -> None:
        self._answers = tuple(one for one in self._answers if one is not answer)

    async def _answer(self, attempt: Attempt, on_paused: OnPaused, event: DialEvent) -> None:
        """Ask the user's function; an exception of it, or None, ends the dial."""
        reason: BaseException | None = None
        resume: Resume | None = None
        try:
            answer = on_paused(event)
            resume = await answer if inspect.isawaitable(answer) else answer
            if resume is not None and not isinstance(resume, Resume):
                raise TypeError(f"on_paused must give a Resume or None, not {type(resume).__name__}")
        except BaseException as error:
            reason = error
        if attempt is self.attempt and attempt.progress.waits(event):
            if isinstance(reason, Exception):
                self._fail(reason)
            elif resume is not None:
                self.resume(resume, event)
            else:
                self._final = True
                attempt.give_up(event, reason)
        if isinstance(reason, asyncio.CancelledError | KeyboardInterrupt | SystemExit):
            raise reason

    # --- how it ends ---

    async def _save(self, request: DialRequest) -> None:
        """They are right. Whether they can be stored or not, the dial has succeeded."""
        login = request.login()
        try:
            if login.username or login.password:
                await self._backend.books.save_login(request.phonebook, request.entry, login)
        except (RasError, RuntimeError) as error:
            self.save_error = error
            _logger.warning("%s: the credentials could not be saved: %s", self.entry, error)

    def _saved(self, saving: asyncio.Task[None]) -> None:
        """Called for a task that was canceled before it began, too."""
        if not saving.cancelled():
            saving.exception()
        self._over(connection=self.connection)

    def _over(self, *, connection: Connection | None = None, error: DialError | None = None) -> None:
        self._move(RunPhase.OVER)
        self._request = None
        connection, error = self._outcome(connection, error)
        seconds = self.loop.time() - self._began
        _logger.info("%s: %s; %.3f s, attempts: %d", self.entry, error or "connected", seconds, self._number)
        if self._plan.observer is not None:
            self._tell(self._plan.observer.on_over, connection, error)
            connection, error = self._outcome(connection, error)  # on_over may have raised
        self.connection = connection
        self.error = error
        if self._finished is not None:
            self._finished.set_result(None)
        self.on_change()
        if self.abandoned:
            self.abandon_connection()

    def _outcome(
        self, connection: Connection | None, error: DialError | None
    ) -> tuple[Connection | None, DialError | None]:
        """Return both, or the failure of a dial that a user's function has failed."""
        if self.raised is not None:
            if connection is not None:
                self._backend.abandon(connection.ras_handle)
                connection = None
            error = error or self._error_of(self.raised)
            error.__cause__ = self.raised
        if error is not None and (not self._failures or error is not self._failures[-1]):
            error.earlier = tuple(self._failures)
        return connection, error

    def _tell(self, method: Callable[_P, None], *args: _P.args, **kwargs: _P.kwargs) -> None:
        """Call a method of the user's observer."""
        try:
            method(*args, **kwargs)
        except Exception as error:
            self._fail(error)
