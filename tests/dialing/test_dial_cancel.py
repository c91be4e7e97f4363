"""A dial that is cancelled, at several moments, or takes too long."""

from __future__ import annotations

import asyncio

import pytest
from support.dials import (
    AUTHENTICATE,
    CONNECTED,
    HANGS,
    OPEN_PORT,
    awaited,
    history,
    in_rasdial,
    nothing_left,
    reach,
)
from support.time_out import time_out
from support.waiting import eventually, loop_turn

from rasdial_async import DialTimeoutError, HungUpError, RasClient, Simulator
from rasdial_async.dialing.run import DialRun

pytestmark = pytest.mark.simulator("outcomes")

# Cancel: at several moments


@pytest.mark.asyncio
async def test_cancelling_before_rasdial_is_called(sim, client):
    task = asyncio.ensure_future(client.dial("Office"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sim.counts.dials == 0
    task = asyncio.ensure_future(awaited(client.dial("Stuck")))
    await loop_turn()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_cancelling_while_the_dial_waits_for_a_thread(sim, client, monkeypatch):
    """All threads are in RasDial: one more dial waits, and its cancellation does not."""
    monkeypatch.setattr(sim.backend.session.dial_threads, "_limit", 1)
    called, go_on = in_rasdial(monkeypatch)
    first = asyncio.ensure_future(awaited(client.dial("Office")))
    await eventually(called.is_set)
    second = asyncio.ensure_future(awaited(client.dial("Stuck")))
    await loop_turn()
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    assert not first.done()
    go_on.set()
    await (await first).hang_up()
    assert sim.counts.dials == 1
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_cancelling_inside_rasdial_waits_for_it_and_hangs_up(sim, client, monkeypatch):
    called, go_on = in_rasdial(monkeypatch)
    task = asyncio.ensure_future(awaited(client.dial("Stuck")))
    await eventually(called.is_set)
    task.cancel()
    await loop_turn(3)
    assert not task.done(), "RAS may still make a connection of it"
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_cancelling_in_the_middle_of_the_dial(sim, client):
    dialing = client.dial("Stuck")
    task = asyncio.ensure_future(awaited(dialing))
    await reach(dialing, AUTHENTICATE)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert nothing_left(sim)
    assert dialing.done
    assert isinstance(dialing.error, HungUpError)
    with pytest.raises(HungUpError):
        await dialing


@pytest.mark.asyncio
async def test_cancelling_at_the_moment_it_connects(sim, client):
    """Whatever comes first: either the connection is there, or nothing is."""
    for moment in range(30):
        dialing = client.dial("Office")
        task = asyncio.ensure_future(dialing)
        await loop_turn(moment)
        while moment > 20 and dialing.state is not CONNECTED:
            await loop_turn()
        task.cancel()
        try:
            connection = await task
        except asyncio.CancelledError:
            assert nothing_left(sim)
        else:
            assert (await connection.status()).connected
            await connection.hang_up()
        assert nothing_left(sim)


@pytest.mark.asyncio
async def test_cancelling_again_during_the_hang_up_does_not_cut_it_short(sim, client):
    with Simulator(pace=0, release_delay=0.05) as slow:
        slow.add_entry("Stuck")
        slow.script("Stuck", HANGS)
        dialing = RasClient(slow).dial("Stuck")
        task = asyncio.ensure_future(awaited(dialing))
        await reach(dialing, AUTHENTICATE)
        while not task.done():
            task.cancel()
            await loop_turn()
        assert task.cancelled()
        assert nothing_left(slow)


@pytest.mark.asyncio
async def test_cancelling_one_of_several_who_wait_ends_the_dial_for_all(sim, client):
    dialing = client.dial("Stuck")
    first, second = (asyncio.ensure_future(awaited(dialing)) for _ in range(2))
    await reach(dialing, AUTHENTICATE)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    with pytest.raises(HungUpError):
        await second


@pytest.mark.asyncio
async def test_cancelling_does_not_hang_up_what_another_task_has_taken(sim, client):
    dialing = client.dial("Office")
    first = asyncio.ensure_future(awaited(dialing))
    second = asyncio.ensure_future(awaited(dialing))
    first.add_done_callback(lambda _: second.cancel())
    connection = await first
    await asyncio.gather(second, return_exceptions=True)
    assert (await connection.status()).connected
    await connection.hang_up()


def when_over(monkeypatch, action):
    """Runs the action in the moment in which the outcome is there, before anybody who waits goes on."""
    over = DialRun._over

    def over_and(run, **outcome):
        over(run, **outcome)
        action()

    monkeypatch.setattr(DialRun, "_over", over_and)


@pytest.mark.asyncio
async def test_cancelling_in_the_moment_of_success_hangs_up_what_nobody_has_taken(sim, client, monkeypatch):
    dialing = client.dial("Office")
    task = asyncio.ensure_future(awaited(dialing))
    when_over(monkeypatch, task.cancel)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_cancelling_in_the_moment_of_success_leaves_what_somebody_has_taken(sim, client, monkeypatch):
    dialing = client.dial("Office")
    task = asyncio.ensure_future(awaited(dialing))
    taken = []
    when_over(monkeypatch, lambda: (taken.append(dialing.connection), task.cancel()))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await taken[0].status()).connected
    await taken[0].hang_up()


@pytest.mark.asyncio
async def test_a_refused_hang_up_does_not_hide_a_cancellation(sim, client, monkeypatch, caplog):
    dialing = client.dial("Office")
    task = asyncio.ensure_future(awaited(dialing))
    when_over(monkeypatch, task.cancel)
    with monkeypatch.context() as patch:
        patch.setattr(type(sim.backend.session.library), "hang_up", lambda self, handle: 753)
        with pytest.raises(asyncio.CancelledError):
            await task
    assert "Office: could not be hung up" in caplog.text
    assert "753" in caplog.text
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_asyncio_timeout_around_it_works(sim, client):
    async def dial():
        async with asyncio.timeout(0.01):
            await client.dial("Stuck")

    with pytest.raises(TimeoutError) as caught:
        await dial()
    assert not isinstance(caught.value, DialTimeoutError)
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_task_group_that_fails_hangs_up_its_dials(sim, client):
    dialing = client.dial("Stuck")

    async def fail():
        await reach(dialing, AUTHENTICATE)
        raise ZeroDivisionError

    async def group():
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(awaited(dialing))
            tasks.create_task(fail())

    with pytest.raises(ExceptionGroup):
        await group()
    assert nothing_left(sim)


# Time-out


@pytest.mark.asyncio
async def test_a_dial_that_takes_too_long_times_out(sim, client):
    dialing = client.dial("Stuck", timeout=0.02)
    with pytest.raises(DialTimeoutError) as caught:
        await dialing
    assert isinstance(caught.value, TimeoutError)
    assert "0.02 seconds" in caught.value.message
    assert dialing.error is caught.value
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_time_out_tells_the_state_that_was_reached(sim, client):
    dialing = client.dial("Stuck", timeout=60)
    await reach(dialing, AUTHENTICATE)
    time_out(dialing)
    with pytest.raises(DialTimeoutError) as caught:
        await dialing
    assert caught.value.state is AUTHENTICATE
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_iterating_ends_with_the_time_out(sim, client):
    dialing = client.dial("Stuck", timeout=60)
    iterating = asyncio.ensure_future(history(dialing))
    await reach(dialing, AUTHENTICATE)
    time_out(dialing)
    seen, error = await iterating
    assert [event.state for event in seen] == [OPEN_PORT, AUTHENTICATE]
    assert isinstance(error, DialTimeoutError)
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_the_time_begins_when_the_dial_does(sim, client):
    dialing = client.dial("Office", timeout=60)
    await loop_turn()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    aiter(dialing)
    assert begun + 60 <= dialing._run.attempt._timer.when() <= loop.time() + 60
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_a_dial_in_time_is_not_touched_later(sim, client):
    dialing = client.dial("Office", timeout=60)
    connection = await dialing
    assert dialing._run.attempt._timer is None
    await connection.hang_up()


@pytest.mark.asyncio
async def test_a_time_out_inside_rasdial_waits_for_it(sim, client, monkeypatch):
    called, go_on = in_rasdial(monkeypatch)
    dialing = client.dial("Stuck", timeout=60)
    task = asyncio.ensure_future(awaited(dialing))
    await eventually(called.is_set)
    time_out(dialing)
    await loop_turn(3)
    assert not task.done()
    go_on.set()
    with pytest.raises(DialTimeoutError):
        await task
    assert nothing_left(sim)
