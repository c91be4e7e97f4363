"""More than one link: at once, and one after the other."""

from __future__ import annotations

import asyncio
import itertools
import os
from typing import Any

import pytest
from support import ppp

import rasdial_async as ras

LOGIN: dict[str, Any] = {"username": ppp.USER, "password": ppp.PASSWORD}


@pytest.mark.asyncio
async def test_two_links_are_up_at_once_and_each_carries_its_packets(client, peers):
    peers.pppoe("dsl")
    peers.modem("isp", "5551000")
    async with client.dial("dsl", **LOGIN) as dsl, client.dial("isp", **LOGIN) as isp:
        listed = {connection.entry: connection.handle for connection in await client.connections()}
        assert listed == {"dsl": dsl.handle, "isp": isp.handle}
        assert (await dsl.ip()).server_address == ppp.SERVER_OF_PPPOE
        assert (await isp.ip()).server_address == ppp.SERVER_OF_MODEMS
        before = [(await one.statistics()).bytes_sent for one in (dsl, isp)]
        assert ppp.echoed(ppp.SERVER_OF_MODEMS, b"m" * 1000) == b"m" * 1000
        after = [(await one.statistics()).bytes_sent for one in (dsl, isp)]
        assert after[1] - before[1] >= 1028
        assert after[0] - before[0] < 1028
        assert await isp.hang_up()
        assert [connection.entry for connection in await client.connections()] == ["dsl"]


@pytest.mark.asyncio
async def test_three_dials_at_once_on_three_interfaces(client, peers):
    for interface in ("c0", "c1", "c2"):
        peers.pppoe(f"dsl {interface}", interface)
    dialings = [client.dial(f"dsl {interface}", **LOGIN) for interface in ("c0", "c1", "c2")]
    connections = await asyncio.gather(*dialings)
    assert len({(await one.ip()).address for one in connections}) == 3
    assert len(ppp.interfaces()) == 3
    assert await asyncio.gather(*(one.hang_up() for one in connections)) == [True, True, True]


@pytest.mark.asyncio
async def test_a_modem_is_in_one_call_at_a_time(client, peers):
    peers.modem("first", "5551000")
    peers.modem("second", "5551000")
    async with client.dial("first", **LOGIN):
        with pytest.raises(ras.DialError) as caught:
            await client.dial("second", **LOGIN)
    assert isinstance(caught.value, ras.PortError)


@pytest.mark.asyncio
async def test_a_second_dial_of_an_entry_that_is_up_shares_its_link(client, peers):
    peers.pppoe("dsl")
    async with client.dial("dsl", **LOGIN) as first:
        second = await client.dial("dsl", **LOGIN)
        assert second.handle == first.handle
        assert len(ppp.own_pppds()) == 1
        await second.hang_up()
        assert (await first.status()).connected
    assert ppp.interfaces() == []


@pytest.mark.asyncio
async def test_twenty_dials_for_new_addresses(client, peers):
    peers.pppoe("dsl")
    addresses = []
    descriptors = 0
    for number in range(20):
        async with client.dial("dsl", **LOGIN) as connection:
            addresses.append((await connection.ip()).address)
        if number == 1:
            descriptors = len(os.listdir("/proc/self/fd"))
    assert all(before != after for before, after in itertools.pairwise(addresses))
    assert len(os.listdir("/proc/self/fd")) <= descriptors


@pytest.mark.asyncio
async def test_a_busy_modem_is_redialed_until_it_connects(client, peers):
    peers.modem("isp", "5551008")  # busy twice
    async with client.dial("isp", redial=ras.Redial(attempts=3, pause=0.1), **LOGIN) as connection:
        assert (await connection.ip()).server_address == ppp.SERVER_OF_MODEMS


@pytest.mark.asyncio
async def test_a_wrong_password_is_not_redialed(client, peers):
    peers.pppoe("dsl")
    dialing = client.dial("dsl", username=ppp.USER, password="wrong", redial=ras.Redial(5, pause=0.1))
    with pytest.raises(ras.AuthenticationError):
        await dialing
    assert {event.attempt for event in dialing.events} == {1}
