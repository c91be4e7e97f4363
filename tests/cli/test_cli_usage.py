"""Slips at the command line: each is answered by a message that names it, and none steers the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rasdial_async import ConnectionState, Fail, Simulator
from rasdial_async.cli.app import App
from rasdial_async.cli.display.picture import html, svg
from rasdial_async.cli.display.spans import Row, Span
from rasdial_async.errors import RasError


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (("stauts",), "status"),
        (("hang-up", "--all"), "hangup"),
        (("hangup-", "Home"), "hangup"),
        (("credential", "show", "Home"), "credentials"),
    ],
)
def test_a_slip_is_not_dialed_as_an_entry(
    program, simulator: Simulator, arguments: tuple[str, ...], command: str
) -> None:
    result = program(*arguments)
    assert result.exit_code == 2
    assert f"did you mean {command}?" in result.stderr
    assert f"An entry of this name: dial '{arguments[0]}'" in result.stderr
    assert simulator.counts.dials == 0


def test_a_password_in_the_environment_is_for_a_user_name(program, simulator: Simulator) -> None:
    result = program("dial", "Office VPN", env={"RASDIAL_PASSWORD": "s3cret"})
    assert result.exit_code == 2
    assert "RASDIAL_PASSWORD gives a password without a user name" in result.stderr
    assert "s3cret" not in result.output
    assert simulator.counts.dials == 0


def test_an_empty_pipe_is_no_password(program, simulator: Simulator) -> None:
    result = program("dial", "Office VPN", "--username", "ada", "--password-stdin", stdin="")
    assert (result.exit_code, "there is no password on standard input" in result.stderr) == (2, True)
    assert simulator.counts.dials == 0


def test_help_of_dial_says_that_the_connection_stays_up(program) -> None:
    assert "stay up when the program ends" in " ".join(program("dial", "--help").stdout.split())


# --- exit codes ---


@pytest.mark.parametrize(("code", "posix"), [(691, 179), (676, 164), (768, 1)])
def test_the_exit_code_may_be_that_of_ras(program, simulator: Simulator, code: int, posix: int) -> None:
    simulator.script("Home", [Fail(code)])
    assert program("dial", "Home").exit_code == 1
    result = program("dial", "Home", "--exit-code", "ras")
    assert result.exit_code == (code if sys.platform == "win32" else posix)


def test_on_windows_the_exit_code_is_the_whole_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rasdial_async.cli.app.sys.platform", "win32")
    assert App(exit_code="ras").exit_for(RasError(691)).exit_code == 691


@pytest.mark.parametrize("command", [("hangup", "Home"), ("phonebook", "show", "Nobody"), ("keep", "Nobody")])
def test_every_command_has_the_exit_code_of_ras(program, command: tuple[str, ...]) -> None:
    assert program(*command).exit_code == 1
    assert program("--exit-code", "ras", *command).exit_code not in (0, 1, 2)


def test_hangup_if_up_takes_a_link_that_is_down_for_done(program) -> None:
    result = program("hangup", "Home", "--if-up")
    assert result.exit_code == 0
    assert result.stdout == "[simulated] Home: not connected (each process has a simulator of its own)\n"
    assert result.stderr == ""
    program.dial("Home")
    assert program("hangup", "Home", "--if-up").stdout == "[simulated] Home: hung up\n"


# --- names that would steer a terminal, or a page ---

STEERING = "a\x1b]0;title\x07\x1b[31mb\u202ec\x9b2J"


@pytest.fixture
def steering(simulator: Simulator, tmp_path: Path) -> Path:
    """A file with an entry of a name that steers; the simulator has the entry too."""
    simulator.add_entry(STEERING, username="ada", password="s3cret")
    book = tmp_path / "book.pbk"
    book.write_text(
        f"[{STEERING}]\nType=2\nMEDIA=rastapi\nDevice=WAN\nDEVICE=vpn\n[x]\nDEVICE=vpn\n", "utf-8"
    )
    return book


FILE = ("--file", "{book}")


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize(
    "arguments",
    [
        ("dial", "{name}"),
        ("dial", "{name}", "x"),
        ("dial", "{name}", "--timeline"),
        ("dial", "{name}", "--timeline=/no/folder/{name}.svg"),
        ("dial", "{name}", "--phonebook", "{name}"),
        ("{name}",),
        ("{name}", "ada", "s3cret"),
        ("{name}", "/X{name}"),
        ("{name}", "/disconnect"),
        ("dial-", "{name}"),
        ("dia\x1b[31ml",),
        ("status", "{name}"),
        ("status", "--{name}"),
        ("hangup", "{name}"),
        ("hangup", "{name}", "--if-up"),
        ("hangup", "--all"),
        ("entries",),
        ("entries", "--all"),
        ("error", "{name}"),
        ("record", "{name}", "-o", "/no/folder/{name}"),
        ("replay", "{name}"),
        ("keep", "{name}", "--username", "{name}"),
        ("keep", "no {name}"),
        ("credentials", "show", "{name}"),
        ("credentials", "delete", "{name}"),
        ("credentials", "set", "{name}", "--username", "{name}"),
        ("phonebook", "show", *FILE),
        ("phonebook", "show", "{name}", *FILE),
        ("phonebook", "show", "no {name}", *FILE),
        ("phonebook", "set", "{name}", "Device", "{name}", *FILE),
        ("phonebook", "rename", "{name}", "x", *FILE),
        ("phonebook", "delete", "{name}", *FILE),
        ("phonebook", "validate", *FILE),
        ("phonebook", "validate", "{name}", *FILE),
        ("phonebook", "create", "{name}", "--vpn", "{name}", *FILE),
        ("phonebook", "create", "{name}", "--vpn", "h", "--protocol", "{name}", *FILE),
        ("phonebook", "show", "--file", "{name}"),
        ("dial", "x", "--encoding", "{name}"),
        ("dial", "x", "--timeout", "{name}"),
    ],
)
def test_no_name_steers_the_terminal(program, steering: Path, arguments: tuple[str, ...], live: bool) -> None:
    given = [argument.format(name=STEERING, book=steering) for argument in arguments]
    result = program(*given, "-v", live=live, env={"NO_COLOR": "1"})
    for steers in ("\x1b]", "\x07", "\x1b[31m", "\u202e", "\x9b"):
        assert steers not in result.output
    assert "Traceback" not in result.output


def test_the_json_of_a_name_is_ascii(program, steering: Path) -> None:
    assert program("phonebook", "show", "--file", str(steering), "--json").stdout.isascii()
    assert program("dial", STEERING, "--json").stdout.isascii()


@pytest.mark.parametrize("draw", [svg, html])
def test_a_name_is_no_markup_in_a_picture(draw) -> None:
    name = "<script>alert(1)</script>&\"'\x1b]]>"
    spans = (Span(ConnectionState.OPEN_PORT, 0.0, 1.0), Span(ConnectionState(77), 1.0, 2.0))
    page = draw([Row(name, 2, True, 691, name, spans)])
    assert "<script" not in page
    assert "\x1b" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in page


def test_a_timeline_with_a_name_of_markup_is_written_escaped(
    program, simulator: Simulator, tmp_path: Path
) -> None:
    simulator.add_entry("<script>x")
    for name in ("t.svg", "t.html"):
        path = tmp_path / name
        assert program("dial", "<script>x", "--timeline", str(path)).exit_code == 0
        text = path.read_text("utf-8")
        assert "<script" not in text
        assert "&lt;script&gt;x" in text


# --- a phonebook in a code page ---


@pytest.mark.parametrize("way", ["--file", "--phonebook"])
def test_the_code_page_of_a_phonebook_may_be_given(program, tmp_path: Path, way: str) -> None:
    book = tmp_path / "gbk.pbk"
    book.write_bytes("[宽带连接]\nType=5\nMEDIA=rastapi\nDevice=WAN\nDEVICE=PPPoE\n".encode("gbk"))
    where = (way, str(book), "--encoding", "gbk")
    [found] = program.json("phonebook", "show", *where)
    assert found["entry"] == "宽带连接"
    if way == "--phonebook":
        assert program("dial", "宽带连接", *where).exit_code == 0


def test_a_codec_that_is_none_is_wrong_usage(program) -> None:
    result = program("entries", "--encoding", "klingon")
    assert (result.exit_code, "klingon" in result.stderr) == (2, True)
