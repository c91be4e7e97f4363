"""The program as users start it: a process of its own, with real streams, terminals and signals."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest
from support.program import ENVIRONMENT, PROGRAM, Terminal, interrupt, posix, run, start

from rasdial_async import __main__

WITHOUT = """
import sys
sys.modules[{module!r}] = None
from rasdial_async.__main__ import main
main()
"""

SILENT_DIAL = """
from rasdial_async import ConnectionState, RasClient, Silence, Simulator, Step
from rasdial_async.cli.app import App
from rasdial_async.cli.main import cli

simulator = Simulator()
simulator.add_entry("Office VPN")
simulator.script("Office VPN", [Step(ConnectionState.OPEN_PORT), Silence()])
try:
    cli(obj=App(open_client=lambda backend: RasClient(simulator)))
finally:
    print("open ports:", simulator.counts.open_ports)
"""


def test_a_missing_backend_is_a_message_with_a_hint(tmp_path: Path) -> None:
    result = run("dial", "Office VPN", "--backend", str(tmp_path / "none.so"))
    assert result.returncode == 1
    assert result.stdout == ""
    assert "Office VPN: ERROR_MOD_NOT_FOUND (126)" in result.stderr
    assert "hint: " in result.stderr
    assert "--backend simulator" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a RAS of its own")
@pytest.mark.parametrize("command", [[], ["entries"], ["dial", "x"]])
def test_nothing_simulated_is_chosen_silently(command: list[str]) -> None:
    result = run(*command, "--json")
    error = json.loads(result.stdout)
    assert result.returncode == 1
    assert (error["kind"], error["code"], error["simulated"]) == ("error", 126, False)
    assert "this system has no RAS of its own" in result.stderr
    assert "`rasdial-async demo` needs none" in result.stderr


def test_the_backend_may_come_from_the_environment_and_utf8_names_reach_an_ascii_stdout(
    phonebooks: Path,
) -> None:
    book = str(phonebooks / "pppoe-chinese.pbk")
    result = run(
        "dial", "宽带连接", "--phonebook", book, RASDIAL_BACKEND="simulator", PYTHONIOENCODING="ascii"
    )
    assert result.returncode == 0
    assert result.stderr == ""
    assert result.stdout.isascii()
    assert "\\u5bbd\\u5e26\\u8fde\\u63a5: connected" in result.stdout


@pytest.mark.parametrize("module", ["click", "rich"])
def test_without_click_or_rich_the_way_to_install_them_is_told(module: str) -> None:
    result = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(module=module)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert result.stderr.splitlines() == ["The command line needs click and rich: pip install click rich"]


def test_another_module_that_is_missing_is_no_hint_about_click() -> None:
    code = WITHOUT.format(module="rasdial_async.cli.main")
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "rasdial_async.cli.main" in result.stderr


def test_version_and_help(program) -> None:
    assert program("--version").stdout.startswith("rasdial-async, version ")
    text = program("-h").stdout
    assert text.startswith("Usage: rasdial-async ")
    assert all(command in text for command in ("dial", "hangup", "status", "entries", "demo"))
    assert "RASDIAL_BACKEND" in text


@pytest.mark.parametrize("word", ["help", "/?"])
def test_help_may_be_asked_for_as_elsewhere(program, word: str) -> None:
    assert program(word).stdout == program("--help").stdout
    assert program(word, "dial").stdout == program("dial", "--help").stdout
    assert program(word, "dial").stdout.startswith("Usage: rasdial-async dial ")


@posix
@pytest.mark.parametrize(("option", "code"), [("--username=ada", 2), ("--password-stdin", 2)])
def test_a_closed_stdin_is_no_terminal(option: str, code: int) -> None:
    command = shlex.join([*PROGRAM, "dial", "x", option, "--backend", "simulator"])
    result = subprocess.run(["sh", "-c", f"{command} <&-"], capture_output=True, env=ENVIRONMENT, check=False)
    assert result.returncode == code
    assert b"Traceback" not in result.stderr


# --- Ctrl-C ---


def test_ctrl_c_while_the_modules_are_loaded_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(__main__, "find_spec", interrupted)
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    assert ended.value.code == 130


def test_ctrl_c_before_the_work_begins_is_130_too(program, tmp_path: Path) -> None:
    program.open_client = interrupted
    assert program("record", "Home", "-o", str(tmp_path / "dial.jsonl")).exit_code == 130


def interrupted(*arguments: object) -> NoReturn:
    raise KeyboardInterrupt


@posix
def test_ctrl_c_hangs_up_and_says_so() -> None:
    process = start(sys.executable, "-W", "error", "-c", SILENT_DIAL, "dial", "Office VPN")
    assert process.stdout is not None
    assert "OpenPort" in process.stdout.readline()
    stdout, stderr = interrupt(process)
    assert process.returncode == 130
    assert "Office VPN: hung up" in stdout
    assert "open ports: 0" in stdout
    assert stderr.splitlines() == [
        "Office VPN: hanging up; Ctrl-C again ends at once",
        "rasdial-async: interrupted",
    ]


@posix
def test_ctrl_c_as_json() -> None:
    process = start(sys.executable, "-W", "error", "-c", SILENT_DIAL, "dial", "Office VPN", "--json")
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["state"] == "OPEN_PORT"
    stdout, _ = interrupt(process)
    assert json.loads(stdout.splitlines()[0]) == {
        "kind": "hung_up",
        "entry": "Office VPN",
        "simulated": True,
        "still_up": False,
    }


@posix
def test_ctrl_c_ends_the_demo_and_every_dial_of_it() -> None:
    process = start(*PROGRAM, "demo", "--pace", "100")
    assert process.stdout is not None
    begun: set[str] = set()
    while len(begun) < 3:
        line = process.stdout.readline()
        if "OpenPort" in line:
            begun.add(line)
    stdout, stderr = interrupt(process)
    assert process.returncode == 130
    assert all(f"{entry}: hung up" in stdout for entry in ("Office VPN", "Home broadband", "Branch modem"))
    assert stderr.splitlines()[-1] == "rasdial-async: interrupted"


# --- a real terminal ---


@posix
def test_on_a_terminal_the_password_is_asked_for_and_not_echoed(phonebooks: Path) -> None:
    book = str(phonebooks / "pppoe-chinese.pbk")
    terminal = Terminal(
        "dial", "宽带连接", "--username", "张三", "--phonebook", book, RASDIAL_BACKEND="simulator"
    )
    terminal.read_until("Password for 张三")
    terminal.type("s3cret\n")
    seen = terminal.finish()
    assert terminal.process.returncode == 0
    assert "s3cret" not in seen
    assert "✔" in seen
    assert "simulated" in seen
    assert "\x1b[?25l" in seen  # the cursor is hidden meanwhile
    assert seen.rindex("\x1b[?25h") > seen.rindex("\x1b[?25l")


@posix
def test_whoever_gives_no_password_dials_nothing() -> None:
    terminal = Terminal("dial", "x", "--username", "ada", "--backend", "simulator")
    terminal.read_until("Password for ada")
    terminal.type("\x04")
    assert "interrupted; nothing was dialed" in terminal.finish()
    assert terminal.process.returncode == 130


@posix
def test_password_stdin_refuses_a_terminal() -> None:
    terminal = Terminal("dial", "x", "--password-stdin", "--backend", "simulator")
    assert "--password-stdin is for pipes" in terminal.finish()
    assert terminal.process.returncode == 2


@posix
def test_without_a_user_name_nobody_is_asked() -> None:
    terminal = Terminal("dial", "x", "--backend", "simulator", TERM="dumb")
    seen = terminal.finish()
    assert "Password" not in seen
    assert "(623)" in seen
    assert "\x1b" not in seen
    assert terminal.process.returncode == 1


@posix
def test_the_demo_on_a_terminal_with_and_without_color() -> None:
    plain = Terminal("demo", "--pace", "0.01", NO_COLOR="1")
    colored = Terminal("demo", "--pace", "0.01")
    for seen in (plain.finish(), colored.finish()):
        assert "691 ERROR_AUTHENTICATION_FAILURE" in seen
        assert "All of this was simulated" in seen
    assert b"\x1b[35m" in colored.seen
    assert b"\x1b[35m" not in plain.seen
