"""The backend over a table of RAS functions: Windows' own, another library's, the simulator's."""

from __future__ import annotations

import asyncio
import logging
import threading
import weakref
from collections.abc import Callable
from typing import TypeVar

from .._native.binding import RasLibrary, RawEvent, clock, release
from .._native.records import ConnectionInfo, ConnectionStatus, DialRequest, EntryName
from ..errors import RasError
from ..errors.codes import GONE
from .autodial import AutoDial
from .base import DialCall, DialListener, Link
from .books import RasBooks
from .call import ABANDONED_HANG_UP, RasCall
from .handles import Links
from .hang_up import hang_up_and_wait, hang_up_quietly
from .link_verbs import RasLinkVerbs
from .lookout import forget, look_again
from .marshal import Channel, post
from .router import Router
from .threads import ThreadPool

_logger = logging.getLogger(__name__)
_T = TypeVar("_T")

MAX_DIAL_THREADS = 64
MAX_CALL_THREADS = 32

living: weakref.WeakSet[RasBackend] = weakref.WeakSet()


class RasBackend(RasLinkVerbs):
    """Dials over one library, on any number of loops."""

    def __init__(self, library: RasLibrary) -> None:
        self.library: RasLibrary = library
        self.name: str = library.name
        self.simulated: bool = library.simulated
        self.links: Links = Links()
        self.router: Router = Router(unclaimed=_let_go)
        self.dial_threads: ThreadPool = ThreadPool("rasdial-dial", MAX_DIAL_THREADS)
        self.threads: ThreadPool = ThreadPool("rasdial-call", MAX_CALL_THREADS)
        self._lock = threading.RLock()  # a __del__ may come in anywhere
        self.calls_lock: threading.RLock = threading.RLock()  # one for all dials: each holds it for a moment
        self._channels: dict[Channel, set[RasCall]] = {}
        self._searches: list[_Search] = []
        self._closed = ""
        self._ended = False
        living.add(self)

    def dial(
        self, request: DialRequest, listener: DialListener, loop: asyncio.AbstractEventLoop, attempt: int
    ) -> DialCall:
        self._check_open()
        if self._ended:
            raise RuntimeError("the interpreter ends: it is too late to dial")
        sweep_closed_loops()
        channel = self._channel(loop)
        try:
            channel.target.reserve()
        except MemoryError:
            self.leave(channel)
            raise
        call = RasCall(self, channel, request, listener, attempt)
        with self._lock:
            self._channels[channel].add(call)
        try:
            self.dial_threads.run(call.run)
        except RuntimeError:  # the system has no thread for it
            call.abandon()
            raise
        return call

    def _channel(self, loop: asyncio.AbstractEventLoop) -> Channel:
        with self._lock:
            for channel in self._channels:
                if channel.loop is loop:
                    return channel
        channel = Channel(loop, self.library, self._dispatch)
        with self._lock:
            self._channels[channel] = set()
        return channel

    def _dispatch(self, events: list[RawEvent]) -> None:
        self.router.dispatch(events)
        if any(event.hold for event in events):
            self.let_go()

    def let_go(self) -> None:
        """RasDial may be waiting for a callback that is held, while the handle of its dial is not known.

        So nobody can be shown that event: it is let go when no dial that it may be of is to be held.
        """
        if not self.router.unclaimed():
            return
        calls = self.calls()
        waiting = [call for call in calls if call.waits_for_handle]
        if any(call.ends for call in waiting) or not any(call.holds for call in waiting):
            known = {call.handle for call in calls}  # asked after `waiting`: it may come in between
            for event in self.router.unclaimed():
                if event.handle not in known:
                    _let_go(event)

    def leave(self, channel: Channel, call: RasCall | None = None) -> None:
        """A dial is over; the last one closes the channel of its loop."""
        if call is not None:
            for _ in range(call.reserved):
                channel.target.unreserve()
        with self._lock:
            calls = self._channels[channel]
            if call is not None:
                calls.discard(call)
            if calls:
                return
            del self._channels[channel]
        counters = channel.target.counters()
        if counters.foreign_messages or counters.lost:
            _logger.warning("%s: %s", self.name, counters)
        channel.close()

    def find(
        self,
        handle: int,
        loop: asyncio.AbstractEventLoop,
        done: Callable[[ConnectionInfo | None], None],
    ) -> None:
        """What RAS lists of a connection. Dials that connect together share one enumeration."""
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

    async def connections(self) -> list[tuple[Link, ConnectionInfo]]:
        found = await self._call(self.library.up)
        return [(self.links.listed(info), info) for info in found]

    async def entries(self, phonebook: str | None) -> list[EntryName]:
        return await self._call(lambda: self.library.entries(phonebook))

    @property
    def books(self) -> RasBooks:
        return RasBooks(self)

    @property
    def autodial(self) -> AutoDial:
        return AutoDial(self)

    def prepare_phonebook(self, phonebook: str | None) -> None:
        """A phonebook is about to be used; the simulator reads it first."""

    async def status(self, link: Link) -> ConnectionStatus:
        if not link.gone:
            code, status = await self._call(lambda: self.library.status(link.handle))
            if link.gone:  # meanwhile RAS gave the handle to another dial
                code, status = GONE[0], None
            if status is not None:
                return status
            if code not in GONE:
                raise self.library.error(code, "RasGetConnectStatusW")
            self.links.end(link)
        raise RasError(GONE[0], function="RasGetConnectStatusW")

    def _over(self, link: Link) -> None:
        self.links.end(link)

    def drop(self, link: Link) -> None:
        if link.gone or self._closed:
            return
        if self._ended:  # no thread runs any more: one of them may have stopped with a lock taken
            if self.library.has("RasHangUpW"):
                self.library.hang_up(link.handle)
        else:
            self.links.give(link, all_references=False)
            self.threads.run(lambda: self._hang_up_dropped(link))

    def _hang_up_dropped(self, link: Link) -> None:
        if not link.gone and not self._given_again(link):
            self.router.hanging_up(link.handle, clock())
            hang_up_quietly(self.library, link.handle, ABANDONED_HANG_UP)

    def hang_up(self, link: Link, timeout: float, all_references: bool) -> asyncio.Future[bool]:
        loop = asyncio.get_running_loop()
        result: asyncio.Future[bool] = loop.create_future()
        if link.gone:
            result.set_result(True)
            return result
        self._check_open()
        references = self.links.give(link, all_references)

        def hang_up() -> bool:
            if link.gone or self._given_again(link):
                self.links.end(link)
                return True
            self.router.hanging_up(link.handle, clock())
            try:
                released = hang_up_and_wait(
                    self.library,
                    link.handle,
                    timeout,
                    all_references=all_references,
                    over=lambda: link.gone or (link.references > 0 and not all_references),
                )
            except RasError:
                self.links.take_back(link, references)
                raise
            if released and not link.references:
                self.links.end(link)
            return released

        self._run(hang_up, loop, result)
        return result

    def _given_again(self, link: Link) -> bool:
        """RAS has given the handle to a new dial, which has reported nothing yet.

        A dial of a connection that is up gets its handle as well; but that one is up.
        """
        if not self.router.owned(link.handle):
            return False
        if not self.library.has("RasGetConnectStatusW"):
            return False
        status = self.library.status(link.handle)[1]
        return status is not None and not status.connected

    async def _call(self, function: Callable[[], _T]) -> _T:
        """A blocking call on a thread of the package; cancelling leaves it to itself."""
        self._check_open()
        loop = asyncio.get_running_loop()
        result: asyncio.Future[_T] = loop.create_future()
        self._run(function, loop, result)
        return await result

    def _run(
        self, function: Callable[[], _T], loop: asyncio.AbstractEventLoop, result: asyncio.Future[_T]
    ) -> None:
        def job() -> None:
            try:
                value = function()
            except Exception as error:
                post(loop, _settle, result, None, error)
            else:
                post(loop, _settle, result, value, None)

        self.threads.run(job)

    def calls(self) -> list[RasCall]:
        """The dials in progress."""
        with self._lock:
            return [call for calls in self._channels.values() for call in calls]

    def sweep(self) -> None:
        """Ends the dials of loops that have closed."""
        if self._ended:  # so they are over
            return
        with self._lock:
            closed = [channel for channel in self._channels if channel.loop.is_closed()]
            calls = [call for channel in closed for call in self._channels[channel]]
        for channel in closed:
            channel.target.shut()
        for call in calls:
            self.threads.run(call.abandon)

    def end(self) -> list[RasCall]:
        """The interpreter ends: no dials from now on, and no threads. Returns the dials in progress."""
        self._ended = True
        return self.calls()

    def close(self, reason: str) -> None:
        """No dials from now on; those in progress fail, and what is up is the library's affair."""
        self._closed = reason
        self.links.retire_all()
        for call in self.calls():
            call.channel.target.shut()
            post(call.channel.loop, call.fail)
        self.dial_threads.close()
        self.threads.close()
        look_again(self)

    def forget(self, reason: str) -> None:
        """In a forked child: nothing of the parent's is used."""
        self.forked = True
        self._lock = threading.RLock()
        self.calls_lock = threading.RLock()
        self.links = Links()
        self.router = Router(unclaimed=_let_go)
        self.dial_threads.forget()
        self.threads.forget()
        self._channels = {}
        self._searches = []
        self._closed = reason
        forget(self)

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError(self._closed)


_Search = tuple[int, asyncio.AbstractEventLoop, Callable[[ConnectionInfo | None], None]]


def _let_go(event: RawEvent) -> None:
    if event.hold:
        release(event.hold)


def _settle(result: asyncio.Future[_T], value: _T, error: Exception | None) -> None:
    if result.done():  # cancelled meanwhile
        return
    if error is not None:
        result.set_exception(error)
    else:
        result.set_result(value)


def sweep_closed_loops() -> None:
    """asyncio tells nobody that a loop has closed; so this is asked at every dial, drop and exit."""
    for backend in list(living):
        backend.sweep()
