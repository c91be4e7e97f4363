"""RasGetCountryInfo: one country a call, each with the number of the next."""

from __future__ import annotations

from ...errors.codes import ERROR_BUFFER_TOO_SMALL
from .._ras import ffi
from ..records import Country
from .library import RasLibrary

_FIRST = 1
_SIZE = ffi.sizeof("RASCTRYINFO")
_ROOM = 256  # bytes; the page wants that many at least


def countries(library: RasLibrary) -> list[Country]:
    """Every country, in RAS's order."""
    found: dict[int, Country] = {}
    number = _FIRST
    while number and number not in found:
        found[number], number = _country(library, number)
    return list(found.values())


def _country(library: RasLibrary, number: int) -> tuple[Country, int]:
    call = library.function("RasGetCountryInfoW")
    room = ffi.new("DWORD *", _ROOM)
    while True:
        size = room[0]
        buffer = ffi.new("BYTE[]", size)
        info = ffi.cast("RASCTRYINFO *", buffer)
        info.dwSize, info.dwCountryID = _SIZE, number
        code = call(info, room)
        if code != ERROR_BUFFER_TOO_SMALL or room[0] <= size:
            break
    if code != 0:
        raise library.error(code, "RasGetCountryInfoW")
    name = bytes(ffi.buffer(buffer))[info.dwCountryNameOffset :].decode("utf-16-le", "replace")
    return Country(number, info.dwCountryCode, name.split("\0", 1)[0]), info.dwNextCountryID
