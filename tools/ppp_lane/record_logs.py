"""Records what pppd says, into tests/pppd/logs: record_logs.py [VERSION ...] [CASE ...]

In the guest Debian's own pppd and that of the next release (2.5) go through all that can happen to a link.
The first line of a log is the command line, the last one the exit status.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
LOGS = ROOT / "tests" / "pppd" / "logs"
CACHE = Path(os.environ.get("RASDIAL_PPP_CACHE", ROOT / ".cache" / "ppp"))
PPPDS = {"2.4.9": "pppd", "2.5": str(CACHE / "pppd")}

COMMON = (
    "nodetach noauth debug logfd 1 user ada "
    "lcp-restart 1 lcp-max-configure 3 ipcp-restart 1 ipcp-max-configure 3"
)
CHAT = (  # as rasdial_async/_native/engine/pppd/options.c has it, with a shorter time-out
    "exec chat -v -s -S TIMEOUT 3 ABORT BUSY ABORT 'NO CARRIER' ABORT 'NO DIALTONE' ABORT 'NO DIAL TONE' "
    "ABORT 'NO ANSWER' ABORT VOICE ABORT ERROR '' ATZ OK-AT-OK ATDT{number} CONNECT ''"
)
LONGEST = 40  # seconds; then pppd is killed
UP = "remote IP address"
Act = Callable[["Session"], None]


class Case(NamedTuple):
    """A pppd to be started, and what is done when it says something."""

    options: list[str]
    moment: str = ""
    act: Act | None = None
    before: Act | None = None
    after: Act | None = None


class Session:
    """The things that the cases can touch."""

    def __init__(self, modems: list[str], plugins: str) -> None:
        self.modems = modems
        self.plugins = plugins
        self.process: subprocess.Popen[bytes] | None = None

    def hang_up(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()


def providers(number: signal.Signals) -> None:
    """The processes that carry bytes for a pppd are called pppd as well, and are left alone."""
    listed = subprocess.run(["ip", "netns", "pids", "isp"], check=True, capture_output=True, text=True)
    parents = {}
    for pid in map(int, listed.stdout.split()):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            name, rest = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rsplit(")", 1)
            if name == "pppd":
                parents[pid] = int(rest.split()[1])
    for pid in parents.keys() - {pid for pid, parent in parents.items() if parent in parents}:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def server_hangs_up(session: Session) -> None:
    providers(signal.SIGTERM)


def server_stops(session: Session) -> None:
    providers(signal.SIGSTOP)


def server_goes_on(session: Session) -> None:
    providers(signal.SIGCONT)
    providers(signal.SIGTERM)


def cable(state: str) -> Act:
    def act(session: Session) -> None:
        subprocess.run(["ip", "link", "set", "c0", state], check=True)

    return act


def hang_up(session: Session) -> None:
    session.hang_up()


def pppoe(interface: str, password: str = "right", more: str = "", discovery: str = "") -> list[str]:
    """The options of the discovery count only in front of the interface."""
    return f"plugin pppoe.so {discovery} {interface} password {password} {more}".split()


def modem(number: int, password: str = "right", more: str = "") -> list[str]:
    script = CHAT.format(number=number)
    return ["MODEM", "local", "nocrtscts", "connect", script, "password", password, *more.split()]


def hide_ppp(session: Session) -> None:
    os.rename("/dev/ppp", "/dev/ppp-hidden")


def show_ppp(session: Session) -> None:
    os.rename("/dev/ppp-hidden", "/dev/ppp")


ECHO = "lcp-echo-interval 1 lcp-echo-failure 2"
NO_SERVER = "pppoe-padi-timeout 1 pppoe-padi-attempts 2"

CASES = {
    "pppoe-chap": Case(pppoe("c0"), UP, hang_up),
    "pppoe-pap": Case(pppoe("c1"), UP, hang_up),
    "pppoe-mschapv2": Case(pppoe("c2"), UP, hang_up),
    "pppoe-ipv6": Case(pppoe("c0", more="+ipv6"), UP, hang_up),
    "pppoe-ipv6-only": Case(pppoe("c0", more="+ipv6 noip"), "remote LL address", hang_up),
    "pppoe-wrong-chap": Case(pppoe("c0", "wrong")),
    "pppoe-wrong-pap": Case(pppoe("c1", "wrong")),
    "pppoe-wrong-mschapv2": Case(pppoe("c2", "wrong")),
    "pppoe-no-server": Case(pppoe("c3", discovery=NO_SERVER)),
    "pppoe-no-service": Case(pppoe("c3", discovery=f"pppoe-service internet {NO_SERVER}")),
    "pppoe-no-interface": Case(pppoe("nic-c9")),
    "pppoe-interface-down": Case(pppoe("c0", discovery=NO_SERVER), before=cable("down"), after=cable("up")),
    "pppoe-server-hangs-up": Case(pppoe("c0"), UP, server_hangs_up),
    "pppoe-silently-dead": Case(pppoe("c0", more=ECHO), UP, server_stops, after=server_goes_on),
    "pppoe-cable-pulled": Case(pppoe("c0", more=ECHO), UP, cable("down"), after=cable("up")),
    "pppoe-refuses-the-method": Case(pppoe("c1", more="refuse-pap")),
    "pppoe-cancel-discovery": Case(pppoe("c3"), "Send PPPOE Discovery", hang_up),
    "pppoe-cancel-lcp": Case(pppoe("c0"), "Connect: ", hang_up),
    "pppoe-killed": Case(pppoe("c0"), UP, lambda session: session.kill()),
    "modem-chap": Case(modem(5551000), UP, hang_up),
    "modem-pap": Case(modem(5551010), UP, hang_up),
    "modem-mschapv2": Case(modem(5551011), UP, hang_up),
    "modem-wrong-chap": Case(modem(5551000, "wrong")),
    "modem-wrong-pap": Case(modem(5551010, "wrong")),
    "modem-wrong-mschapv2": Case(modem(5551011, "wrong")),
    "modem-busy": Case(modem(5551001)),
    "modem-no-carrier": Case(modem(5551002)),
    "modem-no-dial-tone": Case(modem(5551003)),
    "modem-no-answer": Case(modem(5551004)),
    "modem-nothing": Case(modem(5551005)),
    "modem-silent-far-end": Case(modem(5551006)),
    "modem-looped": Case(modem(5551007)),
    "modem-stalls-in-login": Case(modem(5553000), "sent [CHAP Response", hang_up),
    "modem-stalls-in-address": Case(modem(5553001)),
    "modem-terminates": Case(modem(5553002)),
    "modem-server-hangs-up": Case(modem(5551000), UP, server_hangs_up),
    **{f"modem-E={code}": Case(modem(5552000 + code)) for code in (646, 647, 648, 649, 691, 709)},
    "modem-cancel-script": Case(modem(5551005), "using channel", hang_up),
    "modem-cancel-lcp": Case(modem(5551006), "sent [LCP ConfReq", hang_up),
    "modem-no-tty": Case(["/dev/ttyNone", *modem(5551000)[1:]]),
    "no-dev-ppp": Case(pppoe("c0"), before=hide_ppp, after=show_ppp),
    "no-peer": Case(["call", "nobody-has-it"]),
    "no-plugin": Case(["plugin", "no-such-plugin.so", "c0"]),
    "unknown-option": Case(["--unknown", "no-such-option"]),
    "idle": Case(pppoe("c0", more="idle 2"), UP),
    "connect-time": Case(pppoe("c0", more="maxconnect 2"), UP),
}


def play(case: Case, pppd: str, session: Session) -> str:
    """One log."""
    options = [session.modems[0] if option == "MODEM" else option for option in case.options]
    if session.plugins and "plugin" in options:
        at = options.index("plugin") + 1
        options[at] = f"{session.plugins}/{options[at]}"
    command = [pppd, *options, *COMMON.split(), "maxfail", "1"]
    if case.before:
        case.before(session)
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    session.process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    )
    assert session.process.stdout is not None
    lines = []
    pending = case.act
    too_long = threading.Timer(LONGEST, session.kill)
    too_long.start()
    for line in session.process.stdout:
        lines.append(line.decode("latin-1"))
        if pending and case.moment in lines[-1]:
            time.sleep(0.3)  # so that what pppd says in one breath is in the log of a hang-up too
            pending(session)
            pending = None
    status = session.process.wait()
    too_long.cancel()
    if case.after:
        case.after(session)
    shown = " ".join(f"'{option}'" if " " in option else option for option in ["pppd", *case.options])
    return f"# {shown} {COMMON} maxfail 1\n{''.join(lines)}# exit status {status}\n"


def inside(versions: list[str], names: list[str]) -> None:
    """Writes JSON to stdout: a log a line."""
    provider = subprocess.Popen(
        [sys.executable, "-ES", str(ROOT / "tools/ppp_lane/provider.py")], stdout=subprocess.PIPE
    )
    assert provider.stdout is not None
    modems = json.loads(provider.stdout.readline())["modems"]
    for version in versions:
        plugins = "" if version == "2.4.9" else str(CACHE / "plugins")
        for name in names:
            started = time.monotonic()
            log = play(CASES[name], PPPDS[version], Session(modems, plugins))
            print(json.dumps([version, name, log.replace(f"{CACHE}/", "")]), flush=True)
            print(f"{version} {name}: {time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)
    provider.terminate()


def main() -> None:
    guest = [str(ROOT / "tools/ppp_lane/guest.sh"), str(CACHE)]
    command = [*guest, sys.executable, str(Path(__file__)), "--inside", *sys.argv[1:]]
    environment = os.environ | {"RASDIAL_PPP_SECONDS": "900"}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as guest:
        assert guest.stdout is not None
        for line in guest.stdout:
            if not line.startswith("["):
                print(line, end="", flush=True)
                continue
            version, name, log = json.loads(line)
            (LOGS / version).mkdir(parents=True, exist_ok=True)
            (LOGS / version / f"{name}.log").write_text(log)
    sys.exit(guest.returncode)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        versions = [word for word in sys.argv[2:] if word in PPPDS]
        names = [word for word in sys.argv[2:] if word not in PPPDS]
        inside(versions or list(PPPDS), names or list(CASES))
    else:
        main()
