"""The built-in RAS from its Python side: lines that behave as told, and their end."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
import time

import pytest
from support.dials import AUTHENTICATE, CONNECTED, OPEN_PORT, reach
from support.simulated import BOOKS, CONNECTS, HANGS, outcome
from support.waiting import SECONDS, eventually

from rasdial_async import (
    AuthenticationError,
    ConnectionState,
    DialError,
    Drop,
    Fail,
    LineBusyError,
    Login,
    RasClient,
    RasError,
    Silence,
    Simulator,
    Step,
)
from rasdial_async._native.binding.simulator import MAX_ENGINES

# Its lines


@pytest.mark.asyncio
async def test_a_script_is_what_happens(sim, client):
    sim.script("Office", [Step(ConnectionState(n)) for n in (3, 1, 77, 5)] + [Step(CONNECTED)])
    assert await outcome(client.dial("Office")) == ([3, 1, 77, 5, CONNECTED], 0)


@pytest.mark.asyncio
async def test_no_script_is_the_usual_one_again(sim, client):
    usual, _ = await outcome(client.dial("Office"))
    sim.script("Office", CONNECTS)
    assert await outcome(client.dial("Office")) == ([OPEN_PORT, CONNECTED], 0)
    sim.script("Office", [])
    assert await outcome(client.dial("Office")) == (usual, 0)
    assert len(usual) > 5


@pytest.mark.parametrize(
    "device",
    [
        "WAN Miniport (IKEv2)",
        "WAN Miniport (SSTP)",
        "WAN Miniport (L2TP)",
        "WAN Miniport (PPTP)",
        "WAN Miniport (PPPOE)",
        "Standard Modem",
    ],
)
@pytest.mark.asyncio
async def test_the_usual_script_of_a_device_connects_and_names_it(sim, client, device):
    sim.add_entry("Line", device=device)
    dialing = client.dial("Line")
    events = [event async for event in dialing]
    assert events[-1].state is CONNECTED
    assert {event.device_name for event in events if event.device_name} == {device}
    assert not any(event.failed for event in events)
    await dialing.hang_up()


def test_a_script_of_an_entry_that_is_not_there_is_an_error(sim):
    for call in (
        lambda: sim.script("Nowhere", CONNECTS),
        lambda: sim.refuse("Nowhere", 680),
        lambda: sim.drop("Nowhere"),
        lambda: sim.script("Office", CONNECTS, phonebook="/other.pbk"),
    ):
        with pytest.raises(RasError) as caught:
            call()
        assert caught.value.code == 623


@pytest.mark.asyncio
async def test_login_fails_with_691_where_the_credentials_are_wrong(sim, client):
    sim.add_entry("Guarded", username="ada", password="secret", domain="LAB")
    sim.script("Guarded", [Step(OPEN_PORT), Login(AUTHENTICATE), Step(CONNECTED)])
    right = {"username": "ada", "password": "secret", "domain": "lab"}
    assert (await outcome(client.dial("Guarded", **right)))[1] == 0
    for wrong in ({"username": "eve"}, {"password": "Secret"}, {"password": ""}, {"domain": "OTHER"}):
        dialing = client.dial("Guarded", **{**right, **wrong})
        with pytest.raises(AuthenticationError) as caught:
            await dialing
        assert caught.value.state is AUTHENTICATE
        assert dialing.events[-1].error == 691


@pytest.mark.asyncio
async def test_the_usual_scripts_check_the_credentials_too(sim, client):
    sim.add_entry("Guarded", username="ada", password="secret")
    with pytest.raises(AuthenticationError):
        await client.dial("Guarded", username="ada", password="wrong")
    async with client.dial("Guarded", username="ada", password="secret"):
        pass


@pytest.mark.asyncio
async def test_an_entry_without_a_password_takes_anybody(sim, client):
    async with client.dial("Office", username="who", password="ever"):
        pass


@pytest.mark.asyncio
async def test_fail_carries_its_code_and_extended_error(sim, client):
    sim.script("Office", [Step(OPEN_PORT), Fail(789, extended=0x80420112)])
    with pytest.raises(DialError) as caught:
        await client.dial("Office")
    assert (caught.value.code, caught.value.extended_error) == (789, 0x80420112)
    assert caught.value.state is OPEN_PORT, "in the state that was reached"
    sim.script("Office", [Step(OPEN_PORT), Fail(676, state=ConnectionState.CONNECT_DEVICE)])
    with pytest.raises(LineBusyError) as caught:
        await client.dial("Office")
    assert caught.value.state is ConnectionState.CONNECT_DEVICE


@pytest.mark.asyncio
async def test_after_silence_nothing_comes(sim, client):
    sim.script("Office", [Step(OPEN_PORT), Silence(), Step(CONNECTED)])
    dialing = client.dial("Office")
    await reach(dialing, OPEN_PORT)
    async with client.dial("Home"):  # time enough for the next step
        assert len(dialing.events) == 1
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_a_dropped_line_ends_a_connection(sim, client):
    connection = await client.dial("Office")
    sim.drop("Office", 828)
    await connection.wait_disconnected()
    assert await client.connections() == []
    with pytest.raises(RasError) as caught:
        sim.drop("Office")
    assert caught.value.code == 668, "there is no such connection any more"


@pytest.mark.parametrize(("code", "reported"), [(0, 619), (676, 676)])
@pytest.mark.asyncio
async def test_a_dropped_line_fails_a_dial_in_progress(sim, client, code, reported):
    sim.script("Office", HANGS)
    dialing = client.dial("Office")
    await reach(dialing, OPEN_PORT)
    sim.drop("Office", code)
    with pytest.raises(DialError) as caught:
        await dialing
    assert caught.value.code == reported


@pytest.mark.asyncio
async def test_a_line_may_drop_by_script(sim, client):
    sim.script("Office", [*CONNECTS, Drop(after=0.01)])
    connection = await client.dial("Office")
    async with asyncio.timeout(SECONDS):
        await connection.wait_disconnected()


@pytest.mark.asyncio
async def test_delays_are_waited_for(sim, client):
    sim.script("Office", [Step(OPEN_PORT, after=0.03), Step(CONNECTED, after=0.03)])
    before = time.monotonic()
    async with client.dial("Office"):
        assert time.monotonic() - before >= 0.06


@pytest.mark.asyncio
async def test_the_pace_stretches_the_usual_scripts_only():
    with Simulator(pace=0.2, release_delay=0) as slow, Simulator(pace=0, release_delay=0) as fast:
        took = {}
        for sim in (slow, fast):
            sim.add_entry("Office")
            dialing = RasClient(sim).dial("Office")
            await dialing
            took[sim] = dialing.events[-1].elapsed
            await dialing.hang_up()
        assert took[slow] > 0.12
        assert took[fast] < took[slow]


# Its end


def test_closing_twice_is_closing_once():
    sim = Simulator()
    assert repr(sim) == "<Simulator open>"
    sim.close()
    sim.close()
    assert repr(sim) == "<Simulator closed>"


@pytest.mark.parametrize(
    "use",
    [
        lambda sim: sim.add_entry("Home"),
        lambda sim: sim.remove_entry("Office"),
        lambda sim: sim.script("Office", CONNECTS),
        lambda sim: sim.drop("Office"),
        lambda sim: sim.refuse("Office", 680),
        lambda sim: sim.set_ports("Standard Modem", 2),
        lambda sim: sim.load_phonebook(BOOKS[0]),
        lambda sim: sim.counts,
    ],
)
def test_a_closed_simulator_says_so(sim, use):
    sim.close()
    with pytest.raises(RuntimeError, match=r"^the simulator is closed$"):
        use(sim)


@pytest.mark.asyncio
async def test_a_client_of_a_closed_simulator_says_so(sim, client):
    sim.close()
    with pytest.raises(RuntimeError, match="the simulator is closed"):
        await client.dial("Office")
    with pytest.raises(RuntimeError, match="the simulator is closed"):
        await client.connections()
    with pytest.raises(RuntimeError, match="the simulator is closed"):
        await client.entries()


@pytest.mark.asyncio
async def test_closing_fails_the_dials_in_progress_and_ends_the_connections(sim, client, caplog):
    caplog.set_level(logging.WARNING)
    sim.add_entry("Stuck")
    sim.script("Stuck", HANGS)
    connection = await client.dial("Office")
    dialing = client.dial("Stuck")
    await reach(dialing, OPEN_PORT)
    sim.close()
    with pytest.raises(DialError) as caught:
        async with asyncio.timeout(SECONDS):
            await dialing
    assert caught.value.code == 711
    with pytest.raises(RasError) as gone:
        await connection.status()
    assert gone.value.code == 6
    assert await connection.hang_up()
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_closing_while_rasdial_runs_fails_that_dial(sim, client):
    sim.script("Office", HANGS)
    sim.refuse("Office", 0, delay=4000)
    dialing = client.dial("Office")
    aiter(dialing)
    await eventually(lambda: sim.counts.dials == 1)
    closing = threading.Thread(target=sim.close)
    closing.start()
    with pytest.raises(DialError):
        async with asyncio.timeout(SECONDS):
            await dialing
    await asyncio.to_thread(closing.join, SECONDS)
    assert not closing.is_alive()


def test_a_simulator_of_the_parent_process_says_so_and_is_left_alone(sim, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("rasdial_async.simulator.simulator.os.getpid", lambda: -1)
        with pytest.raises(RuntimeError, match="belongs to the parent process"):
            sim.add_entry("Home")
    sim.add_entry("Home")


def test_there_are_so_many_at_a_time():
    simulators = []
    with pytest.raises(RuntimeError, match="no simulator to be had"):
        simulators.extend(Simulator() for _ in range(MAX_ENGINES + 1))
    assert len(simulators) >= MAX_ENGINES // 2
    for sim in simulators:
        sim.close()
    Simulator().close()


def test_a_simulator_that_nobody_holds_closes_itself():
    for _ in range(2 * MAX_ENGINES):
        sim = Simulator()
        sim.add_entry("Office")
        del sim


@pytest.mark.asyncio
async def test_a_client_keeps_its_own_simulator_alive():
    client = RasClient("simulator")
    gc.collect()
    assert await client.entries() == []
