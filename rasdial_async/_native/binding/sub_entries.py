"""The links of a multilink entry, and of the connection that comes of it."""

from __future__ import annotations

from typing import NamedTuple

from ...entry import DialMode
from ...errors import RasError
from .._ras import ffi
from .entries import read_image
from .library import RasLibrary, _handle, read_handle


class EntryLinks(NamedTuple):
    """How many links an entry has, and how many of them RasDial dials."""

    total: int
    dialed: int


ONE_LINK = EntryLinks(1, 1)
MOST_LINKS = 1024  # a count beyond it is none


def links_of(library: RasLibrary, phonebook: str | None, entry: str) -> EntryLinks:
    """RasGetEntryPropertiesW, for what RasDial has to know. What RAS does not tell is one link.

    RasDial dials all of them, or as dwDialMode says one first, and the others as they are needed
    (https://learn.microsoft.com/windows/win32/rras/subentries-and-multilink-connections).
    """
    if not entry or not library.api.RasGetEntryPropertiesW:
        return ONE_LINK
    try:
        image = ffi.from_buffer(read_image(library, phonebook, entry))
    except RasError:  # RasDial will say it
        return ONE_LINK
    properties = ffi.cast("RASENTRYW *", image)
    count = properties.dwSubEntries
    if not 2 <= count <= MOST_LINKS:
        return ONE_LINK
    return EntryLinks(count, 1 if properties.dwDialMode == DialMode.AS_NEEDED else count)


def sub_entry_handle(library: RasLibrary, handle: int, number: int) -> tuple[int, int]:
    """The code, and the handle of that link, from 1.

    The page documents 6, 618 (that link is not up) and 259 (there is no such link)
    (https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetsubentryhandlew).
    """
    cell = ffi.new("HRASCONN *")
    code = library._function("RasGetSubEntryHandleW")(_handle(handle), number, cell)
    return int(code), read_handle(cell) if code == 0 else 0
