"""The examples run by themselves, on the simulator and without a warning."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from support import ROOT

EXAMPLES = ROOT / "examples"

SAYS = {
    "anyio_task_group.py": ["Cable: up first", "ports still open: 0"],
    "cancel_and_time_out.py": [
        "timeout=0.3: ERROR_TIMEOUT (1460)",
        "asyncio.timeout(0.3): hung up",
        "cancelled: True; the dial: ERROR_USER_DISCONNECTION (631)",
        "ports still open: 0",
    ],
    "dial_in_a_service.py": [
        "Office VPN: CONNECTED on WAN Miniport (IKEv2)",
        "Office VPN: hung up",
        "Wrong user name or password",
        "ERROR_LINE_BUSY (676)",
        "the next run may work",
    ],
    "dial_many.py": ["Branch 07: ERROR_NO_ANSWER", "'up on WAN Miniport (SSTP)': 38", "ports still open: 0"],
    "phonebook_tour.py": [
        "Warehouse: modem Standard Modem 555-0199",
        "created: Office VPN to vpn.example.com",
        "refused: ERROR_INVALID_NAME",
    ],
    "log_and_measure.py": [
        "DEBUG RasDialW(",
        "szPassword=***",
        "INFO  Office VPN: connected; ",
        "{'connected': 1, 'ERROR_AUTHENTICATION_FAILURE': 1}",
    ],
    "pppoe_new_address.py": ["Fiber: a new address after 203.0.113."],
    "replay_a_failure.py": ["recorded: 7 events", "ERROR_PPP_TIMEOUT at AUTHENTICATE", "ports still open: 0"],
    "watch_the_states.py": ["RASCS_OpenPort", "RASCS_Connected", "Office VPN: connected", "NoAnswerError"],
    "windows_service.py": ["Office VPN: connected (attempt 1)", "ports still open: 0"],
}
# These run until somebody ends them: tests/test_example_programs.py
PROGRAMS = ["dial_board.py", "status_page.py"]


def test_every_example_is_tried() -> None:
    assert sorted(path.name for path in EXAMPLES.glob("*.py")) == sorted([*SAYS, *PROGRAMS])


@pytest.mark.parametrize("name", [*SAYS, *PROGRAMS])
def test_an_example_is_short_and_says_how_to_run(name: str) -> None:
    text = (EXAMPLES / name).read_text("utf-8")
    assert len(text.splitlines()) <= 80
    assert f"python examples/{name}" in text.split('"""')[1]


@pytest.mark.parametrize("name", SAYS)
def test_an_example_runs(name: str) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "RASDIAL_BACKEND"}
    result = subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLES / name)],
        capture_output=True,
        encoding="utf-8",
        env=environment | {"PYTHONIOENCODING": "utf-8"},
        timeout=30,
        check=False,
    )
    assert result.stderr == ""
    assert result.returncode == 0
    assert "simulated" in result.stdout
    for words in SAYS[name]:
        assert words in result.stdout
