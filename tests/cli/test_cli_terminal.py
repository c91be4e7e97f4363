"""The program in a real terminal: what a person sees in tmux, 80 and 120 columns wide."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux, a terminal to look at")

SCRIPTED = """
import os
from rasdial_async import ConnectionState, Fail, RasClient, Silence, Simulator, Step
from rasdial_async.cli.app import App
from rasdial_async.cli.main import cli

simulator = Simulator(pace=0.5, release_delay=float(os.environ.get("RELEASE", "0")))
simulator.add_entry("Office VPN")
simulator.add_entry("宽带连接", device="WAN Miniport (PPPOE)")
simulator.add_entry("Busy", device="Standard Modem")
simulator.script("Busy", [Step(ConnectionState.OPEN_PORT), Fail(676, after=0.3)])
simulator.add_entry("Silent")
simulator.script("Silent", [Step(ConnectionState.OPEN_PORT), Silence()])
cli(obj=App(open_client=lambda backend: RasClient(simulator)))
"""
CLOCK = r"\d+\.\d\d s"
BOTH_WIDTHS = pytest.mark.parametrize("width", [80, 120])


class Tmux:
    """A terminal of its own with a shell in it, which tells how a command ended by "exit: N".

    Each command begins with a numbered line of its own, and only what comes below it is looked at: neither
    what was typed nor what an earlier command left on the screen.
    """

    def __init__(self, folder: Path, width: int, **environment: str) -> None:
        self.socket = f"rasdial-{uuid.uuid4().hex[:12]}"
        settings = " ".join(shlex.quote(f"{name}={value}") for name, value in environment.items())
        (folder / "program.py").write_text(SCRIPTED, encoding="utf-8")
        run = folder / "run"
        run.write_text(
            '#!/bin/sh\ntrap : INT\necho "command $1:"\nshift\n'
            f"env {settings} {sys.executable} -W error {folder}/program.py"
            ' "$@"\necho "exit: $?"\n',
            encoding="utf-8",
        )
        run.chmod(0o755)
        self.run = run
        self.commands = 0
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TMUX")}
        inherited.update(PYTHONPATH=os.pathsep.join(filter(None, sys.path)), PYTHONUTF8="0", TERM="xterm")
        for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "RASDIAL_PASSWORD"):
            inherited.pop(name, None)
        self._environment = inherited
        self("-u", "-f", "/dev/null", "new-session", "-d", "-x", str(width), "-y", "40", "sh")

    def __call__(self, *arguments: str) -> str:
        return subprocess.run(
            ["tmux", "-L", self.socket, *arguments],
            capture_output=True,
            encoding="utf-8",
            env=self._environment,
            timeout=20,
            check=True,
        ).stdout

    def start(self, *arguments: str) -> None:
        self.commands += 1
        self("send-keys", "-l", f"clear; {shlex.join([str(self.run), str(self.commands), *arguments])}")
        self("send-keys", "Enter")

    def screen(self, *options: str) -> str:
        """The output of the last command so far; nothing before it has begun."""
        begin = re.compile(rf"^command {self.commands}:$", re.MULTILINE)
        return "".join(begin.split(self("capture-pane", "-p", *options), maxsplit=1)[1:])

    def wait_for(self, seen: Callable[[str], object]) -> str:
        """The screen as soon as it shows what is wanted; tmux has no way to be told."""
        end = time.monotonic() + 30
        while not seen(screen := self.screen()):
            assert time.monotonic() < end, screen
            time.sleep(0.02)
        return screen

    def cursor_is_shown(self) -> bool:
        return self("display-message", "-p", "#{cursor_flag}").strip() == "1"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[..., Tmux]]:
    made: list[Tmux] = []

    def make(width: int, **environment: str) -> Tmux:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Tmux(folder, width, **{"LC_ALL": "C.UTF-8", **environment}))
        return made[-1]

    yield make
    for tmux in made:
        tmux("kill-server")


def line_of(screen: str, entry: str) -> str:
    return next((line for line in screen.splitlines() if re.search(rf"^\S+ {entry}", line)), "")


@BOTH_WIDTHS
def test_several_dials_side_by_side(terminal, width: int) -> None:
    tmux = terminal(width)
    tmux.start("dial", "Office VPN", "宽带连接", "Busy")
    after = tmux.wait_for(lambda screen: "exit:" in screen)
    assert "exit: 1" in after
    assert re.match(rf"✔ Office VPN +{CLOCK} ━+ Connected +simulated", line_of(after, "Office VPN"))
    assert re.match(rf"✔ 宽带连接 +{CLOCK} ━+ Connected +simulated", line_of(after, "宽带连接"))
    assert re.match(rf"✘ Busy +{CLOCK} ━+┄+ 676 ERROR_LINE_BUSY +simulated", line_of(after, "Busy"))
    assert after.count("Office VPN ") <= 2  # one line that changed, not one for each change
    assert tmux.cursor_is_shown()


@BOTH_WIDTHS
def test_a_dial_that_goes_on_is_live_beside_those_that_are_over(terminal, width: int) -> None:
    tmux = terminal(width)
    tmux.start("dial", "Office VPN", "Busy", "Silent")

    def all_is_told(screen: str) -> bool:
        told = {"Office VPN": " Connected", "Busy": "676", "Silent": "OpenPort"}
        return all(text in line_of(screen, entry) for entry, text in told.items())

    during = tmux.wait_for(all_is_told)
    assert re.search(rf" {CLOCK} ━+┄+ OpenPort", line_of(during, "Silent"))
    assert not tmux.cursor_is_shown()
    tmux("send-keys", "C-c")
    after = tmux.wait_for(lambda screen: "exit:" in screen)
    assert "exit: 130" in after
    assert re.match(rf"■ Office VPN +{CLOCK} ━+ hung up +simulated", line_of(after, "Office VPN"))


@BOTH_WIDTHS
def test_ctrl_c_gives_the_terminal_back(terminal, width: int) -> None:
    tmux = terminal(width)
    tmux.start("dial", "Silent")
    tmux.wait_for(lambda screen: "OpenPort" in line_of(screen, "Silent"))
    tmux("send-keys", "C-c")
    after = tmux.wait_for(lambda screen: "exit:" in screen)
    assert "exit: 130" in after
    assert "rasdial-async: interrupted" in after
    assert re.match(rf"■ Silent +{CLOCK} ━+┄+ hung up +simulated", line_of(after, "Silent"))
    assert tmux.cursor_is_shown()


def test_a_second_ctrl_c_begins_a_line_of_its_own(terminal) -> None:
    tmux = terminal(80, RELEASE="60")
    tmux.start("dial", "Silent", "Busy")
    tmux.wait_for(lambda screen: "OpenPort" in line_of(screen, "Silent"))
    tmux("send-keys", "C-c")
    tmux.wait_for(lambda screen: "hanging up" in line_of(screen, "Silent"))
    tmux("send-keys", "C-c")
    after = tmux.wait_for(lambda screen: "exit: 130" in screen)
    assert "\nrasdial-async: ended at once\n" in after
    assert '\n[simulated] Silent: not hung up; rasdial-async hangup "Silent" does it\n' in after
    assert tmux.cursor_is_shown()


@BOTH_WIDTHS
def test_a_dial_of_its_own_leaves_its_states_and_a_timeline(terminal, width: int) -> None:
    tmux = terminal(width)
    tmux.start("dial", "Office VPN", "--timeline")
    after = tmux.wait_for(lambda screen: "exit:" in screen)
    assert "exit: 0" in after
    assert re.search(r"^ +\d+\.\d{3} s  ConnectDevice  WAN Miniport \(IKEv2\)$", after, re.MULTILINE)
    assert re.search(r"^  ConnectDevice +\d+\.\d{3} s +\d+%  +█+$", after, re.MULTILINE)
    assert "Office VPN: connected after" in after


@BOTH_WIDTHS
def test_tables_keep_to_the_width(terminal, width: int) -> None:
    tmux = terminal(width)
    tmux.start("entries", "--all")
    after = tmux.wait_for(lambda screen: "exit:" in screen)
    assert "exit: 0" in after
    assert "宽带连接" in after
    assert "Device" in after
    tmux.start("error", "691")
    after = tmux.wait_for(lambda screen: "exit:" in screen)
    hint = [line for line in after.splitlines() if re.match(r"  do +Check", line)]
    assert len(hint) == 1
    assert len(hint[0]) > width * 0.6


@pytest.mark.parametrize("environment", [{"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
                                         {"PYTHONIOENCODING": "cp437"}])  # fmt: skip
def test_a_terminal_that_has_few_characters_shows_what_it_can(terminal, environment: dict[str, str]) -> None:
    tmux = terminal(80, **environment)
    tmux.start("dial", "宽带连接", "Office VPN", "--timeline")
    after = tmux.wait_for(lambda screen: "exit:" in screen)
    assert "Traceback" not in after
    assert re.search(rf"^\+ Office VPN +{CLOCK} #+ Connected", after, re.MULTILINE)
    assert re.search(r"^\+ \\u5bbd", after, re.MULTILINE)
    assert "exit: 0" in after


def test_no_color(terminal) -> None:
    plain, colored = terminal(80, NO_COLOR="1"), terminal(80)
    for tmux in (plain, colored):
        tmux.start("dial", "Busy")
        tmux.wait_for(lambda screen: "exit:" in screen)
    color = re.compile(r"\x1b\[[0-9;]*3[0-7]m")
    assert color.search(colored.screen("-e"))
    assert "ERROR_LINE_BUSY" in plain.screen("-e")
    assert not color.search(plain.screen("-e"))
