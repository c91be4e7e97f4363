"""A dial that is entered, hung up or dropped; and nothing is ever left behind."""

from __future__ import annotations

import asyncio
import gc
import warnings

import pytest
from support.dials import AUTHENTICATE, awaited, dropped, nothing_left, reach
from support.waiting import eventually, loop_turn

from rasdial_async import AuthenticationError, HungUpError, LineBusyError, RasError

pytestmark = pytest.mark.simulator("outcomes")

# Enter


@pytest.mark.asyncio
async def test_a_block_has_the_connection_and_hangs_up_at_its_end(sim, client):
    dialing = client.dial("Office")
    async with dialing as connection:
        assert (await connection.status()).connected
        assert dialing.connection is connection
    assert nothing_left(sim), "the port is released when the block has ended"
    assert "hung up" in repr(connection)


@pytest.mark.asyncio
async def test_a_block_that_raises_hangs_up_and_raises(sim, client):
    with pytest.raises(ZeroDivisionError):
        async with client.dial("Office"):
            raise ZeroDivisionError
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_block_is_not_entered_by_a_dial_that_fails(sim, client):
    with pytest.raises(AuthenticationError):
        async with client.dial("Wrong"):
            pytest.fail("entered")
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_line_that_went_dead_inside_the_block_is_no_error_at_its_end(sim, client):
    async with client.dial("Office") as connection:
        sim.drop("Office")
        await connection.wait_disconnected()
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_block_that_is_cancelled_hangs_up_before_it_is_left(sim, client):
    entered = asyncio.Event()

    async def block():
        async with client.dial("Office"):
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.ensure_future(block())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert nothing_left(sim)


# Hang up


@pytest.mark.asyncio
async def test_a_dial_hung_up_before_it_began_never_dials(sim, client):
    dialing = client.dial("Office", password="secret")
    await dialing.hang_up()
    await dialing.hang_up()
    with pytest.raises(HungUpError):
        await dialing
    with pytest.raises(HungUpError):
        aiter(dialing)
    assert sim.counts.dials == 0
    assert dialing.events == ()


@pytest.mark.asyncio
async def test_hanging_up_during_the_dial_ends_it_for_all_who_wait(sim, client):
    dialing = client.dial("Stuck")
    waiting = asyncio.ensure_future(awaited(dialing))
    events = await reach(dialing, AUTHENTICATE)
    step = asyncio.ensure_future(anext(events))
    await loop_turn()
    await dialing.hang_up()
    assert nothing_left(sim)
    for waiter in (waiting, step):
        with pytest.raises(HungUpError) as caught:
            await waiter
        assert caught.value.state is AUTHENTICATE
        assert caught.value.code == 631
    assert dialing.done
    assert isinstance(dialing.error, HungUpError)
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_hanging_up_after_the_dial_hangs_up_the_connection(sim, client):
    dialing = client.dial("Office")
    connection = await dialing
    await dialing.hang_up()
    assert nothing_left(sim)
    with pytest.raises(RasError) as caught:
        await connection.status()
    assert caught.value.code == 6
    assert await dialing is connection, "the outcome of the dial is what it was"
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_hanging_up_after_a_failure_is_nothing(sim, client):
    dialing = client.dial("Wrong")
    with pytest.raises(AuthenticationError):
        await dialing
    await dialing.hang_up()
    assert isinstance(dialing.error, AuthenticationError)


@pytest.mark.asyncio
async def test_several_tasks_may_hang_up_at_once(sim, client):
    dialing = client.dial("Stuck")
    await reach(dialing, AUTHENTICATE)
    await asyncio.gather(*(dialing.hang_up() for _ in range(3)))
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_cancelled_hang_up_is_seen_through(sim, client):
    dialing = client.dial("Stuck")
    await reach(dialing, AUTHENTICATE)
    task = asyncio.ensure_future(dialing.hang_up())
    await loop_turn()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert nothing_left(sim)
    assert dialing.done


@pytest.mark.asyncio
async def test_a_cancelled_hang_up_of_a_connection_is_seen_through(sim, client):
    dialing = client.dial("Office")
    await dialing
    task = asyncio.ensure_future(dialing.hang_up())
    await loop_turn()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert nothing_left(sim)


# Dropped


@pytest.mark.asyncio
async def test_a_dial_that_never_began_is_dropped_in_silence(sim, client):
    assert dropped(lambda: client.dial("Office")) == []
    await loop_turn()
    assert sim.counts.dials == 0


@pytest.mark.asyncio
async def test_a_dial_dropped_unfinished_is_hung_up_with_a_warning(sim, client):
    kept = [client.dial("Stuck")]
    await reach(kept[0], AUTHENTICATE)
    messages = dropped(kept.clear)
    assert len(messages) == 1
    assert "'Stuck' was dropped unfinished" in messages[0]
    await eventually(lambda: nothing_left(sim))


@pytest.mark.asyncio
async def test_a_dial_dropped_connected_before_anybody_took_it_is_hung_up_with_a_warning(sim, client):
    kept = [client.dial("Office")]
    aiter(kept[0])
    await eventually(lambda: kept[0].done)
    assert sim.counts.connections == 1
    messages = dropped(kept.clear)
    assert len(messages) == 1
    assert "connected, before anybody took its connection" in messages[0]
    await eventually(lambda: nothing_left(sim))


@pytest.mark.asyncio
async def test_a_dial_dropped_while_it_connects_is_hung_up(sim, client):
    """Its Connected is on the way when nobody wants it any more."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        for turns in range(12):
            kept = [client.dial("Office")]
            aiter(kept[0])
            for _ in range(turns):
                await loop_turn()
            kept.clear()
            gc.collect()
            await eventually(lambda: nothing_left(sim))


@pytest.mark.asyncio
async def test_a_dial_is_dropped_in_silence_once_its_connection_is_taken(sim, client):
    connections = []

    async def dial():
        connections.append(await client.dial("Office"))

    await dial()
    assert dropped(gc.collect) == []
    assert (await connections[0].status()).connected
    await connections[0].hang_up()


@pytest.mark.asyncio
async def test_reading_the_connection_takes_it(sim, client):
    kept = [client.dial("Office")]
    aiter(kept[0])
    await eventually(lambda: kept[0].done)
    connection = kept[0].connection
    assert dropped(kept.clear) == []
    assert (await connection.status()).connected
    await connection.hang_up()


@pytest.mark.asyncio
async def test_a_failed_dial_is_dropped_in_silence(client):
    kept = [client.dial("Wrong")]
    with pytest.raises(AuthenticationError):
        await kept[0]
    assert dropped(kept.clear) == []


@pytest.mark.asyncio
async def test_an_iterator_keeps_its_dial_alive(sim, client):
    events = await reach(client.dial("Stuck"), AUTHENTICATE)
    assert dropped(gc.collect) == []
    sim.drop("Stuck", 676)
    assert (await anext(events)).error == 676
    with pytest.raises(LineBusyError):
        await anext(events)


@pytest.mark.parametrize(("entry", "stage"), [("Stuck", "unfinished"), ("Office", "connected")])
def test_a_dial_dropped_after_its_loop_has_closed_is_hung_up(sim, client, entry, stage):
    kept = []

    async def main():
        kept.append(client.dial(entry))
        aiter(kept[0])
        await eventually(lambda: kept[0].done if stage == "connected" else kept[0].state is AUTHENTICATE)

    asyncio.run(main())
    messages = dropped(kept.clear)
    assert len(messages) == 1
    assert stage in messages[0]

    async def clean():
        await eventually(lambda: nothing_left(sim))

    asyncio.run(clean())
