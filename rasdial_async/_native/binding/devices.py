"""RasEnumDevices: what RAS can dial with, and the choice of a device for a new entry."""

from __future__ import annotations

import dataclasses

from ...errors import error_from_code
from ...errors.codes import ERROR_DEVICE_DOES_NOT_EXIST
from .. import text
from .._ras import ffi
from ..records import Device, Entry, VpnStrategy
from .library import RasLibrary

# Windows translates "WAN Miniport", not the name of the protocol behind it.
_PROTOCOLS: dict[int, str] = {
    VpnStrategy.PPTP_ONLY: "(PPTP)",
    VpnStrategy.PPTP_FIRST: "(PPTP)",
    VpnStrategy.PPTP_SSTP: "(PPTP)",
    VpnStrategy.L2TP_ONLY: "(L2TP)",
    VpnStrategy.L2TP_FIRST: "(L2TP)",
    VpnStrategy.L2TP_SSTP: "(L2TP)",
    VpnStrategy.SSTP_ONLY: "(SSTP)",
    VpnStrategy.SSTP_FIRST: "(SSTP)",
    VpnStrategy.IKEV2_ONLY: "(IKEv2)",
    VpnStrategy.IKEV2_FIRST: "(IKEv2)",
    VpnStrategy.IKEV2_SSTP: "(IKEv2)",
}
_PREFERRED = "(IKEv2)"  # of an entry that may use any protocol


def devices(library: RasLibrary) -> list[Device]:
    """The devices, in RAS's order; names and types as they are.

    A machine whose RAS is damaged answers success with nothing at all: that is an empty list
    (https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasenumdevicesw).
    """
    code, rows, _ = library.rows("RasEnumDevicesW", "RASDEVINFOW", (ffi.sizeof("RASDEVINFOW"),))
    library.check(code, "RasEnumDevicesW")
    return [Device(text.read(row.szDeviceName), text.read(row.szDeviceType)) for row in rows]


def with_device(library: RasLibrary, phonebook: str | None, entry: Entry) -> Entry:
    """The entry with a device: where it names none, one of RAS's that has its type and protocol.

    Raises:
        DeviceError: 608 RAS lists no such device; any other code.
        BackendUnavailableError: The library has no RasEnumDevices.
    """
    if entry.device_name or entry.image:
        return entry
    found = devices(library)
    fitting = [device for device in found if device.type.lower() == entry.device_type.lower()]
    if entry.device_type.lower() == "vpn":
        fitting = _of_protocol(fitting, entry.vpn_strategy)
    if fitting:
        return dataclasses.replace(entry, device_name=fitting[0].name)
    wanted = f"{entry.device_type} {_PROTOCOLS.get(entry.vpn_strategy, '')}".rstrip()
    listed = ", ".join(f"{device.name} [{device.type}]" for device in found) or "none"
    raise error_from_code(
        ERROR_DEVICE_DOES_NOT_EXIST,
        function="RasEnumDevicesW",
        message=f"RAS has no device of type {wanted}. Its devices: {listed}.",
        hint="Name a device of this computer as device_name, or install one.",
        entry=entry.name,
        phonebook=phonebook,
    )


def _of_protocol(found: list[Device], strategy: int) -> list[Device]:
    protocol = _PROTOCOLS.get(strategy)
    marked = [device for device in found if (protocol or _PREFERRED).lower() in device.name.lower()]
    return marked if protocol else marked or found
