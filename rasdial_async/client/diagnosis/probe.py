"""A watched dial, in a child process: each callback and each look at the hang-up is reported."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from ..._native.binding import (
    NotifyTarget,
    RawCallback,
    clock,
    credentials,
    handle_cell,
    read_handle,
    this_thread,
    watched_call,
)
from ..._native.binding.watch_event import WatchEvent
from ..._native.records import CredentialKind, Credentials, DialRequest
from ...errors import DONE_BIT, ConnectionState, RasError, describe_code
from ...errors.codes import GONE
from .library import Examined
from .report import Answer

DIAL_BOUND = 60.0  # seconds
HANG_UP_BOUND = 15.0
_AFTER_DISCONNECTED = 3.0  # RAS may forget a handle some time after it reports the end
_LOOK = 0.05  # seconds between two looks, at a hang-up or at callbacks that have not returned
_SECOND_SIGNAL = 2.0

Report = Callable[[str, Answer], None]


class _Signals(Protocol):
    def descriptor(self) -> int: ...
    def relay_to_socket(self, descriptor: int) -> None: ...


def probe(examined: Examined, entry: str, report: Report) -> None:
    """Dial an entry with its stored login, else the Windows logon; report everything, and hang up."""
    library = examined.library
    target = NotifyTarget(library, lambda events: None)
    target.reserve()
    notification = WatchEvent()
    try:
        report("notification", f"RasConnectionNotificationW returns {notification.register(library)}")
    except RasError as error:
        report("notification", str(error))
    login = Credentials()
    try:
        stored = credentials.get_credentials(library, examined.phonebook, entry, CredentialKind.USER)
        login = Credentials() if stored is None else Credentials.stored()
        report("login", "the Windows logon" if stored is None else "stored")
    except RasError as error:
        report("login", f"the Windows logon: {error}")
    cell = handle_cell()
    begun = clock()
    code = library.dial(
        DialRequest(entry, examined.phonebook, credentials=login), target.begin().watched_function(), cell
    )
    returned = clock()
    report("RasDialW", {**_code(code), "ms": _ms(returned - begun), "handle": hex(read_handle(cell))})
    with _waiting_for(target) as wait:
        bound = DIAL_BOUND if code == 0 else 0.0  # a refused dial reports nothing later
        for call in _until_the_last(target, wait, begun, bound):
            report("callback", _call(call, begun, returned))
    report("callbacks with an unknown message", target.counters().foreign_messages)
    if handle := read_handle(cell):
        with _waiting_for(notification) as wait:
            report("notification of the connection", wait(_SECOND_SIGNAL))
            notification.drain()
            _hang_up(examined, handle, report)
            report("a second notification without a new registration", wait(_SECOND_SIGNAL))
    target.shut()


def _until_the_last(
    target: NotifyTarget, wait: Callable[[float], bool], begun: int, bound: float
) -> Iterator[RawCallback]:
    number = 0
    while True:
        target.drain()
        while (call := watched_call(number)) is not None:
            number += 1
            yield call
            if call.error or call.state & DONE_BIT:
                return
        left = bound - (clock() - begun) / 1e9
        if left <= 0:
            return
        wait(min(left, _LOOK))  # a callback wakes before it returns, and is reported after


def _hang_up(examined: Examined, handle: int, report: Report) -> None:
    library = examined.library
    begun = clock()
    code = library.hang_up(handle)
    report("RasHangUpW", {**_code(code), "ms": _ms(clock() - begun)})
    released = False
    bound = HANG_UP_BOUND
    while code not in GONE and (clock() - begun) / 1e9 < bound:
        code, status = library.status(handle)
        state = status.state.rascs_name if status is not None else None
        report("look after RasHangUpW", {**_code(code), "ms": _ms(clock() - begun), "state": state})
        if status is not None and status.state == ConnectionState.DISCONNECTED and not released:
            released, bound = True, (clock() - begun) / 1e9 + _AFTER_DISCONNECTED
        time.sleep(_LOOK)
    report("handle released", released or code in GONE)


def _call(call: RawCallback, begun: int, returned: int) -> dict[str, Answer]:
    return {
        "ms": _ms(call.entered - begun),
        "unMsg": hex(call.message),
        "state": ConnectionState(call.state).rascs_name,
        "error": call.error,
        "extended error": call.extended_error,
        "handle": hex(call.handle),
        "RasDialW": "inside" if call.entered < returned else "returned",
        "thread": "the caller's" if call.thread == this_thread() else hex(call.thread),
        "held ms": _ms(call.left - call.entered),
    }


def _code(code: int) -> dict[str, Answer]:
    return {"returns": code, "symbol": describe_code(code).symbol}


def _ms(nanoseconds: int) -> float:
    return round(nanoseconds / 1e6, 3)


@contextmanager
def _waiting_for(source: _Signals) -> Iterator[Callable[[float], bool]]:
    """Give the block a function that waits for a signal, and tells whether it came in time."""
    descriptor = source.descriptor()
    if descriptor >= 0:
        yield lambda seconds: bool(select.select([descriptor], [], [], seconds)[0])
        return
    ours, theirs = socket.socketpair()
    with ours, theirs:
        source.relay_to_socket(theirs.fileno())

        def wait(seconds: float) -> bool:
            came = bool(select.select([ours], [], [], seconds)[0])
            if came:
                ours.recv(4096)
            return came

        yield wait
