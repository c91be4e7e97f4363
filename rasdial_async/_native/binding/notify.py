"""The RasDialFunc1 targets of notify.c: one for the dials of a loop over a library.

Python fetches the events; C does not call it. A drain is one C call for all that wait, and what it
copied is read without another: every return from C has to win the GIL, which beside a busy thread takes
a switch interval (5 ms) each time.
"""

from __future__ import annotations

import functools
import logging
import struct
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .. import trampoline
from .._ras import ffi, lib
from ..text import read
from .library import RasLibrary

_logger = logging.getLogger(__name__)

MAX_TARGETS = lib.NOTIFY_TARGETS
_EVENT = struct.Struct("PPqQIII0q")  # struct notify_event
assert _EVENT.size == ffi.sizeof("struct notify_event")
_ROOM = 1024  # events that one C call fetches


class RawEvent(NamedTuple):
    """One RasDialFunc1 invocation in Python types."""

    handle: int
    state: int
    error: int
    extended_error: int
    at: int
    """Nanoseconds of the clock of notify.c, read inside the callback."""
    hold: int
    """For :func:`release`; 0 = RAS is not held."""
    device_type: str
    device_name: str


class Counters(NamedTuple):
    """What reached a target besides the events it handed over."""

    foreign_messages: int
    lost: int
    rejected: int


def clock() -> int:
    """Nanoseconds of the clock that callbacks read."""
    return lib.notify_clock()


def release(hold: int) -> None:
    """Lets the callback that holds RAS under this number return."""
    lib.notify_release(hold)


def after_fork() -> None:
    """In a forked child: targets afresh, every engine closed; no lock of the parent's is touched."""
    trampoline.forget()
    lib.notify_after_fork()
    lib.sim_after_fork()


@functools.cache
def _device(address: int) -> tuple[str, str]:
    """C knows each device once, for as long as the process lives."""
    if not address:
        return "", ""
    device = ffi.cast("struct device *", address)
    return read(device.type), read(device.name)


class NotifyTarget:
    """An open target. Only its loop's thread drains it.

    An exception in the sink is a bug of this package: it is logged, and the other events are handed over.
    """

    def __init__(self, library: RasLibrary, sink: Callable[[RawEvent], None]) -> None:
        self._number = lib.notify_open(library.api)
        if self._number < 0:
            raise RuntimeError(
                f"no event queue to be had: {MAX_TARGETS} event loops and libraries dial already, "
                "or the system is out of descriptors"
            )
        self._sink = sink
        self._events = ffi.new("struct notify_event[]", _ROOM)
        self._memory = ffi.buffer(self._events)
        self._fetched: Iterator[tuple[int, ...]] = iter(())

    def callback(self, hold_errors: bool) -> Any:
        """The RasDialFunc1 for RasDialW."""
        return lib.notify_callback(self._number, hold_errors)

    def reserve(self) -> None:
        """Sets memory aside for the terminal event of one dial."""
        if lib.notify_reserve(self._number) != 0:
            raise MemoryError("no memory for a dial's last event")

    def unreserve(self) -> None:
        lib.notify_unreserve(self._number)

    def drain(self) -> int:
        """Hands every waiting event to the sink; returns how many."""
        self._hand_over()  # what an interrupt left of the last drain
        waited = left = self._fetch()
        while left > 0:
            self._hand_over()
            left -= _ROOM
            if left > 0:
                self._fetch()
        return waited

    def _fetch(self) -> int:
        """Copies as many as there is room for; returns how many waited."""
        waited = lib.notify_take(self._number, self._events, _ROOM)
        memory = self._memory[: min(waited, _ROOM) * _EVENT.size]
        self._fetched = _EVENT.iter_unpack(memory)
        return waited

    def _hand_over(self) -> None:
        sink = self._sink
        for handle, device, at, hold, state, error, extended_error in self._fetched:
            event = RawEvent(handle, state, error, extended_error, at, hold, *_device(device))
            try:
                sink(event)
            except Exception:
                _logger.exception("an event of a dial could not be handed over")

    def descriptor(self) -> int:
        """A descriptor that is readable while events wait; -1 where there is none."""
        return lib.notify_descriptor(self._number)

    def relay_to_socket(self, descriptor: int) -> None:
        """From now on a C thread sends one byte to the socket when events wait."""
        if lib.notify_relay_to_socket(self._number, descriptor) != 0:
            raise RuntimeError("no thread to be had for the relay")

    def relay_to(self, wake: Callable[[], object]) -> None:
        """From now on a C thread calls `wake`, under the GIL, when events wait."""
        trampoline.connect_wake(self._number, wake)
        if lib.notify_relay_to_on_wake(self._number) != 0:
            raise RuntimeError("no thread to be had for the relay")

    def counters(self) -> Counters:
        counters = ffi.new("struct notify_counters *")
        lib.notify_count(self._number, counters)
        return Counters(counters.foreign_messages, counters.lost, counters.rejected)

    def shut(self) -> None:
        """Later callbacks return at once; held ones go on."""
        lib.notify_shut(self._number)

    def close(self) -> None:
        """Shuts the target and gives it back. May wait for the relay thread, not for callbacks."""
        lib.notify_shut(self._number)
        trampoline.disconnect(self._number)  # before another thread can be given the number
        lib.notify_close(self._number)
