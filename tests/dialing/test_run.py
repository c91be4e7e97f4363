"""All that a backend may do to a dial: each rule by itself, with one that does as it is told."""

from __future__ import annotations

import asyncio

import pytest
from support.dials import CONNECTED, OPEN_PORT

from rasdial_async import ConnectionState, DialEvent, HungUpError
from rasdial_async._native.binding import NotifyTarget
from rasdial_async._native.records.request import DialRequest
from rasdial_async.backends import RasHandle
from rasdial_async.dialing.plan import DialPlan
from rasdial_async.dialing.run import DialRun

pytestmark = pytest.mark.simulator("outcomes")


def run_of(told, timeout=None):
    return DialRun(told, DialRequest(entry="Office"), DialPlan(timeout), asyncio.get_running_loop())


@pytest.mark.asyncio
async def test_an_event_after_the_end_is_let_go_and_forgotten(told):
    run = run_of(told)
    run.attempt.on_event(DialEvent(CONNECTED), held=False)
    run.attempt.on_event(DialEvent(ConnectionState.DISCONNECTED, error=619), held=True)
    assert told.call.told == ["proceed", "connected", "proceed"]
    assert run.events == [DialEvent(CONNECTED)]


@pytest.mark.asyncio
async def test_a_second_error_is_held_like_the_first(told):
    run = run_of(told)
    run.attempt.on_event(DialEvent(OPEN_PORT, error=691), held=True)
    run.attempt.on_event(DialEvent(OPEN_PORT, error=619), held=True)
    assert told.call.told == []
    run.ask()
    assert told.call.told == ["close 691"]


@pytest.mark.asyncio
async def test_a_held_error_that_was_asked_for_before_is_not_held(told):
    run = run_of(told)
    run.ask()
    run.attempt.on_event(DialEvent(OPEN_PORT, error=691), held=True)
    assert told.call.told == ["close 691"]
    told.call.closing("official")
    assert run.over
    assert run.error.message == "official"


@pytest.mark.asyncio
async def test_what_is_told_twice_ends_it_once(told):
    run = run_of(told, timeout=60)
    run.attempt.on_returned(633)
    run.attempt.on_returned(680)
    run.end(HungUpError())
    run.attempt.on_event(DialEvent(CONNECTED), held=False)
    assert [one for one in told.call.told if one.startswith(("close", "connected"))] == ["close 633"]
    told.call.closing(None)
    run.end(HungUpError())
    assert run.error.code == 633


@pytest.mark.asyncio
async def test_a_connection_that_comes_when_it_is_being_hung_up_comes_too_late(told):
    run = run_of(told)
    run.end(HungUpError())
    run.attempt.on_event(DialEvent(CONNECTED), held=False)
    assert told.call.told == ["close 631"]
    told.call.closing(None)
    assert run.connection is None
    assert isinstance(run.error, HungUpError)


@pytest.mark.asyncio
async def test_abandoning_in_the_moment_of_success_hangs_up(told):
    run = run_of(told)
    run.attempt.on_event(DialEvent(CONNECTED), held=False)
    run.abandon()
    assert told.abandoned == []
    handle = RasHandle(4)
    told.call.closing(handle, None)
    assert told.abandoned == [handle]


@pytest.mark.asyncio
async def test_abandoning_after_a_failure_is_nothing(told):
    run = run_of(told)
    run.attempt.on_returned(633)
    told.call.closing(None)
    run.abandon()
    assert not run.abandon_connection()
    assert told.call.told == ["close 633"]
    assert told.abandoned == []


@pytest.mark.asyncio
async def test_what_is_known_of_a_connection_that_ras_does_not_list(told):
    run = run_of(told)
    run.attempt.on_event(
        DialEvent(ConnectionState.DEVICE_CONNECTED, device_type="vpn", device_name="M"), held=False
    )
    run.attempt.on_event(DialEvent(CONNECTED), held=False)
    told.call.closing(RasHandle(4), None)
    connection = run.connection
    assert (connection.handle, connection.entry, connection.device_name) == (4, "Office", "M")
    run.taken = True


@pytest.mark.asyncio
async def test_a_backend_that_cannot_dial_leaves_the_dial_where_it_was(sim, client, monkeypatch):
    dialing = client.dial("Office")
    with monkeypatch.context() as patch:
        patch.setattr(NotifyTarget, "reserve", no_memory)
        with pytest.raises(MemoryError):
            await dialing
    assert sim.backend.session.calls() == []
    assert sim.counts.dials == 0
    async with dialing as connection:
        assert connection.entry == "Office"


def no_memory(self):
    raise MemoryError


@pytest.mark.asyncio
async def test_a_system_without_a_thread_for_rasdial_leaves_nothing_behind(sim, client, monkeypatch):
    def refuse(self, job):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(type(sim.backend.session.dial_threads), "run", refuse)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            await client.dial("Office")
    assert sim.backend.session.calls() == []
    async with client.dial("Office"):
        pass
