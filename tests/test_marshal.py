"""From RAS's threads to the event loop: each wake, on each loop, to the same contract.

RAS is played by the test: it calls the RasDialFunc1 of a channel's target by its address.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from contextlib import contextmanager

import pytest
from loop_kinds import LOOPS, WAKES
from open_handles import open_handles

from rasdial_async import Simulator
from rasdial_async._marshal import (
    CallWake,
    Channel,
    DescriptorWake,
    SocketWake,
    Wake,
    on_loop,
    post,
)
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding.notify import MAX_TARGETS
from rasdial_async.client import RasClient

SECONDS = 10.0
WM_RASDIALEVENT = 0xCCCD


class BareLoop(asyncio.SelectorEventLoop):
    """A loop of somebody else's: it can do what every loop can, and watch nothing."""

    def add_reader(self, *arguments):
        raise NotImplementedError

    def sock_recv(self, *arguments):
        raise NotImplementedError


def ways():
    for loop, make in LOOPS.items():
        for wake in WAKES:
            yield pytest.param(make, wake, id=f"{loop} {wake.__name__}")
    yield pytest.param(BareLoop, CallWake, id="bare CallWake")


each_way = pytest.mark.parametrize(("make_loop", "wake"), [*ways()])


@pytest.fixture(scope="module", autouse=True)
def idle_threads_have_ended():
    """Those of earlier tests would end in the middle of a test that counts handles."""
    for thread in threading.enumerate():
        if thread.name.startswith("rasdial"):
            thread.join(SECONDS)


@pytest.fixture(scope="module")
def library():
    with Simulator() as simulator:
        yield simulator.backend.library


@contextmanager
def running(make_loop):
    with asyncio.Runner(loop_factory=make_loop, debug=True) as runner:
        yield runner


class Listener:
    """A channel's sink: notes what came, where, and lets a test wait for it."""

    def __init__(self):
        self.events = []
        self.threads = set()
        self._wanted = 0
        self._came = None

    def __call__(self, events):
        self.events += events
        self.threads.add(threading.get_ident())
        if self._came is not None and len(self.events) >= self._wanted and not self._came.done():
            self._came.set_result(None)

    @property
    def states(self):
        return [event.state for event in self.events]

    async def wait(self, count):
        self._wanted, self._came = count, asyncio.get_running_loop().create_future()
        if len(self.events) < count:
            async with asyncio.timeout(SECONDS):
                await self._came
        self._came = None


def announce(channel, states, *, handle=4, error=0):
    """RAS calls back, on the calling thread."""
    function = ffi.cast("void(*)(HRASCONN, UINT, DWORD, DWORD, DWORD)", channel.target.callback(False))
    for state in states:
        function(ffi.cast("HRASCONN", handle), WM_RASDIALEVENT, state, error, 0)


def on_a_thread_of_ras(function, *arguments):
    thread = threading.Thread(target=function, args=arguments)
    thread.start()
    return thread


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
            await asyncio.sleep(0.01)  # whatever was under way
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
        await asyncio.sleep(0.01)

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
    monkeypatch.setattr("rasdial_async._marshal.WAKES", (wake,))

    async def main():
        async with RasClient(simulator).dial("Office") as connection:
            return await connection.status()

    with Simulator(pace=0) as simulator, running(make_loop) as runner:
        simulator.add_entry("Office")
        assert runner.run(main()).connected
        assert simulator.counts.connections == 0


# Which wake for which loop


def test_a_loop_that_watches_descriptors_does_so(library):
    async def main():
        channel = Channel(asyncio.get_running_loop(), library, Listener())
        channel.close()
        return type(channel.wake)

    for make_loop in LOOPS.values():
        with running(make_loop) as runner:
            expected = SocketWake if sys.platform == "win32" else DescriptorWake
            assert runner.run(main()) is expected


@pytest.mark.parametrize(
    ("make_loop", "expected"),
    [
        pytest.param(
            type("NoReader", (asyncio.SelectorEventLoop,), {"add_reader": BareLoop.add_reader}),
            SocketWake,
            id="without add_reader",
        ),
        pytest.param(BareLoop, CallWake, id="without sock_recv too"),
        pytest.param(
            type("NoAttribute", (BareLoop,), {"add_reader": property(), "sock_recv": property()}),
            CallWake,
            id="without the very names",
        ),
        pytest.param(
            type(
                "NoCoroutine",
                (BareLoop,),
                {"sock_recv": lambda self, sock, size: self.create_future()},
            ),
            CallWake,
            id="sock_recv gives a future",
        ),
    ],
)
def test_a_loop_that_cannot_gets_the_next_best(make_loop, expected, library):
    listener = Listener()

    async def main():
        before = open_handles()
        channel = Channel(asyncio.get_running_loop(), library, listener)
        announce(channel, [1])
        await listener.wait(1)
        channel.close()
        return type(channel.wake), open_handles() - before

    with running(make_loop) as runner:
        runner.run(main())  # what the target itself keeps for ever is there from now on
        listener.events.clear()
        assert runner.run(main()) == (expected, 0)
    assert listener.states == [1]


def test_a_wake_that_cannot_be_made_gives_the_target_back(library):
    class Impossible(Wake):
        def __init__(self, loop, target):
            raise OSError("no more of these")

    async def main():
        for _ in range(MAX_TARGETS + 1):
            with pytest.raises(OSError, match="no more of these"):
                Channel(asyncio.get_running_loop(), library, Listener(), (Impossible,))

    asyncio.run(main())


def test_a_system_without_a_descriptor_takes_the_next_wake(library, monkeypatch):
    from rasdial_async._native.binding import NotifyTarget

    monkeypatch.setattr(NotifyTarget, "descriptor", lambda self: -1)

    async def main():
        channel = Channel(asyncio.get_running_loop(), library, Listener())
        channel.close()
        return type(channel.wake)

    assert asyncio.run(main()) is SocketWake


# CallWake by itself


def test_a_wake_that_was_under_way_when_the_channel_closed_drains_nothing(library, monkeypatch):
    listener, posted = Listener(), threading.Event()
    real = post

    def post_and_tell(*arguments):
        answer = real(*arguments)
        posted.set()
        return answer

    monkeypatch.setattr("rasdial_async._marshal.post", post_and_tell)

    async def main():
        channel = Channel(asyncio.get_running_loop(), library, listener, (CallWake,))
        announce(channel, [1])
        assert posted.wait(SECONDS)  # the loop stands still meanwhile
        channel.close()
        for _ in range(3):
            await asyncio.sleep(0)

    asyncio.run(main())
    assert listener.events == []


# SocketWake by itself


def test_reading_goes_on_when_somebody_cancels_it(library):
    listener = Listener()

    async def main():
        channel = Channel(asyncio.get_running_loop(), library, listener, (SocketWake,))
        for number in range(3):
            channel.wake._waiting.cancel()
            await asyncio.sleep(0)
            announce(channel, [number])
            await listener.wait(number + 1)
        channel.close()

    asyncio.run(main())
    assert listener.states == [0, 1, 2]


def test_a_relay_that_cannot_be_started_leaves_no_socket_behind(library, monkeypatch):
    from rasdial_async._native.binding import NotifyTarget

    def refuse(self, descriptor):
        raise RuntimeError("no thread to be had for the relay")

    monkeypatch.setattr(NotifyTarget, "relay_to_socket", refuse)

    async def main():
        before = open_handles()
        for _ in range(3):
            with pytest.raises(RuntimeError, match="no thread to be had"):
                Channel(asyncio.get_running_loop(), library, Listener(), (SocketWake,))
        return open_handles() - before

    asyncio.run(main())
    assert asyncio.run(main()) == 0


# post and on_loop


def test_post_runs_the_callback_on_the_loops_thread():
    async def main():
        loop = asyncio.get_running_loop()
        ran = loop.create_future()
        answers = []

        def callback(*arguments):
            ran.set_result((threading.get_ident(), arguments))

        on_a_thread_of_ras(lambda: answers.append(post(loop, callback, 1, "two"))).join()
        async with asyncio.timeout(SECONDS):
            assert await ran == (threading.get_ident(), (1, "two"))
        assert answers == [True]

    asyncio.run(main())


@pytest.mark.parametrize("make_loop", LOOPS.values(), ids=LOOPS)
def test_post_to_a_closed_loop_says_so(make_loop):
    loop = make_loop()
    loop.close()
    called = []
    assert post(loop, called.append, 1) is False
    assert called == []


def test_post_hides_no_other_error():
    class Broken:
        def call_soon_threadsafe(self, callback, *arguments):
            raise RuntimeError("something else")

        def is_closed(self):
            return False

    with pytest.raises(RuntimeError, match="something else"):
        post(Broken(), print)


def test_on_loop_is_true_on_its_thread_only():
    async def main():
        loop = asyncio.get_running_loop()
        other = asyncio.new_event_loop()
        answers = []
        on_a_thread_of_ras(lambda: answers.append(on_loop(loop))).join()
        answers += [on_loop(loop), on_loop(other)]
        other.close()
        return answers

    assert asyncio.run(main()) == [False, True, False]
