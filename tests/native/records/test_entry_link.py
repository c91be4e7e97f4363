"""The links of a multilink entry, read and written through RAS."""

from __future__ import annotations

import dataclasses

import pytest
from support.over import backend_over

import rasdial_async as ras
from rasdial_async import DialMode, Entry, EntryLink, Phonebook, PhonebookError, RasError
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import RasLibrary

ONE = EntryLink(device_type="isdn", device_name="ISDN 1", phone_number="555-0101")
TWO = EntryLink(
    device_type="isdn", device_name="ISDN 2", phone_number="555-0102", alternates=("1", "2" * 128)
)
LONGEST = EntryLink(
    device_type="t" * 16, device_name="n" * 128, phone_number="1" * 128, alternates=("a" * 128,) * 40
)
BUNDLE = Entry(name="Bundle", device_type="isdn", device_name="ISDN 1", phone_number="555-0101")


@pytest.fixture
def book(sim, client):
    for number in (1, 2):
        sim.add_device(f"ISDN {number}", "isdn")
    return client.phonebook()


@pytest.mark.asyncio
async def test_a_multilink_entry_is_created_and_dialed(client, book):
    created = await book.create(BUNDLE, links=[ONE, TWO])
    assert created.links == 2
    assert await book.links("Bundle") == [ONE, TWO]
    async with client.dial("Bundle") as connection:
        assert [link.up for link in await connection.sub_entries()] == [True, True]


@pytest.mark.asyncio
async def test_links_are_added_changed_and_deleted(book):
    await book.create(BUNDLE)
    assert await book.links("Bundle") == [ONE]  # the device of the entry itself
    await book.set_links("Bundle", [ONE])
    await book.set_links("Bundle", [TWO, ONE, TWO])
    assert await book.links("Bundle") == [TWO, ONE, TWO]
    shorter = dataclasses.replace(ONE, phone_number="1")
    await book.set_links("Bundle", iter([shorter]))
    assert await book.links("Bundle") == [shorter]
    await book.set_links("Bundle", [])
    assert (await book.get("Bundle")).links == 1


@pytest.mark.asyncio
async def test_a_change_of_the_entry_leaves_its_links(book):
    entry = await book.create(BUNDLE, links=[ONE, TWO])
    await book.update(dataclasses.replace(entry, dial_mode=DialMode.AS_NEEDED))
    assert await book.links("Bundle") == [ONE, TWO]


@pytest.mark.asyncio
async def test_a_copy_has_the_links_too(book):
    await book.create(BUNDLE, links=[ONE, TWO])
    assert (await book.copy("Bundle", "Copy")).links == 2
    assert await book.links("Copy") == [ONE, TWO]


@pytest.mark.asyncio
async def test_links_that_are_not_given_are_missed(book):
    entry = await book.create(BUNDLE, links=[ONE, TWO])
    with pytest.raises(PhonebookError, match="2 links"):
        await book.create(dataclasses.replace(entry, name="Other"))
    assert set(await book.entries()) == {"Bundle", "Home", "Office"}


@pytest.mark.asyncio
async def test_there_is_no_entry_without_the_links_that_were_wanted(book):
    with pytest.raises(RasError) as caught:
        await book.create(BUNDLE, links=[ONE, dataclasses.replace(TWO, device_name="ISDN 9")])
    assert (caught.value.code, caught.value.function) == (87, "RasSetSubEntryPropertiesW")
    assert "Bundle" not in await book.entries()


@pytest.mark.parametrize(
    ("arguments", "error", "argument"),
    [
        ({"device_type": 5}, TypeError, "device_type"),
        ({"device_type": "x" * 17}, ValueError, "device_type"),
        ({"device_name": "x" * 129}, ValueError, "device_name"),
        ({"phone_number": "\0"}, ValueError, "phone_number"),
        ({"alternates": "555"}, TypeError, "alternates"),
        ({"alternates": ("",)}, ValueError, "alternates"),
        ({"alternates": ("x" * 129,)}, ValueError, "alternates"),
    ],
)
def test_what_ras_would_not_take_is_refused_by_name(arguments, error, argument):
    with pytest.raises(error, match=rf"^{argument} "):
        dataclasses.replace(ONE, **arguments)


@pytest.mark.asyncio
async def test_links_are_links(book):
    for verb in (book.create(BUNDLE, links=["ISDN 1"]), book.set_links("Bundle", ["ISDN 1"])):
        with pytest.raises(TypeError, match=r"^links must hold EntryLink"):
            await verb
    for verb in (book.links(""), book.set_links("", [])):
        with pytest.raises(ValueError, match=r"^name "):
            await verb


# --- a second, unlike library: it keeps bytes as it got them, and always asks for more room ---


class Keeps:
    """RasGet/SetSubEntryProperties over bytes; a first link that RAS did not end is there from the start."""

    def __init__(self):
        self.rows = [ffi.sizeof("RASSUBENTRYW").to_bytes(4, "little") + b"\x41\x00" * 400]
        self.api = ffi.new("struct ras_api *")
        self._kept = (
            ffi.callback("DWORD(WCHAR *, WCHAR *, RASENTRYW *, DWORD *, BYTE *, DWORD *)", self._entry),
            ffi.callback(
                "DWORD(WCHAR *, WCHAR *, DWORD, RASSUBENTRYW *, DWORD *, BYTE *, DWORD *)", self._get
            ),
            ffi.callback("DWORD(WCHAR *, WCHAR *, DWORD, RASSUBENTRYW *, DWORD, BYTE *, DWORD)", self._set),
        )
        self.api.RasGetEntryPropertiesW = self._kept[0]
        self.api.RasGetSubEntryPropertiesW, self.api.RasSetSubEntryPropertiesW = self._kept[1:]
        self.book = Phonebook(backend=backend_over(RasLibrary(self.api, "keeps")))

    def _entry(self, phonebook, name, entry, room, *reserved):
        room[0] = ffi.sizeof("RASENTRYW")
        if not entry:
            return 603
        entry.dwSubEntries = len(self.rows)
        return 0

    def _get(self, phonebook, name, number, row, room, *reserved):
        given, room[0] = room[0], len(self.rows[number - 1])
        if given < room[0]:
            return 603
        ffi.memmove(row, self.rows[number - 1], room[0])
        return 0

    def _set(self, phonebook, name, number, row, size, *reserved):
        self.rows[number - 1 : number] = [bytes(ffi.buffer(ffi.cast("BYTE *", row), size))]
        return 0


@pytest.mark.asyncio
async def test_the_bytes_between_here_and_ras():
    keeps = Keeps()
    [unended] = await keeps.book.links("Bundle")
    assert (unended.device_type, unended.device_name) == ("A" * 16, "A" * 128)
    await keeps.book.set_links("Bundle", [ONE, LONGEST])
    first, second = keeps.rows
    size = ffi.sizeof("RASSUBENTRYW")
    assert len(first) == size
    assert second[size:] == ("a" * 128 + "\0").encode("utf-16-le") * 40 + b"\0\0"
    row = ffi.from_buffer("RASSUBENTRYW *", second)
    assert (row.dwSize, row.dwfFlags, row.dwAlternateOffset) == (size, 0, size)
    assert await keeps.book.links("Bundle") == [ONE, LONGEST]


@pytest.mark.asyncio
async def test_a_library_that_deletes_none_says_so_and_keeps_the_others():
    keeps = Keeps()
    await keeps.book.set_links("Bundle", [ONE, TWO])
    with pytest.raises(ras.BackendUnavailableError, match="RasDeleteSubEntryW"):
        await keeps.book.set_links("Bundle", [TWO])
    assert await keeps.book.links("Bundle") == [TWO, TWO]
