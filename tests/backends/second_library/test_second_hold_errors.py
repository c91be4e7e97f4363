"""A RAS library that is not ours to choose: held at its errors."""

from __future__ import annotations

import asyncio

import pytest
from support.second import SECONDS, dial_and_hang_up, wait, wait_count, watch
from support.time_out import time_out

import rasdial_async as ras

HELD = "late | 0 5!691 signal:went"


async def up_to_the_error(client, odd, **options):
    """A dial that RAS holds at its error, and the iterator that has seen it."""
    dialing = client.dial(HELD, hold_errors=True, **options)
    events = aiter(dialing)
    async with asyncio.timeout(SECONDS):
        assert [(await anext(events)).error for _ in range(2)] == [0, 691]
    await dial_and_hang_up(client, odd, "| 0 2000")  # RAS, the loop and the threads do other things
    assert odd.count("inside") == 1
    assert dialing.error is None
    return dialing, events


@pytest.mark.asyncio
async def test_ras_is_held_until_the_next_event_is_asked_for(client, odd):
    _, events = await up_to_the_error(client, odd)
    with pytest.raises(ras.AuthenticationError):
        await asyncio.wait_for(anext(events), SECONDS)
    await wait(odd, "went")


@pytest.mark.asyncio
async def test_ras_is_held_until_the_dial_is_awaited(client, odd):
    dialing, _ = await up_to_the_error(client, odd)
    with pytest.raises(ras.AuthenticationError):
        await asyncio.wait_for(dialing, SECONDS)
    await wait(odd, "went")


@pytest.mark.asyncio
async def test_a_hang_up_lets_ras_go_on(client, odd):
    dialing, _ = await up_to_the_error(client, odd)
    await asyncio.wait_for(dialing.hang_up(), SECONDS)
    await wait(odd, "went")
    assert isinstance(dialing.error, ras.AuthenticationError)


@pytest.mark.asyncio
async def test_a_timeout_lets_ras_go_on(client, odd):
    dialing, _ = await up_to_the_error(client, odd, timeout=60)
    time_out(dialing)
    await wait(odd, "went")
    with pytest.raises(ras.DialError):
        await asyncio.wait_for(dialing, SECONDS)


@pytest.mark.asyncio
async def test_a_dropped_dialing_lets_ras_go_on(client, odd):
    dialing, events = await up_to_the_error(client, odd)
    kept = [dialing, events]
    del dialing, events
    with pytest.warns(ResourceWarning, match="dropped unfinished"):
        kept.clear()
    await wait(odd, "went")
    await wait_count(odd, "handles", 0)


def test_a_closed_loop_lets_ras_go_on(client, odd):
    loop = asyncio.new_event_loop()
    dialing, events = loop.run_until_complete(up_to_the_error(client, odd))
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    kept = [dialing, events]
    del dialing, events
    with pytest.warns(ResourceWarning, match="dropped unfinished"):
        kept.clear()
    odd.wait("went")
    odd.wait_count("handles", 0)


@pytest.mark.parametrize("entry", ["late 0 5!691 |", "late new 0 5!691 |", "late handle 0 5!691 |"])
@pytest.mark.asyncio
async def test_awaiting_counts_as_asking_also_while_rasdial_waits_for_the_callback(client, odd, entry):
    """RasDialW returns only after the callback that is held inside it."""
    dialing = client.dial(entry, hold_errors=True)
    with pytest.raises(ras.AuthenticationError):
        await asyncio.wait_for(dialing, SECONDS)
    assert [event.error for event in dialing.events] == [0, 691]


@pytest.mark.parametrize("entry", ["late 0 5!691 signal:went |", "late new 0 5!691 signal:went |"])
@pytest.mark.asyncio
async def test_who_iterates_sees_the_error_that_is_held_inside_rasdial(client, odd, entry):
    """The handle is not known before RasDialW returns; RAS calls a function of this dial alone."""
    dialing = client.dial(entry, hold_errors=True)
    events = aiter(dialing)
    async with asyncio.timeout(SECONDS):
        assert [(await anext(events)).error for _ in range(2)] == [0, 691]
        await dial_and_hang_up(client, odd, "| 0 2000")
        assert odd.count("inside") == 1
        with pytest.raises(ras.AuthenticationError):
            await anext(events)
    await wait(odd, "went")


@pytest.mark.parametrize("how", ["hang up", "time out"])
@pytest.mark.asyncio
async def test_a_callback_held_inside_rasdial_on_another_thread_is_let_go(client, odd, how):
    dialing = client.dial("late new 0 5!691 signal:went |", hold_errors=True, timeout=60)
    events = aiter(dialing)
    assert [(await anext(events)).error for _ in range(2)] == [0, 691]
    if how == "hang up":
        await asyncio.wait_for(dialing.hang_up(), SECONDS)
    else:
        time_out(dialing)
    await wait(odd, "went")
    with pytest.raises(ras.AuthenticationError):
        await asyncio.wait_for(dialing, SECONDS)


@pytest.mark.asyncio
async def test_errors_are_not_held_unless_asked_for(client, odd):
    task = asyncio.create_task(watch(client.dial("late | 0 5!691 signal:went")))
    await wait(odd, "went")
    _, error = await asyncio.wait_for(task, SECONDS)
    assert error.code == 691
