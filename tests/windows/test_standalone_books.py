"""Phonebooks of the stand-alone library: a path is that of a file, as programs for Windows expect."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import threading
import time
from ctypes import byref, c_uint32

import pytest
from support.pbk import CHINESE, MIXED
from support.ras_abi import NOTIFIER, Ras

from rasdial_async import PhonebookFile

SECONDS = 10
CONNECTED, INVALID_HANDLE = 0x2000, 6


@pytest.fixture(params=["W", "A"])
def abi(request, engine, standalone_path):
    return Ras(standalone_path, wide=request.param == "W")


def names(abi, path):
    return [row.read("szEntryName") for row in abi.listed("RasEnumEntries", abi.EntryName, None, path)]


def put(abi, path, name, **texts):
    entry = abi.new(abi.Entry, **({"szDeviceType": "vpn", "szLocalPhoneNumber": "vpn.example"} | texts))
    entry.dwFramingProtocol, entry.dwVpnStrategy = 1, 5
    return abi.call("RasSetEntryProperties", path, name, byref(entry), ctypes.sizeof(entry), None, 0)


def get(abi, path, name):
    entry = abi.new(abi.Entry)
    room = c_uint32(65536)
    whole = ctypes.create_string_buffer(65536)
    ctypes.memmove(whole, byref(entry), ctypes.sizeof(entry))
    code = abi.call("RasGetEntryProperties", path, name, whole, byref(room), None, None)
    return code, abi.Entry.from_buffer(whole)


def changed_lines(before, after):
    """The lines that one of two files has and the other has not."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def dial_and_hang_up(abi, path, name):
    """Return what RasEnumConnections says of the connection."""
    over = threading.Event()
    states = []

    def hear(handle, message, state, error, extended):
        states.append((state, error))
        if error or state & CONNECTED:
            over.set()

    notifier = NOTIFIER(hear)
    code, handle = abi.dial(name, notifier, phonebook=path)
    assert code == 0
    assert over.wait(SECONDS)
    assert states[-1] == (CONNECTED, 0)
    (row,) = abi.listed("RasEnumConnections", abi.Connection)
    assert abi.hang_up(handle) == 0
    limit = time.monotonic() + SECONDS
    while abi.status(handle)[0] != INVALID_HANDLE:
        assert time.monotonic() < limit
        time.sleep(0.001)
    return row


def test_an_existing_file_is_read(abi, tmp_path):
    path = str(tmp_path / "mixed.pbk")
    shutil.copy(MIXED, path)
    book = PhonebookFile.read(path)
    rows = abi.listed("RasEnumEntries", abi.EntryName, None, path)
    assert [row.read("szEntryName") for row in rows] == [entry.name for entry in book]
    assert {row.read("szPhonebookPath") for row in rows} == {path}
    for section in book:
        code, entry = get(abi, path, section.name)
        assert code == 0
        assert (entry.read("szDeviceName"), entry.read("szLocalPhoneNumber")) == (
            section.device_name,
            section.phone_number,
        )
        assert (entry.dwType, entry.dwVpnStrategy) == (section.entry_type, int(section.get("VpnStrategy")))
        assert bytes(entry.guidId).hex().upper() == section.guid
    row = dial_and_hang_up(abi, path, book.entries[0].name)
    assert (row.read("szEntryName"), row.read("szPhonebook")) == (book.entries[0].name, path)


def test_a_name_and_a_device_that_are_not_ascii(abi, tmp_path):
    path = str(tmp_path / "中文.pbk")
    shutil.copy(CHINESE, path)
    if sys.platform == "win32" and not abi.wide:
        pytest.skip("the ANSI code page has no Chinese")
    assert names(abi, path) == ["宽带连接"]
    assert get(abi, path, "宽带连接")[1].read("szDeviceName") == "WAN 微型端口(PPPOE)"
    dial_and_hang_up(abi, path, "宽带连接")


def test_an_empty_file_is_a_phonebook(abi, tmp_path):
    path = tmp_path / "empty.pbk"
    path.write_bytes(b"")
    assert names(abi, str(path)) == []
    assert abi.call("RasValidateEntryName", str(path), "Office") == 0
    assert put(abi, str(path), "Office") == 0
    assert [entry.name for entry in PhonebookFile.read(path)] == ["Office"]


def test_a_new_file_is_made_by_setting_an_entry(abi, tmp_path):
    path = tmp_path / "new.pbk"
    assert abi.call("RasValidateEntryName", str(path), "Office") == 0
    assert not path.exists()
    assert put(abi, str(path), "Office") == 0
    (section,) = PhonebookFile.read(path)
    assert (section.name, section.device_type, section.device_name) == (
        "Office",
        "vpn",
        "WAN Miniport (SSTP)",
    )
    assert (section.phone_number, section.entry_type, section.get("VpnStrategy")) == ("vpn.example", 2, "5")
    assert section.get("MEDIA") == "rastapi"
    assert len(section.guid) == 32
    assert abi.call("RasValidateEntryName", str(path), "Office") == 183
    assert dial_and_hang_up(abi, str(path), "Office").read("szPhonebook") == str(path)
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o077 == 0


def test_a_change_leaves_every_other_byte(abi, tmp_path):
    path = tmp_path / "mixed.pbk"
    shutil.copy(MIXED, path)
    before = path.read_bytes()
    name = PhonebookFile.read(path).entries[0].name
    code, entry = get(abi, str(path), name)
    assert code == 0
    size = ctypes.sizeof(entry)
    assert abi.call("RasSetEntryProperties", str(path), name, byref(entry), size, None, 0) == 0
    assert path.read_bytes() == before, "what is set to what it was changes nothing"
    number = entry.read("szLocalPhoneNumber")
    entry.write("szLocalPhoneNumber", "x" + number[1:])
    entry.dwCustomAuthKey = 77
    assert abi.call("RasSetEntryProperties", str(path), name, byref(entry), size, None, 0) == 0
    _, new = changed_lines(before, path.read_bytes())
    assert new == [b"CustomAuthKey=77", f"PhoneNumber=x{number[1:]}".encode()]
    assert len(path.read_bytes().splitlines()) == len(before.splitlines())


def test_entries_are_renamed_and_deleted_in_the_file(abi, tmp_path):
    path = tmp_path / "mixed.pbk"
    shutil.copy(MIXED, path)
    before = path.read_bytes()
    first, *others = [entry.name for entry in PhonebookFile.read(path)]
    assert abi.call("RasRenameEntry", str(path), first, "New name") == 0
    assert path.read_bytes() == before.replace(f"[{first}]".encode(), b"[New name]")
    assert abi.call("RasDeleteEntry", str(path), "new NAME") == 0
    assert [entry.name for entry in PhonebookFile.read(path)] == others
    assert before.endswith(path.read_bytes())
    for name in others:
        assert abi.call("RasDeleteEntry", str(path), name) == 0
    assert names(abi, str(path)) == []


def test_sub_entries_are_devices_of_the_section(abi, tmp_path):
    path = tmp_path / "lines.pbk"
    assert put(abi, str(path), "Bundle", szDeviceType="modem", szLocalPhoneNumber="1") == 0
    row = abi.new(abi.SubEntry, szDeviceType="modem", szDeviceName="Standard Modem", szLocalPhoneNumber="2")
    size = ctypes.sizeof(row)
    assert abi.call("RasSetSubEntryProperties", str(path), "Bundle", 2, byref(row), size, None, 0) == 0
    (section,) = PhonebookFile.read(path)
    assert [sub.phone_numbers for sub in section.sub_entries] == [("1",), ("2",)]
    assert get(abi, str(path), "Bundle")[1].dwSubEntries == 2
    assert abi.call("RasDeleteSubEntry", str(path), "Bundle", 2) == 0
    assert len(PhonebookFile.read(path).entries[0].sub_entries) == 1


def test_a_file_that_another_program_changes_is_read_again(abi, tmp_path):
    path = tmp_path / "shared.pbk"
    assert put(abi, str(path), "Office") == 0
    book = PhonebookFile.read(path)
    book.add("Home", [("MEDIA", "rastapi"), ("Device", "WAN Miniport (PPPOE)"), ("DEVICE", "PPPoE")])
    book.set("Office", "PhoneNumber", "elsewhere.example")
    book.save()
    assert names(abi, str(path)) == ["Office", "Home"]
    assert get(abi, str(path), "Office")[1].read("szLocalPhoneNumber") == "elsewhere.example"
    book.remove("Office")
    book.save()
    assert names(abi, str(path)) == ["Home"]
    path.unlink()
    assert abi.call("RasEnumEntries", None, str(path), None, byref(c_uint32()), byref(c_uint32())) == 621


def test_credentials_of_an_entry_in_a_file(abi, tmp_path):
    path = str(tmp_path / "office.pbk")
    assert put(abi, path, "Office") == 0
    stored = abi.new(abi.Credentials, szUserName="ada", szPassword="secret")
    stored.dwMask = 3
    assert abi.call("RasSetCredentials", path, "Office", byref(stored), 0) == 0
    assert put(abi, path, "Other") == 0  # the file is written, and the credentials stay
    read = abi.new(abi.Credentials)
    read.dwMask = 3
    assert abi.call("RasGetCredentials", path, "Office", byref(read)) == 0
    assert read.read("szUserName") == "ada"
    assert "secret" not in (tmp_path / "office.pbk").read_text()


def test_621_is_a_file_or_a_folder_that_can_not_be_opened(abi, tmp_path):
    missing, nowhere = str(tmp_path / "missing.pbk"), str(tmp_path / "nowhere" / "x.pbk")
    size, count = c_uint32(), c_uint32()
    for path in (missing, nowhere, str(tmp_path)):
        assert abi.call("RasEnumEntries", None, path, None, byref(size), byref(count)) == 621
        assert abi.dial("Office", None, phonebook=path)[0] == 621
    assert abi.call("RasValidateEntryName", nowhere, "Office") == 621
    assert put(abi, nowhere, "Office") == 621
    binary = tmp_path / "binary.pbk"
    binary.write_bytes(b"\0" * 64)
    assert abi.call("RasEnumEntries", None, str(binary), None, byref(size), byref(count)) == 621
    assert names(abi, None) == []


def test_624_is_a_file_that_can_not_be_written(abi, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "book.pbk").mkdir()  # a folder in the place of the file
    assert put(abi, str(folder / "book.pbk"), "Office") == 624
    assert names(abi, None) == []


def test_the_default_phonebooks_have_full_paths(abi, engine):
    engine.add_entry("Office VPN", phone_number="vpn.example")
    (row,) = abi.listed("RasEnumEntries", abi.EntryName, None, None)
    path = row.read("szPhonebookPath")
    assert os.path.isabs(path)
    assert os.path.basename(path) == "rasphone.pbk"
    assert not os.path.exists(path) or sys.platform == "win32", "it stays in memory"
    assert names(abi, path) == ["Office VPN"]
    assert dial_and_hang_up(abi, None, "Office VPN").read("szPhonebook") == path
    engine.remove_entry("Office VPN")


CHANGE = """
import sys
sys.path.insert(0, sys.argv[2])  # Windows' embeddable Python reads no PYTHONPATH
from ctypes import byref, sizeof
from support.ras_abi import Ras
abi = Ras(sys.argv[1], wide=True)
print(*[row.read("szEntryName") for row in abi.listed("RasEnumEntries", abi.EntryName, None, None)])
entry = abi.new(abi.Entry, szDeviceType="vpn", szLocalPhoneNumber="vpn.example")
entry.dwFramingProtocol = 1
print(abi.call("RasSetEntryProperties", None, "Second", byref(entry), sizeof(entry), None, 0))
"""


@pytest.mark.parametrize("exists", [True, False])
def test_the_file_of_the_environment_is_the_default_phonebook(standalone_path, tmp_path, exists):
    path = tmp_path / "böok.pbk"
    if exists:
        path.write_text("[First]\r\nMEDIA=rastapi\r\nDEVICE=vpn\r\n", newline="")
    tests = os.path.dirname(os.path.dirname(__file__))
    done = subprocess.run(
        [sys.executable, "-c", CHANGE, standalone_path, tests],
        env=os.environ | {"RASDIAL_SIMULATOR_PHONEBOOK": str(path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == (["First"] if exists else []) + ["0"]
    wanted = ["First", "Second"] if exists else ["Second"]
    assert [entry.name for entry in PhonebookFile.read(path)] == wanted
