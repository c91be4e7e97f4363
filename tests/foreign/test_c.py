"""A C client of the stand-alone library, which a scenario file makes fail: no Python is in its process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from support import ROOT

SOURCE = ROOT / "examples" / "foreign" / "dial.c"
COMPILER = shutil.which(os.environ.get("CC", "cc"))
SCENARIO = """
pace = 0.0
release_delay = 0.0
[[entry]]
name = "Office"
username = "ada"
password = "secret"
[[entry]]
name = "Depot"
script = ["OPEN_PORT", "PORT_OPENED", "CONNECT_DEVICE", { fail = 676, after = 0.01 }]
[answers]
RasEnumDevices = 711
"""

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="tests/windows has the client of Windows"),
    pytest.mark.skipif(COMPILER is None, reason="no C compiler"),
]


def done(*command, **variables):
    return subprocess.run(
        [*map(str, command)],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if not key.startswith("RASDIAL_")} | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    target = tmp_path_factory.mktemp("c") / "dial"
    built = done(COMPILER, "-std=c11", "-Wall", "-Wextra", "-Werror", SOURCE, "-o", target, "-ldl")
    assert built.returncode == 0, built.stderr
    return target


@pytest.fixture(scope="session")
def library():
    built = done(sys.executable, "tools/build_engine.py", "shared")
    assert built.returncode == 0, built.stderr
    return ROOT / "build" / "engine" / "librasapi32.so"


@pytest.fixture(params=["named", "beside the library"])
def dial(request, program, library, tmp_path):
    """Dials with the scenario, which a variable names or which lies beside a copy of the library."""
    scenario = tmp_path / "rasapi32.toml"
    scenario.write_text(SCENARIO)
    variables = {"RASDIAL_SIMULATOR_SCRIPT": str(scenario)}
    if request.param != "named":
        variables = {}
        library = shutil.copy(library, tmp_path)

    def dial(entry, password, text=SCENARIO):
        scenario.write_text(text)
        return done(program, library, entry, "ada", password, **variables)

    return dial


def test_it_connects(dial):
    ended = dial("Office", "secret")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert [line for line in ended.stdout.splitlines() if line.startswith("event")][-1] == "event 8192 0"
    assert ended.stdout.endswith("hang-up 0\nreleased\n")


def test_it_fails_as_the_scenario_says(dial):
    ended = dial("Office", "wrong")
    assert ended.returncode == 1
    assert "event 6 691\n" in ended.stdout
    ended = dial("Depot", "secret")
    assert sorted(ended.stdout.splitlines()) == [
        "dial 0",
        "event 0 0",
        "event 1 0",
        "event 2 0",
        "event 2 676",
        "hang-up 0",
        "released",
    ]


def test_nothing_starts_with_a_mistake(dial):
    ended = dial("Office", "secret", "pace = 1\n[[entry]]\nnam = 'Office'\n")
    assert ended.stdout == "dial 711\n"
    lines = ended.stderr.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("rasapi32 (simulated) does not start: ")
    assert "rasapi32.toml, line 3: entry.nam: there is no such key; it may be one of name, " in lines[0]


def test_a_named_scenario_that_is_missing_is_a_mistake(program, library, tmp_path):
    missing = str(tmp_path / "none.toml")
    ended = done(program, library, "Office", "ada", "", RASDIAL_SIMULATOR_SCRIPT=missing)
    assert (ended.returncode, ended.stdout) == (1, "dial 711\n")
    assert f"{missing}: the file cannot be read" in ended.stderr


def test_the_scenario_adds_to_a_phonebook(program, library, tmp_path):
    book = tmp_path / "office.pbk"
    book.write_text("[Office]\nMEDIA=rastapi\nDEVICE=vpn\nDevice=WAN Miniport (PPTP)\n")
    scenario = tmp_path / "office.toml"
    scenario.write_text(SCENARIO)
    where = {"RASDIAL_SIMULATOR_SCRIPT": str(scenario), "RASDIAL_SIMULATOR_PHONEBOOK": str(book)}
    assert done(program, library, "Office", "ada", "secret", **where).returncode == 0
    assert "691" in done(program, library, "Office", "ada", "wrong", **where).stdout
    assert "676" in done(program, library, "Depot", "ada", "", **where).stdout
    assert "Depot" not in book.read_text()
