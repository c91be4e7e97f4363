"""What the tests of the simulator have in common."""

from __future__ import annotations

import asyncio

from rasdial_async import ConnectionState, DialError, Silence, Step
from rasdial_async.simulator import ScriptStep
from support import DATA

PHONEBOOKS = DATA / "phonebooks"
BOOKS = sorted(PHONEBOOKS.glob("*.pbk"))
OPEN_PORT, AUTHENTICATE, CONNECTED = (
    ConnectionState.OPEN_PORT,
    ConnectionState.AUTHENTICATE,
    ConnectionState.CONNECTED,
)
CONNECTS: list[ScriptStep] = [Step(OPEN_PORT), Step(CONNECTED)]
HANGS: list[ScriptStep] = [Step(OPEN_PORT), Silence()]
SECONDS = 10.0


async def reach(dialing, state):
    async for event in dialing:
        if event.state == state:
            return


async def eventually(condition):
    async with asyncio.timeout(SECONDS):
        while not condition():  # noqa: ASYNC110 - nobody sets an event for it
            await asyncio.sleep(0.001)


async def outcome(dialing):
    """The states of a dial, and its error code."""
    try:
        connection = await dialing
    except DialError as error:
        return [event.state for event in dialing.events], error.code
    await connection.hang_up()
    return [event.state for event in dialing.events], 0
