"""One line for each RAS call: every call has one, and none shows a secret."""

from __future__ import annotations

import ast
import logging
import re
import traceback
from pathlib import Path

import pytest

import rasdial_async as ras
from rasdial_async import CredentialKind, Credentials, DialOptions, Entry, RasError, Resume
from rasdial_async._native import binding
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import library as module, open_library

pytestmark = pytest.mark.simulator("login")

PACKAGE = Path(ras.__file__).parent
LOGGER = "rasdial_async._native.binding.call_log"
FUNCTIONS = [name for name, field in ffi.typeof("struct ras_api").fields if field.type.result.kind != "void"]
SECRET = "Xyzzy-9"


@pytest.fixture
def calls(caplog):
    """The lines so far, as {function: lines}."""
    caplog.set_level(logging.DEBUG, LOGGER)

    def read():
        lines = [record.getMessage() for record in caplog.records if record.name == LOGGER]
        return {line.partition("(")[0]: line for line in lines}

    return read


# --- one place, which every call passes ---


def test_no_call_goes_round_the_place_that_logs():
    """Only RasLibrary takes functions out of the table or calls C's helpers for them."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute):
                assert not re.search(r"\bapi\.Ras", ast.unparse(node)), f"{path}: {ast.unparse(node)}"
            elif isinstance(node, ast.Call):
                assert "lib.ras_connect_status" not in ast.unparse(node.func), path


class Answering:
    """A table of RAS functions each of which answers 0."""

    def __getattr__(self, name):
        return lambda *arguments: 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_of_the_table_is_logged(calls, name):
    assert binding.RasLibrary(Answering(), "odd").function(name)(1, ffi.NULL) == 0
    assert re.fullmatch(rf"{name}\(1, NULL\): 0 ERROR_SUCCESS, \d+\.\d{{3}} ms", calls()[name])


def test_nothing_is_in_the_way_while_the_level_is_off(sim, caplog):
    caplog.set_level(logging.INFO, "rasdial_async")
    library = sim.backend.session.library
    assert library.function("RasHangUpW") == library.api.RasHangUpW


class Empty:
    RasHangUpW = ffi.NULL


def test_a_missing_function_raises_as_without_a_log(calls):
    with pytest.raises(ras.BackendUnavailableError):
        binding.RasLibrary(Empty(), "odd").function("RasHangUpW")
    assert calls() == {}


def test_a_library_tells_which_functions_it_has(calls):
    assert binding.RasLibrary(Answering(), "odd").has("RasHangUpW")
    assert not binding.RasLibrary(Empty(), "odd").has("RasHangUpW")
    assert calls() == {}


# --- what a line says ---


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (lambda: ffi.NULL, "NULL"),
        (lambda: 7, "7"),
        (lambda: False, "False"),
        (lambda: ffi.cast("HRASCONN", 0x10), "0x10"),
        (lambda: ffi.cast("HANDLE", 0x11), "0x11"),
        (lambda: ffi.new("WCHAR[]", "a\nb \U0001f600"), "'a\\nb \U0001f600'"),
        (lambda: ffi.new("WCHAR[]", "\ud800"), "'\ufffd'"),
        (lambda: ffi.new("DWORD *", 0xFFFFFFFF), "&4294967295"),
        (lambda: ffi.new("int32_t *", 1), "&1"),
        (lambda: ffi.new("HRASCONN *"), "&0x0"),
        (lambda: ffi.new("BYTE[]", SECRET.encode()), f"<{len(SECRET) + 1} items>"),
        (lambda: ffi.cast("BYTE *", ffi.new("BYTE[]", 3)), "uint8_t()"),
        (lambda: ffi.new("RASEAPUSERIDENTITYW **"), "&0x0"),
        (
            lambda: ffi.new("RASCREDENTIALSW *", {"dwMask": 7, "szUserName": "ada", "szPassword": SECRET}),
            "RASCREDENTIALSW(dwMask=7, szUserName='ada', szPassword=***, szDomain='')",
        ),
        (
            lambda: ffi.new("RASCREDENTIALSW *", {"szPassword": ""}),
            "RASCREDENTIALSW(dwMask=0, szUserName='', szPassword='', szDomain='')",
        ),
    ],
)
def test_an_argument_is_shown(calls, make, shown):
    keep = make()
    binding.RasLibrary(Answering(), "odd").function("RasHangUpW")(keep)
    assert calls()["RasHangUpW"].startswith(f"RasHangUpW({shown}): ")


@pytest.mark.parametrize(
    ("code", "result"), [(623, "623 ERROR_CANNOT_FIND_PHONEBOOK_ENTRY"), (77_777, "77777 UNKNOWN_77777")]
)
def test_a_result_is_shown_by_code_and_symbol(calls, code, result):
    class Failing:
        RasHangUpW = staticmethod(lambda *arguments: code)

    assert binding.RasLibrary(Failing(), "odd").hang_up(5) == code
    assert f": {result}, " in calls()["RasHangUpW"]


# --- every verb ---

BOOK = "/new.pbk"


async def dial(client, sim):
    async with client.dial("Office", username="ada", password=SECRET) as connection:
        await connection.status()


async def dial_stored(client, sim):
    await client.set_credentials("Office", Credentials("ada", SECRET))
    async with client.dial("Office", credentials=Credentials.stored()):
        pass


async def ask(client, sim):
    async with client.dial("Office", username="ada", password=SECRET) as connection:
        await connection.ip()
        await connection.statistics()
        await connection.clear_statistics()
        (link,) = await connection.sub_entries()
        await link.statistics()
        await link.clear_statistics()


async def lists(client, sim):
    await client.entries()
    await client.devices()
    await client.connections()


async def books(client, sim):
    book = client.phonebook(BOOK)
    sim.add_phonebook(BOOK)
    await book.create(Entry.vpn("New", "host.example", protocol="l2tp", pre_shared_key=SECRET))
    await book.rename("New", "Newer")
    await book.delete("Newer")


async def credentials(client, sim):
    sim.add_phonebook(BOOK, all_users=True)
    sim.add_entry("Team", phonebook=BOOK)
    for kind in CredentialKind:
        given = Credentials(password=SECRET) if kind.is_key else Credentials("ada", SECRET)
        await client.set_credentials("Team", given, phonebook=BOOK, kind=kind)
        await client.get_credentials("Team", phonebook=BOOK, kind=kind)
        await client.delete_credentials("Team", phonebook=BOOK, kind=kind)


async def around(client, sim):
    await client.countries()
    autodial = client.autodial
    await autodial.set("intranet", [ras.AutoDialEntry("Office")])
    await autodial.get("intranet")
    await autodial.addresses()
    await autodial.enable(1, await autodial.is_enabled(1))
    limit = ras.AutoDialParameter.SAVED_ADDRESSES_LIMIT
    await autodial.set_parameter(limit, await autodial.get_parameter(limit))
    async with client.dial("Office", username="ada", password=SECRET) as connection:
        await connection.move(local="192.0.2.7")


async def eap(client, sim):
    sim.set_eap("Office", username="ada", data=SECRET.encode())
    identity = await client.eap_identity("Office")
    assert SECRET not in repr(identity)
    async with client.dial("Office", username="ada", password=SECRET, eap=identity):
        pass
    await client.set_eap_user_data("Office", SECRET.encode())
    await client.get_eap_user_data("Office")
    await client.set_custom_auth_data("Office", SECRET.encode())
    await client.get_custom_auth_data("Office")


async def watch(client, sim):
    async with client.watch() as changes, client.dial("Office", username="ada", password=SECRET):
        await anext(changes)


VERBS = {
    dial: "RasDialW RasGetConnectStatusW RasHangUpW RasEnumConnectionsW",
    dial_stored: "RasGetEntryDialParamsW RasDialW",
    ask: """RasGetProjectionInfoEx RasGetConnectionStatistics RasClearConnectionStatistics
        RasGetSubEntryHandleW RasGetLinkStatistics RasClearLinkStatistics""",
    lists: "RasEnumEntriesW RasEnumDevicesW RasEnumConnectionsW",
    books: """RasValidateEntryNameW RasGetEntryPropertiesW RasSetEntryPropertiesW RasSetCredentialsW
        RasRenameEntryW RasDeleteEntryW""",
    credentials: "RasGetCredentialsW RasSetCredentialsW",
    around: """RasGetCountryInfoW RasSetAutodialAddressW RasGetAutodialAddressW RasEnumAutodialAddressesW
        RasSetAutodialEnableW RasGetAutodialEnableW RasSetAutodialParamW RasGetAutodialParamW
        RasUpdateConnection""",
    eap: """RasGetEapUserIdentityW RasFreeEapUserIdentityW RasDialW RasSetEapUserDataW RasGetEapUserDataW
        RasSetCustomAuthDataW RasGetCustomAuthDataW""",
    watch: "RasConnectionNotificationW",
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.asyncio
async def test_every_verb_logs_its_calls(client, sim, calls, verb):
    await verb(client, sim)
    logged = calls()
    assert set(VERBS[verb].split()) <= logged.keys()
    shape = r"Ras\w+\(.*\): (\d+ \w+, )?\d+\.\d{3} ms"  # one of them has no result
    assert all(re.fullmatch(shape, line) for line in logged.values())


# --- secrets ---


def shows(caplog, *things):
    """All that a person may see: every record with its arguments and traceback, and these things."""
    seen = [caplog.text, *(repr(record.args) for record in caplog.records)]
    assert SECRET.encode().hex() not in caplog.text.lower()
    for thing in things:
        seen.append(repr(thing))
        if isinstance(thing, BaseException):
            seen += traceback.format_exception(thing)
    return "\n".join(seen)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.asyncio
async def test_no_verb_shows_a_secret_at_any_level(client, sim, caplog, verb):
    caplog.set_level(0)
    await verb(client, sim)
    assert caplog.records
    assert SECRET not in shows(caplog)


async def wrong_password(client, sim):
    dialing = client.dial("Office", username="ada", password=f"{SECRET}-no")
    return await dialing


async def no_entry(client, sim):
    await client.set_credentials("Nothing", Credentials("ada", SECRET))


async def no_entry_for_a_key(client, sim):
    await client.set_credentials("Nothing", Credentials(password=SECRET), kind=CredentialKind.PRE_SHARED_KEY)


async def no_device(client, sim):
    entry = Entry.vpn("Odd", "host", protocol="l2tp", pre_shared_key=SECRET, device_name="none")
    assert SECRET not in repr(entry)
    await client.phonebook().create(entry)


async def wrong_answer_in_a_pause(client, sim):
    answers = [Resume(password=f"{SECRET}-again"), None]

    async def again(event):
        answer = answers.pop(0)
        assert SECRET not in repr(answer)
        return answer

    await client.dial("Office", username="ada", password=f"{SECRET}-no", on_paused=again)


async def refused_at_once(client, sim):
    sim.refuse("Office", 633)
    await client.dial(
        "Office",
        credentials=Credentials("ada", SECRET),
        options=DialOptions.PAUSED_STATES,
        redial=ras.Redial(2, pause=0.0),
    )


@pytest.mark.parametrize(
    "verb",
    [wrong_password, no_entry, no_entry_for_a_key, no_device, wrong_answer_in_a_pause, refused_at_once],
)
@pytest.mark.asyncio
async def test_no_failure_shows_a_secret(client, sim, caplog, verb):
    caplog.set_level(0)
    with pytest.raises(RasError) as caught:
        await verb(client, sim)
    assert SECRET not in shows(caplog, caught.value)


@pytest.mark.parametrize("value", ["x" * 257, "\ud800", f"{SECRET}\0"])
def test_a_secret_that_ras_can_not_take_is_not_shown(client, caplog, value):
    caplog.set_level(0)
    with pytest.raises(ValueError, match="password") as caught:
        client.dial("Office", password=value)
    assert value not in shows(caplog, caught.value)


@pytest.mark.asyncio
async def test_a_binding_that_breaks_shows_no_secret(client, sim, caplog, monkeypatch):
    """A traceback may be logged; it has no values in it."""
    monkeypatch.setattr(module, "NOTIFIER_FUNC1", "broken")
    caplog.set_level(0)
    with pytest.raises(RasError) as caught:
        await client.dial("Office", username="ada", password=SECRET)
    assert "RasDialW could not be called" in caplog.text
    assert SECRET not in shows(caplog, caught.value)


@pytest.mark.asyncio
async def test_another_library_is_logged_the_same_way(odd, caplog, calls):
    caplog.set_level(0)
    async with ras.RasClient(library=odd.path).dial("0 2000 |", username="ada", password=SECRET):
        pass
    assert {"RasDialW", "RasHangUpW", "RasGetConnectStatusW"} <= calls().keys()
    assert "szPassword=***" in calls()["RasDialW"]
    assert SECRET not in shows(caplog)


def test_opening_a_library_makes_no_call(odd, calls):
    open_library(str(odd.path))
    assert calls() == {}
