"""The sub-entries of a multilink entry, and of the connection that comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ...errors import RasError, error_from_code
from ...errors.codes import ERROR_NO_MORE_ITEMS, ERROR_PORT_NOT_OPEN
from .. import text
from .._ras import ffi
from ..records import DialMode, EntryLink
from .entries import cut, pack_list, read_list, read_row
from .library import RasLibrary, handle_pointer, read_handle
from .sizes import grow

_SIZE = ffi.sizeof("RASSUBENTRYW")


class SubEntryCounts(NamedTuple):
    """The number of sub-entries of an entry, and of those that RasDial dials."""

    total: int
    dialed: int


ONE_SUB_ENTRY = SubEntryCounts(1, 1)
MOST_SUB_ENTRIES = 1024  # a count beyond it is none


def count_sub_entries(library: RasLibrary, phonebook: str | None, entry: str) -> SubEntryCounts:
    """RasGetEntryPropertiesW. What RAS does not tell is one sub-entry.

    Asked before each dial: the kind of the notifier depends on it, and the memory for the last events.
    RasDial dials all of them, or as dwDialMode says one first, and the others as they are needed
    (https://learn.microsoft.com/windows/win32/rras/subentries-and-multilink-connections).
    """
    if not entry or not library.has("RasGetEntryPropertiesW"):
        return ONE_SUB_ENTRY
    try:
        count, mode = _counted(library, phonebook, entry)
    except RasError:  # RasDial will say it
        return ONE_SUB_ENTRY
    if not 2 <= count <= MOST_SUB_ENTRIES:
        return ONE_SUB_ENTRY
    return SubEntryCounts(count, 1 if mode == DialMode.AS_NEEDED else count)


def _counted(library: RasLibrary, phonebook: str | None, entry: str) -> tuple[int, int]:
    """dwSubEntries and dwDialMode."""
    row, _ = read_row(library, phonebook, entry)
    properties = ffi.cast("RASENTRYW *", row)
    return properties.dwSubEntries, properties.dwDialMode


def read_sub_entries(library: RasLibrary, phonebook: str | None, entry: str) -> list[EntryLink]:
    """RasGetSubEntryPropertiesW of each sub-entry that RASENTRY counts.

    Raises:
        PhonebookError: 621 no such phonebook, 623 no such entry.
        RasError: Any other code; BackendUnavailableError if the library lacks the function.
    """
    count, _ = _counted(library, phonebook, entry)
    return [
        _read_sub_entry(library, phonebook, entry, number)
        for number in range(1, min(count, MOST_SUB_ENTRIES) + 1)
    ]


def _read_sub_entry(library: RasLibrary, phonebook: str | None, entry: str, number: int) -> EntryLink:
    call = library.function("RasGetSubEntryPropertiesW")
    path, name = text.new(phonebook), text.new(entry)

    def fill(buffer: Any, room: Any) -> int:
        row = ffi.cast("RASSUBENTRYW *", buffer)
        row.dwSize = _SIZE
        return int(call(path, name, number, row, room, ffi.NULL, ffi.NULL))

    code, buffer, _ = grow(fill, _SIZE)
    library.check(code, "RasGetSubEntryPropertiesW", entry=entry, phonebook=phonebook)
    row = ffi.cast("RASSUBENTRYW *", buffer)
    offset = row.dwAlternateOffset
    return EntryLink(
        device_type=_field(row.szDeviceType),
        device_name=_field(row.szDeviceName),
        phone_number=_field(row.szLocalPhoneNumber),
        alternates=read_list(bytes(ffi.buffer(buffer))[offset:]) if _SIZE <= offset < len(buffer) else (),
    )


def _field(characters: Any) -> str:
    return cut(text.read(characters), len(characters) - 1)


def write_sub_entries(
    library: RasLibrary, phonebook: str | None, entry: str, links: Sequence[EntryLink]
) -> None:
    """RasSetSubEntryPropertiesW of each, then RasDeleteSubEntryW of those beyond, the last one first.

    Raises:
        PhonebookError: 621 no such phonebook, 623 no such entry.
        RasError: 5 not allowed, 87 no such device, any other code.
    """
    path, name = text.new(phonebook), text.new(entry)
    before = min(_counted(library, phonebook, entry)[0], MOST_SUB_ENTRIES)
    for number, link in enumerate(links, 1):
        tail = pack_list(link.alternates)
        buffer = ffi.new("BYTE[]", _SIZE + len(tail))
        row = ffi.cast("RASSUBENTRYW *", buffer)
        row.dwSize = _SIZE
        row.szDeviceType, row.szDeviceName = link.device_type, link.device_name
        row.szLocalPhoneNumber = link.phone_number
        if tail:
            row.dwAlternateOffset = _SIZE
            ffi.memmove(buffer + _SIZE, tail, len(tail))
        call = library.function("RasSetSubEntryPropertiesW")
        code = call(path, name, number, row, len(buffer), ffi.NULL, 0)
        library.check(code, "RasSetSubEntryPropertiesW", entry=entry, phonebook=phonebook)
    for number in range(before, len(links), -1):
        code = library.function("RasDeleteSubEntryW")(path, name, number)
        library.check(code, "RasDeleteSubEntryW", entry=entry, phonebook=phonebook)


def sub_entry_handles(library: RasLibrary, handle: int) -> list[int | None]:
    """RasGetSubEntryHandleW for each number from 1 until RAS answers 259; None = that sub-entry is not up.

    Raises:
        RasError: 6 the connection is gone; 259 RAS names no end; any other code.
    """
    handles: list[int | None] = []
    while len(handles) < MOST_SUB_ENTRIES:
        code, found = sub_entry_handle(library, handle, len(handles) + 1)
        if code == ERROR_NO_MORE_ITEMS:
            return handles
        if code != ERROR_PORT_NOT_OPEN:
            library.check(code, "RasGetSubEntryHandleW")
        handles.append(found or None)
    raise error_from_code(
        ERROR_NO_MORE_ITEMS,
        function="RasGetSubEntryHandleW",
        message=f"RAS names no last sub-entry: {MOST_SUB_ENTRIES} were asked for.",
    )


def sub_entry_handle(library: RasLibrary, handle: int, number: int) -> tuple[int, int]:
    """The code, and the handle of that sub-entry, from 1.

    The page documents 6, 618 (it is not up) and 259 (there is no such sub-entry)
    (https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetsubentryhandlew).
    """
    cell = ffi.new("HRASCONN *")
    code = library.function("RasGetSubEntryHandleW")(handle_pointer(handle), number, cell)
    return int(code), read_handle(cell) if code == 0 else 0
