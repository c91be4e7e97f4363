"""RasConnectionNotification and the event that it sets.

A registration is made once and renewed after a signal only: RAS documents no end of a registration, so each
may stay in its service. Renewed, since Windows 11 may signal once for each registration
(https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasconnectionnotificationw).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from .._ras import ffi, lib
from .library import RasLibrary

EVERY_CONNECTION = -1  # INVALID_HANDLE_VALUE
RASCN_CONNECTION = 0x1
RASCN_DISCONNECTION = 0x2
RASCN_BANDWIDTH_ADDED = 0x4
RASCN_BANDWIDTH_REMOVED = 0x8
RASCN_DORMANT = 0x10
RASCN_RECONNECTION = 0x20
COMES_OR_GOES = RASCN_CONNECTION | RASCN_DISCONNECTION
CHANGES_OF_LINKS = RASCN_BANDWIDTH_ADDED | RASCN_BANDWIDTH_REMOVED
CHANGES = CHANGES_OF_LINKS | RASCN_DORMANT | RASCN_RECONNECTION


class WatchEvent:
    """An event of the system, and how a loop learns that it was set.

    RAS documents no way to end a registration, so an event may only be closed where the library has one.
    """

    def __init__(self) -> None:
        self._event: Any = lib.watch_event_open()
        if not self._event:
            raise OSError("the system has no event left")
        self._lock = threading.Lock()
        self._closed = False
        self._signals = 0  # that the loop has seen
        self._registered: set[int] = set()  # the handles registered since that many signals:
        self._registered_at = 0
        self.on_set: Callable[[], object] | None = None

    @property
    def handle(self) -> int:
        return int(lib.watch_event_handle(self._event))

    def register(
        self, library: RasLibrary, handle: int = EVERY_CONNECTION, flags: int = COMES_OR_GOES
    ) -> int:
        """From now on the next connection that comes or goes sets the event; returns RAS's code.

        Or with the handle of one connection, and CHANGES: what happens to that one. A handle that was
        registered since the last signal is not registered again.
        """
        call = library.function("RasConnectionNotificationW")
        with self._lock:  # another event may get the number of a closed one
            if self._closed:
                return 0
            if self._registered_at != self._signals:
                self._registered_at = self._signals  # before the call: a signal during it counts as later
                self._registered.clear()
            if handle in self._registered:
                return 0
            code = int(
                call(
                    ffi.cast("HRASCONN", handle),
                    ffi.cast("HANDLE", self.handle),
                    flags,
                )
            )
            if code == 0:
                self._registered.add(handle)
            return code

    def forget_all_but(self, handles: Iterable[int]) -> None:
        """RAS may give the values of other connections again."""
        with self._lock:
            self._registered &= {EVERY_CONNECTION, *handles}

    def descriptor(self) -> int:
        return int(lib.watch_event_descriptor(self._event))

    def relay_to_socket(self, descriptor: int) -> None:
        if lib.watch_event_relay_to_socket(self._event, descriptor) != 0:
            raise NotImplementedError("no wait for an event on this system")

    def renew(self) -> None:
        """Nothing counts as registered from now on."""
        self._signals += 1

    def drain(self) -> None:
        """It was seen: from here on a change sets it anew."""
        self.renew()
        lib.watch_event_clear(self._event)
        if self.on_set is not None:
            self.on_set()

    def stop(self) -> None:
        """Stop: no loop is told from now on."""
        self.on_set = None
        lib.watch_event_stop(self._event)

    def close(self, forget: Callable[[], object]) -> None:
        """`forget` ends what is registered for it."""
        with self._lock:
            self._closed = True
            forget()
            lib.watch_event_close(self._event)
