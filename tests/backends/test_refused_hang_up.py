"""A hang-up that RAS refuses while its task is cancelled: neither is lost, and nothing is said twice."""

from __future__ import annotations

import asyncio
import gc

import pytest
from support.waiting import loop_turn

import rasdial_async as ras

ENTRY = "| refuse:753 0 2000"


@pytest.fixture
def client(odd):
    return ras.RasClient(library=odd.path)


def said(caplog):
    gc.collect()  # a future tells of an exception that nobody asked for when it goes
    return [(record.name, record.getMessage()) for record in caplog.records if record.levelname != "INFO"]


async def cancelled(task):
    await loop_turn()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.asyncio
async def test_of_a_connection(client, odd, caplog):
    connection = await client.dial(ENTRY)
    await cancelled(asyncio.create_task(connection.hang_up()))
    ((logger, text),) = said(caplog)
    assert logger == "rasdial_async.active.connection"
    assert text.startswith(f"{ENTRY}: could not be hung up: ")
    assert "(753)" in text
    assert (await connection.status()).connected
    odd.allow_hang_up()
    assert await connection.hang_up(), "it is up as before"


@pytest.mark.asyncio
async def test_of_a_dial_that_is_connected(client, odd, caplog):
    dialing = client.dial(ENTRY)
    connection = await dialing
    await cancelled(asyncio.create_task(dialing.hang_up()))
    assert len(said(caplog)) == 1
    odd.allow_hang_up()
    await dialing.hang_up()
    assert odd.count("handles") == 0
    assert connection.ras_handle.gone


async def hang_up_when_connected(dialing):
    async for event in dialing:
        if event.terminal:
            break
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_of_a_dial_that_connects_while_it_is_cancelled(client, odd, caplog):
    """The cancellation is not replaced by what RAS says to the hang-up."""
    dialing = client.dial(ENTRY)
    odd.hold_lists(True)  # connected, but its Connection is not made yet
    task = asyncio.create_task(hang_up_when_connected(dialing))
    await asyncio.to_thread(odd.wait_lists)
    task.cancel()
    await loop_turn()
    odd.hold_lists(False)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(said(caplog)) == 1
    odd.allow_hang_up()
    await dialing.hang_up()
