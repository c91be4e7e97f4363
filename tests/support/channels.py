"""Loops, and a RAS that calls back on their channels."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager

from rasdial_async._native._ras import ffi

SECONDS = 10.0
WM_RASDIALEVENT = 0xCCCD


class BareLoop(asyncio.SelectorEventLoop):
    """A loop of somebody else's: it can do what every loop can, and watch nothing."""

    def add_reader(self, fd, callback, *arguments):
        raise NotImplementedError

    def sock_recv(self, *arguments):
        raise NotImplementedError


@contextmanager
def running(make_loop):
    with asyncio.Runner(loop_factory=make_loop, debug=True) as runner:
        yield runner


class Listener:
    """A channel's sink: notes what came, where, and lets a test wait for it."""

    def __init__(self):
        self.events = []
        self.threads = set()
        self._wanted = 0
        self._came = None

    def __call__(self, events):
        self.events += events
        self.threads.add(threading.get_ident())
        if self._came is not None and len(self.events) >= self._wanted and not self._came.done():
            self._came.set_result(None)

    @property
    def states(self):
        return [event.state for event in self.events]

    async def wait(self, count):
        self._wanted, self._came = count, asyncio.get_running_loop().create_future()
        if len(self.events) < count:
            async with asyncio.timeout(SECONDS):
                await self._came
        self._came = None


def announce(channel, states, *, handle=4, error=0):
    """RAS calls back, on the calling thread."""
    callback = channel.target.begin()
    function = ffi.cast("void(*)(HRASCONN, UINT, DWORD, DWORD, DWORD)", callback.function())
    for state in states:
        function(ffi.cast("HRASCONN", handle), WM_RASDIALEVENT, state, error, 0)
    callback.close()


def on_a_thread_of_ras(function, *arguments):
    thread = threading.Thread(target=function, args=arguments)
    thread.start()
    return thread
