"""C calls Python: the extern "Python" functions, and nothing else that C may call.

Purpose. `on_dial_events` turns each call of RAS's callback, as notify.c kept it, into a :class:`RawEvent`.
`on_wake` tells a loop that cannot watch a descriptor that events wait.

A drain makes one call for all waiting events, with the GIL in hand (binding/notify.py explains how):
releasing the GIL and winning it back costs a switch interval (5 ms) beside a busy thread. The sink takes the
events of one dial together, oldest first: with thousands of dials, one call for each event costs more than
everything else.

Guarantees.
 - Nothing escapes into C. An exception here is a bug of this package: it is logged with its traceback, and
   the events of the other dials are still handed over. An exception such as KeyboardInterrupt, which is no
   Exception, waits until the drain is back in Python and raises it (`take_interrupt`).
 - `on_dial_events` runs only inside a drain, on the thread of the draining loop. So user code never runs on a
   thread of RAS, and cannot call RasDial from a callback.
 - An event of a target without a sink is dropped here.

Assumptions. A target is connected before its gate lets the first event in, and disconnected after the gate
has closed. The dictionaries need no lock, with a GIL and without: each step reads or writes one key of one of
them, and each key belongs to one target or to one thread.
"""

from __future__ import annotations

import functools
import itertools
import logging
import struct
from collections.abc import Callable
from threading import get_ident
from types import TracebackType
from typing import Any, NamedTuple

from ._ras import ffi
from .text import read

_logger = logging.getLogger(__name__)

_EVENT = struct.Struct("QPPqQIIIIQ")  # struct notify_event
assert _EVENT.size == ffi.sizeof("struct notify_event")
_DIAL = struct.Struct(f"Q{_EVENT.size - struct.calcsize('Q')}x")  # and nothing else of it


class RawEvent(NamedTuple):
    """One call of RAS's callback in Python types: struct notify_event."""

    dial: int
    """Whose it is: DialCallback.dial."""
    handle: int
    device: int
    """For device_names(); 0 = RAS was not asked."""
    at: int
    """Nanoseconds of the clock of notify.c, read inside the callback."""
    hold: int
    """For binding.release; 0 = RAS is not held."""
    state: int
    error: int
    extended_error: int
    sub_entry: int
    """The sub-entry, from 1; 0 = RasDialFunc1 does not report it."""
    thread: int
    """The thread on which RAS called back, see binding.this_thread."""


_raw_event = functools.partial(tuple.__new__, RawEvent)  # 0.2 µs; RawEvent(...) takes 0.6 of an event's 5 µs

Sink = Callable[[list[RawEvent]], None]
"""Takes the events of one dial, oldest first."""

_interrupts: dict[int, BaseException] = {}  # by the thread that drains: other loops drain at the same time
_sinks: dict[int, Sink] = {}
_wakes: dict[int, Callable[[], object]] = {}


def connect(target: int, sink: Sink) -> None:
    _sinks[target] = sink


def connect_wake(target: int, wake: Callable[[], object]) -> None:
    _wakes[target] = wake


def disconnect(target: int) -> None:
    _sinks.pop(target, None)
    _wakes.pop(target, None)


def forget() -> None:
    """Forget all sinks, wakes and interrupts, in a forked child."""
    _sinks.clear()
    _wakes.clear()
    _interrupts.clear()


def _report(exception: type[BaseException], value: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(exception, Exception):
        _logger.error("an event of a dial could not be handed over", exc_info=(exception, value, traceback))
    else:
        _interrupts[get_ident()] = value


def take_interrupt() -> BaseException | None:
    """Return the exception that the calling thread's last drain could not raise out of C, once."""
    return _interrupts.pop(get_ident(), None)


@functools.cache
def device_names(device: int) -> tuple[str, str]:
    """Return type and name of an event's device, "" where RAS was not asked. C keeps each device for ever."""
    if not device:
        return "", ""
    known = ffi.cast("struct device *", device)
    return read(known.type), read(known.name)


@ffi.def_extern(onerror=_report)
def on_dial_events(target: int, events: Any, count: int) -> int:
    """Hand the events to the sink of the target; return 0 when the target has none any more."""
    sink = _sinks.get(target)
    if sink is None:
        return 0
    memory = bytes(ffi.buffer(events, count * _EVENT.size))
    # Sort places, not events: thousands of objects at once trigger the garbage collector.
    dials = [dial for (dial,) in _DIAL.iter_unpack(memory)]
    places = sorted(range(count), key=dials.__getitem__)
    by_dial = itertools.groupby(places, dials.__getitem__)
    while True:
        try:
            for _, of_one in by_dial:
                sink([_raw_event(_EVENT.unpack_from(memory, place * _EVENT.size)) for place in of_one])
                if _sinks.get(target) is not sink:
                    return 0
            return 1
        except BaseException as mistake:
            _report(type(mistake), mistake, mistake.__traceback__)


@ffi.def_extern(onerror=_report)
def on_wake(target: int) -> None:
    wake = _wakes.get(target)
    if wake is not None:
        wake()
