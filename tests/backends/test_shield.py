"""wait_shielded: to the end, whatever cancels; then the cancellation is not forgotten."""

from __future__ import annotations

import asyncio
import contextlib
import sys

import anyio
import pytest
from support.waiting import loop_turn

from rasdial_async.backends.shield import wait_shielded


async def one_round():
    """Everything that is ready has run."""
    await loop_turn(3)


@pytest.fixture(params=["with anyio", "without anyio", "anyio half imported"])
def surroundings(request, monkeypatch):
    if request.param == "without anyio":
        monkeypatch.delitem(sys.modules, "anyio")
    elif request.param == "anyio half imported":
        monkeypatch.setitem(sys.modules, "anyio", type(sys)("anyio"))


in_each = pytest.mark.usefixtures("surroundings")  # of these surroundings


@in_each
@pytest.mark.asyncio
async def test_gives_the_result():
    future = asyncio.get_running_loop().create_future()
    waiting = asyncio.ensure_future(wait_shielded(future))
    await one_round()
    assert not waiting.done()
    future.set_result("released")
    assert await waiting == "released"


@in_each
@pytest.mark.asyncio
async def test_gives_the_result_of_a_future_that_is_done():
    future = asyncio.get_running_loop().create_future()
    future.set_result(7)
    assert await wait_shielded(future) == 7


@in_each
@pytest.mark.asyncio
async def test_raises_the_exception_of_the_future():
    future = asyncio.get_running_loop().create_future()
    waiting = asyncio.ensure_future(wait_shielded(future))
    await one_round()
    future.set_exception(ValueError("753"))
    with pytest.raises(ValueError, match="753"):
        await waiting


@in_each
@pytest.mark.asyncio
async def test_a_cancellation_waits_for_the_end_and_is_raised_then():
    future = asyncio.get_running_loop().create_future()
    waiting = asyncio.ensure_future(wait_shielded(future))
    for _ in range(3):  # as often as anybody likes
        await one_round()
        waiting.cancel("enough")
    await one_round()
    assert not waiting.done()
    assert not future.cancelled()
    future.set_result(None)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert waiting.cancelled()


@in_each
@pytest.mark.asyncio
async def test_a_cancellation_wins_over_the_exception_of_the_future():
    future = asyncio.get_running_loop().create_future()
    waiting = asyncio.ensure_future(wait_shielded(future))
    await one_round()
    waiting.cancel()
    await one_round()
    future.set_exception(ValueError("753"))
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert future.exception() is not None


@in_each
@pytest.mark.asyncio
async def test_several_tasks_wait_for_one_future():
    future = asyncio.get_running_loop().create_future()
    waiting = [asyncio.ensure_future(wait_shielded(future)) for _ in range(3)]
    await one_round()
    waiting[1].cancel()
    await one_round()
    future.set_result(True)
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert results[0] is results[2] is True
    assert isinstance(results[1], asyncio.CancelledError)


@in_each
@pytest.mark.asyncio
async def test_a_time_out_around_it_comes_after_the_end():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    fired = loop.create_future()
    loop.call_later(0.02, lambda: (fired.set_result(None), future.set_result(None)))

    async def in_time():
        async with asyncio.timeout(0):
            await wait_shielded(future)

    with pytest.raises(TimeoutError):
        await in_time()
    assert fired.done()


@pytest.mark.asyncio
async def test_a_cancelled_scope_of_anyio_neither_cuts_it_short_nor_makes_it_spin():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    turns = 0
    original = asyncio.wait

    async def counted(*arguments, **options):
        nonlocal turns
        turns += 1
        return await original(*arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "wait", counted)
        with anyio.CancelScope() as scope:
            loop.call_later(0.05, future.set_result, None)
            scope.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await wait_shielded(future)
    assert future.done()
    assert turns < 5
