"""RasGet/SetAutodialAddress, …Enable, …Param and RasEnumAutodialAddresses."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors.codes import ERROR_FILE_NOT_FOUND
from .. import text
from .._ras import ffi
from ..records import AutoDialEntry, AutoDialParameter
from .library import RasLibrary
from .sizes import grow, room_at

_ENTRY_SIZE = ffi.sizeof("RASAUTODIALENTRYW")
_POINTER_SIZE = ffi.sizeof("WCHAR *")


def addresses(library: RasLibrary) -> list[str]:
    """RasEnumAutodialAddressesW: an array of pointers, and behind it the texts they point to."""
    call = library.function("RasEnumAutodialAddressesW")
    count = ffi.new("DWORD *")
    code, buffer, _ = grow(lambda room, size: call(ffi.cast("WCHAR **", room), size, count), 0)
    library.check(code, "RasEnumAutodialAddressesW")
    found = min(count[0], len(buffer) // _POINTER_SIZE) if buffer else 0
    pointers = ffi.cast("WCHAR **", buffer)
    texts = (text.read_within(pointers[index], room_at(buffer, pointers[index])) for index in range(found))
    return [address for address in texts if address]


def entries(library: RasLibrary, address: str | None) -> list[AutoDialEntry]:
    """RasGetAutodialAddressW. An address that is not in the database has no entries."""
    place = text.new(address)
    call = ("RasGetAutodialAddressW", "RASAUTODIALENTRYW", (_ENTRY_SIZE,), place, ffi.NULL)
    code, rows, _ = library.rows(*call)
    if code != ERROR_FILE_NOT_FOUND:
        library.check(code, "RasGetAutodialAddressW")
    return [AutoDialEntry(text.read(row.szEntry), row.dwDialingLocation) for row in rows]


def set_entries(library: RasLibrary, address: str | None, found: Sequence[AutoDialEntry]) -> None:
    """RasSetAutodialAddressW: in the place of those it has; none takes the address out."""
    rows = ffi.new("RASAUTODIALENTRYW[]", len(found)) if found else ffi.NULL
    for index, entry in enumerate(found):
        rows[index].dwSize = _ENTRY_SIZE
        rows[index].szEntry = entry.entry
        rows[index].dwDialingLocation = entry.location
    size = len(found) * _ENTRY_SIZE
    code = library.function("RasSetAutodialAddressW")(text.new(address), 0, rows, size, len(found))
    library.check(code, "RasSetAutodialAddressW")


def is_enabled(library: RasLibrary, location: int) -> bool:
    """RasGetAutodialEnableW, of one TAPI dialing location."""
    enabled = ffi.new("int32_t *")
    code = library.function("RasGetAutodialEnableW")(location, enabled)
    library.check(code, "RasGetAutodialEnableW")
    return bool(enabled[0])


def enable(library: RasLibrary, location: int, enabled: bool) -> None:
    """RasSetAutodialEnableW."""
    code = library.function("RasSetAutodialEnableW")(location, enabled)
    library.check(code, "RasSetAutodialEnableW")


def parameter(library: RasLibrary, key: AutoDialParameter) -> int:
    """RasGetAutodialParamW; every parameter is a DWORD."""
    value, size = ffi.new("DWORD *"), ffi.new("DWORD *", ffi.sizeof("DWORD"))
    code = library.function("RasGetAutodialParamW")(key, value, size)
    library.check(code, "RasGetAutodialParamW")
    return int(value[0])


def set_parameter(library: RasLibrary, key: AutoDialParameter, value: int) -> None:
    """RasSetAutodialParamW."""
    cell = ffi.new("DWORD *", value)
    code = library.function("RasSetAutodialParamW")(key, cell, ffi.sizeof("DWORD"))
    library.check(code, "RasSetAutodialParamW")
