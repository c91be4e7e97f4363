"""A dial: await it, iterate it, or enter it."""

from __future__ import annotations

import asyncio
import logging
import sys
import warnings
from collections.abc import Coroutine, Generator
from types import TracebackType
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from .._native.records import DialEvent, DialRequest, Resume
from ..active import Connection
from ..backends import Backend, post, wait_shielded
from ..errors import ConnectionState, DialError, HungUpError, RasError, hides_arguments
from .plan import DialPlan
from .run import DialRun

_logger = logging.getLogger(__name__)


_Steps = WeakKeyDictionary[asyncio.AbstractEventLoop | asyncio.Task[Any], Coroutine[Any, Any, Connection]]


class Dialing(Coroutine[Any, Any, Connection]):
    """A dial of one entry. Nothing is dialed until it is first awaited, iterated or entered.

    - ``await dialing`` returns the :class:`Connection`, or raises the :class:`DialError`. Awaiting again
      gives the same outcome.
    - ``async for event in dialing`` yields every :class:`DialEvent` from the first one, in RAS's order. It
      ends after the event that connected, and raises the DialError after a failing one. Each of several
      iterators sees the whole history.
    - ``async with dialing as connection`` hangs up, and waits for the port, when the block ends. A Dialing is
      entered once.

    A Dialing is a coroutine too: ``asyncio.run(dial("X"))``, ``asyncio.create_task``,
    ``TaskGroup.create_task`` and ``asyncio.run_coroutine_threadsafe`` take it. One that is dropped before
    anything of this warns as a coroutine does: ``RuntimeWarning: dial('X') was never awaited``.

    Canceling a task in ``await`` or ``async with`` hangs up, waits until the port is released (10 seconds at
    most, whatever else cancels the task) and then raises CancelledError; so ``asyncio.timeout()`` works
    around it. Canceling a task in ``async for`` loses no event, and the dial goes on. Leaving the loop by
    ``break`` does not stop the dial either; ``await dialing.hang_up()`` does.

    A dial that fails, is canceled or times out is hung up: it leaves no handle and no port behind. Dropping a
    Dialing that is unfinished, or whose Connection nobody took, hangs up with a ResourceWarning. A Dialing
    belongs to the loop on which it began.

    What a function of yours raises (``credentials=``, ``on_paused=``, the functions of :class:`Redial`, an
    observer) ends the dial, which is hung up, and awaiting or iterating raises it as it is.
    """

    __slots__ = (
        "__weakref__",
        "_backend",
        "_entered",
        "_entry",
        "_plan",
        "_request",
        "_run",
        "_steps",
        "_unused",
    )

    def __init__(self, backend: Backend, request: DialRequest, plan: DialPlan) -> None:
        self._backend = backend
        self._request: DialRequest | None = request
        self._plan = plan
        self._entry = request.entry or request.phone_number
        self._run: DialRun | None = None
        self._entered = False  # no stage of the dial: it may be entered at any
        self._steps: _Steps | None = None  # of the tasks whose coroutine this is
        self._unused = True  # no stage either: an await may have failed before the dial began

    # --- what is known so far ---

    @property
    def entry(self) -> str:
        """The entry that is dialed, or the number."""
        return self._entry

    @property
    def simulated(self) -> bool:
        """True without a real link."""
        return self._backend.simulated

    @property
    def events(self) -> tuple[DialEvent, ...]:
        """The events so far."""
        return () if self._run is None else tuple(self._run.events)

    @property
    def state(self) -> ConnectionState | None:
        """The state last reported; None before the first."""
        return None if self._run is None else self._run.state

    @property
    def done(self) -> bool:
        """True when the dial has its outcome: a connection or an error."""
        return self._run is not None and self._run.over

    @property
    def connection(self) -> Connection | None:
        """The connection once it is up, else None. Reading it transfers ownership: you must hang it up."""
        if self._run is None or not self._run.over or self._run.connection is None:
            return None
        self._run.taken = True
        return self._run.connection

    @property
    def error(self) -> DialError | None:
        """The reason of the failure; None without a failure.

        Where a function of yours has ended the dial this is a HungUpError, with the exception as its cause.
        """
        return None if self._run is None else self._run.error

    @property
    def save_error(self) -> Exception | None:
        """The reason why ``save_credentials`` could not store the login of a connected dial, else None."""
        return None if self._run is None else self._run.save_error

    @property
    def handle(self) -> int | None:
        """The HRASCONN; None before RAS gave one."""
        return (self._run.handle or None) if self._run is not None else None

    def __repr__(self) -> str:
        if self._run is None:
            stage = "not begun"
        elif self._run.over:
            stage = "connected" if self._run.error is None else f"failed with {self._run.error.code}"
        else:
            stage = self.state.rascs_name if self.state is not None else "dialing"
        return f"<Dialing {self._entry!r} {stage}{' simulated' if self.simulated else ''}>"

    # --- the three ways to dial ---

    def __await__(self) -> Generator[Any, None, Connection]:
        return (yield from _outcome(self._begin()).__await__())

    def __aiter__(self) -> DialEvents:
        return DialEvents(self, self._begin())

    async def __aenter__(self) -> Connection:
        if self._entered:
            raise RuntimeError(f"the dial of {self._entry!r} was entered before: make a new one with dial()")
        self._entered = True
        return await self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(exc, GeneratorExit):  # the coroutine is closed with its loop: nothing can be awaited
            if self.connection is not None:
                self._backend.abandon(self.connection.ras_handle)
        else:
            await self.hang_up()

    async def hang_up(self) -> None:
        """Stop the dial, or hang up its connection, and return when the port is released.

        A task that awaits the dial gets HungUpError. Safe at any time, also before the dial began, and twice.
        Canceling does not cut it short; it takes 10 seconds at most.

        Raises:
            RasError: RAS refuses to hang up a connection.
        """
        if self._run is None:
            self._give_up()
        else:
            await _hang_up(self._begin())

    @hides_arguments
    async def resume(
        self,
        *,
        username: str | None = None,
        password: str | None = None,
        domain: str | None = None,
        callback_number: str | None = None,
    ) -> None:
        """Leave a paused state: call RasDial again with the same handle.

        The dial needs ``DialOptions.PAUSED_STATES``. An argument that is left out stays as in the first
        call; :class:`Resume` lists the input of each state. A wrong answer pauses the dial again. This
        returns at once, and its results are further events. ``hang_up`` gives up instead. Until then the
        dial stays paused, and its time-out does not count, unless the dial was made with
        ``timeout_while_paused``. Where several sub-entries are paused, each call answers one of them, the
        first one first.

        Raises:
            RuntimeError: The dial is not paused.
            ValueError: RAS cannot take an argument; the message names it.
        """
        resume = Resume(username, password, domain, callback_number)
        if self._run is None:
            raise RuntimeError("the dial is not in a paused state")
        self._begin().resume(resume)

    # --- the coroutine of a task ---

    def send(self, value: Any) -> Any:
        """Begin the dial, or go on with it, as the coroutine of the running task."""
        return self._step().send(value)

    def throw(self, typ: Any, val: Any = None, tb: Any = None) -> Any:
        """Raise an exception in the coroutine of the running task. A dial that has not begun never does."""
        if self._run is None:
            self._give_up()
            raise typ if val is None else val
        return self._step().throw(typ) if val is None else self._step().throw(typ, val, tb)

    def close(self) -> None:
        """Give up a dial that has not begun. One that has goes on: :meth:`hang_up` stops it."""
        if self._run is None:
            self._give_up()
        elif self._steps is not None:
            for step in list(self._steps.values()):
                step.close()

    def _step(self) -> Coroutine[Any, Any, Connection]:
        """Return the coroutine of the running task. It holds no reference to this object, but to the run."""
        self._unused = False
        if self._steps is None:
            self._steps = WeakKeyDictionary()
        owner = asyncio.current_task() or asyncio.get_running_loop()
        step = self._steps.get(owner)
        if step is None:
            step = self._steps[owner] = _outcome(self._begin())
        return step

    # --- inside ---

    def _give_up(self) -> None:
        self._request = None
        self._unused = False

    def _begin(self) -> DialRun:
        self._unused = False
        loop = asyncio.get_running_loop()
        if self._backend.forked:
            raise RuntimeError("this dial belongs to the parent process: after os.fork() make a new one")
        if self._run is None:
            if self._request is None:
                raise HungUpError(message="the dial was hung up before it began")
            self._run = DialRun(self._backend, self._request, self._plan, loop)
            self._request = None  # and the password with it
        elif self._run.loop is not loop:
            raise RuntimeError(f"the dial of {self._entry!r} belongs to another event loop")
        return self._run

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            where = ": await the dial first, for its Connection" if hasattr(Connection, name) else ""
            raise AttributeError(f"a Dialing has no attribute {name!r}{where}", name=name, obj=self)

    def __del__(self) -> None:
        run: DialRun | None = getattr(self, "_run", None)
        if sys is None:  # the interpreter, at its end, has emptied this module
            return
        if run is None:
            if getattr(self, "_unused", False) and not self._backend.forked:
                warnings.warn(
                    f"dial({self._entry!r}) was never awaited", RuntimeWarning, stacklevel=2, source=self
                )
            return
        if self._backend.forked or (run.over and (run.connection is None or run.taken)):
            return
        if run.abandon_connection():
            pass  # at once: a loop that has stopped may never run again
        elif sys.is_finalizing():
            self._backend.sweep()
        else:
            post(run.loop, _Abandonment(run, self._backend))
        what = "connected, before anybody took its connection" if run.over else "unfinished"
        warnings.warn(
            f"the dial of {self._entry!r} was dropped {what}: it is hung up",
            ResourceWarning,
            stacklevel=2,
            source=self,
        )


async def _outcome(run: DialRun) -> Connection:
    run.ask()
    try:
        if not run.over:
            await asyncio.wait((run.finished,))
    except asyncio.CancelledError:
        if not run.taken:
            try:
                await _hang_up(run)
            except RasError as error:
                _logger.warning("%s: could not be hung up: %s", run.entry, error)
        raise
    return _take(run)


async def _hang_up(run: DialRun) -> None:
    run.end(HungUpError(function="RasDialW", message="the dial was hung up", state=run.state))
    cancelled: asyncio.CancelledError | None = None
    try:
        await wait_shielded(run.finished)
    except asyncio.CancelledError as error:
        cancelled = error
    if run.connection is not None:
        run.taken = True
        try:
            await run.connection.hang_up()
        except RasError as error:
            if cancelled is None:
                raise
            _logger.warning("%s: could not be hung up: %s", run.entry, error)
    if cancelled is not None:
        raise cancelled


def _take(run: DialRun) -> Connection:
    failure = run.failure
    if failure is not None:
        raise failure
    assert run.connection is not None
    run.taken = True
    return run.connection


class _Abandonment:
    """The end of a dropped dial, as a callback of its loop. A loop that closes first drops the callback."""

    __slots__ = ("_backend", "_run")

    def __init__(self, run: DialRun, backend: Backend) -> None:
        self._run: DialRun | None = run
        self._backend = backend

    def __call__(self) -> None:
        run, self._run = self._run, None
        if run is not None:
            run.abandon()

    def __del__(self) -> None:
        if self._run is not None:
            self._backend.sweep()


class DialEvents:
    """An iterator over the events of a dial. It keeps its Dialing alive."""

    __slots__ = ("_dialing", "_run", "_seen")

    def __init__(self, dialing: Dialing, run: DialRun) -> None:
        self._dialing = dialing
        self._run = run
        self._seen = 0

    def __aiter__(self) -> DialEvents:
        return self

    async def __anext__(self) -> DialEvent:
        """Return the next event. Canceling loses none.

        Raises:
            StopAsyncIteration: The dial is connected.
            DialError: The dial failed; its failing event was the last one.
        """
        run = self._run
        events = run.events
        while self._seen == len(events):
            run.ask_for_next_event()
            if run.over:
                raise run.failure or StopAsyncIteration
            await run.changed()
        event = events[self._seen]
        self._seen += 1
        return event
