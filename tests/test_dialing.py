"""A dial: awaited, iterated, entered, cancelled, timed out, dropped; and nothing is ever left behind."""

from __future__ import annotations

import asyncio
import gc
import logging
import re
import threading
import time
import warnings

import pytest
from time_out import time_out

from rasdial_async import (
    AuthenticationError,
    Connection,
    ConnectionState,
    DialError,
    DialEvent,
    Dialing,
    DialTimeoutError,
    Fail,
    HungUpError,
    LineBusyError,
    Login,
    PhonebookError,
    PortError,
    RasClient,
    RasError,
    Redial,
    Silence,
    Simulator,
    Step,
)
from rasdial_async._dial_run import DialPlan, DialRun
from rasdial_async._native.binding import NotifyTarget
from rasdial_async._request import DialRequest
from rasdial_async.backends._ras_call import RasCall
from rasdial_async.backends.base import DialCall, Link

OPEN_PORT = ConnectionState.OPEN_PORT
AUTHENTICATE = ConnectionState.AUTHENTICATE
CONNECTED = ConnectionState.CONNECTED
SECONDS = 10.0  # a bound for what happens at once

CONNECTS = [Step(OPEN_PORT), Step(AUTHENTICATE), Step(CONNECTED)]
HANGS = [Step(OPEN_PORT), Step(AUTHENTICATE), Silence()]
FAILS = [Step(OPEN_PORT), Step(AUTHENTICATE), Fail(691, extended=42)]


@pytest.fixture
def sim():
    with Simulator(pace=0, release_delay=0.001) as simulator:
        for name, script in {"Office": CONNECTS, "Stuck": HANGS, "Wrong": FAILS}.items():
            simulator.add_entry(name)
            simulator.script(name, script)
        yield simulator
        deadline = time.monotonic() + SECONDS
        while simulator.backend.calls() and time.monotonic() < deadline:
            simulator.backend.sweep()  # the loop of the test may have closed
            time.sleep(0.001)
        assert simulator.backend.calls() == [], "a dial of this test is never over"


@pytest.fixture
def client(sim):
    return RasClient(sim)


def nothing_left(sim):
    counts = sim.counts
    in_ras = (counts.connections, counts.open_ports, counts.callbacks)
    return in_ras == (0, 0, 0) and not sim.backend.calls()


async def eventually(condition):
    """Until it is so; threads of the package tell nobody when they are done."""
    async with asyncio.timeout(SECONDS):
        while not condition():  # noqa: ASYNC110 - nobody sets an event for it
            await asyncio.sleep(0.001)


async def reach(dialing, state):
    """An iterator that has come as far as this state."""
    events = aiter(dialing)
    async for event in events:
        if event.state == state:
            return events
    raise AssertionError(f"{state} never came")


async def states(dialing):
    return [event.state async for event in dialing]


async def history(dialing):
    """What an iterator gives, and what ends it."""
    events, seen = aiter(dialing), []
    while True:
        try:
            seen.append(await anext(events))
        except (StopAsyncIteration, DialError) as end:
            return seen, end


# Await


@pytest.mark.asyncio
async def test_nothing_is_dialed_before_it_is_awaited_iterated_or_entered(sim, client):
    dialing = client.dial("Office")
    assert (dialing.events, dialing.state, dialing.done) == ((), None, False)
    assert (dialing.connection, dialing.error, dialing.handle) == (None, None, None)
    assert repr(dialing) == "<Dialing 'Office' not begun simulated>"
    await asyncio.sleep(0)
    assert sim.counts.dials == 0


@pytest.mark.asyncio
async def test_awaiting_gives_the_connection(sim, client):
    dialing = client.dial("Office")
    connection = await dialing
    assert isinstance(connection, Connection)
    assert connection is dialing.connection
    assert connection.entry == "Office"
    assert connection.handle == dialing.handle != 0
    assert (await connection.status()).connected
    assert dialing.done
    assert dialing.error is None
    assert dialing.state is CONNECTED
    assert [event.state for event in dialing.events] == [OPEN_PORT, AUTHENTICATE, CONNECTED]
    assert {event.handle for event in dialing.events} == {connection.handle}
    assert repr(dialing) == "<Dialing 'Office' connected simulated>"
    await connection.hang_up()
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_awaiting_a_dial_that_fails_raises_why(sim, client):
    dialing = client.dial("Wrong")
    with pytest.raises(AuthenticationError) as caught:
        await dialing
    error = caught.value
    assert (error.code, error.extended_error, error.function) == (691, 42, "RasDialW")
    assert error.state is AUTHENTICATE
    assert error.event is dialing.events[-1]
    assert dialing.error is error
    assert dialing.done
    assert dialing.connection is None
    assert repr(dialing) == "<Dialing 'Wrong' failed with 691 simulated>"
    assert nothing_left(sim), "the handle of a failed dial is hung up before anybody is told"


@pytest.mark.asyncio
async def test_awaiting_again_gives_the_same_outcome(sim, client):
    success, failure = client.dial("Office"), client.dial("Wrong")
    connection = await success
    assert await success is connection
    for _ in range(2):
        with pytest.raises(AuthenticationError) as caught:
            await failure
        assert caught.value is failure.error
    assert sim.counts.dials == 2
    await connection.hang_up()
    assert await success is connection


@pytest.mark.asyncio
async def test_raising_an_error_again_does_not_pile_up_its_traceback(client):
    dialing = client.dial("Wrong")
    depths = []
    for _ in range(3):
        try:
            await dialing
        except AuthenticationError as error:
            depth, traceback = 0, error.__traceback__
            while traceback:
                depth, traceback = depth + 1, traceback.tb_next
            depths.append(depth)
    assert depths[0] == depths[1] == depths[2]


@pytest.mark.asyncio
async def test_several_tasks_may_wait_for_one_dial(sim, client):
    dialing = client.dial("Office")

    async def wait():
        return await dialing

    connections = await asyncio.gather(*(wait() for _ in range(3)))
    assert len(set(map(id, connections))) == 1
    assert sim.counts.dials == 1
    await connections[0].hang_up()


@pytest.mark.asyncio
async def test_wait_for_takes_a_dialing(client):
    connection = await asyncio.wait_for(client.dial("Office"), SECONDS)
    await connection.hang_up()


@pytest.mark.asyncio
async def test_gather_takes_dialings(sim, client):
    sim.add_entry("Home")
    connections = await asyncio.gather(client.dial("Office"), client.dial("Home"))
    assert [connection.entry for connection in connections] == ["Office", "Home"]
    for connection in connections:
        await connection.hang_up()


@pytest.mark.asyncio
async def test_many_dials_run_at_the_same_time(sim, client):
    """More than there are threads to call RasDial."""
    names = [f"Line {number}" for number in range(100)]
    for name in names:
        sim.add_entry(name)
    connections = await asyncio.gather(*(client.dial(name) for name in names))
    assert sorted(connection.entry for connection in connections) == sorted(names)
    assert len({connection.handle for connection in connections}) == 100
    await asyncio.gather(*(connection.hang_up() for connection in connections))
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_refusal_of_rasdial_is_the_outcome(sim, client):
    dialing = client.dial("Nowhere")
    with pytest.raises(PhonebookError) as caught:
        await dialing
    assert (caught.value.code, caught.value.function) == (623, "RasDialW")
    assert (caught.value.event, caught.value.state) == (None, None)
    assert dialing.events == ()
    assert dialing.handle is None


@pytest.mark.asyncio
async def test_a_handle_that_came_with_a_refusal_is_hung_up(sim, client):
    sim.refuse("Office", 680, handle=True)
    with pytest.raises(DialError) as caught:
        await client.dial("Office")
    assert caught.value.code == 680
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_the_official_text_is_the_message(sim, client):
    with pytest.raises(AuthenticationError) as caught:
        await client.dial("Wrong")
    assert caught.value.message == sim.backend.library.error_text(691)


@pytest.mark.asyncio
async def test_a_number_is_dialed_without_an_entry(sim, client):
    dialing = client.dial("", phone_number="5550100")
    assert dialing.entry == "5550100"
    async with dialing as connection:
        assert "5550100" in connection.entry
        assert (await connection.status()).phone_number == "5550100"
        assert connection.device_type == "modem"
    assert nothing_left(sim)


# Iterate


@pytest.mark.asyncio
async def test_iterating_gives_every_event_and_ends_when_connected(sim, client):
    dialing = client.dial("Office")
    assert await states(dialing) == [OPEN_PORT, AUTHENTICATE, CONNECTED]
    assert dialing.done
    connection = await dialing
    await connection.hang_up()


@pytest.mark.asyncio
async def test_iterating_gives_the_failing_event_and_then_raises(sim, client):
    dialing = client.dial("Wrong")
    seen, error = await history(dialing)
    assert [(event.state, event.error) for event in seen] == [
        (OPEN_PORT, 0),
        (AUTHENTICATE, 0),
        (AUTHENTICATE, 691),
    ]
    assert isinstance(error, AuthenticationError)
    assert error.event is seen[-1]
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_refusal_raises_at_the_first_step(client):
    with pytest.raises(PhonebookError):
        await anext(aiter(client.dial("Nowhere")))


@pytest.mark.asyncio
async def test_each_of_several_iterators_sees_the_whole_history(sim, client):
    dialing = client.dial("Stuck")
    first = await reach(dialing, AUTHENTICATE)
    second = [event async for event in _first(dialing, 2)]
    assert second == list(dialing.events)
    waiting = [asyncio.ensure_future(anext(iterator)) for iterator in (first, aiter(dialing))]
    await eventually(waiting[1].done)
    assert waiting[1].result() is dialing.events[0]
    assert not waiting[0].done()
    sim.drop("Stuck", 676)
    assert (await waiting[0]).error == 676
    with pytest.raises(LineBusyError):
        await anext(first)


async def _first(dialing, count):
    events = aiter(dialing)
    for _ in range(count):
        yield await anext(events)


@pytest.mark.asyncio
async def test_several_tasks_iterate_at_once(client):
    dialing = client.dial("Office")
    histories = await asyncio.gather(*(states(dialing) for _ in range(4)))
    assert all(history == [OPEN_PORT, AUTHENTICATE, CONNECTED] for history in histories)
    await (await dialing).hang_up()


@pytest.mark.asyncio
async def test_iterating_after_the_end_gives_the_history_again(client):
    success, failure = client.dial("Office"), client.dial("Wrong")
    connection = await success
    assert await states(success) == await states(success) == [OPEN_PORT, AUTHENTICATE, CONNECTED]
    await connection.hang_up()
    assert await states(success) == [OPEN_PORT, AUTHENTICATE, CONNECTED]
    with pytest.raises(AuthenticationError):
        await failure
    seen, error = await history(failure)
    assert error is failure.error
    assert tuple(seen) == failure.events


@pytest.mark.asyncio
async def test_an_iterator_that_has_ended_stays_ended(client):
    dialing = client.dial("Office")
    events = aiter(dialing)
    assert aiter(events) is events
    async for _ in events:
        pass
    for _ in range(2):
        with pytest.raises(StopAsyncIteration):
            await anext(events)
    failing = aiter(client.dial("Wrong"))
    for _ in range(3):
        await anext(failing)
    for _ in range(2):
        with pytest.raises(AuthenticationError):
            await anext(failing)
    await (await dialing).hang_up()


@pytest.mark.asyncio
async def test_leaving_the_loop_does_not_stop_the_dial(client):
    dialing = client.dial("Office")
    async for event in dialing:
        assert event.state is OPEN_PORT
        break
    connection = await dialing
    assert (await connection.status()).connected
    await connection.hang_up()


@pytest.mark.asyncio
async def test_cancelling_a_step_loses_no_event_and_the_dial_goes_on(sim, client):
    dialing = client.dial("Stuck")
    events = await reach(dialing, AUTHENTICATE)
    for _ in range(3):
        step = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        step.cancel()
        with pytest.raises(asyncio.CancelledError):
            await step
    assert sim.counts.connections == 1
    assert not dialing.done
    sim.drop("Stuck", 676)
    event = await anext(events)
    assert (event.state, event.error) == (AUTHENTICATE, 676)
    with pytest.raises(LineBusyError):
        await anext(events)


@pytest.mark.asyncio
async def test_a_step_cancelled_when_its_event_is_there_already_loses_nothing(sim, client, monkeypatch):
    dialing = client.dial("Stuck")
    events = await reach(dialing, AUTHENTICATE)
    step = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0)
    changed = DialRun._changed

    def changed_and_cancelled(run):
        changed(run)  # the step is about to go on
        step.cancel()

    monkeypatch.setattr(DialRun, "_changed", changed_and_cancelled)
    sim.drop("Stuck", 676)
    with pytest.raises(asyncio.CancelledError):
        await step
    monkeypatch.undo()
    assert (await anext(events)).error == 676
    with pytest.raises(LineBusyError):
        await anext(events)


@pytest.mark.asyncio
async def test_elapsed_grows_with_the_dial(sim, client):
    sim.script("Office", [Step(OPEN_PORT, after=0.02), Step(CONNECTED, after=0.02)])
    dialing = client.dial("Office")
    first, second = [event.elapsed async for event in dialing]
    assert 0.02 <= first < SECONDS
    assert second >= first + 0.02
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_the_device_is_told_where_ras_tells_it(sim, client):
    sim.add_entry("Tunnel", device="WAN Miniport (SSTP)")
    dialing = client.dial("Tunnel")
    devices = {event.state: (event.device_type, event.device_name) async for event in dialing}
    for state, device in devices.items():
        told = state in (ConnectionState.CONNECT_DEVICE, ConnectionState.DEVICE_CONNECTED)
        assert device == (("vpn", "WAN Miniport (SSTP)") if told else ("", ""))
    connection = await dialing
    assert (connection.device_type, connection.device_name) == ("vpn", "WAN Miniport (SSTP)")
    await connection.hang_up()


# Enter


@pytest.mark.asyncio
async def test_a_block_has_the_connection_and_hangs_up_at_its_end(sim, client):
    dialing = client.dial("Office")
    async with dialing as connection:
        assert (await connection.status()).connected
        assert dialing.connection is connection
    assert nothing_left(sim), "the port is released when the block has ended"
    assert "hung up" in repr(connection)


@pytest.mark.asyncio
async def test_a_block_that_raises_hangs_up_and_raises(sim, client):
    with pytest.raises(ZeroDivisionError):
        async with client.dial("Office"):
            raise ZeroDivisionError
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_block_is_not_entered_by_a_dial_that_fails(sim, client):
    with pytest.raises(AuthenticationError):
        async with client.dial("Wrong"):
            pytest.fail("entered")
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_line_that_went_dead_inside_the_block_is_no_error_at_its_end(sim, client):
    async with client.dial("Office") as connection:
        sim.drop("Office")
        await connection.wait_disconnected()
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_block_that_is_cancelled_hangs_up_before_it_is_left(sim, client):
    entered = asyncio.Event()

    async def block():
        async with client.dial("Office"):
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.ensure_future(block())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert nothing_left(sim)


# Hang up


@pytest.mark.asyncio
async def test_a_dial_hung_up_before_it_began_never_dials(sim, client):
    dialing = client.dial("Office", password="secret")
    await dialing.hang_up()
    await dialing.hang_up()
    with pytest.raises(HungUpError):
        await dialing
    with pytest.raises(HungUpError):
        aiter(dialing)
    assert sim.counts.dials == 0
    assert dialing.events == ()


@pytest.mark.asyncio
async def test_hanging_up_during_the_dial_ends_it_for_all_who_wait(sim, client):
    dialing = client.dial("Stuck")
    waiting = asyncio.ensure_future(dialing._outcome())
    events = await reach(dialing, AUTHENTICATE)
    step = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0)
    await dialing.hang_up()
    assert nothing_left(sim)
    for waiter in (waiting, step):
        with pytest.raises(HungUpError) as caught:
            await waiter
        assert caught.value.state is AUTHENTICATE
        assert caught.value.code == 631
    assert dialing.done
    assert isinstance(dialing.error, HungUpError)
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_hanging_up_after_the_dial_hangs_up_the_connection(sim, client):
    dialing = client.dial("Office")
    connection = await dialing
    await dialing.hang_up()
    assert nothing_left(sim)
    with pytest.raises(RasError) as caught:
        await connection.status()
    assert caught.value.code == 6
    assert await dialing is connection, "the outcome of the dial is what it was"
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_hanging_up_after_a_failure_is_nothing(sim, client):
    dialing = client.dial("Wrong")
    with pytest.raises(AuthenticationError):
        await dialing
    await dialing.hang_up()
    assert isinstance(dialing.error, AuthenticationError)


@pytest.mark.asyncio
async def test_several_tasks_may_hang_up_at_once(sim, client):
    dialing = client.dial("Stuck")
    await reach(dialing, AUTHENTICATE)
    await asyncio.gather(*(dialing.hang_up() for _ in range(3)))
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_cancelled_hang_up_is_seen_through(sim, client):
    dialing = client.dial("Stuck")
    await reach(dialing, AUTHENTICATE)
    task = asyncio.ensure_future(dialing.hang_up())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert nothing_left(sim)
    assert dialing.done


@pytest.mark.asyncio
async def test_a_cancelled_hang_up_of_a_connection_is_seen_through(sim, client):
    dialing = client.dial("Office")
    await dialing
    task = asyncio.ensure_future(dialing.hang_up())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert nothing_left(sim)


# Cancel: at several moments


def in_rasdial(monkeypatch):
    """RasDial is called, and does not return before it is told to."""
    called, go_on = threading.Event(), threading.Event()
    dial = RasCall._dial

    def held(self, request):
        called.set()
        go_on.wait(SECONDS)
        return dial(self, request)

    monkeypatch.setattr(RasCall, "_dial", held)
    return called, go_on


@pytest.mark.asyncio
async def test_cancelling_before_rasdial_is_called(sim, client):
    task = asyncio.ensure_future(client.dial("Office")._outcome())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sim.counts.dials == 0
    task = asyncio.ensure_future(client.dial("Stuck")._outcome())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_cancelling_while_the_dial_waits_for_a_thread(sim, client, monkeypatch):
    """All threads are in RasDial: one more dial waits, and its cancellation does not."""
    monkeypatch.setattr(sim.backend.dial_threads, "_limit", 1)
    called, go_on = in_rasdial(monkeypatch)
    first = asyncio.ensure_future(client.dial("Office")._outcome())
    await eventually(called.is_set)
    second = asyncio.ensure_future(client.dial("Stuck")._outcome())
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    assert not first.done()
    go_on.set()
    await (await first).hang_up()
    assert sim.counts.dials == 1
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_cancelling_inside_rasdial_waits_for_it_and_hangs_up(sim, client, monkeypatch):
    called, go_on = in_rasdial(monkeypatch)
    task = asyncio.ensure_future(client.dial("Stuck")._outcome())
    await eventually(called.is_set)
    task.cancel()
    await asyncio.sleep(0.01)
    assert not task.done(), "RAS may still make a connection of it"
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_cancelling_in_the_middle_of_the_dial(sim, client):
    dialing = client.dial("Stuck")
    task = asyncio.ensure_future(dialing._outcome())
    await reach(dialing, AUTHENTICATE)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert nothing_left(sim)
    assert dialing.done
    assert isinstance(dialing.error, HungUpError)
    with pytest.raises(HungUpError):
        await dialing


@pytest.mark.asyncio
async def test_cancelling_at_the_moment_it_connects(sim, client):
    """Whatever comes first: either the connection is there, or nothing is."""
    for moment in range(30):
        dialing = client.dial("Office")
        task = asyncio.ensure_future(dialing._outcome())
        for _ in range(moment):
            await asyncio.sleep(0)
        if moment > 20:
            await eventually(lambda dialing=dialing: dialing.state is CONNECTED)
        task.cancel()
        try:
            connection = await task
        except asyncio.CancelledError:
            assert nothing_left(sim)
        else:
            assert (await connection.status()).connected
            await connection.hang_up()
        assert nothing_left(sim)


@pytest.mark.asyncio
async def test_cancelling_again_during_the_hang_up_does_not_cut_it_short(sim, client):
    with Simulator(pace=0, release_delay=0.05) as slow:
        slow.add_entry("Stuck")
        slow.script("Stuck", HANGS)
        dialing = RasClient(slow).dial("Stuck")
        task = asyncio.ensure_future(dialing._outcome())
        await reach(dialing, AUTHENTICATE)
        while not task.done():
            task.cancel()
            await asyncio.sleep(0.005)
        assert task.cancelled()
        assert nothing_left(slow)


@pytest.mark.asyncio
async def test_cancelling_one_of_several_who_wait_ends_the_dial_for_all(sim, client):
    dialing = client.dial("Stuck")
    first, second = (asyncio.ensure_future(dialing._outcome()) for _ in range(2))
    await reach(dialing, AUTHENTICATE)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    with pytest.raises(HungUpError):
        await second


@pytest.mark.asyncio
async def test_cancelling_does_not_hang_up_what_another_task_has_taken(sim, client):
    dialing = client.dial("Office")
    first = asyncio.ensure_future(dialing._outcome())
    second = asyncio.ensure_future(dialing._outcome())
    first.add_done_callback(lambda _: second.cancel())
    connection = await first
    await asyncio.gather(second, return_exceptions=True)
    assert (await connection.status()).connected
    await connection.hang_up()


def when_over(monkeypatch, action):
    """Runs the action in the moment in which the outcome is there, before anybody who waits goes on."""
    over = DialRun._over

    def over_and(run, **outcome):
        over(run, **outcome)
        action()

    monkeypatch.setattr(DialRun, "_over", over_and)


@pytest.mark.asyncio
async def test_cancelling_in_the_moment_of_success_hangs_up_what_nobody_has_taken(sim, client, monkeypatch):
    dialing = client.dial("Office")
    task = asyncio.ensure_future(dialing._outcome())
    when_over(monkeypatch, task.cancel)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_cancelling_in_the_moment_of_success_leaves_what_somebody_has_taken(sim, client, monkeypatch):
    dialing = client.dial("Office")
    task = asyncio.ensure_future(dialing._outcome())
    taken = []
    when_over(monkeypatch, lambda: (taken.append(dialing.connection), task.cancel()))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await taken[0].status()).connected
    await taken[0].hang_up()


@pytest.mark.asyncio
async def test_a_refused_hang_up_does_not_hide_a_cancellation(sim, client, monkeypatch, caplog):
    dialing = client.dial("Office")
    task = asyncio.ensure_future(dialing._outcome())
    when_over(monkeypatch, task.cancel)
    with monkeypatch.context() as patch:
        patch.setattr(type(sim.backend.library), "hang_up", lambda self, handle: 753)
        with pytest.raises(asyncio.CancelledError):
            await task
    assert "Office: could not be hung up" in caplog.text
    assert "753" in caplog.text
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_asyncio_timeout_around_it_works(sim, client):
    async def dial():
        async with asyncio.timeout(0.01):
            await client.dial("Stuck")

    with pytest.raises(TimeoutError) as caught:
        await dial()
    assert not isinstance(caught.value, DialTimeoutError)
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_task_group_that_fails_hangs_up_its_dials(sim, client):
    dialing = client.dial("Stuck")

    async def fail():
        await reach(dialing, AUTHENTICATE)
        raise ZeroDivisionError

    async def group():
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(dialing._outcome())
            tasks.create_task(fail())

    with pytest.raises(ExceptionGroup):
        await group()
    assert nothing_left(sim)


# Time-out


@pytest.mark.asyncio
async def test_a_dial_that_takes_too_long_times_out(sim, client):
    dialing = client.dial("Stuck", timeout=0.02)
    with pytest.raises(DialTimeoutError) as caught:
        await dialing
    assert isinstance(caught.value, TimeoutError)
    assert "0.02 seconds" in caught.value.message
    assert dialing.error is caught.value
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_time_out_tells_the_state_that_was_reached(sim, client):
    dialing = client.dial("Stuck", timeout=60)
    await reach(dialing, AUTHENTICATE)
    time_out(dialing)
    with pytest.raises(DialTimeoutError) as caught:
        await dialing
    assert caught.value.state is AUTHENTICATE
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_iterating_ends_with_the_time_out(sim, client):
    dialing = client.dial("Stuck", timeout=60)
    iterating = asyncio.ensure_future(history(dialing))
    await reach(dialing, AUTHENTICATE)
    time_out(dialing)
    seen, error = await iterating
    assert [event.state for event in seen] == [OPEN_PORT, AUTHENTICATE]
    assert isinstance(error, DialTimeoutError)
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_the_time_begins_when_the_dial_does(sim, client):
    dialing = client.dial("Office", timeout=60)
    await asyncio.sleep(0.01)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    aiter(dialing)
    assert begun + 60 <= dialing._run._timer.when() <= loop.time() + 60
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_a_dial_in_time_is_not_touched_later(sim, client):
    dialing = client.dial("Office", timeout=60)
    connection = await dialing
    assert dialing._run._timer is None
    await connection.hang_up()


@pytest.mark.asyncio
async def test_a_time_out_inside_rasdial_waits_for_it(sim, client, monkeypatch):
    called, go_on = in_rasdial(monkeypatch)
    dialing = client.dial("Stuck", timeout=60)
    task = asyncio.ensure_future(dialing._outcome())
    await eventually(called.is_set)
    time_out(dialing)
    await asyncio.sleep(0.01)
    assert not task.done()
    go_on.set()
    with pytest.raises(DialTimeoutError):
        await task
    assert nothing_left(sim)


# Loops and threads


def test_a_dial_belongs_to_the_loop_on_which_it_began(sim, client):
    dialing = client.dial("Office")
    connection = asyncio.run(dialing._outcome())
    for use in (dialing._outcome, dialing.hang_up, lambda: states(dialing)):
        with pytest.raises(RuntimeError, match="belongs to another event loop"):
            asyncio.run(use())

    async def hang_up():
        await connection.hang_up()

    asyncio.run(hang_up())
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_dial_of_the_parent_process_says_so(client, monkeypatch):
    dialing = client.dial("Office")
    with monkeypatch.context() as patch:
        patch.setattr(client.backend, "forked", True)
        with pytest.raises(RuntimeError, match="belongs to the parent process"):
            await dialing


def test_a_dial_needs_a_running_loop(client):
    with pytest.raises(RuntimeError, match="no running event loop"):
        aiter(client.dial("Office"))


def test_one_client_dials_on_several_loops_at_once(sim, client):
    for number in range(6):
        sim.add_entry(f"Line {number}")
    seen = {}

    async def main(number):
        dialing = client.dial(f"Line {number}")
        async with dialing as connection:
            seen[number] = (connection.entry, {event.handle for event in dialing.events}, connection.handle)

    threads = [threading.Thread(target=asyncio.run, args=(main(number),)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert sorted(seen) == list(range(6))
    for number, (entry, handles, handle) in seen.items():
        assert entry == f"Line {number}"
        assert handles == {handle}
    assert nothing_left(sim)


def test_the_end_of_asyncio_run_sees_the_hang_up_through(sim, client):
    async def main():
        task = asyncio.ensure_future(client.dial("Stuck")._outcome())
        await asyncio.sleep(0.02)
        assert not task.done()
        # asyncio.run cancels the task

    asyncio.run(main())
    assert nothing_left(sim)


# Dropped


def dropped(action):
    """What the Dialing that `action` made says when it is dropped."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        action()
        gc.collect()
    return [str(warning.message) for warning in caught if warning.category is ResourceWarning]


@pytest.mark.asyncio
async def test_a_dial_that_never_began_is_dropped_in_silence(sim, client):
    assert dropped(lambda: client.dial("Office")) == []
    await asyncio.sleep(0)
    assert sim.counts.dials == 0


@pytest.mark.asyncio
async def test_a_dial_dropped_unfinished_is_hung_up_with_a_warning(sim, client):
    kept = [client.dial("Stuck")]
    await reach(kept[0], AUTHENTICATE)
    messages = dropped(kept.clear)
    assert len(messages) == 1
    assert "'Stuck' was dropped unfinished" in messages[0]
    await eventually(lambda: nothing_left(sim))


@pytest.mark.asyncio
async def test_a_dial_dropped_connected_before_anybody_took_it_is_hung_up_with_a_warning(sim, client):
    kept = [client.dial("Office")]
    aiter(kept[0])
    await eventually(lambda: kept[0].done)
    assert sim.counts.connections == 1
    messages = dropped(kept.clear)
    assert len(messages) == 1
    assert "connected, before anybody took its connection" in messages[0]
    await eventually(lambda: nothing_left(sim))


@pytest.mark.asyncio
async def test_a_dial_dropped_while_it_connects_is_hung_up(sim, client):
    """Its Connected is on the way when nobody wants it any more."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        for turns in range(12):
            kept = [client.dial("Office")]
            aiter(kept[0])
            for _ in range(turns):
                await asyncio.sleep(0)
            kept.clear()
            gc.collect()
            await eventually(lambda: nothing_left(sim))


@pytest.mark.asyncio
async def test_a_dial_is_dropped_in_silence_once_its_connection_is_taken(sim, client):
    connections = []

    async def dial():
        connections.append(await client.dial("Office"))

    await dial()
    assert dropped(gc.collect) == []
    assert (await connections[0].status()).connected
    await connections[0].hang_up()


@pytest.mark.asyncio
async def test_reading_the_connection_takes_it(sim, client):
    kept = [client.dial("Office")]
    aiter(kept[0])
    await eventually(lambda: kept[0].done)
    connection = kept[0].connection
    assert dropped(kept.clear) == []
    assert (await connection.status()).connected
    await connection.hang_up()


@pytest.mark.asyncio
async def test_a_failed_dial_is_dropped_in_silence(client):
    kept = [client.dial("Wrong")]
    with pytest.raises(AuthenticationError):
        await kept[0]
    assert dropped(kept.clear) == []


@pytest.mark.asyncio
async def test_an_iterator_keeps_its_dial_alive(sim, client):
    events = await reach(client.dial("Stuck"), AUTHENTICATE)
    assert dropped(gc.collect) == []
    sim.drop("Stuck", 676)
    assert (await anext(events)).error == 676
    with pytest.raises(LineBusyError):
        await anext(events)


@pytest.mark.parametrize(("entry", "stage"), [("Stuck", "unfinished"), ("Office", "connected")])
def test_a_dial_dropped_after_its_loop_has_closed_is_hung_up(sim, client, entry, stage):
    kept = []

    async def main():
        kept.append(client.dial(entry))
        aiter(kept[0])
        await eventually(lambda: kept[0].done if stage == "connected" else kept[0].state is AUTHENTICATE)

    asyncio.run(main())
    messages = dropped(kept.clear)
    assert len(messages) == 1
    assert stage in messages[0]

    async def clean():
        await eventually(lambda: nothing_left(sim))

    asyncio.run(clean())


# hold_errors


@pytest.mark.asyncio
async def test_ras_stays_at_an_error_until_the_next_event_is_asked_for(sim, client):
    dialing = client.dial("Wrong", hold_errors=True)
    events = aiter(dialing)
    seen = [await anext(events) for _ in range(3)]
    assert seen[-1].error == 691
    await asyncio.sleep(0.02)
    assert sim.counts.callbacks == 1, "RAS is inside its callback"
    assert sim.counts.connections == 1
    assert not dialing.done
    with pytest.raises(AuthenticationError) as caught:
        await anext(events)
    assert caught.value.event is seen[-1]
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_awaiting_and_entering_count_as_asking(sim, client):
    with pytest.raises(AuthenticationError):
        await client.dial("Wrong", hold_errors=True)
    with pytest.raises(AuthenticationError):
        async with client.dial("Wrong", hold_errors=True):
            pytest.fail("entered")
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_dial_that_holds_errors_and_meets_none_is_like_any_other(sim, client):
    dialing = client.dial("Office", hold_errors=True)
    assert await states(dialing) == [OPEN_PORT, AUTHENTICATE, CONNECTED]
    await (await dialing).hang_up()
    assert nothing_left(sim)


async def held_at_an_error(client, **options):
    dialing = client.dial("Wrong", hold_errors=True, **options)
    events = aiter(dialing)
    while not (await anext(events)).failed:
        pass
    return dialing


@pytest.mark.asyncio
async def test_awaiting_lets_ras_go_on_that_is_held(sim, client):
    dialing = await held_at_an_error(client)
    with pytest.raises(AuthenticationError):
        await dialing
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_hanging_up_lets_ras_go_on_and_the_error_stays_what_it_was(sim, client):
    dialing = await held_at_an_error(client)
    await dialing.hang_up()
    assert nothing_left(sim)
    assert isinstance(dialing.error, AuthenticationError)


@pytest.mark.asyncio
async def test_a_time_out_lets_ras_go_on(sim, client):
    dialing = await held_at_an_error(client, timeout=60)
    time_out(dialing)
    await eventually(lambda: dialing.done)
    assert nothing_left(sim)
    assert isinstance(dialing.error, AuthenticationError)


@pytest.mark.asyncio
async def test_cancelling_a_step_leaves_ras_where_it_is_and_cancelling_the_await_does_not(sim, client):
    dialing = await held_at_an_error(client)
    assert sim.counts.callbacks == 1
    task = asyncio.ensure_future(dialing._outcome())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await eventually(lambda: nothing_left(sim))


@pytest.mark.asyncio
async def test_dropping_lets_ras_go_on(sim, client):
    kept = [await held_at_an_error(client)]
    assert len(dropped(kept.clear)) == 1
    await eventually(lambda: nothing_left(sim))


def test_a_closed_loop_lets_ras_go_on_at_the_next_dial(sim, client):
    kept = []

    async def hold():
        kept.append(await held_at_an_error(client))

    asyncio.run(hold())
    assert sim.counts.callbacks == 1

    async def dial():
        async with client.dial("Office"):
            await eventually(lambda: sim.counts.callbacks == 0)

    asyncio.run(dial())

    async def clean():
        await eventually(lambda: nothing_left(sim))

    asyncio.run(clean())
    assert len(dropped(kept.clear)) <= 1


@pytest.mark.asyncio
async def test_one_held_dial_holds_no_other(sim, client):
    held = await held_at_an_error(client)
    async with client.dial("Office") as connection:
        assert (await connection.status()).connected
    assert sim.counts.callbacks == 1
    await held.hang_up()
    assert nothing_left(sim)


# Several dials of one entry


@pytest.mark.asyncio
async def test_dialing_what_is_being_dialed_is_refused(sim, client):
    first = client.dial("Stuck")
    await reach(first, AUTHENTICATE)
    with pytest.raises(DialError) as caught:
        await client.dial("Stuck")
    assert caught.value.code == 756
    assert not first.done
    await first.hang_up()


@pytest.mark.asyncio
async def test_dialing_what_is_connected_gives_a_reference_to_it(sim, client):
    first = await client.dial("Office")
    second = await client.dial("Office")
    assert first.handle == second.handle
    await first.hang_up()
    assert (await second.status()).connected, "the other reference keeps it up"
    await second.hang_up()
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_port_in_use_is_a_port_error(sim, client):
    sim.add_entry("Modem 1", device="Standard Modem")
    sim.add_entry("Modem 2", device="Standard Modem")
    async with client.dial("Modem 1"):
        with pytest.raises(PortError) as caught:
            await client.dial("Modem 2")
        assert caught.value.code == 633
    async with client.dial("Modem 2"):
        pass
    assert nothing_left(sim)


@pytest.mark.asyncio
async def test_a_password_is_checked_where_the_line_says(sim, client):
    sim.add_entry("Guarded", username="ada", password="secret")
    sim.script("Guarded", [Step(OPEN_PORT), Login(), Step(CONNECTED)])
    with pytest.raises(AuthenticationError):
        await client.dial("Guarded", username="ada", password="wrong")
    async with client.dial("Guarded", username="ada", password="secret"):
        pass


# What it says of itself


@pytest.mark.asyncio
async def test_repr_follows_the_dial(sim, client):
    dialing = client.dial("Stuck")
    aiter(dialing)
    assert repr(dialing) == "<Dialing 'Stuck' dialing simulated>"
    await reach(dialing, AUTHENTICATE)
    assert repr(dialing) == "<Dialing 'Stuck' RASCS_Authenticate simulated>"
    await dialing.hang_up()
    assert repr(dialing) == "<Dialing 'Stuck' failed with 631 simulated>"


@pytest.mark.asyncio
async def test_the_outcome_is_logged(client, caplog):
    caplog.set_level(logging.INFO, "rasdial_async")
    async with client.dial("Office"):
        pass
    with pytest.raises(AuthenticationError):
        await client.dial("Wrong")
    with pytest.raises(AuthenticationError):
        await client.dial("Wrong", redial=Redial(3, pause=0.0, retry_on=lambda error: True))
    logged = [record.getMessage() for record in caplog.records if record.name == "rasdial_async._dial_run"]
    assert len(logged) == 3, "one line a dial"
    assert re.fullmatch(r"Office: connected; \d+\.\d{3} s, attempts: 1", logged[0])
    failure = r"Wrong: ERROR_AUTHENTICATION_FAILURE \(691\): .*; \d+\.\d{3} s, attempts: "
    assert re.fullmatch(failure + "1", logged[1])
    assert re.fullmatch(failure + "3", logged[2])


@pytest.mark.asyncio
async def test_events_is_a_picture_of_the_moment(sim, client):
    dialing = client.dial("Stuck")
    await reach(dialing, AUTHENTICATE)
    before = dialing.events
    sim.drop("Stuck")
    await eventually(lambda: dialing.done or len(dialing.events) == 3)
    assert len(before) == 2
    assert isinstance(dialing, Dialing)
    await dialing.hang_up()


# What a backend may do: each rule by itself, with one that does as it is told


class Told(DialCall):
    """A dial of a backend, as a test tells it."""

    handle = 4

    def __init__(self):
        self.told = []
        self.closing = None

    def ask(self):
        self.told.append("ask")

    def resume(self, resume, pause):
        self.told.append("resume")

    def proceed(self):
        self.told.append("proceed")

    def connected(self, done):
        self.told.append("connected")
        self.closing = done

    def close(self, code, timeout, done):
        self.told.append(f"close {code}")
        self.closing = done


class ToldBackend:
    simulated = False

    def __init__(self):
        self.call = Told()
        self.dropped = []
        self.swept = 0

    def dial(self, request, listener, loop, attempt):
        return self.call

    def drop(self, link):
        self.dropped.append(link)

    def sweep(self):
        self.swept += 1


@pytest.fixture
def told():
    return ToldBackend()


def run_of(told, timeout=None):
    return DialRun(told, DialRequest(entry="Office"), DialPlan(timeout), asyncio.get_running_loop())


@pytest.mark.asyncio
async def test_an_event_after_the_end_is_let_go_and_forgotten(told):
    run = run_of(told)
    run.on_event(DialEvent(CONNECTED), held=False)
    run.on_event(DialEvent(ConnectionState.DISCONNECTED, error=619), held=True)
    assert told.call.told == ["connected", "proceed"]
    assert run.events == [DialEvent(CONNECTED)]


@pytest.mark.asyncio
async def test_a_second_error_is_held_like_the_first(told):
    run = run_of(told)
    run.on_event(DialEvent(OPEN_PORT, error=691), held=True)
    run.on_event(DialEvent(OPEN_PORT, error=619), held=True)
    assert told.call.told == []
    run.ask()
    assert told.call.told == ["ask", "proceed", "close 691"]


@pytest.mark.asyncio
async def test_a_held_error_that_was_asked_for_before_is_not_held(told):
    run = run_of(told)
    run.ask()
    run.on_event(DialEvent(OPEN_PORT, error=691), held=True)
    assert told.call.told == ["ask", "close 691"]
    told.call.closing("official")
    assert run.over
    assert run.error.message == "official"


@pytest.mark.asyncio
async def test_what_is_told_twice_ends_it_once(told):
    run = run_of(told, timeout=60)
    run.on_returned(633)
    run.on_returned(680)
    run.end(HungUpError())
    run.on_event(DialEvent(CONNECTED), held=False)
    assert [one for one in told.call.told if one.startswith(("close", "connected"))] == ["close 633"]
    told.call.closing(None)
    run.end(HungUpError())
    assert run.error.code == 633


@pytest.mark.asyncio
async def test_a_connection_that_comes_when_it_is_being_hung_up_comes_too_late(told):
    run = run_of(told)
    run.end(HungUpError())
    run.on_event(DialEvent(CONNECTED), held=False)
    assert told.call.told == ["close 631"]
    told.call.closing(None)
    assert run.connection is None
    assert isinstance(run.error, HungUpError)


@pytest.mark.asyncio
async def test_a_drop_in_the_moment_of_success_hangs_up(told):
    run = run_of(told)
    run.on_event(DialEvent(CONNECTED), held=False)
    run.drop()
    assert told.dropped == []
    link = Link(4)
    told.call.closing(link, None)
    assert told.dropped == [link]


@pytest.mark.asyncio
async def test_a_drop_after_a_failure_is_nothing(told):
    run = run_of(told)
    run.on_returned(633)
    told.call.closing(None)
    run.drop()
    run.drop_without_loop()
    assert told.call.told == ["close 633"]
    assert (told.dropped, told.swept) == ([], 1)


@pytest.mark.asyncio
async def test_what_is_known_of_a_connection_that_ras_does_not_list(told):
    run = run_of(told)
    run.on_event(DialEvent(ConnectionState.DEVICE_CONNECTED, device_type="vpn", device_name="M"), held=False)
    run.on_event(DialEvent(CONNECTED), held=False)
    told.call.closing(Link(4), None)
    connection = run.connection
    assert (connection.handle, connection.entry, connection.device_name) == (4, "Office", "M")
    run.taken = True


@pytest.mark.asyncio
async def test_a_backend_that_cannot_dial_leaves_the_dial_where_it_was(sim, client, monkeypatch):
    dialing = client.dial("Office")
    with monkeypatch.context() as patch:
        patch.setattr(NotifyTarget, "reserve", no_memory)
        with pytest.raises(MemoryError):
            await dialing
    assert sim.backend.calls() == []
    assert sim.counts.dials == 0
    async with dialing as connection:
        assert connection.entry == "Office"


def no_memory(self):
    raise MemoryError


@pytest.mark.asyncio
async def test_a_system_without_a_thread_for_rasdial_leaves_nothing_behind(sim, client, monkeypatch):
    def refuse(self, job):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(type(sim.backend.dial_threads), "run", refuse)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            await client.dial("Office")
    assert sim.backend.calls() == []
    async with client.dial("Office"):
        pass
