"""C calls Python: the extern "Python" functions, and nothing else that C may call.

Purpose. `on_dial_events` turns each RasDialFunc1 or RasDialFunc2 invocation, as notify.c kept it, into
a plain :class:`RawEvent`; `on_wake` tells a loop that cannot watch a descriptor that events wait.

A drain calls once for a batch of events, with the GIL in hand (binding/notify.py tells how): to let go of it
and win it back takes, beside a busy thread, a switch interval (5 ms) each time.

Guarantees.
 - Nothing escapes into C. An exception here is a bug of this package: it is logged with its
   traceback, and the remaining events are still handed over. What is no Exception, such as a
   KeyboardInterrupt, waits in `interrupts` until the drain is back in Python and raises it.
 - `on_dial_events` runs only inside a drain, on the thread of the loop that drains; so user code that
   it may lead to never runs on a thread of RAS, and can't call RasDial from a callback.
 - An event whose target nobody listens to any more is dropped here.

Assumptions. Targets are connected before their gate lets the first event in, and disconnected after
it has shut. The two dictionaries are only ever read and written under the GIL, one step at a time.
"""

from __future__ import annotations

import functools
import logging
import struct
from collections.abc import Callable
from types import TracebackType
from typing import Any, NamedTuple

from ._ras import ffi
from .text import read

_logger = logging.getLogger(__name__)

_EVENT = struct.Struct("PPqQIIIIQ")  # struct notify_event
assert _EVENT.size == ffi.sizeof("struct notify_event")


class RawEvent(NamedTuple):
    """One RasDialFunc1 or RasDialFunc2 invocation in Python types."""

    handle: int
    state: int
    error: int
    extended_error: int
    at: int
    """Nanoseconds of the clock of notify.c, read inside the callback."""
    hold: int
    """For binding.release; 0 = RAS is not held."""
    device_type: str
    device_name: str
    sub_entry: int = 0
    """The link, from 1; 0 = RasDialFunc1 does not say."""
    caller: int = 0
    """The last dial whose RasDial was called on the thread of this event, see binding.calling; 0 = none."""


interrupts: list[BaseException] = []
_sinks: dict[int, Callable[[RawEvent], None]] = {}
_wakes: dict[int, Callable[[], object]] = {}


def connect(target: int, sink: Callable[[RawEvent], None]) -> None:
    _sinks[target] = sink


def connect_wake(target: int, wake: Callable[[], object]) -> None:
    _wakes[target] = wake


def disconnect(target: int) -> None:
    _sinks.pop(target, None)
    _wakes.pop(target, None)


def forget() -> None:
    """In a forked child: nobody listens yet."""
    _sinks.clear()
    _wakes.clear()


def _report(exception: type[BaseException], value: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(exception, Exception):
        _logger.error("an event of a dial could not be handed over", exc_info=(exception, value, traceback))
    else:
        interrupts.append(value)


@functools.cache
def _device(address: int) -> tuple[str, str]:
    """C knows each device once, for as long as the process lives."""
    if not address:
        return "", ""
    device = ffi.cast("struct device *", address)
    return read(device.type), read(device.name)


@ffi.def_extern(onerror=_report)
def on_dial_events(target: int, events: Any, count: int) -> int:
    """1 while somebody listens, who may have closed the target meanwhile."""
    sink = _sinks.get(target)
    if sink is None:
        return 0
    arrived = _EVENT.iter_unpack(ffi.buffer(events, count * _EVENT.size)[:])
    while True:
        try:
            for handle, device, at, hold, state, error, extended, link, caller in arrived:
                sink(RawEvent(handle, state, error, extended, at, hold, *_device(device), link, caller))
            return _sinks.get(target) is sink
        except BaseException as mistake:
            _report(type(mistake), mistake, mistake.__traceback__)


@ffi.def_extern(onerror=_report)
def on_wake(target: int) -> None:
    wake = _wakes.get(target)
    if wake is not None:
        wake()
