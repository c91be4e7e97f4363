"""Cancelling a dial: it is hung up, the port is waited for, and then CancelledError goes on."""

from __future__ import annotations

import asyncio
import signal
import warnings
from typing import Any

import anyio
import pytest
from support.waiting import loop_turn

import rasdial_async as ras


@pytest.fixture
def anyio_backend():
    return "asyncio"


async def outcome(dialing):
    return await dialing


async def enter(dialing):
    async with dialing:
        await asyncio.Event().wait()


async def begun(odd, callbacks=1):
    await asyncio.to_thread(odd.wait_count, "callbacks", callbacks)


async def hanging_up(odd):
    await asyncio.to_thread(odd.wait_count, "hang_ups", 1)


@pytest.mark.parametrize("use", [outcome, enter])
@pytest.mark.parametrize("entry", ["port:free | 0 wait:never", "port:free | 0 2000"])
@pytest.mark.asyncio
async def test_it_waits_for_the_port(odd, client, use, entry):
    if use is outcome and entry.endswith("2000"):
        entry = "port:free | 0 wait:never"
    task = asyncio.create_task(use(client.dial(entry)))
    await begun(odd, 2 if entry.endswith("2000") else 1)
    task.cancel()
    await hanging_up(odd)
    for _ in range(3):  # whoever cancels it
        task.cancel()
        await loop_turn()
    assert not task.done()
    assert odd.count("handles") == 1
    odd.open("free")
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (odd.count("handles"), odd.count("hang_ups")) == (0, 1)


@pytest.mark.asyncio
async def test_rasdial_returns_while_the_caller_is_leaving(odd, client, monkeypatch):
    """Its thread hangs up then, and the loop has to notice that it does."""
    loop = asyncio.get_running_loop()
    call_later = loop.call_later

    def be_slow(delay, callback, *args):
        if callback.__name__ == "_give_up":
            odd.open("return")
            odd.wait_count("handles", 0)
        return call_later(delay, callback, *args)

    task = asyncio.create_task(outcome(client.dial("late handle 0 wait:return")))
    await begun(odd)
    monkeypatch.setattr(loop, "call_later", be_slow)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (odd.count("handles"), odd.count("hang_ups")) == (0, 1)


@pytest.mark.asyncio
async def test_before_rasdial_is_called(odd, client):
    task = asyncio.create_task(outcome(client.dial("| 0 2000")))
    await loop_turn()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert odd.count("handles") == 0
    assert odd.count("hang_ups") in (0, 1)


@pytest.mark.asyncio
async def test_while_rasdial_runs(odd, client):
    task = asyncio.create_task(outcome(client.dial("late signal:inside wait:go | 0")))
    await asyncio.to_thread(odd.wait, "inside")
    task.cancel()
    await loop_turn()
    task.cancel()
    odd.open("go")
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (odd.count("handles"), odd.count("hang_ups")) == (0, 1)


@pytest.mark.parametrize("times", [1, 2, 5])
@pytest.mark.asyncio
async def test_while_its_connection_is_looked_up(odd, client, times):
    """It has connected, and nobody has the Connection yet."""
    odd.hold_lists(True)
    dialing = client.dial("| 0 2000")
    task = asyncio.create_task(outcome(dialing))
    await asyncio.to_thread(odd.wait_lists)
    for _ in range(times):
        task.cancel()
        await loop_turn()
    assert not task.done()
    odd.hold_lists(False)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (odd.count("handles"), odd.count("hang_ups")) == (0, 1)
    assert dialing.done


@pytest.mark.asyncio
async def test_in_the_moment_it_connects(odd, client):
    """The outcome is there, and the task that waits for it has not run yet."""
    dialing = client.dial("| 0 wait:go 2000")
    task = asyncio.create_task(outcome(dialing))
    await begun(odd)
    dialing._run.finished.add_done_callback(lambda future: task.cancel())
    odd.open("go")
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (odd.count("handles"), odd.count("hang_ups")) == (0, 1)


@pytest.mark.asyncio
async def test_in_the_moment_it_fails(odd, client):
    dialing = client.dial("| 0 wait:go 5!691")
    task = asyncio.create_task(outcome(dialing))
    await begun(odd)
    dialing._run.finished.add_done_callback(lambda future: task.cancel())
    odd.open("go")
    with pytest.raises(asyncio.CancelledError):
        await task
    assert dialing.error.code == 691


@pytest.mark.asyncio
async def test_two_waiters_and_one_is_cancelled(odd, client):
    dialing = client.dial("| 0 wait:never")
    tasks = [asyncio.create_task(outcome(dialing)) for _ in range(2)]
    await begun(odd)
    tasks[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await tasks[0]
    with pytest.raises(ras.HungUpError):
        await tasks[1]


@pytest.mark.asyncio
async def test_an_iterator_loses_no_event(odd, client):
    dialing = client.dial("| 0 wait:a 1 wait:b 2000")
    events = aiter(dialing)
    assert (await anext(events)).state == 0
    for gate, state in (("a", 1), ("b", 0x2000)):
        waiting = asyncio.ensure_future(anext(events))
        await loop_turn()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        odd.open(gate)
        assert (await anext(events)).state == state
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_hang_up_is_not_cut_short(odd, client):
    connection = await client.dial("port:free | 0 2000")
    task = asyncio.create_task(connection.hang_up())
    await hanging_up(odd)
    for _ in range(3):
        task.cancel()
        await loop_turn()
    assert not task.done()
    odd.open("free")
    with pytest.raises(asyncio.CancelledError):
        await task
    assert odd.count("handles") == 0
    assert await connection.hang_up()
    assert odd.count("hang_ups") == 1


@pytest.mark.asyncio
async def test_asyncio_timeout(odd, client):
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await client.dial("| 0 wait:never")
    assert odd.count("handles") == 0
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(outcome(client.dial("| 0 wait:never")), 0.02)
    assert odd.count("handles") == 0
    with pytest.raises(ras.DialTimeoutError) as raised:
        await client.dial("| 0 wait:never", timeout=0.02)
    assert isinstance(raised.value, TimeoutError)
    assert odd.count("handles") == 0


@pytest.mark.asyncio
async def test_a_task_group_that_fails(odd, client):
    async def fail():
        await begun(odd, 3)
        raise OSError("something else")

    with pytest.raises(ExceptionGroup) as raised:
        async with asyncio.TaskGroup() as group:
            for _ in range(3):
                group.create_task(outcome(client.dial("| 0 wait:never")))
            group.create_task(fail())
    assert [type(error) for error in raised.value.exceptions] == [OSError]
    assert (odd.count("handles"), odd.count("hang_ups")) == (0, 3)


@pytest.mark.parametrize("use", [outcome, enter])
@pytest.mark.anyio
async def test_a_cancelled_scope_of_anyio_does_not_spin(odd, client, use):
    """It cancels again and again, as long as a task of it waits."""
    loop: Any = asyncio.get_running_loop()  # with a selector, of asyncio
    turns = 0

    def count():
        nonlocal turns
        turns += 1

    entry = "port:free | 0 2000" if use is enter else "port:free | 0 wait:never"
    select = loop._selector.select
    loop._selector.select = lambda timeout=None: (count(), select(timeout))[1]
    try:
        with anyio.CancelScope() as scope:
            async with anyio.create_task_group() as group:
                group.start_soon(use, client.dial(entry))
                await begun(odd, 2 if use is enter else 1)
                loop.call_later(0.3, odd.open, "free")
                turns = 0
                scope.cancel()
        assert scope.cancelled_caught
    finally:
        del loop._selector.select
    assert odd.count("handles") == 0
    assert turns < 100  # a spinning loop makes thousands in that time


@pytest.mark.anyio
async def test_move_on_after(odd, client):
    dialing = client.dial("| 0 wait:never")
    await anext(aiter(dialing))
    with anyio.move_on_after(0.02) as scope:
        async with dialing:
            pass
    assert scope.cancelled_caught
    assert odd.count("handles") == 0
    with anyio.CancelScope() as scope:
        async with client.dial("| 0 2000") as connection:
            scope.cancel()
            await anyio.sleep_forever()
    assert scope.cancelled_caught
    with pytest.raises(ras.RasError):
        await connection.status()
    assert odd.count("hang_ups") == 2


def test_a_keyboard_interrupt(run, odd, client):
    """asyncio.run cancels the main task, which hangs up, and then raises."""

    async def main():
        loop = asyncio.get_running_loop()
        task = asyncio.ensure_future(outcome(client.dial("port:free | 0 wait:never")))
        await begun(odd)
        loop.call_soon(signal.raise_signal, signal.SIGINT)
        loop.call_later(0.02, odd.open, "free")
        await task

    with pytest.raises(KeyboardInterrupt), warnings.catch_warnings():
        run(main())
    assert (odd.count("handles"), odd.count("hang_ups")) == (0, 1)


@pytest.mark.asyncio
async def test_dials_that_are_cancelled_at_any_moment():
    """Wherever the cancellation falls, nothing is left in RAS."""
    with ras.Simulator(pace=0, release_delay=0) as sim:
        sim.add_entry("Office")
        client = ras.RasClient(sim)
        for turns in range(40):
            task = asyncio.create_task(client.dial("Office"))
            for _ in range(turns):
                await loop_turn()
            task.cancel()
            try:
                connection = await task
            except asyncio.CancelledError:
                pass
            else:
                await connection.hang_up()
            assert sim.counts.connections == 0
            assert sim.counts.open_ports == 0
