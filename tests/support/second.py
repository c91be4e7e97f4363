"""Helpers of the tests over tests/support/odd_ras."""

from __future__ import annotations

import asyncio

import rasdial_async as ras
from rasdial_async.errors.states import ConnectionState
from support import odd_ras
from support.waiting import until

SECONDS = odd_ras.SECONDS
CONNECTED = ConnectionState.CONNECTED


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


def _until_returned(dialing):
    """RasDialW has returned, and its thread has asked for the status."""
    (call,) = (call for call in dialing._run._backend.session.calls() if call.handle == dialing.handle)
    until(lambda: call.stage.value == "returned")
