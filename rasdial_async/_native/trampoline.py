"""C calls Python: the extern "Python" functions, and nothing else that C may call.

Purpose. `on_dial_events` turns each RasDialFunc1 invocation, as notify.c kept it, into a plain
:class:`RawEvent`; `on_wake` tells a loop that cannot watch a descriptor that events wait.

A drain is one call for all events that wait, not one for each: every way from C into Python gives the
GIL up and has to win it again, which beside a busy thread takes a switch interval (5 ms) each time.

Guarantees.
 - Nothing escapes into C. An exception here is a bug of this package: it is logged with its
   traceback, and the remaining events are still handed over.
 - `on_dial_events` runs only inside a drain, on the thread of the loop that drains; so user code that
   it may lead to never runs on a thread of RAS, and can't call RasDial from a callback.
 - An event whose target nobody listens to any more is dropped here.

Assumptions. Targets are connected before their gate lets the first event in, and disconnected after
it has shut. The two dictionaries are only ever read and written under the GIL, one step at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from sys import intern
from types import TracebackType
from typing import Any, NamedTuple

from ._ras import ffi
from .text import read

_logger = logging.getLogger(__name__)


class RawEvent(NamedTuple):
    """One RasDialFunc1 invocation in Python types."""

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
    _logger.error("an event of a dial could not be handed over", exc_info=(exception, value, traceback))


@ffi.def_extern(onerror=_report)
def on_dial_events(target: int, oldest: Any) -> None:
    sink = _sinks.get(target)
    event = oldest
    while event and sink is not None:
        device_type, device_name = event.device_type, event.device_name
        raw = RawEvent(
            event.connection,
            event.state,
            event.error,
            event.extended_error,
            event.at,
            event.hold,
            intern(read(device_type)) if device_type else "",
            intern(read(device_name)) if device_name else "",
        )
        event = event.next
        try:
            sink(raw)
        except Exception as error:
            _report(type(error), error, error.__traceback__)


@ffi.def_extern(onerror=_report)
def on_wake(target: int) -> None:
    wake = _wakes.get(target)
    if wake is not None:
        wake()
