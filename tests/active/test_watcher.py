"""Watching: what is reported, and on what signal."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from support.links_ras import Function
from support.loop_kinds import LOOPS
from support.watching import CONNECTED, DISCONNECTED, SECONDS, changes_of, kinds, lookouts

from rasdial_async import RasClient, RasError
from rasdial_async._native.records.connection import ConnectionInfo
from rasdial_async.backends import lookout, marshal, same_connection


@pytest.fixture(autouse=True)
def no_net(monkeypatch):
    """A look that no signal asked for comes too late for every test."""
    monkeypatch.setattr(lookout, "NET_SECONDS", 1000.0)


@pytest.fixture
def poll_only(links_without, monkeypatch):
    monkeypatch.setattr(lookout, "POLL_SECONDS", 0.01)
    return links_without("NO_NOTIFICATION")


class Looks:
    """Hears of each look of the running loop's lookout."""

    closely = True

    def __init__(self, client):
        self.lookout = lookouts(client)[asyncio.get_running_loop()]
        self._heard = asyncio.Queue()
        self.lookout.add(self)

    def on_look(self, found, at):
        self._heard.put_nowait(found)

    def on_error(self, error):
        self._heard.put_nowait(error)

    async def wait(self, looks=1):
        async with asyncio.timeout(SECONDS):
            for _ in range(looks):
                await self._heard.get()


# What is reported


@pytest.mark.asyncio
async def test_what_comes_and_goes_is_reported(sim, client):
    before = time.time()
    async with client.watch() as watch:
        connection = await client.dial("Office")
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
async def test_what_was_up_before_is_reported_only_when_asked_for(client):
    await client.dial("Office")
    async with client.watch() as watch, client.watch(existing=True) as all_of_them:
        await client.dial("Home")
        assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "Home")]
        assert kinds(await changes_of(all_of_them, 2)) == [(CONNECTED, "Office"), (CONNECTED, "Home")]


@pytest.mark.asyncio
async def test_up_and_down_at_the_same_moment_are_both_reported(sim, client, monkeypatch):
    """Both happen while RAS lists the connections: one signal for two changes."""
    office = await client.dial("Office")
    async with client.watch() as watch:
        library = sim.backend.session.library
        listing, go_on, original = threading.Event(), threading.Event(), library.connections

        def slow():
            found = original()
            listing.set()
            assert go_on.wait(SECONDS)
            return found

        with monkeypatch.context() as patch:
            patch.setattr(library, "connections", slow)
            lookouts(client)[asyncio.get_running_loop()].look()
            assert await asyncio.to_thread(listing.wait, SECONDS)
        sim.drop("Office")
        await client.dial("Home")
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
        client.backend.session.handles.end(first.connection.ras_handle)  # as a fresh dial does
        lookouts(client)[asyncio.get_running_loop()].look()
        assert [change.kind for change in await changes_of(watch, 2)] == [DISCONNECTED, CONNECTED]


def test_when_two_lines_speak_of_one_connection():
    same = same_connection
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
async def test_looks_without_a_signal_register_nothing(sim, client, monkeypatch):
    """RAS documents no end of a registration: one at each look would fill its service."""
    monkeypatch.setattr(lookout, "NET_SECONDS", 0.0)
    async with client.dial("Office"), client.dial("Home"), client.watch():
        looks = Looks(client)
        await looks.wait(50)
        looks.lookout.remove(looks)
        assert sim.counts.registrations == sim.counts.registered == 3  # all connections, and each of the two
    assert sim.counts.registered == 0


@pytest.mark.asyncio
async def test_a_connection_that_comes_is_registered_for_once(sim, client):
    async with client.watch() as watch:
        for _ in range(3):
            async with client.dial("Office"):
                await changes_of(watch, 1)
            await changes_of(watch, 1)
        assert sim.counts.registrations <= 1 + 6 + 3 * 2, (
            "each signal renews what is registered, no look does"
        )
        assert sim.counts.registered == 1
    assert sim.counts.registered == 0


@pytest.mark.asyncio
async def test_a_handle_that_was_given_again_unnoticed_is_registered_for_anew(links):
    client = RasClient(library=links.path)
    links.set(True, guid=1)
    async with client.watch():
        looks = Looks(client)
        await looks.wait()
        for up in (False, True):
            links.set(up, guid=2, quietly=True)
            looks.lookout.look()
            await looks.wait()
        looks.lookout.remove(looks)
        assert links.calls(Function.NOTIFICATION) == 1
        assert links.calls(Function.CHANGES) == 2


@pytest.mark.asyncio
async def test_a_change_without_a_signal_is_found_by_the_net(links, monkeypatch):
    monkeypatch.setattr(lookout, "NET_SECONDS", 0.01)
    async with RasClient(library=links.path).watch() as watch:
        links.set(True, quietly=True)
        assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "M")]


@pytest.mark.asyncio
async def test_registrations_that_ras_lost_are_made_again(links, monkeypatch):
    monkeypatch.setattr(lookout, "NET_SECONDS", 0.01)
    async with RasClient(library=links.path).watch() as watch:
        links.lose_registrations()
        links.set(True)
        assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "M")]
        await asyncio.to_thread(links.wait_calls, Function.NOTIFICATION, 1)


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
    monkeypatch.setattr(lookout, "POLL_SECONDS", 0.01)
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
    monkeypatch.setattr(lookout, "NET_SECONDS", 0.01)
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

    def add_reader(self, fd, callback, *args):
        raise NotImplementedError

    def sock_recv(self, sock, size):
        raise NotImplementedError


def test_a_loop_that_can_not_watch_a_descriptor_looks_now_and_then(client, sim, monkeypatch):
    monkeypatch.setattr(lookout, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(marshal, "WAKES", marshal.WAKES[-1:])

    async def main():
        async with client.watch() as watch:
            connection = await client.dial("Office")
            assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "Office")]
            await connection.hang_up()
            assert kinds(await changes_of(watch, 1)) == [(DISCONNECTED, "Office")]

    with asyncio.Runner(loop_factory=NoReader) as runner:
        runner.run(main())


@pytest.mark.parametrize("new_loop", LOOPS.values(), ids=LOOPS)
def test_each_loop_of_this_system_is_told(client, new_loop):
    async def main():
        async with client.watch() as watch:
            assert watch._lookout.signalled
            connection = await client.dial("Office")
            assert kinds(await changes_of(watch, 1)) == [(CONNECTED, "Office")]
            await connection.hang_up()
            assert kinds(await changes_of(watch, 1)) == [(DISCONNECTED, "Office")]

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(main())
