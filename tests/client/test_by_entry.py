"""Connections by the name of their entry."""

from __future__ import annotations

import contextlib
import json

import pytest

import rasdial_async as ras

pytestmark = pytest.mark.simulator("plain")


@pytest.mark.asyncio
async def test_a_connection_is_found_and_hung_up_by_its_name_in_any_case(sim, client):
    assert await client.connection("Office") is None
    assert await client.hang_up("Office") is False
    dialed = await client.dial("Office")
    found = await client.connection("OFFICE")
    assert found is not None
    assert found.handle == dialed.handle
    assert found.is_up
    assert await client.hang_up("office") is True
    assert not dialed.is_up
    assert sim.counts.connections == 0


@pytest.mark.asyncio
async def test_a_connection_is_up_until_it_was_hung_up_or_ras_says_otherwise(sim, client):
    first = await client.dial("Office")
    assert first.is_up
    await first.hang_up()
    assert not first.is_up
    second = await client.dial("Office")
    sim.drop("Office")
    await second.wait_disconnected()
    with pytest.raises(ras.ConnectionGoneError):
        await second.status()
    assert not second.is_up


@pytest.mark.asyncio
async def test_an_entry_without_a_name_is_refused(client):
    for verb in (client.connection, client.hang_up):
        with pytest.raises(ValueError, match="entry is empty"):
            await verb("")


def test_a_text_as_credentials_names_the_mistake(client):
    with pytest.raises(TypeError, match=r"Credentials\.stored\(\)"):
        client.dial("Office", credentials="stored")


def test_a_simulated_keeper_and_watch_say_so(client):
    assert repr(client.keep_connected("Office")) == "<Keeper 'Office' stopped simulated>"
    assert repr(client.watch()) == "<Watch simulator simulated>"
    assert repr(client.phonebook()) == "<Phonebook default simulated>"


@pytest.mark.asyncio
async def test_changes_are_ready_for_json(sim, client):
    async with client.watch() as changes, client.dial("Office"):
        change = await anext(changes)
    said = json.loads(json.dumps(change.as_dict()))
    assert (said["kind"], said["connection"]["entry"], said["sub_entry"]) == ("connected", "Office", 0)
    sim.script("Office", [ras.Fail(691)])
    async with contextlib.AsyncExitStack() as stack:
        stack.push(lambda *error: error[0] is ras.AuthenticationError)
        keeper = await stack.enter_async_context(client.keep_connected("Office"))
        seen = []
        with pytest.raises(ras.AuthenticationError):
            async for kept in keeper.changes():
                seen.append(json.loads(json.dumps(kept.as_dict())))  # noqa: PERF401
    assert [one["state"] for one in seen] == ["dialing", "stopped"]
    assert seen[-1]["error"]["code"] == 691
    assert seen[-1]["connection"] is None


@pytest.mark.asyncio
async def test_the_functions_ask_the_default_client(sim, as_default):
    dialed = await ras.dial("Office")
    found = await ras.connection("Office")
    assert found is not None
    assert found.handle == dialed.handle
    assert await ras.hang_up("Office") is True
