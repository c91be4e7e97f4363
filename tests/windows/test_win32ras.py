"""pywin32's win32ras as a client of the simulator's rasapi32.dll: somebody else's code, GIL and struct sizes.

Elsewhere than on Windows a re-enactment by ctypes stands for it. Its own limits: only the default phonebook;
one letter of each string of a status; no second dial with a callback before the first event of the first.
"""

from __future__ import annotations

import asyncio
import sys
import threading

import pytest
from support.win32ras_shape import Win32Ras

import rasdial_async as ras

WM_RASDIALEVENT = 0xCCCD
SECONDS = 20


@pytest.fixture(scope="module")
def win32ras(standalone_path):
    if sys.platform != "win32":
        return Win32Ras(standalone_path)
    return pytest.importorskip("win32ras", reason="pywin32 is not installed")


@pytest.fixture
def office(engine):
    engine.add_entry("Office VPN", user_name="ada", password="secret")
    yield engine
    engine.remove_entry("Office VPN")


class Heard:
    """The events of one dial, as win32ras calls back."""

    def __init__(self):
        self.events = []
        self.over = threading.Event()

    def __call__(self, handle, message, state, error, extended):
        assert message == WM_RASDIALEVENT
        self.events.append((int(handle), state, error, extended))
        if error or state & 0x2000:
            self.over.set()


def dial(win32ras, password="secret"):
    heard = Heard()
    handle, code = win32ras.Dial(None, None, ("Office VPN", "", "", "ada", password, ""), heard)
    assert code == 0
    assert heard.over.wait(SECONDS)
    return handle, heard.events


def test_it_dials_and_hears_what_we_hear(win32ras, office, client):
    handle, events = dial(win32ras)
    state, error, *_ = win32ras.GetConnectStatus(handle)
    assert (state, error) == (0x2000, 0)
    assert [(int(one[0]), one[1]) for one in win32ras.EnumConnections()] == [(int(handle), "Office VPN")]
    win32ras.HangUp(handle)

    async def ours():
        dialing = client.dial("Office VPN", username="ada", password="secret")
        mine = [
            (event.handle, int(event.state), event.error, event.extended_error) async for event in dialing
        ]
        await dialing.hang_up()
        return mine

    mine = asyncio.run(ours())
    assert [event[1:] for event in events] == [event[1:] for event in mine]
    assert {event[0] for event in events} == {int(handle)}
    assert {event[0] for event in mine} != {int(handle)}


def test_its_failed_dial_has_our_code(win32ras, office, client):
    handle, events = dial(win32ras, "wrong")
    assert events[-1][2] == 691
    win32ras.HangUp(handle)

    async def ours():
        with pytest.raises(ras.AuthenticationError) as caught:
            await client.dial("Office VPN", username="ada", password="wrong")
        return caught.value.code

    assert asyncio.run(ours()) == 691


def test_errors_of_its_calls(win32ras, office):
    with pytest.raises(win32ras.error) as caught:
        win32ras.HangUp(0x7FFF0)
    assert caught.value.winerror == 6
    assert win32ras.GetErrorString(691)
    handle, code = win32ras.Dial(None, None, ("Nowhere", "", "", "", "", ""), Heard())
    assert (int(handle), code) == (0, 623)


def test_entries(win32ras, office):
    assert list(win32ras.EnumEntries()) == ["Office VPN"]


def test_extensions_without_a_size(win32ras, office):
    heard = Heard()
    handle, code = win32ras.Dial(
        win32ras.RASDIALEXTENSIONS(), None, ("Office VPN", "", "", "ada", "secret", ""), heard
    )
    assert code == 0
    assert heard.over.wait(SECONDS)
    win32ras.HangUp(handle)


def test_dial_and_hang_up_many_times(win32ras, office):
    handles = set()
    for _ in range(20):
        handle, _ = dial(win32ras)
        handles.add(int(handle))
        win32ras.HangUp(handle)
    assert len(handles) == 20
