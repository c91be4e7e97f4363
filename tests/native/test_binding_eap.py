"""Python calls C: RasGetEapUserIdentity looks for an entry where RasDial looks."""

from __future__ import annotations

import pytest
from support.tables import table

from rasdial_async import EapOptions
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding.eap import eap_identity

USERS, EVERYBODYS = "/home/ada/rasphone.pbk", "/all/rasphone.pbk"


def asked_phonebook(entries, entry="Office", phonebook=None, code=0):
    """The phonebook that RasGetEapUserIdentityW was asked for, where RasEnumEntriesW gives these entries."""
    asked = []

    def enumerate_entries(reserved, path, first, room, count):
        needed = len(entries) * ffi.sizeof("RASENTRYNAMEW")
        count[0] = len(entries)
        if code or room[0] < needed:
            room[0] = needed
            return code or 603
        for number, (name, book) in enumerate(entries):
            first[number].szEntryName, first[number].szPhonebookPath = name, book
            first[number].dwFlags = book == EVERYBODYS
        return 0

    def identity(path, name, flags, window, cell):
        asked.append(ffi.string(path) if path else None)
        return 780

    functions = {"RasGetEapUserIdentityW": identity, "RasFreeEapUserIdentityW": lambda found: None}
    if entries is not None:
        functions["RasEnumEntriesW"] = enumerate_entries
    library = table(**functions)
    assert eap_identity(library, phonebook, entry, EapOptions.NON_INTERACTIVE, 0) is None
    return asked


@pytest.mark.parametrize(
    ("entries", "phonebook"),
    [
        ([("Office", USERS)], USERS),
        ([("OFFICE", EVERYBODYS)], EVERYBODYS),
        ([("Office", EVERYBODYS), ("Office", USERS)], USERS),
        ([("Home", USERS)], None),
        ([("Office", "")], None),  # NT 4 names no phonebook
        ([("Office", EVERYBODYS), ("Office", "")], None),
        ([], None),
        (None, None),
    ],
)
def test_an_identity_is_looked_for_in_the_phonebook_that_has_the_entry(entries, phonebook):
    assert asked_phonebook(entries) == [phonebook]


def test_a_phonebook_that_is_named_is_asked():
    assert asked_phonebook([("Office", USERS)], phonebook="/other.pbk") == ["/other.pbk"]


def test_entries_that_cannot_be_listed_leave_the_choice_to_ras():
    assert asked_phonebook([("Office", USERS)], code=711) == [None]
