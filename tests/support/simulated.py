"""Helpers of the tests of the simulator."""

from __future__ import annotations

from rasdial_async import DialError, Silence, Step
from rasdial_async.simulator import ScriptStep
from support import DATA
from support.dials import CONNECTED, OPEN_PORT

PHONEBOOKS = DATA / "phonebooks"
BOOKS = sorted(PHONEBOOKS.glob("*.pbk"))
CONNECTS: list[ScriptStep] = [Step(OPEN_PORT), Step(CONNECTED)]
HANGS: list[ScriptStep] = [Step(OPEN_PORT), Silence()]


async def outcome(dialing):
    """The states of a dial, and its error code."""
    try:
        connection = await dialing
    except DialError as error:
        return [event.state for event in dialing.events], error.code
    await connection.hang_up()
    return [event.state for event in dialing.events], 0
