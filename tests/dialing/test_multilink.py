"""Dials of entries with several links, on the simulator."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest
from support.simulators import LOGIN, PASSWORD

import rasdial_async as ras
from rasdial_async import (
    ChangeKind,
    ConnectionState,
    DialMode,
    DialOptions,
    Fail,
    Login,
    Resume,
    Silence,
    Step,
)

pytestmark = pytest.mark.simulator("bundle")

SECONDS = 10.0
UP = ConnectionState.SUB_ENTRY_CONNECTED
CONNECTED = ConnectionState.CONNECTED
BUSY = [Step(ConnectionState.CONNECT_DEVICE), Fail(676)]


def dial(client, **options):
    return client.dial("Bundle", **(LOGIN | options))


async def events_of(dialing):
    """Every event of the dial, and its error."""
    found = []
    try:
        async with asyncio.timeout(SECONDS):
            async for event in dialing:
                found.append(event)  # noqa: PERF401 - kept when it fails
    except ras.DialError as error:
        return found, error
    return found, None


async def dial_as_needed(client):
    book = client.phonebook()
    await book.update(dataclasses.replace(await book.get("Bundle"), dial_mode=DialMode.AS_NEEDED))


def count_sub_entries(events):
    """But for Connected, which is of the whole: who asks for the status may know it first."""
    return {event.sub_entry for event in events if event.state != CONNECTED}


def told(events, number):
    return [(event.state, event.error) for event in events if event.sub_entry == number]


@pytest.mark.asyncio
async def test_each_event_tells_its_link(client):
    dialing = dial(client)
    events, error = await events_of(dialing)
    async with await dialing as connection:
        assert error is None
        assert count_sub_entries(events) <= {1, 2}
        for number in {event.sub_entry for event in events if event.state == UP}:
            assert told(events, number)[0] == (ConnectionState.OPEN_PORT, 0)
        assert events[-1].state is CONNECTED
        assert [event.state for event in events].count(CONNECTED) == 1
        assert {event.handle for event in events} == {connection.handle}
        assert connection.sub_entry in (1, 2)  # one that was up when RAS listed the connection
        assert f"link {events[0].sub_entry}" in str(events[0])


@pytest.mark.asyncio
async def test_an_entry_with_one_link_has_none_to_tell_of(sim, client):
    sim.add_link("Single", "WAN Miniport (IKEv2)", device_type="vpn")
    dialing = client.dial("Single")
    events, _ = await events_of(dialing)
    assert {event.sub_entry for event in events} == {0}
    await dialing.hang_up()


@pytest.mark.parametrize("failing", [1, 2])
@pytest.mark.asyncio
async def test_one_links_failure_is_not_the_dials(sim, client, failing):
    other = 3 - failing
    sim.script("Bundle", BUSY, link=failing)
    sim.script("Bundle", [Step(ConnectionState.OPEN_PORT), Step(CONNECTED, after=0.05)], link=other)
    dialing = dial(client)
    events, error = await events_of(dialing)
    assert error is None
    assert told(events, failing)[-1] == (ConnectionState.CONNECT_DEVICE, 676)
    failure = next(event for event in events if event.error)
    assert failure.failed
    assert isinstance(failure.exception, ras.LineBusyError)
    assert told(events, other)[-2:] == [(UP, 0), (CONNECTED, 0)]
    async with await dialing as connection:
        assert connection.sub_entry == other
        assert [link.up for link in await connection.sub_entries()] == [number == other for number in (1, 2)]


@pytest.mark.asyncio
async def test_it_fails_when_every_link_has_failed(sim, client):
    sim.script("Bundle", BUSY, link=1)
    sim.script("Bundle", [Step(ConnectionState.OPEN_PORT), Fail(680, after=0.02)], link=2)
    events, error = await events_of(dial(client))
    assert [(event.sub_entry, event.error) for event in events if event.error] == [(1, 676), (2, 680)]
    assert (error.code, error.event.sub_entry) == (680, 2)


@pytest.mark.asyncio
async def test_a_wrong_password_is_not_tried_again_because_another_link_was_busy(sim, client):
    sim.script("Bundle", [Login(), Step(CONNECTED)], link=1)
    sim.script("Bundle", [Step(ConnectionState.OPEN_PORT), Fail(676, after=0.02)], link=2)
    dialing = dial(client, password="wrong", redial=ras.Redial(3, 0.0))
    with pytest.raises(ras.AuthenticationError):
        await asyncio.wait_for(dialing, SECONDS)
    assert sim.counts.dials == 1


@pytest.mark.asyncio
async def test_a_redial_dials_every_link_again(sim, client):
    sim.script("Bundle", BUSY)
    dialing = dial(client, redial=ras.Redial(2, 0.0))
    events, error = await events_of(dialing)
    assert error.code == 676
    assert [event.attempt for event in events if event.error] == [1, 1, 2, 2]


@pytest.mark.asyncio
async def test_the_link_of_a_device_that_is_missing_fails_alone(sim, client):
    sim.remove_device("ISDN 2")
    events, error = await events_of(dialing := dial(client))
    assert error is None
    assert told(events, 2) in ([], [(ConnectionState.OPEN_PORT, 633)])  # it may come after Connected
    await dialing.hang_up()


@pytest.mark.parametrize("asked", [0, 1, 2, 7])
@pytest.mark.asyncio
async def test_a_sub_entry_is_dialed_first_where_the_others_are_dialed_as_needed(sim, client, asked):
    await dial_as_needed(client)
    first = asked if asked in (1, 2) else 1
    dialing = dial(client, sub_entry=asked)
    events, _ = await events_of(dialing)
    assert count_sub_entries(events) == {first}
    async with await dialing as connection:
        assert connection.sub_entry == first
        assert [link.number for link in await connection.sub_entries() if link.up] == [first]
        sim.set_link("Bundle", 3 - first, True)


@pytest.mark.asyncio
async def test_the_only_link_that_is_dialed_decides(sim, client):
    await dial_as_needed(client)
    sim.script("Bundle", BUSY, link=2)
    events, error = await events_of(dial(client, sub_entry=2))
    assert error.code == 676
    assert count_sub_entries(events) == {2}


@pytest.mark.asyncio
async def test_one_link_is_hung_up_and_then_the_rest(sim, client):
    await dial_as_needed(client)
    async with client.watch() as watch, await dial(client) as connection, asyncio.timeout(SECONDS):
        assert (await anext(watch)).kind is ChangeKind.CONNECTED
        sim.set_link("Bundle", 2, True)
        assert (await anext(watch)).kind is ChangeKind.BANDWIDTH_ADDED
        first, second = await connection.sub_entries()
        assert await first.hang_up() is True
        assert (await connection.status()).connected
        assert [link.up for link in await connection.sub_entries()] == [False, True]
        assert await second.hang_up() is True
        await asyncio.wait_for(connection.wait_disconnected(), SECONDS)


@pytest.mark.asyncio
async def test_hanging_up_while_links_are_on_their_way(sim, client):
    sim.script("Bundle", [Step(ConnectionState.OPEN_PORT), Silence()])
    dialing = dial(client)
    events = aiter(dialing)
    assert {(await anext(events)).sub_entry for _ in range(2)} == {1, 2}
    await asyncio.wait_for(dialing.hang_up(), SECONDS)
    assert isinstance(dialing.error, ras.HungUpError)


@pytest.mark.asyncio
async def test_each_failure_is_held_until_the_next_event_is_asked_for(sim, client):
    sim.script("Bundle", BUSY, link=1)
    sim.script("Bundle", [Step(ConnectionState.OPEN_PORT), Fail(680, after=0.02)], link=2)
    dialing = dial(client, hold_errors=True)
    errors = []
    with pytest.raises(ras.DialError):
        async with asyncio.timeout(SECONDS):
            async for event in dialing:
                if event.error:
                    errors.append(event.error)
                    assert sim.counts.callbacks >= 1  # RAS stands where it is
    assert errors == [676, 680]


@pytest.mark.asyncio
async def test_a_link_that_comes_up_ends_what_is_held(sim, client):
    sim.script("Bundle", BUSY, link=1)
    sim.script("Bundle", [Step(ConnectionState.OPEN_PORT), Step(CONNECTED, after=0.02)], link=2)
    dialing = dial(client, hold_errors=True, timeout=SECONDS)
    events = aiter(dialing)
    while not (await anext(events)).error:
        pass
    await asyncio.wait_for(dialing._run.finished, SECONDS)
    assert [event.state async for event in events][-1] is CONNECTED
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_awaiting_holds_no_link(sim, client):
    sim.script("Bundle", BUSY, link=1)
    sim.script("Bundle", [Step(CONNECTED, after=0.05)], link=2)
    async with asyncio.timeout(SECONDS), dial(client, hold_errors=True) as connection:
        assert connection.sub_entry == 2


# Paused states


@pytest.mark.asyncio
async def test_each_link_that_pauses_is_answered(sim, client):
    paused = []

    async def on_paused(event):
        paused.append(event.sub_entry)
        return Resume(password=PASSWORD)

    dialing = dial(client, password="wrong", on_paused=on_paused)
    async with asyncio.timeout(SECONDS):
        async with dialing:
            assert paused != []
            assert len(paused) == len(set(paused))
            assert set(paused) <= {1, 2}


@pytest.mark.asyncio
async def test_a_link_that_moves_does_not_end_the_pause_of_another(sim, client):
    sim.script("Bundle", [Step(ConnectionState.OPEN_PORT), *[Step(ConnectionState.AUTH_NOTIFY)] * 3], link=1)
    sim.script("Bundle", [Login(), Step(CONNECTED)], link=2)
    dialing = dial(client, password="wrong", options=DialOptions.PAUSED_STATES)
    async with asyncio.timeout(SECONDS):
        events = aiter(dialing)
        seen = [await anext(events) for _ in range(6)]
        assert [event.sub_entry for event in seen if event.paused] == [2]
        await dialing.resume(password=PASSWORD)
        with pytest.raises(RuntimeError, match="not in a paused state"):
            await dialing.resume(password=PASSWORD)
        async with await dialing as connection:
            assert connection.sub_entry == 2


@pytest.mark.asyncio
async def test_two_pauses_are_left_one_after_the_other(sim, client):
    sim.script("Bundle", [Login(), Step(CONNECTED, after=0.1)])
    dialing = dial(client, password="wrong", options=DialOptions.PAUSED_STATES)
    async with asyncio.timeout(SECONDS):
        events = aiter(dialing)
        while [event.paused for event in dialing.events].count(True) < 2:
            await anext(events)
        await dialing.resume(password=PASSWORD)
        await dialing.resume(password=PASSWORD)
        async with await dialing:
            pass
        answered = [event for event in dialing.events if event.state == ConnectionState.AUTH_RETRY]
        assert count_sub_entries(answered) == {1, 2}


# The simulator's side


def test_a_script_of_a_link_that_there_is_not(sim):
    with pytest.raises(ras.RasError) as caught:
        sim.script("Bundle", BUSY, link=3)
    assert caught.value.code == 259
    with pytest.raises(ras.RasError) as caught:
        sim.add_link("Nowhere", "ISDN 3")
    assert caught.value.code == 623
    with pytest.raises(ValueError, match=r"^device is too long"):
        sim.add_link("Bundle", "x" * 200)
    for number, code in ((1, 668), (9, 668)):
        with pytest.raises(ras.RasError) as caught:
            sim.set_link("Bundle", number, True)
        assert caught.value.code == code


@pytest.mark.asyncio
async def test_the_entry_tells_how_its_links_are_dialed(client):
    entry = await client.phonebook().get("Bundle")
    assert (entry.links, entry.dial_mode) == (2, DialMode.ALL)
    await dial_as_needed(client)
    assert (await client.phonebook().get("Bundle")).dial_mode is DialMode.AS_NEEDED
