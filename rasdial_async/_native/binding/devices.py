"""RasEnumDevices: what RAS can dial with."""

from __future__ import annotations

from .. import text
from .._ras import ffi
from ..records import Device
from .library import RasLibrary


def devices(library: RasLibrary) -> list[Device]:
    """The devices, in RAS's order; names and types as they are.

    A machine whose RAS is damaged answers success with nothing at all: that is an empty list
    (https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasenumdevicesw).
    """
    code, rows, _ = library.rows("RasEnumDevicesW", "RASDEVINFOW", (ffi.sizeof("RASDEVINFOW"),))
    library.check(code, "RasEnumDevicesW")
    return [Device(text.read(row.szDeviceName), text.read(row.szDeviceType)) for row in rows]
