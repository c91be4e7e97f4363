"""RasConnectionNotification as a signal on an event loop.

One event for each loop and library, however many watchers there are. RAS has no call that ends a
registration, so an event outlives its loop: it is kept for the next one, with its registrations. The
simulator can end them.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

from .._native.binding.library import RasLibrary
from .._native.binding.watch_event import CHANGES, CHANGES_OF_LINKS, WatchEvent
from ..errors.codes import ERROR_INVALID_PARAMETER
from .marshal import Wake, wake_for
from .session import Session

if TYPE_CHECKING:
    import asyncio

_spare: weakref.WeakKeyDictionary[RasLibrary, list[tuple[int, WatchEvent]]] = weakref.WeakKeyDictionary()


class RasChangeSignal:
    """An open signal; `open` makes it."""

    def __init__(
        self,
        session: Session,
        event: WatchEvent,
        wake: Wake,
    ) -> None:
        self._session = session
        self._event = event
        self._wake = wake
        self._pid = os.getpid()
        self._closed = False
        self._flags = CHANGES

    @classmethod
    def open(
        cls,
        session: Session,
        loop: asyncio.AbstractEventLoop,
        on_set: Callable[[], object],
    ) -> RasChangeSignal | None:
        """None where this loop can't learn of an event, or the system has none left."""
        try:
            event = _take(session.library)
        except OSError:
            return None
        event.on_set = on_set
        wake = wake_for(loop, event)
        if wake is None:
            event.stop()
            _keep(session.library, event)
            return None
        return cls(session, event, wake)

    def renew(self) -> None:
        """Let the next calls register everything again."""
        self._event.renew()

    async def register(self) -> None:
        """Register for connections that come and go, unless that was done since the last signal."""
        code = await self._session.call(lambda: self._event.register(self._session.library))
        if code != 0:
            raise self._session.library.error(code, "RasConnectionNotificationW")

    async def register_each(self, handles: list[int]) -> None:
        """The same for what happens to each of these connections."""
        await self._session.call(lambda: self._register_each(handles))

    def _register_each(self, handles: list[int]) -> int:
        self._event.forget_all_but(handles)
        for handle in handles:
            code = self._event.register(self._session.library, handle, self._flags)
            if code == ERROR_INVALID_PARAMETER and self._flags == CHANGES:  # older than Windows 7
                self._flags = CHANGES_OF_LINKS
                self._event.register(self._session.library, handle, self._flags)
        return 0  # a connection that is gone is none to watch

    def close(self) -> None:
        if self._closed or self._pid != os.getpid():  # a forked child leaves the parent's alone
            return
        self._closed = True
        self._wake.stop()
        self._event.stop()
        self._wake.close()
        handle = self._event.handle
        if self._session.forget_event(handle):
            # Once more after it is closed: a call of `register` may have come between.
            self._event.close(lambda: self._session.forget_event(handle))
        else:
            _keep(self._session.library, self._event)


def _take(library: RasLibrary) -> WatchEvent:
    spare = _spare.get(library, [])
    while True:
        try:
            pid, event = spare.pop()  # no look before: the loop of another thread may take the last one
        except IndexError:
            return WatchEvent()
        if pid == os.getpid():
            return event


def _keep(library: RasLibrary, event: WatchEvent) -> None:
    _spare.setdefault(library, []).append((os.getpid(), event))
