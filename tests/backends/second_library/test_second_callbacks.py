"""A RAS library that is not ours to choose: when, where and with what it calls back."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import threading

import pytest
from support.second import SECONDS, dial_and_hang_up, wait, wait_count, watch

import rasdial_async as ras
from rasdial_async._native._ras import ffi

# when and where the callbacks come


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param("0 1 2 3 5 2000 |", id="inside RasDialW, before the handle"),
        pytest.param("0 1 handle 2 3 5 2000 |", id="inside RasDialW, around the handle"),
        pytest.param("handle 0 1 2 3 5 2000 |", id="inside RasDialW, after the handle"),
        pytest.param("new 0 1 2 3 5 2000 |", id="new threads, before RasDialW returns"),
        pytest.param("new 0 1 handle 2 | 3 5 2000", id="new threads, around the return"),
        pytest.param("0 1 2 | 3 5 2000", id="around the return"),
        pytest.param("| new 0 1 2 3 5 2000", id="a new thread for each"),
        pytest.param("| 0 1 2 3 5 2000", id="one thread"),
    ],
)
@pytest.mark.asyncio
async def test_every_event_arrives_in_order_wherever_it_is_called(client, odd, entry):
    events, connection = await dial_and_hang_up(client, odd, entry)
    assert events == [(state, 0) for state in (0, 1, 2, 3, 5, 0x2000)]
    assert (connection.device_type, connection.device_name) == ("odd", "Odd Device")
    assert odd.count("hang_ups") == 1
    assert odd.count("most_inside") == 1


@pytest.mark.parametrize("entry", ["0 5!691/13 |", "new 0 5!691/13 |", "0 | 5!691/13", "| 0 5!691/13"])
@pytest.mark.asyncio
async def test_an_error_wherever_it_is_called(client, odd, entry):
    events, error = await asyncio.wait_for(watch(client.dial(entry)), SECONDS)
    assert events == [(0, 0), (5, 691)]
    assert isinstance(error, ras.AuthenticationError)
    assert error.extended_error == 13
    assert error.message == "Odd text for 691."
    assert odd.count("handles") == 0
    assert odd.count("hang_ups") == 1


@pytest.mark.asyncio
async def test_the_device_is_asked_for_inside_the_callback(client, odd):
    async with client.dial("| 0 2 3 4 2000") as connection:
        pass
    async with contextlib.aclosing(_once(client.dial("| 0 2 3 4 2000"))) as dialings:
        async for dialing in dialings:
            assert [event.device_name for event in dialing.events] == ["", "Odd Device", "Odd Device", "", ""]
            assert [event.device_type for event in dialing.events] == ["", "odd", "odd", "", ""]
    assert connection.entry == "| 0 2 3 4 2000"


async def _once(dialing):
    async with dialing:
        yield dialing


@pytest.mark.asyncio
async def test_a_blocked_rasdial_blocks_neither_the_loop_nor_other_dials(client, odd):
    blocked = client.dial("signal:inside wait:go | 0 2000")
    task = asyncio.create_task(watch(blocked))
    await wait(odd, "inside")
    for _ in range(3):
        events, _ = await dial_and_hang_up(client, odd, "| 0 2000")
        assert events == [(0, 0), (0x2000, 0)]
    assert not task.done()
    assert blocked.handle is None
    odd.open("go")
    assert await asyncio.wait_for(task, SECONDS) == ([(0, 0), (0x2000, 0)], None)
    await blocked.hang_up()


@pytest.mark.asyncio
async def test_64_blocked_rasdials_at_once(client, odd):
    dialings = [client.dial(f"signal:inside{n % 40} wait:go | 0 2000") for n in range(64)]
    tasks = [asyncio.create_task(watch(dialing)) for dialing in dialings]
    await wait_count(odd, "dials", 64)
    odd.open("go")
    outcomes = await asyncio.wait_for(asyncio.gather(*tasks), SECONDS)
    assert outcomes == [([(0, 0), (0x2000, 0)], None)] * 64
    assert len({dialing.handle for dialing in dialings}) == 64
    await asyncio.gather(*(dialing.hang_up() for dialing in dialings))
    assert odd.count("hang_ups") == 64


@pytest.mark.asyncio
async def test_the_thread_that_called_rasdial_lives_until_the_dial_is_over(client, odd):
    async def idle_ones_go(but=()):
        for thread in threading.enumerate():
            if thread.name.startswith("rasdial-dial") and thread not in but:
                await asyncio.to_thread(thread.join, SECONDS)
                assert not thread.is_alive()

    await idle_ones_go()
    slow = asyncio.create_task(watch(client.dial("| wait:go 0 1 2 2001!691")))
    await wait_count(odd, "dials", 1)
    mine = [thread for thread in threading.enumerate() if thread.name.startswith("rasdial-dial")]
    await asyncio.gather(*(dial_and_hang_up(client, odd, "| 0 2000") for _ in range(3)))
    await idle_ones_go(but=mine)
    assert [thread.is_alive() for thread in mine] == [True]
    odd.open("go")
    _, error = await asyncio.wait_for(slow, SECONDS)
    assert error.code == 691
    for thread in mine:
        await asyncio.to_thread(thread.join, SECONDS)
        assert not thread.is_alive()
    assert odd.count("lost_callers") == 0  # asked at each callback


# events that no RAS should send


@pytest.mark.asyncio
async def test_disconnected_without_an_error_is_a_failure(client, odd):
    events, error = await watch(client.dial("| 0 2001"))
    assert events == [(0, 0), (0x2001, 0)]
    assert isinstance(error, ras.HungUpError)
    assert error.code == 631


@pytest.mark.asyncio
async def test_unknown_states_survive(client, odd):
    events, _ = await dial_and_hang_up(client, odd, "| 77 fff abcdef 2000")
    assert events == [(0x77, 0), (0xFFF, 0), (0xABCDEF, 0), (0x2000, 0)]


@pytest.mark.asyncio
async def test_events_under_other_messages_count_and_are_logged_once(client, odd, caplog):
    """Shipped clients ignore unMsg, so nothing has ever held a RAS to its documented value."""
    with caplog.at_level(logging.WARNING, "rasdial_async"):
        events, _ = await dial_and_hang_up(client, odd, "| 0 message:0x400 5 message:0 1 2000")
    assert events == [(0, 0), (5, 0), (1, 0), (0x2000, 0)]
    assert [record.getMessage().count("foreign_messages=2") for record in caplog.records] == [1]


@pytest.mark.asyncio
async def test_events_after_the_first_error_are_not_part_of_the_dial(client, odd):
    dialing = client.dial("late | 0 5!691 6!692 7 2000 signal:done")
    events, error = await watch(dialing)
    assert events == [(0, 0), (5, 691)]
    assert error.code == 691
    await wait(odd, "done")
    assert len(dialing.events) == 2


@pytest.mark.asyncio
async def test_a_second_error_while_the_first_is_held(client, odd):
    """Two threads of RAS inside the callback at once: the consumer lets both of them go."""
    other = client.dial("| 0 wait:end 2000", hold_errors=True)  # keeps the event queue open
    running = asyncio.create_task(watch(other))
    dialing = client.dial("late handle | 0 5!691 signal:first", hold_errors=True)
    events = aiter(dialing)
    assert [(await anext(events)).state for _ in range(2)] == [0, 5]
    (call,) = [one for one in client.backend.session.calls() if one.handle == dialing.handle]
    channel, notifier = call.channel, ffi.cast("uintptr_t", call._notifier.function())
    second = asyncio.create_task(asyncio.to_thread(_call, int(notifier), dialing.handle, 6, 692))
    await asyncio.to_thread(_until_waiting, channel)
    assert odd.count("inside") == 1
    with pytest.raises(ras.AuthenticationError):
        await asyncio.wait_for(anext(events), SECONDS)
    await asyncio.wait_for(second, SECONDS)
    await wait(odd, "first")
    odd.open("end")
    await running
    await other.hang_up()


def _call(notifier, handle, state, error):
    callback = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p, *[ctypes.c_uint32] * 4])(notifier)
    callback(handle, 0xCCCD, state, error, 0)


def _until_waiting(channel):
    """The loop has drained once more: call_soon_threadsafe comes behind the wake."""
    ready = threading.Event()
    channel.loop.call_soon_threadsafe(channel.loop.call_later, 0.05, ready.set)
    assert ready.wait(SECONDS)


@pytest.mark.asyncio
async def test_late_callbacks_reach_nobody(client, odd):
    """After RasHangUp, after the handle is invalid, and while another dial is under way."""
    other = asyncio.create_task(watch(client.dial("| 0 wait:end 2001!691")))
    await wait_count(odd, "dials", 1)  # else it may get the handle of the first when that is gone
    dialing = client.dial("late | 0 2000 hungup 5 6!619 gone wait:more 7!619 2001 signal:done")
    connection = await dialing
    assert await connection.hang_up()
    assert odd.count("inside") == 0
    odd.open("more")
    await wait(odd, "done")
    odd.open("end")
    events, error = await asyncio.wait_for(other, SECONDS)
    assert events == [(0, 0), (0x2001, 691)]
    assert error.code == 691
    assert len(dialing.events) == 2
    assert odd.count("hang_ups") == 2


@pytest.mark.asyncio
async def test_a_storm_in_one_dial(client, odd):
    dialing = client.dial("| storm:5000 2000")
    async with asyncio.timeout(SECONDS), dialing:
        assert [event.extended_error for event in dialing.events[:-1]] == list(range(5000))
