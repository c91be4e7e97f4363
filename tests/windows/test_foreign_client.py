"""foreign_client.c, dialing through the simulator's rasapi32.dll."""

from __future__ import annotations

import os
import subprocess

import pytest

BOOK = "[Office VPN]\nMEDIA=rastapi\nDevice=WAN Miniport (IKEv2)\nDEVICE=vpn\n"


@pytest.fixture
def run(standalone_path, tmp_path):
    program = os.environ.get("RASDIAL_FOREIGN_CLIENT")
    if not program:
        pytest.skip("RASDIAL_FOREIGN_CLIENT names no compiled foreign_client.c: `make test-windows` does")
    book = tmp_path / "rasphone.pbk"
    book.write_text(BOOK, "utf-8")

    def run(entry):
        done = subprocess.run(
            [program, entry],
            env=os.environ | {"RASDIAL_SIMULATOR_PHONEBOOK": str(book)},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.splitlines()

    return run


def test_it_dials(run):
    lines = run("Office VPN")
    events = [line.split()[1:] for line in lines if line.startswith("event ")]
    assert {message for message, *_ in events} == {"ras"}
    assert [int(state) for _, state, *_ in events] == [0, 1, 2, 3, 4, 5, 6, 18, 6, 14, 24, 0x2000]
    assert [line for line in lines if not line.startswith("event ")] == [
        "pointer 8",
        "entries 0 1",
        "dial 0 handle",
        "connections 0 1 same",
        "status 0 8192",
        "hangup 0",
        "released",
    ]


def test_an_unknown_entry(run):
    assert run("Nowhere")[2:] == ["dial 623 null", "text 0"]
