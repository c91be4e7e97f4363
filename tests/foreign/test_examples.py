"""The programs of "Test your own RAS program": built and run as the page says, with its scenario."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest
from support import ROOT

from rasdial_async._native._ras import ffi

FOLDER = ROOT / "examples" / "foreign"
PAGE = (ROOT / "docs" / "how-to" / "simulator-as-a-library.md").read_text("utf-8")
COMPILER = shutil.which(os.environ.get("CC", "cc"))
MONO = [program for program in ("mcs", "mono") if not shutil.which(program)]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="built with a POSIX compiler and Mono")


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
def library():
    built = done(sys.executable, "tools/build_engine.py", "shared")
    assert built.returncode == 0, built.stderr
    return ROOT / "build" / "engine" / "librasapi32.so"


@pytest.fixture(params=["C", "C#", "ctypes"])
def dial(request, library, tmp_path):
    variables = {"RASDIAL_SIMULATOR_SCRIPT": str(FOLDER / "office.toml")}
    if request.param == "C":
        if COMPILER is None:
            pytest.skip("no C compiler")
        built = done(COMPILER, "-std=c11", FOLDER / "dial.c", "-ldl", "-o", tmp_path / "dial")
        command = [tmp_path / "dial", library]
    elif request.param == "C#":
        if MONO:
            pytest.skip("no Mono: apt-get install mono-mcs mono-runtime")
        built = done("mcs", "-warnaserror", f"-out:{tmp_path}/Dial.exe", FOLDER / "Dial.cs")
        command = ["mono", tmp_path / "Dial.exe"]
        variables["LD_LIBRARY_PATH"] = str(library.parent)
    else:
        built = None
        command = [sys.executable, FOLDER / "dial.py", library]
    assert built is None or built.returncode == 0, built.stdout + built.stderr
    return lambda *arguments: done(*command, *arguments, **variables)


def test_it_connects_fails_and_hangs_up(dial):
    right = dial("Office VPN", "ada", "secret")
    assert (right.returncode, right.stderr) == (0, "")
    assert "event 8192 0" in right.stdout.splitlines()
    assert right.stdout.splitlines()[-2:] == ["hang-up 0", "released"]
    wrong = dial("Office VPN", "ada", "wrong")
    assert wrong.returncode == 1
    assert "event 6 691" in wrong.stdout.splitlines()
    busy = dial("Depot", "", "")
    assert (busy.returncode, "event 2 676" in busy.stdout.splitlines()) == (1, True)
    assert "dial 623" in dial("Nowhere", "", "").stdout.splitlines()


@pytest.mark.parametrize("name", ["dial.c", "Dial.cs", "dial.py", "office.toml"])
def test_the_page_shows_the_file(name):
    shown = re.findall(
        rf"^\[examples/foreign/{re.escape(name)}\]\(.*?\):\n\n```\w+\n(.*?)^```$", PAGE, re.M | re.S
    )
    assert shown == [(FOLDER / name).read_text("utf-8")]


def test_the_page_has_the_place_of_each_function():
    rows = re.findall(r"^\| (\d+) \| `(Ras\w+)` \|", PAGE, re.M)
    fields = [name for name, _ in ffi.typeof("struct ras_api").fields]
    assert [(int(place), name) for place, name in rows] == [
        (place, name) for place, name in enumerate(fields) if name != "RasFreeEapUserIdentityW"
    ]


def test_the_page_names_every_export(library):
    listed = done("nm", "-D", "--defined-only", library).stdout.split()
    exported = {name for name in listed if name.startswith(("Ras", "sim_"))}
    assert len(exported) > 100
    told = set(re.findall(r"`((?:Ras|sim_)\w+)(?:\(\))?`", PAGE))
    told |= {f"{name[:-1]}A" for name in told if name.endswith("W")}
    assert exported - told == set()


def test_the_page_names_every_question():
    from rasdial_async._native.binding import Question

    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", PAGE, re.M)
    questions = [(int(number), name) for number, name in rows if not name.startswith("Ras")]
    assert questions == [(int(one), one.name.lower()) for one in Question]
