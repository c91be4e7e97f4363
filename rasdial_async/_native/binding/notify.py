"""The targets of notify.c: one for the dials of a loop over a library."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, NamedTuple

from ...errors import error_from_code
from ...errors.codes import ERROR_OUT_OF_BUFFERS
from .. import trampoline
from .._ras import ffi, lib
from ..trampoline import Sink
from .library import RasLibrary

MAX_TARGETS = lib.NOTIFY_TARGETS
MAX_DIALS = lib.NOTIFY_DIALS

# A call through cffi lets go of the GIL, and the trampoline inside would have to win it. One through
# PYFUNCTYPE keeps it, so that a drain beside a busy thread waits for nobody.
_drain = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_int)(
    int(ffi.cast("uintptr_t", ffi.addressof(lib, "notify_drain_to_python")))
)


class Counters(NamedTuple):
    """The counts of a target, beyond the events that it handed over."""

    foreign_messages: int
    lost: int
    rejected: int


class RawCallback(NamedTuple):
    """One call of a watched callback, as RAS made it; times in nanoseconds of :func:`clock`."""

    handle: int
    entered: int
    left: int
    thread: int
    message: int
    state: int
    error: int
    extended_error: int


def clock() -> int:
    """Nanoseconds of the clock that callbacks read."""
    return lib.notify_clock()


def this_thread() -> int:
    """The calling thread, as RawEvent.thread names it: no other one has its number while it lives."""
    return lib.notify_thread()


def watched_call(number: int) -> RawCallback | None:
    """Call `number`, from 0, of the last watched callback; None where it has not come and returned so far."""
    call = ffi.new("struct watched_callback *")
    if not lib.watched_callback_read(number, call):
        return None
    return RawCallback(
        *(int(call.connection), call.entered, call.left, call.thread),
        *(call.message, call.state, call.error, call.extended_error),
    )


def release(hold: int) -> None:
    """Lets the callback that holds RAS under this number return."""
    lib.notify_release(hold)


def after_fork() -> None:
    """In a forked child: targets afresh, every engine closed; no lock of the parent's is touched."""
    trampoline.forget()
    lib.notify_after_fork()
    lib.sim_after_fork()


class DialCallback:
    """The functions that RAS calls for one dial, and for no other.

    Attributes:
        dial: The number that its events have.

    Raises:
        RasError: 614, as many dials run as there can be in a process.
    """

    __slots__ = ("dial",)

    def __init__(self, target: int, hold_errors: bool) -> None:
        self.dial: int = lib.notify_dial(target, hold_errors)
        if not self.dial:
            message = f"{MAX_DIALS} dials run in this process already"
            raise error_from_code(ERROR_OUT_OF_BUFFERS, function="RasDialW", message=message)

    def function(self, several: bool = False) -> Any:
        """The RasDialFunc1 for RasDialW; for an entry with several sub-entries the RasDialFunc2."""
        return lib.notify_function(self.dial, several)

    def watched_function(self) -> Any:
        """A RasDialFunc1 that writes down its calls for :func:`watched_call`; one dial at a time."""
        return lib.watched_callback_for(self.function())

    def first_called(self) -> int:
        """When RAS called back for the first time, in nanoseconds of `clock`; 0 = not yet."""
        return lib.notify_first_called(self.dial)

    def close(self) -> None:
        """End the dial: whatever RAS reports of it from now on is dropped."""
        lib.notify_dial_over(self.dial)


class NotifyTarget:
    """An open target. Only its loop's thread drains it."""

    def __init__(self, library: RasLibrary, sink: Sink) -> None:
        self._number = lib.notify_open(library.api)
        if self._number < 0:
            raise RuntimeError(
                f"no event queue to be had: {MAX_TARGETS} event loops and libraries dial already, "
                "or the system is out of descriptors"
            )
        trampoline.connect(self._number, sink)

    def begin(self, hold_errors: bool = False) -> DialCallback:
        """Make a callback for one more dial.

        Raises:
            RasError: See :class:`DialCallback`.
        """
        return DialCallback(self._number, hold_errors)

    def reserve(self) -> None:
        """Sets memory aside for the terminal event of one dial, or of one more link of it."""
        if lib.notify_reserve(self._number) != 0:
            raise MemoryError("no memory for a dial's last event")

    def unreserve(self) -> None:
        lib.notify_unreserve(self._number)

    def drain(self) -> int:
        """Hands every waiting event to the sink; returns how many."""
        waited: int = _drain(self._number)
        if (interrupt := trampoline.take_interrupt()) is not None:
            raise interrupt
        return waited

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
