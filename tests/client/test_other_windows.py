"""The client copes with either answer to each question that only Windows can settle."""

from __future__ import annotations

import asyncio

import pytest

from rasdial_async import ChangeKind, ConnectionState, Entry, RasClient, RasError, Silence, Simulator, Step
from rasdial_async._native.binding.simulator import Question

SECONDS = 5


@pytest.fixture(params=Question, ids=lambda question: question.name)
def other_windows(request):
    """A simulator that gives the other answer to one question."""
    with Simulator(pace=0, release_delay=0.001) as simulator:
        simulator.add_entry("Office", username="ada", password="secret")
        simulator.add_entry("Line", device="WAN Miniport (PPPOE)", device_type="PPPoE")
        simulator.add_entry("Other line", device="WAN Miniport (PPPOE)", device_type="PPPoE")
        engine = simulator._open()
        engine.settle(request.param, request.param is not Question.NULL_PHONEBOOK)
        yield simulator


@pytest.fixture
def client(other_windows):
    return RasClient(other_windows)


@pytest.mark.asyncio
async def test_a_dial_and_all_that_a_connection_can_tell(client, other_windows):
    async with client.dial("Office", username="ada", password="secret") as connection:
        assert (await connection.status()).state is ConnectionState.CONNECTED
        assert [one.handle for one in await client.connections()] == [connection.handle]
        assert connection.device_type.lower() == "vpn"
        await connection.statistics()
        await connection.ip()
    assert other_windows.counts.open_ports == 0
    with pytest.raises(RasError) as caught:
        await connection.statistics()
    assert caught.value.code in (6, 668)
    assert await connection.hang_up()


@pytest.mark.asyncio
async def test_lists_and_phonebooks(client):
    assert [entry.name for entry in await client.entries()] == ["Office", "Line", "Other line"]
    assert len(await client.devices()) == 6
    book = client.phonebook()
    await book.create(Entry.vpn("New", "vpn.example", protocol="sstp"))
    assert (await book.get("New")).phone_number == "vpn.example"
    await book.delete("New")


@pytest.mark.asyncio
async def test_a_dropped_line_and_a_second_one_on_its_device(client, other_windows):
    connection = await client.dial("Line")
    with pytest.raises(RasError) as caught:
        await client.dial("Other line")
    assert caught.value.code in (756, 813)
    other_windows.drop("Line")
    async with asyncio.timeout(SECONDS):
        await connection.wait_disconnected()
    assert await connection.hang_up()
    assert other_windows.counts.connections == 0


@pytest.mark.asyncio
async def test_a_dial_that_is_under_way_is_no_connection(client, other_windows):
    other_windows.script("Office", [Step(ConnectionState.OPEN_PORT), Silence()])
    async with client.watch() as watch:
        dialing = client.dial("Office")
        async for _ in dialing:
            break
        assert await client.connections() == []
        async with client.dial("Line"):
            change = await asyncio.wait_for(anext(aiter(watch)), SECONDS)
            assert (change.kind, change.connection.entry) == (ChangeKind.CONNECTED, "Line")
        await dialing.hang_up()
    assert other_windows.counts.connections == 0
