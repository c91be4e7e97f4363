"""Python calls C: every loop over RAS ends, and no pointer is followed out of the buffer it came in."""

from __future__ import annotations

import pytest
from support.tables import table

from rasdial_async import RasError
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding.autodial import addresses
from rasdial_async._native.binding.countries import countries
from rasdial_async._native.binding.projection import projection
from rasdial_async._native.binding.sub_entries import MOST_SUB_ENTRIES, sub_entry_handles, write_sub_entries


def test_countries_without_a_last_one():
    calls = []

    def answer(info, room):
        calls.append(info.dwCountryID)
        info.dwNextCountryID = info.dwCountryID + 1
        return 0

    assert len(countries(table(RasGetCountryInfoW=answer))) == len(calls) == 1024


@pytest.mark.parametrize("code", [0, 618])
def test_sub_entries_without_a_last_one(code):
    calls = []

    def answer(handle, number, cell):
        calls.append(number)
        cell[0] = ffi.cast("HRASCONN", number)
        return code

    with pytest.raises(RasError, match="no last sub-entry") as caught:
        sub_entry_handles(table(RasGetSubEntryHandleW=answer), 4)
    assert (caught.value.code, caught.value.function) == (259, "RasGetSubEntryHandleW")
    assert calls == [*range(1, MOST_SUB_ENTRIES + 1)]


def test_sub_entries_up_to_the_last_one():
    def answer(handle, number, cell):
        cell[0] = ffi.cast("HRASCONN", 0x10 + number)
        return {1: 0, 2: 618, 3: 0}.get(number, 259)

    assert sub_entry_handles(table(RasGetSubEntryHandleW=answer), 4) == [0x11, None, 0x13]


def test_a_count_of_sub_entries_that_makes_no_sense_is_not_deleted_one_by_one():
    deleted = []

    def properties(phonebook, name, entry, room, *reserved):
        if entry:
            entry.dwSubEntries = 0xFFFFFFFF
        return 0 if entry else 603

    def delete(phonebook, name, number):
        deleted.append(number)
        return 0

    write_sub_entries(table(RasGetEntryPropertiesW=properties, RasDeleteSubEntryW=delete), None, "Office", [])
    assert deleted == [*range(MOST_SUB_ENTRIES, 0, -1)]


ELSEWHERE = ffi.new("BYTE[64]", b"\x01" * 64)
SERVERS = bytes([192, 0, 2, 1, 192, 0, 2, 2, 192, 0, 2, 3])


@pytest.mark.parametrize(
    ("count", "offset", "found"),
    [
        (3, 0, ("192.0.2.1", "192.0.2.2", "192.0.2.3")),
        (2, 4, ("192.0.2.2", "192.0.2.3")),
        (0xFFFFFFFF, 0, ("192.0.2.1", "192.0.2.2", "192.0.2.3")),
        (3, 10, ()),
        (3, 12, ()),
        (0x40000000, None, ()),
        (2, -0x100000, ()),
    ],
)
def test_addresses_of_an_ikev2_tunnel_are_read_within_the_buffer_alone(count, offset, found):
    """`offset` is where RAS points, from the end of the structure; None is another block of memory."""
    structure = ffi.sizeof("RAS_PROJECTION_INFO")
    needed = structure + len(SERVERS)

    def answer(handle, info, room):
        if room[0] < needed:
            room[0] = needed
            return 603
        start = ffi.cast("BYTE *", info)
        ffi.memmove(start + structure, SERVERS, len(SERVERS))
        info.type = 2
        info.ikev2.numIPv4ServerAddresses = count
        place = ELSEWHERE if offset is None else start + structure + offset
        info.ikev2.ipv4ServerAddresses = ffi.cast("void *", place)
        info.ikev2.numIPv6ServerAddresses = 5
        return 0

    code, projected = projection(table(RasGetProjectionInfoEx=answer), 4)
    assert code == 0
    assert projected.server_addresses == found
    assert projected.ipv6_server_addresses == ()


def test_addresses_of_autodial_are_read_within_the_buffer_alone():
    pointer = ffi.sizeof("void *")
    elsewhere = ffi.new("WCHAR[]", "secret")
    texts = "10.0.0.1\0unended".encode("utf-16-le")
    needed = 3 * pointer + len(texts)

    def answer(found, room, count):
        if room[0] < needed:
            room[0] = needed
            return 603
        start = ffi.cast("BYTE *", found) + 3 * pointer
        ffi.memmove(start, texts, len(texts))
        found[0] = ffi.cast("WCHAR *", start)
        found[1] = elsewhere
        found[2] = ffi.cast("WCHAR *", start + 2 * len("10.0.0.1\0"))
        count[0] = 3
        return 0

    assert addresses(table(RasEnumAutodialAddressesW=answer)) == ["10.0.0.1", "unended"]
