"""dial: states, outcomes, exit codes, JSON, and where a password may come from and never goes."""

from __future__ import annotations

import asyncio
import re

import pytest

from rasdial_async import ConnectionState, DialEvent, Dialing, Fail, RasClient, Silence, Simulator, Step
from rasdial_async.cli.display.report import Report, follow
from rasdial_async.cli.display.screen import Screen

GOOD = ("dial", "Office VPN", "--username", "ada", "--password-stdin")


def test_piped_states_are_lines_with_times_and_say_simulated(program) -> None:
    result = program(*GOOD, stdin="s3cret\n")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert result.stderr == ""
    assert re.fullmatch(r"\[simulated\] +0\.\d{3} s  Office VPN: OpenPort", lines[0])
    assert any("ConnectDevice  WAN Miniport (IKEv2)" in line for line in lines)
    assert "Office VPN: connected on WAN Miniport (IKEv2)" in lines[-2]
    assert "the connection ends with this program" in lines[-1]
    assert all("simulated" in line for line in lines)
    assert "\x1b" not in result.stdout


def test_a_failed_dial_exits_1_with_code_symbol_and_hint_on_stderr(program) -> None:
    result = program(*GOOD, stdin="wr0ng\n")
    assert result.exit_code == 1
    assert "failed: 691 ERROR_AUTHENTICATION_FAILURE" in result.stdout
    assert "[simulated] Office VPN: ERROR_AUTHENTICATION_FAILURE (691)" in result.stderr
    assert "hint: Check the user name, the password" in result.stderr


def test_json_is_an_object_a_line(program) -> None:
    *states, connected = program.json("dial", "Home")
    assert [state["kind"] for state in states] == ["state"] * len(states)
    assert all(state["simulated"] is True for state in states)
    assert states[0]["state"] == "OPEN_PORT"
    assert states[-1]["state_code"] == 0x2000
    assert connected["kind"] == "connected"
    assert connected["ends_with_program"] is connected["simulated"] is True
    assert connected["handle"] == states[-1]["handle"] != 0


def test_json_of_a_failure_ends_in_an_error_object(program, simulator: Simulator) -> None:
    simulator.script("Home", [Fail(645, extended=12, state=ConnectionState.AUTHENTICATE)])
    *states, error = program.json("dial", "Home")
    assert [state["error"] for state in states] == [645]
    assert (error["kind"], error["entry"], error["code"]) == ("error", "Home", 645)
    assert (error["state"], error["extended_error"]) == ("AUTHENTICATE", 12)
    assert error["extended_meaning"] == "internal diagnostic 12"
    assert error["function"] == "RasDialW"


def test_an_entry_that_is_missing_says_where_a_simulator_has_its_entries_from(program) -> None:
    result = program("dial", "Nowhere")
    assert result.exit_code == 1
    assert "[simulated] Nowhere: ERROR_CANNOT_FIND_PHONEBOOK_ENTRY (623)" in result.stderr
    assert "--phonebook" in result.stderr


def test_a_real_dial_is_not_called_simulated_and_stays_up(program, client: RasClient) -> None:
    client.backend.simulated = False  # what a real one says
    result = program("dial", "Home")
    assert "simulated" not in result.stdout
    assert result.stdout.splitlines()[-1] == 'It stays up until: rasdial-async hangup "Home"'
    client.backend.simulated = True


def test_a_dial_over_its_time_is_error_1460(program, simulator: Simulator) -> None:
    simulator.script("Home", [Step(ConnectionState.OPEN_PORT), Silence()])
    result = program("dial", "Home", "--timeout", "0.5")
    failed = re.search(r"(\d\.\d{3}) s  Home: failed: 1460", result.stdout)
    assert failed
    assert float(failed[1]) > 0.05, "not the time of its last state"
    assert result.exit_code == 1
    assert "ERROR_TIMEOUT (1460): the dial was not done within 0.5 seconds" in result.stderr
    assert simulator.counts.open_ports == 0


def test_a_number_without_an_entry_is_dialed_on_the_modem(program, simulator: Simulator) -> None:
    simulator.add_entry("Any", device="Standard Modem")
    result = program("dial", "--phone-number", "555-0100")
    assert result.exit_code == 0
    assert "555-0100: connected on Standard Modem" in result.stdout


def test_a_live_dial_leaves_its_states_and_outcome(program) -> None:
    result = program("dial", "Home", live=True)
    assert result.exit_code == 0
    assert "\x1b[" in result.stdout
    assert "OpenPort" in result.stdout
    assert "✔" in result.stdout
    assert "simulated" in result.stdout.split("✔")[-1]
    assert "the connection ends with this program" in result.stdout


def test_a_live_dial_that_fails_shows_code_and_symbol(program, simulator: Simulator) -> None:
    simulator.script("Home", [Fail(676)])
    result = program("dial", "Home", live=True)
    assert result.exit_code == 1
    assert "676 ERROR_LINE_BUSY" in result.stdout.split("✘")[-1]
    assert "hint: Wait a minute" in result.stderr


def test_live_in_ascii_uses_no_other_character(program, simulator: Simulator) -> None:
    simulator.add_entry("宽带连接" * 30)
    result = program("dial", "宽带连接" * 30, live=True, charset="ascii")
    assert result.exit_code == 0
    assert result.stdout.isascii()
    assert "\\u5bbd\\u5e26" in result.stdout


def test_no_color_is_honoured(program) -> None:
    colored = program("dial", "Home", live=True)
    plain = program("dial", "Home", live=True, env={"NO_COLOR": "1"})
    color = re.compile(r"\x1b\[[0-9;]*3[0-7]m")
    assert color.search(colored.stdout)
    assert not color.search(plain.stdout)


# --- usage ---


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("dial",), "name an ENTRY of a phonebook, or give --phone-number"),
        (("dial", "x" * 257), "entry is too long"),
        (("dial", "caf\udce9"), "entry must not contain lone surrogates"),
        (("dial", "Home", "--domain", "d" * 16), "domain is too long"),
        (("dial", "Home", "--timeout", "0"), "--timeout"),
        (("dial", "Home", "--timeout", "nan"), "timeout"),
        (("dial", "Home", "--phonebook", ""), "phonebook is empty"),
        (("dial", "Home", "--password", "s3cret"), "No such option"),
        (("dial", "Home", "--redial-forever"), "No such option"),
    ],
)
def test_wrong_usage_exits_2(program, arguments: tuple[str, ...], message: str) -> None:
    result = program(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "s3cret" not in result.output
    assert "Traceback" not in result.output


# --- the password ---


@pytest.mark.parametrize("line", ["s3cret\n", "s3cret\r\n", "s3cret", "\ufeffs3cret\nmore"])
def test_the_password_is_the_first_line_of_stdin(program, line: str) -> None:
    assert program(*GOOD, stdin=line).exit_code == 0


@pytest.mark.parametrize(("password", "exit_code"), [("s3cret", 0), ("other", 1)])
def test_the_password_may_come_from_the_environment(program, password: str, exit_code: int) -> None:
    result = program("dial", "Office VPN", "--username", "ada", env={"RASDIAL_PASSWORD": password})
    assert result.exit_code == exit_code


def test_stdin_goes_before_the_environment(program) -> None:
    assert program(*GOOD, stdin="s3cret\n", env={"RASDIAL_PASSWORD": "other"}).exit_code == 0


def test_nobody_is_asked_without_a_terminal(program, simulator: Simulator) -> None:
    result = program("dial", "Office VPN", "--username", "ada", stdin="s3cret\n")
    assert result.exit_code == 2
    assert "no password for the user name, and no terminal to ask on" in result.stderr
    assert simulator.counts.dials == 0, "an empty password could lock the account"


@pytest.mark.parametrize("more", [(), ("--json",)])
@pytest.mark.parametrize("password", ["s3cret", "wr0ng-s3cret", "s3cret" * 50])
def test_the_password_is_never_shown(program, password: str, more: tuple[str, ...]) -> None:
    for result in (
        program(*GOOD, *more, stdin=password),
        program("dial", "Office VPN", "--username", "ada", *more, env={"RASDIAL_PASSWORD": password}),
    ):
        assert "s3cret" not in result.output


def test_help_offers_no_password_as_an_argument(program) -> None:
    result = program("dial", "--help")
    assert result.exit_code == 0
    assert "--password-stdin" in result.stdout
    assert not re.search(r"--password(?!-stdin)", result.stdout)


# --- follow() ---


class Broken(Report):
    """A pipe that nobody reads any more."""

    def event(self, dialing: Dialing, event: DialEvent) -> None:
        raise BrokenPipeError


class Counting(Report):
    def __init__(self, screen: Screen, seen: asyncio.Event) -> None:
        super().__init__(screen)
        self.seen = seen
        self.ended: list[str] = []

    def event(self, dialing: Dialing, event: DialEvent) -> None:
        self.seen.set()

    def hung_up(self, dialing: Dialing) -> None:
        self.ended.append(dialing.entry)


def test_follow_hangs_up_when_nobody_reads_what_it_tells(client: RasClient, simulator: Simulator) -> None:
    async def dial() -> None:
        with Broken(Screen()) as report, pytest.raises(BrokenPipeError):
            await follow(client.dial("Home"), report)

    asyncio.run(dial())
    assert simulator.counts.open_ports == 0


def test_follow_hangs_up_when_cancelled_and_tells(client: RasClient, simulator: Simulator) -> None:
    simulator.script("Home", [Step(ConnectionState.OPEN_PORT), Silence()])

    async def dial() -> list[str]:
        report = Counting(Screen(), asyncio.Event())
        task = asyncio.create_task(follow(client.dial("Home"), report))
        await report.seen.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return report.ended

    assert asyncio.run(dial()) == ["Home"]
    assert simulator.counts.open_ports == 0
