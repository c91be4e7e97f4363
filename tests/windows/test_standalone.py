"""The simulator as rasapi32.dll or librasapi32.so, loaded and driven as any RAS is."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

import rasdial_async as ras
from rasdial_async import ConnectionState

pytestmark = pytest.mark.asyncio

STEP, FAIL, SILENCE = 0, 1, 2


@pytest.fixture
def office(engine):
    engine.add_entry("Office VPN", user_name="ada", password="secret", phone_number="vpn.example")
    yield engine
    engine.remove_entry("Office VPN")


async def test_everything_says_that_it_is_simulated(office, client):
    assert client.simulated
    assert client.backend.session.library.simulated
    async with client.dial("Office VPN", username="ada", password="secret") as connection:
        assert connection.simulated
        assert "simulated" in repr(connection)


async def states(dialing):
    return [int(event.state) async for event in dialing]


async def test_a_dial_connects_and_hangs_up(office, client):
    async with client.dial("Office VPN", username="ada", password="secret") as connection:
        status = await connection.status()
        assert status.state is ConnectionState.CONNECTED
        assert (status.device_type, status.device_name) == ("vpn", "WAN Miniport (IKEv2)")
        assert status.phone_number == "vpn.example"
        assert [one.handle for one in await client.connections()] == [connection.handle]
        assert office.counts().open_ports == 1
    assert office.counts().open_ports == 0


async def test_every_state_arrives_in_order(office, client):
    script = [0, 1, 2, 3, 4, 5, 14, 0x2000]
    office.script("Office VPN", *((STEP, state, 0, 0, 0) for state in script))
    dialing = client.dial("Office VPN")
    assert await states(dialing) == script
    assert [event.device_name for event in dialing.events][2:4] == ["WAN Miniport (IKEv2)"] * 2
    await (await dialing).hang_up()


async def test_a_failure_has_its_codes_and_its_text(office, client):
    with pytest.raises(ras.AuthenticationError) as caught:
        await client.dial("Office VPN", username="ada", password="wrong")
    assert (caught.value.code, caught.value.symbol) == (691, "ERROR_AUTHENTICATION_FAILURE")
    assert caught.value.message
    office.script("Office VPN", (STEP, 2, 0, 0, 0), (FAIL, 2, 678, 13, 0))
    with pytest.raises(ras.NoAnswerError) as unanswered:
        await client.dial("Office VPN")
    assert (unanswered.value.state, unanswered.value.extended_error) == (ConnectionState.CONNECT_DEVICE, 13)


async def test_an_unknown_entry_is_623(engine, client):
    with pytest.raises(ras.PhonebookError) as caught:
        await client.dial("Nowhere")
    assert caught.value.code == 623


async def test_a_cancelled_dial_leaves_nothing(office, client):
    office.script("Office VPN", (STEP, 2, 0, 0, 0), (SILENCE, 0, 0, 0, 0))
    dialing = client.dial("Office VPN")
    task = asyncio.ensure_future(dialing)
    assert (await anext(aiter(dialing))).state is ConnectionState.CONNECT_DEVICE
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert office.counts().connections == 0


async def test_handles_do_not_come_again(office, client):
    handles = set()
    for _ in range(20):
        async with client.dial("Office VPN", username="ada", password="secret") as connection:
            handles.add(connection.handle)
    assert len(handles) == 20


async def test_many_dials_at_once(engine, client):
    names = [f"line {number}" for number in range(30)]
    for name in names:
        engine.add_entry(name)
    connections = await asyncio.gather(*(client.dial(name) for name in names))
    assert engine.counts().open_ports == 30
    await asyncio.gather(*(one.hang_up() for one in connections))
    for name in names:
        engine.remove_entry(name)


async def test_entries(office, client):
    assert [entry.name for entry in await client.entries()] == ["Office VPN"]


PHONEBOOK = """\
[Büro]
MEDIA=rastapi
Port=VPN2-0
Device=WAN Miniport (L2TP)
DEVICE=vpn
PhoneNumber=vpn.example
Device=WAN Miniport (SSTP)

[深圳]
MEDIA=rastapi
Device=WAN Miniport (PPPOE)
DEVICE=PPPoE
"""
DIAL_ALL = """
import asyncio, sys, rasdial_async as ras
async def main():
    client = ras.RasClient() if sys.platform == "win32" else ras.RasClient(library=sys.argv[1])
    for entry in await client.entries():
        async with client.dial(entry.name) as connection:
            status = await connection.status()
        print(ascii((entry.name, status.device_type, status.device_name, status.phone_number)))
asyncio.run(main())
"""


async def test_the_lines_of_a_phonebook(standalone_path, tmp_path):
    book = tmp_path / "böok.pbk"
    book.write_text(PHONEBOOK, "utf-8")
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", DIAL_ALL, standalone_path],
        env=os.environ | {"RASDIAL_SIMULATOR_PHONEBOOK": str(book)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        ascii(("Büro", "vpn", "WAN Miniport (L2TP)", "vpn.example")),
        ascii(("深圳", "PPPoE", "WAN Miniport (PPPOE)", "")),
    ]
