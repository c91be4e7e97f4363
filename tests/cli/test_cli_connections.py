"""The list without a command, status, hangup: what is up, and ending it."""

from __future__ import annotations

import asyncio
import re
import signal
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from rasdial_async import (
    BackendUnavailableError,
    Connection,
    ConnectionState,
    ConnectionStatistics,
    ConnectionStatus,
    ConnectionSubState,
    IpProjection,
    RasClient,
    RasError,
    RunningTotals,
    Simulator,
)
from rasdial_async.cli.commands.status import _size


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

    async def statistics(self) -> ConnectionStatistics:
        raise BackendUnavailableError(function="RasGetConnectionStatistics")

    async def ip(self) -> IpProjection:
        raise RasError(731)

    async def hang_up(self, **how: object) -> bool:
        if isinstance(self.answer, RasError):
            raise self.answer
        return not self.stays


class Counting(StandIn):
    """Up for 10 seconds and more; sends 1000 bytes when it is asked; the third time comes with a Ctrl-C."""

    sent = 0

    async def statistics(self) -> ConnectionStatistics:
        self.sent += 1000
        if self.sent == 3000:
            signal.raise_signal(signal.SIGINT)
        total = RunningTotals(bytes_sent=self.sent, duration=timedelta(seconds=10))
        return ConnectionStatistics(bytes_sent=self.sent, total=total)


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
    assert result.stdout == "[simulated] No connections (each process has a simulator of its own)\n"
    assert program.json(*arguments) == []


def test_status_is_a_table_with_addresses_and_counters(program) -> None:
    program.dial("Office VPN")
    headers, row = program("status").stdout.splitlines()
    assert headers.split() == [
        "Entry",
        "State",
        "Device",
        "Address",
        "Server",
        "Up",
        "Sent",
        "Received",
        "Errors",
    ]
    entry, state, device, address, server, up, sent, received, errors = re.split("  +", row)
    assert (entry, state, device) == ("[simulated] Office VPN", "Connected", "WAN Miniport (IKEv2)")
    assert address.startswith("203.0.113.")
    assert server.startswith("203.0.113.1 ")
    assert re.fullmatch(r"0:00:0\d", up)
    assert re.fullmatch(r"0 B( \(0 B/s\))?", sent)
    assert sent == received
    assert errors == "0"


def test_on_a_terminal_each_connection_is_a_block_within_80_columns(program) -> None:
    program.dial("Office VPN", "Home")
    result = program("status", live=True, env={"NO_COLOR": "1"})
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", result.stdout).splitlines()
    assert max(map(len, lines)) <= 80
    text = " ".join(result.stdout.split())
    assert "Office VPN" in text
    assert "out 0 B" in text
    assert "errors 0" in text
    assert text.count("simulated") == 2


@pytest.mark.parametrize("arguments", [(), ("status",)])
def test_json_of_connections(program, arguments: tuple[str, ...]) -> None:
    [connection] = program.dial("Office VPN")
    [found] = program.json(*arguments)
    assert (found["kind"], found["entry"], found["state"]) == ("connection", "Office VPN", "CONNECTED")
    assert found["handle"] == connection.handle
    assert found["simulated"] is True


def test_status_shows_sub_state_error_and_tunnel_and_a_dash_for_what_ras_does_not_tell(program) -> None:
    program.client = listing(StandIn(replace(UP, error=829, remote_endpoint="198.51.100.1")))
    _, row = program("status").stdout.splitlines()
    assert re.split("  +", row) == [
        "Far", "Connected, Dormant, error 829", "WAN Miniport (IKEv2)", "-", "198.51.100.1", *"----",
    ]  # fmt: skip
    [found] = program.json("status")
    assert (found["address"], found["bytes_sent"], found["errors"]) == (None, None, None)


def test_status_follows_with_rates_between_two_looks(program) -> None:
    program.client = listing(Counting(UP))
    first, second, *_ = program.json("status", "--follow", "--interval", "0.1")
    assert first["bytes_sent_per_second"] == 100.0  # 1000 bytes in the 10 seconds that it is up
    assert second["bytes_sent"] == 2000
    assert 200 < second["bytes_sent_per_second"] <= 10_000  # 1000 more in 0.1 seconds, or later
    assert second["bytes_received_per_second"] == 0.0


def test_status_that_is_followed_on_a_terminal_stays_in_its_place(program) -> None:
    program.client = listing(Counting(UP))
    result = program("status", "--follow", "--interval", "0.1", live=True)
    assert result.exit_code == 0
    assert result.stdout.count("Far") >= 2
    assert "\x1b[1A" in result.stdout  # the cursor goes back up
    assert result.stdout.rindex("\x1b[?25h") > result.stdout.rindex("\x1b[?25l")


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2**31, "2.15 GB"), (5e12, "5 TB")]
)
def test_sizes(count: float, text: str) -> None:
    assert _size(count) == text


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
    assert "Office VPN: ERROR_NO_CONNECTION (668): There is no such connection (each process" in result.stderr


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
