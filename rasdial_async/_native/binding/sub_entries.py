"""RasGetSubEntryHandle: the links of a multilink connection."""

from __future__ import annotations

from .._ras import ffi
from .library import RasLibrary, _handle, read_handle


def sub_entry_handle(library: RasLibrary, handle: int, number: int) -> tuple[int, int]:
    """The code, and the handle of that link, from 1.

    The page documents 6, 618 (that link is not up) and 259 (there is no such link)
    (https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetsubentryhandlew).
    """
    cell = ffi.new("HRASCONN *")
    code = library._function("RasGetSubEntryHandleW")(_handle(handle), number, cell)
    return int(code), read_handle(cell) if code == 0 else 0
