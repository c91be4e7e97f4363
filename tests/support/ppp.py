"""The access provider of the PPP lane, and what links leave behind. For tests inside the lane's guest."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from . import ROOT

PROVIDER = ROOT / "tools" / "ppp_lane" / "provider.py"
SERVER_OF_PPPOE, SERVER_OF_MODEMS = "198.18.7.1", "198.18.8.1"
USER, PASSWORD = "ada", "right"


def process_names(pids: list[int]) -> dict[int, str]:
    names = {}
    for pid in pids:
        try:
            names[pid] = Path(f"/proc/{pid}/comm").read_text().strip()
        except (FileNotFoundError, ProcessLookupError):
            continue
    return names


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


class Provider:
    """The provider's process: see tools/ppp_lane/provider.py for interfaces and numbers."""

    def __init__(self) -> None:
        command = [sys.executable, "-ES", str(PROVIDER)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        assert self.process.stdout is not None
        self.modems: list[str] = json.loads(self.process.stdout.readline())["modems"]

    def close(self) -> None:
        self.process.terminate()
        self.process.communicate()

    def pids(self) -> list[int]:
        """The provider's pppd processes, without those that carry bytes for another one."""
        listed = subprocess.run(["ip", "netns", "pids", "isp"], check=True, capture_output=True, text=True)
        names = process_names([int(pid) for pid in listed.stdout.split()])
        found = [pid for pid, name in names.items() if name == "pppd"]
        return [pid for pid in found if parent_of(pid) not in found]

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to every pppd of the provider: SIGTERM hangs up, SIGSTOP lets the links go silent."""
        for pid in self.pids():
            os.kill(pid, number)


def own_pppds() -> list[int]:
    """The pppd processes on this side of the line, without those that are about to become a script of one."""
    here = os.readlink("/proc/self/ns/net")
    found = []
    for pid, name in process_names([int(path.name) for path in Path("/proc").glob("[0-9]*")]).items():
        try:
            if name == "pppd" and os.readlink(f"/proc/{pid}/ns/net") == here:
                found.append(pid)
        except FileNotFoundError:
            continue
    return [pid for pid in found if parent_of(pid) not in found]


def wait_for_scripts(seconds: float = 10.0) -> None:
    """Wait until no pppd of ours runs a script, such as ip-up."""
    until = time.monotonic() + seconds
    while (pppds := own_pppds()) and any(
        parent_of(int(path.name)) in pppds for path in Path("/proc").glob("[0-9]*")
    ):
        assert time.monotonic() < until
        time.sleep(0.02)


def chats() -> list[int]:
    """The chat programs, which end with their pppd."""
    names = process_names([int(path.name) for path in Path("/proc").glob("[0-9]*")])
    return [pid for pid, name in names.items() if name == "chat"]


def interfaces() -> list[str]:
    return sorted(path.name for path in Path("/sys/class/net").glob("ppp*"))


def pid_files() -> list[str]:
    return sorted(
        str(path) for folder in ("/run", "/run/pppd", "/run/ppp") for path in Path(folder).glob("ppp*.pid")
    )


def leftovers() -> dict[str, list[object]]:
    """The links that are there: processes, interfaces, pid files; empty lists where nothing is."""
    return {"processes": [*own_pppds(), *chats()], "interfaces": [*interfaces()], "pid files": [*pid_files()]}


class Peers:
    """Entries of the system's own kind."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.folder = Path("/etc/ppp/peers")
        self.before = set(self.folder.iterdir())

    def write(self, name: str, *lines: str) -> None:
        path = self.folder / name
        path.write_text("\n".join([*lines, "noauth", "lcp-restart 1", "noipdefault", ""]))
        path.chmod(0o640)
        os.chown(path, 0, self.folder.stat().st_gid)

    def pppoe(self, name: str, interface: str = "c0", *more: str) -> None:
        # In front of the interface, or pppd 2.4.9 overlooks them.
        tries = ("pppoe-padi-timeout 1", "pppoe-padi-attempts 1")
        # silent: the provider's pppd starts after ours, and would miss our first request.
        self.write(name, "plugin pppoe.so", *tries, f"nic-{interface}", "silent", f"user {USER}", *more)

    def modem(self, name: str, number: str, *more: str, modem: int = 0, chat_timeout: int = 3) -> None:
        abort = "".join(f" ABORT '{word}'" for word in ("BUSY", "NO CARRIER", "NO DIALTONE", "NO ANSWER"))
        chat = f"chat -v -s -S TIMEOUT {chat_timeout}{abort} '' ATZ OK ATDT{number} CONNECT ''"
        line = (self.provider.modems[modem], "local", "nocrtscts", f"user {USER}", "lcp-max-configure 3")
        self.write(name, *line, f'connect "{chat}"', *more)

    def close(self) -> None:
        for path in set(self.folder.iterdir()) - self.before:
            path.unlink()


def echoed(server: str, data: bytes) -> bytes:
    """Return what UDP port 7 of the far end sends back."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(10)
        one.sendto(data, (server, 7))
        return one.recv(2048)


@contextlib.contextmanager
def pulled(interface: str) -> Iterator[None]:
    """Inside the block the cable of the interface is pulled."""
    subprocess.run(["ip", "link", "set", interface, "down"], check=True)
    try:
        yield
    finally:
        subprocess.run(["ip", "link", "set", interface, "up"], check=True)


def waitable() -> int:
    """The pid of a child of this process that has ended and nobody has waited for; 0 = there is none."""
    try:
        return os.waitpid(-1, os.WNOHANG)[0]
    except ChildProcessError:
        return 0
