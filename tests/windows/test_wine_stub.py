"""Wine's own rasapi32.dll: a stub, which succeeds without doing anything or answers nonsense.

No oracle for RAS, but a real library that a client must survive: clear errors, no hang, nothing left over.
"""

from __future__ import annotations

import asyncio
import threading

import pytest

import rasdial_async as ras

pytestmark = pytest.mark.asyncio


@pytest.fixture
def stub(system_ras):
    if system_ras != "wine":
        pytest.skip(f"the rasapi32.dll of System32 is {system_ras or 'missing'}, not Wine's own")
    return ras.RasClient()


async def test_a_dial_fails_with_the_code_that_the_stub_gives(stub):
    before = threading.active_count()
    for _ in range(20):
        with pytest.raises(ras.DialError) as caught:
            await asyncio.wait_for(stub.dial("Office VPN", username="ada", password="secret"), 10)
        assert caught.value.code == 1
        assert caught.value.function == "RasDialW"
        assert str(caught.value)
    assert threading.active_count() <= before + 4


async def test_iterating_a_dial_ends_with_the_error(stub):
    dialing = stub.dial("Office VPN")
    with pytest.raises(ras.DialError):
        async for event in dialing:
            pytest.fail(f"an event of a dial that never began: {event}")
    assert dialing.done
    assert dialing.handle is None


async def test_nothing_is_listed(stub):
    assert await stub.connections() == []
    assert await stub.entries() == []


async def test_many_dials_at_once_all_end(stub):
    outcomes = await asyncio.wait_for(
        asyncio.gather(*(stub.dial(f"line {number}") for number in range(50)), return_exceptions=True), 20
    )
    assert {type(one) for one in outcomes} <= {ras.DialError}
    assert {one.code for one in outcomes} == {1}
