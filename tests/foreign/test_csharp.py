"""A C# client of the stand-alone library, by P/Invoke on Mono: what shipped .NET programs do with RAS."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from support import ROOT

SOURCE = ROOT / "tests" / "foreign" / "Client.cs"
BOOK = "[Büro]\r\nMEDIA=rastapi\r\nDevice=WAN Miniport (IKEv2)\r\nDEVICE=vpn\r\nPhoneNumber=vpn.example\r\n"
MISSING = [program for program in ("mcs", "mono") if not shutil.which(program)]

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Mono loads librasapi32.so for rasapi32"),
    pytest.mark.skipif(bool(MISSING), reason="no Mono: apt-get install mono-mcs mono-runtime"),
]


def done(*command: object, **variables: str) -> list[str]:
    ended = subprocess.run(
        [*map(str, command)],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout.splitlines()


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    target = tmp_path_factory.mktemp("csharp") / "Client.exe"
    done("mcs", "-warnaserror", f"-out:{target}", SOURCE)
    done(sys.executable, "tools/build_engine.py", "shared")
    return target


@pytest.fixture
def run(program, tmp_path):
    book = tmp_path / "office.pbk"
    book.write_text(BOOK, "utf-8", newline="")

    def run(*arguments):
        library = str(ROOT / "build" / "engine")
        return book, done("mono", program, book, *arguments, LD_LIBRARY_PATH=library)

    return run


def test_it_lists_dials_and_hangs_up(run):
    book, lines = run("Büro")
    assert lines[:3] == ["entries 0", f"entry Büro in {book}", "dial 0"]
    assert [line for line in lines if line.startswith("event")][-1] == "event 8192 0"
    assert lines[-4:] == [
        "connections 0",
        f"connection Büro in {book} 1 True",
        "hang-up 0",
        "released",
    ]


def test_it_hangs_up_inside_the_notifier_of_a_failure(run):
    _, lines = run("Büro", "691")
    assert lines[3:] == ["event 2 0", "event 5 691", "hang-up 0", "released", "connections 0"]
