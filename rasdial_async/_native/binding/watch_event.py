"""RasConnectionNotification and the event that it sets."""

from __future__ import annotations

import threading
from collections.abc import Callable
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
        self.on_set: Callable[[], object] | None = None

    @property
    def handle(self) -> int:
        return int(lib.watch_event_handle(self._event))

    def register(
        self, library: RasLibrary, handle: int = EVERY_CONNECTION, flags: int = COMES_OR_GOES
    ) -> int:
        """From now on the next connection that comes or goes sets the event; returns RAS's code.

        Or with the handle of one connection, and CHANGES: what happens to that one.

        Whether a registration lasts for more than one signal is not documented, and in Windows 11 it may
        not: so it is renewed after each
        (https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasconnectionnotificationw).
        """
        call = library.function("RasConnectionNotificationW")
        with self._lock:  # another event may get the number of a closed one
            if self._closed:
                return 0
            return int(
                call(
                    ffi.cast("HRASCONN", handle),
                    ffi.cast("HANDLE", self.handle),
                    flags,
                )
            )

    def descriptor(self) -> int:
        return int(lib.watch_event_descriptor(self._event))

    def relay_to_socket(self, descriptor: int) -> None:
        if lib.watch_event_relay_to_socket(self._event, descriptor) != 0:
            raise NotImplementedError("no wait for an event on this system")

    def drain(self) -> None:
        """It was seen: from here on a change sets it anew."""
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
