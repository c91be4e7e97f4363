"""Looking at the connections of a backend whenever something may have changed, for all who want to know.

One lookout for each loop and backend, as long as somebody listens. After a signal, a look registers for
the next one first and lists the connections then, so no change falls between; signals that come during a
look lead to one more. Where there is no signal, or RAS forgets to give one, the lookout looks now and
then by itself: the net. It registers nothing for such a look, unless that finds a change.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from typing import NamedTuple, Protocol

from .._native.records import ConnectionInfo
from ..errors import RasError
from .backend import Backend
from .base import Condition
from .change_signal import RasChangeSignal
from .handles import RasHandle, same_connection
from .marshal import set_event

_logger = logging.getLogger(__name__)

NET_SECONDS = 5.0  # between looks that nothing asks for, while RAS signals
POLL_SECONDS = 1.0  # while it does not
NOT_ASKED = Condition()


class Seen(NamedTuple):
    """A connection that is up."""

    handle: RasHandle
    info: ConnectionInfo
    condition: Condition = NOT_ASKED


Found = list[Seen]


class Listener(Protocol):
    closely: bool
    """It wants to know how each connection stands."""

    def on_look(self, found: Found, at: float) -> None:
        """The connections that are up; `at` in seconds since the epoch."""

    def on_error(self, error: Exception) -> None:
        """The connections can't be listed; the lookout tries again."""


class Lookout:
    """Everything here runs on the thread of its loop."""

    def __init__(self, backend: Backend, loop: asyncio.AbstractEventLoop) -> None:
        self._backend = backend
        self._loop = loop
        self._listeners: dict[Listener, int] = {}  # and the first look that counts for them
        self._looks = 0
        self._task: asyncio.Task[Found] | None = None
        self._again = False
        self._timer: asyncio.TimerHandle | None = None
        self._listed: list[ConnectionInfo] = []
        self._signal: RasChangeSignal | None = backend.change_signal(loop, self.look)
        self.signalled: bool = self._signal is not None

    def add(self, listener: Listener) -> None:
        """Add a listener. It hears of every look that begins from now on; the first begins at once."""
        self._listeners[listener] = self._looks + 1
        self.look()

    def remove(self, listener: Listener) -> None:
        self._listeners.pop(listener, None)
        if not self._listeners:
            self.close()

    def close(self) -> None:
        """End: there is no listener any more, or the loop has closed."""
        self._backend.session.lookouts.pop(self._loop, None)
        self._listeners.clear()
        task, self._task = self._task, None
        if not self._loop.is_closed():
            if self._timer is not None:
                self._timer.cancel()
            if task is not None:
                task.cancel()
        signal, self._signal = self._signal, None
        if signal is not None:
            signal.close()

    def look(self) -> None:
        if self._task is not None:
            self._again = True
        elif self._listeners:
            self._begin()

    def _begin(self, *, by_net: bool = False) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._again = False
        self._looks += 1
        self._task = self._loop.create_task(self._look(by_net))
        self._task.add_done_callback(self._looked)

    async def _look(self, by_net: bool) -> Found:
        if self._signal is not None:
            try:
                await self._signal.register()
            except RasError as error:
                if self.signalled:
                    _logger.warning("%s: changes are not signalled: %s", self._backend.name, error)
                self.signalled = False
            else:
                self.signalled = True
        found = await self._backend.connections()
        before, self._listed = self._listed, [info for _, info in found]
        if by_net and self._signal is not None and self._listed != before:
            self._signal.renew()  # RAS did not signal this change: it may have lost what was registered
            self._again = True
        if not any(listener.closely for listener in self._listeners):
            return [Seen(handle, info) for handle, info in found]
        if self.signalled and self._signal is not None:
            await self._signal.register_each([handle.value for handle, _ in found])
        conditions = await self._backend.conditions(found)
        return [Seen(handle, info, how) for (handle, info), how in zip(found, conditions, strict=True)]

    def _looked(self, task: asyncio.Task[Found]) -> None:
        if task is not self._task:
            if not task.cancelled():
                task.exception()  # nobody listens any more
            return
        self._task = None
        if not task.cancelled():
            error, at = task.exception(), time.time()
            found = [] if error is not None else task.result()
            for listener, first in list(self._listeners.items()):
                if first > self._looks or listener not in self._listeners:
                    continue
                if isinstance(error, Exception):
                    listener.on_error(error)
                else:
                    listener.on_look(found, at)
        if not self._listeners:
            return
        if self._again:
            self._begin()
        else:
            pause = NET_SECONDS if self.signalled else POLL_SECONDS
            self._timer = self._loop.call_later(pause, functools.partial(self._begin, by_net=True))


def current_lookout(backend: Backend) -> Lookout:
    """The lookout of the running loop; the caller adds a listener, or closes it."""
    loop = asyncio.get_running_loop()
    lookouts = backend.session.lookouts
    for other, left in lookouts.copy().items():
        if other.is_closed():
            left.close()
    found = lookouts.get(loop)
    if not isinstance(found, Lookout):
        found = lookouts[loop] = Lookout(backend, loop)
    return found


class EndWatch:
    """Says when it is worth asking whether a connection is over. A listener of the lookout."""

    closely = False
    FIRST_PAUSE = 0.05
    LONGEST_PAUSE = 1.0

    def __init__(self, backend: Backend, info: ConnectionInfo) -> None:
        self._info = info
        self._pause = self.FIRST_PAUSE
        self._listed = True
        self._asked = asyncio.Event()
        self.over: bool = False
        """RAS lists another connection under this handle."""
        found = current_lookout(backend)
        self._lookout: Lookout | None = found if found.signalled else None
        if self._lookout is not None:
            found.add(self)
        elif not found._listeners:
            found.close()

    async def wait(self) -> None:
        """Until something has changed, or for a while."""
        if self._lookout is not None and self._lookout.signalled and self._listed:
            pause, self._pause = NET_SECONDS, self.FIRST_PAUSE
        else:
            pause, self._pause = self._pause, min(2 * self._pause, self.LONGEST_PAUSE)
        if self._lookout is None:
            await asyncio.sleep(pause)
            return
        try:
            async with asyncio.timeout(pause):
                await self._asked.wait()
        except TimeoutError:
            pass
        self._asked.clear()

    def on_look(self, found: Found, at: float) -> None:
        listed = [seen.info for seen in found if seen.info.handle == self._info.handle]
        self.over = self.over or any(not same_connection(self._info, info) for info in listed)
        if self.over or (self._listed and not listed):
            set_event(self._asked)
        self._listed = bool(listed)

    def on_error(self, error: Exception) -> None:
        self._listed = False
        set_event(self._asked)

    def close(self) -> None:
        if self._lookout is not None:
            self._lookout.remove(self)
