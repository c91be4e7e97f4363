"""One dial over a RAS library: from the thread that calls RasDial to the events on the loop.

A call is QUEUED until a worker takes it, CALLING while RasDial runs, then RETURNED. What nobody
waits for any more is ABANDONED: whoever holds it then, the worker that is in RasDial or the thread
that abandons it, hangs up. The loop's thread runs everything but `run`; once the loop has closed, so
may any thread.
"""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from .._native.binding import (
    EapInfo,
    RawEvent,
    clock,
    device_names,
    handle_cell,
    read_handle,
    release,
    this_thread,
)
from .._native.binding.sub_entries import ONE_LINK, links_of
from .._native.records import ConnectionInfo, DialEvent, DialOptions, DialRequest, Resume, dial_event
from ..errors import ConnectionState, RasError
from ..errors.codes import ERROR_INVALID_HANDLE, ERROR_RASMAN_CANNOT_INITIALIZE
from .base import DialCall, DialListener, Link
from .hang_up import hang_up_quietly
from .marshal import Channel, on_loop, post
from .threads import Latch

if TYPE_CHECKING:
    from .rasapi import RasBackend

_logger = logging.getLogger(__name__)

ABANDONED_HANG_UP = 10.0  # seconds
_CONNECTED = int(ConnectionState.CONNECTED)
_STATES = {int(state): state for state in ConnectionState}


class Stage(enum.Enum):
    QUEUED = "queued"
    CALLING = "calling"
    RETURNED = "returned"
    ABANDONED = "abandoned"


class RasCall(DialCall, Latch):
    """A dial in the hands of a RasBackend. The latch is set when nothing is left to clean up.

    The backend's `calls_lock` is around _stage, _given_back, _fresh and _linked.

    Attributes:
        started: When RasDial was called, in nanoseconds of the clock that callbacks read.
        thread: Which one calls it, as events name theirs.
        links: How many links RAS dials, known before the first event comes.
        reserved: How often it has set memory aside for a last event.
    """

    __slots__ = (
        *("_asked", "_attempt", "_backend", "_cell", "_closed", "_closing", "_eap", "_eap_link"),
        *("_entry_links", "_fresh", "_given_back", "_holds", "_known_handle", "_let_thread_go", "_linked"),
        *("_listener", "_message", "_pauses", "_request", "_resumes", "_resuming", "_stage", "channel"),
        *("entry", "links", "reserved", "routed", "started", "thread"),
    )

    def __init__(
        self,
        backend: RasBackend,
        channel: Channel,
        request: DialRequest,
        listener: DialListener,
        attempt: int,
    ) -> None:
        Latch.__init__(self)
        self.channel = channel
        self.entry: str = request.entry or request.phone_number
        self.started: int = 0
        self.thread: int = 0
        self.routed: int = 0
        self.links: int = 1
        self.reserved: int = 1
        self._backend = backend
        self._attempt = attempt
        self._request: DialRequest | None = request
        self._pauses = DialOptions.PAUSED_STATES in request.options
        self._eap = EapInfo.of(request)
        self._entry_links = ONE_LINK
        self._eap_link: int | None = None
        self._listener: DialListener | None = listener
        self._cell = handle_cell()
        self._stage = Stage.QUEUED
        self._closing: Callable[[], None] | None = None  # to be run when RasDial has returned
        self._closed = False
        self._holds: tuple[int, ...] = ()
        self._asked = not request.hold_errors  # RAS need not be held
        self._resuming = False
        self._resumes: tuple[tuple[Resume, DialEvent], ...] = ()
        self._given_back = False
        self._fresh = False  # it was seen unconnected: no reference to an older dial
        self._linked = False
        self._known_handle = 0
        self._message = ""  # explains a code better than its usual text
        self._let_thread_go: Callable[[], None] | None = None

    @property
    def handle(self) -> int:
        return read_handle(self._cell)

    def peek(self) -> int:
        return read_handle(self._cell)

    def run(self) -> None:
        """Calls RasDial, on a thread that stays until the dial is over."""
        with self._backend.calls_lock:
            if self._stage is Stage.ABANDONED or self._closed:
                return
            self._stage = Stage.CALLING
            request = self._request
            if not self._pauses:  # else it is needed once more
                self._request = None
        assert request is not None
        if self._let_thread_go is None:
            self._let_thread_go = self._backend.dial_threads.keep()
        code, connected = self._dial(request)
        del request  # and the password with it
        with self._backend.calls_lock:
            abandoned = self._stage is Stage.ABANDONED
            if not abandoned:
                self._stage = Stage.RETURNED
        if abandoned:
            self._hang_up_abandoned()
        elif not post(self.channel.loop, self._returned, code, connected):
            self.abandon()

    def _dial(self, request: DialRequest) -> tuple[int, bool]:
        """RasDial's code, and whether the connection is up at once.

        RAS documents no event for the dial of an entry that is connected already.
        """
        library = self._backend.library
        try:
            if not self.started:
                self._count_links(request)
                self.thread = this_thread()
                self.started = clock()
                self._backend.router.begin(self)
            several = self._entry_links.total > 1
            notifier = self.channel.target.callback(request.hold_errors, several)
            code = library.dial(
                request, notifier, self._cell, links=several, eap=self._eap, eap_link=self._eap_link
            )
            if code != 0 or not self.handle or not library.has("RasGetConnectStatusW"):
                return code, False
            status = library.status(self.handle)[1]
        except RasError as error:  # before RasDial: the credentials are not to be had
            self._message = error.message
            return error.code, False
        except Exception:
            _logger.exception("%s: RasDialW could not be called", library.name)
            return ERROR_INVALID_HANDLE, False
        if status is None:
            return code, False
        if not status.connected:
            self._is_fresh(self.handle)
        return code, status.connected

    def _count_links(self, request: DialRequest) -> None:
        """Each link may have a last event of its own."""
        self._entry_links = links_of(self._backend.library, request.phonebook, request.entry)
        self.links = self._entry_links.dialed
        while self.reserved < self.links:
            self.channel.target.reserve()
            self.reserved += 1

    def _is_fresh(self, handle: int) -> None:
        """It is no reference to an older dial: whoever had its handle before has lost it."""
        with self._backend.calls_lock:
            if not self._fresh and not self._linked:
                self._fresh = True
                self._backend.links.retire(handle)

    def _returned(self, code: int, connected: bool) -> None:
        self.channel.target.drain()  # what RAS reported before it returned comes first
        handle = self._known_handle = self.handle
        self._backend.router.returned(self, handle)
        self.thread = 0  # and has its events by its handle from now on
        if code == 0 and not handle:
            code = ERROR_INVALID_HANDLE
        if self._listener is not None:
            self._listener.on_returned(code, self._message)
        if connected and self._listener is not None:
            elapsed = (clock() - self.started) / 1e9
            event = DialEvent(
                ConnectionState.CONNECTED, handle=self.handle, elapsed=elapsed, attempt=self._attempt
            )
            self._listener.on_event(event, held=False)
        self._start_closing()
        self._resuming = False
        if self._resumes:
            first, *later = self._resumes
            self._resumes = tuple(later)
            self.resume(*first)

    def resume(self, resume: Resume, pause: DialEvent) -> None:
        if self._stage is not Stage.RETURNED or self._resuming:  # one call of RasDial at a time
            self._resumes = (*self._resumes, (resume, pause))
            return
        self._resuming = True
        assert self._request is not None
        self._request = resume.applied_to(self._request)
        shows_window = pause.state == ConnectionState.INVOKE_EAP_UI
        self._eap_link = (pause.sub_entry or self._request.sub_entry) if shows_window else None
        self._backend.dial_threads.run(self.run)

    def _start_closing(self) -> None:
        closing, self._closing = self._closing, None
        if closing is not None:
            self._closed = True
            self._backend.threads.run(closing)

    def deliver(self, events: list[RawEvent]) -> None:
        """Events of this dial, on the thread of whichever loop has drained them."""
        if on_loop(self.channel.loop):
            self._take(iter(events))
        elif not post(self.channel.loop, self._take, iter(events)):  # RAS may have given the handle again
            for hold in filter(None, (event.hold for event in events)):
                release(hold)

    def _take(self, events: Iterator[RawEvent]) -> None:
        try:
            for event in events:
                self._take_one(event)
        except BaseException:
            self._take(events)  # whatever was wrong with one keeps none of the others back
            raise

    def _take_one(self, event: RawEvent) -> None:
        handle, device, at, hold, number, error, extended_error, sub_entry, _ = event
        state = _STATES[number] if number in _STATES else ConnectionState(number)
        if not self._fresh and (error or number != _CONNECTED):
            self._is_fresh(handle)
        if hold:
            self._holds = (*self._holds, hold)
        if self._listener is None:
            self.proceed()
            return
        if self._known_handle != handle:
            self._known_handle = handle
        self._listener.on_event(
            dial_event(
                state,
                error,
                extended_error,
                self._known_handle,  # the same int object for every event
                (at - self.started) / 1e9,
                self._attempt,
                sub_entry,
                *device_names(device),
            ),
            hold != 0,
        )

    def fail(self) -> None:
        """The library is closed under the dial."""
        if self._listener is not None:
            self._listener.on_returned(ERROR_RASMAN_CANNOT_INITIALIZE)

    def proceed(self) -> None:
        holds, self._holds = self._holds, ()
        for hold in holds:
            release(hold)

    def ask(self) -> None:
        if not self._asked:
            self._asked = True
            self._backend.let_go()

    @property
    def waits_for_handle(self) -> bool:
        """RasDial runs and has stored no handle: a held event that nobody owns may be this dial's."""
        return self._stage in (Stage.CALLING, Stage.ABANDONED) and not self.handle

    @property
    def holds(self) -> bool:
        """RAS is to stay at an error: the consumer has not asked for more."""
        return not self._asked

    @property
    def ends(self) -> bool:
        """Nobody wants its events any more."""
        return self._listener is None

    def connected(self, done: Callable[[Link, ConnectionInfo | None], None]) -> None:
        with self._backend.calls_lock:
            self._linked = True
            link = self._backend.links.take(self.handle)
        self._listener = None

        def found(info: ConnectionInfo | None) -> None:
            self._give_back()
            done(link, info)

        self._backend.find(self.handle, self.channel.loop, found)

    def close(self, code: int, timeout: float, done: Callable[[str | None], None]) -> None:
        self._listener = None
        self.proceed()
        loop = self.channel.loop
        answered = False

        def answer(text: str | None) -> None:
            nonlocal answered
            if not answered:
                answered = True
                bound.cancel()
                done(text)

        def hung_up(text: str | None) -> None:
            self._give_back()
            answer(text)

        def hang_up() -> None:
            text = self._backend.library.error_text(code)
            self._backend.router.hanging_up(self.handle, clock())
            hang_up_quietly(self._backend.library, self.handle, timeout)
            self.set()
            if not post(loop, hung_up, text):
                self._give_back()

        def give_up() -> None:
            if not self.is_set():
                _logger.warning("%s: a dial could not be ended within %g s", self._backend.name, timeout)
                self.abandon()
            answer(None)

        bound = loop.call_later(timeout + 1.0, give_up)
        with self._backend.calls_lock:
            stage = self._stage
        self._closing = hang_up
        if stage is Stage.QUEUED:
            self.abandon()
            answer(None)
        elif stage is Stage.RETURNED:
            self._start_closing()
        else:
            self._backend.let_go()

    def disown(self) -> bool:
        """Nobody waits any more; True = hanging up is up to the caller, not to a thread at work.

        A connection that was handed out stays up, also where RasDial returns after its loop has closed.
        """
        with self._backend.calls_lock:
            if self._given_back:
                return False
            stage, self._stage = self._stage, Stage.ABANDONED
        if stage is Stage.QUEUED:
            self.ended()
        return stage is Stage.RETURNED and not self._closed

    def abandon(self) -> None:
        """Nobody waits any more. Blocks where hanging up is up to this thread."""
        if self.disown():
            self._hang_up_abandoned()
        elif self.is_set():  # its loop closed before it could give back what it took
            self._give_back()

    def _hang_up_abandoned(self) -> None:
        self._backend.router.returned(self, 0)
        self._backend.router.hanging_up(self.handle, clock())
        hang_up_quietly(self._backend.library, self.handle, ABANDONED_HANG_UP)
        self.ended()

    def ended(self) -> None:
        """Nothing is left of the dial in RAS. From any thread."""
        self.set()
        if on_loop(self.channel.loop) or not post(self.channel.loop, self._give_back):
            self._give_back()

    def _give_back(self) -> None:
        """What the dial took: its place among the owners, its thread, its share of the channel."""
        self.set()
        with self._backend.calls_lock:
            given_back, self._given_back = self._given_back, True
        if given_back:
            return
        self._listener = self._request = None
        if self._eap is not None:
            self._eap.wipe()
        self._backend.router.ended(self)
        if self._let_thread_go is not None:
            self._let_thread_go()
        self._backend.leave(self.channel, self)
