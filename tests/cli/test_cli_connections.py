"""The list without a command, status, hangup: what is up, and ending it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace

import pytest

from rasdial_async import (
    Connection,
    ConnectionState,
    ConnectionStatus,
    ConnectionSubState,
    RasClient,
    RasError,
    Simulator,
)

CONNECTION_KEYS = {
    "kind", "entry", "simulated", "state", "state_code", "sub_state", "error", "phone_number",
    "local_endpoint", "remote_endpoint", "handle", "device_type", "device_name", "phonebook", "guid",
    "sub_entry", "correlation_id",
}  # fmt: skip


class StandIn:
    """A connection that answers as it is told."""

    simulated = False
    handle, entry, phonebook, guid, correlation_id = 0x10, "Far", "", "", ""
    device_name, device_type, sub_entry = "WAN Miniport (IKEv2)", "vpn", 0

    def __init__(self, answer: ConnectionStatus | RasError, *, stays: bool = False) -> None:
        self.answer = answer
        self.stays = stays

    async def status(self) -> ConnectionStatus:
        if isinstance(self.answer, RasError):
            raise self.answer
        return self.answer

    async def hang_up(self, **how: object) -> bool:
        if isinstance(self.answer, RasError):
            raise self.answer
        return not self.stays


class Bug(StandIn):
    async def hang_up(self, **how: object) -> bool:
        raise ZeroDivisionError


def listing(*connections: object, never: bool = False) -> RasClient:
    """A client that lists these, or never answers."""

    async def answer() -> list[object]:
        if never:
            await asyncio.Event().wait()
        return list(connections)

    return SimpleNamespace(simulated=False, connections=answer)  # type: ignore[return-value]


UP = ConnectionStatus(
    ConnectionState.CONNECTED,
    ConnectionSubState.DORMANT,
    phone_number="vpn.example",
    local_endpoint="192.0.2.1",
)


# --- the list ---


def test_without_a_command_the_connections_are_listed(program) -> None:
    program.dial("Home", "Office VPN")
    result = program()
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "[simulated] Connected to Home",
        "[simulated] Connected to Office VPN",
    ]


@pytest.mark.parametrize("arguments", [(), ("status",), ("hangup", "--all")])
def test_no_connections(program, arguments: tuple[str, ...]) -> None:
    result = program(*arguments)
    assert result.exit_code == 0
    assert result.stdout == "[simulated] No connections\n"
    assert program.json(*arguments) == []


def test_status_tells_the_details(program) -> None:
    [connection] = program.dial("Office VPN")
    result = program("status")
    assert result.exit_code == 0
    assert "[simulated] Office VPN" in result.stdout
    assert "  state   Connected" in result.stdout
    assert "  device  WAN Miniport (IKEv2), vpn" in result.stdout
    assert "  dialed  vpn.example" in result.stdout
    assert f"  handle  {connection.handle:#x}" in result.stdout


@pytest.mark.parametrize("arguments", [(), ("status",)])
def test_json_of_connections(program, arguments: tuple[str, ...]) -> None:
    [connection] = program.dial("Office VPN")
    [found] = program.json(*arguments)
    assert set(found) == CONNECTION_KEYS
    assert (found["kind"], found["entry"], found["state"]) == ("connection", "Office VPN", "CONNECTED")
    assert found["handle"] == connection.handle
    assert found["simulated"] is True


def test_status_shows_sub_state_error_and_tunnel(program) -> None:
    program.client = listing(StandIn(replace(UP, error=829)))
    lines = program("status").stdout.splitlines()
    assert "  state   Connected, Dormant, error 829" in lines
    assert "  tunnel  192.0.2.1 to ?" in lines


def test_a_connection_that_ends_meanwhile_is_left_out(program) -> None:
    program.client = listing(StandIn(RasError(6)), StandIn(UP))
    assert program().stdout == "Connected to Far\n"


def test_other_errors_of_status_exit_1(program) -> None:
    program.client = listing(StandIn(RasError(632, function="RasGetConnectStatusW")))
    result = program("status")
    assert result.exit_code == 1
    assert "(632)" in result.stderr


@pytest.mark.parametrize("arguments", [(), ("status",), ("hangup", "--all")])
def test_a_ras_that_does_not_answer_is_error_1460(program, arguments: tuple[str, ...]) -> None:
    program.client = listing(never=True)
    result = program("--timeout", "0.05", *arguments)
    assert result.exit_code == 1
    assert "ERROR_TIMEOUT (1460): RAS did not answer within 0.05 seconds" in result.stderr


# --- hangup ---


def test_hangup_ends_the_connection_of_the_entry(program, simulator: Simulator) -> None:
    program.dial("Home", "Office VPN")
    result = program("hangup", "office vpn")
    assert result.exit_code == 0
    assert result.stdout == "[simulated] Office VPN: hung up\n"
    assert program().stdout == "[simulated] Connected to Home\n"
    assert simulator.counts.open_ports == 1


def test_hangup_all(program, simulator: Simulator) -> None:
    program.dial("Home", "Office VPN")
    found = program.json("hangup", "--all")
    assert found == [
        {"kind": "hung_up", "entry": entry, "simulated": True, "still_up": False}
        for entry in ("Home", "Office VPN")
    ]
    assert simulator.counts.open_ports == 0


def test_a_connection_that_another_dial_keeps_is_told(program, simulator: Simulator) -> None:
    program.dial("Home", "Home")
    result = program("hangup", "Home")
    assert result.exit_code == 0
    assert "another dial keeps it up; --all-references ends it for all" in result.stdout
    assert simulator.counts.connections == 1
    assert program("hangup", "Home", "--all-references").stdout == "[simulated] Home: hung up\n"
    assert simulator.counts.connections == 0


def test_hangup_of_what_is_not_connected_is_error_668(program) -> None:
    program.dial("Home")
    result = program("hangup", "Office VPN")
    assert result.exit_code == 1
    assert "Office VPN: ERROR_NO_CONNECTION (668): There is no such connection." in result.stderr


def test_hangup_looks_at_the_phonebook_where_both_sides_name_one(program, phonebooks) -> None:
    book = phonebooks / "minimal-generated.pbk"
    other = phonebooks / "vpn-mixed.pbk"
    found: list[Connection] = []

    async def dial() -> None:
        found.append(await program.client.dial("Japan_VPN", phonebook=book))

    asyncio.run(dial())
    assert found[0].phonebook == str(book)
    assert program("hangup", "Japan_VPN", "--phonebook", str(other)).exit_code == 1
    assert program("hangup", "Japan_VPN", "--phonebook", str(book)).exit_code == 0


@pytest.mark.parametrize(("entry", "exit_code"), [("STRAßE", 0), ("STRASSE", 1), ("straß", 1)])
def test_names_are_compared_as_ras_does(program, simulator: Simulator, entry: str, exit_code: int) -> None:
    simulator.add_entry("Straße")
    program.dial("Straße")
    assert program("hangup", entry).exit_code == exit_code


@pytest.mark.parametrize("arguments", [(), ("Home", "--all")])
def test_hangup_wants_an_entry_or_all(program, arguments: tuple[str, ...]) -> None:
    result = program("hangup", *arguments)
    assert result.exit_code == 2
    assert "name an ENTRY, or give --all" in result.stderr


def test_hangup_goes_on_after_a_refusal_and_exits_1(program) -> None:
    refused = StandIn(RasError(753, function="RasHangUpW"))
    program.client = listing(refused, StandIn(UP, stays=True))
    result = program("hangup", "--all", "--timeout", "5")
    assert result.exit_code == 1
    assert "(753)" in result.stderr
    assert "hung up, but the port was not released within 5 seconds" in result.stderr


def test_hangup_does_not_hide_what_is_no_error_of_ras(program) -> None:
    program.client = listing(Bug(UP))
    with pytest.raises(ZeroDivisionError):
        program("hangup", "--all")
