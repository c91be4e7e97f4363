"""A RAS library that is not ours to choose: RasClient(library=...) over tests/odd_ras."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import struct
import threading
import time

import odd_ras
import pytest
from time_out import time_out

import rasdial_async as ras
from rasdial_async import _dial_run, _threads
from rasdial_async._native.binding import library as binding
from rasdial_async.backends import RasBackend, _hang_up
from rasdial_async.states import ConnectionState

SECONDS = odd_ras.SECONDS
CONNECTED = ConnectionState.CONNECTED


@pytest.fixture(autouse=True)
def short_lived_threads(monkeypatch):
    """Threads of the package end at once when they are idle, so whoever needs one has to keep it."""
    monkeypatch.setattr(_threads, "IDLE_SECONDS", 0.01)


@pytest.fixture
def client(odd):
    return ras.RasClient(library=odd.path)


@pytest.fixture
def variant(tmp_path, request):
    """The library without one of its functions, and a client of it."""
    odd = odd_ras.Odd(odd_ras.build(tmp_path, without=request.param))
    yield odd
    odd.wait_count("threads", 0)
    assert odd.count("handles") == 0


async def watch(dialing):
    """Iterates to the end. Returns the events in short, and the error."""
    error = None
    try:
        async for _ in dialing:
            pass
    except ras.DialError as raised:
        error = raised
    return [(int(event.state), event.error) for event in dialing.events], error


async def wait(odd, gate):
    await asyncio.to_thread(odd.wait, gate)


async def wait_count(odd, name, value):
    await asyncio.to_thread(odd.wait_count, name, value)


async def dial_and_hang_up(client, odd, entry, **options):
    """Events, and the Connection, hung up."""
    async with asyncio.timeout(SECONDS):
        dialing = client.dial(entry, **options)
        events, error = await watch(dialing)
        if error is not None:
            raise error
        connection = await dialing
        assert await connection.hang_up()
    return events, connection


# --- when and where the callbacks come ---


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
            if thread.name.startswith("rasdial") and thread not in but:
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


# --- what RasDialW answers ---


@pytest.mark.asyncio
async def test_an_error_without_a_handle(client, odd):
    events, error = await watch(client.dial("nothing return:623 |"))
    assert events == []
    assert isinstance(error, ras.PhonebookError)
    assert (error.code, error.function, error.message) == (623, "RasDialW", "Odd text for 623.")
    assert odd.count("hang_ups") == 0


@pytest.mark.asyncio
async def test_an_error_with_a_handle_is_hung_up(client, odd):
    events, error = await watch(client.dial("return:633 |"))
    assert events == []
    assert isinstance(error, ras.PortError)
    assert odd.count("handles") == 0
    assert odd.count("hang_ups") == 1


@pytest.mark.asyncio
async def test_an_error_after_events_of_its_own(client, odd):
    events, error = await watch(client.dial("handle 0 1 return:633 |"))
    assert events == [(0, 0), (1, 0)]
    assert (error.code, error.state) == (633, ConnectionState(1))
    assert odd.count("hang_ups") == 1


@pytest.mark.asyncio
async def test_the_error_of_an_event_counts_more_than_that_of_rasdial(client, odd):
    events, error = await watch(client.dial("handle 0 5!691 return:633 |"))
    assert events == [(0, 0), (5, 691)]
    assert error.code == 691


@pytest.mark.asyncio
async def test_success_without_a_handle_is_an_error(client, odd):
    events, error = await asyncio.wait_for(watch(client.dial("nothing |")), SECONDS)
    assert events == []
    assert type(error) is ras.DialError
    assert (error.code, error.function) == (6, "RasDialW")
    assert odd.count("null_hang_ups") == odd.count("hang_ups") == 0


# --- events that no RAS should send ---


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
async def test_other_messages_are_dropped_and_reported(client, odd, caplog):
    with caplog.at_level(logging.WARNING, "rasdial_async"):
        events, _ = await dial_and_hang_up(client, odd, "| 0 message:0x400 5!691 message:0 1 2000")
    assert events == [(0, 0), (0x2000, 0)]
    assert "foreign_messages=2" in caplog.text


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
    channel = next(iter(client.backend._channels))
    notifier = binding.ffi.cast("uintptr_t", channel.target.callback(True))
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


def _until_returned(dialing):
    """RasDialW has returned, and its thread has asked for the status."""
    (call,) = (call for call in dialing._run._backend.calls() if call.handle == dialing.handle)
    deadline = time.monotonic() + SECONDS
    while call._stage.value != "returned":
        assert time.monotonic() < deadline
        time.sleep(0.001)


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


# --- sizes ---


async def use_all(client):
    """Every verb once, over the library as it is."""
    async with client.dial("| 0 2 2000", options=ras.DialOptions.NO_USER) as connection:
        await connection.status()
        assert [one.handle for one in await client.connections()] == [connection.handle]
        assert await client.entries() == ["| 0 2 2000"]


@pytest.mark.parametrize("code", [632, 1784])
@pytest.mark.parametrize(
    ("structure", "versions"),
    [
        pytest.param(odd_ras.PARAMS, binding.DIAL_PARAMS_SIZES, id="RASDIALPARAMS"),
        pytest.param(odd_ras.EXTENSIONS, binding.DIAL_EXTENSIONS_SIZES, id="RASDIALEXTENSIONS"),
        pytest.param(odd_ras.CONNECTION, binding.CONNECTION_SIZES[:4], id="RASCONN"),
        pytest.param(odd_ras.ENTRY, binding.ENTRY_NAME_SIZES, id="RASENTRYNAME"),
    ],
)
@pytest.mark.asyncio
async def test_the_size_falls_back_and_is_remembered(odd, structure, versions, code):
    for number, size in enumerate(versions):
        assert odd.reset()
        odd.accept(structure, size, code)
        client = ras.RasClient(RasBackend(binding.open_library(str(odd.path))))
        await use_all(client)
        tried = odd.sizes(structure)
        assert list(dict.fromkeys(tried)) == list(versions[: number + 1])
        assert tried[-1] == size
        await use_all(client)
        later = odd.sizes(structure)[len(tried) :]
        assert later
        assert set(later) == {size}


@pytest.mark.parametrize("code", [632, 1784])
@pytest.mark.parametrize("size", [608, 564, 304])
@pytest.mark.asyncio
async def test_the_size_of_a_status_falls_back_and_is_remembered(odd, size, code):
    odd.accept(odd_ras.STATUS, size, code)
    client = ras.RasClient(RasBackend(binding.open_library(str(odd.path))))
    async with client.dial("| 0 2 2000") as connection:
        status = await connection.status()
        assert (status.state, status.device_name) == (CONNECTED, "Odd Device")
        tried = odd.sizes(odd_ras.STATUS)
        assert set(tried) == {one for one in (608, 564, 304) if one >= size}
        for _ in range(3):
            await connection.status()
        assert odd.sizes(odd_ras.STATUS)[len(tried) :] == [size] * 3


@pytest.mark.asyncio
async def test_no_size_that_the_library_knows(odd):
    odd.accept(odd_ras.PARAMS, 4, 632)
    client = ras.RasClient(RasBackend(binding.open_library(str(odd.path))))
    with pytest.raises(ras.DialError) as raised:
        await client.dial("| 0 2000")
    assert (raised.value.code, raised.value.message) == (632, "Odd text for 632.")
    assert odd.sizes(odd_ras.PARAMS) == list(binding.DIAL_PARAMS_SIZES)


# --- secrets ---


class KeptMemory:
    """In the place of cffi: what it gives is never freed, so a pointer that RAS kept can be read."""

    def __init__(self, ffi):
        self._ffi = ffi
        self.given = []

    def __getattr__(self, name):
        return getattr(self._ffi, name)

    def new(self, *arguments):
        self.given.append(self._ffi.new(*arguments))
        return self.given[-1]


@pytest.mark.parametrize("entry", ["| 0 2000", "0 2000 |", "return:633 |", "nothing return:691 |"])
@pytest.mark.asyncio
async def test_the_password_is_wiped_when_rasdial_has_returned(client, odd, monkeypatch, entry):
    memory = KeptMemory(binding.ffi)
    monkeypatch.setattr(binding, "ffi", memory)
    with contextlib.suppress(ras.DialError):
        await dial_and_hang_up(client, odd, entry, username="ada", password="s3cret", domain="d")
    assert odd.last_password() == "s3cret"  # RAS could read it
    size = odd.sizes(odd_ras.PARAMS)[-1]
    assert odd.last_params() in [int(binding.ffi.cast("uintptr_t", one)) for one in memory.given]
    left = ctypes.string_at(odd.last_params(), size)
    assert "s3cret".encode("utf-16-le") not in left
    assert not any(struct.unpack(f"{size // 4}I", left))


# --- the end of a connection ---


@pytest.mark.asyncio
async def test_two_dials_of_one_connected_entry(client, odd):
    entry = "shared | 0 2000"
    first = await client.dial(entry)
    dialing = client.dial(entry)
    assert await watch(dialing) == ([(0x2000, 0)], None)
    second = await dialing
    assert second.handle == first.handle
    assert await first.hang_up()
    assert odd.count("hang_ups") == 1
    with pytest.raises(ras.RasError) as raised:
        await first.status()
    assert raised.value.code == 6
    assert (await second.status()).connected
    assert await first.hang_up()  # a second time: nothing more
    assert odd.count("hang_ups") == 1
    assert await second.hang_up()
    assert (odd.count("hang_ups"), odd.count("handles")) == (2, 0)


@pytest.mark.asyncio
async def test_all_references(client, odd):
    first = await client.dial("shared | 0 2000")
    second = await client.dial("shared | 0 2000")
    third = await client.dial("shared | 0 2000")
    assert await second.hang_up(all_references=True)
    assert odd.count("handles") == 0
    for connection in (first, second, third):
        with pytest.raises(ras.RasError) as raised:
            await connection.status()
        assert raised.value.code == 6
    assert await first.hang_up()
    assert await third.hang_up()
    assert odd.count("invalid_hang_ups") == 0


@pytest.mark.asyncio
async def test_references_hung_up_at_once(client, odd):
    connections = [await client.dial("shared | 0 2000") for _ in range(5)]
    assert await asyncio.gather(*(one.hang_up() for one in connections)) == [True] * 5
    assert (odd.count("hang_ups"), odd.count("invalid_hang_ups")) == (5, 0)


@pytest.mark.asyncio
async def test_a_reused_handle_is_another_connection(client, odd):
    old = await client.dial("| 0 2000")
    odd.drop("| 0 2000")
    new = await client.dial("| 0 1 2000")
    assert new.handle == old.handle
    with pytest.raises(ras.RasError) as raised:
        await old.status()
    assert raised.value.code == 6
    await asyncio.wait_for(old.wait_disconnected(), SECONDS)
    assert await old.hang_up(all_references=True)
    assert odd.count("hang_ups") == 0
    assert (await new.status()).connected
    assert await new.hang_up()
    assert odd.count("hang_ups") == 1


@pytest.mark.asyncio
async def test_a_reused_handle_that_reports_nothing_but_connected(client, odd):
    old = await client.dial("| 0 2000")
    odd.drop("| 0 2000")
    dialing = client.dial("| signal:begun wait:go 2000")
    task = asyncio.create_task(watch(dialing))
    await wait_count(odd, "dials", 2)
    await wait(odd, "begun")
    await asyncio.to_thread(_until_returned, dialing)
    odd.open("go")
    assert await asyncio.wait_for(task, SECONDS) == ([(0x2000, 0)], None)
    new = await dialing
    assert new.handle == old.handle
    with pytest.raises(ras.RasError) as raised:
        await old.status()
    assert raised.value.code == 6
    assert await old.hang_up()
    assert odd.count("hang_ups") == 0
    assert await new.hang_up()


@pytest.mark.asyncio
async def test_an_old_connection_does_not_hang_up_a_dial_in_progress(client, odd):
    """RAS has given the handle again, and reported nothing yet."""
    old = await client.dial("| 0 2000")
    odd.drop("| 0 2000")
    dialing = client.dial("| signal:begun wait:go 0 2000")
    task = asyncio.create_task(watch(dialing))
    await wait(odd, "begun")
    assert await asyncio.wait_for(old.hang_up(), SECONDS)
    assert odd.count("hang_ups") == 0
    odd.open("go")
    assert await asyncio.wait_for(task, SECONDS) == ([(0, 0), (0x2000, 0)], None)
    assert dialing.handle == old.handle
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_an_old_connection_does_not_hang_up_while_rasdial_runs(client, odd):
    """The same, while RasDialW has stored the handle and not returned."""
    old = await client.dial("| 0 2000")
    odd.drop("| 0 2000")
    dialing = client.dial("handle signal:begun wait:go | 0 2000")
    task = asyncio.create_task(watch(dialing))
    await wait(odd, "begun")
    assert await asyncio.wait_for(old.hang_up(), SECONDS)
    assert odd.count("hang_ups") == 0
    odd.open("go")
    assert await asyncio.wait_for(task, SECONDS) == ([(0, 0), (0x2000, 0)], None)
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_hang_up_waits_for_the_port(client, odd):
    connection = await client.dial("port:free | 0 2000")
    hanging_up = asyncio.create_task(connection.hang_up())
    await wait_count(odd, "hang_ups", 1)
    _, error = await watch(client.dial("nothing return:633 |"))
    assert error.code == 633
    assert not hanging_up.done()
    odd.open("free")
    assert await asyncio.wait_for(hanging_up, SECONDS)
    assert odd.count("handles") == 0


@pytest.mark.asyncio
async def test_hang_up_is_bounded(client, odd, caplog):
    connection = await client.dial("port:free | 0 2000")
    assert await asyncio.wait_for(connection.hang_up(timeout=0.05), SECONDS) is False
    assert "was not released within 0.05 s" in caplog.text
    odd.open("free")


@pytest.mark.asyncio
async def test_the_cancelled_dial_waits_for_the_port(client, odd):
    task = asyncio.create_task(watch_await(client.dial("port:free | 0 wait:never")))
    await wait_count(odd, "callbacks", 1)
    task.cancel()
    await wait_count(odd, "hang_ups", 1)
    assert not task.done()
    odd.open("free")
    with pytest.raises(asyncio.CancelledError):
        await task
    assert odd.count("handles") == 0


async def watch_await(dialing):
    return await dialing


@pytest.mark.asyncio
async def test_a_refused_hang_up_raises_and_can_be_tried_again(client, odd):
    connection = await client.dial("| refuse:753 0 2000")
    for _ in range(2):
        with pytest.raises(ras.RasError) as raised:
            await connection.hang_up()
        assert (raised.value.code, raised.value.function) == (753, "RasHangUpW")
        assert raised.value.message == "Odd text for 753."
        assert (await connection.status()).connected  # it is up as before
    odd.allow_hang_up()
    assert await connection.hang_up()
    assert odd.count("handles") == 0


@pytest.mark.asyncio
async def test_a_dial_that_may_not_be_hung_up_ends_all_the_same(client, odd, caplog):
    task = asyncio.create_task(watch_await(client.dial("| refuse:753 0 wait:never")))
    await wait_count(odd, "callbacks", 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, SECONDS)
    assert "could not be hung up" in caplog.text
    odd.drop("| refuse:753 0 wait:never")


# --- functions that are not there ---


def test_no_such_file(tmp_path):
    with pytest.raises(ras.BackendUnavailableError, match=r"missing\.so can't be loaded: "):
        ras.RasClient(library=tmp_path / "missing.so")


def test_not_a_library(tmp_path):
    (tmp_path / "text.so").write_text("no library")
    with pytest.raises(ras.BackendUnavailableError, match=r"text\.so can't be loaded: "):
        ras.RasClient(library=tmp_path / "text.so")


def test_it_is_not_taken_for_simulated(client):
    assert not client.simulated
    assert "simulated" not in repr(client)


@pytest.mark.parametrize("variant", ["NO_DIAL"], indirect=True)
def test_no_rasdial_is_no_ras_library(variant):
    with pytest.raises(ras.BackendUnavailableError, match="no RasDialW in it") as raised:
        ras.RasClient(library=variant.path)
    assert raised.value.function == "RasDialW"


@pytest.mark.parametrize("variant", ["NO_STATUS"], indirect=True)
@pytest.mark.asyncio
async def test_without_status_everything_else_works(variant, monkeypatch):
    monkeypatch.setattr(_hang_up, "_WITHOUT_STATUS", 0.01)
    client = ras.RasClient(library=variant.path)
    dialing = client.dial("| 0 2 2000")
    assert await asyncio.wait_for(watch(dialing), SECONDS) == ([(0, 0), (2, 0), (0x2000, 0)], None)
    connection = await dialing
    for ask in (connection.status, connection.wait_disconnected):
        with pytest.raises(ras.BackendUnavailableError, match="has no function RasGetConnectStatusW"):
            await ask()
    assert await connection.hang_up()
    assert variant.count("hang_ups") == 1


@pytest.mark.parametrize("variant", ["NO_HANG_UP"], indirect=True)
@pytest.mark.asyncio
async def test_without_hang_up_only_that_fails(variant, caplog):
    client = ras.RasClient(library=variant.path)
    connection = await client.dial("| 0 2000")
    assert (await connection.status()).connected
    with pytest.raises(ras.BackendUnavailableError, match="has no function RasHangUpW"):
        await connection.hang_up()
    variant.drop("| 0 2000")
    _, error = await asyncio.wait_for(watch(client.dial("| 5!691")), SECONDS)
    assert error.code == 691
    assert "has no function RasHangUpW" in caplog.text
    variant.drop("| 5!691")


# --- hold_errors ---

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


@pytest.mark.asyncio
async def test_who_iterates_sees_the_error_that_is_held_inside_rasdial(client, odd):
    """The handle is not known before RasDialW returns; the thread that is called back is."""
    dialing = client.dial("late 0 5!691 signal:went |", hold_errors=True)
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
    """Nothing says which dial it is of, so nobody sees it."""
    entry = "late new 0 5!691 |"
    dialing = client.dial(entry, hold_errors=True, timeout=60)
    watching = asyncio.create_task(watch(dialing))
    await wait_count(odd, "callbacks", 2)
    if how == "hang up":
        await asyncio.wait_for(dialing.hang_up(), SECONDS)
    else:
        time_out(dialing)
    _, error = await asyncio.wait_for(watching, SECONDS)
    assert error is dialing.error
    assert isinstance(error, ras.HungUpError if how == "hang up" else ras.DialTimeoutError)


@pytest.mark.asyncio
async def test_errors_are_not_held_unless_asked_for(client, odd):
    task = asyncio.create_task(watch(client.dial("late | 0 5!691 signal:went")))
    await wait(odd, "went")
    _, error = await asyncio.wait_for(task, SECONDS)
    assert error.code == 691


# --- RasDialW that never returns ---


@pytest.mark.parametrize("entry", ["late signal:inside wait:go |", "late handle signal:inside wait:go |"])
@pytest.mark.asyncio
async def test_a_rasdial_that_never_returns_is_given_up(client, odd, entry, monkeypatch, caplog):
    monkeypatch.setattr(_dial_run, "HANG_UP_SECONDS", 0.0)
    dialing = client.dial(entry, timeout=0.05)
    with pytest.raises(ras.DialTimeoutError):
        await asyncio.wait_for(dialing, SECONDS)
    assert "could not be ended within" in caplog.text
    assert odd.count("hang_ups") == 0
    odd.open("go")  # when it returns after all, it is hung up
    await wait_count(odd, "hang_ups", 1)
    await wait_count(odd, "handles", 0)
