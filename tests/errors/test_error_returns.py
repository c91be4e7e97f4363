"""Each error that the pages of the RAS functions document, met by the verb that calls the function.

Where the simulator comes to the code by itself, the row says how; else the function is told to answer it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from support.error_bench import Bench

import rasdial_async as ras
from rasdial_async import (
    AutoDialParameter,
    ConnectionGoneError,
    DeviceError,
    DialError,
    Entry,
    InteractionRequiredError,
    PhonebookError,
    PortError,
    RasError,
    Simulator,
)
from rasdial_async._native._ras import ffi

SECONDS = 10.0
E_INVALIDARG = 0x80070057
BINDING = Path(ras.__file__).parent / "_native" / "binding"

# "Return value" of https://learn.microsoft.com/windows/win32/api/ras/nf-ras-… for each function; the codes of
# RasDial are those that it can answer at once. Every page adds "or another code of raserror.h or winerror.h".
DOCUMENTED = {
    "RasDial": (5, 6, 87, 621, 623, 632, 633, 703, 711, 749, 756),
    "RasHangUp": (6,),
    "RasGetConnectStatus": (6, 8),
    "RasEnumConnections": (603,),
    "RasEnumEntries": (8, 603, 632),
    "RasEnumDevices": (8, 87, 603, 1784),
    "RasGetErrorString": (87, 122),
    "RasGetConnectionStatistics": (8, E_INVALIDARG),
    "RasGetLinkStatistics": (8, E_INVALIDARG),
    "RasClearConnectionStatistics": (6, 8),
    "RasClearLinkStatistics": (6, 8, 87, 668),
    "RasGetProjectionInfo": (6, 87, 603, 632, 730, 731),
    "RasGetProjectionInfoEx": (6, 87, 603, 632, 731),
    "RasGetSubEntryHandle": (6, 259, 618),
    "RasGetEntryDialParams": (610, 621, 623),
    "RasSetEntryDialParams": (610, 621, 623),
    "RasGetCredentials": (87, 621, 623, 632),
    "RasSetCredentials": (5, 87, 621),
    "RasGetEntryProperties": (87, 603, 610, 623, 632),
    "RasSetEntryProperties": (5, 87, 610, 621),
    "RasGetSubEntryProperties": (87, 603, 610, 621, 623),
    "RasSetSubEntryProperties": (87, 610, 621, 623),
    "RasDeleteEntry": (5, 123, 817),
    "RasRenameEntry": (8, 123, 183, 623),
    "RasValidateEntryName": (123, 183, 621),
    "RasGetCountryInfo": (87, 603, 740, 1784),
    "RasInvokeEapUI": (6, 632),
    "RasGetEapUserIdentity": (703, 711, 780, E_INVALIDARG),
    "RasGetEapUserData": (603, 621, 623, E_INVALIDARG),
    "RasSetEapUserData": (621, 623, E_INVALIDARG),
    "RasGetCustomAuthData": (603, 621, 623, E_INVALIDARG),
    "RasSetCustomAuthData": (621, 623, E_INVALIDARG),
    "RasGetAutodialAddress": (87, 632),
    "RasEnumAutodialAddresses": (87, 603),
    "RasGetAutodialParam": (87, 632),
    "RasUpdateConnection": (837, 838, 843, 844),
    "RasGetNapStatus": (6, 632, 668, 836),
}

# Their pages list none.
WITHOUT_CODES = {
    "RasConnectionNotification",
    "RasDeleteSubEntry",
    "RasFreeEapUserIdentity",
    "RasGetAutodialEnable",
    "RasSetAutodialAddress",
    "RasSetAutodialEnable",
    "RasSetAutodialParam",
}

# No verb calls these: a test below sees to it that a function that gets one leaves this list.
WITHOUT_A_VERB = {
    "RasSetEntryDialParams",  # RasSetCredentials is what its page recommends instead
    "RasGetNapStatus",  # Windows 10 has no NAP any more
}

# A client can't meet these as an error: what becomes of them instead has a test of its own below.
NO_ERROR = {
    ("RasHangUp", 6): "the connection is gone, which is what a hang-up is for",
    ("RasGetSubEntryHandle", 259): "the end of the list of links",
    ("RasGetEapUserIdentity", 780): "the entry needs no identity, so there is none",
    ("RasGetErrorString", 87): "the package has texts of its own",
    ("RasGetErrorString", 122): "likewise",
}


Verb = Callable[[Bench], Awaitable[object]]


class Row(NamedTuple):
    function: str
    code: int
    error: type[RasError]
    verb: Verb
    by_itself: bool = True


def told(function: str, codes: str, error: type[RasError], verb: Verb) -> list[Row]:
    """The function is told to answer each of these codes."""
    return [Row(function, int(code, 0), error, verb, False) for code in codes.split()]


def errors_of_data(verb: str) -> list[Row]:
    """Of what RAS keeps for an EAP method."""
    function = "Ras" + verb.title().replace("_", "")
    told_codes = "0x80070057 603" if verb.startswith("get") else "0x80070057"
    return [
        Row(function, 623, PhonebookError, lambda it: it.data(verb, "Nowhere")),
        *told(function, "621", PhonebookError, lambda it: it.data(verb)),
        *told(function, told_codes, RasError, lambda it: it.data(verb)),
    ]


LIMIT = AutoDialParameter.SAVED_ADDRESSES_LIMIT
NEW = Entry(name="New", phone_number="vpn.example")
ROWS = [
    *told("RasDial", "5 6 87 632 711", DialError, Bench.dial),
    *told("RasDial", "621 749", PhonebookError, Bench.dial),
    Row("RasDial", 623, PhonebookError, lambda it: it.dial("Nowhere")),
    Row("RasDial", 633, PortError, Bench.dial_without_a_device),
    *told("RasDial", "703", InteractionRequiredError, Bench.dial),
    Row("RasDial", 756, DialError, Bench.dial_twice),
    Row("RasGetConnectStatus", 6, ConnectionGoneError, lambda it: it.asked_late("status")),
    *told("RasGetConnectStatus", "8", RasError, lambda it: it.asked("status")),
    *told("RasEnumConnections", "603", RasError, lambda it: it.client.connections()),
    *told("RasEnumEntries", "8 603 632", RasError, lambda it: it.client.entries()),
    *told("RasEnumDevices", "8 87 603 1784", RasError, lambda it: it.client.devices()),
    *told("RasGetConnectionStatistics", "8 0x80070057", RasError, lambda it: it.asked("statistics")),
    *told("RasGetLinkStatistics", "8 0x80070057", RasError, lambda it: it.link(1, "statistics")),
    *told("RasClearConnectionStatistics", "6 8", RasError, lambda it: it.asked("clear_statistics")),
    *told("RasClearLinkStatistics", "6 8 87 668", RasError, lambda it: it.link(1, "clear_statistics")),
    Row("RasGetProjectionInfo", 6, ConnectionGoneError, Bench.old_ip_late),
    *told("RasGetProjectionInfo", "87 603 632 730", RasError, Bench.old_ip),
    Row("RasGetProjectionInfo", 731, RasError, Bench.old_ip),  # of IKEv2
    Row("RasGetProjectionInfoEx", 6, ConnectionGoneError, lambda it: it.asked_late("ip")),
    *told("RasGetProjectionInfoEx", "87 603 632", RasError, lambda it: it.asked("ip")),
    Row("RasGetProjectionInfoEx", 731, RasError, lambda it: it.asked_early("ip")),
    Row("RasGetSubEntryHandle", 6, ConnectionGoneError, lambda it: it.asked_late("sub_entries")),
    Row("RasGetSubEntryHandle", 618, RasError, lambda it: it.link(2, "status")),
    *told("RasGetEntryDialParams", "610", DialError, Bench.dial_stored),
    *told("RasGetEntryDialParams", "621", PhonebookError, Bench.dial_stored),
    Row("RasGetEntryDialParams", 623, PhonebookError, lambda it: it.dial_stored("Nowhere")),
    *told("RasGetCredentials", "87 632", RasError, Bench.get_credentials),
    *told("RasGetCredentials", "621", PhonebookError, Bench.get_credentials),
    Row("RasGetCredentials", 623, PhonebookError, lambda it: it.get_credentials("Nowhere")),
    Row("RasSetCredentials", 5, RasError, lambda it: it.user().store_a_key()),
    Row("RasSetCredentials", 87, RasError, lambda it: it.set_credentials("Nowhere")),
    *told("RasSetCredentials", "621", PhonebookError, Bench.set_credentials),
    *told("RasGetEntryProperties", "87 603 610 632", RasError, lambda it: it.book.get("Office")),
    Row("RasGetEntryProperties", 623, PhonebookError, lambda it: it.book.get("Nowhere")),
    Row("RasSetEntryProperties", 5, RasError, lambda it: it.user().shared_book.create(NEW)),
    Row("RasSetEntryProperties", 87, RasError, lambda it: it.update(device_name="No such device")),
    *told("RasSetEntryProperties", "610", RasError, lambda it: it.update(area_code="1")),
    *told("RasSetEntryProperties", "621", PhonebookError, lambda it: it.update(area_code="1")),
    *told("RasGetSubEntryProperties", "87 603 610", RasError, lambda it: it.book.links("Bundle")),
    *told("RasGetSubEntryProperties", "621 623", PhonebookError, lambda it: it.book.links("Bundle")),
    Row("RasSetSubEntryProperties", 87, RasError, lambda it: it.set_link("No such device")),
    *told("RasSetSubEntryProperties", "610", RasError, Bench.set_link),
    *told("RasSetSubEntryProperties", "621 623", PhonebookError, Bench.set_link),
    Row("RasDeleteEntry", 5, RasError, lambda it: it.user().shared_book.delete("Shared")),
    Row("RasDeleteEntry", 123, PhonebookError, lambda it: it.book.delete("Nowhere")),
    Row("RasDeleteEntry", 817, PhonebookError, Bench.delete_what_is_connected),
    *told("RasRenameEntry", "8", RasError, lambda it: it.book.rename("Office", "New")),
    Row("RasRenameEntry", 123, PhonebookError, lambda it: it.book.rename("Office", "a|b")),
    Row("RasRenameEntry", 183, PhonebookError, lambda it: it.book.rename("Office", "Home")),
    Row("RasRenameEntry", 623, PhonebookError, lambda it: it.book.rename("Nowhere", "New")),
    Row("RasValidateEntryName", 123, PhonebookError, lambda it: it.book.validate("a|b")),
    Row("RasValidateEntryName", 183, PhonebookError, lambda it: it.book.validate("Home")),
    *told("RasValidateEntryName", "621", PhonebookError, lambda it: it.book.validate("New")),
    *told("RasInvokeEapUI", "6 632", DialError, Bench.dial_for_eap),
    Row("RasGetEapUserIdentity", 703, InteractionRequiredError, Bench.identity_of_a_person),
    *told("RasGetEapUserIdentity", "711 0x80070057", RasError, lambda it: it.client.eap_identity("Office")),
    *(
        row
        for verb in ("get_eap_user_data", "set_eap_user_data", "get_custom_auth_data", "set_custom_auth_data")
        for row in errors_of_data(verb)
    ),
    *told("RasGetCountryInfo", "87 603 1784", RasError, lambda it: it.client.countries()),
    *told("RasGetCountryInfo", "740", DeviceError, lambda it: it.client.countries()),
    *told("RasGetAutodialAddress", "87 632", RasError, lambda it: it.client.autodial.get("10.0.0.1")),
    *told("RasEnumAutodialAddresses", "87 603", RasError, lambda it: it.client.autodial.addresses()),
    *told("RasGetAutodialParam", "87 632", RasError, lambda it: it.client.autodial.get_parameter(LIMIT)),
    Row("RasUpdateConnection", 837, RasError, lambda it: it.move("Bundle")),
    Row("RasUpdateConnection", 838, RasError, Bench.move_while_it_moves),
    Row("RasUpdateConnection", 843, RasError, Bench.move_what_must_not),
    Row("RasUpdateConnection", 844, RasError, lambda it: it.asked_early("move")),
]


@pytest.fixture
def bench():
    with Simulator(pace=0, release_delay=0.001) as simulator:
        yield Bench(simulator)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.function}-{row.code}")
@pytest.mark.asyncio
async def test_a_documented_error_is_met(bench, row):
    if not row.by_itself:
        bench.sim.answer(row.function, row.code)
    with pytest.raises(RasError) as caught:
        await asyncio.wait_for(row.verb(bench), SECONDS)
    if bench.dialing is not None:
        await bench.dialing.hang_up()
    assert caught.value.code == row.code
    assert type(caught.value) is row.error
    assert caught.value.message
    if not isinstance(caught.value, DialError) or isinstance(caught.value, PhonebookError):
        assert caught.value.function.removesuffix("W") in (row.function, "RasDial")


# What is no error


@pytest.mark.asyncio
async def test_a_hang_up_of_what_is_gone_is_done(bench):
    connection = await bench.client.dial("Office")
    bench.sim.answer("RasHangUp", 6)
    assert await connection.hang_up() is True


@pytest.mark.asyncio
async def test_the_list_of_links_has_an_end(bench):
    connection = await bench.client.dial("Office")
    assert [link.up for link in await connection.sub_entries()] == [True]
    bench.sim.answer("RasGetSubEntryHandle", 259)
    assert await connection.sub_entries() == []


@pytest.mark.asyncio
async def test_an_entry_that_needs_no_identity_has_none(bench):
    bench.sim.answer("RasGetEapUserIdentity", 780)
    assert await bench.client.eap_identity("Office") is None


@pytest.mark.parametrize("code", DOCUMENTED["RasGetErrorString"])
@pytest.mark.asyncio
async def test_an_error_has_a_text_where_ras_gives_none(bench, code):
    bench.sim.answer("RasGetErrorString", code)
    with pytest.raises(PortError) as caught:
        await bench.dial_without_a_device()
    assert caught.value.message == RasError(633).message


@pytest.mark.asyncio
async def test_a_function_that_was_told_to_fail_works_again(bench):
    bench.sim.answer("RasEnumConnectionsW", 8)
    with pytest.raises(RasError):
        await bench.client.connections()
    bench.sim.answer("RasEnumConnections", 0)
    assert await bench.client.connections() == []
    for wrong in ("RasEnumNothing", ""):
        with pytest.raises(ValueError, match=r"^function"):
            bench.sim.answer(wrong, 8)
    with pytest.raises(ValueError, match=r"^code"):
        bench.sim.answer("RasHangUp", -1)


# The table


def test_the_table_has_every_documented_code():
    rows = [(row.function, row.code) for row in ROWS]
    assert len(rows) == len(set(rows))
    documented = {
        (function, code)
        for function, codes in DOCUMENTED.items()
        if function not in WITHOUT_A_VERB
        for code in codes
    }
    assert set(rows) == documented - NO_ERROR.keys()
    assert NO_ERROR.keys() <= documented


def test_what_is_left_out_has_no_verb():
    functions = {name.removesuffix("W") for name, _ in ffi.typeof("struct ras_api").fields}
    text = "".join(path.read_text("utf-8") for path in BINDING.glob("*.py"))
    called = {name for name in functions if re.search(rf'"{name}W?"|api\.{name}W?\b', text)}
    assert {"RasDial", "RasHangUp", "RasGetErrorString"} <= called
    assert not called & WITHOUT_A_VERB, "a function with a verb belongs into the table"
    assert called - WITHOUT_CODES <= DOCUMENTED.keys()
