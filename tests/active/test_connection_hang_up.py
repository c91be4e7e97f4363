"""A connection that is hung up, from its own loop and from another one."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest
from support.fake_backend import SECONDS, fake_connection, left
from support.waiting import loop_turn

from rasdial_async import ConnectionState, RasClient, RasError, Simulator
from rasdial_async._native.records.connection import ConnectionStatus
from rasdial_async.backends import RasHandle
from rasdial_async.backends.hang_up import hang_up_and_wait

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
async def test_a_hang_up_returns_at_once_where_another_reference_keeps_it_up(sim, client):
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
        with caplog.at_level(logging.WARNING, "rasdial_async.active.connection"):
            assert await connection.hang_up(timeout=0.02) is False
    assert caplog.messages == ["Office: the port was not released within 0.02 s"]


@pytest.mark.asyncio
async def test_a_cancelled_hang_up_is_seen_through(sim, client):
    connection = await client.dial("Office")
    task = asyncio.ensure_future(connection.hang_up())
    await loop_turn()
    for _ in range(3):
        task.cancel()
        await loop_turn()
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
    assert hang_up_and_wait(library, RasHandle(4), 0.3) is True
    assert len(library.status_codes) == 1, "the port may be taken still"


@pytest.mark.asyncio
async def test_a_hang_up_that_ras_refuses_raises_and_may_be_tried_again():
    connection, backend = fake_connection()
    for code in (753, 668):
        task = asyncio.ensure_future(connection.hang_up())
        await loop_turn()
        backend.answers[-1].set_exception(RasError(code, function="RasHangUpW"))
        with pytest.raises(RasError) as caught:
            await task
        assert caught.value.code == code
    backend.status_answers.append(ConnectionStatus(ConnectionState.CONNECTED))
    assert (await connection.status()).connected, "it is up as before"
    task = asyncio.ensure_future(connection.hang_up())
    await loop_turn()
    backend.answers[-1].set_result(True)
    assert await task is True
    assert len(backend.hang_ups) == 3


@pytest.mark.asyncio
async def test_what_is_asked_of_the_backend():
    connection, backend = fake_connection()
    task = asyncio.ensure_future(connection.hang_up(timeout=3, all_references=True))
    await loop_turn()
    backend.answers[-1].set_result(True)
    await task
    assert backend.hang_ups == [(connection.ras_handle, 3.0, True)]


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
            await loop_turn()
            begun.set()
            results.append(await task)

        thread = threading.Thread(target=asyncio.run, args=(first(),))
        thread.start()
        assert begun.wait(SECONDS)
        results.append(asyncio.run(connection.hang_up()))
        thread.join(SECONDS)
        assert results == [True, True]
