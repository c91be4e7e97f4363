"""A connection that is up: asked, waited for, hung up; and gone, it never answers for another one."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest

from rasdial_async import (
    Connection,
    ConnectionState,
    DialError,
    RasClient,
    RasError,
    Simulator,
    Step,
)
from rasdial_async.backends._hang_up import hang_up_and_wait
from rasdial_async.backends.base import Backend, Link
from rasdial_async.events import ConnectionInfo, ConnectionStatus

SECONDS = 10.0


@pytest.fixture
def sim():
    with Simulator(pace=0, release_delay=0.001) as simulator:
        simulator.add_entry("Office", phone_number="vpn.example")
        simulator.add_entry("Home", device="WAN Miniport (PPPOE)")
        yield simulator


@pytest.fixture
def client(sim):
    return RasClient(sim)


def left(sim):
    return sim.counts.connections, sim.counts.open_ports


class FakeBackend(Backend):
    """A backend whose answers a test decides."""

    name = "fake"

    def __init__(self):
        self.hang_ups = []
        self.answers = []
        self.status_answers = []

    def hang_up(self, link, timeout, all_references):
        self.hang_ups.append((link, timeout, all_references))
        self.answers.append(asyncio.get_running_loop().create_future())
        return self.answers[-1]

    async def status(self, link):
        answer = self.status_answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def dial(self, request, listener, loop): ...
    async def connections(self): ...
    async def entries(self, phonebook): ...
    def sweep(self): ...
    def drop(self, link): ...


def fake_connection(handle=0x1234):
    backend = FakeBackend()
    return Connection(backend, Link(handle), ConnectionInfo(handle, "Office")), backend


# What it tells


@pytest.mark.asyncio
async def test_it_tells_what_ras_lists_of_it(sim, client):
    async with client.dial("Office") as connection:
        (listed,) = await client.connections()
        for one in (connection, listed):
            assert (one.entry, one.device_type, one.device_name) == ("Office", "vpn", "WAN Miniport (IKEv2)")
            assert one.phonebook == ""
            assert one.sub_entry == 0
            assert one.luid == 0x3E8
            assert len(one.guid) == len(one.correlation_id) == 36
            assert one.handle == connection.handle
        assert listed.guid == connection.guid
        assert listed.correlation_id == connection.correlation_id


@pytest.mark.asyncio
async def test_it_tells_what_is_known_where_ras_lists_nothing(client, monkeypatch, caplog):
    """The dial's own words, where RasEnumConnections fails."""
    from rasdial_async._native.binding import RasLibrary

    def refuse(self):
        raise RasError(5, function="RasEnumConnectionsW")

    with monkeypatch.context() as patch:
        patch.setattr(RasLibrary, "connections", refuse)
        connection = await client.dial("Home")
    assert (connection.entry, connection.device_name) == ("Home", "WAN Miniport (PPPOE)")
    assert (connection.guid, connection.luid) == ("", 0)
    assert "the connections can't be listed" in caplog.text
    await connection.hang_up()


@pytest.mark.asyncio
async def test_its_status_is_that_of_ras(client):
    async with client.dial("Office") as connection:
        status = await connection.status()
        assert status.state is ConnectionState.CONNECTED
        assert (status.connected, status.error) == (True, 0)
        assert (status.device_type, status.device_name) == ("vpn", "WAN Miniport (IKEv2)")
        assert status.phone_number == "vpn.example"


@pytest.mark.asyncio
async def test_several_tasks_ask_for_the_status_at_once(client):
    async with client.dial("Office") as connection:
        answers = await asyncio.gather(*(connection.status() for _ in range(20)))
        assert all(answer == answers[0] for answer in answers)


@pytest.mark.asyncio
async def test_cancelling_a_status_changes_nothing(client):
    async with client.dial("Office") as connection:
        task = asyncio.ensure_future(connection.status())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await connection.status()).connected


@pytest.mark.asyncio
async def test_repr_says_how_it_stands(sim, client):
    connection = await client.dial("Office")
    start = f"<Connection 'Office' handle={connection.handle:#x} "
    assert repr(connection) == f"{start}up simulated>"
    sim.drop("Office")
    await connection.wait_disconnected()
    assert repr(connection) == f"{start}gone simulated>"
    await connection.hang_up()
    assert repr(connection) == f"{start}hung up simulated>"
    assert repr(fake_connection()[0]) == "<Connection 'Office' handle=0x1234 up>"


# Hang up


@pytest.mark.asyncio
async def test_hanging_up_returns_when_the_port_is_released(sim, client):
    connection = await client.dial("Office")
    assert left(sim) == (1, 1)
    assert await connection.hang_up() is True
    assert left(sim) == (0, 0)


@pytest.mark.asyncio
async def test_a_second_hang_up_returns_what_the_first_did(sim, client):
    connection = await client.dial("Office")
    assert await asyncio.gather(*(connection.hang_up() for _ in range(5))) == [True] * 5
    assert await connection.hang_up() is True
    assert left(sim) == (0, 0)


@pytest.mark.asyncio
async def test_a_second_hang_up_hangs_up_no_other_dial_of_the_entry(sim, client):
    first = await client.dial("Office")
    second = await client.dial("Office")
    assert first.handle == second.handle
    for _ in range(3):
        await first.hang_up()
    assert (await second.status()).connected
    await second.hang_up()
    assert left(sim) == (0, 0)


@pytest.mark.asyncio
async def test_a_hang_up_returns_at_once_where_another_reference_keeps_it_up(sim, client, monkeypatch):
    # A connection that another program keeps up is watched for a while.
    monkeypatch.setattr("rasdial_async.backends._hang_up._STEADY", 2 * SECONDS)
    first, second = await client.dial("Office"), await client.dial("Office")
    async with asyncio.timeout(SECONDS):
        assert await first.hang_up(timeout=3 * SECONDS) is True
    assert left(sim) == (1, 1)
    await second.hang_up()


@pytest.mark.asyncio
async def test_all_references_may_be_taken_at_once(sim, client):
    first, second = await client.dial("Office"), await client.dial("Office")
    assert await first.hang_up(all_references=True) is True
    assert left(sim) == (0, 0)
    with pytest.raises(RasError) as caught:
        await second.status()
    assert caught.value.code == 6
    assert await second.hang_up() is True


@pytest.mark.asyncio
async def test_a_port_that_is_not_released_in_time_is_told(caplog):
    with Simulator(pace=0, release_delay=60) as sim:
        sim.add_entry("Office")
        connection = await RasClient(sim).dial("Office")
        with caplog.at_level(logging.WARNING, "rasdial_async.connection"):
            assert await connection.hang_up(timeout=0.02) is False
    assert caplog.messages == ["Office: the port was not released within 0.02 s"]


@pytest.mark.asyncio
async def test_a_cancelled_hang_up_is_seen_through(sim, client):
    connection = await client.dial("Office")
    task = asyncio.ensure_future(connection.hang_up())
    await asyncio.sleep(0)
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert left(sim) == (0, 0)
    assert await connection.hang_up() is True


@pytest.mark.asyncio
async def test_a_time_out_around_a_hang_up_does_not_cut_it_short():
    with Simulator(pace=0, release_delay=0.05) as sim:
        sim.add_entry("Office")
        connection = await RasClient(sim).dial("Office")

        async def in_time():
            async with asyncio.timeout(0.005):
                await connection.hang_up()

        with pytest.raises(TimeoutError):
            await in_time()
        assert left(sim) == (0, 0)


@pytest.mark.asyncio
async def test_hanging_up_what_is_gone_is_no_error(sim, client):
    connection = await client.dial("Office")
    sim.drop("Office")
    assert await connection.hang_up() is True
    await connection.wait_disconnected()


class Answers:
    """A library as hanging up sees it: RasHangUp's codes, then those of RasGetConnectStatus."""

    name = "answers"

    def __init__(self, hang_up, *status):
        self.hang_up_code = hang_up
        self.status_codes = [*status]

    def hang_up(self, handle):
        return self.hang_up_code

    def status(self, handle):
        code = self.status_codes.pop(0) if len(self.status_codes) > 1 else self.status_codes[0]
        return code, ConnectionStatus(ConnectionState.DISCONNECTED) if code == 0 else None


@pytest.mark.parametrize(
    "library",
    [
        pytest.param(Answers(0, 0, 0, 6), id="hung up"),
        pytest.param(Answers(0, 0, 668), id="no connection"),
        pytest.param(Answers(6, 6), id="gone"),
        pytest.param(Answers(668, 0, 0, 6), id="going, ended by somebody else"),
        pytest.param(Answers(0, 0, 711), id="the service has stopped"),
        pytest.param(Answers(711, 711), id="the service had stopped before"),
    ],
)
def test_a_hang_up_is_over_when_the_handle_is_invalid_and_not_before(library):
    assert hang_up_and_wait(library, 4, 0.3) is True
    assert len(library.status_codes) == 1, "the port may be taken still"


@pytest.mark.asyncio
async def test_a_hang_up_that_ras_refuses_raises_and_may_be_tried_again():
    connection, backend = fake_connection()
    for code in (753, 668):
        task = asyncio.ensure_future(connection.hang_up())
        await asyncio.sleep(0)
        backend.answers[-1].set_exception(RasError(code, function="RasHangUpW"))
        with pytest.raises(RasError) as caught:
            await task
        assert caught.value.code == code
    backend.status_answers.append(ConnectionStatus(ConnectionState.CONNECTED))
    assert (await connection.status()).connected, "it is up as before"
    task = asyncio.ensure_future(connection.hang_up())
    await asyncio.sleep(0)
    backend.answers[-1].set_result(True)
    assert await task is True
    assert len(backend.hang_ups) == 3


@pytest.mark.asyncio
async def test_what_is_asked_of_the_backend():
    connection, backend = fake_connection()
    task = asyncio.ensure_future(connection.hang_up(timeout=3, all_references=True))
    await asyncio.sleep(0)
    backend.answers[-1].set_result(True)
    await task
    assert backend.hang_ups == [(connection.link, 3.0, True)]


@pytest.mark.parametrize(
    ("timeout", "error"), [(0, ValueError), (-1, ValueError), ("5", TypeError), (None, TypeError)]
)
@pytest.mark.asyncio
async def test_a_wrong_time_is_refused_before_anything_is_hung_up(timeout, error):
    connection, backend = fake_connection()
    with pytest.raises(error, match=r"^timeout must be "):
        await connection.hang_up(timeout=timeout)
    with pytest.raises(TypeError, match=r"^all_references must be "):
        await connection.hang_up(all_references=1)
    assert backend.hang_ups == []


@pytest.mark.asyncio
async def test_a_block_hangs_up_at_its_end(sim, client):
    async with await client.dial("Office") as connection:
        assert (await connection.status()).connected
    assert left(sim) == (0, 0)
    with pytest.raises(ZeroDivisionError):
        async with await client.dial("Office"):
            raise ZeroDivisionError
    assert left(sim) == (0, 0)


# Another loop


def test_a_connection_may_be_used_on_another_loop(sim, client):
    async def dial():
        return await client.dial("Office")

    async def use():
        assert (await connection.status()).connected
        return await connection.hang_up()

    connection = asyncio.run(dial())
    assert asyncio.run(use()) is True
    assert asyncio.run(connection.hang_up()) is True
    assert left(sim) == (0, 0)


def test_a_hang_up_under_way_on_another_loop_is_no_obstacle():
    with Simulator(pace=0, release_delay=0.1) as sim:
        sim.add_entry("Office")
        client = RasClient(sim)
        begun, results = threading.Event(), []

        async def dial():
            return await client.dial("Office")

        connection = asyncio.run(dial())

        async def first():
            task = asyncio.ensure_future(connection.hang_up())
            await asyncio.sleep(0)
            begun.set()
            results.append(await task)

        thread = threading.Thread(target=asyncio.run, args=(first(),))
        thread.start()
        assert begun.wait(SECONDS)
        results.append(asyncio.run(connection.hang_up()))
        thread.join(SECONDS)
        assert results == [True, True]


# Gone


@pytest.mark.asyncio
async def test_a_connection_that_is_gone_raises_6(sim, client):
    connection = await client.dial("Office")
    await connection.hang_up()
    for _ in range(2):
        with pytest.raises(RasError) as caught:
            await connection.status()
        assert (caught.value.code, caught.value.function) == (6, "RasGetConnectStatusW")
        assert not isinstance(caught.value, DialError)


@pytest.mark.asyncio
async def test_a_connection_that_is_gone_never_speaks_for_a_new_one(sim, client):
    old = await client.dial("Office")
    sim.drop("Office")
    await old.wait_disconnected()
    new = await client.dial("Office")
    new.link.handle = old.link.handle  # as if RAS had used the value again
    with pytest.raises(RasError):
        await old.status()
    assert await old.hang_up() is True
    new.link.handle = new.handle
    assert (await new.status()).connected
    await new.hang_up()


@pytest.mark.asyncio
async def test_waiting_for_the_end_ends_when_the_line_drops(sim, client):
    connection = await client.dial("Office")
    waiting = [asyncio.ensure_future(connection.wait_disconnected()) for _ in range(2)]
    await asyncio.sleep(0.02)
    assert not any(task.done() for task in waiting)
    sim.drop("Office")
    async with asyncio.timeout(SECONDS):
        await asyncio.gather(*waiting)
    await connection.wait_disconnected()


@pytest.mark.asyncio
async def test_waiting_for_the_end_ends_when_it_is_hung_up(client):
    connection = await client.dial("Office")
    waiting = asyncio.ensure_future(connection.wait_disconnected())
    await asyncio.sleep(0)
    await connection.hang_up()
    async with asyncio.timeout(SECONDS):
        await waiting


@pytest.mark.asyncio
async def test_waiting_for_the_end_may_be_cancelled(client):
    async with client.dial("Office") as connection:
        waiting = asyncio.ensure_future(connection.wait_disconnected())
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await connection.status()).connected


@pytest.mark.parametrize("code", [6, 668])
@pytest.mark.asyncio
async def test_waiting_ends_with_either_code_for_gone(code):
    connection, backend = fake_connection()
    backend.status_answers = [ConnectionStatus(ConnectionState.CONNECTED), RasError(code)]
    await connection.wait_disconnected()
    assert backend.status_answers == []


@pytest.mark.asyncio
async def test_waiting_raises_what_is_no_answer():
    connection, backend = fake_connection()
    backend.status_answers = [RasError(5, function="RasGetConnectStatusW")]
    with pytest.raises(RasError) as caught:
        await connection.wait_disconnected()
    assert caught.value.code == 5


@pytest.mark.asyncio
async def test_waiting_outlasts_a_service_that_starts_anew():
    """It answers for itself then, and says nothing of the connection."""
    connection, backend = fake_connection()
    up = ConnectionStatus(ConnectionState.CONNECTED)
    backend.status_answers = [up, RasError(1722), RasError(711), up, RasError(711), RasError(6)]
    await connection.wait_disconnected()
    assert backend.status_answers == []


@pytest.mark.asyncio
async def test_waiting_asks_less_and_less_often_but_never_rarer_than_each_second(monkeypatch):
    connection, backend = fake_connection()
    backend.status_answers = [ConnectionStatus(ConnectionState.CONNECTED)] * 9 + [RasError(6)]
    pauses = []

    async def sleep(seconds):
        pauses.append(seconds)

    monkeypatch.setattr("rasdial_async.connection.asyncio.sleep", sleep)
    await connection.wait_disconnected()
    assert pauses == sorted(pauses)
    assert 0 < pauses[0] <= 0.1
    assert pauses[-1] == 1.0


# The list of connections


@pytest.mark.asyncio
async def test_connections_lists_what_is_up_and_nothing_else(sim, client):
    assert await client.connections() == []
    sim.add_entry("Stuck")
    sim.script("Stuck", [Step(ConnectionState.OPEN_PORT)])
    dialing = client.dial("Stuck")
    await anext(aiter(dialing))
    async with client.dial("Office") as first, client.dial("Home") as second:
        listed = await client.connections()
        assert {one.handle for one in listed} == {first.handle, second.handle}
        assert {one.entry for one in listed} == {"Office", "Home"}
    assert await client.connections() == []
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_a_listed_connection_hangs_up_what_it_lists(sim, client):
    connection = await client.dial("Office")
    (listed,) = await client.connections()
    assert await listed.hang_up() is True
    assert left(sim) == (0, 0)
    with pytest.raises(RasError):
        await connection.status()
