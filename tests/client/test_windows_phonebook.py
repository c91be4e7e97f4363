"""Phonebook over a library that behaves as Windows does: translated device names, connected entries."""

from __future__ import annotations

import dataclasses

import pytest
from support.over import backend_over
from support.windows_books import WindowsBooks

from rasdial_async import BackendUnavailableError, DeviceError, Entry, Phonebook, PhonebookError


@pytest.fixture
def windows():
    return WindowsBooks()


@pytest.fixture
def book(windows):
    return Phonebook(backend=backend_over(windows.library))


@pytest.mark.parametrize(
    ("entry", "device"),
    [
        (Entry.vpn("A", "h", protocol="ikev2"), "WAN-Miniport (IKEv2)"),
        (Entry.vpn("A", "h", protocol="sstp"), "WAN-Miniport (SSTP)"),
        (Entry.vpn("A", "h", protocol="l2tp"), "WAN-Miniport (L2TP)"),
        (Entry.vpn("A", "h", protocol="pptp"), "WAN-Miniport (PPTP)"),
        (Entry.vpn("A", "h"), "WAN-Miniport (IKEv2)"),
        (Entry.vpn("A", "h", vpn_strategy=14), "WAN-Miniport (IKEv2)"),
        (Entry.vpn("A", "h", vpn_strategy=77), "WAN-Miniport (IKEv2)"),
        (Entry.pppoe("A"), "WAN-Miniport (PPPOE)"),
        (Entry.modem("A", "555", device="Standardmodem"), "Standardmodem"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.asyncio
async def test_the_device_of_an_entry_is_chosen_by_type_and_protocol(book, entry, device):
    assert (await book.create(entry)).device_name == device
    assert (await book.update(entry)).device_name == device


@pytest.mark.asyncio
async def test_any_vpn_device_serves_an_entry_without_a_protocol(windows, book):
    windows.devices = [("modem", "M"), ("vpn", "Fremd")]
    assert (await book.create(Entry.vpn("A", "h"))).device_name == "Fremd"


@pytest.mark.parametrize("devices", [[], [("vpn", "WAN-Miniport (SSTP)"), ("modem", "(IKEv2)")]])
@pytest.mark.asyncio
async def test_an_entry_whose_device_is_missing_says_which_there_are(windows, book, devices):
    windows.devices = devices
    with pytest.raises(DeviceError, match=r"no device of type vpn \(IKEv2\)") as caught:
        await book.create(Entry.vpn("Office", "h", protocol="ikev2"))
    assert (caught.value.code, caught.value.entry) == (608, "Office")
    assert ("WAN-Miniport (SSTP) [vpn]" if devices else "none") in str(caught.value)
    with pytest.raises(PhonebookError):
        await book.get("Office")


@pytest.mark.asyncio
async def test_a_library_without_a_list_of_devices_takes_entries_that_name_theirs():
    book = Phonebook(backend=backend_over(WindowsBooks("RasEnumDevicesW").library))
    await book.create(Entry.vpn("A", "h", device_name="WAN-Miniport (IKEv2)"))
    with pytest.raises(BackendUnavailableError, match="RasEnumDevicesW"):
        await book.create(Entry.vpn("B", "h"))


CHANGES = [
    lambda book, entry, **force: book.update(dataclasses.replace(entry, redial_count=9), **force),
    lambda book, entry, **force: book.set_links(entry.name, [], **force),
]


@pytest.mark.parametrize("change", CHANGES, ids=["update", "set_links"])
@pytest.mark.asyncio
async def test_a_connected_entry_is_changed_by_force_alone(windows, book, change):
    entry = await book.create(Entry.vpn("Office", "h"))
    windows.connected = [("OFFICE", entry.guid)]
    with pytest.raises(PhonebookError, match="connected") as caught:
        await change(book, entry)
    assert (caught.value.code, caught.value.entry) == (624, "Office")
    assert "force=True" in caught.value.hint
    assert windows.crashes == 0
    await change(book, entry, force=True)
    with pytest.raises(TypeError, match="force must be a bool"):
        await change(book, entry, force=1)


@pytest.mark.asyncio
async def test_an_entry_of_the_same_name_in_another_phonebook_may_be_connected(windows, book):
    entry = await book.create(Entry.vpn("Office", "h"))
    windows.connected = [("Office", "00000000-0000-0000-0000-00000000cafe"), ("Other", entry.guid)]
    assert (await book.update(dataclasses.replace(entry, redial_count=9))).redial_count == 9


@pytest.mark.asyncio
async def test_a_connection_without_a_guid_counts_by_its_name(windows, book):
    entry = await book.create(Entry.vpn("Office", "h"))
    windows.connected = [("Office", "")]
    with pytest.raises(PhonebookError, match="connected"):
        await book.update(entry)


@pytest.mark.asyncio
async def test_a_library_that_lists_no_connections_takes_every_update():
    book = Phonebook(backend=backend_over(WindowsBooks("RasEnumConnectionsW").library))
    entry = await book.create(Entry.vpn("Office", "h"))
    await book.update(entry)
    await book.set_links("Office", [])
