"""A dial, and the loops and threads that it runs on."""

from __future__ import annotations

import asyncio
import threading

import pytest
from support.dials import AUTHENTICATE, awaited, nothing_left, reach, states
from support.waiting import SECONDS

pytestmark = pytest.mark.simulator("outcomes")


def test_a_dial_belongs_to_the_loop_on_which_it_began(sim, client):
    dialing = client.dial("Office")
    connection = asyncio.run(awaited(dialing))
    for use in (lambda: awaited(dialing), dialing.hang_up, lambda: states(dialing)):
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
        patch.setattr(client.backend.session, "forked", True)
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
        dialing = client.dial("Stuck")
        task = asyncio.ensure_future(dialing)
        await reach(dialing, AUTHENTICATE)
        assert not task.done()
        # asyncio.run cancels the task

    asyncio.run(main())
    assert nothing_left(sim)
