"""The verbs as functions: those of the default client, and nothing of their own."""

from __future__ import annotations

import inspect
import sys

import pytest
from support import DATA
from support.simulators import LOGIN

import rasdial_async as ras
from rasdial_async.client import functions

BOOK = DATA / "phonebooks" / "vpn-mixed.pbk"


pytestmark = [pytest.mark.simulator("login"), pytest.mark.usefixtures("as_default")]


@pytest.mark.asyncio
async def test_dial_dials_with_the_default_client(sim):
    dialing = ras.dial("Office", **LOGIN, timeout=60)
    assert isinstance(dialing, ras.Dialing)
    async with dialing as connection:
        assert [one.handle for one in await ras.connections()] == [connection.handle]
    assert await ras.connections() == []
    assert sim.counts.dials == 1


@pytest.mark.asyncio
async def test_the_options_are_passed_on(sim):
    with pytest.raises(ras.AuthenticationError):
        await ras.dial("Office", credentials=ras.Credentials("ada", "wrong"))
    async with ras.dial("lake.example", phonebook=BOOK) as connection:
        assert connection.phonebook == str(BOOK)


@pytest.mark.asyncio
async def test_entries_lists_those_of_the_default_client(sim):
    assert await ras.entries() == ["Office"]
    assert "lake.example" in await ras.entries(BOOK)
    assert "lake.example" in await ras.entries(phonebook=str(BOOK))


def test_bad_arguments_raise_at_the_call():
    with pytest.raises(ValueError, match=r"^timeout must be "):
        ras.dial("Office", timeout=0)
    with pytest.raises(TypeError, match="frobnicate"):
        ras.dial("Office", frobnicate=1)  # type: ignore[call-arg]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a RAS of its own")
@pytest.mark.asyncio
async def test_without_a_ras_every_function_says_so(nothing_chosen):
    with pytest.raises(ras.BackendUnavailableError):
        ras.dial("Office")
    for function in (ras.connections, ras.entries):
        with pytest.raises(ras.BackendUnavailableError):
            await function()


def test_what_is_a_coroutine_function_is_one():
    """dial() gives a Dialing at once; the others are awaited."""
    assert not inspect.iscoroutinefunction(ras.dial)
    assert inspect.iscoroutinefunction(ras.connections)
    assert inspect.iscoroutinefunction(ras.entries)


def test_each_function_is_a_verb_of_every_client():
    verbs = [name for name, what in vars(functions).items() if what.__class__ is type(functions.dial)]
    own = [name for name in verbs if getattr(functions, name).__module__ == functions.__name__]
    assert {"dial", "watch", "keep_connected", "get_credentials"} <= set(own)
    assert [name for name in own if not hasattr(ras.RasClient, name)] == []


@pytest.mark.asyncio
async def test_keep_connected_keeps_with_the_client_it_is_given(sim):
    with ras.Simulator(pace=0) as other:
        other.add_entry("Depot")
        async with ras.keep_connected("Depot", client=ras.RasClient(other)) as keeper:
            assert (await keeper.connected()).entry == "Depot"
        assert other.counts.dials == 1
    async with ras.keep_connected("Office", **LOGIN) as keeper:
        await keeper.connected()
    assert sim.counts.dials == 1
