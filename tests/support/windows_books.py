"""A RAS library whose phonebook behaves as Windows documents it, where the simulator is more lenient.

The devices have the names of a German Windows; an entry on any other device is refused with 87; a connected
entry that is written is counted, since RAS may crash then.
"""

from __future__ import annotations

import uuid
from typing import Any

from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import RasLibrary
from support.tables import table

GERMAN = [
    ("vpn", "WAN-Miniport (SSTP)"),
    ("VPN", "WAN-Miniport (IKEv2)"),
    ("vpn", "WAN-Miniport (L2TP)"),
    ("vpn", "WAN-Miniport (PPTP)"),
    ("PPPoE", "WAN-Miniport (PPPOE)"),
    ("modem", "Standardmodem"),
]


class WindowsBooks:
    """The functions, and what a test sets and sees: `devices`, `connected`, `crashes`."""

    def __init__(self, *without: str) -> None:
        self.devices = list(GERMAN)
        self.connected: list[tuple[str, str]] = []
        """Name and GUID of each connected entry."""
        self.crashes = 0
        self._entries: dict[str, bytes] = {}
        functions = {
            "RasEnumDevicesW": self._enum_devices,
            "RasEnumConnectionsW": self._enum_connections,
            "RasGetEntryPropertiesW": self._get,
            "RasSetEntryPropertiesW": self._set,
            "RasDeleteSubEntryW": lambda phonebook, name, number: 0,
            "RasValidateEntryNameW": lambda phonebook, name: 0,
        }
        for name in without:
            del functions[name]
        self.library: RasLibrary = table(**functions)

    def _enum_devices(self, first: Any, room: Any, count: Any) -> int:
        return _fill("RASDEVINFOW", ("szDeviceType", "szDeviceName"), self.devices, first, room, count)

    def _enum_connections(self, first: Any, room: Any, count: Any) -> int:
        names = [(name,) for name, _ in self.connected]
        code = _fill("RASCONNW", ("szEntryName",), names, first, room, count)
        if code == 0:
            for number, (_, guid) in enumerate(self.connected):
                if guid:
                    ffi.buffer(ffi.addressof(first[number], "guidEntry"))[:] = uuid.UUID(guid).bytes_le
        return code

    def _get(self, phonebook: Any, name: Any, entry: Any, room: Any, *reserved: Any) -> int:
        size = ffi.sizeof("RASENTRYW")
        stored = self._entries.get(ffi.string(name).casefold())
        if stored is None and ffi.string(name):
            return 623
        if not entry or room[0] < size:
            room[0] = size
            return 603
        ffi.memmove(entry, stored or bytes(size), size)
        entry.dwSize = size
        return 0

    def _set(self, phonebook: Any, name: Any, entry: Any, size: int, *reserved: Any) -> int:
        if ffi.string(entry.szDeviceName) not in [device for _, device in self.devices]:
            return 87
        key = ffi.string(name).casefold()
        self.crashes += key in [entry.casefold() for entry, _ in self.connected]
        if key not in self._entries:
            ffi.buffer(ffi.addressof(entry, "guidId"))[:] = uuid.uuid4().bytes_le
        self._entries[key] = bytes(ffi.buffer(ffi.cast("BYTE *", entry), ffi.sizeof("RASENTRYW")))
        return 0


def _fill(
    structure: str, members: tuple[str, ...], rows: list[Any], first: Any, room: Any, count: Any
) -> int:
    needed = len(rows) * ffi.sizeof(structure)
    count[0] = len(rows)
    if room[0] < needed:
        room[0] = needed
        return 603
    for number, row in enumerate(rows):
        for member, value in zip(members, row, strict=True):
            setattr(first[number], member, value)
    return 0
