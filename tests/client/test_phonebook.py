"""Phonebook: entries through RAS, its error returns, and every size of RASENTRY."""

from __future__ import annotations

import dataclasses
import os

import pytest
from hypothesis import given, settings, strategies
from support.over import backend_over

import rasdial_async as ras
from rasdial_async import Entry, EntryOptions, Phonebook, PhonebookError, RasError
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import RasLibrary, entries

SHARED = "/shared.pbk"
OWN = "/own.pbk"
NOWHERE = "/nowhere.pbk"
IKEV2 = "WAN Miniport (IKEv2)"
OFFICE = Entry.vpn("Office", "vpn.example.com", protocol="ikev2", device_name=IKEV2)


@pytest.fixture(autouse=True)
def phonebooks(sim):
    """One of the user's own, one of all users, and one that the simulator leaves to RAS to miss."""
    sim.add_phonebook(OWN)
    sim.add_phonebook(SHARED, all_users=True)
    sim._phonebooks.add(NOWHERE)


@pytest.fixture
def book(client):
    return client.phonebook(OWN)


async def code_of(awaitable):
    with pytest.raises(RasError) as caught:
        await awaitable
    return caught.value.code, caught.value.function


# --- the verbs ---


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("entry", "device"),
    [
        (OFFICE, IKEV2),
        (
            Entry.vpn("S", "h", protocol="sstp", alternates=("b.example", "c.example"), dns="10.0.0.1"),
            "WAN Miniport (SSTP)",
        ),
        (
            Entry.vpn("P", "h", protocol="pptp", ipv6_dns="2001:db8::1", dns_suffix="x" * 255),
            "WAN Miniport (PPTP)",
        ),
        (
            Entry.vpn("L", "h", protocol="l2tp", ip_address="10.1.2.3", network_outage=5),
            "WAN Miniport (L2TP)",
        ),
        (Entry.vpn("A", "h", eap=25, prerequisite_entry="Office", prerequisite_phonebook=OWN), IKEV2),
        (Entry.pppoe("Line"), "WAN Miniport (PPPOE)"),
        (
            Entry.modem("Modem", "555-1", device="Standard Modem", area_code="030", country_code=49),
            "Standard Modem",
        ),
    ],
    ids=["ikev2", "sstp", "pptp", "l2tp", "automatic", "pppoe", "modem"],
)
async def test_what_is_created_is_read_back(book, entry, device):
    created = await book.create(entry)
    assert created == dataclasses.replace(entry, device_name=device)
    assert await book.get(entry.name) == created
    assert created.guid
    assert len(created.image) >= entries.NEWEST
    [name] = await book.entries()
    assert (name, name.phonebook) == (entry.name, OWN)


@pytest.mark.asyncio
async def test_an_update_to_a_shorter_text_leaves_nothing_of_the_longer_one(book):
    before = await book.create(Entry.vpn("Short", "a.long.name.example", dns_suffix="long.example"))
    after = await book.update(dataclasses.replace(before, phone_number="a.example", dns_suffix=""))
    assert (after.phone_number, after.dns_suffix) == ("a.example", "")


@pytest.mark.asyncio
async def test_an_update_changes_what_was_asked_for_and_keeps_what_others_changed(book):
    mine = await book.create(OFFICE)
    theirs = await book.get("Office")
    await book.update(dataclasses.replace(theirs, dns="10.0.0.1", alternates=("b.example",)))
    after = await book.update(dataclasses.replace(mine, redial_count=9))
    assert (after.dns, after.alternates, after.redial_count) == ("10.0.0.1", ("b.example",), 9)
    after = await book.update(dataclasses.replace(after, alternates=()))
    assert after.alternates == ()
    assert len(after.image) == entries.NEWEST
    assert after.guid == mine.guid


@pytest.mark.asyncio
async def test_a_shorter_text_leaves_nothing_of_the_longer_one(book):
    longer = await book.create(Entry.vpn("Office", "vpn.north.example", dns_suffix="north.example"))
    after = await book.update(dataclasses.replace(longer, phone_number="new.example", dns_suffix=""))
    assert (after.phone_number, after.dns_suffix) == ("new.example", "")


@pytest.mark.asyncio
async def test_what_entry_has_no_attribute_for_survives(book):
    created = await book.create(OFFICE)
    unknown = created.options | EntryOptions(0x4000000)
    row = ffi.from_buffer("RASENTRYW *", bytearray(created.image))
    row.szX25Address, row.dwfOptions3, row.fDisableIKEv2Fragmentation, row.szIDi = "x25", 7, 1, "me"
    row.dwChannels = 3
    image = bytes(ffi.buffer(row))
    library = book._of().session.library
    entries.write_entry(library, OWN, created, image)
    await book.update(dataclasses.replace(await book.get("Office"), options=unknown))
    kept = ffi.from_buffer("RASENTRYW *", bytearray((await book.copy("Office", "Copy")).image))
    assert (kept.dwfOptions3, kept.fDisableIKEv2Fragmentation, kept.dwChannels) == (7, 1, 3)
    assert ffi.string(kept.szX25Address) == "x25"
    assert ffi.string(kept.szIDi) == "me"
    assert kept.dwfOptions == unknown


@pytest.mark.asyncio
async def test_a_copy_goes_to_another_phonebook(client, book):
    await book.create(OFFICE)
    copy = await book.copy("Office", "Copy", to=client.phonebook(SHARED))
    assert copy == dataclasses.replace(OFFICE, name="Copy")
    assert copy.guid != (await book.get("Office")).guid
    [name] = await client.phonebook(SHARED).entries()
    assert name.all_users


@pytest.mark.asyncio
async def test_a_created_entry_can_be_dialed_renamed_and_deleted(client, book):
    await book.create(OFFICE)
    async with client.dial("Office", phonebook=OWN, username="ada", password="x"):
        assert await code_of(book.delete("Office")) == (817, "RasDeleteEntryW")
    await book.rename("Office", "Work")
    await book.validate("Office")
    await book.delete("Work")
    assert await book.entries() == []


@pytest.mark.asyncio
async def test_a_pre_shared_key_is_stored_with_its_entry_or_there_is_no_entry(sim, client, book):
    entry = Entry.vpn("Key", "h", protocol="l2tp", pre_shared_key="hush")
    await book.create(entry)
    kind = ras.CredentialKind.PRE_SHARED_KEY
    stored = await client.get_credentials("Key", phonebook=OWN, kind=kind)
    assert isinstance(stored.password, ras.StoredPassword)
    sim.set_administrator(False)
    other = dataclasses.replace(entry, name="Other")
    assert await code_of(book.create(other)) == (5, "RasSetCredentialsW")
    assert await book.entries() == ["Key"]


@pytest.mark.asyncio
async def test_the_default_client_has_phonebooks(sim, as_default):
    sim.remove_entry("Office")  # else its own would be found first
    await Phonebook(OWN).create(OFFICE)
    assert await Phonebook(OWN).entries() == ["Office"]
    assert await Phonebook().get("office") == dataclasses.replace(OFFICE, name="office")
    assert Phonebook(OWN).path == OWN
    assert OWN in repr(Phonebook(OWN))


def test_the_two_standard_phonebooks(monkeypatch):
    monkeypatch.setenv("APPDATA", "roaming")
    monkeypatch.delenv("PROGRAMDATA", raising=False)
    below = ("Microsoft", "Network", "Connections", "Pbk", "rasphone.pbk")
    assert ras.user_phonebook() == os.path.join("roaming", *below)
    with pytest.raises(PhonebookError, match="PROGRAMDATA"):
        ras.all_users_phonebook()


@pytest.mark.asyncio
async def test_bad_arguments_are_refused_by_name(book):
    for verb in (book.get, book.delete, book.validate):
        with pytest.raises(ValueError, match="name"):
            await verb("")
    with pytest.raises(TypeError, match="entry"):
        await book.create("Office")
    with pytest.raises(ValueError, match="new"):
        await book.rename("Office", "x" * 257)


# --- every documented error return that these verbs can meet ---

LONG = "/" + "x" * 300 + ".pbk"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "verb", "expected"),
    [
        (OWN, lambda book: book.get("None"), (623, "RasGetEntryPropertiesW")),
        (NOWHERE, lambda book: book.get("Office"), (621, "RasGetEntryPropertiesW")),
        (LONG, lambda book: book.get("Office"), (87, "RasGetEntryPropertiesW")),
        (OWN, lambda book: book.update(OFFICE), (623, "RasGetEntryPropertiesW")),
        (
            OWN,
            lambda book: book.create(Entry.modem("M", "1", device="No Modem")),
            (87, "RasSetEntryPropertiesW"),
        ),
        (OWN, lambda book: book.create(Entry(name="M", phone_number="")), (87, "RasSetEntryPropertiesW")),
        (SHARED, lambda book: book.create(OFFICE), (5, "RasSetEntryPropertiesW")),
        (SHARED, lambda book: book.delete("Team"), (5, "RasDeleteEntryW")),
        (SHARED, lambda book: book.rename("Team", "T"), (5, "RasRenameEntryW")),
        (OWN, lambda book: book.delete("None"), (123, "RasDeleteEntryW")),
        (NOWHERE, lambda book: book.delete("None"), (621, "RasDeleteEntryW")),
        (OWN, lambda book: book.rename("None", "New"), (623, "RasRenameEntryW")),
        (SHARED, lambda book: book.rename("Team", "a?b"), (123, "RasRenameEntryW")),
        (OWN, lambda book: book.rename("One", "Two"), (183, "RasRenameEntryW")),
        (
            OWN,
            lambda book: book.create(dataclasses.replace(OFFICE, name="one")),
            (183, "RasValidateEntryNameW"),
        ),
        (OWN, lambda book: book.validate(".x"), (123, "RasValidateEntryNameW")),
        (OWN, lambda book: book.validate("   "), (123, "RasValidateEntryNameW")),
        (NOWHERE, lambda book: book.validate("x"), (621, "RasValidateEntryNameW")),
        (NOWHERE, lambda book: book.entries(), (621, "RasEnumEntriesW")),
    ],
)
async def test_error_returns(sim, client, path, verb, expected):
    for name in ("One", "Two"):
        sim.add_entry(name, phonebook=OWN, phone_number="h")
    sim.add_entry("Team", phonebook=SHARED, phone_number="h")
    sim._phonebooks.add(LONG)
    sim.set_administrator(False)
    assert await code_of(verb(client.phonebook(path))) == expected


def test_the_error_return_that_a_check_before_keeps_away(sim):
    with pytest.raises(PhonebookError) as caught:
        entries.write_entry(sim.backend.session.library, NOWHERE, OFFICE, b"")
    assert (caught.value.code, caught.value.function) == (621, "RasSetEntryPropertiesW")


# --- sizes of RASENTRY, on a RAS that knows one ---


class OneSize:
    """The two functions of a RAS whose RASENTRY has this size; it stores one entry."""

    def __init__(self, size, *, asks=True, write=None, extra=b""):
        self.size, self.write, self.asks, self.tried = size, write or size, asks, []
        start = ffi.new("RASENTRYW *")
        start.dwFramingProtocol = 1
        self.stored = (bytes(ffi.buffer(start)) + b"\x5a" * size)[:size] + extra
        self.api = ffi.new("struct ras_api *")
        get = ffi.callback("DWORD(WCHAR *, WCHAR *, RASENTRYW *, DWORD *, BYTE *, DWORD *)", self._get)
        put = ffi.callback("DWORD(WCHAR *, WCHAR *, RASENTRYW *, DWORD, BYTE *, DWORD)", self._set)
        free = ffi.callback("DWORD(WCHAR *, WCHAR *)", lambda phonebook, name: 0)
        self._kept = get, put, free
        self.api.RasGetEntryPropertiesW, self.api.RasSetEntryPropertiesW = get, put
        self.api.RasValidateEntryNameW = free
        self.library = RasLibrary(self.api, "one size")

    def _get(self, phonebook, name, entry, room, *reserved):
        if not entry and not self.asks:
            return 87
        given, needed = room[0], self.size if not ffi.string(name) else len(self.stored)
        if entry:
            self.tried.append(entry.dwSize)
            if entry.dwSize != self.size:
                return 632
        room[0] = needed
        if not entry or given < needed:
            return 603
        ffi.memmove(entry, self.stored, needed)
        entry.dwSize = self.size
        return 0

    def _set(self, phonebook, name, entry, size, *reserved):
        self.tried.append(-entry.dwSize)
        if entry.dwSize != self.write:
            return 632
        self.stored = bytes(ffi.buffer(ffi.cast("BYTE *", entry), size))
        self.size = self.write
        return 0


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [5616, 5656, 5680, 6720, 6724, 7000])
@pytest.mark.parametrize("asks", [True, False])
async def test_each_size_of_rasentry_is_found_and_kept(size, asks):
    if size == 7000 and not asks:
        return  # nobody can guess that
    one = OneSize(size, asks=asks)
    book = Phonebook(backend=backend_over(one.library))
    created = await book.create(dataclasses.replace(OFFICE, alternates=("b", "c")))
    assert created.alternates == ("b", "c")
    assert created.phone_number == OFFICE.phone_number
    assert one.stored[6724:7000] == b"\x5a" * 276 if size == 7000 else len(one.stored) == size + 10
    if asks:
        assert {abs(tried) for tried in one.tried} == {size}
    one.tried.clear()
    await book.update(dataclasses.replace(created, redial_pause=7))
    assert {abs(tried) for tried in one.tried} == {size}  # remembered
    assert (await book.get("Office")).alternates == ("b", "c")
    assert one.stored[6724:7000] == b"\x5a" * 276 if size == 7000 else True


@pytest.mark.asyncio
async def test_a_smaller_size_is_written_where_the_one_that_was_read_is_not_taken():
    one = OneSize(6724, write=6720)
    book = Phonebook(backend=backend_over(one.library))
    await book.create(dataclasses.replace(OFFICE, alternates=("b", "c")))
    assert [tried for tried in one.tried if tried < 0] == [-6724, -6720]
    assert (await Phonebook(backend=backend_over(RasLibrary(one.api, "again"))).get("Office")).alternates == (
        "b",
        "c",
    )


@pytest.mark.asyncio
async def test_texts_that_ras_did_not_end_are_read_and_written_back():
    one = OneSize(6724)
    one.stored = one.stored[:4] + b"\x41\x00" * 4000
    book = Phonebook(backend=backend_over(one.library))
    entry = await book.get("Office")
    assert entry.phone_number == "A" * 128
    assert entry.device_type == "A" * 16
    await book.update(dataclasses.replace(entry, redial_pause=7))
    kept = ffi.offsetof("RASENTRYW", "dwSubEntries")  # which is 0 whenever an entry is written
    assert one.stored[4:kept] == (b"\x41\x00" * 4000)[: kept - 4]
    assert one.stored[ffi.offsetof("RASENTRYW", "dwRedialPause")] == 7


@settings(derandomize=True, max_examples=150, deadline=None, database=None)
@given(
    strategies.sampled_from([0, 4, 5616, 5680, 6720, 6724, 7000, 0xFFFFFFFF]),
    strategies.integers(0, 7000),
    strategies.binary(max_size=64),
)
def test_whatever_ras_gives_is_an_entry(size, length, pattern):
    image = (size.to_bytes(4, "little") + (pattern or b"\xff") * 7000)[:length]
    entry = entries._decode(image, "Office")
    assert entry.image == image


@pytest.mark.asyncio
async def test_a_ras_that_takes_no_size_gets_a_clear_error():
    one = OneSize(4000)
    assert await code_of(Phonebook(backend=backend_over(one.library)).get("Office")) == (
        632,
        "RasGetEntryPropertiesW",
    )


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("verb", "function"),
    [
        (lambda book: book.get("A"), "RasGetEntryPropertiesW"),
        (lambda book: book.create(OFFICE), "RasValidateEntryNameW"),
        (lambda book: book.update(OFFICE), "RasGetEntryPropertiesW"),
        (lambda book: book.rename("A", "B"), "RasRenameEntryW"),
        (lambda book: book.delete("A"), "RasDeleteEntryW"),
        (lambda book: book.validate("A"), "RasValidateEntryNameW"),
        (lambda book: book.copy("A", "B"), "RasGetEntryPropertiesW"),
        (lambda book: book.entries(), "RasEnumEntriesW"),
    ],
)
async def test_a_missing_function_is_named(verb, function):
    library = RasLibrary(ffi.new("struct ras_api *"), "bare")
    with pytest.raises(ras.BackendUnavailableError, match=function) as caught:
        await verb(Phonebook(backend=backend_over(library)))
    assert (caught.value.code, caught.value.function) == (127, function)
