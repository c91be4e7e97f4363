"""RasGet/SetAutodialAddress, …Enable, …Param and RasEnumAutodialAddresses."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import error_from_code
from ...errors.codes import ERROR_BUFFER_TOO_SMALL, ERROR_FILE_NOT_FOUND
from .. import text
from .._ras import ffi
from ..records import AutoDialEntry, AutoDialParameter
from .library import RasLibrary

_ENTRY_SIZE = ffi.sizeof("RASAUTODIALENTRYW")
_POINTER_SIZE = ffi.sizeof("WCHAR *")


def addresses(library: RasLibrary) -> list[str]:
    """RasEnumAutodialAddressesW: pointers, and behind them the texts that they lead to."""
    call = library.function("RasEnumAutodialAddressesW")
    room, count = ffi.new("DWORD *"), ffi.new("DWORD *")
    code = call(ffi.NULL, room, count)
    while code == ERROR_BUFFER_TOO_SMALL:
        size = room[0]
        buffer = ffi.new("WCHAR *[]", size // _POINTER_SIZE + 1)
        code = call(buffer, room, count)
        if code == 0:
            return [text.read(buffer[index]) for index in range(min(count[0], len(buffer)))]
        if room[0] <= size:
            break
    _check(library, code, "RasEnumAutodialAddressesW")
    return []


def entries(library: RasLibrary, address: str | None) -> list[AutoDialEntry]:
    """RasGetAutodialAddressW. An address that is not in the database has no entries."""
    place = text.new(address)
    call = ("RasGetAutodialAddressW", "RASAUTODIALENTRYW", (_ENTRY_SIZE,), place, ffi.NULL)
    code, rows, _ = library._rows(*call)
    if code != ERROR_FILE_NOT_FOUND:
        _check(library, code, "RasGetAutodialAddressW")
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
    _check(library, code, "RasSetAutodialAddressW")


def is_enabled(library: RasLibrary, location: int) -> bool:
    """RasGetAutodialEnableW, of one TAPI dialing location."""
    enabled = ffi.new("int32_t *")
    _check(library, library.function("RasGetAutodialEnableW")(location, enabled), "RasGetAutodialEnableW")
    return bool(enabled[0])


def enable(library: RasLibrary, location: int, enabled: bool) -> None:
    """RasSetAutodialEnableW."""
    _check(library, library.function("RasSetAutodialEnableW")(location, enabled), "RasSetAutodialEnableW")


def parameter(library: RasLibrary, key: AutoDialParameter) -> int:
    """RasGetAutodialParamW; every parameter is a DWORD."""
    value, size = ffi.new("DWORD *"), ffi.new("DWORD *", ffi.sizeof("DWORD"))
    _check(library, library.function("RasGetAutodialParamW")(key, value, size), "RasGetAutodialParamW")
    return int(value[0])


def set_parameter(library: RasLibrary, key: AutoDialParameter, value: int) -> None:
    """RasSetAutodialParamW."""
    cell = ffi.new("DWORD *", value)
    code = library.function("RasSetAutodialParamW")(key, cell, ffi.sizeof("DWORD"))
    _check(library, code, "RasSetAutodialParamW")


def _check(library: RasLibrary, code: int, function: str) -> None:
    if code != 0:
        raise error_from_code(code, function=function, message=library.error_text(code))
