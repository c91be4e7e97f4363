"""RasGetCountryInfo: one country a call, each with the number of the next."""

from __future__ import annotations

from typing import Any

from .._ras import ffi
from ..records import Country
from .library import RasLibrary
from .sizes import grow

_FIRST = 1
_SIZE = ffi.sizeof("RASCTRYINFO")
_MOST = 1024  # the world has a quarter of that
_ROOM = 256  # bytes; the page wants that many at least


def countries(library: RasLibrary) -> list[Country]:
    """Every country, in RAS's order, up to a number that repeats or the bound."""
    found: dict[int, Country] = {}
    number = _FIRST
    while number and number not in found and len(found) < _MOST:
        found[number], number = _country(library, number)
    return list(found.values())


def _country(library: RasLibrary, number: int) -> tuple[Country, int]:
    call = library.function("RasGetCountryInfoW")

    def fill(buffer: Any, room: Any) -> int:
        info = ffi.cast("RASCTRYINFO *", buffer)
        info.dwSize, info.dwCountryID = _SIZE, number
        return int(call(info, room))

    code, buffer, _ = grow(fill, _ROOM)
    library.check(code, "RasGetCountryInfoW")
    info = ffi.cast("RASCTRYINFO *", buffer)
    name = bytes(ffi.buffer(buffer))[info.dwCountryNameOffset :].decode("utf-16-le", "replace")
    return Country(number, info.dwCountryCode, name.split("\0", 1)[0]), info.dwNextCountryID
