"""Python calls C: every loop over RAS ends, also where RAS never says that it is at the end."""

from __future__ import annotations

import pytest
from support.tables import table

from rasdial_async import RasError
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding.countries import countries
from rasdial_async._native.binding.sub_entries import MOST_LINKS, sub_entry_handles, write_links


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
    assert calls == [*range(1, MOST_LINKS + 1)]


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

    write_links(table(RasGetEntryPropertiesW=properties, RasDeleteSubEntryW=delete), None, "Office", [])
    assert deleted == [*range(MOST_LINKS, 0, -1)]
