"""One dial over a RAS library: from the thread that calls RasDial to the events on the loop.

The loop's thread runs everything but `run` and what it calls; once the loop has closed, so may any thread.
`_MOVES` has every change of stage there is:

    QUEUED ─→ CALLING ─→ RETURNED ─→ CONNECTED ─→ ENDED
                 │  ↑________│ resume    │
                 ├─→ LEAVING ────────→ HANGING_UP ─→ ENDED      the caller waits for the hang-up
                 └─→ ABANDONED ──────→ HANGING_UP ─→ ENDED      nobody waits

A thread that is inside RasDial when the dial is to end hangs up as soon as RasDial returns. A call that is
CONNECTED while RasDial still runs keeps its connection.
"""

from __future__ import annotations

import asyncio
import enum
import logging
from collections.abc import Callable, Iterator

from .._native.binding import (
    DialCallback,
    EapInfo,
    RawEvent,
    clock,
    device_names,
    handle_cell,
    read_handle,
    release,
)
from .._native.binding.sub_entries import ONE_SUB_ENTRY, count_sub_entries
from .._native.records import ConnectionInfo, DialEvent, DialOptions, DialRequest, Resume, dial_event
from ..errors import ConnectionState, RasError
from ..errors.codes import ERROR_INVALID_HANDLE, GONE
from .base import DialListener
from .handles import RasHandle
from .hang_up import is_over
from .marshal import Channel, on_loop, post
from .session import ABANDONED_HANG_UP, Session
from .threads import Latch

_logger = logging.getLogger(__name__)

NO_HANDLE_SECONDS = 1.0
"""How long the end of a dial waits for a RasDial that has stored no handle: there is nothing to hang up."""
_CONNECTED = int(ConnectionState.CONNECTED)
_Outcome = tuple[int, int]  # state and error
_STATES = {int(state): state for state in ConnectionState}


class Stage(enum.Enum):
    QUEUED = "queued"
    CALLING = "calling"
    RETURNED = "returned"
    CONNECTED = "connected"
    LEAVING = "leaving"
    ABANDONED = "abandoned"
    HANGING_UP = "hanging up"
    ENDED = "ended"


_MOVES = {
    Stage.QUEUED: {Stage.CALLING, Stage.ENDED},
    Stage.CALLING: {Stage.RETURNED, Stage.CONNECTED, Stage.LEAVING, Stage.ABANDONED},
    Stage.RETURNED: {Stage.CALLING, Stage.CONNECTED, Stage.HANGING_UP},
    Stage.CONNECTED: {Stage.ENDED, Stage.HANGING_UP},  # its loop may close before anybody gets it
    Stage.LEAVING: {Stage.ABANDONED, Stage.HANGING_UP},
    Stage.ABANDONED: {Stage.HANGING_UP},
    Stage.HANGING_UP: {Stage.ENDED},
    Stage.ENDED: set[Stage](),
}


class RasCall(Latch):
    """A dial in RAS's hands. The latch is set when nothing is left to clean up.

    The session's `calls_lock` guards `stage`: the loop's thread, the thread in RasDial and the end of the
    interpreter all move it.

    Attributes:
        started: When RasDial was called, in nanoseconds of the clock that callbacks read.
        sub_entries: How many sub-entries RAS dials, known before the first event comes.
        reserved: How often it has set memory aside for a last event.
        hrasconn: The handle's life, once RAS has given one.
    """

    __slots__ = (
        *(
            "_attempt",
            "_cell",
            "_done",
            "_eap",
            "_eap_sub_entry",
            "_end_code",
            "_counts",
            "_holds",
            *("_is_new", "_listener", "_message", "_notifier", "_pauses"),
        ),
        *("_release_thread", "_request", "_resumes", "_session", "_timer", "_timeout"),
        *("channel", "entry", "hrasconn", "reserved", "stage", "started", "sub_entries"),
    )

    def __init__(
        self,
        session: Session,
        loop: asyncio.AbstractEventLoop,
        request: DialRequest,
        listener: DialListener,
        attempt: int,
    ) -> None:
        Latch.__init__(self)
        self.channel: Channel = session.open_channel(loop)
        self.entry: str = request.entry or f".{request.phone_number}"
        self.started: int = 0
        self.sub_entries: int = 1
        self.reserved: int = 1
        self.hrasconn: RasHandle | None = None
        self.stage: Stage = Stage.QUEUED
        self._session = session
        self._attempt = attempt
        self._request: DialRequest | None = request
        self._pauses = DialOptions.PAUSED_STATES in request.options
        self._eap = EapInfo.of(request)
        self._counts = ONE_SUB_ENTRY
        self._eap_sub_entry: int | None = None
        self._listener: DialListener | None = listener
        self._cell = handle_cell()
        self._notifier: DialCallback | None = None
        self._holds: tuple[int, ...] = ()
        self._resumes: tuple[tuple[Resume, DialEvent], ...] = ()  # input for RasDial calls still to come
        self._is_new = False  # it reported a state of its own: no reference to an older dial
        self._message = ""  # explains a code better than its usual text
        self._release_thread: Callable[[], None] | None = None
        self._end_code = 0
        self._timeout = ABANDONED_HANG_UP
        self._done: Callable[[str | None], None] | None = None
        self._timer: asyncio.Handle | None = None
        session.add(self)
        try:
            session.dial_threads.run(self.run)
        except RuntimeError:  # the system has no thread for it
            self._move(Stage.ENDED)
            self._give_back()
            raise

    def _move(self, stage: Stage) -> None:
        """Raises AssertionError for a change that is none: a bug of this package."""
        assert stage in _MOVES[self.stage], f"a call that is {self.stage.value} can't be {stage.value}"
        self.stage = stage

    # --- for the session ---

    @property
    def handle(self) -> int:
        return read_handle(self._cell) or (0 if self.hrasconn is None else self.hrasconn.value)

    def may_follow(self, handle: RasHandle) -> bool:
        """RasDial's start says nothing: a dial that began first may get a value last."""
        return self.hrasconn is None or (self.hrasconn is handle and self.started != handle.founder)

    # --- the thread that calls RasDial ---

    def run(self) -> None:
        """Call RasDial, on a thread that stays until the dial is over."""
        with self._session.calls_lock:
            if self.stage is Stage.QUEUED:
                self._move(Stage.CALLING)
            if self.stage is not Stage.CALLING:  # ended before a thread was free
                return
            request = self._request
            if not self._pauses:  # else it is needed once more
                self._request = None
        assert request is not None
        if self._release_thread is None:
            self._release_thread = self._session.dial_threads.keep()
        code, outcome = self._dial(request)
        del request  # and the password with it
        stage = self._leave_rasdial()
        if stage in (Stage.LEAVING, Stage.ABANDONED):
            self._hang_up()
        elif stage is Stage.RETURNED and not post(self.channel.loop, self._returned, code, outcome):
            self.abandon()

    def _leave_rasdial(self) -> Stage:
        with self._session.calls_lock:
            if self.stage is Stage.CALLING:
                self._move(Stage.RETURNED)
            return self.stage

    def _dial(self, request: DialRequest) -> tuple[int, _Outcome | None]:
        """RasDial's code, and the outcome that RAS has for the dial already: its event may never come.

        RAS documents no event for the dial of an entry that is connected.
        """
        library = self._session.library
        try:
            if self._notifier is None:
                self._session.prepare_phonebook(request.phonebook)
                self._count_sub_entries(request)
                self._notifier = self.channel.target.begin(request.hold_errors)
                self._session.expect_events(self._notifier.dial, self)
                self.started = clock()
            several = self._counts.total > 1
            code = library.dial(
                request,
                self._notifier.function(several),
                self._cell,
                several=several,
                eap=self._eap,
                eap_sub_entry=self._eap_sub_entry,
            )
            # A thread may be late to read the clock, and RAS may have given the value again by then.
            had = self._notifier.first_called() or clock()
            handle = read_handle(self._cell)
            self._enter(handle, had, new=False)
            if code != 0 or not handle or not library.has("RasGetConnectStatusW"):
                return code, None
            answer, status = library.status(handle)
        except RasError as error:  # before RasDial: the phonebook or the credentials can't be read
            self._message = error.message
            return error.code, None
        except Exception:
            _logger.exception("%s: RasDialW could not be called", library.name)
            return ERROR_INVALID_HANDLE, None
        if status is None:
            return (answer if answer in GONE else code), None
        if status.connected:
            return code, (_CONNECTED, 0)
        self._enter(handle, had, new=True)
        if several or not is_over(answer, status):
            return code, None
        return code, (int(status.state), status.error)

    def _count_sub_entries(self, request: DialRequest) -> None:
        """Each sub-entry may have a last event of its own."""
        self._counts = count_sub_entries(self._session.library, request.phonebook, request.entry)
        self.sub_entries = self._counts.dialed
        while self.reserved < self.sub_entries:
            self.channel.target.reserve()
            self.reserved += 1

    def _enter(self, handle: int, known: int, *, new: bool) -> None:
        """RAS had given this handle at that moment; new = to a dial that is no reference to an older one."""
        with self._session.calls_lock:
            if self.stage in (Stage.CONNECTED, Stage.ENDED) or not handle:
                return
            handles = self._session.handles
            if self.hrasconn is None:
                self.hrasconn = handles.enter(handle, self.started, known, self.entry, new=new)
            elif new and not self._is_new:
                self.hrasconn = handles.renew(self.hrasconn, self.started, known)
            self._is_new = self._is_new or new

    # --- on the loop ---

    def _returned(self, code: int, outcome: _Outcome | None) -> None:
        self.channel.target.drain()  # what RAS reported before it returned comes first
        handle = self.handle
        if code == 0 and not handle:
            code = ERROR_INVALID_HANDLE
        if self._listener is not None:
            self._listener.on_returned(code, self._message)
        if outcome is not None and self._listener is not None:
            state, error = outcome
            elapsed = (clock() - self.started) / 1e9
            event = dial_event(ConnectionState(state), error, 0, handle, elapsed, self._attempt, 0, "", "")
            self._listener.on_event(event, held=False)
        if self._resumes and self.stage is Stage.RETURNED:
            first, *later = self._resumes
            self._resumes = tuple(later)
            self.resume(*first)

    def resume(self, resume: Resume, pause: DialEvent) -> None:
        """Leave the paused state of this event; the answer is `DialListener.on_returned` once more."""
        with self._session.calls_lock:
            if self.stage is not Stage.RETURNED:  # one call of RasDial at a time
                self._resumes = (*self._resumes, (resume, pause))
                return
            self._move(Stage.CALLING)
        assert self._request is not None
        self._request = resume.applied_to(self._request)
        shows_window = pause.state == ConnectionState.INVOKE_EAP_UI
        self._eap_sub_entry = (pause.sub_entry or self._request.sub_entry) if shows_window else None
        self._session.dial_threads.run(self.run)

    def deliver(self, events: list[RawEvent]) -> None:
        """Take events of this dial, in the drain of its loop."""
        self._take(iter(events))

    def _take(self, events: Iterator[RawEvent]) -> None:
        try:
            for event in events:
                self._take_one(event)
        except BaseException:
            self._take(events)  # whatever was wrong with one keeps none of the others back
            raise

    def _take_one(self, event: RawEvent) -> None:
        _, handle, device, at, hold, number, error, extended_error, sub_entry, _ = event
        state = _STATES[number] if number in _STATES else ConnectionState(number)
        if not self._is_new:
            self._enter(handle, at, new=bool(error or number != _CONNECTED))
        if hold:
            self._holds = (*self._holds, hold)
        if self._listener is None:
            self.proceed()
            return
        if self.hrasconn is not None and self.hrasconn.value == handle:
            handle = self.hrasconn.value  # the same int object for every event
        self._listener.on_event(
            dial_event(
                state,
                error,
                extended_error,
                handle,
                (at - self.started) / 1e9,
                self._attempt,
                sub_entry,
                *device_names(device),
            ),
            hold != 0,
        )

    def fail(self, code: int) -> None:
        """The dial is over, and RAS does not say so."""
        self.channel.target.drain()  # what it has said comes first
        if self._listener is not None:
            closed = self._session.closed
            self._listener.on_returned(code, closed, "" if closed else None)  # no service is to be started

    def proceed(self) -> None:
        """Let RAS go on that is held at an error."""
        holds, self._holds = self._holds, ()
        for hold in holds:
            release(hold)

    # --- how it ends ---

    def connected(self, done: Callable[[RasHandle, ConnectionInfo | None], None]) -> None:
        """The dial succeeded: `done` gets its handle, and what RAS lists of the connection."""
        with self._session.calls_lock:
            self._move(Stage.CONNECTED)
        self._listener = None
        hrasconn = self.hrasconn or RasHandle(0)  # RAS named none: there is nothing to hang up

        def found(info: ConnectionInfo | None) -> None:
            if hrasconn.info is None:
                hrasconn.info = info
            try:
                self.end()
            finally:  # also where a KeyboardInterrupt comes: the connection is to have an owner
                done(hrasconn, info)

        self._session.find(hrasconn.value, self.channel.loop, found)

    def close(self, code: int, timeout: float, done: Callable[[str | None], None]) -> None:
        """Hang up, wait until the port is released or the time is over, then tell `done`.

        Args:
            code: The error to fetch the official text for.
            timeout: Seconds.
            done: Called on the loop with that text, None where there is none.
        """
        self._listener = None
        self._end_code, self._timeout, self._done = code, timeout, done
        self.proceed()
        with self._session.calls_lock:
            if self.stage is Stage.QUEUED:
                self._move(Stage.ENDED)
            elif self.stage is Stage.CALLING:
                self._move(Stage.LEAVING)
            else:
                self._move(Stage.HANGING_UP)
            stage = self.stage  # from LEAVING, RasDial's thread may move it on as soon as the lock is free
        if stage is Stage.ENDED:
            self._give_back()
            self._answer(None)
            return
        bound = timeout + 1.0 if self.handle else NO_HANDLE_SECONDS
        self._timer = self.channel.loop.call_later(bound, self._give_up, bound)
        if stage is Stage.HANGING_UP:
            self._session.threads.run(self._hang_up)

    def _hang_up(self) -> None:
        """Hang up, on a thread of the package, and answer the caller."""
        with self._session.calls_lock:
            if self.stage is not Stage.HANGING_UP:
                self._move(Stage.HANGING_UP)
        text = self._session.library.error_text(self._end_code) if self._done is not None else None
        if self.hrasconn is not None:
            self._session.hang_up_quietly(self.hrasconn, self._timeout)
        self.end()
        post(self.channel.loop, self._answer, text)

    def _give_up(self, bound: float) -> None:
        """The time is over: what is left to do happens in the background."""
        with self._session.calls_lock:
            if self.stage is Stage.LEAVING:
                self._move(Stage.ABANDONED)
        if not self.is_set():
            _logger.warning("%s: a dial could not be ended within %g s", self._session.name, bound)
        self._answer(None)

    def _answer(self, text: str | None) -> None:
        done, self._done = self._done, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if done is not None:
            done(text)

    def disown(self) -> bool:
        """Abandon the call. Return True if the caller has to hang up, False if a thread at work does.

        A connection that was handed out stays up, also where RasDial returns after its loop has closed.
        """
        self._listener = None
        with self._session.calls_lock:
            hangs_up = self.stage in (Stage.RETURNED, Stage.CONNECTED)
            if self.stage is Stage.QUEUED:
                self._move(Stage.ENDED)
            elif hangs_up:
                self._move(Stage.HANGING_UP)
            elif self.stage in (Stage.CALLING, Stage.LEAVING):
                self._move(Stage.ABANDONED)
            over = self.stage is Stage.ENDED  # also where its loop closed before it was given back
        if over:
            self._give_back()
        return hangs_up

    def abandon(self) -> None:
        """Abandon the call. Blocks if this thread has to hang up."""
        if self.disown():
            self._hang_up()

    def end(self) -> None:
        """Nothing is left of the dial in RAS. From any thread."""
        with self._session.calls_lock:
            if self.stage is Stage.ENDED:
                return
            self._move(Stage.ENDED)
        self.set()
        if on_loop(self.channel.loop):
            self._give_back_on_loop()
        elif not post(self.channel.loop, self._give_back_on_loop):
            self._give_back()

    def _give_back_on_loop(self) -> None:
        self.channel.target.drain()  # a held event may wait, and RAS with it
        self._give_back()

    def _give_back(self) -> None:
        """Give back the dial's callback, its thread, and its share of the channel."""
        self.set()
        first = True
        try:
            first = self._session.remove(self)
        finally:  # also where a KeyboardInterrupt comes: nobody would do the rest
            if first:
                self._give_back_its_own()

    def _give_back_its_own(self) -> None:
        if self._release_thread is not None:
            self._release_thread()
        self._listener = self._request = None
        if self._notifier is not None:
            self._session.forget_events(self._notifier.dial)
            self._notifier.close()
        if self._eap is not None:
            self._eap.wipe()
