"""RASENTRY to and from Entry: its sizes, its unknown members, the alternate numbers behind it."""

from __future__ import annotations

import contextlib
import ipaddress
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from ...errors import RasError, error_from_code
from ...errors.codes import ERROR_BUFFER_TOO_SMALL, ERROR_CANNOT_WRITE_PHONEBOOK
from .. import text
from .._ras import ffi
from ..records import (
    DialMode,
    Encryption,
    Entry,
    EntryOptions,
    EntryOptions2,
    EntryType,
    NetProtocols,
    VpnStrategy,
)
from .library import RasLibrary
from .sizes import grow, try_sizes

NEWEST = ffi.sizeof("RASENTRYW")
ENTRY_SIZES = (
    NEWEST,  # 6724: Windows 10
    ffi.offsetof("RASENTRYW", "fDisableIKEv2Fragmentation"),  # 6720: 1803
    ffi.offsetof("RASENTRYW", "szIDi"),  # 5680: Windows 7
    ffi.offsetof("RASENTRYW", "ipv6addr"),  # 5656: Vista
    ffi.offsetof("RASENTRYW", "ipv6addrDns"),  # 5616: XP
)
_LONGEST_NUMBER = 128  # RAS_MaxPhoneNumber
_LARGEST = 0x10000  # a size beyond this is no size

_TEXTS = {
    "phone_number": "szLocalPhoneNumber",
    "device_type": "szDeviceType",
    "device_name": "szDeviceName",
    "area_code": "szAreaCode",
    "script": "szScript",
    "dns_suffix": "szDnsSuffix",
    "prerequisite_phonebook": "szPrerequisitePbk",
    "prerequisite_entry": "szPrerequisiteEntry",
}
_NUMBERS: dict[str, tuple[str, Any]] = {
    "type": ("dwType", EntryType),
    "vpn_strategy": ("dwVpnStrategy", VpnStrategy),
    "options": ("dwfOptions", EntryOptions),
    "options2": ("dwfOptions2", EntryOptions2),
    "encryption": ("dwEncryptionType", Encryption),
    "protocols": ("dwfNetProtocols", NetProtocols),
    "framing": ("dwFramingProtocol", int),
    "dial_mode": ("dwDialMode", DialMode),
    "custom_auth_key": ("dwCustomAuthKey", int),
    "country_id": ("dwCountryID", int),
    "country_code": ("dwCountryCode", int),
    "ipv6_prefix_length": ("dwIPv6PrefixLength", int),
    "ipv4_metric": ("dwIPv4InterfaceMetric", int),
    "ipv6_metric": ("dwIPv6InterfaceMetric", int),
    "idle_disconnect": ("dwIdleDisconnectSeconds", int),
    "network_outage": ("dwNetworkOutageTime", int),
    "redial_count": ("dwRedialCount", int),
    "redial_pause": ("dwRedialPause", int),
}
_ADDRESSES = {
    "ip_address": ("ipaddr", 4),
    "dns": ("ipaddrDns", 4),
    "dns_alternate": ("ipaddrDnsAlt", 4),
    "wins": ("ipaddrWins", 4),
    "wins_alternate": ("ipaddrWinsAlt", 4),
    "ipv6_address": ("ipv6addr", 16),
    "ipv6_dns": ("ipv6addrDns", 16),
    "ipv6_dns_alternate": ("ipv6addrDnsAlt", 16),
}
WRITTEN = frozenset({*_TEXTS, *_NUMBERS, *_ADDRESSES, "alternates"})


def read_image(library: RasLibrary, phonebook: str | None, name: str) -> bytes:
    """Return the bytes of what :func:`read_row` reads."""
    row, length = read_row(library, phonebook, name)
    return bytes(ffi.buffer(row, length))


def read_row(library: RasLibrary, phonebook: str | None, name: str) -> tuple[Any, int]:
    """RasGetEntryPropertiesW: a buffer, and how many bytes of it RAS has written.

    They are the RASENTRY, of the newest size that RAS knows, and what lies behind it. An empty name gives
    what RAS fills a new entry with.

    Raises:
        PhonebookError: 621 no such phonebook, 623 no such entry.
        RasError: Any other code; BackendUnavailableError if the library lacks the function.
    """
    call = library.function("RasGetEntryPropertiesW")
    path, entry = text.new(phonebook), text.new(name)
    buffer, written = ffi.NULL, 0

    def read(size: int) -> int:
        nonlocal buffer, written

        def fill(room: Any, cell: Any) -> int:
            ffi.cast("DWORD *", room)[0] = size
            return int(call(path, entry, ffi.cast("RASENTRYW *", room), cell, ffi.NULL, ffi.NULL))

        code, buffer, written = grow(fill, size)
        return code

    code, sizes = try_sizes(_sizes(library, call), read)
    library.check(code, "RasGetEntryPropertiesW", entry=name, phonebook=phonebook)
    library.entry_sizes = tuple(known for known in (sizes[0], *ENTRY_SIZES) if known <= sizes[0])
    return buffer, max(min(written, len(buffer)), sizes[0])


def _sizes(library: RasLibrary, call: Any) -> Sequence[int]:
    """Each dwSize worth trying: what RAS asks room for first, then what is known, newest first."""
    if library.entry_sizes:
        return library.entry_sizes
    room = ffi.new("DWORD *")
    code = call(ffi.NULL, text.new(""), ffi.NULL, room, ffi.NULL, ffi.NULL)
    asked = (
        room[0] if code in (0, ERROR_BUFFER_TOO_SMALL) and ENTRY_SIZES[-1] <= room[0] <= _LARGEST else NEWEST
    )
    return tuple(dict.fromkeys((asked, *ENTRY_SIZES)))


def read_entry(library: RasLibrary, phonebook: str | None, name: str) -> Entry:
    """The entry; see :func:`read_image` for what it raises."""
    return _decode(read_image(library, phonebook, name), name)


def _structure(image: bytes) -> tuple[Any, int]:
    """A whole RASENTRYW, members that the image lacks zero; and the size of the image's own."""
    row = ffi.new("RASENTRYW *")
    size = min(int.from_bytes(image[:4], "little"), len(image)) if image else 0
    ffi.memmove(row, image, min(size, NEWEST))
    return row, size


def _decode(image: bytes, name: str) -> Entry:
    row, size = _structure(image)
    values: dict[str, Any] = {}
    for key, member in _TEXTS.items():
        field = getattr(row, member)
        values[key] = cut(text.read(field), len(field) - 1)
    for key, (member, kind) in _NUMBERS.items():
        number = int(getattr(row, member))
        values[key] = number
        if kind is not int:
            with contextlib.suppress(ValueError):  # a kind that is not known yet stays a number
                values[key] = kind(number)
    for key, (member, length) in _ADDRESSES.items():
        packed = bytes(ffi.buffer(ffi.addressof(row, member)))[:length]
        values[key] = str(ipaddress.ip_address(packed)) if any(packed) else ""
    offset = row.dwAlternateOffset
    values["alternates"] = read_list(image[offset:]) if size <= offset < len(image) else ()
    return Entry(name=name, guid=_guid(row), links=row.dwSubEntries, image=image, **values)


def _guid(row: Any) -> str:
    guid = uuid.UUID(bytes_le=bytes(ffi.buffer(ffi.addressof(row, "guidId"))))
    return str(guid) if guid.int else ""


def read_list(data: bytes) -> tuple[str, ...]:
    """The numbers that lie behind a structure of RAS, up to an empty one."""
    joined = data[: len(data) // 2 * 2].decode("utf-16-le", "replace")
    return tuple(cut(part, _LONGEST_NUMBER) for part in joined.split("\0\0", 1)[0].split("\0") if part)


def pack_list(numbers: Iterable[str]) -> bytes:
    """The numbers as they lie behind a structure of RAS; b"" = there are none."""
    packed = b"".join(f"{number}\0".encode("utf-16-le") for number in numbers)
    return packed + b"\0\0" if packed else b""


def cut(value: str, longest: int) -> str:
    """A text that RAS did not end is longer than an Entry takes; it is read all the same, and written back
    as it was if nobody changes it."""
    return value.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", "ignore")


def write_entry(library: RasLibrary, phonebook: str | None, entry: Entry, image: bytes) -> None:
    """RasSetEntryPropertiesW: an entry like the image, but for what `entry` says otherwise.

    An entry that was read changes only what differs from its own image, so that what somebody else has
    changed since stays.

    Raises:
        PhonebookError: 621 no such phonebook.
        RasError: 5 not allowed, 87 not complete or no such device, any other code.
    """
    call = library.function("RasSetEntryPropertiesW")
    before = _decode(entry.image, entry.name) if entry.image else None
    changed = {key for key in WRITTEN if before is None or getattr(before, key) != getattr(entry, key)}
    row, size = _structure(image)
    given = size or (library.entry_sizes or ENTRY_SIZES)[0]
    tail = image[size:]
    if "alternates" in changed:
        tail = pack_list(entry.alternates)
        row.dwAlternateOffset = given if tail else 0
    _fill(row, entry, changed)
    row.dwSubEntries = 0
    beyond = image[NEWEST:size]  # members of a RAS newer than this package
    path, name = text.new(phonebook), text.new(entry.name)
    numbers_at = row.dwAlternateOffset

    def write(smaller: int) -> int:
        row.dwSize = smaller
        row.dwAlternateOffset = numbers_at - given + smaller if numbers_at else 0
        data = (bytes(ffi.buffer(row)) + beyond)[:smaller] + tail
        buffer = ffi.new("BYTE[]", data)
        return int(call(path, name, ffi.cast("RASENTRYW *", buffer), len(data), ffi.NULL, 0))

    code, _ = try_sizes((given, *(known for known in ENTRY_SIZES if known < given)), write)
    library.check(code, "RasSetEntryPropertiesW", entry=entry.name, phonebook=phonebook)


def _fill(row: Any, entry: Entry, changed: set[str]) -> None:
    for key in changed & _TEXTS.keys():
        text.write(row, _TEXTS[key], getattr(entry, key))
    for key in changed & _NUMBERS.keys():
        setattr(row, _NUMBERS[key][0], int(getattr(entry, key)))
    for key in changed & _ADDRESSES.keys():
        member, length = _ADDRESSES[key]
        value = getattr(entry, key)
        packed = ipaddress.ip_address(value).packed if value else bytes(length)
        ffi.buffer(ffi.addressof(row, member))[:] = packed


def refuse_connected(library: RasLibrary, phonebook: str | None, name: str, image: bytes) -> None:
    """Raise 624 if the entry is connected: RAS may crash if a connected entry is written.

    A library without RasEnumConnections has no answer to that, and is not asked.
    """
    if not library.has("RasEnumConnectionsW"):
        return
    guid = _guid(_structure(image)[0])
    for connection in library.connections():
        same = connection.entry.casefold() == name.casefold()
        if same and (connection.guid == guid if connection.guid and guid else True):
            raise error_from_code(
                ERROR_CANNOT_WRITE_PHONEBOOK,
                function="RasSetEntryPropertiesW",
                message="The entry is connected, and RAS may crash when a connected entry is changed.",
                hint="Hang up the connection first, or pass force=True.",
                entry=name,
                phonebook=phonebook,
            )


def default_image(library: RasLibrary, phonebook: str | None) -> bytes:
    """Return RAS's defaults for a new entry; b"" where it has none."""
    try:
        return read_image(library, phonebook, "")
    except RasError:
        return b""


def without_guid(image: bytes) -> bytes:
    """The image for another entry: what tells entries apart is for RAS to give."""
    start = ffi.offsetof("RASENTRYW", "guidId")
    end = ffi.offsetof("RASENTRYW", "szCustomDialDll")
    return image[:start] + bytes(end - start) + image[end:] if len(image) >= end else image


def delete_entry(library: RasLibrary, phonebook: str | None, name: str) -> None:
    """RasDeleteEntryW. Raises 5, 123 (no such entry), 817 (it is connected)."""
    _call(library, "RasDeleteEntryW", phonebook, name)


def rename_entry(library: RasLibrary, phonebook: str | None, name: str, new_name: str) -> None:
    """RasRenameEntryW. Raises 123 (bad name), 183 (taken), 623 (no such entry)."""
    _call(library, "RasRenameEntryW", phonebook, name, new_name)


def validate_name(library: RasLibrary, phonebook: str | None, name: str) -> None:
    """RasValidateEntryNameW. Raises 123 (bad name), 183 (taken), 621 (no such phonebook)."""
    _call(library, "RasValidateEntryNameW", phonebook, name)


def _call(library: RasLibrary, function: str, phonebook: str | None, name: str, *names: str) -> None:
    code = library.function(function)(text.new(phonebook), *map(text.new, (name, *names)))
    library.check(code, function, entry=name, phonebook=phonebook)
