"""Dials in tasks that run their first step at once, before create_task returns."""

from __future__ import annotations

import asyncio
import sys

import pytest
from support.dials import AUTHENTICATE, awaited, nothing_left, reach
from support.waiting import eventually

from rasdial_async import AuthenticationError

pytestmark = [
    pytest.mark.simulator("outcomes"),
    pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks are new in Python 3.12"),
]


@pytest.fixture
def run():
    """A function that runs a coroutine on a loop whose tasks are eager."""
    with asyncio.Runner(debug=True) as runner:
        if sys.version_info >= (3, 12):
            runner.get_loop().set_task_factory(asyncio.eager_task_factory)
        yield runner.run


@pytest.mark.parametrize("wrap", [awaited, lambda dialing: dialing], ids=["awaited", "as a coroutine"])
def test_a_dial_that_connects(sim, client, run, wrap):
    async def main():
        connection = await asyncio.create_task(wrap(client.dial("Office")))
        assert await connection.hang_up()

    run(main())
    assert nothing_left(sim)


def test_a_dial_that_fails(sim, client, run):
    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(client.dial("Wrong"))

    with pytest.raises(ExceptionGroup) as caught:
        run(main())
    assert [type(error) for error in caught.value.exceptions] == [AuthenticationError]
    assert nothing_left(sim)


def test_a_dial_that_was_awaited_before(sim, client, run):
    """The task ends in its first step."""

    async def main():
        dialing = client.dial("Office")
        async with dialing as connection:
            assert await asyncio.create_task(awaited(dialing)) is connection

    run(main())
    assert nothing_left(sim)


def test_a_dial_that_is_canceled(sim, client, run):
    async def main():
        dialing = client.dial("Stuck")
        task = asyncio.create_task(awaited(dialing))
        await reach(dialing, AUTHENTICATE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert nothing_left(sim)

    run(main())


def test_a_dial_that_times_out(sim, client, run):
    async def main():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await asyncio.create_task(awaited(client.dial("Stuck")))
        await eventually(lambda: nothing_left(sim))

    run(main())


def test_the_events_of_a_dial(sim, client, run):
    async def main():
        async def states():
            return [event.state async for event in dialing]

        dialing = client.dial("Office")
        one, other = await asyncio.gather(states(), states())
        assert one == other
        await (await dialing).hang_up()

    run(main())
    assert nothing_left(sim)
