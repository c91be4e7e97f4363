"""The log of the second RAS library, and the order that it can be made to keep."""

from __future__ import annotations

import asyncio

import pytest
from support.odd_ras.log import Happening
from support.waiting import loop_turn

import rasdial_async as ras


@pytest.fixture
def client(odd):
    return ras.RasClient(library=odd.path)


async def dial(client, entry):
    async with client.dial(entry):
        pass


def of(odd, tag):
    return [record.kind for record in odd.log() if record.tag == tag]


@pytest.mark.asyncio
async def test_the_log_has_the_life_of_a_dial(client, odd):
    await dial(client, "#7 take 5 handle | 2000")
    log = [(record.kind, record.state, record.value) for record in odd.log()]
    kinds = [kind for kind, _, _ in log]
    returned = kinds.index(Happening.DIAL_RETURNED)  # on another thread than what is reported after it
    assert kinds.index(Happening.HANDLE_STORED) < returned
    del log[returned]
    assert log == [
        (Happening.DIAL_BEGAN, 0, 0),
        (Happening.HANDLE_GIVEN, 0, 0),
        (Happening.CALLBACK_BEGAN, 5, 0),
        (Happening.CALLBACK_ENDED, 5, 0),
        (Happening.HANDLE_STORED, 5, 0),
        (Happening.CALLBACK_BEGAN, 0x2000, 1),
        (Happening.CALLBACK_ENDED, 0x2000, 1),
        (Happening.HANG_UP_BEGAN, 0x2000, 0),
        (Happening.HANG_UP_ENDED, 0x2001, 0),
        (Happening.PORT_FREED, 0x2001, 0),
    ]
    assert {(record.tag, record.nth, record.handle) for record in odd.log()[1:]} == {(7, 0, 0x5100)}


@pytest.mark.asyncio
async def test_each_dial_of_an_entry_has_a_program_of_its_own(client, odd):
    redial = ras.Redial(3, pause=0.0)
    dialing = client.dial("#1 | 1!676 / | 2!676 / | 3 2000", redial=redial)
    async with dialing:
        pass
    assert [(int(event.state), event.error) for event in dialing.events] == [
        (1, 676),
        (2, 676),
        (3, 0),
        (0x2000, 0),
    ]
    assert [one.nth for one in odd.log() if one.kind == Happening.PORT_FREED] == [0, 1, 2]


@pytest.mark.asyncio
async def test_a_replay_keeps_the_order_of_the_log(client, odd):
    """The second dial begins first, and is made to wait for the first one at every step."""
    first, second = "#1 | 5 2000", "#2 | 5 2000"
    await dial(client, first)
    await dial(client, second)
    log = odd.log()
    assert odd.reset()
    odd.replay(log)
    begun = asyncio.create_task(dial(client, second))
    await loop_turn()
    await asyncio.gather(begun, dial(client, first))
    order = [(record.tag, record.kind, record.value) for record in odd.log()]
    assert order == [(record.tag, record.kind, record.value) for record in log]
    assert odd.skips() == 0


@pytest.mark.asyncio
async def test_a_replay_goes_on_where_the_log_does_not(client, odd):
    await dial(client, "#1 | 5 2000")
    log = odd.log()
    assert odd.reset()
    odd.replay(log)
    with pytest.raises(ras.DialError):
        await dial(client, "#1 | 2001!691")
    assert odd.skips() > 0
