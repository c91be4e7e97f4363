"""Credentials that RAS stores: stored, read, dialed with, forgotten; their secrets show nowhere."""

from __future__ import annotations

import copy
import gc
import logging
import pickle
import traceback
from typing import Any

import pytest
from support.over import backend_over
from support.simulators import PASSWORD

import rasdial_async as ras
from rasdial_async import CredentialKind, Credentials, RasError, StoredPassword
from rasdial_async._native import text
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import RasLibrary
from rasdial_async._native.records.request import DialRequest

pytestmark = pytest.mark.simulator("login")

ADA = Credentials("ada", PASSWORD, "LAB")
KEYS = [kind for kind in CredentialKind if kind.is_key]
SHARED, NOWHERE = "/shared.pbk", "/nowhere.pbk"
LONG = "/" + "x" * 300 + ".pbk"


@pytest.fixture(autouse=True)
def phonebooks(sim):
    """One of all users, and two that the simulator leaves to RAS to miss."""
    sim.add_phonebook(SHARED, all_users=True)
    sim.add_entry("Team", username="team", password=PASSWORD, phonebook=SHARED)
    sim._phonebooks.update((NOWHERE, LONG))


async def code_of(awaitable):
    with pytest.raises(RasError) as caught:
        await awaitable
    assert PASSWORD not in "".join(traceback.format_exception(caught.value))
    return caught.value.code, caught.value.function


@pytest.mark.parametrize("show", [repr, str, format, "{:>30}".format, "%s".__mod__, "{!r}".format])
def test_a_stand_in_is_passed_through_and_never_shown(show):
    stored = StoredPassword("*" * 16)
    assert "*" not in show(stored)
    assert "stored password" in show(stored)
    assert type(pickle.loads(pickle.dumps(stored))) is type(copy.copy(stored)) is StoredPassword
    params = ffi.new("RASCREDENTIALSW *")
    params.szPassword = stored
    assert text.read(params.szPassword) == "*" * 16


@pytest.mark.asyncio
async def test_what_is_stored_is_read_back_without_the_secret(client):
    assert await client.get_credentials("Office") is None
    await client.set_credentials("Office", ADA)
    found = await client.get_credentials("Office")
    assert (found.username, found.domain) == ("ada", "LAB")
    assert isinstance(found.password, StoredPassword)
    assert PASSWORD not in repr((found, found.password, list(found.password)))
    await client.delete_credentials("Office")
    assert await client.get_credentials("Office") is None
    await client.delete_credentials("Office")


@pytest.mark.asyncio
async def test_a_stand_in_dials_and_leaves_the_stored_password(client):
    await client.set_credentials("Office", ADA)
    found = await client.get_credentials("Office")
    async with client.dial("Office", credentials=found):
        pass
    await client.set_credentials("Office", Credentials("ada", found.password))
    async with client.dial("Office", credentials=Credentials.stored()) as connection:
        assert (await connection.status()).connected
    await client.set_credentials("Office", Credentials("eve", found.password))
    with pytest.raises(ras.AuthenticationError):
        await client.dial("Office", credentials=Credentials.stored())


@pytest.mark.asyncio
async def test_stored_credentials_are_used_when_they_are_asked_for_and_only_then(client):
    await client.set_credentials("Office", ADA)
    with pytest.raises(ras.AuthenticationError):  # the current logon is somebody else
        await client.dial("Office", credentials=Credentials.current_logon())
    async with client.dial("Office", credentials=Credentials.stored(), callback_number="1"):
        pass


@pytest.mark.asyncio
async def test_a_dial_without_credentials_takes_those_that_are_stored_if_any(client):
    with pytest.raises(ras.AuthenticationError):  # nothing is stored: the logon, which is somebody else
        await client.dial("Office")
    await client.set_credentials("Office", ADA)
    async with client.dial("Office"):
        pass
    with pytest.raises(ras.AuthenticationError):
        await client.dial("Office", credentials=Credentials.logon())


@pytest.mark.asyncio
async def test_a_stored_dial_does_not_fall_back_on_the_logon(client, sim, caplog):
    caplog.set_level(logging.WARNING)
    before = sim.counts.dials
    with pytest.raises(ras.InteractionRequiredError, match="No credentials are stored") as caught:
        await client.dial("Office", credentials=Credentials.stored())
    assert caught.value.code == 703
    assert sim.counts.dials == before
    assert not caplog.records


@pytest.mark.asyncio
@pytest.mark.parametrize(("entry", "phonebook", "code"), [("None", None, 623), ("Office", NOWHERE, 621)])
async def test_a_lookup_that_fails_fails_the_dial(client, entry, phonebook, code):
    with pytest.raises(ras.PhonebookError) as caught:
        await client.dial(entry, phonebook=phonebook, credentials=Credentials.stored())
    assert caught.value.code == code


@pytest.mark.asyncio
async def test_credentials_for_all_users_serve_who_has_none(client):
    everybody = {"phonebook": SHARED, "kind": CredentialKind.ALL_USERS}
    await client.set_credentials("Team", Credentials("team", PASSWORD), **everybody)
    assert (await client.get_credentials("Team", **everybody)).username == "team"
    assert await client.get_credentials("Team", phonebook=SHARED) is None
    async with client.dial("Team", phonebook=SHARED, credentials=Credentials.stored()):
        pass
    await client.delete_credentials("Team", **everybody)
    assert await client.get_credentials("Team", **everybody) is None


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", KEYS)
async def test_keys_are_stored_apart(client, kind):
    await client.set_credentials("Office", Credentials(password=PASSWORD), kind=kind)
    found = await client.get_credentials("Office", kind=kind)
    assert found == Credentials(password=found.password)
    assert isinstance(found.password, StoredPassword)
    assert [await client.get_credentials("Office", kind=other) for other in KEYS if other is not kind] == [
        None,
        None,
    ]
    assert await client.get_credentials("Office") is None
    await client.delete_credentials("Office", kind=kind)
    assert await client.get_credentials("Office", kind=kind) is None


@pytest.mark.asyncio
async def test_the_functions_use_the_default_client(as_default):
    await ras.set_credentials("Office", ADA)
    assert (await ras.get_credentials("Office")).username == "ada"
    await ras.delete_credentials("Office")
    assert await ras.get_credentials("Office") is None


@pytest.mark.asyncio
async def test_what_cannot_be_stored_is_refused_without_showing_it(client):
    for credentials, kind, raised, match in [
        (Credentials("ada", PASSWORD * 40), CredentialKind.USER, ValueError, "password"),
        (Credentials("ada", PASSWORD + "\0"), CredentialKind.USER, ValueError, "password"),
        (Credentials("ada", PASSWORD), CredentialKind.PRE_SHARED_KEY, ValueError, "username"),
        (Credentials(), CredentialKind.USER, ValueError, "delete_credentials"),
        (Credentials.stored(), CredentialKind.USER, ValueError, "delete_credentials"),
        (PASSWORD, CredentialKind.USER, TypeError, "credentials"),
        (ADA, "user", TypeError, "kind"),
    ]:
        with pytest.raises(raised, match=match) as caught:
            await client.set_credentials("Office", credentials, kind=kind)
        assert PASSWORD not in str(caught.value)
    with pytest.raises(ValueError, match="entry"):
        await client.get_credentials("")


def test_stored_credentials_have_no_others_in_them():
    assert repr(Credentials.stored()) == "Credentials.stored()"
    assert Credentials.stored() != Credentials.current_logon() == Credentials()
    with pytest.raises(ValueError, match="of their own"):
        Credentials("ada", from_store=True)
    assert "Credentials.stored()" in repr(DialRequest(entry="Office", credentials=Credentials.stored()))


# --- every documented error return that these verbs can meet ---


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        (lambda c: c.get_credentials("None"), (623, "RasGetCredentialsW")),
        (lambda c: c.get_credentials("Office", phonebook=NOWHERE), (621, "RasGetCredentialsW")),
        (lambda c: c.get_credentials("Office", phonebook=LONG), (87, "RasGetCredentialsW")),
        (lambda c: c.set_credentials("None", ADA), (87, "RasSetCredentialsW")),
        (lambda c: c.set_credentials("Office", ADA, phonebook=NOWHERE), (621, "RasSetCredentialsW")),
        (
            lambda c: c.set_credentials("Office", ADA, kind=CredentialKind.ALL_USERS),
            (5, "RasSetCredentialsW"),
        ),
        (
            lambda c: c.set_credentials("Team", ADA, phonebook=SHARED, kind=CredentialKind.ALL_USERS),
            (5, "RasSetCredentialsW"),
        ),
        (
            lambda c: c.set_credentials("Office", Credentials(password="k"), kind=KEYS[0]),
            (5, "RasSetCredentialsW"),
        ),
        (lambda c: c.delete_credentials("Office", kind=KEYS[0]), (5, "RasSetCredentialsW")),
    ],
)
async def test_error_returns(client, sim, verb, expected):
    sim.set_administrator(False)
    assert await code_of(verb(client)) == expected


@pytest.mark.asyncio
async def test_a_missing_function_is_named():
    api = ffi.new("struct ras_api *")
    dial = ffi.callback(
        "DWORD(RASDIALEXTENSIONS *, WCHAR *, RASDIALPARAMSW *, DWORD, void *, HRASCONN *)", id
    )
    api.RasDialW = dial
    bare = ras.RasClient(backend_over(RasLibrary(api, "bare")))
    verb: Any
    for verb, function in [
        (bare.get_credentials("A"), "RasGetCredentialsW"),
        (bare.set_credentials("A", ADA), "RasSetCredentialsW"),
        (bare.delete_credentials("A"), "RasSetCredentialsW"),
        (bare.dial("A", credentials=Credentials.stored()), "RasGetEntryDialParamsW"),
    ]:
        with pytest.raises(RasError, match=f"has no function {function}") as caught:
            await verb
        assert caught.value.code == 127


@pytest.mark.asyncio
async def test_every_buffer_that_held_a_secret_is_wiped(client, monkeypatch):
    wiped, wipe = [], text.wipe

    def watch(structure):
        wipe(structure)
        wiped.append((ffi.typeof(structure).item.cname, not any(bytes(ffi.buffer(structure)))))

    monkeypatch.setattr(text, "wipe", watch)
    await client.set_credentials("Office", ADA)
    await client.get_credentials("Office")
    await code_of(client.set_credentials("None", ADA))
    async with client.dial("Office", credentials=Credentials.stored()):
        pass
    gc.collect()
    assert wiped == [("RASCREDENTIALSW", True)] * 3 + [("RASDIALPARAMSW", True)]


@pytest.mark.asyncio
async def test_a_password_that_has_expired(client, sim):
    sim.expire_password("Office")
    with pytest.raises(ras.AccountError) as caught:
        await client.dial("Office", username="ada", password=PASSWORD)
    assert caught.value.code == 648
    with pytest.raises(RasError):
        sim.expire_password("None")


@pytest.mark.parametrize(
    ("options", "named"), [({}, True), ({"credentials": Credentials("ada", "wrong")}, False)]
)
@pytest.mark.asyncio
async def test_a_refused_default_login_says_that_no_credentials_were_passed(client, options, named):
    with pytest.raises(ras.AuthenticationError) as caught:
        await client.dial("Office", **options)
    assert caught.value.hint.startswith("No credentials were passed") is named
