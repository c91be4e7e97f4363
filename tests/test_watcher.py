"""Watching the connections: nothing is lost, nothing is mislabelled, and nothing is left."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time

import pytest
from links_ras import Function
from loop_kinds import LOOPS
from open_handles import open_handles

import rasdial_async as ras
from rasdial_async import ChangeKind, RasClient, RasError, Simulator, _marshal, _threads, client
from rasdial_async._native.binding.watch_event import WatchEvent
from rasdial_async.backends import _change_signal, _lookout
from rasdial_async.events import ConnectionInfo

SECONDS = 10.0
CONNECTED, DISCONNECTED = ChangeKind.CONNECTED, ChangeKind.DISCONNECTED


@pytest.fixture(autouse=True)
def no_net(monkeypatch):
    """A look that no signal asked for comes too late for every test."""
    monkeypatch.setattr(_lookout, "NET_SECONDS", 1000.0)


@pytest.fixture
def sim():
    with Simulator(pace=0, release_delay=0.001) as simulator:
        for name in ("Office", "Home"):
            simulator.add_entry(name)
        yield simulator


@pytest.fixture
def sim_client(sim):
    return RasClient(sim)


@pytest.fixture
def poll_only(links_without, monkeypatch):
    monkeypatch.setattr(_lookout, "POLL_SECONDS", 0.01)
    return links_without("NO_NOTIFICATION")


async def changes_of(watch, count):
    async with asyncio.timeout(SECONDS):
        return [await anext(watch) for _ in range(count)]


def kinds(changes):
    return [(change.kind, change.connection.entry) for change in changes]


def lookouts(client):
    return _lookout._lookouts_of(client.backend)


# What is reported


@pytest.mark.asyncio
async def test_what_comes_and_goes_is_reported(sim, sim_client):
    before = time.time()
    async with sim_client.watch() as watch:
        connection = await sim_client.dial("Office")
        (up,) = await changes_of(watch, 1)
        assert (up.kind, up.connection.handle) == (CONNECTED, connection.handle)
        assert up.connection.correlation_id == connection.correlation_id
        assert before <= up.at <= time.time()
        assert str(up) == "Office connected"
        sim.drop("Office")
        (down,) = await changes_of(watch, 1)
        assert down.kind is DISCONNECTED
        assert down.connection is up.connection


@pytest.mark.asyncio
async def test_what_was_up_before_is_reported_only_when_asked_for(sim_client):
    await sim_client.dial("Office")
    async with sim_client.watch() as watch, sim_client.watch(existing=True) as all_of_them:
        await sim_client.dial("Home")
        assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "Home")]
        assert kinds(await changes_of(all_of_them, 2)) == [(CONNECTED, "Office"), (CONNECTED, "Home")]


@pytest.mark.asyncio
async def test_up_and_down_at_the_same_moment_are_both_reported(sim, sim_client, monkeypatch):
    """Both happen while RAS lists the connections: one signal for two changes."""
    office = await sim_client.dial("Office")
    async with sim_client.watch() as watch:
        library = sim.backend.library
        listing, go_on, original = threading.Event(), threading.Event(), library.connections

        def slow():
            found = original()
            listing.set()
            assert go_on.wait(SECONDS)
            return found

        with monkeypatch.context() as patch:
            patch.setattr(library, "connections", slow)
            lookouts(sim_client)[asyncio.get_running_loop()].look()
            assert await asyncio.to_thread(listing.wait, SECONDS)
        sim.drop("Office")
        await sim_client.dial("Home")
        go_on.set()
        assert sorted(kinds(await changes_of(watch, 2))) == [(CONNECTED, "Home"), (DISCONNECTED, "Office")]
    await office.hang_up()


@pytest.mark.asyncio
async def test_a_handle_that_returns_is_another_connection(links):
    """The same value, another GUID: nothing went from the list, and still one connection did."""
    client = RasClient(library=links.path)
    links.set(True, guid=1)
    async with client.watch(existing=True) as watch:
        (first,) = await changes_of(watch, 1)
        links.set(True, guid=2)
        down, up = await changes_of(watch, 2)
        assert (down.kind, down.connection) == (DISCONNECTED, first.connection)
        assert up.kind is CONNECTED
        assert up.connection.handle == first.connection.handle
        assert up.connection.guid != first.connection.guid
        with pytest.raises(RasError) as caught:  # the old one never speaks for the new one
            await first.connection.status()
        assert caught.value.code == 6
        assert await first.connection.hang_up() is True
        assert links.calls(Function.HANG_UP) == 0
        assert (await up.connection.status()).connected


@pytest.mark.asyncio
async def test_a_new_dial_with_the_same_handle_tells_where_ras_has_no_ids(links):
    client = RasClient(library=links.path)
    async with client.dial("Multilink"), client.watch(existing=True) as watch:
        (first,) = await changes_of(watch, 1)
        client.backend.links.retire(first.connection.handle)  # as a fresh dial does
        lookouts(client)[asyncio.get_running_loop()].look()
        assert [change.kind for change in await changes_of(watch, 2)] == [DISCONNECTED, CONNECTED]


def test_when_two_lines_speak_of_one_connection():
    same = _lookout.same_connection
    full = ConnectionInfo(4, "Office", guid="g", luid=1, correlation_id="c")
    assert same(full, full)
    assert same(full, ConnectionInfo(4, "Renamed", guid="g", luid=1, correlation_id="c"))
    assert same(full, ConnectionInfo(4, "Office"))
    assert same(ConnectionInfo(4, "Office"), full)
    assert not same(full, ConnectionInfo(8, "Office", guid="g", luid=1, correlation_id="c"))
    assert not same(full, ConnectionInfo(4, "Office", guid="g", luid=1, correlation_id="d"))
    assert not same(full, ConnectionInfo(4, "Office", guid="h", luid=1))
    assert not same(full, ConnectionInfo(4, "Office", guid="g", luid=2))
    assert not same(ConnectionInfo(4, "Office"), ConnectionInfo(4, "Home"))


# Signals


@pytest.mark.asyncio
async def test_it_registers_again_after_each_signal_and_before_it_looks(links):
    """The library signals once for each registration."""
    client = RasClient(library=links.path)
    async with client.watch() as watch:
        for number in range(1, 6):
            assert links.waits
            links.set(number % 2 == 1, guid=1)
            (change,) = await changes_of(watch, 1)
            assert change.kind is (CONNECTED if number % 2 else DISCONNECTED)
        registered, listed = links.calls(Function.NOTIFICATION), links.calls(Function.LIST)
        assert registered == 6
        assert listed >= registered


@pytest.mark.asyncio
async def test_a_change_without_a_signal_is_found_by_the_net(links, monkeypatch):
    monkeypatch.setattr(_lookout, "NET_SECONDS", 0.01)
    async with RasClient(library=links.path).watch() as watch:
        links.set(True, quietly=True)
        assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "M")]


@pytest.mark.asyncio
async def test_a_library_without_notifications_is_asked_now_and_then(poll_only):
    client = RasClient(library=poll_only.path)
    async with client.watch() as watch:
        connection = await client.dial("Multilink")
        assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "M")]
        waiting = asyncio.ensure_future(connection.wait_disconnected())
        poll_only.set(False)
        assert kinds(await changes_of(watch, 1)) == [(DISCONNECTED, "M")]
        await asyncio.wait_for(waiting, SECONDS)


@pytest.mark.asyncio
async def test_a_registration_that_fails_is_logged_once_and_made_up_for(links, monkeypatch, caplog):
    monkeypatch.setattr(_lookout, "POLL_SECONDS", 0.01)
    links.answer(Function.NOTIFICATION, 711)
    async with RasClient(library=links.path).watch() as watch:
        links.set(True, quietly=True)
        assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "M")]
        await asyncio.to_thread(links.wait_calls, Function.NOTIFICATION, 5)
        assert [record.message for record in caplog.records if "not signalled" in record.message] != []
        assert len(caplog.records) == 1
        links.answer(Function.NOTIFICATION, 0)
        links.set(False, quietly=True)
        assert kinds(await changes_of(watch, 1)) == [(DISCONNECTED, "M")]


@pytest.mark.asyncio
async def test_a_list_that_fails_later_is_asked_for_again(links, monkeypatch):
    monkeypatch.setattr(_lookout, "NET_SECONDS", 0.01)
    async with RasClient(library=links.path).watch() as watch:
        links.answer(Function.LIST, 711)
        links.set(True)
        calls = links.calls(Function.LIST)
        await asyncio.to_thread(links.wait_calls, Function.LIST, calls + 3)
        links.answer(Function.LIST, 0)
        assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "M")]


@pytest.mark.asyncio
async def test_a_list_that_fails_at_first_is_an_error(links):
    client = RasClient(library=links.path)
    links.answer(Function.LIST, 711)
    for begin in (lambda: anext(client.watch()), client.watch().__aenter__):
        with pytest.raises(RasError) as caught:
            await begin()
        assert caught.value.code == 711
    assert lookouts(client) == {}


class NoReader(asyncio.SelectorEventLoop):
    """A loop that can't watch a descriptor, nor read from a socket."""

    def add_reader(self, *args):
        raise NotImplementedError

    def sock_recv(self, sock, size):
        raise NotImplementedError


def test_a_loop_that_can_not_watch_a_descriptor_looks_now_and_then(sim_client, sim, monkeypatch):
    monkeypatch.setattr(_lookout, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(_marshal, "WAKES", _marshal.WAKES[-1:])

    async def main():
        async with sim_client.watch() as watch:
            connection = await sim_client.dial("Office")
            assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "Office")]
            await connection.hang_up()
            assert kinds(await changes_of(watch, 1)) == [(DISCONNECTED, "Office")]

    with asyncio.Runner(loop_factory=NoReader) as runner:
        runner.run(main())


@pytest.mark.parametrize("new_loop", LOOPS.values(), ids=LOOPS)
def test_each_loop_of_this_system_is_told(sim_client, new_loop):
    async def main():
        async with sim_client.watch() as watch:
            assert watch._lookout.signalled
            connection = await sim_client.dial("Office")
            assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "Office")]
            await connection.hang_up()
            assert kinds(await changes_of(watch, 1)) == [(DISCONNECTED, "Office")]

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(main())


# Its end


@pytest.mark.asyncio
async def test_many_watchers_share_one_event_and_no_thread(sim, sim_client, monkeypatch):
    monkeypatch.setattr(_threads, "IDLE_SECONDS", 0.01)

    def handles_without_threads():
        for thread in threading.enumerate():
            if thread.name.startswith("rasdial"):
                thread.join(SECONDS)
        gc.collect()
        return open_handles()

    before = threading.active_count()
    async with sim_client.watch():
        opened = handles_without_threads()
        watches = [sim_client.watch() for _ in range(100)]
        for watch in watches:
            await watch.__aenter__()
        assert handles_without_threads() == opened
        assert threading.active_count() < before + 50  # the calls' own threads
        connection = await sim_client.dial("Office")
        for watch in watches:
            assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "Office")]
            await watch.aclose()
        await connection.hang_up()
    assert lookouts(sim_client) == {}


@pytest.mark.asyncio
async def test_closing_ends_who_waits(sim_client):
    watch = sim_client.watch()
    await watch.__aenter__()
    waiting = [asyncio.ensure_future(anext(watch, None)) for _ in range(3)]
    await asyncio.sleep(0)
    await watch.aclose()
    assert await asyncio.wait_for(asyncio.gather(*waiting), SECONDS) == [None] * 3
    assert [change async for change in watch] == []
    await watch.aclose()
    assert lookouts(sim_client) == {}


@pytest.mark.asyncio
async def test_one_that_never_began_can_be_closed(sim_client):
    watch = sim_client.watch()
    await watch.aclose()
    assert [change async for change in watch] == []


@pytest.mark.asyncio
async def test_a_dropped_iterator_leaves_nothing(sim_client):
    await (await sim_client.dial("Office")).hang_up()
    async with sim_client.dial("Office"):
        async for change in sim_client.watch(existing=True):
            assert change.connection.entry == "Office"
            break
        gc.collect()
        assert lookouts(sim_client) == {}


@pytest.mark.asyncio
async def test_one_that_is_dropped_on_another_thread_leaves_nothing(sim_client):
    holder = [sim_client.watch()]
    await holder[0].__aenter__()
    await asyncio.to_thread(holder.clear)
    await asyncio.sleep(0)  # what was posted before runs now
    await asyncio.sleep(0)
    assert lookouts(sim_client) == {}


@pytest.mark.asyncio
async def test_cancelling_loses_no_change(sim_client):
    async with sim_client.watch() as watch:
        for _ in range(5):
            waiting = asyncio.ensure_future(anext(watch))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        await sim_client.dial("Office")
        assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "Office")]


@pytest.mark.asyncio
async def test_cancelling_the_beginning_leaves_nothing(sim_client):
    entering = asyncio.ensure_future(sim_client.watch().__aenter__())
    await asyncio.sleep(0)
    entering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await entering
    assert lookouts(sim_client) == {}


@pytest.mark.asyncio
async def test_a_simulator_that_closes_ends_it():
    with Simulator(pace=0) as simulator:
        watch = RasClient(simulator).watch()
        await watch.__aenter__()
        waiting = asyncio.ensure_future(anext(watch))
        await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="the simulator is closed"):
        await asyncio.wait_for(waiting, SECONDS)
    with pytest.raises(RuntimeError, match="the simulator is closed"):
        await anext(watch)


def test_a_loop_that_closed_with_watchers_is_swept(sim_client):
    kept = []

    async def leave():
        watch = sim_client.watch()
        await watch.__aenter__()
        kept.append(watch)

    for _ in range(3):
        asyncio.run(leave())
    assert len(lookouts(sim_client)) == 1  # the last one's
    kept.clear()
    assert lookouts(sim_client) == {}


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
    (spare,) = _change_signal._spare[client.backend.library]
    assert spare[0] == os.getpid()


def test_an_event_that_is_closed_is_not_registered_any_more(sim):
    event = WatchEvent()
    assert event.register(sim.backend.library) == 0
    handle = event.handle
    event.close(lambda: sim.backend._forget_event(handle))
    assert event.register(sim.backend.library) == 0


# Waiting for the end of one connection


@pytest.mark.asyncio
async def test_waiting_for_the_end_is_told_and_does_not_ask(sim, sim_client):
    connection = await sim_client.dial("Office")
    asked = 0
    status = sim.backend.library.status

    def count(handle):
        nonlocal asked
        asked += 1
        return status(handle)

    sim.backend.library.status = count
    waiting = asyncio.ensure_future(connection.wait_disconnected())
    async with sim_client.dial("Home"):  # signals that are about others
        pass
    assert not waiting.done()
    assert asked >= 1
    about_others = asked
    sim.drop("Office")
    await asyncio.wait_for(waiting, SECONDS)
    assert asked - about_others <= 6
    assert lookouts(sim_client) == {}


@pytest.mark.asyncio
async def test_many_wait_for_many_ends(sim, sim_client):
    for number in range(50):
        sim.add_entry(f"Line {number}")
    connections = [await sim_client.dial(f"Line {number}") for number in range(50)]
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
async def test_watch_is_a_function_too(sim, monkeypatch):
    monkeypatch.setattr(client, "_default", (os.getpid(), RasClient(sim)))
    async with ras.watch(existing=True) as watch, ras.dial("Office"):
        assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "Office")]
    assert ras.Device("WAN Miniport (IKEv2)", "vpn") in await ras.devices()
