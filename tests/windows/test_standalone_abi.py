"""The stand-alone library through nothing but ras.h: what programs that were written for Windows rely on."""

from __future__ import annotations

import ctypes
import json
import threading
import time
from ctypes import byref, c_uint32, c_void_p

import pytest
from support import ROOT
from support.ras_abi import NOTIFIER, Ras

from rasdial_async._native._ras import ffi

EXPORTS = json.loads((ROOT / "tests" / "data" / "rasapi32_exports.json").read_text("utf-8"))["names"]
SDK = sorted(name for name, sources in EXPORTS.items() if "sdk" in sources)
NOT_IMPLEMENTED = {
    *("RasCreatePhonebookEntryA", "RasCreatePhonebookEntryW"),
    *("RasEditPhonebookEntryA", "RasEditPhonebookEntryW", "RasGetPCscf"),
}
SECONDS = 10
CONNECTED, INVALID_HANDLE = 0x2000, 6


@pytest.fixture(params=["W", "A"])
def abi(request, standalone_path):
    return Ras(standalone_path, wide=request.param == "W")


@pytest.fixture
def office(engine):
    engine.add_entry("Office VPN", user_name="ada", password="secret", phone_number="vpn.example")
    yield engine
    engine.remove_entry("Office VPN")


class Heard:
    """A RasDialFunc1, and what it was told."""

    def __init__(self) -> None:
        self.states: list[tuple[int, int]] = []
        self.over = threading.Event()
        self.notifier = NOTIFIER(self._hear)

    def _hear(self, handle: int, message: int, state: int, error: int, extended: int) -> None:
        self.states.append((state, error))
        if error or state & CONNECTED:
            self.over.set()


def wait_until_gone(abi: Ras, handle: int) -> None:
    limit = time.monotonic() + SECONDS
    while abi.status(handle)[0] != INVALID_HANDLE:
        assert time.monotonic() < limit
        time.sleep(0.001)


@pytest.mark.parametrize("name", SDK)
def test_every_function_of_ras_h_can_be_imported(standalone_path, name):
    assert getattr(Ras(standalone_path, wide=True).library, name)


@pytest.mark.parametrize("name", sorted(NOT_IMPLEMENTED))
def test_what_needs_a_desktop_says_120(standalone_path, name):
    function = getattr(Ras(standalone_path, wide=True).library, name)
    arguments = [None] * (1 if name == "RasGetPCscf" else 2 if "Create" in name else 3)
    assert function(*arguments) == 120


def test_a_dial_its_status_and_its_end(abi, office):
    heard = Heard()
    code, handle = abi.dial("Office VPN", heard.notifier, szUserName="ada", szPassword="secret")
    assert (code, bool(handle)) == (0, True)
    assert heard.over.wait(SECONDS)
    assert heard.states[-1] == (CONNECTED, 0)
    (row,) = abi.listed("RasEnumConnections", abi.Connection)
    assert (row.hrasconn, row.read("szEntryName")) == (handle, "Office VPN")
    assert (row.read("szDeviceType"), row.read("szDeviceName")) == ("vpn", "WAN Miniport (IKEv2)")
    assert row.dwSubEntry == 1
    code, status = abi.status(handle)
    assert (code, status.rasconnstate) == (0, CONNECTED)
    assert (status.read("szDeviceName"), status.read("szPhoneNumber")) == (
        "WAN Miniport (IKEv2)",
        "vpn.example",
    )
    assert abi.hang_up(handle) == 0
    wait_until_gone(abi, handle)


def test_a_failure_and_its_text(abi, office):
    heard = Heard()
    code, handle = abi.dial("Office VPN", heard.notifier, szUserName="ada", szPassword="wrong")
    assert code == 0
    assert heard.over.wait(SECONDS)
    assert heard.states[-1][1] == 691
    assert abi.hang_up(handle) == 0
    wait_until_gone(abi, handle)
    room = 512 * (2 if abi.wide else 1)
    text = ctypes.create_string_buffer(room)
    assert abi.call("RasGetErrorString", 691, text, 512) == 0
    assert "password" in text.raw.decode("utf-16-le" if abi.wide else "utf-8").lower()
    assert abi.call("RasGetErrorString", 691, text, 4) == 122


def test_hanging_up_inside_the_notifier_of_a_failure_ends(abi, office):
    """DotRas 1 does that, and waits there for the handle to become invalid."""
    ended = threading.Event()

    def hear(handle, message, state, error, extended):
        if error:
            assert abi.hang_up(handle) == 0
            wait_until_gone(abi, handle)
            ended.set()

    notifier = NOTIFIER(hear)
    assert abi.dial("Office VPN", notifier, szUserName="ada", szPassword="wrong")[0] == 0
    assert ended.wait(SECONDS)
    limit = time.monotonic() + SECONDS
    while office.counts().callbacks and time.monotonic() < limit:
        time.sleep(0.001)


def test_entries_devices_and_names(abi, office):
    (row,) = abi.listed("RasEnumEntries", abi.EntryName, None, None)
    assert row.read("szEntryName") == "Office VPN"
    devices = {row.read("szDeviceName") for row in abi.listed("RasEnumDevices", abi.Device)}
    assert {"Standard Modem", "WAN Miniport (PPPOE)"} <= devices
    assert abi.call("RasValidateEntryName", None, "Office VPN") == 183
    assert abi.call("RasValidateEntryName", None, "New") == 0
    assert abi.call("RasValidateEntryName", None, "a/b") == 123


def test_an_entry_is_made_read_renamed_and_deleted(abi, engine):
    entry = abi.new(abi.Entry, szDeviceType="vpn", szLocalPhoneNumber="vpn.example")
    entry.dwFramingProtocol, entry.dwVpnStrategy = 1, 5
    size = ctypes.sizeof(entry)
    assert abi.call("RasSetEntryProperties", None, "Büro", byref(entry), size, None, 0) == 0
    room = c_uint32(0)
    assert abi.call("RasGetEntryProperties", None, "Büro", None, byref(room), None, None) == 603
    read = abi.new(abi.Entry)
    room = c_uint32(size)
    assert abi.call("RasGetEntryProperties", None, "Büro", byref(read), byref(room), None, None) == 0
    assert (read.read("szDeviceName"), read.read("szLocalPhoneNumber")) == (
        "WAN Miniport (SSTP)",
        "vpn.example",
    )
    assert (read.dwType, read.dwSubEntries, read.dwVpnStrategy) == (2, 1, 5)
    assert abi.call("RasRenameEntry", None, "Büro", "Haus") == 0
    assert abi.call("RasDeleteEntry", None, "Haus") == 0
    assert abi.call("RasDeleteEntry", None, "Haus") == 123


def test_alternate_numbers_stand_behind_the_structure(abi, engine):
    class Whole(ctypes.Structure):
        _pack_ = 4
        _layout_ = "ms"
        _fields_ = [("entry", abi.Entry), ("numbers", ctypes.c_char * 64)]

    whole = Whole(entry=abi.new(abi.Entry, szDeviceType="modem", szLocalPhoneNumber="1"))
    whole.entry.dwFramingProtocol = 1
    whole.entry.dwAlternateOffset = Whole.numbers.offset
    numbers = "555-0101\0555-0102\0\0".encode("utf-16-le" if abi.wide else "utf-8")
    ctypes.memmove(ctypes.addressof(whole) + Whole.numbers.offset, numbers, len(numbers))
    size = ctypes.sizeof(whole)
    assert abi.call("RasSetEntryProperties", None, "Line", byref(whole), size, None, 0) == 0
    read = Whole(entry=abi.new(abi.Entry))
    room = c_uint32(size)
    assert abi.call("RasGetEntryProperties", None, "Line", byref(read), byref(room), None, None) == 0
    assert room.value == ctypes.sizeof(abi.Entry) + len(numbers)
    assert read.entry.dwAlternateOffset == ctypes.sizeof(abi.Entry)
    start = Whole.numbers.offset
    assert bytes(read)[start : start + len(numbers)] == numbers
    assert abi.call("RasDeleteEntry", None, "Line") == 0


def test_sub_entry_1_is_the_entry_and_the_first_one_added_is_2(abi, office):
    row = abi.new(abi.SubEntry)
    room = c_uint32(ctypes.sizeof(row))

    def read(number):
        return abi.call(
            *("RasGetSubEntryProperties", None, "Office VPN", number, byref(row), byref(room), None, None)
        )

    assert read(1) == 0
    assert row.read("szLocalPhoneNumber") == "vpn.example"
    assert read(2) == 87
    more = abi.new(abi.SubEntry, szDeviceType="modem", szDeviceName="Standard Modem", szLocalPhoneNumber="5")
    size = ctypes.sizeof(more)
    assert abi.call("RasSetSubEntryProperties", None, "Office VPN", 2, byref(more), size, None, 0) == 0
    assert read(2) == 0
    assert row.read("szLocalPhoneNumber") == "5"
    assert abi.call("RasDeleteSubEntry", None, "Office VPN", 2) == 0


def test_credentials(abi, office):
    stored = abi.new(abi.Credentials, szUserName="ada", szPassword="secret")
    stored.dwMask = 3
    assert abi.call("RasSetCredentials", None, "Office VPN", byref(stored), 0) == 0
    read = abi.new(abi.Credentials)
    read.dwMask = 7
    assert abi.call("RasGetCredentials", None, "Office VPN", byref(read)) == 0
    assert (read.dwMask, read.read("szUserName"), read.read("szPassword")) == (3, "ada", "*" * 16)
    params, password = abi.new(abi.DialParams, szEntryName="Office VPN"), c_uint32(0)
    assert abi.call("RasGetEntryDialParams", None, byref(params), byref(password)) == 0
    assert (params.read("szUserName"), password.value) == ("ada", 1)


def test_a_text_without_an_end_is_refused(abi, office):
    row = abi.new(abi.SubEntry, szDeviceType="x" * 17, szDeviceName="Standard Modem")
    size = ctypes.sizeof(row)
    assert abi.call("RasSetSubEntryProperties", None, "Office VPN", 1, byref(row), size, None, 0) == 87


def test_a_size_that_no_windows_has_is_refused(abi, office):
    status = abi.new(abi.Status)
    status.dwSize = 9
    assert abi.call("RasGetConnectStatus", c_void_p(1), byref(status)) == 632
    params = abi.new(abi.DialParams, szEntryName="Office VPN")
    params.dwSize -= 1
    assert abi.call("RasDial", None, None, byref(params), 0, None, byref(c_void_p())) == 632


def test_a_function_answers_what_it_was_told_to(abi, engine):
    names = [name for name, _ in ffi.typeof("struct ras_api").fields]
    place = names.index("RasEnumConnectionsW")
    engine.answer(place, 8)
    size, count = c_uint32(0), c_uint32(0)
    assert abi.call("RasEnumConnections", None, byref(size), byref(count)) == 8
    engine.answer(place, 0)
    assert abi.call("RasEnumConnections", None, byref(size), byref(count)) == 0
