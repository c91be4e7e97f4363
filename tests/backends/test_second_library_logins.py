"""Identities, credentials and redial settings over a library that is not the simulator: logins.c."""

from __future__ import annotations

import pytest
from support import logins_ras
from support.logins_ras import Function
from support.over import backend_over

from rasdial_async import Credentials, EapIdentity, EapOptions, RasClient, RasError, Redial, Resume
from rasdial_async._native.binding import open_library
from rasdial_async._native.binding.library import DIAL_EXTENSIONS_SIZES

CONNECTED = 0x2000
INTERACTIVE, RETRY, EXPIRED, EAP_UI = 0x1000, 0x1001, 0x1003, 0x1004
E_INVALIDARG = 0x80070057
ADA = Credentials("ada", "secret", "LAB")
CARD = EapIdentity("bob", b"card")


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return logins_ras.build(tmp_path_factory.mktemp("logins_ras"))


@pytest.fixture
def logins(library):
    library.reset()
    yield library
    assert library.identities == 0
    assert not library.freed_unwiped
    assert not library.up


@pytest.fixture
def client(logins):
    return RasClient(library=logins.path)


async def dial(client, **options):
    async with client.dial("Office", **options):
        pass


async def fails(awaitable):
    with pytest.raises(RasError) as caught:
        await awaitable
    return caught.value.code


async def go_on(event):
    return Resume()


# --- a cookie instead of a login ---


@pytest.mark.asyncio
async def test_a_cookie_goes_along_with_every_call_of_the_dial(client, logins):
    logins.plan([0, INTERACTIVE], [CONNECTED], [CONNECTED])
    await dial(client, cookie=b"biscuit", on_paused=go_on)
    await dial(client, eap=CARD)
    assert [dialed.cookie for dialed in logins.dialed] == [b"biscuit", b"biscuit", b""]


@pytest.mark.asyncio
async def test_a_ras_without_cookies_is_not_dialed_without(client, logins):
    logins.know_extensions(DIAL_EXTENSIONS_SIZES[1])
    logins.plan([CONNECTED])
    assert await fails(client.dial("Office", cookie=b"biscuit")) == 632
    assert logins.dialed == []


# --- identities ---


@pytest.mark.asyncio
async def test_an_identity_is_got_and_given_back_at_once(client, logins):
    assert await client.eap_identity("Office") == CARD
    assert logins.identities == 0
    assert logins.identity_flags == 2, "nobody is asked"
    await client.eap_identity("Office", options=EapOptions.PREVIEW | EapOptions.LOGON)
    assert logins.identity_flags == 12


@pytest.mark.parametrize("code", [703, 711, E_INVALIDARG, 623, 5])
@pytest.mark.asyncio
async def test_the_errors_of_an_identity(client, logins, code):
    logins.answer(Function.IDENTITY, code)
    assert await fails(client.eap_identity("Office")) == code


@pytest.mark.asyncio
async def test_an_entry_that_needs_none(client, logins):
    logins.answer(Function.IDENTITY, 780)
    assert await client.eap_identity("Office") is None


@pytest.mark.asyncio
async def test_it_is_dialed_with(client, logins):
    logins.plan([0, 5, CONNECTED])
    await dial(client, eap=await client.eap_identity("Office"))
    (dialed,) = logins.dialed
    assert (dialed.username, dialed.eap) == ("bob", b"card")


@pytest.mark.asyncio
async def test_without_one_ras_is_given_none(client, logins):
    logins.plan([CONNECTED], [CONNECTED])
    await dial(client)
    await dial(client, on_paused=go_on)
    assert [dialed.eap for dialed in logins.dialed] == [b"", b""]


@pytest.mark.asyncio
async def test_it_lasts_until_a_resumed_dial_is_over(client, logins):
    logins.plan([0, INTERACTIVE], [RETRY], [CONNECTED])
    await dial(client, eap=CARD, on_paused=go_on)
    assert [(dialed.resumed, dialed.eap, dialed.old_eap) for dialed in logins.dialed] == [
        (False, b"card", b""),
        (True, b"card", b"card"),
        (True, b"card", b"card"),
    ]


@pytest.mark.parametrize("events", [[0, -691], [INTERACTIVE]])
@pytest.mark.asyncio
async def test_it_lasts_until_a_failed_dial_is_hung_up(client, logins, events):
    async def give_up(event):
        return None

    logins.plan(events)
    await fails(dial(client, eap=CARD, on_paused=give_up))
    assert logins.eap_at_hang_up == b"card"


@pytest.mark.asyncio
async def test_each_redial_has_it(client, logins):
    logins.plan([-676], 711, [CONNECTED])
    await dial(client, eap=CARD, redial=Redial(attempts=3, pause=0))
    assert [dialed.eap for dialed in logins.dialed] == [b"card"] * 3


@pytest.mark.asyncio
async def test_what_a_window_of_eap_answers_stays_for_every_later_call(client, logins):
    logins.plan([0, EAP_UI], [RETRY], [CONNECTED])
    await dial(client, eap=CARD, on_paused=go_on)
    assert logins.calls(Function.INVOKE) == 1
    assert [dialed.eap for dialed in logins.dialed] == [b"card", b"shown", b"shown"]


@pytest.mark.parametrize("code", [6, 632])
@pytest.mark.asyncio
async def test_the_errors_of_a_window(client, logins, code):
    logins.answer(Function.INVOKE, code)
    logins.plan([0, EAP_UI])
    assert await fails(dial(client, on_paused=go_on)) == code


@pytest.mark.asyncio
async def test_an_older_ras_is_not_dialed_without_it(logins):
    """RASDIALEXTENSIONS of NT 4 has no room for it; that of Windows 2000 has."""
    _, windows_2000, nt4 = DIAL_EXTENSIONS_SIZES
    logins.plan([CONNECTED], [CONNECTED])
    older, old = (RasClient(backend_over(open_library(str(logins.path)))) for _ in range(2))
    logins.know_extensions(nt4)
    assert await fails(dial(older, eap=CARD)) == 632
    assert logins.dialed == []
    await dial(older, on_paused=go_on)
    assert await fails(dial(older, eap=CARD)) == 632, "and now that is known"
    logins.know_extensions(windows_2000)
    await dial(old, eap=CARD)
    assert [dialed.eap for dialed in logins.dialed] == [b"", b"card"]


@pytest.mark.parametrize(
    ("verb", "function"),
    [
        (lambda c: c.get_eap_user_data("Office"), Function.GET_USER),
        (lambda c: c.set_eap_user_data("Office", b"x"), Function.SET_USER),
        (lambda c: c.get_custom_auth_data("Office"), Function.GET_CUSTOM),
        (lambda c: c.set_custom_auth_data("Office", b"x"), Function.SET_CUSTOM),
    ],
)
@pytest.mark.asyncio
async def test_the_errors_of_data(client, logins, verb, function):
    codes = [E_INVALIDARG, 621, 623]
    codes += [603] if function in (Function.GET_USER, Function.GET_CUSTOM) else []
    for code in codes:
        logins.answer(function, code)
        assert await fails(verb(client)) == code
    assert logins.calls(function) == len(codes)


@pytest.mark.asyncio
async def test_data_of_any_size(client):
    for size in (1, 1024, 1025, 4000):
        await client.set_eap_user_data("Office", b"x" * size)
        assert await client.get_eap_user_data("Office") == b"x" * size
        await client.set_custom_auth_data("Office", b"y" * size)
        assert await client.get_custom_auth_data("Office") == b"y" * size


# --- credentials ---


@pytest.mark.asyncio
async def test_asked_before_the_dial_and_in_the_pause(client, logins):
    logins.plan([RETRY], [RETRY], [CONNECTED])
    answers = [Credentials("ada", "a much longer one"), Credentials("ada", "wrong", "LAB"), ADA]
    await dial(client, credentials=lambda error: answers.pop(0))
    assert [(one.username, one.password, one.domain, one.resumed) for one in logins.dialed] == [
        ("ada", "a much longer one", "", False),
        ("ada", "wrong", "LAB", True),
        ("ada", "secret", "LAB", True),
    ]


@pytest.mark.asyncio
async def test_asked_before_a_redial(client, logins):
    logins.plan([0, -691], 691, [CONNECTED])
    asked = []

    async def ask(error):
        asked.append(error and error.code)
        return Credentials("ada", f"number {len(asked)}")

    await dial(client, credentials=ask, redial=Redial(attempts=3, pause=1000))
    assert asked == [None, 691, 691]
    assert [one.password for one in logins.dialed] == ["number 1", "number 2", "number 3"]


@pytest.mark.asyncio
async def test_input_goes_over_what_is_stored_and_leaves_the_rest(client, logins):
    answers = [Resume(), Resume(password="new"), Resume(username="ada", callback_number="")]

    async def on_paused(event):
        return answers.pop(0)

    logins.plan([INTERACTIVE], [EXPIRED], [RETRY], [CONNECTED])
    await dial(client, credentials=Credentials.stored(), on_paused=on_paused)
    assert [(one.username, one.password, one.domain, one.callback) for one in logins.dialed] == [
        ("a.stored.name", "*" * 16, "LAB", "555-0100"),
        ("a.stored.name", "*" * 16, "LAB", "555-0100"),
        ("a.stored.name", "new", "LAB", "555-0100"),
        ("ada", "new", "LAB", ""),
    ]


@pytest.mark.asyncio
async def test_an_identity_has_its_name_over_the_stored_one(client, logins):
    logins.plan([CONNECTED])
    await dial(client, credentials=Credentials.stored(), eap=CARD)
    assert logins.dialed[0].username == "bob"


# --- saved ---


@pytest.mark.asyncio
async def test_what_connected_is_saved(client, logins):
    logins.plan([0, CONNECTED])
    await dial(client, credentials=ADA, save_credentials=True)
    assert logins.saved == (7, "ada", "secret", "LAB")


@pytest.mark.asyncio
async def test_only_what_was_given_is_saved(client, logins):
    async def on_paused(event):
        return Resume(password="new")

    logins.plan([EXPIRED], [CONNECTED])
    await dial(client, credentials=Credentials.stored(), on_paused=on_paused, save_credentials=True)
    assert logins.saved == (2, "", "new", "")


@pytest.mark.asyncio
async def test_nothing_is_saved_of_a_failure(client, logins):
    logins.plan([0, -691])
    await fails(dial(client, credentials=ADA, save_credentials=True))
    assert logins.calls(Function.SET_CREDENTIALS) == 0


@pytest.mark.parametrize("code", [621, 87, 5])
@pytest.mark.asyncio
async def test_the_errors_of_saving_fail_no_dial(client, logins, caplog, code):
    logins.answer(Function.SET_CREDENTIALS, code)
    logins.plan([CONNECTED])
    dialing = client.dial("Office", credentials=ADA, save_credentials=True)
    async with dialing:
        assert dialing.save_error.code == code
    assert f"({code})" in caplog.text
    assert "secret" not in caplog.text


# --- the entry's redial settings ---


@pytest.mark.asyncio
async def test_the_settings_of_an_entry_of_windows_xp(client, logins):
    logins.set_redial(2, 0)
    logins.plan([-676], [-676], [-678])
    assert await fails(dial(client, redial="entry")) == 678
    assert len(logins.dialed) == 3


@pytest.mark.parametrize("code", [87, 610, 623])
@pytest.mark.asyncio
async def test_the_errors_of_an_entry_leave_the_dial_its_own(client, logins, caplog, code):
    logins.answer(Function.ENTRY, code)
    logins.plan([-676])
    assert await fails(dial(client, redial="entry")) == 676
    assert len(logins.dialed) == 1
    assert f"({code})" in caplog.text
