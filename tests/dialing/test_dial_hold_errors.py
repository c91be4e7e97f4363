"""A dial that holds RAS at its errors."""

from __future__ import annotations

import asyncio

import pytest
from support.dials import AUTHENTICATE, CONNECTED, OPEN_PORT, awaited, dropped, nothing_left, states
from support.time_out import time_out
from support.waiting import eventually, loop_turn

from rasdial_async import AuthenticationError, Redial

pytestmark = pytest.mark.simulator("outcomes")


@pytest.mark.asyncio
async def test_ras_stays_at_an_error_until_the_next_event_is_asked_for(sim, client):
    dialing = client.dial("Wrong", hold_errors=True)
    events = aiter(dialing)
    seen = [await anext(events) for _ in range(3)]
    assert seen[-1].error == 691
    await loop_turn(3)
    assert sim.counts.callbacks == 1, "RAS is inside its callback"
    assert sim.counts.connections == 1
    assert not dialing.done
    with pytest.raises(AuthenticationError) as caught:
        await anext(events)
    assert caught.value.event is seen[-1]
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_awaiting_and_entering_count_as_asking(sim, client):
    with pytest.raises(AuthenticationError):
        await client.dial("Wrong", hold_errors=True)
    with pytest.raises(AuthenticationError):
        async with client.dial("Wrong", hold_errors=True):
            pytest.fail("entered")
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_dial_that_holds_errors_and_meets_none_is_like_any_other(sim, client):
    dialing = client.dial("Office", hold_errors=True)
    assert await states(dialing) == [OPEN_PORT, AUTHENTICATE, CONNECTED]
    await (await dialing).hang_up()
    assert nothing_left(sim)


async def held_at_an_error(client, **options):
    dialing = client.dial("Wrong", hold_errors=True, **options)
    events = aiter(dialing)
    while not (await anext(events)).failed:
        pass
    return dialing


@pytest.mark.asyncio
async def test_awaiting_lets_ras_go_on_that_is_held(sim, client):
    dialing = await held_at_an_error(client)
    with pytest.raises(AuthenticationError):
        await dialing
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_hanging_up_lets_ras_go_on_and_the_error_stays_what_it_was(sim, client):
    dialing = await held_at_an_error(client)
    await dialing.hang_up()
    assert nothing_left(sim)
    assert isinstance(dialing.error, AuthenticationError)


@pytest.mark.asyncio
async def test_hanging_up_when_the_last_redial_has_failed_is_nothing(client):
    """The end of the attempt ends the hold."""
    dialing = client.dial("Wrong", hold_errors=True, redial=Redial(2, pause=0, retry_on=lambda error: True))
    with pytest.raises(AuthenticationError):
        await dialing
    await dialing.hang_up()
    with pytest.raises(AuthenticationError):
        await dialing


@pytest.mark.asyncio
async def test_a_time_out_lets_ras_go_on(sim, client):
    dialing = await held_at_an_error(client, timeout=60)
    time_out(dialing)
    await eventually(lambda: dialing.done)
    assert nothing_left(sim)
    assert isinstance(dialing.error, AuthenticationError)


@pytest.mark.asyncio
async def test_cancelling_a_step_leaves_ras_where_it_is_and_cancelling_the_await_does_not(sim, client):
    dialing = await held_at_an_error(client)
    assert sim.counts.callbacks == 1
    task = asyncio.ensure_future(awaited(dialing))
    await loop_turn()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await eventually(lambda: nothing_left(sim))


@pytest.mark.asyncio
async def test_dropping_lets_ras_go_on(sim, client):
    kept = [await held_at_an_error(client)]
    assert len(dropped(kept.clear)) == 1
    await eventually(lambda: nothing_left(sim))


def test_a_closed_loop_lets_ras_go_on_at_the_next_dial(sim, client):
    kept = []

    async def hold():
        kept.append(await held_at_an_error(client))

    asyncio.run(hold())
    assert sim.counts.callbacks == 1

    async def dial():
        async with client.dial("Office"):
            await eventually(lambda: sim.counts.callbacks == 0)

    asyncio.run(dial())

    async def clean():
        await eventually(lambda: nothing_left(sim))

    asyncio.run(clean())
    assert len(dropped(kept.clear)) <= 1


@pytest.mark.asyncio
async def test_one_held_dial_holds_no_other(sim, client):
    held = await held_at_an_error(client)
    async with client.dial("Office") as connection:
        assert (await connection.status()).connected
    assert sim.counts.callbacks == 1
    await held.hang_up()
    assert nothing_left(sim)
