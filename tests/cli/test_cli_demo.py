"""demo: three ends at once, honest about what they are."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support import ROOT


def words(text: str) -> str:
    """Without the borders and line ends of a table."""
    return " ".join(text.replace("|", " ").split())


@pytest.mark.parametrize("charset", ["utf-8", "ascii"])
@pytest.mark.parametrize("live", [False, True])
def test_the_demo_shows_three_ends_with_hints(program, live: bool, charset: str) -> None:
    result = program("demo", "--pace", "0", live=live, charset=charset)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.startswith("SIMULATED") or "SIMULATED" in result.stdout.splitlines()[0]
    assert "691 ERROR_AUTHENTICATION_FAILURE" in result.stdout
    assert "hung up" in result.stdout
    text = words(re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", result.stdout))
    assert text.count("Connected after 0.0 s, then hung up.") == 2
    assert "Check the user name, the password" in text
    assert "Dialed again after 676: The called number is engaged." in text
    assert text.endswith("All of this was simulated: no line was dialed and no link was ever up.")
    assert charset == "utf-8" or result.stdout.isascii()


def test_piped_lines_fit_80_columns_and_say_simulated(program) -> None:
    result = program("demo", "--pace", "0")
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    states = [line for line in lines if re.search(r"\d s  ", line)]
    assert len(states) > 10
    assert all(line.startswith("[simulated] ") for line in states)
    assert "\x1b" not in result.stdout


def test_the_demo_as_json(program) -> None:
    found = program.json("demo", "--pace", "0")
    assert all(record["simulated"] is True for record in found)
    ends = {record["entry"]: record for record in found if record["kind"] in ("connected", "error")}
    assert ends["Office VPN"]["kind"] == "connected"
    assert ends["Home broadband"]["code"] == 691
    assert ends["Home broadband"]["hint"]
    assert ends["Branch modem"]["kind"] == "connected"
    branch = [record for record in found if record["kind"] == "state" and record["entry"] == "Branch modem"]
    assert [(one["attempt"], one["error"]) for one in branch if one["error"]] == [(1, 676)]
    assert branch[-1]["attempt"] == 2
    hung_up = [one["entry"] for one in found if one["kind"] == "hung_up"]  # all at once, in any order
    assert sorted(hung_up) == ["Branch modem", "Office VPN"]


def test_the_demo_never_dials_what_the_backend_option_names(program) -> None:
    assert program("demo", "--pace", "0", "--backend", "/no/such/library.so").exit_code == 0


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_demo_says_what_it_does_before_each_slow_step(tmp_path: Path) -> None:
    """On a fresh machine the first seconds would be silent otherwise."""
    planned = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "demo", f"VENV={tmp_path / 'venv'}"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    slow = [number for number, line in enumerate(planned) if " -m venv " in line or " -m pip " in line]
    assert len(slow) == 3
    assert planned[0].startswith("echo ")
    for number in slow:
        assert any(line.startswith("echo ") for line in planned[max(number - 2, 0) : number])
