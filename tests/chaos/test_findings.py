"""Findings of the random driver, each as a small program of the second RAS library."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import shutil
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from support import odd_ras
from support.loop_kinds import LOOPS
from support.waiting import eventually, loop_turn, until

import rasdial_async as ras
from rasdial_async.backends import session, threads as _threads

SECONDS = odd_ras.SECONDS


@pytest.fixture(autouse=True)
def short_lived_threads(monkeypatch):
    monkeypatch.setattr(_threads, "IDLE_SECONDS", 0.01)


@pytest.fixture
def odd(odd_library, tmp_path):
    """A library of the test's own: where the test fails, something may be left in it."""
    odd = odd_ras.Odd(shutil.copy(odd_library.path, tmp_path))
    yield odd
    odd.wait_count("inside", 0)
    odd.wait_count("threads", 0)
    assert odd.count("handles") == 0
    assert odd.count("null_hang_ups") == 0
    assert odd.count("lost_callers") == 0


@pytest.fixture
def client(odd):
    return ras.RasClient(library=odd.path)


class OtherLoop:
    """A loop on a thread of its own."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def start(self, main):
        """Begins there; the future is of concurrent.futures."""
        return asyncio.run_coroutine_threadsafe(main, self.loop)

    def run(self, main):
        return self.start(main).result(SECONDS)

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(SECONDS)
        self.loop.close()


@pytest.fixture
def other_loop():
    other = OtherLoop()
    yield other
    other.close()


def stages(client):
    return [call.stage.value for call in client.backend.session.calls()]


async def watch(dialing):
    with contextlib.suppress(ras.DialError):
        async for _ in dialing:
            pass


def states(dialing):
    return [int(event.state) for event in dialing.events]


async def outcome(dialing):
    """Of a dial that somebody begins elsewhere."""
    return await dialing


async def wait(odd, gate):
    await asyncio.to_thread(odd.wait, gate)


@pytest.mark.asyncio
async def test_the_thread_of_a_dial_that_has_returned_is_that_of_the_next_one(odd, other_loop, monkeypatch):
    """The loop of the first is busy, so it has not heard of its RasDialW's return."""
    monkeypatch.setattr(session, "MAX_DIAL_THREADS", 1)
    client = ras.RasClient(library=odd.path)
    first = client.dial("signal:first | hungup")
    watching = asyncio.create_task(watch(first))
    await loop_turn()
    odd.wait("first")  # from here on this loop is busy
    second = client.dial("5 wait:go 2000 |")
    connecting = other_loop.start(outcome(second))
    until(lambda: second.events)
    odd.open("go")
    connection = connecting.result(SECONDS)
    assert states(second) == [5, 0x2000]
    await wait(odd, "first")
    await first.hang_up()
    await watching
    assert states(first) == []
    assert first.connection is None
    assert other_loop.run(connection.hang_up())


async def cancel_while_it_polls(client, odd, second):
    """A dial is cancelled and its port released; while it asks for the status, `second` has its handle."""
    first = asyncio.create_task(
        outcome(client.dial("late asked:look | 0 hungup wait:asked gone signal:freed"))
    )
    await asyncio.to_thread(odd.wait_count, "callbacks", 1)
    dialing = client.dial(second)
    watching = asyncio.create_task(watch(dialing))
    await wait(odd, "begun")
    first.cancel()
    await wait(odd, "taken")
    return first, dialing, watching


@pytest.mark.asyncio
async def test_a_cancelled_dial_does_not_wait_for_the_next_owner_of_its_handle(client, odd):
    first, second, watching = await cancel_while_it_polls(
        client, odd, "signal:begun wait:freed take handle signal:taken 0 | hungup"
    )
    odd.open("look")
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(first, SECONDS / 2)
    assert odd.count("hang_ups") == 1
    await second.hang_up()
    await watching
    assert odd.count("hang_ups") == 2


@pytest.mark.asyncio
async def test_a_dead_connection_is_hung_up_while_an_older_dial_still_polls_its_handle(client, odd):
    first, second, watching = await cancel_while_it_polls(
        client,
        odd,
        "signal:begun wait:freed take handle signal:taken 0 2000 | status:2001 signal:dead hungup",
    )
    await watching
    connection = await second
    await wait(odd, "dead")
    assert await asyncio.wait_for(connection.hang_up(), SECONDS)
    assert odd.count("hang_ups") == 2
    odd.open("look")
    await asyncio.wait([first])
    assert odd.count("handles") == 0


class StopsLoop(ras.DialObserver):
    """An observer that stops the loop when the dial has its outcome."""

    def on_over(self, connection, error):
        asyncio.get_running_loop().stop()


@pytest.mark.parametrize("kind", LOOPS)
@pytest.mark.parametrize("shape", ["task", "nested"])
def test_a_loop_that_closes_between_a_success_and_the_turn_of_who_waits(odd, kind, shape):
    loop = LOOPS[kind]()
    client = ras.RasClient(library=odd.path)
    client.dial_observer = StopsLoop

    async def nested():
        await asyncio.wait_for(outcome(client.dial("| 0 2000")), SECONDS)

    main = nested() if shape == "nested" else outcome(client.dial("| 0 2000"))
    task = loop.create_task(main)
    loop.run_forever()
    assert not task.done()
    loop.close()
    task._log_destroy_pending = False  # type: ignore[attr-defined]
    kept = [task, main]
    del task, main

    def collect():
        kept.clear()
        gc.collect()

    with pytest.warns(ResourceWarning, match="it is hung up"):
        collect()
    odd.wait_count("handles", 0)


@pytest.mark.parametrize("entry", ["2000 wait:go |", "0 2000 wait:go |", "new 2000 wait:go |"])
@pytest.mark.asyncio
async def test_a_connection_has_its_handle_before_rasdial_has_stored_it(client, odd, entry):
    dialing = client.dial(entry)
    task = asyncio.create_task(outcome(dialing))
    await asyncio.to_thread(odd.wait_count, "callbacks", entry.count("0 "))
    for _ in range(5):  # the loop takes the event
        await asyncio.sleep(0.01)
    odd.open("go")
    connection = await asyncio.wait_for(task, SECONDS)
    assert connection.handle == 0x5100
    assert (await connection.status()).connected
    assert await connection.hang_up()
    assert odd.count("hang_ups") == 1


@pytest.mark.asyncio
async def test_a_connection_that_died_while_its_loop_was_busy_is_not_the_next_one_with_its_handle(
    client, odd, other_loop
):
    first = client.dial("late | wait:go 2000 dead signal:freed")
    watching = asyncio.create_task(watch(first))
    await asyncio.to_thread(until, lambda: first.handle)
    odd.open("go")  # from here on this loop is busy
    odd.wait("freed")
    second = other_loop.run(outcome(client.dial("0 2000 | hungup")))
    await watching
    if first.error is None:
        connection = await first
        assert await connection.hang_up()
    assert odd.count("hang_ups") == 0
    assert other_loop.run(second.status()).connected
    assert other_loop.run(second.hang_up())


class Refusal:
    """The system has no thread for a pool, so many times."""

    def __init__(self, monkeypatch, pool, times=1):
        self.left = times
        start = _threads.Worker.start

        def refuse(worker):
            if worker._pool.name == pool and self.left:
                self.left -= 1
                raise RuntimeError("can't start new thread")
            start(worker)

        monkeypatch.setattr(_threads.Worker, "start", refuse)


def test_a_refused_thread_for_the_list_of_connections_harms_no_later_dial(client, odd, monkeypatch):
    refusal = Refusal(monkeypatch, "rasdial-call")

    async def dial_twice():
        with contextlib.suppress(RuntimeError):  # the dial may be refused before it begins
            first = await client.dial("| 0 2000")
            assert await first.hang_up()
        assert refusal.left == 0
        second = await client.dial("| 0 2000")
        assert await second.hang_up()

    loop = asyncio.new_event_loop()
    task = loop.create_task(dial_twice())
    loop.run_until_complete(asyncio.wait([task], timeout=SECONDS / 2))
    assert task.done()  # a dial that hangs can't be cancelled either
    task.result()
    loop.close()


@pytest.mark.asyncio
async def test_a_refused_thread_for_a_hang_up_leaks_no_handle(client, odd, monkeypatch):
    task = asyncio.create_task(outcome(client.dial("| 0 hungup")))
    await asyncio.to_thread(odd.wait_count, "callbacks", 1)
    await eventually(lambda: stages(client) == ["returned"])
    Refusal(monkeypatch, "rasdial-call", times=1000)
    task.cancel()
    await asyncio.wait([task], timeout=SECONDS / 2)
    assert task.done()
    await asyncio.to_thread(odd.wait_count, "handles", 0)


PROGRAM = """
    import asyncio, os, resource, sys
    sys.path.insert(0, {tests!r})
    from support import odd_ras
    import rasdial_async as ras
    odd = odd_ras.Odd({library!r})
    client = ras.RasClient(library=odd.path)

    async def main():
        dialing = client.dial("| 0 wait:go 5!691")
        async for event in dialing:
            break
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) - 1, hard))
        taken = []
        try:
            while True:
                taken.append(os.dup(0))
        except OSError:
            pass
        odd.open("go")
        try:
            await asyncio.wait_for(dialing, 5)
        except ras.AuthenticationError as error:
            code = error.code
        finally:
            for descriptor in taken:
                os.close(descriptor)
        print(code, odd.count("handles"))

    asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no RLIMIT_NOFILE on Windows")
def test_the_first_failure_without_a_descriptor(odd_library):
    source = PROGRAM.format(tests=str(Path(__file__).parents[1]), library=str(odd_library.path))
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("691 0\n", "")


@pytest.mark.parametrize("kind", LOOPS)
@pytest.mark.parametrize("entry", ["| 0 2000", "| 0 hungup"])
def test_a_dial_dropped_while_its_loop_stands_still_is_hung_up(client, odd, kind, entry):
    loop = LOOPS[kind]()

    async def begin():
        dialing = client.dial(entry)
        last = 0x2000 if "2000" in entry else 0
        async for event in dialing:
            if event.state == last:
                break
        await eventually(lambda: "calling" not in stages(client))
        return dialing

    dialing = loop.run_until_complete(begin())
    kept = [dialing]
    del dialing
    with pytest.warns(ResourceWarning, match="it is hung up"):
        kept.clear()
    loop.close()
    odd.wait_count("handles", 0)


@pytest.mark.asyncio
async def test_a_dial_is_not_told_what_was_its_handles_before(client, odd):
    """Its RasDialW has begun when the first owner connects; then that one's line goes dead."""
    first = client.dial("late | wait:go 2000 wait:die dead signal:freed")
    watching_first = asyncio.create_task(watch(first))
    await asyncio.to_thread(until, lambda: first.handle)
    second = client.dial("signal:begun wait:freed take | wait:end 7 hungup")
    watching_second = asyncio.create_task(watch(second))
    await wait(odd, "begun")
    odd.open("go")
    await asyncio.wait_for(watching_first, SECONDS)
    assert await first
    odd.open("die")
    await wait(odd, "freed")
    await asyncio.to_thread(until, lambda: second.handle)
    odd.open("end")
    await asyncio.wait_for(anext(aiter(second)), SECONDS)
    await second.hang_up()
    await watching_second
    assert (states(first), states(second)) == ([0x2000], [7])


@pytest.mark.parametrize("kind", LOOPS)
@pytest.mark.parametrize("what", ["dialing", "connection"])
def test_a_block_that_ends_with_its_loop_hangs_up(client, odd, kind, what):
    """Python closes the coroutine, in which nothing can be awaited any more."""
    loop = LOOPS[kind]()

    async def enter():
        async with client.dial("| 0 2000") if what == "dialing" else await client.dial("| 0 2000"):
            loop.stop()
            await loop.create_future()

    task = loop.create_task(enter())
    loop.run_forever()
    loop.close()
    task._log_destroy_pending = False  # type: ignore[attr-defined]
    del task
    gc.collect()
    odd.wait_count("handles", 0)


@pytest.mark.asyncio
async def test_a_connection_is_hung_up_from_a_second_loop_while_the_first_one_still_waits(client, odd):
    """RAS may have given the handle again by the time of a second RasHangUpW."""
    first = OtherLoop()
    connection = await asyncio.to_thread(first.run, outcome(client.dial("port:free | 0 2000")))
    first.start(connection.hang_up())
    await asyncio.to_thread(odd.wait_count, "hang_ups", 1)
    first.close()
    hanging_up = asyncio.create_task(connection.hang_up())
    await asyncio.to_thread(odd.open, "free")
    assert await asyncio.wait_for(hanging_up, SECONDS)
    assert odd.count("hang_ups") == 1


@pytest.mark.asyncio
async def test_a_hang_up_that_is_refused_once_is_tried_again_where_nobody_else_would(client, odd):
    task = asyncio.create_task(outcome(client.dial("once:753 | 0 wait:never")))
    await asyncio.to_thread(odd.wait_count, "callbacks", 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, SECONDS)
    assert (odd.count("hang_ups"), odd.count("handles")) == (2, 0)


@pytest.mark.asyncio
async def test_a_dial_that_gets_its_handle_a_moment_before_its_last_owner_hangs_up_is_over(
    client, odd, monkeypatch
):
    """No client can see that moment; the dial ends with the hang-up, of which RAS tells it nothing."""
    first = await client.dial("| 0 2000 dead")
    await asyncio.to_thread(odd.wait_count, "handles", 0)
    second = asyncio.create_task(outcome(client.dial("signal:begun wait:go take handle | wait:never")))
    await wait(odd, "begun")
    looks = session.Session._given_again

    def look(self, handle):
        answer = looks(self, handle)
        if handle is first.ras_handle:
            odd.open("go")
            until(lambda: [call for call in client.backend.session.calls() if call.hrasconn])
        return answer

    monkeypatch.setattr(session.Session, "_given_again", look)
    assert await first.hang_up()
    with pytest.raises(ras.HungUpError):
        await asyncio.wait_for(second, SECONDS)
    await asyncio.to_thread(odd.wait_count, "handles", 0)


@pytest.mark.parametrize("other", ["| 2000", "| 0 2000"])
@pytest.mark.asyncio
async def test_a_dead_connection_is_not_the_next_one_with_its_handle(client, odd, other):
    """The next one is of another entry, so it is no reference to the first, whatever it reports."""
    first = await client.dial("| 0 1 2000 dead")
    await asyncio.to_thread(odd.wait_count, "handles", 0)
    second = await client.dial(other)
    assert second.handle == first.handle
    assert await first.hang_up()
    assert odd.count("hang_ups") == 0
    assert (await second.status()).connected
    assert await second.hang_up()


@pytest.mark.asyncio
async def test_a_refusal_that_nobody_is_there_to_see(client, odd, caplog):
    connection = await client.dial("once:753 | 0 2000")
    hanging_up = client.backend.hang_up(connection.ras_handle, SECONDS, False)
    await asyncio.wait([hanging_up])
    del hanging_up
    gc.collect()
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []
    assert await connection.hang_up()
