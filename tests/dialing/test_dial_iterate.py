"""A dial that is iterated: every event, for everybody."""

from __future__ import annotations

import asyncio

import pytest
from support.dials import AUTHENTICATE, CONNECTED, OPEN_PORT, history, nothing_left, reach, states
from support.waiting import SECONDS, eventually, loop_turn

from rasdial_async import AuthenticationError, ConnectionState, LineBusyError, PhonebookError, Step
from rasdial_async.dialing.run import DialRun

pytestmark = pytest.mark.simulator("outcomes")


@pytest.mark.asyncio
async def test_iterating_gives_every_event_and_ends_when_connected(sim, client):
    dialing = client.dial("Office")
    assert await states(dialing) == [OPEN_PORT, AUTHENTICATE, CONNECTED]
    assert dialing.done
    connection = await dialing
    await connection.hang_up()


@pytest.mark.asyncio
async def test_iterating_gives_the_failing_event_and_then_raises(sim, client):
    dialing = client.dial("Wrong")
    seen, error = await history(dialing)
    assert [(event.state, event.error) for event in seen] == [
        (OPEN_PORT, 0),
        (AUTHENTICATE, 0),
        (AUTHENTICATE, 691),
    ]
    assert isinstance(error, AuthenticationError)
    assert error.event is seen[-1]
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_refusal_raises_at_the_first_step(client):
    with pytest.raises(PhonebookError):
        await anext(aiter(client.dial("Nowhere")))


@pytest.mark.asyncio
async def test_each_of_several_iterators_sees_the_whole_history(sim, client):
    dialing = client.dial("Stuck")
    first = await reach(dialing, AUTHENTICATE)
    second = [event async for event in _first(dialing, 2)]
    assert second == list(dialing.events)
    waiting = [asyncio.ensure_future(anext(iterator)) for iterator in (first, aiter(dialing))]
    await eventually(waiting[1].done)
    assert waiting[1].result() is dialing.events[0]
    assert not waiting[0].done()
    sim.drop("Stuck", 676)
    assert (await waiting[0]).error == 676
    with pytest.raises(LineBusyError):
        await anext(first)


async def _first(dialing, count):
    events = aiter(dialing)
    for _ in range(count):
        yield await anext(events)


@pytest.mark.asyncio
async def test_several_tasks_iterate_at_once(client):
    dialing = client.dial("Office")
    histories = await asyncio.gather(*(states(dialing) for _ in range(4)))
    assert all(history == [OPEN_PORT, AUTHENTICATE, CONNECTED] for history in histories)
    await (await dialing).hang_up()


@pytest.mark.asyncio
async def test_iterating_after_the_end_gives_the_history_again(client):
    success, failure = client.dial("Office"), client.dial("Wrong")
    connection = await success
    assert await states(success) == await states(success) == [OPEN_PORT, AUTHENTICATE, CONNECTED]
    await connection.hang_up()
    assert await states(success) == [OPEN_PORT, AUTHENTICATE, CONNECTED]
    with pytest.raises(AuthenticationError):
        await failure
    seen, error = await history(failure)
    assert error is failure.error
    assert tuple(seen) == failure.events


@pytest.mark.asyncio
async def test_an_iterator_that_has_ended_stays_ended(client):
    dialing = client.dial("Office")
    events = aiter(dialing)
    assert aiter(events) is events
    async for _ in events:
        pass
    for _ in range(2):
        with pytest.raises(StopAsyncIteration):
            await anext(events)
    failing = aiter(client.dial("Wrong"))
    for _ in range(3):
        await anext(failing)
    for _ in range(2):
        with pytest.raises(AuthenticationError):
            await anext(failing)
    await (await dialing).hang_up()


@pytest.mark.asyncio
async def test_leaving_the_loop_does_not_stop_the_dial(client):
    dialing = client.dial("Office")
    async for event in dialing:
        assert event.state is OPEN_PORT
        break
    connection = await dialing
    assert (await connection.status()).connected
    await connection.hang_up()


@pytest.mark.asyncio
async def test_cancelling_a_step_loses_no_event_and_the_dial_goes_on(sim, client):
    dialing = client.dial("Stuck")
    events = await reach(dialing, AUTHENTICATE)
    for _ in range(3):
        step = asyncio.ensure_future(anext(events))
        await loop_turn()
        step.cancel()
        with pytest.raises(asyncio.CancelledError):
            await step
    assert sim.counts.connections == 1
    assert not dialing.done
    sim.drop("Stuck", 676)
    event = await anext(events)
    assert (event.state, event.error) == (AUTHENTICATE, 676)
    with pytest.raises(LineBusyError):
        await anext(events)


@pytest.mark.asyncio
async def test_a_step_cancelled_when_its_event_is_there_already_loses_nothing(sim, client, monkeypatch):
    dialing = client.dial("Stuck")
    events = await reach(dialing, AUTHENTICATE)
    step = asyncio.ensure_future(anext(events))
    await loop_turn()
    changed = DialRun.on_change

    def changed_and_cancelled(run):
        changed(run)  # the step is about to go on
        step.cancel()

    monkeypatch.setattr(DialRun, "on_change", changed_and_cancelled)
    sim.drop("Stuck", 676)
    with pytest.raises(asyncio.CancelledError):
        await step
    monkeypatch.undo()
    assert (await anext(events)).error == 676
    with pytest.raises(LineBusyError):
        await anext(events)


@pytest.mark.asyncio
async def test_elapsed_grows_with_the_dial(sim, client):
    sim.script("Office", [Step(OPEN_PORT, after=0.02), Step(CONNECTED, after=0.02)])
    dialing = client.dial("Office")
    first, second = [event.elapsed async for event in dialing]
    assert 0.02 <= first < SECONDS
    assert second >= first + 0.02
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_the_device_is_told_where_ras_tells_it(sim, client):
    sim.add_entry("Tunnel", device="WAN Miniport (SSTP)")
    dialing = client.dial("Tunnel")
    devices = {event.state: (event.device_type, event.device_name) async for event in dialing}
    for state, device in devices.items():
        told = state in (ConnectionState.CONNECT_DEVICE, ConnectionState.DEVICE_CONNECTED)
        assert device == (("vpn", "WAN Miniport (SSTP)") if told else ("", ""))
    connection = await dialing
    assert (connection.device_type, connection.device_name) == ("vpn", "WAN Miniport (SSTP)")
    await connection.hang_up()
