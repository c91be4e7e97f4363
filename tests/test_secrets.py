"""Secrets are looked for where they would be left: in the memory of this process, and in pickles.

RAS takes UTF-16, Python keeps such a text in bytes of one: so what is found in UTF-16 is a buffer.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import secrets
import sys
import traceback
from typing import Any

import pytest
from support.waiting import loop_turn

import rasdial_async as ras
from rasdial_async import (
    ConnectionState,
    CredentialKind,
    Credentials,
    DialEvent,
    Entry,
    Fail,
    Pause,
    Redial,
    Resume,
    Step,
)
from rasdial_async._native._ras import ffi

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="/proc/self/mem is Linux'")


def copies(secret: str) -> int:
    """Count it in the memory, in UTF-16. What is searched for is never whole in the memory itself."""
    begin, backwards = secret[:8].encode("utf-16-le"), secret[:7:-1]
    found = 0
    with open("/proc/self/maps", encoding="ascii") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            span, rights, *_ = line.split(maxsplit=5)
            if not rights.startswith("rw"):
                continue
            start, end = (int(address, 16) for address in span.split("-"))
            try:
                memory.seek(start)
                data = memory.read(end - start)
            except (OSError, OverflowError):  # a mapping that can't be read, or is gone
                continue
            at = data.find(begin)
            while at >= 0:
                rest = data[at + len(begin) :][: 2 * len(backwards)]
                found += rest.decode("utf-16-le", "replace")[::-1] == backwards
                at = data.find(begin, at + 2)
    return found


@pytest.fixture
def secret():
    return secrets.token_hex(16)


async def connect(client, sim, secret):
    async with client.dial("Office", username="ada", password=secret):
        pass


async def resume(client, sim, secret):
    async def on_paused(event: DialEvent) -> Resume:
        return Resume(password=secret)

    sim.script("Office", [Pause(ConnectionState.RETRY_AUTHENTICATION), Step(ConnectionState.CONNECTED)])
    async with client.dial("Office", username="ada", on_paused=on_paused):
        pass


async def fail_and_redial(client, sim, secret):
    sim.script("Office", [Fail(691)])
    redial = Redial(2, pause=0, retry_on=lambda error: True)
    with pytest.raises(ras.AuthenticationError):
        await client.dial("Office", username="ada", password=secret, redial=redial)


async def be_refused(client, sim, secret):
    sim.refuse("Office", 632)  # so that each size is tried
    with pytest.raises(ras.DialError):
        await client.dial("Office", username="ada", password=secret)


async def cancel(client, sim, secret):
    sim.script("Office", [Step(ConnectionState.OPEN_PORT)])
    dialing = client.dial("Office", username="ada", password=secret)
    await anext(aiter(dialing))
    task = asyncio.ensure_future(dialing)
    await loop_turn()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def save(client, sim, secret):
    async with client.dial("Office", username="ada", password=secret, save_credentials=True):
        pass
    await client.delete_credentials("Office")


async def store(client, sim, secret):
    await client.set_credentials("Office", Credentials("ada", secret))
    await client.delete_credentials("Office")


async def store_in_vain(client, sim, secret):
    sim.answer("RasSetCredentials", 5)
    with pytest.raises(ras.RasError):
        await client.set_credentials("Office", Credentials("ada", secret))


async def store_a_key(client, sim, secret):
    await client.phonebook().create(Entry.vpn("Key", "h", protocol="l2tp", pre_shared_key=secret))
    await client.delete_credentials("Key", kind=CredentialKind.PRE_SHARED_KEY)


USES = [connect, resume, fail_and_redial, be_refused, cancel, save, store, store_in_vain, store_a_key]


@LINUX
def test_a_buffer_that_was_not_wiped_is_found(secret):
    buffer = ffi.new("WCHAR[]", secret)
    assert copies(secret) == 1
    ffi.buffer(buffer)[:] = bytes(2 * len(buffer))
    assert copies(secret) == 0


@LINUX
@pytest.mark.parametrize("use", USES)
@pytest.mark.asyncio
async def test_no_buffer_keeps_it(client, sim, secret, caplog, use):
    caplog.set_level(logging.DEBUG, "rasdial_async")
    await use(client, sim, secret)
    assert copies(secret) == 0
    assert secret not in caplog.text


@pytest.mark.asyncio
async def test_neither_an_error_nor_an_event_takes_it_along(client, sim, secret):
    sim.script("Office", [Step(ConnectionState.OPEN_PORT), Fail(691)])
    with pytest.raises(ras.AuthenticationError) as caught:
        await client.dial("Office", username="ada", password=secret)
    error = caught.value
    assert secret.encode() not in pickle.dumps((error, error.event, Entry.vpn("A", "h")))
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert secret not in "".join(traceback.format_exception(error))


def shown(error: BaseException) -> str:
    """The output of a tool that shows local variables prints of the frames of this package."""
    package = os.path.dirname(ras.__file__)
    lines = [str(error)]
    chained: BaseException | None = error
    while chained is not None:
        told = traceback.TracebackException.from_exception(chained, capture_locals=True)
        for frame in told.stack:
            if frame.filename.startswith((package, "<")):  # dataclasses compile their constructors
                lines += (frame.locals or {}).values()
        chained = chained.__cause__ or chained.__context__
    return "\n".join(lines)


NONSENSE: dict[str, Any] = {"nonsense": 1}
WRONG_CALLS = {
    "a time-out": lambda client, secret: client.dial("Office", username="ada", password=secret, timeout=-1),
    "an entry": lambda client, secret: client.dial("O" * 300, username="ada", password=secret),
    "a password that is too long": lambda client, secret: client.dial("Office", password=secret * 20),
    "a password with a NUL": lambda client, secret: client.dial("Office", password=f"{secret}\0"),
    "two logins": lambda client, secret: client.dial(
        "Office", password=secret, credentials=Credentials("ada", secret)
    ),
    "a function": lambda client, secret: ras.dial("Office", password=secret, timeout=-1),
    "no such option": lambda client, secret: ras.dial("Office", password=secret, **NONSENSE),
    "a keeper": lambda client, secret: client.keep_connected("Office", password=secret, timeout=-1),
    "a keeper function": lambda client, secret: ras.keep_connected("Office", password=secret, timeout=-1),
    "credentials": lambda client, secret: Credentials("ada", secret, **NONSENSE),
    "credentials of the store": lambda client, secret: Credentials("ada", secret, from_store=True),
    "a resume": lambda client, secret: Resume(password=secret * 20),
    "a key that is too long": lambda client, secret: Entry.vpn(
        "A", "h", protocol="l2tp", pre_shared_key=secret * 20
    ),
    "a key for IKEv2": lambda client, secret: Entry.vpn("A", "h", protocol="ikev2", pre_shared_key=secret),
    "an entry's field": lambda client, secret: Entry(name="A", pre_shared_key=secret * 20),
}


@pytest.mark.parametrize("what", WRONG_CALLS)
def test_a_refused_argument_shows_no_secret(client, secret, monkeypatch, what):
    monkeypatch.setenv("RASDIAL_BACKEND", "simulator")
    with pytest.raises((TypeError, ValueError)) as caught:
        WRONG_CALLS[what](client, secret)
    assert secret not in shown(caught.value)


@pytest.mark.asyncio
async def test_a_resume_that_is_refused_shows_no_secret(client, secret):
    dialing = client.dial("Office")
    for password in (secret, secret * 20):
        with pytest.raises((RuntimeError, ValueError)) as caught:
            await dialing.resume(password=password)
        assert secret not in shown(caught.value)
    await dialing.hang_up()


def test_a_simulated_entry_that_is_refused_shows_no_secret(sim, secret):
    for password in (secret, secret * 20):
        with pytest.raises((TypeError, ValueError)) as caught:
            sim.add_entry("A", username="ada", password=password, device=5)
        assert secret not in shown(caught.value)


@pytest.mark.parametrize("use", [fail_and_redial, be_refused, store_in_vain])
@pytest.mark.asyncio
async def test_an_error_of_ras_shows_no_secret(client, sim, secret, monkeypatch, use):
    seen = []

    class Raises:
        """pytest.raises, which keeps what it has seen."""

        def __init__(self, expected):
            self._raises = raises(expected)

        def __enter__(self):
            self._caught = self._raises.__enter__()

        def __exit__(self, *error):
            seen.append(error[1])
            return self._raises.__exit__(*error)

    raises = pytest.raises
    monkeypatch.setattr(pytest, "raises", Raises)
    await use(client, sim, secret)
    assert [secret in shown(error) for error in seen] == [False]
