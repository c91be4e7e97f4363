"""record keeps a dial in a file, replay plays it: as the dial ended, so do both."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rasdial_async import ConnectionState, DialEvent, Fail, Recording, Silence, Simulator, Step
from rasdial_async.cli.commands import replay
from rasdial_async.testing.recording import Ending

LOGIN = ("--username", "ada", "--password-stdin")
CONNECTS = [Step(ConnectionState.OPEN_PORT), Step(ConnectionState.CONNECTED)]


SILENT_DIAL = """
from rasdial_async import ConnectionState, RasClient, Silence, Simulator, Step
from rasdial_async.cli.app import App
from rasdial_async.cli.main import cli

simulator = Simulator()
simulator.add_entry("Office VPN")
simulator.script("Office VPN", [Step(ConnectionState.OPEN_PORT), Silence()])
cli(obj=App(open_client=lambda backend: RasClient(simulator)))
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "dial.jsonl")


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dial that has gone silent is not listened to for long."""
    monkeypatch.setattr(replay, "_SILENCE", 0.01)


def keep(file: str, *events: DialEvent, ending: Ending = Ending.GIVEN_UP, code: int = 631) -> None:
    Recording(events, ending, code).save(file)


def test_a_dial_that_connects(program, simulator: Simulator, file: str) -> None:
    recorded = program("record", "Office VPN", "-o", file, *LOGIN, stdin="s3cret\n")
    assert recorded.exit_code == 0
    assert recorded.stdout.splitlines()[-1] == f"recorded: {file}"
    assert simulator.counts.connections == 1, "it stays up"
    replayed = program("replay", file)
    assert replayed.exit_code == 0
    assert "SIMULATED" in replayed.stdout
    states = [line.rpartition(": ")[2] for line in recorded.stdout.splitlines()[:-1]]
    assert [line.rpartition(": ")[2] for line in replayed.stdout.splitlines()[1:]] == states


def test_a_dial_that_fails(program, simulator: Simulator, file: str) -> None:
    recorded = program("record", "Office VPN", "-o", file, *LOGIN, stdin="wr0ng\n")
    replayed = program("replay", file)
    for result in (recorded, replayed):
        assert result.exit_code == 1
        assert "failed: 691 ERROR_AUTHENTICATION_FAILURE" in result.stdout
        assert "hint: " in result.stderr
    assert Recording.load(file).code == 691


def test_a_dial_that_is_refused(program, simulator: Simulator, file: str) -> None:
    simulator.refuse("Home", 633)
    for result in (program("record", "Home", "-o", file), program("replay", file)):
        assert result.exit_code == 1
        assert "ERROR_PORT_NOT_AVAILABLE (633)" in result.stderr


def test_a_dial_that_times_out(program, simulator: Simulator, file: str, soon: None) -> None:
    simulator.script("Home", [Step(ConnectionState.AUTHENTICATE), Silence()])
    recorded = program("record", "Home", "-o", file, "--timeout", "1")
    assert recorded.exit_code == 1
    assert Recording.load(file).ending is Ending.GIVEN_UP
    for result in (program("replay", file, "--timeout", "1"), program("replay", file)):
        assert result.exit_code == 1
        assert "Recorded dial: Authenticate" in result.stdout
    assert "631" in result.stderr, "hung up: nobody said when to give up"


@pytest.mark.skipif(sys.platform == "win32", reason="a Ctrl-C is sent as a POSIX signal here")
def test_a_dial_that_is_interrupted(program, file: str, soon: None) -> None:
    command = [sys.executable, "-u", "-c", SILENT_DIAL, "record", "Office VPN", "-o", file]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "OpenPort" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    recording = Recording.load(file)
    assert (recording.ending, recording.code, len(recording.events)) == (Ending.GIVEN_UP, 631, 1)
    assert "631" in program("replay", file).stderr


def test_a_dial_without_any_state_that_was_given_up(program, file: str, soon: None) -> None:
    keep(file)
    assert "631" in program("replay", file).stderr


def test_a_pause_is_answered(program, simulator: Simulator, file: str) -> None:
    keep(
        file,
        DialEvent(ConnectionState.PASSWORD_EXPIRED),
        DialEvent(ConnectionState.CONNECTED),
        ending=Ending.CONNECTED,
        code=0,
    )
    result = program("replay", file)
    assert result.exit_code == 0
    assert [line.rpartition(": ")[2] for line in result.stdout.splitlines()[1:3]] == [
        "PasswordExpired",
        "Connected",
    ]


def test_the_last_pause_may_be_where_it_was_given_up(program, file: str, soon: None) -> None:
    keep(file, DialEvent(ConnectionState.PASSWORD_EXPIRED), code=648)
    assert program("replay", file).exit_code == 1


def test_each_attempt(program, file: str) -> None:
    events = (
        DialEvent(ConnectionState.CONNECT_DEVICE, 676, attempt=1),
        DialEvent(ConnectionState.CONNECTED, attempt=2),
    )
    Recording(events, Ending.CONNECTED, attempt=2).save(file)
    assert program("replay", file).exit_code == 0
    assert "ERROR_LINE_BUSY (676)" in program("replay", file, "--attempt", "1").stderr
    missing = program("replay", file, "--attempt", "3")
    assert missing.exit_code == 2
    assert "there is no attempt 3 in the recording" in missing.stderr


def test_faster(program, file: str) -> None:
    keep(file, DialEvent(ConnectionState.CONNECTED, elapsed=3600.0), ending=Ending.CONNECTED, code=0)
    for speed in ("100000", "inf"):
        assert program("replay", file, "--speed", speed).exit_code == 0
    assert program("replay", file, "--speed", "0").exit_code == 2


def test_json(program, simulator: Simulator, file: str) -> None:
    simulator.script("Home", [*CONNECTS[:1], Fail(676)])
    state, failing, *_, recorded = sorted(
        program.json("record", "Home", "-o", file), key=lambda record: record["kind"] == "recorded"
    )
    assert (state["state"], failing["error"]) == ("OPEN_PORT", 676)
    assert recorded == {
        "kind": "recorded",
        "entry": "Home",
        "simulated": True,
        "file": file,
        "states": 2,
    }
    states = [record for record in program.json("replay", file) if record["kind"] == "state"]
    assert [(one["state"], one["error"]) for one in states] == [("OPEN_PORT", 0), ("OPEN_PORT", 676)]
    assert all(one["entry"] == "Recorded dial" and one["simulated"] for one in states)


def test_nothing_of_a_person_is_in_the_file(program, file: str) -> None:
    program("record", "Office VPN", "-o", file, *LOGIN, "--domain", "MATHS", stdin="s3cret\n")
    text = Path(file).read_text("ascii")
    assert not [word for word in ("ada", "s3cret", "MATHS", "Office", "vpn.example") if word in text]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1: a recording begins with"),
        ('{"kind": "rasdial_async recording", "version": 9}\n', "line 1: this is version 9"),
    ],
)
def test_what_is_no_recording(program, file: str, text: str, told: str) -> None:
    Path(file).write_text(text)
    result = program("replay", file)
    assert result.exit_code == 1
    assert f"{file}, {told}" in result.stderr


def test_files_that_can_not_be(program, simulator: Simulator, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing" / "dial.jsonl")
    assert program("replay", missing).exit_code == 2
    result = program("record", "Home", "-o", missing)
    assert result.exit_code == 2
    assert "there is no folder for" in result.stderr
    assert simulator.counts.dials == 0, "nothing is dialed that could not be kept"


def test_what_ras_can_not_take_is_wrong_usage(program, file: str) -> None:
    result = program("record", "x" * 257, "-o", file)
    assert result.exit_code == 2
    assert "entry is too long" in result.stderr


def test_a_file_that_can_not_be_read_is_told(program, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: str, mode: str) -> None:
        raise OSError(5, "Input/output error")

    keep(file)
    monkeypatch.setattr("rasdial_async.testing.recording.open", fail, raising=False)
    result = program("replay", file)
    assert result.exit_code == 1
    assert "Input/output error" in result.stderr


def test_a_file_that_can_not_be_written_is_told(program, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    result = program("record", "Home", "-o", file)
    assert result.exit_code == 1
    assert "No space left on device" in result.stderr
    assert not Path(file).exists()
