"""The child process: a RAS that crashes, hangs or is missing costs one line, and the rest is asked."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from support.c_programs import CAN_BUILD, COMPILER

from rasdial_async.client.diagnosis import runner
from rasdial_async.client.diagnosis.library import Examined

BROKEN = """
#include <stdint.h>
#include <unistd.h>
#include <stdlib.h>
uint32_t RasDialW(void) { abort(); }
uint32_t RasEnumConnectionsW(void *rows, uint32_t *size, uint32_t *count) { *count = 0; return 0; }
uint32_t RasEnumDevicesW(void *rows, uint32_t *size, uint32_t *count) { *(volatile int *)8 = 1; return 0; }
uint32_t RasEnumEntriesW(void *a, void *b, void *rows, uint32_t *size, uint32_t *count)
{ for (;;) pause(); }
uint32_t RasGetConnectStatusW(void) { return 6; }
uint32_t RasConnectionNotificationW(void) { _exit(7); }
"""
QUESTIONS = [name for _, name, _ in Examined("simulator", None).questions()]


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    if not CAN_BUILD:
        pytest.skip("no C compiler for this system here")
    folder = tmp_path_factory.mktemp("broken_ras")
    (folder / "broken.c").write_text(BROKEN)
    command = [str(COMPILER), "-shared", "-fPIC", "-O0", "-w", "broken.c", "-o", "librasbroken.so"]
    subprocess.run(command, cwd=folder, check=True)
    return str(folder / "librasbroken.so")


def test_a_library_that_works_answers_every_question(tmp_path):
    book = tmp_path / "office.pbk"
    book.write_text("[Office]\nType=2\nMEDIA=rastapi\nDevice=WAN Miniport (IKEv2)\nDEVICE=vpn\n")
    checks: dict[str, Any] = {check.name: check for check in runner.examine("simulator", str(book))}
    assert list(checks) == QUESTIONS
    assert not [check for check in checks.values() if check.problem]
    assert checks["simulated"].answer is True
    assert checks["functions missing"].answer == []
    [entry] = checks["entries"].answer
    assert (entry["name"], entry["device"], entry["login stored"]) == (
        "Office",
        "WAN Miniport (IKEv2)",
        False,
    )
    assert checks["dwSize accepted"].answer["RASCONNW"] > 1000


def test_a_call_that_crashes_hangs_or_exits_is_a_line_of_the_report(broken):
    checks = list(runner.examine(broken, None, bound=5))
    assert [check.name for check in checks] == QUESTIONS
    problems = {check.name: check.problem for check in checks if check.problem}
    assert problems == {
        "devices": "it crashed: SIGSEGV",
        "entries": "it did not return within 5 seconds",
        "notification": "it ended the process: exit code 0x7",
    }
    answers: dict[str, Any] = {check.name: check.answer for check in checks}
    assert answers["connections"] == 0
    assert "RasGetErrorStringW" in answers["functions missing"]


def test_a_library_that_is_missing_has_no_answers(tmp_path):
    checks: dict[str, Any] = {check.name: check for check in runner.examine(str(tmp_path / "none.so"), None)}
    assert checks["opened"].problem.startswith("BackendUnavailableError: ")
    assert checks["devices"].problem


def test_a_dial_that_crashes_is_a_line_too(broken):
    checks = list(runner.dial(broken, None, "Office"))
    assert checks[-1].section == "dial"
    assert checks[-1].problem
