"""Watching: how it ends, and waiting for the end of one connection."""

from __future__ import annotations

import asyncio
import gc
import os
import threading

import pytest
from support.links_ras import Function
from support.open_handles import handles_at_rest
from support.waiting import loop_turn
from support.watching import CONNECTED, SECONDS, changes_of, kinds, lookouts

import rasdial_async as ras
from rasdial_async import RasClient, Simulator
from rasdial_async._native.binding.watch_event import WatchEvent
from rasdial_async.backends import change_signal, lookout


@pytest.fixture(autouse=True)
def no_net(monkeypatch):
    """A look that no signal asked for comes too late for every test."""
    monkeypatch.setattr(lookout, "NET_SECONDS", 1000.0)


# Its end


@pytest.mark.asyncio
async def test_many_watchers_share_one_event_and_no_thread(sim, client, monkeypatch):
    before = threading.active_count()
    async with client.watch():
        opened = handles_at_rest(monkeypatch)
        watches = [client.watch() for _ in range(100)]
        for watch in watches:
            await watch.__aenter__()
        assert handles_at_rest(monkeypatch) <= opened
        assert threading.active_count() < before + 50  # the calls' own threads
        connection = await client.dial("Office")
        for watch in watches:
            assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "Office")]
            await watch.aclose()
        await connection.hang_up()
    assert lookouts(client) == {}


@pytest.mark.asyncio
async def test_closing_ends_who_waits(client):
    watch = client.watch()
    await watch.__aenter__()
    waiting = [asyncio.ensure_future(anext(watch, None)) for _ in range(3)]
    await loop_turn()
    await watch.aclose()
    assert await asyncio.wait_for(asyncio.gather(*waiting), SECONDS) == [None] * 3
    assert [change async for change in watch] == []
    await watch.aclose()
    assert lookouts(client) == {}


@pytest.mark.asyncio
async def test_one_that_never_began_can_be_closed(client):
    watch = client.watch()
    await watch.aclose()
    assert [change async for change in watch] == []


@pytest.mark.asyncio
async def test_a_dropped_iterator_leaves_nothing(client):
    await (await client.dial("Office")).hang_up()
    async with client.dial("Office"):
        async for change in client.watch(existing=True):
            assert change.connection.entry == "Office"
            break
        gc.collect()
        assert lookouts(client) == {}


@pytest.mark.asyncio
async def test_one_that_is_dropped_on_another_thread_leaves_nothing(client):
    holder = [client.watch()]
    await holder[0].__aenter__()
    await asyncio.to_thread(holder.clear)
    await loop_turn(2)  # what was posted before runs now
    assert lookouts(client) == {}


@pytest.mark.asyncio
async def test_cancelling_loses_no_change(client):
    async with client.watch() as watch:
        for _ in range(5):
            waiting = asyncio.ensure_future(anext(watch))
            await loop_turn()
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        await client.dial("Office")
        assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "Office")]


@pytest.mark.asyncio
async def test_cancelling_the_beginning_leaves_nothing(client):
    entering = asyncio.ensure_future(client.watch().__aenter__())
    await loop_turn()
    entering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await entering
    assert lookouts(client) == {}


@pytest.mark.asyncio
async def test_a_simulator_that_closes_ends_it():
    with Simulator(pace=0) as simulator:
        watch = RasClient(simulator).watch()
        await watch.__aenter__()
        waiting = asyncio.ensure_future(anext(watch))
        await loop_turn()
    with pytest.raises(RuntimeError, match="the simulator is closed"):
        await asyncio.wait_for(waiting, SECONDS)
    with pytest.raises(RuntimeError, match="the simulator is closed"):
        await anext(watch)


def test_a_loop_that_closed_with_watchers_is_swept(client):
    kept = []

    async def leave():
        watch = client.watch()
        await watch.__aenter__()
        kept.append(watch)

    for _ in range(3):
        asyncio.run(leave())
    assert len(lookouts(client)) == 1  # the last one's
    kept.clear()
    assert lookouts(client) == {}


def test_a_simulator_that_closes_ends_those_whose_loop_has_closed():
    with Simulator() as simulator:
        client = RasClient(simulator)
        watch = client.watch()
        asyncio.run(watch.__aenter__())
        assert len(lookouts(client)) == 1
    assert lookouts(client) == {}


def test_an_event_of_a_library_is_kept_for_the_next_loop(links):
    """RAS can't be told to forget it."""
    client = RasClient(library=links.path)

    async def watch():
        async with client.watch() as changes:
            links.set(not links.up)
            await changes_of(changes, 1)

    for _ in range(5):
        asyncio.run(watch())
    (spare,) = change_signal._spare[client.backend.session.library]
    assert spare[0] == os.getpid()


def test_a_kept_event_is_registered_once_for_all_loops_and_keeps_its_signal(links):
    client = RasClient(library=links.path)

    async def watch():
        async with client.watch():
            pass

    for _ in range(5):
        asyncio.run(watch())
    assert links.calls(Function.NOTIFICATION) == 1
    links.set(True)  # while no loop watches

    async def registered_again():
        async with client.watch():
            await asyncio.to_thread(links.wait_calls, Function.NOTIFICATION, 2)

    asyncio.run(registered_again())
    assert links.calls(Function.NOTIFICATION) == 2


def test_the_last_kept_event_may_be_taken_by_the_loop_of_another_thread(sim, monkeypatch):
    class TakenMeanwhile(list[tuple[int, WatchEvent]]):
        """It has an event for whoever asks, until they take it."""

        def __len__(self):
            return 1

    monkeypatch.setattr(change_signal, "_spare", {sim.backend.session.library: TakenMeanwhile()})
    assert isinstance(change_signal._take(sim.backend.session.library), WatchEvent)


def test_an_event_that_is_closed_is_not_registered_any_more(sim):
    event = WatchEvent()
    assert event.register(sim.backend.session.library) == 0
    handle = event.handle
    event.close(lambda: sim.backend.session.forget_event(handle))
    assert event.register(sim.backend.session.library) == 0


# Waiting for the end of one connection


@pytest.mark.asyncio
async def test_waiting_for_the_end_is_told_and_does_not_ask(sim, client):
    connection = await client.dial("Office")
    asked = 0
    status = sim.backend.session.library.status

    def count(handle):
        nonlocal asked
        asked += 1
        return status(handle)

    sim.backend.session.library.status = count
    waiting = asyncio.ensure_future(connection.wait_disconnected())
    async with client.dial("Home"):  # signals that are about others
        pass
    assert not waiting.done()
    assert asked >= 1
    about_others = asked
    sim.drop("Office")
    await asyncio.wait_for(waiting, SECONDS)
    assert asked - about_others <= 6
    assert lookouts(client) == {}


@pytest.mark.asyncio
async def test_many_wait_for_many_ends(sim, client):
    for number in range(50):
        sim.add_entry(f"Line {number}")
    connections = [await client.dial(f"Line {number}") for number in range(50)]
    waiting = [asyncio.ensure_future(connection.wait_disconnected()) for connection in connections * 4]
    for number in range(50):
        sim.drop(f"Line {number}")
    await asyncio.wait_for(asyncio.gather(*waiting), SECONDS)


@pytest.mark.asyncio
async def test_waiting_ends_when_the_handle_is_anothers(links):
    links.set(True, guid=1)
    (connection,) = await RasClient(library=links.path).connections()
    waiting = asyncio.ensure_future(connection.wait_disconnected())
    await asyncio.to_thread(links.wait_calls, Function.LIST, 2)
    links.set(True, guid=2)
    await asyncio.wait_for(waiting, SECONDS)


@pytest.mark.asyncio
async def test_waiting_asks_where_the_list_fails(links):
    connection = await RasClient(library=links.path).dial("Multilink")
    links.answer(Function.LIST, 711)
    waiting = asyncio.ensure_future(connection.wait_disconnected())
    await asyncio.to_thread(links.wait_calls, Function.LIST, 1)
    links.set(False, quietly=True)
    await asyncio.wait_for(waiting, SECONDS)


@pytest.mark.asyncio
async def test_watch_is_a_function_too(as_default):
    async with ras.watch(existing=True) as watch, ras.dial("Office"):
        assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "Office")]
    assert ras.Device("WAN Miniport (IKEv2)", "vpn") in await ras.devices()
