"""Dials of several links over a library whose every callback the test makes."""

from __future__ import annotations

import asyncio

import pytest
from support.links_ras import Function

import rasdial_async as ras
from rasdial_async import ConnectionState, RasClient

SECONDS = 10.0
BUSY, NO_CARRIER = 676, 679
OPEN_PORT, UP, DOWN, CONNECTED = 0, 22, 23, 0x2000


@pytest.fixture
def client(links):
    return RasClient(library=links.path)


async def begun(client, links, **options):
    """A dial whose RasDial has been called, and the task that iterates it."""
    dialing = client.dial("Bundle", **options)
    task = asyncio.create_task(events_of(dialing))
    await asyncio.to_thread(links.wait_calls, Function.DIAL, links.calls(Function.DIAL) + 1)
    return dialing, task


async def events_of(dialing):
    events = []
    try:
        async for event in dialing:
            events.append((event.sub_entry, int(event.state), event.error))  # noqa: PERF401 - kept when it fails
    except ras.DialError as error:
        return events, error
    return events, None


@pytest.mark.parametrize(
    ("links_of_entry", "notifier_type"),
    [(0, 1), (1, 1), (2, 2), (5, 2), (0xCDCDCDCD, 1)],
)
@pytest.mark.asyncio
async def test_several_links_take_a_rasdialfunc2(client, links, links_of_entry, notifier_type):
    links.set_entry(links_of_entry)
    dialing, task = await begun(client, links, sub_entry=2)
    assert links.dialed == (notifier_type, 2)
    if links_of_entry > 1:  # else it is connected at once
        links.tell(1, CONNECTED)
    await asyncio.wait_for(task, SECONDS)
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_a_number_without_an_entry_has_one_link(client, links):
    links.set_entry(2)
    dialing = client.dial("", phone_number="555-0100")
    iterating = asyncio.create_task(events_of(dialing))
    await asyncio.to_thread(links.wait_calls, Function.DIAL, 1)
    assert links.dialed == (1, 0)
    assert links.calls(Function.ENTRY) == 0
    links.tell(0, CONNECTED)
    await asyncio.wait_for(iterating, SECONDS)
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_an_entry_that_can_not_be_read_is_dialed_all_the_same(client, links):
    links.answer(Function.ENTRY, 610)
    dialing, task = await begun(client, links)
    assert links.dialed[0] == 1
    await asyncio.wait_for(task, SECONDS)
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_one_of_two_fails(client, links):
    links.set_entry(2)
    dialing, task = await begun(client, links)
    told = [(1, OPEN_PORT, 0), (2, OPEN_PORT, 0), (1, OPEN_PORT, BUSY), (2, UP, 0)]
    for event in told:
        assert links.tell(*event) != 0  # RAS is to go on
    assert links.tell(2, CONNECTED) == 0  # what comes now is no part of the dial
    events, error = await asyncio.wait_for(task, SECONDS)
    assert (events, error) == ([*told, (2, CONNECTED, 0)], None)
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_all_fail(client, links):
    links.set_entry(3)
    dialing, task = await begun(client, links)
    for number in (2, 3, 1):
        assert links.tell(number, OPEN_PORT, NO_CARRIER) != 0
    _, error = await asyncio.wait_for(task, SECONDS)
    assert (type(error), error.event.sub_entry) == (ras.NoCarrierError, 1)
    assert links.calls(Function.HANG_UP) == 1
    assert dialing.connection is None


@pytest.mark.asyncio
async def test_the_only_one_that_is_dialed_as_needed_fails(client, links):
    links.set_entry(3, mode=2)
    _, task = await begun(client, links, sub_entry=3)
    links.tell(3, OPEN_PORT, BUSY)
    _, error = await asyncio.wait_for(task, SECONDS)
    assert isinstance(error, ras.LineBusyError)


@pytest.mark.asyncio
async def test_a_link_that_came_up_and_went_again(client, links):
    links.set_entry(2)
    _, task = await begun(client, links)
    for event in [(1, UP, 0), (2, OPEN_PORT, BUSY), (1, DOWN, 0)]:
        links.tell(*event)
    _, error = await asyncio.wait_for(task, SECONDS)
    assert isinstance(error, ras.LineBusyError)


@pytest.mark.asyncio
async def test_links_that_are_on_their_way_when_it_is_hung_up(client, links):
    links.set_entry(2)
    dialing, task = await begun(client, links)
    links.tell(1, OPEN_PORT)
    await asyncio.wait_for(dialing.hang_up(), SECONDS)
    _, error = await asyncio.wait_for(task, SECONDS)
    assert isinstance(error, ras.HungUpError)
    assert links.tell(1, OPEN_PORT, BUSY) == 0  # the gate of its loop is shut: RAS need not go on


@pytest.mark.asyncio
async def test_two_links_are_held_at_their_errors(client, links):
    links.set_entry(2)
    dialing = client.dial("Bundle", hold_errors=True)
    events = aiter(dialing)
    first = asyncio.create_task(anext(events))
    await asyncio.to_thread(links.wait_calls, Function.DIAL, 1)
    held = [asyncio.create_task(asyncio.to_thread(links.tell, 1, OPEN_PORT, BUSY))]
    assert (await asyncio.wait_for(first, SECONDS)).sub_entry == 1
    assert not held[0].done()
    second = asyncio.create_task(anext(events))
    await asyncio.wait_for(held[0], SECONDS)  # it was asked for more
    held.append(asyncio.create_task(asyncio.to_thread(links.tell, 2, OPEN_PORT, NO_CARRIER)))
    assert (await asyncio.wait_for(second, SECONDS)).sub_entry == 2
    assert not held[1].done()
    with pytest.raises(ras.NoCarrierError):
        await asyncio.wait_for(anext(events), SECONDS)
    await asyncio.wait_for(held[1], SECONDS)


@pytest.mark.asyncio
async def test_a_time_out_counts_on_when_a_paused_link_has_failed(client, links):
    links.set_entry(2)
    dialing, task = await begun(client, links, timeout=0.05, options=ras.DialOptions.PAUSED_STATES)
    links.tell(1, int(ConnectionState.RETRY_AUTHENTICATION))
    links.tell(1, OPEN_PORT, BUSY)
    _, error = await asyncio.wait_for(task, SECONDS)
    assert isinstance(error, ras.DialTimeoutError)
    assert dialing.done
