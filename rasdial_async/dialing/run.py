"""A dial while it runs. It knows nothing of the Dialing that users hold, so that this can be dropped.

All of it runs on the loop's thread, as callbacks and not as a task: asyncio.run cancels every task at
its end, and a dial that is being hung up has to see that through.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

from .._native.records import ConnectionInfo, DialEvent, DialOptions, DialRequest, Resume
from ..backends import Backend, DialCall, Link
from ..connection import Connection
from ..errors import DialError, DialTimeoutError, HungUpError, InteractionRequiredError, RasError, dial_error
from ..errors.codes import ERROR_INTERACTIVE_MODE, ERROR_RASMAN_CANNOT_INITIALIZE
from .arguments import OnPaused
from .attempt import PAUSED_ERRORS, Attempt, Phase
from .plan import DialPlan, asked, next_dial

_logger = logging.getLogger(__name__)
_P = ParamSpec("_P")

HANG_UP_SECONDS = 10.0


_PENDING = Phase.PENDING  # an attribute of an Enum takes a while, and every event asks


class DialRun:
    """One dial from RasDial to its Connection or its DialError.

    Attributes:
        attempt: The attempt that runs, or ran last: its events and the rules.
        events: Those of all attempts.
        over: It has its outcome, and no handle or port is left of a failure.
        connection: The outcome of a success.
        error: The outcome of a failure.
        taken: Somebody has the connection and answers for it.
        save_error: Why the credentials of a success could not be saved.
    """

    __slots__ = (
        *("_answering", "_asked", "_asked_to_the_end", "_backend", "_began", "_between", "_call", "_dropped"),
        *("_ending", "_entry", "_final", "_finished", "_held", "_link", "_number", "_pauses", "_phonebook"),
        *("_plan", "_remaining", "_request", "_saving", "_timer", "_timer_started", "_waiters", "attempt"),
        *("connection", "error", "events", "loop", "over", "save_error", "taken"),
    )

    def __init__(
        self, backend: Backend, request: DialRequest, plan: DialPlan, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.loop = loop
        self.attempt: Attempt = Attempt()
        self.events: list[DialEvent] = []
        self.over: bool = False
        self.connection: Connection | None = None
        self.error: DialError | None = None
        self.taken: bool = False
        self.save_error: Exception | None = None
        self._backend = backend
        self._entry = request.entry or f".{request.phone_number}"
        self._phonebook = request.phonebook or ""
        self._finished: asyncio.Future[None] | None = None
        self._waiters: tuple[asyncio.Future[None], ...] = ()
        self._held = False
        self._asked = False
        self._asked_to_the_end = False
        self._ending = False
        self._dropped = False
        self._plan = plan
        self._pauses = DialOptions.PAUSED_STATES in request.options
        # With the password, for no longer than it may be needed.
        self._request = request if plan.redial is not None or plan.save_credentials else None
        self._number = 0
        self._final = False
        # What to dial next; while it is asked for, `_call` is None and nothing is in RAS's hands.
        self._between: asyncio.Task[DialRequest | None] | None = None
        self._saving: asyncio.Task[None] | None = None
        self._link: Link | None = None
        self._answering: tuple[asyncio.Task[None], ...] = ()
        self._timer: asyncio.Handle | None = None  # of Qt's loop, for one, it is no TimerHandle
        self._timer_started = 0.0
        self._remaining = plan.timeout
        self._began = loop.time()
        self._call: DialCall | None = None
        if plan.question is None:
            self._dial(request)
        else:
            nobody = InteractionRequiredError(message="no credentials were given")
            self._wait_for(asked(plan.question, request), nobody)

    @property
    def handle(self) -> int:
        return 0 if self._call is None else self._call.handle

    @property
    def finished(self) -> asyncio.Future[None]:
        """Done when it is over; wait for it, do not cancel it."""
        if self._finished is None:
            self._finished = self.loop.create_future()
            if self.over:
                self._finished.set_result(None)
        return self._finished

    # --- what the backend tells ---

    def on_event(self, event: DialEvent, held: bool) -> None:
        attempt = self.attempt
        if not attempt.feed(event, self._call_now.links if event.sub_entry else 1):
            if not self._held:  # else this one is held as well, until the consumer asks
                self._call_now.proceed()
            return
        self.events.append(event)
        if self._plan.observer is not None:
            self._tell(self._plan.observer.on_event, event)
        if held:
            self._held = True
        if attempt.over:
            self._finish()
        elif attempt.phase is not _PENDING and event.paused:
            self._paused(event)
        else:
            if self._held and self._asked:  # RAS need not be held at the failure of one link
                self.go_on()
            if self._timer is None and attempt.phase is _PENDING:
                self._start_timer()
        if self._waiters:
            self._changed()

    def on_returned(self, code: int, message: str = "") -> None:
        if code != 0 and not self.attempt.over:
            self.attempt.refuse(code, message)
            self._finish()
            self._changed()

    # --- what users ask ---

    def ask(self, *, to_the_end: bool = False) -> None:
        """The consumer wants what comes next, or the outcome: RAS need not be held at an error for it."""
        self._asked_to_the_end = self._asked_to_the_end or to_the_end
        if not self._asked:
            self._asked = True
            if self._call is not None:
                self._call.ask()
        if self._held:
            self.go_on()
            if self.attempt.over:
                self._finish()

    def go_on(self) -> None:
        """The consumer wants what comes next: RAS is held no longer."""
        if self._held:
            self._held = False
            self._call_now.proceed()

    def end(self, error: DialError) -> None:
        """Ends the dial with this error, unless it has failed by itself or is connected."""
        self._final = True
        if self._call is None and self._between is not None and not self.over:
            self._over(error=error)
            self._between.cancel()
        elif self.attempt.phase is Phase.FAILED:
            self.ask()
        elif not self._ending:
            self._end(error)

    def resume(self, resume: Resume, pause: DialEvent | None = None) -> None:
        """Leaves the paused state that the dial is in, or that one of several."""
        if self._ending:
            raise RuntimeError("the dial is not in a paused state: it is being hung up")
        pause = self.attempt.resume(pause)
        if self._request is not None:
            self._request = resume.applied_to(self._request)
        if self.attempt.phase is not Phase.PAUSED:
            self._start_timer()
        self._call_now.resume(resume, pause)

    def drop(self) -> None:
        """Nobody holds the Dialing any more: hang up whatever came or comes of it."""
        self._dropped = True
        if self.connection is not None:
            self._backend.drop(self.connection.link)
        elif not self.over:
            self.end(HungUpError(function="RasDialW", message="nobody waits for the dial any more"))

    def drop_without_loop(self) -> None:
        """The same when the loop has closed. From any thread."""
        self._backend.sweep()
        if self._link is not None:
            self._backend.drop(self._link)

    def changed(self) -> asyncio.Future[None]:
        """Done at the next event, or when the dial is over. For one who waits: it may be cancelled."""
        waiter: asyncio.Future[None] = self.loop.create_future()
        others = [one for one in self._waiters if not one.done()] if self._waiters else ()
        self._waiters = (*others, waiter)
        return waiter

    # --- how it ends ---

    def _finish(self) -> None:
        """The attempt is over: it connected, or failed and RAS may go on."""
        connected = self.attempt.phase is Phase.CONNECTED
        if self._ending or (self._held and not self._asked and not connected):
            return
        self._ending = True
        self._stop_timer()
        self._take_back_questions()
        if connected:
            self.go_on()
            self._call_now.connected(self._connected)
        else:
            self._held = False  # closing lets RAS go on
            code = self.attempt.error_code
            self._call_now.close(code, HANG_UP_SECONDS, lambda text: self._failed(self.attempt.error(text)))

    def _end(self, error: DialError) -> None:
        self._ending = True
        self._stop_timer()
        self._take_back_questions()
        self._held = False  # closing lets RAS go on
        self._call_now.close(error.code, HANG_UP_SECONDS, lambda text: self._failed(error))

    def _failed(self, error: DialError) -> None:
        """An attempt has failed and left nothing behind: dial again, or give up."""
        plan, request = self._plan, self._request
        if self._final or plan.redial is None or request is None:
            self._over(error=error)
        else:
            self._wait_for(next_dial(self._backend, plan, request, error, self._number), error)

    # --- dialing, again or not ---

    def _wait_for(self, request: Coroutine[Any, Any, DialRequest | None], failure: DialError) -> None:
        """Dials what it gives; where that is None, or it raises, the dial has failed."""
        self._call = None
        self._between = self.loop.create_task(request)
        self._between.add_done_callback(lambda task: self._known(task, failure))

    def _known(self, request: asyncio.Task[DialRequest | None], failure: DialError) -> None:
        """Called of a task that was cancelled before it began, too: so nobody waits for ever."""
        reason = asyncio.CancelledError() if request.cancelled() else request.exception()
        if self.over:
            return
        if reason is not None:
            failure.__cause__ = reason
            self._over(error=failure)
            return
        known = request.result()
        if known is None:
            self._over(error=failure)
            return
        try:
            self._dial(known)
        except RuntimeError as error:  # the backend was closed meanwhile
            self._over(error=DialError(ERROR_RASMAN_CANNOT_INITIALIZE, message=str(error)))

    def _dial(self, request: DialRequest) -> None:
        if self._request is not None:
            self._request = request
        self._number += 1
        self.attempt = Attempt()
        self._held = self._ending = False
        self._asked = self._asked_to_the_end
        self._remaining = self._plan.timeout
        if self._plan.observer is not None:
            self._tell(self._plan.observer.on_attempt, self._number)
        self._call = self._backend.dial(request, self, self.loop, self._number)
        if self._asked:
            self._call.ask()
        self._start_timer()

    @property
    def _call_now(self) -> DialCall:
        assert self._call is not None
        return self._call

    # --- paused states ---

    def _paused(self, event: DialEvent) -> None:
        if not self._pauses:  # RAS was not asked to, and what goes on with it is not kept
            self._give_up(event)
            return
        if not self._plan.timeout_while_paused:
            self._stop_timer()
        if self._plan.on_paused is not None:
            answering = self.loop.create_task(self._answer(self._plan.on_paused, event))
            self._answering = (*self._answering, answering)
            answering.add_done_callback(self._answered)

    def _answered(self, answering: asyncio.Task[None]) -> None:
        self._answering = tuple(one for one in self._answering if one is not answering)

    def _take_back_questions(self) -> None:
        """Nobody is to be asked on for a dial that ends."""
        me = asyncio.current_task(self.loop)  # an answer may be what ends it
        for answering in self._answering:
            if answering is not me:
                answering.cancel()

    async def _answer(self, on_paused: OnPaused, event: DialEvent) -> None:
        """Asks the user's coroutine; what it raises, or None, ends the dial."""
        attempt = self.attempt
        reason: BaseException | None = None
        resume: Resume | None = None
        try:
            resume = await on_paused(event)
            if resume is not None and not isinstance(resume, Resume):
                raise TypeError(f"on_paused must give a Resume or None, not {type(resume).__name__}")
        except BaseException as error:
            reason = error
        if self.attempt is attempt and attempt.waits(event) and not self._ending:
            if resume is not None and reason is None:
                self.resume(resume, event)
            else:
                self._give_up(event, reason)
        if isinstance(reason, asyncio.CancelledError | KeyboardInterrupt | SystemExit):
            raise reason

    def _give_up(self, pause: DialEvent, reason: BaseException | None = None) -> None:
        failure = dial_error(PAUSED_ERRORS.get(pause.state, ERROR_INTERACTIVE_MODE), event=pause)
        failure.__cause__ = reason
        self.end(failure)

    def _time_out(self) -> None:
        if self.attempt.phase is Phase.FAILED:  # held at an error that nobody asks about
            self.ask()
        elif not self._ending:
            self._end(
                DialTimeoutError(
                    function="RasDialW",
                    message=f"the dial was not done within {self._plan.timeout:g} seconds",
                    state=self.attempt.state,
                )
            )

    def _connected(self, link: Link, info: ConnectionInfo | None) -> None:
        if info is None:
            device_type, device_name = self.attempt.device
            info = ConnectionInfo(link.handle, self._entry, device_type, device_name, self._phonebook)
        self._link = link
        connection = Connection(self._backend, link, info)
        if self._plan.save_credentials and self._request is not None:
            self._saving = self.loop.create_task(self._save(self._request, connection))
        else:
            self._over(connection=connection)

    async def _save(self, request: DialRequest, connection: Connection) -> None:
        """They are right. Whether they can be stored or not, the dial has succeeded."""
        login = request.login()
        try:
            if login.username or login.password:
                await self._backend.books.save_login(request.phonebook, request.entry, login)
        except (RasError, RuntimeError) as error:
            self.save_error = error
            _logger.warning("%s: the credentials could not be saved: %s", self._entry, error)
        finally:
            self._over(connection=connection)

    def _over(self, *, connection: Connection | None = None, error: DialError | None = None) -> None:
        self.over = True
        self._request = None
        self.connection = connection
        self.error = error
        seconds = self.loop.time() - self._began
        _logger.info("%s: %s; %.3f s, attempts: %d", self._entry, error or "connected", seconds, self._number)
        if self._plan.observer is not None:
            self._tell(self._plan.observer.on_over, connection, error)
        if self._finished is not None:
            self._finished.set_result(None)
        self._changed()
        if self._dropped and connection is not None:
            self._backend.drop(connection.link)

    def _tell(self, method: Callable[_P, None], *args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            method(*args, **kwargs)
        except Exception:
            _logger.exception("%s: the observer of the dial failed", self._entry)

    def _changed(self) -> None:
        waiters, self._waiters = self._waiters, ()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _start_timer(self) -> None:
        if self._remaining is not None and self._timer is None:
            self._timer_started = self.loop.time()
            self._timer = self.loop.call_later(self._remaining, self._time_out)

    def _stop_timer(self) -> None:
        if self._timer is not None and self._remaining is not None:
            self._remaining = max(0.0, self._remaining - (self.loop.time() - self._timer_started))
            self._timer.cancel()
            self._timer = None
