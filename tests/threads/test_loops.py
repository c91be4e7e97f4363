"""Several loops in several threads, loops that close, and dials that are dropped."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from support import odd_ras
from support.dials import awaited
from support.loop_kinds import LOOPS
from support.waiting import loop_turn

import rasdial_async as ras
from rasdial_async.backends.call import RasCall

SECONDS = odd_ras.SECONDS


async def first_event(dialing):
    return await anext(aiter(dialing))


def in_a_thread_each(count, work):
    """Runs work(n) in `count` threads at once; their results."""
    together = threading.Barrier(count)

    def start(n):
        together.wait()
        return work(n)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(start, range(count)))


def test_each_loop_has_its_own_dials(run, wake, odd, client):
    """Eight loops over one library: no event strays to another loop."""

    def work(n):
        async def main():
            entry = f"| storm:{20 + n} 2000"
            for _ in range(5):
                dialings = [client.dial(entry) for _ in range(3)]
                for connection in await asyncio.gather(*(awaited(dialing) for dialing in dialings)):
                    await connection.hang_up()
                for dialing in dialings:
                    assert [one.extended_error for one in dialing.events] == [*range(20 + n), 0]
                    assert {one.handle for one in dialing.events} == {dialing.handle}

        run(main(), [*LOOPS][n % 2])

    in_a_thread_each(8, work)
    assert odd.count("hang_ups") == odd.count("dials") == 8 * 5 * 3
    assert odd.count("invalid_hang_ups") == 0


def test_the_same_connected_entry_from_another_loop(run, odd, client):
    first = []

    async def dial():
        first.append(await client.dial("shared | 0 2000"))

    async def again():
        second = await client.dial("shared | 0 2000")
        assert second.handle == first[0].handle
        assert await second.hang_up()

    async def end():
        assert (await first[0].status()).connected
        assert await first[0].hang_up()

    run(dial())
    with ThreadPoolExecutor(1) as pool:
        pool.submit(run, again()).result()
    run(end())
    assert odd.count("hang_ups") == 2


def test_references_from_several_loops_at_once(run, odd, client):
    async def hold():
        connection = await client.dial("shared | 0 2000")
        in_a_thread_each(6, lambda n: run(use()))
        assert (await connection.status()).connected
        await connection.hang_up()

    async def use():
        for _ in range(5):
            async with client.dial("shared | 0 2000") as connection:
                assert (await connection.status()).connected

    run(hold())
    assert odd.count("hang_ups") == 31
    assert odd.count("invalid_hang_ups") == 0


def test_a_dial_belongs_to_its_loop(run, odd, client):
    dialing = client.dial("| 0 2000")

    async def dial():
        return await dialing

    async def elsewhere():
        with pytest.raises(RuntimeError, match="belongs to another event loop"):
            await dialing

    connection = run(dial())
    run(elsewhere())
    assert run(connection.hang_up())


def test_many_simulators_in_many_threads(run):
    def work(n):
        with ras.Simulator(pace=0, release_delay=0) as sim:
            sim.add_entry("Office", username="ada", password=f"secret{n}")
            client = ras.RasClient(sim)

            async def main():
                for _ in range(10):
                    async with client.dial("Office", username="ada", password=f"secret{n}"):
                        pass
                    with pytest.raises(ras.AuthenticationError):
                        await client.dial("Office", username="ada", password="secret")

            run(main())
            counts = sim.counts
            assert (counts.connections, counts.open_ports, counts.callbacks) == (0, 0, 0)

    in_a_thread_each(4, work)


# --- loops that close in the middle of a dial ---


@pytest.mark.parametrize(
    "entry",
    [
        "| 0 wait:never",  # RAS is silent
        "late signal:inside wait:go |",  # RasDialW runs
        "| 0 1 storm:100 wait:never",  # events wait in the queue
        "return:633 |",  # being hung up
        "| 0 5!691",
    ],
)
def test_a_loop_closed_in_the_middle_is_cleaned_up_when_the_dialing_is_dropped(odd, client, entry):
    loop = asyncio.new_event_loop()
    dialing = client.dial(entry)

    async def begin(dialing):
        dialing._begin()
        await asyncio.to_thread(odd.wait_count, "dials", 1)
        await loop.shutdown_default_executor()

    loop.run_until_complete(begin(dialing))
    loop.close()
    done = dialing.done
    kept = [dialing]
    del dialing
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        kept.clear()
    assert [one.category for one in caught] == [] if done else [ResourceWarning]
    odd.open("go")
    odd.wait_count("handles", 0)
    odd.wait_count("threads", 0)
    assert odd.count("hang_ups") == 1


def test_a_loop_closed_while_the_last_hang_up_is_reported(odd, client):
    """The thread that hangs up finds the loop open, and nobody runs what it posts there."""
    loop = asyncio.new_event_loop()
    dialing = client.dial("port:free | 0 wait:never")

    async def drop(kept):
        await loop_turn()
        kept.clear()
        await asyncio.to_thread(odd.wait_count, "hang_ups", 1)
        await loop.shutdown_default_executor()

    loop.run_until_complete(first_event(dialing))
    (call,) = client.backend.session.calls()
    kept = [dialing]
    del dialing
    with pytest.warns(ResourceWarning, match="dropped unfinished"):
        loop.run_until_complete(drop(kept))
    odd.open("free")
    assert call.wait(SECONDS)
    loop.close()
    client.backend.sweep()  # as the next dial on any loop does
    odd.wait_count("threads", 0)


def test_a_connection_that_is_up_before_rasdial_returns_outlives_its_loop(odd, client, monkeypatch):
    """RasDial finds no loop to return to: but the connection is the user's, not one that nobody waits for."""
    returned = threading.Event()
    run = RasCall.run

    def run_and_tell(call):
        run(call)
        returned.set()

    monkeypatch.setattr(RasCall, "run", run_and_tell)
    connection = asyncio.run(awaited(client.dial("handle 2000 wait:more |")))
    odd.open("more")
    assert returned.wait(SECONDS)
    assert odd.count("hang_ups") == 0
    asyncio.run(connection.hang_up())
    assert odd.count("hang_ups") == 1


def test_a_keyboard_interrupt_that_breaks_the_loop(odd, client):
    """Without asyncio.run nobody cancels anything."""
    loop = asyncio.new_event_loop()
    dialing = client.dial("| 0 wait:never")
    loop.run_until_complete(first_event(dialing))

    def interrupt():
        raise KeyboardInterrupt

    loop.call_soon(interrupt)
    with pytest.raises(KeyboardInterrupt):
        loop.run_forever()
    loop.close()
    kept = [dialing]
    del dialing
    with pytest.warns(ResourceWarning, match="dropped unfinished"):
        kept.clear()
    odd.wait_count("handles", 0)
    assert odd.count("hang_ups") == 1


def test_a_ctrl_c_while_an_event_is_handed_over(odd, client, monkeypatch):
    """Without the handler of asyncio.run it is a KeyboardInterrupt anywhere, here in what C has called."""
    take, interrupted = RasCall._take_one, []

    def take_and_interrupt(call, event):
        take(call, event)
        if event.state == 1 and not interrupted:
            interrupted.append(event)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(RasCall, "_take_one", take_and_interrupt)
    loop = asyncio.new_event_loop()
    dialing = client.dial("0 1 2 3 wait:go 2000 |")
    outcome = asyncio.ensure_future(_outcome(dialing), loop=loop)
    odd.open("go")
    with pytest.raises(KeyboardInterrupt):
        loop.run_until_complete(outcome)
    assert interrupted
    connection = loop.run_until_complete(outcome)  # the loop, and the dial, go on
    assert [event.state for event in dialing.events] == [0, 1, 2, 3, 0x2000]
    loop.run_until_complete(connection.hang_up())
    loop.close()


async def _outcome(dialing):
    return await dialing


# --- dropped ---


@pytest.mark.asyncio
async def test_a_dropped_dialing_is_hung_up(odd, client):
    dialing = client.dial("| 0 wait:never")
    await anext(aiter(dialing))
    kept = [dialing]
    del dialing
    with pytest.warns(ResourceWarning, match="was dropped unfinished: it is hung up"):
        kept.clear()
    await asyncio.to_thread(odd.wait_count, "handles", 0)
    await until_idle(client)


@pytest.mark.asyncio
async def test_a_dialing_dropped_while_rasdial_runs(odd, client):
    kept = [client.dial("late signal:inside wait:go |")]
    kept[0]._begin()
    await asyncio.to_thread(odd.wait, "inside")
    with pytest.warns(ResourceWarning, match="dropped unfinished"):
        kept.clear()
    await loop_turn()
    odd.open("go")
    await asyncio.to_thread(odd.wait_count, "hang_ups", 1)
    await asyncio.to_thread(odd.wait_count, "handles", 0)
    await until_idle(client)


@pytest.mark.asyncio
async def test_a_connection_that_nobody_took_is_hung_up(odd, client):
    dialing = client.dial("| 0 2000")
    async for _ in dialing:
        pass
    assert dialing.done
    kept = [dialing]
    del dialing
    with pytest.warns(ResourceWarning, match="connected, before anybody took its connection"):
        kept.clear()
    await asyncio.to_thread(odd.wait_count, "handles", 0)
    assert odd.count("hang_ups") == 1


@pytest.mark.asyncio
async def test_a_dialing_dropped_while_its_connection_is_looked_up(odd, client):
    odd.hold_lists(True)
    dialing = client.dial("| 0 2000")
    kept = [dialing]
    events = aiter(dialing)
    for _ in range(2):
        await anext(events)
    await asyncio.to_thread(odd.wait_lists)
    del dialing, events
    with pytest.warns(ResourceWarning, match="dropped unfinished"):
        kept.clear()
    odd.hold_lists(False)
    await asyncio.to_thread(odd.wait_count, "handles", 0)
    assert odd.count("hang_ups") == 1


@pytest.mark.asyncio
async def test_a_taken_connection_stays_up_when_its_dialing_is_dropped(odd, client):
    connection = await client.dial("| 0 2000")
    gc.collect()
    assert (await connection.status()).connected
    assert odd.count("hang_ups") == 0
    await connection.hang_up()


@pytest.mark.asyncio
async def test_a_dialing_in_a_cycle(odd, client):
    node = SimpleNamespace()
    node.itself = node
    node.dialing = client.dial("| 0 wait:never")
    await anext(aiter(node.dialing))
    del node
    with pytest.warns(ResourceWarning, match="dropped unfinished"):
        gc.collect()
    await asyncio.to_thread(odd.wait_count, "handles", 0)
    await until_idle(client)


@pytest.mark.asyncio
async def test_a_dial_that_was_never_begun_leaves_nothing(odd, client):
    client.dial("| 0 2000").close()
    gc.collect()
    assert odd.count("dials") == 0


async def until_idle(client):
    """The threads that hang up have told the loop, and the loop has listened."""
    for call in client.backend.session.calls():
        assert await asyncio.to_thread(call.wait, SECONDS)
    await loop_turn(3)  # what they posted before that comes first


class PlainTimers(asyncio.SelectorEventLoop):
    """As qasync's loop over Qt: what call_later gives can be cancelled, and no more."""

    def call_later(self, delay, callback, *args, context=None):
        return SimpleNamespace(cancel=super().call_later(delay, callback, *args, context=context).cancel)


def test_a_loop_whose_timers_can_only_be_cancelled():
    with ras.Simulator(pace=0) as simulator, asyncio.Runner(loop_factory=PlainTimers) as runner:
        simulator.add_entry("Office VPN")
        client = ras.RasClient(simulator)

        async def use():
            async with client.dial("Office VPN", timeout=SECONDS):
                pass
            simulator.script("Office VPN", [ras.Silence()])
            with pytest.raises(ras.DialTimeoutError):
                await client.dial("Office VPN", timeout=0.05)

        runner.run(asyncio.wait_for(use(), SECONDS))
        assert simulator.counts.open_ports == 0
