"""Wine's own rasapi32.dll: a stub, which succeeds without doing anything or answers nonsense.

No oracle for RAS, but a real library that a client must survive: clear errors, no hang, nothing left over.
"""

from __future__ import annotations

import asyncio
import threading

import pytest
from support.open_handles import handles_at_rest
from support.waiting import loop_turn

import rasdial_async as ras

asynchronous = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def over_wine_s_own(system_ras):
    if system_ras != "wine":
        pytest.skip(f"the rasapi32.dll of System32 is {system_ras or 'missing'}, not Wine's own")


@pytest.fixture
def stub():
    return ras.RasClient()


@asynchronous
async def test_a_dial_fails_with_the_code_that_the_stub_gives(stub):
    before = threading.active_count()
    for _ in range(20):
        with pytest.raises(ras.DialError) as caught:
            await asyncio.wait_for(stub.dial("Office VPN", username="ada", password="secret"), 10)
        assert caught.value.code == 1
        assert caught.value.function == "RasDialW"
        assert str(caught.value)
    assert threading.active_count() <= before + 4


@asynchronous
async def test_iterating_a_dial_ends_with_the_error(stub):
    dialing = stub.dial("Office VPN")
    with pytest.raises(ras.DialError):
        async for event in dialing:
            pytest.fail(f"an event of a dial that never began: {event}")
    assert dialing.done
    assert dialing.handle is None


@asynchronous
async def test_nothing_is_listed(stub):
    assert await stub.connections() == []
    assert await stub.entries() == []


@asynchronous
async def test_many_dials_at_once_all_end(stub):
    outcomes = await asyncio.wait_for(
        asyncio.gather(*(stub.dial(f"line {number}") for number in range(50)), return_exceptions=True), 20
    )
    assert {type(one) for one in outcomes} <= {ras.DialError}
    assert {one.code for one in outcomes} == {1}


@asynchronous
async def test_a_watch_says_that_nothing_is_signalled_and_can_be_ended(stub, caplog):
    async with stub.watch() as watch:
        waiting = asyncio.ensure_future(anext(watch, None))
        await loop_turn()
    assert await asyncio.wait_for(waiting, 10) is None
    (logged,) = [record.getMessage() for record in caplog.records if record.name.startswith("rasdial")]
    assert "changes are not signalled" in logged
    assert "RasConnectionNotificationW" in logged


@asynchronous
async def test_what_it_knows_nothing_of_is_empty_or_an_error(stub):
    """RasGetCredentialsW and RasGetCountryInfoW are left out: Wine ends the process that calls them."""
    assert await stub.devices() == []
    assert await stub.autodial.addresses() == []
    with pytest.raises(ras.RasError) as caught:
        await stub.delete_credentials("Office VPN")
    assert (caught.value.code, caught.value.function) == (635, "RasSetCredentialsW")


@asynchronous
async def test_it_is_not_taken_for_the_simulator(stub):
    assert not stub.simulated


def test_loops_that_come_and_go_leave_nothing_open(monkeypatch):
    async def use():
        client = ras.RasClient()
        with pytest.raises(ras.DialError):
            await client.dial("Office VPN")
        async with client.watch():
            pass
        assert await client.connections() == []

    for _ in range(3):
        asyncio.run(use())
    before = handles_at_rest(monkeypatch)
    for _ in range(10):
        asyncio.run(use())
    assert handles_at_rest(monkeypatch) <= before
