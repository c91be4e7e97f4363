"""The words that the shell offers, and that --help does not wait for what it does not need."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import BashComplete

from rasdial_async import RasClient, Simulator
from rasdial_async.cli.app import App
from rasdial_async.cli.main import COMMANDS, cli
from rasdial_async.cli.shells import PowerShell


def offered(program, *words: str) -> list[str]:
    """The words for the last one."""
    app = App(open_client=lambda backend: program.client)
    complete = BashComplete(cli, {"obj": app}, "rasdial-async", "_RASDIAL_ASYNC_COMPLETE")
    return [item.value for item in complete.get_completions(list(words[:-1]), words[-1])]


def test_commands_and_options(program) -> None:
    assert set(offered(program, "")) == set(COMMANDS)
    assert offered(program, "ha") == ["hangup"]
    assert offered(program, "phonebook", "de") == ["delete"]
    assert "--timeline" in offered(program, "dial", "--t")
    assert offered(program, "--backend", "sim")[0] == "simulator"


def test_entries_that_ras_lists(program) -> None:
    assert offered(program, "dial", "") == ["Office VPN", "Home"]
    assert offered(program, "dial", "off") == ["Office VPN"]
    assert offered(program, "keep", "h") == ["Home"]


def test_entries_of_the_phonebook_that_is_named(program, phonebooks: Path) -> None:
    book = str(phonebooks / "pppoe-chinese.pbk")
    assert offered(program, "--phonebook", book, "dial", "") == ["宽带连接"]
    assert offered(program, "dial", "--phonebook", book, "宽") == ["宽带连接"]


def test_hangup_is_offered_what_is_connected(program) -> None:
    assert offered(program, "hangup", "") == []
    program.dial("Home")
    assert offered(program, "hangup", "") == ["Home"]


def test_symbols_of_codes(program) -> None:
    assert offered(program, "error", "error_line_b") == ["ERROR_LINE_BUSY"]


def test_what_goes_wrong_offers_nothing(program, tmp_path: Path) -> None:
    assert offered(program, "dial", "--phonebook", str(tmp_path / "none.pbk"), "") == []

    def refuse(backend: str | None) -> RasClient:
        raise RuntimeError

    complete = BashComplete(cli, {"obj": App(open_client=refuse)}, "rasdial-async", "_X")
    assert complete.get_completions(["dial"], "") == []


def test_a_name_that_no_shell_could_take_is_not_offered(program, simulator: Simulator) -> None:
    simulator.add_entry("a\x1b[31mb")
    assert offered(program, "dial", "a") == []


@pytest.mark.skipif(shutil.which("bash") is None or sys.platform == "win32", reason="needs bash")
@pytest.mark.parametrize("quote", ["", '"', "'"])
@pytest.mark.parametrize("name", ["Office VPN", "宽带 it's", "a $(touch spoiled) `touch spoiled`;&"])
def test_bash_reads_a_completed_name_as_that_name(tmp_path: Path, name: str, quote: str) -> None:
    book = tmp_path / "names.pbk"
    book.write_text(f"[{name}]\nDEVICE=vpn\n", encoding="utf-8")
    script = f"""
        rasdial-async() {{ {shlex.quote(sys.executable)} -m rasdial_async "$@"; }}
        eval "$(_RASDIAL_ASYNC_COMPLETE=bash_source rasdial-async)"
        COMP_WORDS=(rasdial-async dial --phonebook names.pbk {shlex.quote(quote + name[:1])}) COMP_CWORD=4
        _rasdial_async_completion rasdial-async
        printf %s "${{COMPREPLY[@]}}"
    """
    value = bash(script, tmp_path)
    assert bash(f"printf %s {quote}{value}{quote}", tmp_path) == name
    assert [path.name for path in tmp_path.iterdir()] == ["names.pbk"]


def bash(script: str, folder: Path) -> str:
    result = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, check=True)
    assert result.stderr == b""
    return result.stdout.decode()


def test_the_shell_gets_the_words_of_help(program) -> None:
    app = App(open_client=lambda backend: program.client)
    complete = BashComplete(cli, {"obj": app}, "rasdial-async", "_X")
    assert {item.value: item.help for item in complete.get_completions([], "")} == COMMANDS


def complete_in_powershell(*words: str, incomplete: str = "") -> list[list[str]]:
    """Complete as the script for PowerShell asks for it, which nobody has run here."""
    result = subprocess.run(
        [sys.executable, "-m", "rasdial_async"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={
            **os.environ,
            "PYTHONIOENCODING": "utf-8",
            "_RASDIAL_ASYNC_COMPLETE": "powershell_complete",
            "COMP_WORDS": "\n".join(("rasdial-async", *words)),
            "COMP_INCOMPLETE": incomplete,
        },
        check=True,
    )
    assert result.stderr == ""
    return [line.split("\t") for line in result.stdout.splitlines()]


def test_powershell_gets_type_value_and_help(tmp_path: Path) -> None:
    book = tmp_path / "names.pbk"
    book.write_text("[Office VPN]\nDEVICE=vpn\n[it's]\nDEVICE=vpn\n", encoding="utf-8")
    where = ("dial", "--phonebook", str(book))
    assert ["plain", "hangup", COMMANDS["hangup"]] in complete_in_powershell(incomplete="ha")
    assert complete_in_powershell(*where, incomplete="Off") == [["plain", "Office VPN", "Office VPN"]]
    assert complete_in_powershell(*where, incomplete="it") == [["plain", "it's", "it's"]]
    assert [found[0] for found in complete_in_powershell("dial", "--phonebook", incomplete="x")] == ["file"]


def test_the_script_for_powershell_quotes_a_name_and_leaves_no_variable() -> None:
    script = PowerShell(cli, {}, "rasdial-async", "_RASDIAL_ASYNC_COMPLETE").source()
    assert "Register-ArgumentCompleter -Native -CommandName rasdial-async" in script
    assert """"'" + ($value -replace "'", "''") + "'\"""" in script
    assert "$env:_RASDIAL_ASYNC_COMPLETE = 'powershell_complete'" in script
    assert "Remove-Item Env:_RASDIAL_ASYNC_COMPLETE, Env:COMP_WORDS, Env:COMP_INCOMPLETE" in script
    assert script.count("{") == script.count("}")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_way_to_turn_it_on_that_the_documents_tell(shell: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "rasdial_async"],
        capture_output=True,
        text=True,
        env={**os.environ, "_RASDIAL_ASYNC_COMPLETE": f"{shell}_source"},
        check=False,
    )
    if shell == "bash" and "Bash version" in result.stderr + result.stdout:
        pytest.skip("this bash is too old for completion")
    assert result.returncode == 0, result.stderr
    assert "_RASDIAL_ASYNC_COMPLETE" in result.stdout


@pytest.mark.parametrize("arguments", ["--help", "--version"])
def test_help_loads_no_command_and_no_rich(arguments: str) -> None:
    code = (
        "import atexit, sys; from rasdial_async.__main__ import main; "
        "atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr)); "
        f"sys.argv = ['rasdial-async', {arguments!r}]; main()"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    loaded = set(result.stderr.split())
    assert result.returncode == 0
    assert "rasdial_async.cli.main" in loaded
    assert not loaded & {"rich", *(f"rasdial_async.cli.commands.{name}" for name in COMMANDS)}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_of_its_own(program, command: str) -> None:
    result = program(command, "--help")
    assert result.exit_code == 0
    assert result.stdout.isascii()
    own, common = result.stdout.split("\nCommon options:\n")
    for option in ("--backend", "--phonebook", "--json", "--timeout", "--redial", "--verbose"):
        assert f"{option} " not in own.partition("\nOptions:\n")[2]
    assert "--json " in common
    assert "--help" in own


@pytest.mark.parametrize(
    ("option", "commands"),
    [
        ("--redial", {"dial", "keep", "record"}),
        (
            "--phonebook",
            {"dial", "keep", "record", "hangup", "entries", "phonebook", "credentials", "doctor"},
        ),
        ("--timeout", {*COMMANDS} - {"error", "demo", "doctor"}),
        ("--backend", {*COMMANDS} - {"demo", "replay"}),
        ("--verbose", {*COMMANDS} - {"error"}),
    ],
)
def test_help_lists_an_option_where_it_means_something(program, option: str, commands: set[str]) -> None:
    listing = {
        command
        for command in COMMANDS
        if f"{option} " in program(command, "--help").stdout.partition("\nCommon options:\n")[2]
    }
    assert listing == commands


def test_every_command_takes_the_options_that_a_wrapper_adds(program) -> None:
    common = ("--backend", "simulator", "--timeout", "9", "--redial", "1")
    assert program("error", "691", *common).exit_code == 0
    assert program(*common, "error", "691").exit_code == 0


def test_help_shows_arguments_in_the_usage_and_not_among_the_options(program) -> None:
    assert "ENTRY" not in program("dial", "--help").stdout.partition("\nOptions:\n")[2]
    assert program("--help").stdout.index("Commands:") < program("--help").stdout.index("Options:")
