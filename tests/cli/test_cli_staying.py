"""watch and keep: commands that stay until Ctrl-C, and what a second one does."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from support.program import ENVIRONMENT, interrupt, posix, start

from rasdial_async import ConnectionChange, Fail, RasClient, Simulator

HELD = """
from rasdial_async import ConnectionState, RasClient, Silence, Simulator, Step
from rasdial_async.cli.app import App
from rasdial_async.cli.main import cli

simulator = Simulator(pace=0, release_delay={release})
simulator.add_entry("Office VPN")
simulator.add_entry("Silent")
simulator.script("Silent", [Step(ConnectionState.OPEN_PORT), Silence()])
try:
    cli(obj=App(open_client=lambda backend: RasClient(simulator)))
finally:
    print("open ports:", simulator.counts.open_ports)
"""


def held(*arguments: str, release: float = 0) -> subprocess.Popen[str]:
    return start(sys.executable, "-W", "error", "-c", HELD.format(release=release), *arguments)


def read_until(stream, text: str) -> str:
    for line in stream:
        if text in line:
            return line
    raise AssertionError(f"never said: {text}")


# --- watch ---


class Watched(RasClient):
    """Its changes end after one for each of `then`, which are called when a change has been told."""

    def __init__(self, simulator: Simulator, *then: Callable[[], object]) -> None:
        super().__init__(simulator)
        self.then = then

    @asynccontextmanager
    async def watch(self, **options: Any) -> Any:
        async def told() -> AsyncIterator[ConnectionChange]:
            for act in self.then:
                yield await anext(changes)
                act()

        async with super().watch(**options) as changes:
            yield told()


def test_watch_tells_what_is_up_and_what_goes(program, simulator: Simulator) -> None:
    program.dial("Home")
    program.client = Watched(simulator, lambda: simulator.drop("Home"), lambda: None)
    result = program("watch", "--existing")
    assert result.exit_code == 0
    up, down = result.stdout.splitlines()
    assert up.startswith("[simulated] ")
    assert up.endswith("Home: connected on WAN Miniport (IKEv2)")
    assert down.endswith("Home: disconnected on WAN Miniport (IKEv2)")
    assert "Ctrl-C ends it" in result.stderr


def test_watch_as_json(program, simulator: Simulator) -> None:
    program.dial("Home")
    program.client = Watched(simulator, lambda: None)
    [found] = program.json("watch", "--existing")
    assert (found["kind"], found["change"], found["entry"]) == ("change", "connected", "Home")
    assert found["at"] > 1_600_000_000


def test_watch_ends_after_its_time(program) -> None:
    result = program("watch", "--timeout", "0.1")
    assert (result.exit_code, result.stdout) == (0, "")


@posix
def test_ctrl_c_ends_watch() -> None:
    process = held("watch")
    assert process.stderr is not None
    read_until(process.stderr, "watching")
    _, stderr = interrupt(process)
    assert process.returncode == 0, "its intended end"
    assert stderr == ""


# --- keep ---


def test_keep_stops_at_a_wrong_password(program) -> None:
    result = program("keep", "Office VPN", "--username", "ada", env={"RASDIAL_PASSWORD": "wrong"})
    assert result.exit_code == 1
    first, *_, last = result.stdout.splitlines()
    assert first.startswith("[simulated] ")
    assert first.endswith("Office VPN: dialing (attempt 1)")
    assert "stopped" in last
    assert "(691)" in result.stderr
    assert "wrong" not in result.output.replace("Wrong", "")


def test_keep_dials_again_as_often_as_it_is_told(program, simulator: Simulator) -> None:
    simulator.script("Home", [Fail(676)])
    result = program("keep", "Home", "--redial", "1", "--json")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [record["kind"] for record in found] == ["kept"] * 4 + ["error"]
    assert [record["state"] for record in found[:4]] == ["dialing", "waiting", "dialing", "stopped"]
    assert found[1]["pause"] > 0
    assert found[1]["code"] == found[3]["code"] == 676


def test_keep_refuses_what_ras_can_not_take(program) -> None:
    result = program("keep", "x" * 257)
    assert result.exit_code == 2
    assert "entry is too long" in result.stderr


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_end_keep_and_hang_up(number: int) -> None:
    process = held("keep", "Office VPN")
    assert process.stdout is not None
    read_until(process.stdout, "connected")
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=20)
    assert process.returncode == 0, "its intended end"
    assert "Office VPN: hung up" in stdout
    assert "open ports: 0" in stdout
    assert stderr.splitlines() == ["Office VPN: hanging up; Ctrl-C again ends at once"]


@posix
@pytest.mark.parametrize(("command", "entry"), [("keep", "Office VPN"), ("dial", "Silent")])
def test_a_second_ctrl_c_waits_for_nothing_and_tells_what_is_left(command: str, entry: str) -> None:
    process = held(command, entry, release=60)
    assert process.stdout is not None
    assert process.stderr is not None
    read_until(process.stdout, "connected" if command == "keep" else "OpenPort")
    process.send_signal(signal.SIGINT)
    read_until(process.stderr, "hanging up")
    begun = time.monotonic()
    stdout, stderr = interrupt(process)
    assert time.monotonic() - begun < 5  # the port would be waited for twice as long
    assert process.returncode == 130
    assert "rasdial-async: ended at once" in stderr
    assert f"{entry}: not hung up" in stderr
    assert "open ports" not in stdout  # not even Python's own way out


@posix
def test_what_is_left_is_told_as_json_too() -> None:
    process = held("keep", "Office VPN", "--json", release=60)
    assert process.stdout is not None
    assert process.stderr is not None
    read_until(process.stdout, '"connected"')
    process.send_signal(signal.SIGINT)
    read_until(process.stderr, "hanging up")
    stdout, _ = interrupt(process)
    assert json.loads(stdout) == {"kind": "left", "entry": "Office VPN", "simulated": True}


@posix
def test_ctrl_c_hangs_up_all_of_several_also_those_that_are_up() -> None:
    process = held("dial", "Office VPN", "Silent")
    assert process.stdout is not None
    read_until(process.stdout, "Office VPN: connected")
    stdout, _ = interrupt(process)
    assert process.returncode == 130
    assert "Office VPN: hung up" in stdout
    assert "Silent: hung up" in stdout
    assert "open ports: 0" in stdout


@posix
@pytest.mark.parametrize("command", ["dial marbo.example lake.example", "dial marbo.example --json"])
def test_a_pipe_that_nobody_reads_ends_the_program_quietly(phonebooks: Path, command: str) -> None:
    book = phonebooks / "vpn-mixed.pbk"
    program = f"{sys.executable} -m rasdial_async {command} --backend simulator --phonebook {book}"
    result = subprocess.run(
        ["bash", "-c", f"{program} | head -n 1; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        env={**ENVIRONMENT, "PYTHONUNBUFFERED": "1"},
        timeout=30,
        check=False,
    )
    assert result.returncode == 0
    assert "Open" in result.stdout or "OPEN_PORT" in result.stdout
    assert result.stderr == ""


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_status_that_is_followed_ends_as_intended(number: int) -> None:
    process = held("status", "--follow", "--interval", "0.1")
    assert process.stdout is not None
    read_until(process.stdout, "No connections")
    process.send_signal(number)
    _, stderr = process.communicate(timeout=20)
    assert (process.returncode, stderr) == (0, "")


# --- the log ---


def test_verbose_puts_the_log_on_stderr(program, simulator: Simulator) -> None:
    import logging

    logger = logging.getLogger("rasdial_async")
    level = logger.level
    simulator.script("Home", [Fail(691)])
    quiet = program("keep", "Home")
    told = program("keep", "Home", "-v")
    assert "not kept connected any more" not in quiet.stderr
    assert any(
        line.split(" ", 1)[1].startswith("WARNING Home: not kept connected any more")
        for line in told.stderr.splitlines()
    )
    assert "[simulated]" in told.stdout
    assert logger.level == level
    assert not logger.handlers
