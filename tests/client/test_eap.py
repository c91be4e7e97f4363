"""EAP: an identity is got, dialed with, and gone from memory; and what goes wrong with it."""

from __future__ import annotations

import asyncio
import pickle
import traceback
from typing import Any

import pytest
from support.over import backend_over
from support.waiting import loop_turn

import rasdial_async as ras
from rasdial_async import ConnectionState, Credentials, EapIdentity, EapOptions, RasError, Redial, Resume
from rasdial_async._native import text
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import RasLibrary

CARD = b"card-0042\x00secret"
NOWHERE = "/nowhere.pbk"
LONG = "/" + "x" * 300 + ".pbk"
E_INVALIDARG = 0x80070057


@pytest.fixture(autouse=True)
def card(sim):
    """An identity for one entry and none for the other; two phonebooks are left to RAS to miss."""
    sim.set_eap("Office", username="ada", data=CARD)
    sim._phonebooks.update((NOWHERE, LONG))


async def fails(awaitable):
    with pytest.raises(RasError) as caught:
        await awaitable
    shown = "".join(traceback.format_exception(caught.value))
    assert "secret" not in shown
    return caught.value.code, caught.value.function


@pytest.fixture
def wiped(monkeypatch):
    """Each buffer of bytes that is wiped, as it was before."""
    before, wipe = [], text.wipe

    def watch(structure):
        held = bytes(ffi.buffer(structure)).rstrip(b"\0")
        if "uint8_t" in ffi.typeof(structure).cname and held:
            before.append(held)
        wipe(structure)
        assert not any(bytes(ffi.buffer(structure)))

    monkeypatch.setattr(text, "wipe", watch)
    return before


# --- an identity ---


@pytest.mark.asyncio
async def test_an_identity_is_got_and_dialed_with(client):
    identity = await client.eap_identity("Office")
    assert identity == EapIdentity("ada", CARD)
    async with client.dial("Office", eap=identity) as connection:
        assert (await connection.status()).connected


@pytest.mark.asyncio
async def test_an_entry_that_needs_none_says_so(client):
    identity = await client.eap_identity("Home")
    assert identity is None
    async with client.dial("Home", eap=identity):
        pass


@pytest.mark.asyncio
async def test_an_entry_that_needs_a_person(client, sim):
    sim.set_eap("Office", username="ada", data=CARD, interactive=True)
    with pytest.raises(ras.InteractionRequiredError) as caught:
        await client.eap_identity("Office")
    assert caught.value.code == 703
    assert (await client.eap_identity("Office", options=EapOptions.NONE)).data == CARD


@pytest.mark.asyncio
async def test_nobody_is_asked_unless_it_is_wanted(client):
    both = EapOptions.PREVIEW | EapOptions.NON_INTERACTIVE
    assert await fails(client.eap_identity("Office", options=both)) == (703, "RasGetEapUserIdentityW")


@pytest.mark.asyncio
async def test_without_an_identity_the_user_would_have_to_be_asked(client, sim):
    with pytest.raises(ras.InteractionRequiredError) as caught:
        await client.dial("Office")
    assert (caught.value.code, caught.value.state) == (703, ConnectionState.AUTH_NOTIFY)
    sim.set_eap("Office", method=26)  # MS-CHAPv2 takes a user name and a password
    async with client.dial("Office", username="ada", password="secret"):
        pass


@pytest.mark.parametrize("identity", [EapIdentity("ada"), EapIdentity("ada", b"another")])
@pytest.mark.asyncio
async def test_a_wrong_identity_fails_the_dial(client, sim, identity):
    with pytest.raises(ras.AuthenticationError):
        await client.dial("Office", eap=identity)
    assert sim.counts.connections == 0


@pytest.mark.asyncio
async def test_an_entry_may_stop_to_log_in_by_eap(client, sim):
    sim.set_eap("Office", method=0)
    assert await client.eap_identity("Office") is None
    async with client.dial("Office"):
        pass


def test_an_identity_is_a_value_that_shows_no_secret():
    identity = EapIdentity("ada", CARD)
    assert identity == pickle.loads(pickle.dumps(identity)) == EapIdentity("ada", CARD)
    assert len({identity, EapIdentity("ada", CARD)}) == 1
    for shown in (repr(identity), str(identity), f"{identity}", repr([identity])):
        assert "secret" not in shown
        assert "'ada'" in shown
        assert f"{len(CARD)} bytes" in shown


@pytest.mark.asyncio
async def test_the_function_uses_the_default_client(as_default):
    assert (await ras.eap_identity("Office")).username == "ada"


@pytest.mark.asyncio
async def test_bad_arguments_are_named(client, sim):
    arguments: Any
    for arguments, error, named in [
        ({"options": 2}, TypeError, "options"),
        ({"owner_window": -1}, ValueError, "owner_window"),
        ({"phonebook": ""}, ValueError, "phonebook"),
    ]:
        with pytest.raises(error, match=named):
            await client.eap_identity("Office", **arguments)
    with pytest.raises(ValueError, match="entry"):
        await client.eap_identity("")
    for arguments, error, named in [
        ({"eap": b"x"}, TypeError, "eap"),
        ({"eap": EapIdentity("a" * 257)}, ValueError, r"eap\.username"),
    ]:
        with pytest.raises(error, match=named):
            client.dial("Office", **arguments)
    with pytest.raises(TypeError, match="username"):
        EapIdentity(5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="data"):
        EapIdentity("ada", "text")  # type: ignore[arg-type]
    for arguments, error, named in [
        ({"data": "x"}, TypeError, "data"),
        ({"method": -1}, ValueError, "method"),
        ({"username": None}, TypeError, "username"),
    ]:
        with pytest.raises(error, match=named):
            sim.set_eap("Office", **arguments)


# --- its user name ---


@pytest.mark.parametrize(
    ("credentials", "dialed"),
    [
        ({}, True),
        ({"username": "ada", "password": "pw"}, True),
        ({"username": "eve", "password": "pw"}, False),
        ({"password": "pw"}, True),
        ({"credentials": Credentials.stored()}, True),
    ],
)
@pytest.mark.asyncio
async def test_its_user_name_is_that_of_the_dial_where_none_is_given(client, sim, credentials, dialed):
    password = "" if not credentials else "pw"
    sim.add_entry("Office", username="ada", password=password)
    sim.set_eap("Office", username="ada", data=CARD)
    await client.set_credentials("Office", Credentials("somebody", "pw"))
    identity = await client.eap_identity("Office")
    dialing = client.dial("Office", eap=identity, **credentials)
    if dialed:
        async with dialing:
            pass
    else:
        with pytest.raises(ras.AuthenticationError):
            await dialing


# --- what is left in memory ---


@pytest.mark.asyncio
async def test_its_buffer_lasts_as_long_as_the_dial_and_is_wiped_then(client, wiped):
    identity = await client.eap_identity("Office")
    wiped.clear()
    dialing = client.dial("Office", eap=identity, credentials=Credentials.logon())
    async for _ in dialing:
        assert CARD not in wiped
    async with dialing:
        assert wiped == [CARD]


async def refused(client, sim, eap):
    sim.refuse("Office", 711)
    await fails(client.dial("Office", eap=eap))
    return 1


async def failed(client, sim, eap):
    sim.script("Office", [ras.Fail(680)])
    await fails(client.dial("Office", eap=eap))
    return 1


async def cancelled(client, sim, eap):
    sim.script("Office", [ras.Silence()])
    task = asyncio.ensure_future(client.dial("Office", eap=eap))
    await loop_turn()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return 1


async def timed_out(client, sim, eap):
    sim.script("Office", [ras.Silence()])
    await fails(client.dial("Office", eap=eap, timeout=0.02))
    return 1


async def redialed(client, sim, eap):
    sim.script("Office", [ras.Fail(676)])
    await fails(client.dial("Office", eap=eap, redial=Redial(attempts=3, pause=0)))
    return 3


async def paused(client, sim, eap):
    sim.script(
        "Office", [ras.Pause(ConnectionState.INTERACTIVE), ras.Login(), ras.Step(ConnectionState.CONNECTED)]
    )

    async def on_paused(event):
        return Resume()

    async with client.dial("Office", eap=eap, on_paused=on_paused):
        pass
    return 1


@pytest.mark.parametrize("ends", [refused, failed, cancelled, timed_out, redialed, paused])
@pytest.mark.asyncio
async def test_it_is_wiped_however_the_dial_ends(client, sim, wiped, ends):
    dials = await ends(client, sim, EapIdentity("ada", CARD))
    assert wiped == [CARD] * dials
    assert sim.counts.connections == 0


# --- a cookie, which is what some tunnels take instead ---


@pytest.mark.asyncio
async def test_a_cookie_stands_for_a_login(client, sim, wiped):
    sim.add_entry("Tunnel", username="ada", password="secret", device="WAN Miniport (SSTP)")
    await fails(client.dial("Tunnel"))
    async with client.dial("Tunnel", cookie=b"biscuit"):
        assert wiped == [b"biscuit"]


@pytest.mark.asyncio
async def test_a_cookie_shows_nowhere(client, caplog):
    caplog.set_level("DEBUG", "rasdial_async")
    dialing = client.dial("Office", cookie=b"biscuit")
    assert "biscuit" not in repr(dialing._request)
    async with dialing:
        pass
    assert "RasDialW(RASDIALEXTENSIONS(" in caplog.text
    assert "biscuit" not in caplog.text
    with pytest.raises(TypeError, match=r"^cookie must be bytes, not str$"):
        client.dial("Office", cookie="biscuit")


# --- its window ---


@pytest.mark.asyncio
async def test_its_window_is_shown_and_its_answer_dialed_with(client, sim):
    """The data that RasInvokeEapUI puts in place of the identity stays in every later RasDial."""
    sim.set_eap("Office", username="ada", data=CARD, window=True)
    seen = []

    async def on_paused(event):
        seen.append(event.state)
        return Resume()

    async with client.dial("Office", eap=EapIdentity("ada", CARD), on_paused=on_paused):
        assert seen == [ConnectionState.INVOKE_EAP_UI]


# --- data of a method ---


@pytest.mark.parametrize(
    ("read", "write"),
    [("get_eap_user_data", "set_eap_user_data"), ("get_custom_auth_data", "set_custom_auth_data")],
)
@pytest.mark.asyncio
async def test_data_of_a_method_are_kept(client, wiped, read, write):
    get, put = getattr(client, read), getattr(client, write)
    assert await get("Home") == b""
    for data in (CARD, CARD * 1000):
        await put("Home", data)
        assert await get("Home") == data
        assert wiped.count(data) == 2
    with pytest.raises(ValueError, match="data"):
        await put("Home", b"")
    with pytest.raises(TypeError, match="data"):
        await put("Home", "text")
    with pytest.raises(ValueError, match="entry"):
        await get("")


@pytest.mark.asyncio
async def test_each_method_has_its_own_data(client):
    await client.set_eap_user_data("Home", b"mine")
    await client.set_custom_auth_data("Home", b"ours")
    assert await client.get_eap_user_data("Home") == b"mine"
    assert await client.get_custom_auth_data("Home") == b"ours"


# --- every documented error return; 703 and 780 are above, 711 over a library that can give it ---

VERBS = [
    (lambda c, *a, **k: c.eap_identity(*a, **k), "RasGetEapUserIdentityW"),
    (lambda c, *a, **k: c.get_eap_user_data(*a, **k), "RasGetEapUserDataW"),
    (lambda c, *a, **k: c.set_eap_user_data(*a, b"x", **k), "RasSetEapUserDataW"),
    (lambda c, *a, **k: c.get_custom_auth_data(*a, **k), "RasGetCustomAuthDataW"),
    (lambda c, *a, **k: c.set_custom_auth_data(*a, b"x", **k), "RasSetCustomAuthDataW"),
]


@pytest.mark.parametrize(("verb", "function"), VERBS)
@pytest.mark.asyncio
async def test_error_returns(client, verb, function):
    assert await fails(verb(client, "None")) == (623, function)
    assert await fails(verb(client, "Office", phonebook=NOWHERE)) == (621, function)
    assert await fails(verb(client, "Office", phonebook=LONG)) == (E_INVALIDARG, function)


@pytest.mark.asyncio
async def test_only_an_administrator_changes_what_is_for_all_users(client, sim):
    sim.add_phonebook("/shared.pbk", all_users=True)
    sim.add_entry("Team", phonebook="/shared.pbk")
    sim.set_administrator(False)
    write = client.set_custom_auth_data("Team", b"x", phonebook="/shared.pbk")
    assert await fails(write) == (5, "RasSetCustomAuthDataW")


@pytest.mark.parametrize(("verb", "function"), VERBS)
@pytest.mark.asyncio
async def test_a_missing_function_is_named(verb, function):
    bare = ras.RasClient(backend_over(RasLibrary(ffi.new("struct ras_api *"), "bare")))
    with pytest.raises(ras.BackendUnavailableError, match="bare has no function Ras") as caught:
        await verb(bare, "Office")
    assert caught.value.code == 127
    assert caught.value.function in (function, "RasFreeEapUserIdentityW")
