"""The links of multilink entries in .pbk files, as the simulator reads and writes them."""

from __future__ import annotations

import dataclasses

import pytest

from rasdial_async import Entry, EntryLink, PhonebookError, RasClient, Simulator

BUNDLE = """[Bundle]\r
Type=1\r
MEDIA=isdn\r
Port=ISDN1\r
Device=ISDN 1\r
\r
DEVICE=isdn\r
PhoneNumber=555-0101\r
Unknown=kept\r
MEDIA=isdn\r
Device=ISDN 2\r
DEVICE=isdn\r
PhoneNumber=555-0102\r
PhoneNumber=555-0103\r
"""
LINKS = [
    EntryLink(device_type="isdn", device_name="ISDN 1", phone_number="555-0101"),
    EntryLink(device_type="isdn", device_name="ISDN 2", phone_number="555-0102", alternates=("555-0103",)),
]


@pytest.fixture
def bundle(sim, tmp_path):
    path = tmp_path / "bundle.pbk"
    path.write_bytes(BUNDLE.encode())
    sim.load_phonebook(path)
    return path, RasClient(sim).phonebook(path)


@pytest.mark.asyncio
async def test_a_section_with_several_devices_is_a_multilink_entry(sim, bundle):
    path, book = bundle
    assert await book.links("Bundle") == LINKS
    async with RasClient(sim).dial("Bundle", phonebook=path) as connection:
        assert [link.up for link in await connection.sub_entries()] == [True, True]
    sim.save_phonebook(path)
    assert path.read_bytes() == BUNDLE.encode()


@pytest.mark.asyncio
async def test_a_changed_link_changes_its_own_lines_only(sim, bundle):
    path, book = bundle
    await book.set_links("Bundle", [LINKS[0], dataclasses.replace(LINKS[1], phone_number="555-0199")])
    sim.save_phonebook(path)
    assert path.read_bytes() == BUNDLE.replace("0102", "0199").encode()


@pytest.mark.asyncio
async def test_a_new_entry_with_links_is_saved_and_read_again(sim, tmp_path):
    path = tmp_path / "new.pbk"
    for number in (1, 2):
        sim.add_device(f"ISDN {number}", "isdn")
    sim.add_phonebook(path)
    entry = Entry(name="New", device_type="isdn", device_name="ISDN 1", phone_number="555-0101")
    await RasClient(sim).phonebook(path).create(entry, links=LINKS)
    sim.save_phonebook(path)
    with Simulator(pace=0) as other:
        other.load_phonebook(path)
        assert await RasClient(other).phonebook(path).links("New") == LINKS


@pytest.mark.parametrize(
    "links",
    [
        LINKS[:1],
        [],
        [*LINKS, LINKS[0]],
    ],
)
@pytest.mark.asyncio
async def test_links_that_can_not_be_said_are_not_lost_in_silence(sim, bundle, links):
    path, book = bundle
    await book.set_links("Bundle", links)
    with pytest.raises(PhonebookError, match="Bundle") as caught:
        sim.save_phonebook(path)
    assert caught.value.code == 624
    assert path.read_bytes() == BUNDLE.encode()


def test_a_device_that_is_none_for_ras_makes_no_multilink_entry(sim, tmp_path):
    path = tmp_path / "odd.pbk"
    path.write_bytes(BUNDLE.replace("Device=ISDN 2", "Device=" + "x" * 200).encode())
    assert sim.load_phonebook(path) == 1
    sim.save_phonebook(path)
    assert "x" * 200 in path.read_text()
