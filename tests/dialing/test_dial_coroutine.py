"""A Dialing is a coroutine as well: asyncio makes tasks of it, and one that nobody awaited says so."""

from __future__ import annotations

import asyncio
import collections.abc
import gc
import inspect
import threading
import warnings

import pytest
from support.dials import nothing_left
from support.waiting import SECONDS

import rasdial_async as ras

pytestmark = pytest.mark.simulator("outcomes")


def warned(drop):
    """The warnings of a call that drops dials."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        drop()
        gc.collect()
    return [(warning.category, str(warning.message)) for warning in caught]


# --- tasks ---


def test_asyncio_takes_it_for_a_coroutine(client):
    dialing = client.dial("Office")
    connection = asyncio.run(dialing)
    assert connection.entry == "Office"
    assert dialing.connection is connection
    assert isinstance(dialing, collections.abc.Coroutine)
    assert asyncio.iscoroutine(dialing)
    assert inspect.isawaitable(dialing)


async def task(dialing):
    return await asyncio.create_task(dialing)


async def future(dialing):
    return await asyncio.ensure_future(dialing)


async def wait_for(dialing):
    return await asyncio.wait_for(dialing, SECONDS)


async def shielded(dialing):
    return await asyncio.shield(dialing)


async def gathered(dialing):
    (connection,) = await asyncio.gather(dialing)
    return connection


async def group(dialing):
    async with asyncio.TaskGroup() as tasks:
        made = tasks.create_task(dialing)
    return made.result()


@pytest.mark.parametrize("way", [task, future, wait_for, shielded, gathered, group])
@pytest.mark.asyncio
async def test_every_way_to_make_a_task_dials(client, way):
    async with await way(client.dial("Office")) as connection:
        assert (await connection.status()).connected


@pytest.mark.parametrize("way", [task, future, wait_for, shielded])
@pytest.mark.asyncio
async def test_a_failure_comes_out_of_the_task(client, way):
    with pytest.raises(ras.AuthenticationError):
        await way(client.dial("Wrong"))


def test_another_thread_has_it_dialed(sim, client):
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        connection = asyncio.run_coroutine_threadsafe(client.dial("Office"), loop).result(SECONDS)
        asyncio.run_coroutine_threadsafe(connection.hang_up(), loop).result(SECONDS)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(SECONDS)
        loop.close()
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_each_of_several_tasks_gets_the_outcome(sim, client):
    dialing = client.dial("Office")
    first, second = asyncio.create_task(dialing), asyncio.create_task(dialing)
    connection = await first
    assert await second is await dialing is connection
    assert await asyncio.create_task(dialing) is connection
    assert sim.counts.dials == 1
    await connection.hang_up()


@pytest.mark.asyncio
async def test_a_task_that_waits_again_after_a_shielded_time_out(sim, client):
    dialing = client.dial("Stuck")
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(dialing), 0.01)
    assert not dialing.done
    await dialing.hang_up()
    assert sim.counts.dials == 1


@pytest.mark.asyncio
async def test_canceling_its_task_hangs_up(sim, client):
    dialing = client.dial("Stuck")
    dialed = asyncio.create_task(dialing)
    async for _ in dialing:
        break
    dialed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dialed
    assert isinstance(dialing.error, ras.HungUpError)
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_task_canceled_before_it_ran_never_dials(sim, client):
    dialing = client.dial("Office")
    dialed = asyncio.create_task(dialing)
    dialed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dialed
    with pytest.raises(ras.HungUpError, match="before it began"):
        await dialing
    assert sim.counts.dials == 0


@pytest.mark.asyncio
async def test_a_time_out_of_wait_for_hangs_up(sim, client):
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.dial("Stuck"), 0.02)
    assert nothing_left(sim)


def test_a_coroutine_needs_a_loop(client):
    dialing = client.dial("Office")
    with pytest.raises(RuntimeError, match="no running event loop"):
        dialing.send(None)


@pytest.mark.asyncio
async def test_closing_ends_the_waiting_and_not_the_dial(sim, client):
    dialing = client.dial("Stuck")
    dialing.send(None)
    with pytest.raises(ZeroDivisionError):
        dialing.throw(ZeroDivisionError())
    assert not dialing.done
    dialing.close()
    assert not dialing.done
    await dialing.hang_up()


# --- nobody awaited it ---


def test_one_that_nobody_awaited_warns_as_a_coroutine_does(sim, client):
    message = "dial('Office') was never awaited"
    assert warned(lambda: client.dial("Office")) == [(RuntimeWarning, message)]
    assert sim.counts.dials == 0


@pytest.mark.parametrize("end", ["close", "hang_up"])
def test_one_that_was_given_up_does_not_warn(client, end):
    def drop():
        given_up = getattr(client.dial("Office"), end)()
        if given_up is not None:
            asyncio.run(given_up)

    assert warned(drop) == []


def test_an_await_that_failed_is_an_await(client):
    def drop():
        with pytest.raises(RuntimeError):
            aiter(client.dial("Office"))  # no loop runs

    assert warned(drop) == []


def test_bad_arguments_and_a_keeper_do_not_warn(client):
    def drop():
        with pytest.raises(ValueError, match="domain"):
            client.dial("Office", domain="x" * 16)
        client.keep_connected("Office")

    assert warned(drop) == []


def test_a_verb_of_the_connection_names_the_missing_await(client):
    dialing = client.dial("Office")
    with pytest.raises(AttributeError, match="await the dial first"):
        dialing.status()
    with pytest.raises(AttributeError, match=r"no attribute 'stauts'$"):
        dialing.stauts()
    dialing.close()


# --- entering twice ---


@pytest.mark.asyncio
async def test_a_dial_is_entered_once(client):
    dialing = client.dial("Office")
    async with dialing:
        with pytest.raises(RuntimeError, match="'Office' was entered before"):
            await dialing.__aenter__()
    with pytest.raises(RuntimeError, match="make a new one"):
        async with dialing:
            pass


@pytest.mark.asyncio
async def test_a_dial_that_was_awaited_is_entered_all_the_same(sim, client):
    dialing = client.dial("Office")
    connection = await dialing
    async with dialing as entered:
        assert entered is connection
    assert nothing_left(sim)


# --- a simulator that closes ---


@pytest.mark.asyncio
async def test_a_simulator_closed_during_a_dial_is_the_reason_and_no_service_is_to_be_started(sim, client):
    dialing = client.dial("Stuck")
    async for _ in dialing:
        break
    sim.close()
    with pytest.raises(ras.DialError, match="the simulator is closed") as caught:
        await dialing
    assert (caught.value.code, caught.value.hint) == (711, "")
