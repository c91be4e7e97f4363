"""The contract of RAS thread -> event loop, the same on every way of waking and every loop."""

from __future__ import annotations

import asyncio
import threading

import pytest
from support.dials import awaited
from support.loop_kinds import LOOPS

import rasdial_async as ras
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import library as binding
from rasdial_async.backends.marshal import Channel

CONNECTED = ras.ConnectionState.CONNECTED


async def first_event(dialing):
    return await anext(aiter(dialing))


def address(pointer):
    return int(ffi.cast("uintptr_t", pointer))


async def storm(odd, events, error=0):
    """64 threads of C call one RasDialFunc1. What reached the sink, by handle."""
    loop = asyncio.get_running_loop()
    got: dict[int, list[int]] = {}
    threads = set()
    everything = asyncio.Event()
    left = 64 * events

    def sink(events):
        nonlocal left
        threads.add(threading.get_ident())
        for event in events:
            got.setdefault(event.handle, []).append(event.extended_error)
        left -= len(events)
        if left == 0:
            everything.set()

    channel = Channel(loop, binding.open_library(str(odd.path)), sink)
    try:
        callback = channel.target.begin()
        await asyncio.to_thread(odd.storm, address(callback.function()), 64, events, error)
        await everything.wait()
        assert threads == {threading.get_ident()}
        assert channel.target.counters() == (0, 0, 0)
        callback.close()
    finally:
        channel.close()
    return got


def test_64_threads_at_once(run, loop_kind, wake, odd):
    """Nothing lost, nothing twice, and the events of each dial in order."""
    got = run(storm(odd, 500), loop_kind)
    assert got == {0xA000 + number: list(range(500)) for number in range(64)}


def test_64_dials_at_once(run, loop_kind, wake, odd, client):
    async def main():
        dialings = [client.dial(f"| wait:go storm:40 200{'0' if n % 2 else '1!691'}") for n in range(64)]
        tasks = [asyncio.ensure_future(awaited(dialing)) for dialing in dialings]
        await asyncio.to_thread(odd.wait_count, "threads", 64)
        odd.open("go")
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        for n, (dialing, outcome) in enumerate(zip(dialings, outcomes, strict=True)):
            numbers = [event.extended_error for event in dialing.events]
            assert numbers == [*range(40), 0]
            assert {event.handle for event in dialing.events} == {dialing.handle}
            assert getattr(outcome, "code", 0) == (0 if n % 2 else 691)
        assert len({dialing.handle for dialing in dialings}) == 64
        await asyncio.gather(*(dialing.hang_up() for dialing in dialings))

    run(main(), loop_kind)
    assert odd.count("hang_ups") == 64
    assert odd.count("invalid_hang_ups") == 0


def test_an_idle_loop_is_woken(run, loop_kind, wake, odd, client):
    """Each event comes alone, after the loop has gone to sleep."""

    async def main():
        dialing = client.dial("| 0 wait:a 1 wait:b 2 wait:c 2000")
        events = aiter(dialing)
        for gate in "abc":
            await anext(events)
            odd.open(gate)
        assert (await anext(events)).state == CONNECTED
        await dialing.hang_up()

    run(main(), loop_kind)


@pytest.mark.parametrize("entry", ["0 1 2000 |", "new 0 1 2000 |", "0 | 1 2000", "| 0 1 2000"])
def test_events_older_than_the_return_of_rasdial(run, loop_kind, wake, odd, client, entry):
    async def main():
        async with client.dial(entry) as connection:
            assert connection.handle
        dialing = client.dial(entry)
        assert [int(event.state) async for event in dialing] == [0, 1, 0x2000]
        await dialing.hang_up()

    run(main(), loop_kind)


def test_queues_that_come_and_go(run, loop_kind, wake, odd, client):
    """The last dial of a loop gives its queue back, also to a dial that begins at that very moment."""

    async def main():
        for _ in range(20):
            async with client.dial("| 0 2000"):
                pass
            with pytest.raises(ras.AuthenticationError):
                await client.dial("| 0 5!691")

    run(main(), loop_kind)
    assert odd.count("hang_ups") == 40


def test_a_held_error(run, loop_kind, wake, odd, client):
    async def main():
        dialing = client.dial("late | 0 5!691 signal:went", hold_errors=True)
        events = aiter(dialing)
        assert [(await anext(events)).error for _ in range(2)] == [0, 691]
        async with client.dial("| 0 2000"):
            assert odd.count("inside") == 1
        with pytest.raises(ras.AuthenticationError):
            await anext(events)
        await asyncio.to_thread(odd.wait, "went")

    run(main(), loop_kind)


def test_the_end_of_asyncio_run_hangs_up(run, loop_kind, wake, odd, client):
    """It cancels every task, and nothing of the hang-up may depend on one of them."""

    async def main():
        for _ in range(5):
            task = asyncio.ensure_future(awaited(client.dial("port:free | 0 wait:never")))
            tasks.append(task)
        await asyncio.to_thread(odd.wait_count, "callbacks", 5)
        asyncio.get_running_loop().call_later(0.02, odd.open, "free")

    tasks = []
    run(main(), loop_kind)
    assert [task.cancelled() for task in tasks] == [True] * 5
    assert odd.count("handles") == 0
    assert odd.count("hang_ups") == 5


def test_a_loop_that_closes_in_the_middle(run, loop_kind, wake, odd, client):
    """asyncio tells nobody; the next dial on any loop finds out, and late events reach nobody."""
    loop = LOOPS[loop_kind]()
    dialing = client.dial("late | 0 wait:go 1 2 3 2000 signal:done")

    loop.run_until_complete(first_event(dialing))
    loop.close()
    odd.open("go")
    odd.wait("done")

    async def main():
        async with client.dial("| 0 2000"):
            pass

    run(main(), loop_kind)
    odd.wait_count("handles", 0)
    assert len(dialing.events) == 1
    assert odd.count("hang_ups") == 2
    kept = [dialing]
    del dialing
    with pytest.warns(ResourceWarning, match="dropped unfinished"):
        kept.clear()
