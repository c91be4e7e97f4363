"""From RAS's threads to the event loop: each wake, on each loop, to the same contract.

RAS is played by the test: it calls the RasDialFunc1 of a channel's target by its address.
"""

from __future__ import annotations

import asyncio
import gc
import threading

import pytest
from support.channels import SECONDS, BareLoop, Listener, announce, on_a_thread_of_ras, running
from support.loop_kinds import LOOPS, WAKES
from support.open_handles import open_handles
from support.waiting import loop_turn

from rasdial_async import Simulator
from rasdial_async.backends.marshal import CallWake, Channel
from rasdial_async.client.client import RasClient


def ways():
    for loop, make in LOOPS.items():
        for wake in WAKES:
            yield pytest.param(make, wake, id=f"{loop} {wake.__name__}")
    yield pytest.param(BareLoop, CallWake, id="bare CallWake")


each_way = pytest.mark.parametrize(("make_loop", "wake"), [*ways()])


@pytest.fixture(scope="module", autouse=True)
def idle_threads_have_ended():
    """Threads of earlier tests would end in the middle of a test that counts handles."""
    for thread in threading.enumerate():
        if thread.name.startswith("rasdial"):
            thread.join(SECONDS)


@pytest.fixture(scope="module")
def library():
    with Simulator() as simulator:
        yield simulator.backend.session.library


# Each wake


@each_way
def test_events_reach_the_sink_on_the_loops_thread_in_order(make_loop, wake, library):
    listener = Listener()

    async def main():
        channel = Channel(asyncio.get_running_loop(), library, listener, (wake,))
        assert type(channel.wake) is wake
        thread = on_a_thread_of_ras(announce, channel, range(200))
        await listener.wait(200)
        thread.join()
        channel.close()

    with running(make_loop) as runner:
        runner.run(main())
    assert listener.states == list(range(200))
    assert listener.threads == {threading.get_ident()}


@each_way
def test_each_event_wakes_a_loop_that_sleeps(make_loop, wake, library):
    listener = Listener()

    async def main():
        channel = Channel(asyncio.get_running_loop(), library, listener, (wake,))
        for number in range(20):
            announce(channel, [number])
            await listener.wait(number + 1)
        channel.close()

    with running(make_loop) as runner:
        runner.run(main())
    assert listener.states == list(range(20))


@each_way
def test_several_threads_of_ras_at_once_lose_nothing(make_loop, wake, library):
    listener = Listener()

    async def main():
        channel = Channel(asyncio.get_running_loop(), library, listener, (wake,))
        threads = [
            on_a_thread_of_ras(lambda handle=handle: announce(channel, range(100), handle=handle))
            for handle in (4, 8, 12)
        ]
        await listener.wait(300)
        for thread in threads:
            thread.join()
        channel.close()

    with running(make_loop) as runner:
        runner.run(main())
    for handle in (4, 8, 12):
        assert [event.state for event in listener.events if event.handle == handle] == list(range(100))


@each_way
def test_it_is_no_task_that_the_end_of_the_loop_would_cancel(make_loop, wake, library):
    listener = Listener()

    async def main():
        channel = Channel(asyncio.get_running_loop(), library, listener, (wake,))
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        channel.close()
        return tasks

    with running(make_loop) as runner:
        assert runner.run(main()) == set()


@each_way
def test_a_closed_channel_is_silent_and_leaves_no_descriptor(make_loop, wake, library):
    listener = Listener()

    async def main():
        for _ in range(3):  # what the target itself keeps for ever is there from now on
            Channel(asyncio.get_running_loop(), library, listener, (wake,)).close()
        left = []
        for _ in range(3):  # handles of older tests may go meanwhile, on threads that end
            before = open_handles()
            channel = Channel(asyncio.get_running_loop(), library, listener, (wake,))
            announce(channel, [1])
            channel.close()
            announce(channel, [2, 3])
            await loop_turn(5)  # whatever was under way
            left.append(open_handles() - before)
        assert 0 in left

    with running(make_loop) as runner:
        runner.run(main())
    assert listener.events == []


@each_way
def test_the_sink_may_close_the_channel(make_loop, wake, library):
    closed = []

    async def main():
        loop = asyncio.get_running_loop()
        done = loop.create_future()

        def sink(events):
            if not closed:
                channel.close()
                done.set_result(None)
            closed.extend(event.state for event in events)

        channel = Channel(loop, library, sink, (wake,))
        announce(channel, [1])
        async with asyncio.timeout(SECONDS):
            await done
        announce(channel, [2])
        await loop_turn(5)

    with running(make_loop) as runner:
        runner.run(main())
    assert closed == [1]


@each_way
def test_a_channel_may_be_closed_after_its_loop(make_loop, wake, library, caplog):
    listener = Listener()

    async def main():
        return Channel(asyncio.get_running_loop(), library, listener, (wake,))

    with running(make_loop) as runner:
        channel = runner.run(main())
    announce(channel, [1, 2])  # nobody is there to drain, and that is no error
    channel.close()
    assert listener.events == []
    gc.collect()
    assert caplog.records == []


@each_way
def test_a_whole_dial_runs_on_it(make_loop, wake, monkeypatch):
    monkeypatch.setattr("rasdial_async.backends.marshal.WAKES", (wake,))

    async def main():
        async with RasClient(simulator).dial("Office") as connection:
            return await connection.status()

    with Simulator(pace=0) as simulator, running(make_loop) as runner:
        simulator.add_entry("Office")
        assert runner.run(main()).connected
        assert simulator.counts.connections == 0
