"""dial(save_credentials=True): what RAS has let in is stored for the next time, and nothing else."""

from __future__ import annotations

import asyncio
import logging

import pytest
from support.simulators import PASSWORD
from support.waiting import loop_turn, until

import rasdial_async as ras
from rasdial_async import ConnectionState, Credentials, EapIdentity, Fail, Redial, Resume
from rasdial_async.backends.books import RasBooks

pytestmark = pytest.mark.simulator("login")

RIGHT = Credentials("ada", PASSWORD)
STORED = {"credentials": Credentials.stored()}


async def save(client, **options):
    dialing = client.dial("Office", save_credentials=True, **options)
    async with dialing:
        return dialing


async def dials_with_what_is_stored(client):
    async with client.dial("Office", **STORED):
        return (await client.get_credentials("Office")).username


@pytest.mark.asyncio
async def test_what_connected_is_stored_when_the_dial_is_done(client):
    dialing = await save(client, username="ada", password=PASSWORD)
    assert dialing.save_error is None
    assert await dials_with_what_is_stored(client) == "ada"


@pytest.mark.asyncio
async def test_an_iterating_consumer_finds_it_stored_after_the_last_event(client):
    dialing = client.dial("Office", credentials=RIGHT, save_credentials=True)
    async for _ in dialing:
        pass
    assert (await client.get_credentials("Office")).username == "ada"
    await dialing.hang_up()


@pytest.mark.asyncio
async def test_nothing_is_stored_before_it_is_up(client, sim):
    sim.script("Office", [ras.Step(ConnectionState.AUTHENTICATED), ras.Silence()])
    dialing = client.dial("Office", credentials=RIGHT, save_credentials=True)
    assert (await anext(aiter(dialing))).state is ConnectionState.AUTHENTICATED
    assert await client.get_credentials("Office") is None
    await dialing.hang_up()
    assert await client.get_credentials("Office") is None


@pytest.mark.asyncio
async def test_by_default_nothing_is_stored(client):
    async with client.dial("Office", credentials=RIGHT):
        pass
    assert await client.get_credentials("Office") is None


@pytest.mark.parametrize(
    "script",
    [[Fail(691)], [Fail(676)], [ras.Step(ConnectionState.AUTHENTICATED), Fail(718)]],
)
@pytest.mark.asyncio
async def test_what_did_not_connect_is_not_stored(client, sim, script):
    sim.script("Office", script)
    with pytest.raises(ras.DialError):
        await client.dial("Office", credentials=RIGHT, save_credentials=True)
    assert await client.get_credentials("Office") is None


@pytest.mark.asyncio
async def test_what_a_pause_has_corrected_is_what_is_stored(client):
    async def on_paused(event):
        return Resume(password=PASSWORD)

    await save(client, username="ada", password="wrong", on_paused=on_paused)
    assert await dials_with_what_is_stored(client) == "ada"


@pytest.mark.asyncio
async def test_what_was_asked_for_last_is_what_is_stored(client, sim):
    sim.script("Office", [Fail(691)])
    answers = [Credentials("eve", "wrong"), RIGHT]

    def ask(error):
        if error is not None:
            sim.script("Office", [])
        return answers.pop(0)

    await save(client, credentials=ask, redial=Redial(attempts=2, pause=0))
    assert await dials_with_what_is_stored(client) == "ada"


@pytest.mark.asyncio
async def test_a_new_password_is_stored_over_the_old_one_and_nothing_else(client, sim):
    await client.set_credentials("Office", Credentials("ada", PASSWORD, "LAB"))
    sim.expire_password("Office")

    async def on_paused(event):
        assert event.state is ConnectionState.PASSWORD_EXPIRED
        return Resume(password="newer")

    await save(client, on_paused=on_paused, **STORED)
    found = await client.get_credentials("Office")
    assert (found.username, found.domain) == ("ada", "LAB")
    assert await dials_with_what_is_stored(client) == "ada"
    async with client.dial("Office", username="ada", password="newer"):
        pass


@pytest.mark.asyncio
async def test_nothing_given_is_nothing_to_store(client, sim):
    sim.add_entry("Office")
    await save(client)
    assert await client.get_credentials("Office") is None
    await client.set_credentials("Office", RIGHT)
    await save(client, eap=EapIdentity("eve"), **STORED)
    assert await dials_with_what_is_stored(client) == "ada", "the name of an EAP identity is not the user's"


# --- a failure ---


@pytest.mark.asyncio
async def test_a_failure_is_logged_and_readable_and_fails_nothing(client, monkeypatch, caplog):
    async def refuse(*_):
        raise ras.RasError(5, function="RasSetCredentialsW")

    monkeypatch.setattr(RasBooks, "save_login", refuse)
    dialing = client.dial("Office", credentials=RIGHT, save_credentials=True)
    async with dialing as connection:
        assert (await connection.status()).connected
        assert dialing.error is None
    assert (dialing.save_error.code, dialing.save_error.function) == (5, "RasSetCredentialsW")
    (record,) = (record for record in caplog.records if record.levelno >= logging.WARNING)
    assert "could not be saved" in record.getMessage()
    assert "Xyzzy" not in caplog.text


# --- ended meanwhile ---


@pytest.fixture
def slow(monkeypatch):
    """RasSetCredentials takes until the test lets it go."""
    begun, go = asyncio.Event(), asyncio.Event()

    async def wait(*_):
        begun.set()
        await go.wait()

    monkeypatch.setattr(RasBooks, "save_login", wait)
    return begun, go


@pytest.mark.parametrize("cancel", [True, False])
@pytest.mark.asyncio
async def test_a_dial_that_is_ended_meanwhile_is_hung_up(client, sim, slow, cancel):
    begun, go = slow
    dialing = client.dial("Office", credentials=RIGHT, save_credentials=True)
    task = asyncio.ensure_future(dialing)
    await begun.wait()
    ending = task if cancel else asyncio.ensure_future(dialing.hang_up())
    if cancel:
        task.cancel()
    await loop_turn()
    go.set()
    await asyncio.wait((ending, task))
    assert task.cancelled() == cancel
    assert sim.counts.connections == 0


def test_a_loop_that_ends_meanwhile(client, sim, slow):
    begun, _ = slow

    async def main():
        task = asyncio.ensure_future(client.dial("Office", credentials=RIGHT, save_credentials=True))
        await begun.wait()
        return task

    task = asyncio.run(main())
    assert task.cancelled()
    assert sim.counts.connections == 0


def test_a_loop_that_closes_meanwhile(client, sim, slow):
    """Without asyncio.run nobody cancels anything."""
    begun, _ = slow
    loop = asyncio.new_event_loop()
    dialing = client.dial("Office", credentials=RIGHT, save_credentials=True)

    async def begin(dialing):
        await anext(aiter(dialing))
        await begun.wait()

    loop.run_until_complete(begin(dialing))
    loop.close()
    assert sim.counts.connections == 1
    kept = [dialing]
    del dialing
    with pytest.warns(ResourceWarning, match="unfinished"):
        kept.clear()
    until(lambda: sim.counts.connections == 0)
    assert sim.counts.connections == 0


def test_bad_arguments_are_named(client):
    with pytest.raises(TypeError, match="save_credentials"):
        client.dial("Office", credentials=RIGHT, save_credentials="yes")
    with pytest.raises(ValueError, match="save_credentials"):
        client.dial("", phone_number="555", credentials=RIGHT, save_credentials=True)
