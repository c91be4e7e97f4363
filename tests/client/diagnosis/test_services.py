"""Windows' services and rasapi32.dll: read from what Windows prints, in any language."""

from __future__ import annotations

import struct
import sys

import pytest

from rasdial_async.client.diagnosis import services

ENGLISH = """
SERVICE_NAME: RasMan
        TYPE               : 20  WIN32_SHARE_PROCESS
        STATE              : 4  RUNNING
                                (STOPPABLE, NOT_PAUSABLE, IGNORES_SHUTDOWN)
        WIN32_EXIT_CODE    : 0  (0x0)
"""
OTHER_WORDS = """
DIENSTNAME: RasMan
        TYP                : 30  WIN32
        STATUS             : 1  BEENDET
        WIN32_EXIT_CODE    : 1077  (0x435)
"""


@pytest.mark.parametrize(("printed", "state"), [(ENGLISH, "running"), (OTHER_WORDS, "stopped")])
def test_the_state_of_a_service_is_read_by_its_number(printed: str, state: str) -> None:
    assert services.state_of(printed) == state


@pytest.mark.parametrize("printed", ["", "[SC] 1060"])
def test_what_is_no_state_is_shown(printed: str) -> None:
    assert services.state_of(printed) == f"unknown: {printed}"


def test_the_version_of_a_file_is_in_its_resources(tmp_path) -> None:
    path = tmp_path / "rasapi32.dll"
    numbers = struct.pack("<IIII", 0xFEEF04BD, 0x00010000, 10 << 16, 22621 << 16 | 4037)
    path.write_bytes(b"MZ" + bytes(100) + numbers + bytes(40))
    assert services.file_version(str(path)) == "10.0.22621.4037"
    path.write_bytes(b"MZ" + bytes(100))
    assert services.file_version(str(path)) == ""


@pytest.mark.skipif(sys.platform != "win32", reason="asks Windows")
def test_every_question_is_asked_on_windows() -> None:
    checks = {check.name: check for check in services.checks()}  # type: ignore[attr-defined]
    assert {*services.SERVICES, "path", "file version"} == checks.keys()
    assert checks["path"].answer.lower().endswith("rasapi32.dll")
    assert not checks["file version"].problem
