"""The simulator's phonebooks as .pbk files: what RAS's functions change is saved, and nothing else."""

from __future__ import annotations

import dataclasses
import shutil
import sys
from pathlib import Path

import pytest
from support import DATA

from rasdial_async import (
    Encryption,
    Entry,
    EntryOptions,
    EntryOptions2,
    EntryType,
    NetProtocols,
    PhonebookError,
    PhonebookFile,
    RasClient,
    RasError,
    Simulator,
    VpnStrategy,
)
from rasdial_async._native.records.entry import IDLE_NEVER

BOOKS = DATA / "phonebooks"
MIXED = "vpn-mixed.pbk"
VPN = "vpn.north.example"


@pytest.fixture
def load(sim, tmp_path):
    """Loads a copy of a real phonebook; gives its path, and RAS's view of it."""

    def load(name):
        path = Path(shutil.copy(BOOKS / name, tmp_path / name))
        sim.load_phonebook(path)
        return path, RasClient(sim).phonebook(path)

    return load


async def read_again(path):
    """Every entry as a simulator that starts afresh reads the file."""
    with Simulator() as other:
        other.load_phonebook(path)
        book = RasClient(other).phonebook(path)
        return {one.name: await book.get(one.name) for one in await book.entries()}


def lines(data):
    return data.decode("utf-8", "surrogateescape").splitlines(keepends=True)


def changed(before, after):
    """The lines that are not the same, of two texts of the same number of lines."""
    assert len(lines(before)) == len(lines(after))
    pairs = zip(lines(before), lines(after), strict=True)
    return [(old.rstrip(), new.rstrip()) for old, new in pairs if old != new]


# --- reading ---


@pytest.mark.asyncio
async def test_an_entry_is_as_its_section_says(load):
    _, book = load(MIXED)
    entry = await book.get(VPN)
    assert (entry.type, entry.vpn_strategy) == (EntryType.VPN, VpnStrategy.IKEV2_ONLY)
    assert entry.protocols == NetProtocols.IP  # ExcludedProtocols=8
    assert entry.encryption == Encryption.REQUIRE
    assert entry.dns_suffix == "corp.example"
    assert entry.network_outage == 30  # minutes, of 1800 seconds
    assert (entry.ipv4_metric, EntryOptions2.IPV4_EXPLICIT_METRIC in entry.options2) == (2, True)
    assert EntryOptions.REMOTE_DEFAULT_GATEWAY not in entry.options
    assert EntryOptions.REQUIRE_MS_CHAP2 not in entry.options
    assert EntryOptions2.IPV6_REMOTE_DEFAULT_GATEWAY in entry.options2
    assert EntryOptions2.REQUIRE_MACHINE_CERTIFICATES in entry.options2
    assert entry.idle_disconnect == IDLE_NEVER
    assert entry.ip_address == entry.ipv6_address == ""


@pytest.mark.asyncio
async def test_an_entry_that_says_little_is_as_usual(load):
    _, book = load("minimal-generated.pbk")
    entry = await book.get("Japan_VPN")
    assert (entry.phone_number, entry.device_type) == ("gw4.example", "vpn")
    assert entry.vpn_strategy == VpnStrategy.IKEV2_ONLY


def test_an_entry_that_ras_would_call_incomplete_is_loaded(sim, tmp_path):
    path = tmp_path / "odd.pbk"
    path.write_bytes(
        b"[Nothing]\r\nVpnStrategy=3\r\n[Strange]\r\nType=77\r\nDEVICE=vpn\r\nIpAddress=here\r\n"
    )
    assert sim.load_phonebook(path) == 2
    sim.save_phonebook(path)
    assert path.read_bytes().startswith(b"[Nothing]\r\nVpnStrategy=3\r\n[Strange]")


@pytest.mark.asyncio
async def test_a_phonebook_without_entries_is_there(sim, tmp_path):
    path = tmp_path / "empty.pbk"
    path.write_bytes(b"")
    assert sim.load_phonebook(path) == 0
    book = RasClient(sim).phonebook(path)
    assert await book.entries() == []
    await book.create(Entry.vpn("New", VPN))
    await book.delete("New")
    assert await book.entries() == []


def test_a_phonebook_of_all_users_is_read_by_anybody(sim, tmp_path):
    path = Path(shutil.copy(BOOKS / MIXED, tmp_path))
    sim.add_phonebook(path, all_users=True)
    sim.set_administrator(False)
    assert sim.load_phonebook(path) > 0


# --- writing ---


@pytest.mark.parametrize("name", sorted(path.name for path in BOOKS.glob("*.pbk")))
def test_nothing_changed_is_nothing_written(sim, load, name):
    path, _ = load(name)
    sim.save_phonebook(path)
    assert path.read_bytes() == (BOOKS / name).read_bytes()


@pytest.mark.asyncio
async def test_nothing_is_written_unasked(load):
    path, book = load(MIXED)
    await book.delete(VPN)
    await book.create(Entry.vpn("New", "host.example"))
    assert path.read_bytes() == (BOOKS / MIXED).read_bytes()


@pytest.mark.asyncio
async def test_a_changed_entry_changes_its_own_lines_only(sim, load):
    path, book = load(MIXED)
    entry = await book.get(VPN)
    await book.update(
        dataclasses.replace(
            entry,
            phone_number="new.example",
            dns="192.0.2.53",
            options=entry.options | EntryOptions.SPECIFIC_NAME_SERVERS | EntryOptions.REQUIRE_EAP,
            custom_auth_key=13,
            network_outage=2,
            idle_disconnect=600,
        )
    )
    sim.save_phonebook(path)
    section = PhonebookFile.read(BOOKS / MIXED).get(VPN)
    assert sorted(changed((BOOKS / MIXED).read_bytes(), path.read_bytes())) == [
        ("AuthRestrictions=2048", "AuthRestrictions=2176"),
        ("CustomAuthKey=0", "CustomAuthKey=13"),
        ("IdleDisconnectSeconds=0", "IdleDisconnectSeconds=600"),
        ("IpDnsAddress=0.0.0.0", "IpDnsAddress=192.0.2.53"),
        ("IpNameAssign=1", "IpNameAssign=2"),
        ("NetworkOutageTime=1800", "NetworkOutageTime=120"),
        (f"PhoneNumber={section.phone_number}", "PhoneNumber=new.example"),
    ]
    assert (await read_again(path))[VPN] == await book.get(VPN)


@pytest.mark.asyncio
async def test_what_is_cleared_is_cleared_in_the_file(sim, load):
    path, book = load(MIXED)
    entry = await book.get(VPN)
    await book.update(dataclasses.replace(entry, dns_suffix="", options=EntryOptions(0)))
    sim.save_phonebook(path)
    assert changed((BOOKS / MIXED).read_bytes(), path.read_bytes()) == [
        ("IpDnsSuffix=corp.example", "IpDnsSuffix=")
    ]


@pytest.mark.asyncio
async def test_unknown_bits_and_lines_stay(sim, tmp_path):
    path = tmp_path / "bits.pbk"
    path.write_bytes(
        b"; a comment\r\n[One]\r\nAuthRestrictions=5632\r\nExcludedProtocols=3\r\nOwn=1\r\nOwn=2\r\n\r\n"
        b"MEDIA=rastapi\r\nDevice=WAN Miniport (IKEv2)\r\n\r\nDEVICE=switch\r\nName=script\r\n"
        b"DEVICE=vpn\r\nPhoneNumber=host\r\n"
    )
    sim.load_phonebook(path)
    book = RasClient(sim).phonebook(path)
    entry = await book.get("One")
    await book.update(
        dataclasses.replace(
            entry,
            options=entry.options & ~EntryOptions.REQUIRE_MS_CHAP2 | EntryOptions.REQUIRE_PAP,
            protocols=NetProtocols.IPV6,
            device_type="PPPoE",
            device_name="WAN Miniport (PPPOE)",
            alternates=("other", "third"),
        )
    )
    before = path.read_bytes()
    sim.save_phonebook(path)
    expected = before.replace(b"=5632", b"=5128").replace(b"Protocols=3", b"Protocols=7")
    expected = expected.replace(b"(IKEv2)", b"(PPPOE)").replace(b"DEVICE=vpn", b"DEVICE=PPPoE")
    expected = expected.replace(b"=host\r\n", b"=host\r\nPhoneNumber=other\r\nPhoneNumber=third\r\n")
    assert path.read_bytes() == expected


@pytest.mark.asyncio
async def test_entries_come_go_and_get_other_names(sim, load):
    path, book = load(MIXED)
    names = [one.name for one in await book.entries()]
    assert len(names) >= 3
    await book.delete(names[1])
    await book.rename(names[2], "Renamed")
    new = await book.create(Entry.vpn("New", "host.example", protocol="sstp", alternates=("a", "b")))
    sim.save_phonebook(path)
    again = await read_again(path)
    assert list(again) == [names[0], "Renamed", *names[3:], "New"]
    assert again["New"] == new
    file, original = PhonebookFile.read(path), PhonebookFile.read(BOOKS / MIXED)
    assert [line.raw for line in file.get("Renamed").lines[1:]] == [
        line.raw for line in original.get(names[2]).lines[1:]
    ]
    assert file.get("New").guid == new.guid.replace("-", "").upper() or len(file.get("New").guid) == 32


@pytest.mark.asyncio
async def test_names_that_go_round(sim, load):
    path, book = load(MIXED)
    first, second, third = [one.name for one in await book.entries()][:3]
    original = PhonebookFile.read(path)
    await book.rename(first, "kept aside")
    await book.rename(second, first)
    await book.rename(third, second)
    await book.rename("kept aside", third)
    sim.save_phonebook(path)
    file = PhonebookFile.read(path)
    for old, new in ((first, third), (second, first), (third, second)):
        assert file.get(new).settings == original.get(old).settings
    assert len(file) == len(original)


@pytest.mark.asyncio
async def test_only_the_case_of_a_name_changes(sim, load):
    path, book = load(MIXED)
    await book.rename(VPN, VPN.upper())
    sim.save_phonebook(path)
    assert changed((BOOKS / MIXED).read_bytes(), path.read_bytes()) == [(f"[{VPN}]", f"[{VPN.upper()}]")]


@pytest.mark.parametrize("renamed", [False, True])
@pytest.mark.asyncio
async def test_another_entry_of_an_old_name_is_another_one(sim, load, renamed):
    """It has a GUID of its own, and nothing of the old one's settings."""
    path, book = load(MIXED)
    old = await book.get(VPN)
    if renamed:
        await book.rename(VPN, "Older")
    else:
        await book.delete(VPN)
    new = await book.create(Entry.vpn(VPN, "host.example"))
    assert new.guid != old.guid
    sim.save_phonebook(path)
    again = await read_again(path)
    assert again[VPN] == new
    assert ("Older" in again) == renamed
    assert PhonebookFile.read(path).get(VPN).get("PreferredPort") == ""


@pytest.mark.asyncio
async def test_it_is_saved_again_and_again(sim, load):
    path, book = load(MIXED)
    for number in range(3):
        await book.create(Entry.vpn(f"New {number}", "host.example"))
        sim.save_phonebook(path)
    await book.delete("New 1")
    sim.save_phonebook(path)
    again = await read_again(path)
    assert "New 0" in again
    assert "New 1" not in again


def test_what_the_tester_adds_and_removes_is_saved(sim, load):
    path, _ = load(MIXED)
    sim.add_entry("Lab", phone_number="lab.example", phonebook=path)
    sim.remove_entry(VPN, phonebook=path)
    sim.save_phonebook(path)
    file = PhonebookFile.read(path)
    assert file.get("Lab").phone_number == "lab.example"
    assert file.get(VPN) is None


@pytest.mark.asyncio
async def test_every_section_of_a_deleted_name_goes(sim, tmp_path):
    path = tmp_path / "twice.pbk"
    section = b"[Twice]\r\nMEDIA=rastapi\r\nDevice=WAN Miniport (IKEv2)\r\nDEVICE=vpn\r\nPhoneNumber=a\r\n"
    path.write_bytes(section + b"[Other]\r\n" + section)
    sim.load_phonebook(path)
    await RasClient(sim).phonebook(path).delete("twice")
    sim.save_phonebook(path)
    assert path.read_bytes() == b"[Other]\r\n"


@pytest.mark.asyncio
async def test_a_phonebook_becomes_a_file(sim, tmp_path):
    path = tmp_path / "new.pbk"
    sim.add_phonebook(path)
    book = RasClient(sim).phonebook(path)
    created = [
        await book.create(Entry.vpn("VPN", "host.example", protocol="l2tp", pre_shared_key="Xyzzy-9")),
        await book.create(Entry.pppoe("Line", "service")),
    ]
    assert not path.exists()
    sim.save_phonebook(path)
    assert list((await read_again(path)).values()) == created
    assert b"Xyzzy" not in path.read_bytes()


# --- what can go wrong ---


def refused(sim, path, what):
    """Saving fails with 624 and these words, and the file is as it was."""
    before = path.read_bytes()
    with pytest.raises(PhonebookError, match=what) as caught:
        sim.save_phonebook(path)
    assert caught.value.code == 624
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.asyncio
async def test_another_programs_changes_are_not_overwritten(sim, load):
    path, book = load(MIXED)
    await book.rename(VPN, "Mine")
    with path.open("ab") as file:
        file.write(b"\r\n[Theirs]\r\n")
    refused(sim, path, "another program has changed it")
    sim.load_phonebook(path)
    assert "Theirs" in [one.name for one in await book.entries()]


@pytest.mark.skipif(sys.platform == "win32", reason="flock is POSIX")
@pytest.mark.asyncio
async def test_a_file_that_is_held_is_left_alone(sim, load):
    import fcntl

    path, book = load(MIXED)
    await book.rename(VPN, "Mine")
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        refused(sim, path, "another program holds it")
    sim.save_phonebook(path)
    assert PhonebookFile.read(path).get("Mine")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"script": "login.scp"}, "script"),
        ({"framing": 2}, "framing"),
        ({"options": EntryOptions.NETWORK_LOGON}, "options"),
        ({"idle_disconnect": 0}, "idle_disconnect"),
        ({"protocols": NetProtocols.IP | NetProtocols.IPX}, "protocols"),
    ],
)
@pytest.mark.asyncio
async def test_what_no_setting_can_say_is_named(sim, load, change, name):
    path, book = load(MIXED)
    await book.update(dataclasses.replace(await book.get(VPN), **change))
    refused(sim, path, f"no setting can say what {name} of {VPN!r} is")


@pytest.mark.asyncio
async def test_what_the_encoding_can_not_say_is_refused(sim, tmp_path):
    path = tmp_path / "old.pbk"
    path.write_bytes("[Büro]\r\nDEVICE=vpn\r\n".encode("cp1252"))
    sim.load_phonebook(path)
    await RasClient(sim).phonebook(path).create(Entry.vpn("事務所", "host.example"))
    refused(sim, path, "cannot save phonebook")


def test_a_phonebook_that_is_not_there(sim, tmp_path):
    with pytest.raises(RasError) as caught:
        sim.save_phonebook(tmp_path / "none.pbk")
    assert caught.value.code == 621


def test_a_file_that_was_never_loaded_is_not_overwritten(sim, tmp_path):
    path = tmp_path / "there.pbk"
    path.write_bytes(b"[Theirs]\r\n")
    sim.add_entry("Mine", phone_number="host", phonebook=path)
    refused(sim, path, "there is a file of that name already")
