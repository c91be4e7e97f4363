"""Changes of a connection while it is up: links that come and go, IKEv2 on the move."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest
from support.links_ras import Function

from rasdial_async import ChangeKind, ConnectionSubState, DialMode, RasClient
from rasdial_async._native.binding.watch_event import CHANGES, CHANGES_OF_LINKS
from rasdial_async.active.watcher import _differences
from rasdial_async.backends import lookout
from rasdial_async.backends.base import Condition

SECONDS = 10.0
CONNECTED, DISCONNECTED = ChangeKind.CONNECTED, ChangeKind.DISCONNECTED
DORMANT, RECONNECTED = ChangeKind.DORMANT, ChangeKind.RECONNECTED
ADDED, REMOVED = ChangeKind.BANDWIDTH_ADDED, ChangeKind.BANDWIDTH_REMOVED


@pytest.fixture(autouse=True)
def no_net(monkeypatch):
    """A look that no signal asked for comes too late for every test."""
    monkeypatch.setattr(lookout, "NET_SECONDS", 1000.0)


@pytest.fixture
def bundle(sim):
    """A multilink entry with three sub-entries."""
    sim.add_entry("Bundle", device="ISDN 1", device_type="isdn", phone_number="555-0100")
    for number in (1, 2, 3):
        sim.add_link("Bundle", f"ISDN {number}")


async def changes_of(watch, count):
    async with asyncio.timeout(SECONDS):
        return [await anext(watch) for _ in range(count)]


async def kinds_of(watch, count):
    return [change.kind for change in await changes_of(watch, count)]


@pytest.mark.asyncio
async def test_a_connection_that_loses_its_network_and_finds_one(sim, client):
    async with client.watch() as watch, client.dial("Office") as connection:
        (up,) = await changes_of(watch, 1)
        for _ in range(2):
            sim.set_substate("Office", ConnectionSubState.DORMANT)
            (change,) = await changes_of(watch, 1)
            assert (change.kind, change.connection, change.sub_entry) == (DORMANT, up.connection, 0)
            assert str(change) == "Office dormant"
            sim.set_substate("Office", ConnectionSubState.RECONNECTING)  # not signalled
            sim.set_substate("Office", ConnectionSubState.RECONNECTED)
            assert await kinds_of(watch, 1) == [RECONNECTED]
        assert connection.handle == up.connection.handle
    assert await kinds_of(watch, 0) == []


@pytest.mark.asyncio
async def test_links_that_come_and_go(sim, bundle, client):
    book = client.phonebook()
    await book.update(dataclasses.replace(await book.get("Bundle"), dial_mode=DialMode.AS_NEEDED))
    async with client.watch() as watch:
        connection = await client.dial("Bundle")
        (up,) = await changes_of(watch, 1)
        assert up.kind is CONNECTED
        for number in (2, 3):
            sim.set_link("Bundle", number, True)
            (change,) = await changes_of(watch, 1)
            assert (change.kind, change.sub_entry, change.connection) == (ADDED, number, up.connection)
            sim.set_link("Bundle", number, False)
            (change,) = await changes_of(watch, 1)
            assert (change.kind, change.sub_entry, change.connection) == (REMOVED, number, up.connection)
            assert str(change) == f"Bundle bandwidth removed (link {number})"
        await connection.hang_up()
        assert await kinds_of(watch, 1) == [DISCONNECTED]


@pytest.mark.asyncio
async def test_how_a_connection_stood_before_is_no_change(sim, client):
    async with client.dial("Office"):
        sim.set_substate("Office", ConnectionSubState.DORMANT)
        async with client.watch(existing=True) as watch:
            assert await kinds_of(watch, 1) == [CONNECTED]
            sim.set_substate("Office", ConnectionSubState.RECONNECTED)
            assert await kinds_of(watch, 1) == [RECONNECTED]


@pytest.mark.asyncio
async def test_each_connection_is_registered_again_after_each_signal(links):
    """The library signals once for each registration."""
    client = RasClient(library=links.path)
    links.set(True, guid=1)
    async with client.watch() as watch:
        for value, kind in ((1, DORMANT), (0x2000, RECONNECTED)) * 3:
            links.set_sub_state(value)
            assert await kinds_of(watch, 1) == [kind]
        assert links.calls(Function.CHANGES) == 7


@pytest.mark.asyncio
async def test_a_change_without_a_signal_is_found_by_the_net(links, monkeypatch):
    monkeypatch.setattr(lookout, "NET_SECONDS", 0.01)
    links.set(True, guid=1)
    async with RasClient(library=links.path).watch() as watch:
        links.set_sub_state(1, quietly=True)
        assert await kinds_of(watch, 1) == [DORMANT]


@pytest.mark.asyncio
async def test_both_links_at_the_same_moment(links):
    """One comes and the other one goes, with one signal for both."""
    links.set(True, guid=1)
    links.list_link(1)
    async with RasClient(library=links.path).watch() as watch:
        assert links.calls(Function.CHANGES) == 1
        links.list_link(2)
        links.answer(Function.LIST, 711)  # what a look finds now is not finished
        links.set_link(1, False)
        await asyncio.to_thread(links.wait_calls, Function.LIST, 2)
        links.set_link(2, True)
        links.answer(Function.LIST, 0)
        watch._backend.session.lookouts[asyncio.get_running_loop()].look()
        found = [(change.kind, change.sub_entry) for change in await changes_of(watch, 2)]
        assert found == [(REMOVED, 1), (ADDED, 2)]


@pytest.mark.asyncio
async def test_another_connection_with_the_same_handle_is_no_change_of_the_old_one(links):
    links.set(True, guid=1)
    links.set_sub_state(1, quietly=True)
    async with RasClient(library=links.path).watch(existing=True) as watch:
        await changes_of(watch, 1)
        links.set_sub_state(0x2000, quietly=True)
        links.set(True, guid=2)
        assert await kinds_of(watch, 2) == [DISCONNECTED, CONNECTED]


@pytest.mark.asyncio
async def test_a_ras_that_knows_links_only(links):
    """Before Windows 7 the flags of IKEv2 are no flags."""
    links.answer(Function.CHANGES, 87)
    links.set(True, guid=1)
    links.list_link(1)
    async with RasClient(library=links.path).watch() as watch:
        assert links.calls(Function.CHANGES) == 2
        links.set_link(2, True)
        assert await kinds_of(watch, 1) == [ADDED]
        assert links.calls(Function.CHANGES) == 3  # remembered
    assert CHANGES & ~CHANGES_OF_LINKS == 0x30


@pytest.mark.asyncio
async def test_a_link_that_goes_while_it_is_asked_for(links):
    links.set(True, guid=1)
    links.list_link(1)
    links.answer(Function.SUB_ENTRY, 6)
    async with RasClient(library=links.path).watch(existing=True) as watch:
        assert await kinds_of(watch, 1) == [CONNECTED]


@pytest.mark.asyncio
async def test_waiting_for_the_end_does_not_ask_how_a_connection_stands(links):
    connection = await RasClient(library=links.path).dial("Multilink")
    waiting = asyncio.ensure_future(connection.wait_disconnected())
    await asyncio.to_thread(links.wait_calls, Function.LIST, 2)
    assert links.calls(Function.CHANGES) == 0
    links.set(False)
    await asyncio.wait_for(waiting, SECONDS)


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        (0, 0, []),
        (0, 1, [DORMANT]),
        (1, 1, []),
        (1, 2, []),
        (2, 0x2000, [RECONNECTED]),
        (1, 0x2000, [RECONNECTED]),
        (1, 0, [RECONNECTED]),
        (0, 0x2000, [RECONNECTED]),  # it was dormant between two looks
        (0x2000, 1, [DORMANT]),
        (0x2000, 0, []),
        (0, 2, []),
        (0, 77, []),
    ],
)
def test_what_a_sub_state_says(old, new, kinds):
    before, after = (Condition(ConnectionSubState(value)) for value in (old, new))
    assert [kind for kind, _ in _differences(before, after)] == kinds


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({}, {}, []),
        ({1: 4}, {1: 4}, []),
        ({1: 4}, {1: 4, 2: 8}, [(ADDED, 2)]),
        ({1: 4, 2: 8}, {2: 8}, [(REMOVED, 1)]),
        ({1: 4}, {2: 8}, [(REMOVED, 1), (ADDED, 2)]),
        ({1: 4}, {1: 12}, [(REMOVED, 1), (ADDED, 1)]),  # it went and came between two looks
    ],
)
def test_what_the_links_say(old, new, found):
    assert [*_differences(Condition(sub_entries=old), Condition(sub_entries=new))] == found
