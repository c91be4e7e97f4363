"""One library with what this process knows of it: threads, handles, dials in progress.

The call of a dial, phonebooks, AutoDial and watching work over a session; the backend with its verbs
stands on top of all of them.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from .._native.binding import RasLibrary, RawEvent, release
from .._native.records import ConnectionInfo
from ..errors import RasError, known_codes
from ..errors.codes import ERROR_RASMAN_CANNOT_INITIALIZE, ERROR_USER_DISCONNECTION
from .fork import Lock, new_lock
from .handles import HandleTable, Life, RasHandle, same_connection
from .hang_up import hang_up_and_wait, is_over
from .living import Living
from .marshal import Channel, post
from .threads import ThreadPool

_logger = logging.getLogger(__name__)
_T = TypeVar("_T")

MAX_DIAL_THREADS = 64
MAX_CALL_THREADS = 32
ABANDONED_HANG_UP = 10.0  # seconds
_SECOND_LOOK = 0.005
_ONCE_MORE = (0.01, 0.1)  # seconds until a refused hang-up is tried again


class Call(Protocol):
    """A dial in progress, as its session sees it."""

    channel: Channel
    hrasconn: RasHandle | None
    started: int
    entry: str
    reserved: int

    @property
    def handle(self) -> int:
        """The HRASCONN; 0 while RAS has given none."""

    def deliver(self, events: list[RawEvent]) -> None:
        """Take events of its own, oldest first, on the thread that drains."""

    def may_follow(self, handle: RasHandle) -> bool:
        """Tell whether RAS may have given the value of this life again, to this dial."""

    def abandon(self) -> None:
        """Clean up in the background: its loop has closed. It may block."""

    def fail(self, code: int) -> None:
        """The dial is over, and RAS does not say so: the library is closed, or its handle is gone."""


class Look(Protocol):
    """A lookout over the connections, kept here for its loop."""

    def look(self) -> None: ...
    def close(self) -> None: ...


class Session:
    """Everything about one library that outlives a single call of it.

    Args:
        library: The functions of RAS.
        prepare_phonebook: Called on a thread of the package before a phonebook is used; the simulator
            reads it then.
        forget_event: Ends what is registered for an event, and says whether it could: RAS itself has no way.
    """

    def __init__(
        self,
        library: RasLibrary,
        *,
        prepare_phonebook: Callable[[str | None], None] = lambda phonebook: None,
        forget_event: Callable[[int], bool] = lambda event: False,
    ) -> None:
        known_codes()  # read now: on the way of ending a dial no file may be opened
        library.error_hint(0)  # and so for the words of this library
        self.library: RasLibrary = library
        self.name: str = library.name
        self.simulated: bool = library.simulated
        self.prepare_phonebook: Callable[[str | None], None] = prepare_phonebook
        self.forget_event: Callable[[int], bool] = forget_event
        self.handles: HandleTable
        self.dial_threads: ThreadPool = ThreadPool("rasdial-dial", MAX_DIAL_THREADS)
        self.threads: ThreadPool = ThreadPool("rasdial-call", MAX_CALL_THREADS)
        self.lookouts: dict[asyncio.AbstractEventLoop, Look]
        self.closed: str = ""
        """Why nothing can be dialed any more; "" while it can."""
        self.at_exit: bool = False
        """The interpreter ends: no thread can be started, and one may have stopped with a lock taken."""
        self.forked: bool = False
        """It belongs to the parent process."""
        self.calls_lock: Lock = new_lock()  # one for all dials: each holds it for a moment
        self._lock: Lock = new_lock()
        self._start_afresh()
        living.add(self)

    def _start_afresh(self) -> None:
        self.handles = HandleTable()
        self.lookouts = {}
        self._channels: dict[Channel, set[Call]] = {}
        self._called_back: dict[int, Call] = {}
        self._searches: list[_Search] = []

    # --- blocking calls ---

    def has(self, function: str) -> bool:
        """Tell whether the library has this function of RAS."""
        return self.library.has(function)

    async def call(self, function: Callable[[], _T]) -> _T:
        """Run a blocking call on a thread of the package. Canceling does not stop the call.

        Raises:
            RuntimeError: The session is closed, or the system refuses the first thread.
        """
        self.check_open()
        loop = asyncio.get_running_loop()
        result: asyncio.Future[_T] = loop.create_future()
        self.run(function, loop, result)
        return await result

    def run(
        self, function: Callable[[], _T], loop: asyncio.AbstractEventLoop, result: asyncio.Future[_T]
    ) -> None:
        """The same with a future of the caller's."""

        def job() -> None:
            try:
                value = function()
            except Exception as error:
                post(loop, _settle, result, None, error)
            else:
                post(loop, _settle, result, value, None)

        self.threads.run(job)

    # --- dials in progress ---

    def open_channel(self, loop: asyncio.AbstractEventLoop) -> Channel:
        """The channel of a loop for one more dial, with room for the dial's last event.

        Raises:
            MemoryError: There is no room.
            OSError: The system has no descriptor left.
            RuntimeError: The session is closed, or the system refuses a thread.
        """
        self.check_open()
        if self.at_exit:
            raise RuntimeError("the interpreter ends: it is too late to dial")
        self.threads.hold()  # ending a dial must not need a new thread
        try:
            channel = self._channel(loop)
            try:
                channel.target.reserve()
            except MemoryError:
                self._close_unused(channel)
                raise
        except BaseException:
            self.threads.unhold()
            raise
        return channel

    def _channel(self, loop: asyncio.AbstractEventLoop) -> Channel:
        with self._lock:
            for channel in self._channels:
                if channel.loop is loop:
                    return channel
        channel = Channel(loop, self.library, self._dispatch)
        with self._lock:
            self._channels[channel] = set()
        return channel

    def add(self, call: Call) -> None:
        with self._lock:
            self._channels[call.channel].add(call)

    def remove(self, call: Call) -> bool:
        """A dial is over; the last one closes the channel of its loop. False = it was removed before."""
        with self._lock:
            calls = self._channels.get(call.channel, set())
            if call not in calls:
                return False
            calls.discard(call)
        try:
            for _ in range(call.reserved):
                call.channel.target.unreserve()
        finally:  # also where a KeyboardInterrupt comes
            try:
                self._close_unused(call.channel)
            finally:
                self.threads.unhold()
        return True

    def _close_unused(self, channel: Channel) -> None:
        with self._lock:
            if self._channels.get(channel):
                return
            self._channels.pop(channel, None)
        counters = channel.target.counters()
        if counters.foreign_messages or counters.lost:
            _logger.warning("%s: %s", self.name, counters)
        channel.close()

    def calls(self) -> list[Call]:
        """The dials in progress."""
        with self._lock:
            return [call for calls in self._channels.values() for call in calls]

    def find(
        self, handle: int, loop: asyncio.AbstractEventLoop, done: Callable[[ConnectionInfo | None], None]
    ) -> None:
        """Tell `done` what RAS lists of a connection. Dials that connect together share one enumeration."""
        with self._lock:
            first = not self._searches
            self._searches.append((handle, loop, done))
        if first:
            self.threads.run(self._search)

    def _search(self) -> None:
        with self._lock:
            searches, self._searches = self._searches, []
        try:
            found = {info.handle: info for info in self.library.connections()}
        except RasError as error:
            _logger.warning("%s: the connections can't be listed: %s", self.name, error)
            found = {}
        for handle, loop, done in searches:
            post(loop, done, found.get(handle))

    # --- events ---

    def expect_events(self, dial: int, call: Call) -> None:
        """RAS is about to be called: the events of this number are this call's."""
        self._called_back[dial] = call

    def forget_events(self, dial: int) -> None:
        """The call is over."""
        self._called_back.pop(dial, None)

    def _dispatch(self, events: list[RawEvent]) -> None:
        call = self._called_back.get(events[0].dial)
        if call is not None:
            call.deliver(events)
        else:  # it ended while they waited
            release_holds(events)

    # --- hanging up: the one place that gives a handle back to RAS ---

    def hang_up(self, handle: RasHandle, timeout: float, *, all_references: bool = False) -> bool:
        """Give one reference back, or all, and wait until RAS has released the handle. Blocks.

        Returns:
            Whether the release was seen in time; True as well where another dial of this process keeps
            the connection up, or where this life of the handle was over before.

        Raises:
            RasError: RAS refused.
        """
        deadline = time.monotonic() + timeout
        while (taken := self.handles.start_hang_up(handle, all_references=all_references)) is None:
            if time.monotonic() >= deadline:
                return False
            time.sleep(_SECOND_LOOK)
        if handle.gone or self._given_again(handle):
            self.handles.end(handle)
            return True
        try:
            released = hang_up_and_wait(self.library, handle, timeout, all_references=all_references)
        except RasError:
            self.handles.refused(handle, taken)
            raise
        if handle.life is Life.HANGING_UP and not released:
            self.handles.refused(handle, 0)
            return False
        self._end_others(handle)
        if handle.life is Life.HANGING_UP:
            self.handles.end(handle)
        return released

    def hang_up_quietly(self, handle: RasHandle, timeout: float) -> None:
        """The same where nobody can try again: this does, and logs a failure.

        A dial whose hang-up RAS refuses goes on, without anybody who would hang it up later.
        """
        for pause in (*_ONCE_MORE, None):
            try:
                if not self.hang_up(handle, timeout):
                    _logger.warning(
                        "%s: handle %#x was hung up, and its port was not seen released within %g s",
                        *(self.name, handle.value, timeout),
                    )
                return
            except RasError as error:
                if pause is None:
                    _logger.warning("%s: handle %#x could not be hung up: %s", self.name, handle.value, error)
                else:
                    time.sleep(pause)

    def _end_others(self, handle: RasHandle) -> None:
        """End dials that got the value a moment before this hang-up, and were hit by it: RAS may not tell."""
        value = handle.value
        others = [call for call in self.calls() if call.handle == value and call.hrasconn is not handle]
        if others and self.has("RasGetConnectStatusW") and is_over(*self.library.status(handle.value)):
            for call in others:
                post(call.channel.loop, call.fail, ERROR_USER_DISCONNECTION)

    def _given_again(self, handle: RasHandle) -> bool:
        """Tell whether RAS has given the value to a later dial, which has reported no state of its own yet.

        A dial of a connection that is up gets its handle as well; but then the line is the same and up.
        """
        later = [call for call in self.calls() if call.handle == handle.value and call.may_follow(handle)]
        if any(not handle.is_of(call.entry) for call in later):
            return True
        if not later or not self.has("RasGetConnectStatusW"):
            return False
        status = self.library.status(handle.value)[1]
        if status is None:
            return True
        if not status.connected:
            return True
        listed = [info for info in self.library.connections() if info.handle == handle.value]
        known = handle.info
        return known is not None and bool(listed) and not any(same_connection(known, one) for one in listed)

    # --- the end ---

    def check_open(self) -> None:
        if self.closed:
            raise RuntimeError(self.closed)

    def sweep(self) -> None:
        """End the dials of loops that have closed. From any thread."""
        if self.at_exit:  # so they are over
            return
        with self._lock:
            closed = [channel for channel in self._channels if channel.loop.is_closed()]
            calls = [call for channel in closed for call in self._channels[channel]]
        for channel in closed:
            channel.target.shut()
        for call in calls:
            self.threads.run(call.abandon)

    def abandon(self, handle: RasHandle) -> None:
        """Hang up a connection that nobody took, in the background. From any thread."""
        if handle.gone or self.closed:
            return
        if not self.at_exit:
            self.threads.run(lambda: self.hang_up_quietly(handle, ABANDONED_HANG_UP))
        elif self.has("RasHangUpW"):
            self.library.hang_up(handle.value)

    def close(self, reason: str) -> None:
        """No dials from now on; those in progress fail, and what is up is the library's affair."""
        self.closed = reason
        self.handles.end_all()
        for call in self.calls():
            call.channel.target.shut()
            post(call.channel.loop, call.fail, ERROR_RASMAN_CANNOT_INITIALIZE)
        self.dial_threads.close()
        self.threads.close()
        for loop, lookout in self.lookouts.copy().items():
            if not post(loop, lookout.look):
                lookout.close()

    def forget(self, reason: str) -> None:
        """In a forked child: nothing of the parent's is used."""
        self.forked = True
        self.closed = reason
        self.dial_threads.forget()
        self.threads.forget()
        self._start_afresh()


living: Living[Session] = Living()
"""Every session of this process."""

_Search = tuple[int, asyncio.AbstractEventLoop, Callable[[ConnectionInfo | None], None]]


def release_holds(events: list[RawEvent]) -> None:
    """RAS need not be held at any of these."""
    for event in events:
        if event.hold:
            release(event.hold)


def _settle(result: asyncio.Future[_T], value: _T, error: Exception | None) -> None:
    if result.done():  # canceled meanwhile
        return
    if error is not None:
        result.set_exception(error)
    else:
        result.set_result(value)
