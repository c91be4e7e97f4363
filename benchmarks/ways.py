"""The ways to take a callback on an event loop: the product and what it is compared with."""

from __future__ import annotations

import asyncio
import ctypes
import os
import socket
import sys
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from rasdial_async import RasClient

from .build import load
from .conditions import until

ffi, lib, PATH = load()
CONNECTED = 0x2000

if sys.platform == "win32":
    import win32ras  # after the library is loaded

Seen = list[tuple[int, int]]
"""Event number, and nanoseconds at the first statement of the `async for` body."""


class Way(ABC):
    """One way; a new one for each measurement, made on the loop."""

    name: str
    delivers = True
    """Its events reach an `async for` body."""

    @abstractmethod
    async def dial(self, seen: Seen) -> None:
        """One dial to its end."""

    async def close(self) -> None:
        """Give back what the way took."""
        return


class Product(Way):
    name = "product"

    def __init__(self) -> None:
        self._client = RasClient(library=PATH)

    async def dial(self, seen: Seen) -> None:
        dialing = self._client.dial("benchmark")
        async for event in dialing:
            seen.append((event.extended_error, time.perf_counter_ns()))
        await dialing.hang_up()


class _Stream:
    """The way one writes by hand: a deque, and a future while somebody waits."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._events: deque[tuple[int, int, int]] = deque()
        self._waiter: asyncio.Future[None] | None = None

    def feed(self, state: int, error: int, extended_error: int) -> None:
        self._events.append((state, error, extended_error))
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def __aiter__(self) -> AsyncIterator[tuple[int, int, int]]:
        while True:
            while not self._events:
                self._waiter = self._loop.create_future()
                await self._waiter
            event = self._events.popleft()
            yield event
            if event[0] == CONNECTED:
                return


class Plain(Way):
    """RAS's thread takes the GIL and runs Python."""

    name = "plain"

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._streams: dict[int, _Stream] = {}
        self._callback = self._make_callback()

    def _make_callback(self) -> Any:
        ffi.def_extern(name="plain_callback")(self._on_event)
        return lib.plain_callback

    def _on_event(self, connection: int, message: int, state: int, error: int, extended_error: int) -> None:
        self._loop.call_soon_threadsafe(self._feed, connection, state, error, extended_error)

    def _feed(self, connection: int, state: int, error: int, extended_error: int) -> None:
        self._streams[connection].feed(state, error, extended_error)

    async def dial(self, seen: Seen) -> None:
        cell = ffi.new("uintptr_t *")
        lib.bench_dial(self._callback, cell)
        handle = cell[0]
        stream = self._streams[handle] = _Stream(self._loop)
        async for event in stream:
            seen.append((event[2], time.perf_counter_ns()))
        lib.bench_hang_up(handle)
        del self._streams[handle]


class Ctypes(Plain):
    name = "ctypes"

    def _make_callback(self) -> Any:
        function = ctypes.CFUNCTYPE(
            None, ctypes.c_size_t, ctypes.c_uint, ctypes.c_uint, ctypes.c_uint, ctypes.c_uint
        )
        self._kept = function(self._on_event)
        return ffi.cast("void *", ctypes.cast(self._kept, ctypes.c_void_p).value)


class Win32Ras(Way):
    """pywin32, as its users write it: win32ras calls the function on RAS's thread, under the GIL.

    win32ras learns the handle of a new dial from its first callback, and has room for one dial without: the
    next one has to wait for that event.
    """

    name = "win32ras"

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._one_at_a_time = asyncio.Lock()

    async def dial(self, seen: Seen) -> None:
        stream = _Stream(self._loop)

        def on_event(handle: int, message: int, state: int, error: int, extended_error: int) -> None:
            self._loop.call_soon_threadsafe(stream.feed, state, error, extended_error)

        await self._one_at_a_time.acquire()
        handle, code = win32ras.Dial(None, None, ("benchmark", "", "", "", "", ""), on_event)
        assert code == 0, code
        waited_for = True
        async for event in stream:
            seen.append((event[2], time.perf_counter_ns()))
            if waited_for:
                waited_for = False
                self._one_at_a_time.release()
        win32ras.HangUp(handle)


class Empty(Way):
    name = "empty"
    delivers = False

    def __init__(self) -> None:
        self._callback = lib.bench_empty()

    async def dial(self, seen: Seen) -> None:
        cell = ffi.new("uintptr_t *")
        lib.bench_dial(self._callback, cell)
        await until(lambda: not lib.bench_running(), 0.05)
        lib.bench_hang_up(cell[0])


class Wake(Empty):
    name = "wake"

    def __init__(self) -> None:
        self._descriptor = os.eventfd(0, os.EFD_NONBLOCK)
        self._callback = lib.bench_wake(self._descriptor)
        asyncio.get_running_loop().add_reader(self._descriptor, os.read, self._descriptor, 8)

    async def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)


class SocketWake(Empty):
    """The same for Windows' loops, which watch no descriptor but a socket's."""

    name = "wake"

    def __init__(self) -> None:
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._callback = lib.bench_wake(self._theirs.fileno())
        self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        while True:
            await asyncio.get_running_loop().sock_recv(self._ours, 4096)

    async def close(self) -> None:
        self._reading.cancel()
        await asyncio.wait((self._reading,))
        self._ours.close()
        self._theirs.close()


OF_WINDOWS = (Product, Win32Ras, Plain, Ctypes, Empty, SocketWake)
OF_LINUX = (Product, Plain, Ctypes, Empty, Wake)
WAYS: dict[str, type[Way]] = {way.name: way for way in (OF_WINDOWS if sys.platform == "win32" else OF_LINUX)}
