"""A connection: what it tells, when it is gone, and the list of them."""

from __future__ import annotations

import asyncio

import pytest
from support.fake_backend import SECONDS, fake_connection, left
from support.waiting import loop_turn

from rasdial_async import ConnectionState, DialError, RasError, Step
from rasdial_async._native.records.connection import ConnectionStatus

# What it tells


@pytest.mark.asyncio
async def test_it_tells_what_ras_lists_of_it(sim, client):
    async with client.dial("Office") as connection:
        (listed,) = await client.connections()
        for one in (connection, listed):
            assert (one.entry, one.device_type, one.device_name) == ("Office", "vpn", "WAN Miniport (IKEv2)")
            assert one.phonebook == ""
            assert one.sub_entry == 1
            assert one.luid == 0x3E8
            assert len(one.guid) == len(one.correlation_id) == 36
            assert one.handle == connection.handle
        assert listed.guid == connection.guid
        assert listed.correlation_id == connection.correlation_id


@pytest.mark.asyncio
async def test_it_tells_what_is_known_where_ras_lists_nothing(client, monkeypatch, caplog):
    """The dial's own words, where RasEnumConnections fails."""
    from rasdial_async._native.binding import RasLibrary

    def refuse(self):
        raise RasError(5, function="RasEnumConnectionsW")

    with monkeypatch.context() as patch:
        patch.setattr(RasLibrary, "connections", refuse)
        connection = await client.dial("Home")
    assert (connection.entry, connection.device_name) == ("Home", "WAN Miniport (PPPOE)")
    assert (connection.guid, connection.luid) == ("", 0)
    assert "the connections can't be listed" in caplog.text
    await connection.hang_up()


@pytest.mark.asyncio
async def test_its_status_is_that_of_ras(client):
    async with client.dial("Office") as connection:
        status = await connection.status()
        assert status.state is ConnectionState.CONNECTED
        assert (status.connected, status.error) == (True, 0)
        assert (status.device_type, status.device_name) == ("vpn", "WAN Miniport (IKEv2)")
        assert status.phone_number == "vpn.example"


@pytest.mark.asyncio
async def test_several_tasks_ask_for_the_status_at_once(client):
    async with client.dial("Office") as connection:
        answers = await asyncio.gather(*(connection.status() for _ in range(20)))
        assert all(answer == answers[0] for answer in answers)


@pytest.mark.asyncio
async def test_cancelling_a_status_changes_nothing(client):
    async with client.dial("Office") as connection:
        task = asyncio.ensure_future(connection.status())
        await loop_turn()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await connection.status()).connected


@pytest.mark.asyncio
async def test_repr_says_how_it_stands(sim, client):
    connection = await client.dial("Office")
    start = f"<Connection 'Office' handle={connection.handle:#x} "
    assert repr(connection) == f"{start}up simulated>"
    sim.drop("Office")
    await connection.wait_disconnected()
    assert repr(connection) == f"{start}gone simulated>"
    await connection.hang_up()
    assert repr(connection) == f"{start}hung up simulated>"
    assert repr(fake_connection()[0]) == "<Connection 'Office' handle=0x1234 up>"


# Gone


@pytest.mark.asyncio
async def test_a_connection_that_is_gone_raises_6(sim, client):
    connection = await client.dial("Office")
    await connection.hang_up()
    for _ in range(2):
        with pytest.raises(RasError) as caught:
            await connection.status()
        assert (caught.value.code, caught.value.function) == (6, "RasGetConnectStatusW")
        assert not isinstance(caught.value, DialError)


@pytest.mark.asyncio
async def test_a_connection_that_is_gone_never_speaks_for_a_new_one(sim, client):
    old = await client.dial("Office")
    sim.drop("Office")
    await old.wait_disconnected()
    new = await client.dial("Office")
    new.ras_handle.value = old.ras_handle.value  # as if RAS had used the value again
    with pytest.raises(RasError):
        await old.status()
    assert await old.hang_up() is True
    new.ras_handle.value = new.handle
    assert (await new.status()).connected
    await new.hang_up()


@pytest.mark.asyncio
async def test_waiting_for_the_end_ends_when_the_line_drops(sim, client):
    connection = await client.dial("Office")
    waiting = [asyncio.ensure_future(connection.wait_disconnected()) for _ in range(2)]
    await loop_turn(3)
    assert not any(task.done() for task in waiting)
    sim.drop("Office")
    async with asyncio.timeout(SECONDS):
        await asyncio.gather(*waiting)
    await connection.wait_disconnected()


@pytest.mark.asyncio
async def test_waiting_for_the_end_ends_when_it_is_hung_up(client):
    connection = await client.dial("Office")
    waiting = asyncio.ensure_future(connection.wait_disconnected())
    await loop_turn()
    await connection.hang_up()
    async with asyncio.timeout(SECONDS):
        await waiting


@pytest.mark.asyncio
async def test_waiting_for_the_end_may_be_cancelled(client):
    async with client.dial("Office") as connection:
        waiting = asyncio.ensure_future(connection.wait_disconnected())
        await loop_turn()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await connection.status()).connected


@pytest.mark.parametrize("code", [6, 668])
@pytest.mark.asyncio
async def test_waiting_ends_with_either_code_for_gone(code):
    connection, backend = fake_connection()
    backend.status_answers = [ConnectionStatus(ConnectionState.CONNECTED), RasError(code)]
    await connection.wait_disconnected()
    assert backend.status_answers == []


@pytest.mark.asyncio
async def test_waiting_raises_what_is_no_answer():
    connection, backend = fake_connection()
    backend.status_answers = [RasError(5, function="RasGetConnectStatusW")]
    with pytest.raises(RasError) as caught:
        await connection.wait_disconnected()
    assert caught.value.code == 5


@pytest.mark.asyncio
async def test_waiting_outlasts_a_service_that_starts_anew():
    """It answers for itself then, and says nothing of the connection."""
    connection, backend = fake_connection()
    up = ConnectionStatus(ConnectionState.CONNECTED)
    backend.status_answers = [up, RasError(1722), RasError(711), up, RasError(711), RasError(6)]
    await connection.wait_disconnected()
    assert backend.status_answers == []


@pytest.mark.asyncio
async def test_waiting_asks_less_and_less_often_but_never_rarer_than_each_second(monkeypatch):
    connection, backend = fake_connection()
    backend.status_answers = [ConnectionStatus(ConnectionState.CONNECTED)] * 9 + [RasError(6)]
    pauses = []

    async def sleep(seconds):
        pauses.append(seconds)

    monkeypatch.setattr("rasdial_async.active.connection.asyncio.sleep", sleep)
    await connection.wait_disconnected()
    assert pauses == sorted(pauses)
    assert 0 < pauses[0] <= 0.1
    assert pauses[-1] == 1.0


# The list of connections


@pytest.mark.asyncio
async def test_connections_lists_what_is_up_and_nothing_else(sim, client):
    assert await client.connections() == []
    sim.add_entry("Stuck")
    sim.script("Stuck", [Step(ConnectionState.OPEN_PORT)])
    dialing = client.dial("Stuck")
    await anext(aiter(dialing))
    async with client.dial("Office") as first, client.dial("Home") as second:
        listed = await client.connections()
        assert {one.handle for one in listed} == {first.handle, second.handle}
        assert {one.entry for one in listed} == {"Office", "Home"}
    assert await client.connections() == []
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_a_listed_connection_hangs_up_what_it_lists(sim, client):
    connection = await client.dial("Office")
    (listed,) = await client.connections()
    assert await listed.hang_up() is True
    assert left(sim) == (0, 0)
    with pytest.raises(RasError):
        await connection.status()
