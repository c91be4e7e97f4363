"""The built-in RAS from its Python side: what RasDial answers, its ports, and what is counted."""

from __future__ import annotations

import asyncio
import time

import pytest
from support.dials import CONNECTED, OPEN_PORT, reach
from support.simulated import CONNECTS, HANGS, outcome
from support.waiting import eventually

from rasdial_async import PortError, RasClient, Simulator


@pytest.mark.asyncio
async def test_a_refusal_is_rasdials_answer_until_it_is_taken_back(sim, client):
    sim.refuse("Office", 680)
    for _ in range(2):
        assert await outcome(client.dial("Office")) == ([], 680)
    sim.refuse("Office", 0)
    assert (await outcome(client.dial("Office")))[1] == 0


@pytest.mark.asyncio
async def test_a_refusal_may_store_a_handle_and_take_its_time(sim, client):
    sim.refuse("Office", 680, handle=True, delay=0.03)
    before = time.monotonic()
    dialing = client.dial("Office")
    assert await outcome(dialing) == ([], 680)
    assert time.monotonic() - before >= 0.03
    assert dialing.handle
    assert sim.counts.connections == 0


@pytest.mark.asyncio
async def test_rasdial_that_returns_late_loses_no_event(sim, client):
    """The dial has connected when its handle becomes known."""
    sim.script("Office", CONNECTS)
    sim.refuse("Office", 0, delay=0.03)
    assert await outcome(client.dial("Office")) == ([OPEN_PORT, CONNECTED], 0)


@pytest.mark.asyncio
async def test_a_modem_has_one_port_and_a_miniport_any_number(sim, client):
    for name in ("Modem 1", "Modem 2"):
        sim.add_entry(name, device="Standard Modem")
    for name in ("Tunnel 1", "Tunnel 2"):
        sim.add_entry(name, device="WAN Miniport (SSTP)")
    async with client.dial("Modem 1"), client.dial("Tunnel 1"), client.dial("Tunnel 2"):
        assert sim.counts.open_ports == 3
        with pytest.raises(PortError) as caught:
            await client.dial("Modem 2")
        assert caught.value.code == 633
        sim.set_ports("Standard Modem", 2)
        async with client.dial("Modem 2"):
            pass
        sim.set_ports("WAN Miniport (SSTP)", 2)
        sim.add_entry("Tunnel 3", device="WAN Miniport (SSTP)")
        with pytest.raises(PortError):
            await client.dial("Tunnel 3")


@pytest.mark.asyncio
async def test_a_port_is_free_again_after_the_release_delay():
    with Simulator(pace=0, release_delay=0.05) as sim:
        sim.add_entry("Modem", device="Standard Modem")
        client = RasClient(sim)
        connection = await client.dial("Modem")
        hanging_up = asyncio.ensure_future(connection.hang_up())
        before = time.monotonic()
        await eventually(lambda: hanging_up.done() or sim.counts.open_ports == 1)
        assert sim.counts.open_ports == 1
        assert await hanging_up
        assert time.monotonic() - before >= 0.04
        assert sim.counts.open_ports == 0
        async with client.dial("Modem"):
            pass


@pytest.mark.asyncio
async def test_an_entry_that_is_being_dialed_is_756(sim, client):
    sim.script("Office", HANGS)
    dialing = client.dial("Office")
    await reach(dialing, OPEN_PORT)
    assert (await outcome(client.dial("Office")))[1] == 756
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_what_it_counts(sim, client):
    assert sim.counts[:2] == (0, 0)
    async with client.dial("Office"):
        counts = sim.counts
        assert (counts.connections, counts.open_ports, counts.callbacks, counts.dials) == (1, 1, 0, 1)
        assert counts.threads >= 1
    assert sim.counts[:2] == (0, 0)
    assert sim.counts.dials == 1


@pytest.mark.asyncio
async def test_two_simulators_know_nothing_of_each_other(sim, client):
    with Simulator(pace=0) as other:
        assert (await outcome(RasClient(other).dial("Office")))[1] == 623
        other.add_entry("Office")
        async with client.dial("Office") as first, RasClient(other).dial("Office") as second:
            assert first.handle != second.handle
            other.drop("Office")
            await second.wait_disconnected()
            assert (await first.status()).connected
