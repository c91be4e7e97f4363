"""Which wake for which loop, what each does by itself, and how a loop is touched from outside."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import cast

import pytest
from support.channels import SECONDS, BareLoop, Listener, announce, on_a_thread_of_ras, running
from support.loop_kinds import LOOPS
from support.open_handles import handles_at_rest, open_handles
from support.waiting import loop_turn

from rasdial_async import Simulator
from rasdial_async._native.binding.notify import MAX_TARGETS
from rasdial_async.backends.marshal import CallWake, Channel, DescriptorWake, SocketWake, Wake, on_loop, post


@pytest.fixture(scope="module")
def library():
    with Simulator() as simulator:
        yield simulator.backend.session.library


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
def test_a_loop_that_cannot_gets_the_next_best(make_loop, expected, library, monkeypatch):
    listener = Listener()

    async def main():
        before = handles_at_rest(monkeypatch)
        channel = Channel(asyncio.get_running_loop(), library, listener)
        announce(channel, [1])
        await listener.wait(1)
        channel.close()
        return type(channel.wake), open_handles() <= before

    with running(make_loop) as runner:
        runner.run(main())  # what the target itself keeps for ever is there from now on
        listener.events.clear()
        assert runner.run(main()) == (expected, True)
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

    monkeypatch.setattr("rasdial_async.backends.marshal.post", post_and_tell)

    async def main():
        channel = Channel(asyncio.get_running_loop(), library, listener, (CallWake,))
        announce(channel, [1])
        assert posted.wait(SECONDS)  # the loop stands still meanwhile
        channel.close()
        await loop_turn(3)

    asyncio.run(main())
    assert listener.events == []


# SocketWake by itself


def test_reading_goes_on_when_somebody_cancels_it(library):
    listener = Listener()

    async def main():
        channel = Channel(asyncio.get_running_loop(), library, listener, (SocketWake,))
        for number in range(3):
            cast("SocketWake", channel.wake)._waiting.cancel()
            await loop_turn()
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
        before = handles_at_rest(monkeypatch)
        for _ in range(3):
            with pytest.raises(RuntimeError, match="no thread to be had"):
                Channel(asyncio.get_running_loop(), library, Listener(), (SocketWake,))
        return open_handles() - before

    asyncio.run(main())
    assert asyncio.run(main()) <= 0


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
        post(cast("asyncio.AbstractEventLoop", Broken()), print)


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
