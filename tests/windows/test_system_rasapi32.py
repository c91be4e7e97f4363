"""Windows' own rasapi32.dll, as far as any machine has it: no entry is made, nothing is dialed."""

from __future__ import annotations

import pytest

import rasdial_async as ras

pytestmark = pytest.mark.asyncio


@pytest.fixture
def client(system_ras):
    if system_ras != "windows":
        pytest.skip(f"the rasapi32.dll of System32 is {system_ras or 'missing'}, not Windows' own")
    return ras.RasClient()


async def test_it_is_not_simulated(client):
    assert not client.simulated


async def test_entries_and_connections_are_listed(client):
    assert all(entry.name for entry in await client.entries())
    assert all(one.handle and one.entry for one in await client.connections())


async def test_an_entry_that_does_not_exist_is_623(client):
    with pytest.raises(ras.PhonebookError) as caught:
        await client.dial("rasdial_async: no entry has this name")
    assert caught.value.code == 623
    assert caught.value.message
