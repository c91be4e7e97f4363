"""Things built on a dial: the watch, the keeper, a recording, over real links."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

import pytest
from support import ppp
from support.waiting import loop_turn

import rasdial_async as ras
from rasdial_async import ChangeKind, ConnectionState as State, Fail

LOGIN: dict[str, Any] = {"username": ppp.USER, "password": ppp.PASSWORD}


@pytest.mark.asyncio
async def test_a_watch_sees_a_link_come_and_go(client, peers):
    peers.pppoe("dsl")
    async with client.watch() as changes:
        connection = await client.dial("dsl", **LOGIN)
        change = await anext(changes)
        assert (change.kind, change.connection.entry) == (ChangeKind.CONNECTED, "dsl")
        await connection.hang_up()
        change = await anext(changes)
        assert (change.kind, change.connection.entry) == (ChangeKind.DISCONNECTED, "dsl")


@pytest.mark.asyncio
async def test_wait_disconnected_returns_when_the_provider_hangs_up(client, peers, provider):
    peers.pppoe("dsl")
    connection = await client.dial("dsl", **LOGIN)
    waiting = asyncio.ensure_future(connection.wait_disconnected())
    provider.signal(signal.SIGTERM)
    async with asyncio.timeout(10):
        await waiting
    assert not await client.connections()
    with pytest.raises(ras.RasError):
        await connection.status()


@pytest.mark.asyncio
async def test_a_keeper_dials_again_when_the_provider_has_hung_up(client, peers, provider):
    peers.pppoe("dsl")
    redial = ras.Redial(pause=0.1, backoff=1)
    async with client.keep_connected("dsl", redial=redial, stable=0, **LOGIN) as keeper:
        first = await keeper.connected()
        lost = asyncio.ensure_future(first.wait_disconnected())
        provider.signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            await lost
            second = await keeper.connected()
            while second.handle == first.handle:
                await loop_turn()
                second = await keeper.connected()
        assert ppp.echoed(ppp.SERVER_OF_PPPOE, b"again") == b"again"
    assert ppp.interfaces() == []


@pytest.mark.asyncio
async def test_a_keeper_stops_at_a_wrong_password(client, peers):
    peers.pppoe("dsl")
    with pytest.raises(ras.AuthenticationError):
        async with client.keep_connected("dsl", username=ppp.USER, password="wrong") as keeper:
            await keeper.wait()


@pytest.mark.asyncio
async def test_a_real_failure_is_recorded_and_played_by_the_simulator(client, peers):
    peers.modem("isp", "5552648")
    dialing = client.dial("isp", **LOGIN)
    with pytest.raises(ras.AccountError):
        await dialing
    recording = ras.Recording.of(dialing)
    with ras.Simulator() as simulator:
        simulator.add_entry("isp")
        recording.play_on(simulator, "isp", speed=100)
        played = ras.RasClient(simulator).dial("isp")
        with pytest.raises(ras.AccountError) as caught:
            await played
    assert caught.value.code == 648
    assert [event.state for event in played.events] == [event.state for event in dialing.events]
    assert dialing.events[-1].state is State.AUTHENTICATE


@pytest.mark.asyncio
async def test_the_same_program_runs_on_the_simulator_and_on_pppd(client, peers):
    """Both announce a busy line as the same error in the same state."""
    peers.modem("isp", "5551001")
    seen = []
    with ras.Simulator(pace=0) as simulator:
        simulator.add_entry("isp", device="Standard Modem")
        simulator.script("isp", [ras.Step(State.OPEN_PORT), ras.Step(State.CONNECT_DEVICE), Fail(676)])
        for one in (client, ras.RasClient(simulator)):
            with pytest.raises(ras.LineBusyError) as caught:
                await one.dial("isp", **LOGIN)
            seen.append((caught.value.code, caught.value.state, caught.value.transient))
    assert seen[0] == seen[1]
