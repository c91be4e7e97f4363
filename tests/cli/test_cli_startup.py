"""The start of the program: each command loads the modules that it uses, and no others."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support.program import ENVIRONMENT

from rasdial_async.cli.main import COMMANDS

MODULES = (
    "import atexit, sys; from rasdial_async.__main__ import main; "
    "atexit.register(lambda: print(*sys.modules, file=sys.stderr)); "
    "sys.argv = ['rasdial-async', *{arguments!r}]; main()"
)
BASE = """
import asyncio, atexit, click, sys
import importlib.util  # part of Python's own executable; where nothing else did, our start loads it

atexit.register(lambda: print(*sys.modules, file=sys.stderr))

@click.command()
@click.version_option("1")
def command():
    "A command that asks click for nothing more than ours do."

command(["--version"])
"""
HELPERS = {"record": {"rasdial_async.cli.commands.dial"}}  # which dials as the command dial does
HEAVY = {
    "asyncio",
    "rich",
    "rasdial_async.backends",
    "rasdial_async.client",
    "rasdial_async.simulator",
    "rasdial_async._native.binding",
}


def loaded(code: str) -> set[str]:
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**ENVIRONMENT, "COLUMNS": "80"},
        check=True,
    )
    return set(result.stderr.split())


@pytest.fixture(scope="module")
def base() -> set[str]:
    """The modules of a program with asyncio and a command of click; on Windows click alone loads more."""
    return loaded(BASE)


@pytest.mark.parametrize(
    ("arguments", "most"),
    [(("--version",), 20), (("--help",), 30), (("error", "691"), 30), (("error", "691", "--json"), 30)],
)
def test_a_command_without_ras_loads_little_beside_click(
    base: set[str], arguments: tuple[str, ...], most: int
) -> None:
    modules = loaded(MODULES.format(arguments=arguments))
    assert len(modules - base) <= most, sorted(modules - base)
    assert not modules & HEAVY
    assert {name for name in modules if name.startswith("rasdial_async.cli.commands.")} <= {
        f"rasdial_async.cli.commands.{arguments[0]}"
    }


def test_a_file_is_shown_without_ras_and_without_rich(tmp_path) -> None:
    book = tmp_path / "office.pbk"
    book.write_text("[Office]\nDEVICE=vpn\n", encoding="utf-8")
    modules = loaded(
        MODULES.format(arguments=("entries", "--phonebook", str(book), "--backend", "simulator"))
    )
    assert "rich" not in modules, "a pipe needs none of it"


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_help_of_a_command_loads_nothing_of_the_other_commands(command: str) -> None:
    modules = loaded(MODULES.format(arguments=(command, "--help")))
    others = {f"rasdial_async.cli.commands.{name}" for name in COMMANDS} - HELPERS.get(command, set())
    assert modules & others == {f"rasdial_async.cli.commands.{command}"}
    assert not modules & {"rich", "keyring"}
