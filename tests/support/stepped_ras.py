"""A RAS in Python that moves only when a test says so: it stores a handle, calls back, returns."""

from __future__ import annotations

import ctypes
import threading
from collections import Counter

from rasdial_async._native._ras import ffi
from support.tables import table

WM_RASDIALEVENT = 0xCCCD
ERROR_INVALID_HANDLE = 6
_FUNC1 = ctypes.CFUNCTYPE(None, ctypes.c_void_p, *[ctypes.c_uint32] * 4)
_FUNC2 = ctypes.CFUNCTYPE(
    ctypes.c_uint32, ctypes.c_size_t, ctypes.c_uint32, ctypes.c_void_p, *[ctypes.c_uint32] * 4
)


class RasDial:
    """One call of RasDialW, from its begin until the test lets it return."""

    def __init__(self, cell, kind: int, notifier: int, callback_id: int) -> None:
        self.cell = cell
        self.handle = 0
        self.returned = threading.Event()
        self.code = 0
        self._kind = kind
        self._notifier = notifier
        self._callback_id = callback_id

    def call_back(self, state: int, error: int) -> None:
        """Blocks for as long as the callback does."""
        if self._kind == 2:
            _FUNC2(self._notifier)(self._callback_id, 0, self.handle, WM_RASDIALEVENT, state, error, 0)
        else:
            _FUNC1(self._notifier)(self.handle, WM_RASDIALEVENT, state, error, 0)


class SteppedRas:
    """The library, and its books.

    Attributes:
        library: For `backend_over`.
        dials: Each call of RasDialW, oldest first.
        inside: Those that have not returned.
        references: How often each handle has still to be hung up.
    """

    def __init__(self) -> None:
        self.dials: list[RasDial] = []
        self.inside: list[RasDial] = []
        self.references: Counter[int] = Counter()
        self._callbacks: list[threading.Thread] = []
        self._state = 0
        self._lock = threading.Lock()
        self.library = table(
            RasDialW=self._dial,
            RasHangUpW=self._hang_up,
            RasGetConnectStatusW=self._status,
            RasEnumConnectionsW=lambda rows, size, count: 0,  # none is listed
        )

    # What the test lets it do

    def store_handle(self, dial: RasDial) -> None:
        """RAS stores the handle of a dial before, between or after its first events."""
        if not dial.handle:
            dial.handle = int(ffi.cast("uintptr_t", dial.cell[0])) or 0x5100 + 0x100 * len(self.dials)
            with self._lock:
                self.references[dial.handle] += 1
            dial.cell[0] = ffi.cast("HRASCONN", dial.handle)

    def report(self, dial: RasDial, state: int, error: int) -> None:
        """Call back on a thread of RAS's own."""
        self.store_handle(dial)
        self._state = state
        thread = threading.Thread(target=dial.call_back, args=(state, error), name="a callback")
        self._callbacks.append(thread)
        thread.start()

    def return_from(self, dial: RasDial, code: int) -> None:
        if code == 0:
            self.store_handle(dial)
        dial.code = code
        dial.returned.set()

    @property
    def calling_back(self) -> int:
        """The number of callbacks that have not returned."""
        self._callbacks = [thread for thread in self._callbacks if thread.is_alive()]
        return len(self._callbacks)

    @property
    def left(self) -> int:
        """The number of references that nobody has given back."""
        return sum(self.references.values())

    # What the package calls

    def _dial(self, extensions, phonebook, params, kind, notifier, cell):
        address = int(ffi.cast("uintptr_t", notifier))
        dial = RasDial(cell, kind, address, int(params.dwCallbackId))
        if cell[0]:  # it leaves a paused state
            dial.handle = int(ffi.cast("uintptr_t", cell[0]))
        with self._lock:
            self.dials.append(dial)
            self.inside.append(dial)
        dial.returned.wait()
        with self._lock:
            self.inside.remove(dial)
        return dial.code

    def _hang_up(self, handle):
        value = int(ffi.cast("uintptr_t", handle))
        with self._lock:
            if not self.references[value]:
                return ERROR_INVALID_HANDLE
            self.references[value] -= 1
        return 0

    def _status(self, handle, status):
        value = int(ffi.cast("uintptr_t", handle))
        with self._lock:
            if not self.references[value]:
                return ERROR_INVALID_HANDLE
        status.rasconnstate = self._state
        return 0
