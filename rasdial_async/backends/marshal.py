"""RAS thread -> event loop: which wake for which loop. The only call_soon_threadsafe of the package.

Purpose. notify.c keeps what RAS's threads report and signals that something is there. Here that
signal becomes a call on the thread of the event loop, which then drains by itself: no foreign thread
takes the GIL, and no Python thread stands between.

Three ways, best first; the contract is the same.
 1. The loop watches a descriptor (add_reader on POSIX: eventfd or pipe).
 2. A C thread waits for the signal and sends one byte on a socket pair that the loop reads with the
    public `loop.sock_recv`. For the Proactor loop, and for Windows' Selector loop.
 3. The C thread calls Python, and `call_soon_threadsafe` does the rest: any other loop.

Guarantees.
 - An event that was let in leads to a drain on the loop's thread, unless the loop closes before.
 - Nothing here runs as a task: asyncio.run cancels every task of a loop at its end, and a hang-up that
   is being waited for then needs its events.
 - Touching a loop that has closed is no error: `post` says False.

Assumptions. A channel is opened and closed on its loop's thread; after the loop has closed, on any.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import socket
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from .._native.binding import NotifyTarget, RasLibrary, Sink


def post(loop: asyncio.AbstractEventLoop, callback: Callable[..., object], *args: object) -> bool:
    """Runs the callback on the loop's thread, from any thread; False = the loop has closed."""
    try:
        loop.call_soon_threadsafe(callback, *args)
    except RuntimeError:
        if not loop.is_closed():
            raise
        return False
    return True


def set_event(event: asyncio.Event) -> None:
    """Set it. Where its loop has closed nobody waits any more, and asyncio would raise."""
    with contextlib.suppress(RuntimeError):
        event.set()


def on_loop(loop: asyncio.AbstractEventLoop) -> bool:
    """Tell whether the caller runs on the thread of this loop."""
    return asyncio._get_running_loop() is loop


class Channel:
    """The events of one library's dials on one loop."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        library: RasLibrary,
        sink: Sink,
        wakes: tuple[type[Wake], ...] | None = None,
    ) -> None:
        self.loop = loop
        self.target: NotifyTarget = NotifyTarget(library, sink)
        try:
            self.wake: Wake = _first_that_works(loop, self.target, wakes or WAKES)
        except BaseException:
            self.target.close()
            raise

    def close(self) -> None:
        self.target.shut()
        try:
            self.wake.stop()
        finally:  # also where a KeyboardInterrupt comes
            self.target.close()
            self.wake.close()


class Source(Protocol):
    """Something in C that signals, and is drained then."""

    def descriptor(self) -> int: ...
    def relay_to_socket(self, descriptor: int) -> None: ...
    def drain(self) -> object: ...


def wake_for(loop: asyncio.AbstractEventLoop, source: Source) -> Wake | None:
    """Lets the loop drain what signals; None = this loop can't learn of it."""
    for wake in (DescriptorWake, SocketWake):
        try:
            return wake(loop, source)
        except (NotImplementedError, AttributeError):
            continue
    return None


class Wake:
    """A way to wake a loop when events wait. The constructor raises where the loop does not support it."""

    name: str
    """What wakes the loop, for a person."""

    def __init__(self, loop: asyncio.AbstractEventLoop, target: Source) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        """No more drains; the loop may have closed already."""

    def close(self) -> None:
        """After the target is closed: what the C side used."""


class DescriptorWake(Wake):
    name = "a descriptor that the loop watches"

    def __init__(self, loop: asyncio.AbstractEventLoop, target: Source) -> None:
        self._loop = loop
        self._descriptor = target.descriptor()
        if self._descriptor < 0:
            raise NotImplementedError("no descriptor on this system")
        loop.add_reader(self._descriptor, target.drain)

    def stop(self) -> None:
        if not self._loop.is_closed():
            self._loop.remove_reader(self._descriptor)


class SocketWake(Wake):
    """Steps `loop.sock_recv` by hand: as a task it would be canceled when asyncio.run ends."""

    name = "a byte on a socket pair"

    def __init__(self, loop: asyncio.AbstractEventLoop, target: Source) -> None:
        self._loop = loop
        self._target = target
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._theirs.setblocking(False)
        self._stopped = False
        self._reading: Coroutine[Any, Any, bytes] | None = None
        self._waiting: asyncio.Future[Any] | None = None
        try:
            self._read()
            target.relay_to_socket(self._theirs.fileno())
        except BaseException:
            self.stop()
            self.close()
            raise

    def _read(self) -> None:
        if self._stopped:
            return
        reading = self._loop.sock_recv(self._ours, 4096)
        if not asyncio.iscoroutine(reading):
            raise NotImplementedError("sock_recv of this loop is no coroutine")
        self._reading = reading
        self._step()

    def _step(self, done: asyncio.Future[Any] | None = None) -> None:
        if self._reading is None or self._loop.is_closed():
            return
        try:
            waiting = self._reading.send(None)
        except StopIteration:
            self._target.drain()
            # Not at once: where RAS reports faster than this drains, the loop would never get its turn.
            self._loop.call_soon(self._read)
            return
        except asyncio.CancelledError:
            self._loop.call_soon(self._read)
            return
        waiting._asyncio_future_blocking = False  # as a task says that it has seen the future
        self._waiting = waiting
        waiting.add_done_callback(self._step)

    def stop(self) -> None:
        self._stopped = True
        reading, self._reading = self._reading, None
        if self._waiting is not None and not self._loop.is_closed():
            self._waiting.remove_done_callback(self._step)
            self._waiting.cancel()
            # The Selector loop lets go of a socket only after it has selected once more, and Windows'
            # select() fails on one that is closed by then.
            with contextlib.suppress(NotImplementedError):
                self._loop.remove_reader(self._ours)
        if reading is not None:
            reading.close()

    def close(self) -> None:
        self._ours.close()
        self._theirs.close()


class CallWake(Wake):
    name = "call_soon_threadsafe"

    def __init__(self, loop: asyncio.AbstractEventLoop, target: NotifyTarget) -> None:
        self._stopped = False

        def drain() -> None:
            if not self._stopped:
                target.drain()

        target.relay_to(functools.partial(post, loop, drain))

    def stop(self) -> None:
        self._stopped = True


WAKES: tuple[type[Wake], ...] = (DescriptorWake, SocketWake, CallWake)


def _first_that_works(
    loop: asyncio.AbstractEventLoop, target: NotifyTarget, wakes: tuple[type[Wake], ...]
) -> Wake:
    for wake in wakes[:-1]:
        try:
            return wake(loop, target)
        except (NotImplementedError, AttributeError):
            continue
    return wakes[-1](loop, target)
