"""A RAS library that is not ours to choose: the end of a connection."""

from __future__ import annotations

import asyncio

import pytest
from support.second import SECONDS, _until_returned, wait, wait_count, watch

import rasdial_async as ras


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
