"""Inside the guest: an access provider to dial, over PPPoE and over modems. Runs until it is ended.

On stdout it writes one line of JSON once everything can be dialed: {"modems": [paths of ttys]}.

interface  what its access concentrator wants
c0         CHAP
c1         PAP
c2         MS-CHAPv2
c3         nobody answers there

number   what a modem that dials it gets
5551000  CONNECT, to a provider that wants CHAP
5551001  BUSY
5551002  NO CARRIER, as any other number
5551003  NO DIALTONE
5551004  NO ANSWER
5551005  nothing at all
5551006  CONNECT, to a far end that is silent
5551007  CONNECT, to a line that is looped back
5551008  BUSY twice, then as 5551000
5551010  CONNECT, to a provider that wants PAP
5551011  CONNECT, to a provider that wants MS-CHAPv2
5552646  CONNECT, to a far end that refuses with E=646 of MS-CHAPv2; the same for any three digits
5553000  CONNECT, to a far end that stalls in the login
5553001  CONNECT, to a far end that stalls while addresses are agreed
5553002  CONNECT, to a far end that ends the link at once

User ada, password right. The far end of PPPoE is 198.18.7.1, that of modems 198.18.8.1; UDP port 7 of both
sends back what it gets. All is in the network namespace "isp", with secrets and pid files of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import pty
import signal
import socket
import subprocess
import sys
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

from far_end import FarEnd

MODEMS = 3
METHODS = {"c0": "require-chap", "c1": "require-pap", "c2": "require-mschap-v2"}
ANSWERS = {"5551001": "BUSY", "5551003": "NO DIALTONE", "5551004": "NO ANSWER", "5551005": ""}
PROVIDERS = {
    "5551000": "require-chap",
    "5551008": "require-chap",
    "5551010": "require-pap",
    "5551011": "require-mschap-v2",
}
FAR_ENDS = {"5553000": "stall-login", "5553001": "stall-address", "5553002": "terminate"}
SECRETS = Path("/run/isp-etc")
LOG = "/var/log/isp.log"
ECHO_PORT = 7

# The programs of the provider have an /etc/ppp and a /run of their own, with its secrets and its pid files.
RUN = 'mount -t tmpfs tmpfs /run && exec "$@"'
ENTER = f"mount --bind {SECRETS} /etc/ppp && exec ip netns exec isp sh -c '{RUN}' sh \"$@\""
INSIDE = ("unshare", "-m", "sh", "-c", ENTER, "sh")


def run(command: str) -> None:
    subprocess.run(command.split(), check=True)


def start(*command: str, **options: object) -> subprocess.Popen[bytes]:
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([*INSIDE, *command], **quiet | options)  # type: ignore[call-overload,no-any-return]


def make_network() -> None:
    run("ip netns add isp")
    run("ip -n isp link set lo up")
    for interface in (*METHODS, "c3"):
        far = f"s{interface[1:]}"
        run(f"ip link add {interface} type veth peer name {far} netns isp")
        run(f"ip link set {interface} up")
        run(f"ip -n isp link set {far} up")


def make_secrets() -> None:
    SECRETS.mkdir(mode=0o700)
    for name in ("chap-secrets", "pap-secrets"):
        (SECRETS / name).write_text('"ada" * "right" *\n')
        (SECRETS / name).chmod(0o600)
    for interface, method in METHODS.items():
        options = ["auth", method, "+ipv6", "nodefaultroute", "ms-dns 198.18.7.1", f"logfile {LOG}"]
        options += ["connect-delay 1", "lcp-restart 1"]  # or each login begins a second late
        options += ["lcp-echo-interval 5", "lcp-echo-failure 3"]
        (SECRETS / f"options-{interface}").write_text("\n".join([*options, ""]))


def serve_pppoe() -> None:
    for number, interface in enumerate(METHODS):
        options = ["-k", "-I", f"s{interface[1:]}", "-C", "isp", "-L", "198.18.7.1", "-N", "40"]
        options += ["-R", f"198.18.7.{10 + 60 * number}", "-O", f"/etc/ppp/options-{interface}"]
        if start("pppoe-server", *options).wait():
            sys.exit(f"pppoe-server does not start for {interface}")


def echo() -> None:
    """Runs inside the namespace, in a process of its own."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("0.0.0.0", ECHO_PORT))
    print("ready", flush=True)
    while True:
        server.sendto(*server.recvfrom(2048))


class Pppd:
    """A provider's pppd behind a call."""

    def __init__(self, method: str, number: int, send: Callable[[bytes], None]) -> None:
        self.ours, theirs = socket.socketpair()
        options = f"notty nodetach local auth {method} lcp-restart 1 nodefaultroute logfile {LOG}".split()
        addresses = f"198.18.8.1:198.18.8.{10 + number}"
        self.process = start("pppd", *options, addresses, stdin=theirs, stdout=theirs)
        theirs.close()
        self.send = send
        threading.Thread(target=self.back, daemon=True).start()

    def back(self) -> None:
        with contextlib.suppress(OSError):
            while data := self.ours.recv(4096):
                self.send(data)

    def received(self, data: bytes) -> None:
        with contextlib.suppress(OSError):  # the provider has hung up
            self.ours.sendall(data)

    def close(self) -> None:
        self.ours.close()
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Modem:
    """A Hayes modem on a pty. It sees that a call is over when nobody has its tty open any more."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.line, far = pty.openpty()
        tty.setraw(far)
        self.path = os.ttyname(far)
        os.close(far)
        self.typed = b""
        self.heard = b""  # the end of what has come since CONNECT
        self.calls: dict[str, int] = {}
        self.over_so_far = 0
        self.received: Callable[[bytes], None] | None = None  # after CONNECT
        self.close: Callable[[], None] = lambda: None
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                data = os.read(self.line, 4096)
            except OSError:  # nobody has the tty open
                self.over()
                time.sleep(0.02)
                continue
            if self.received is not None:
                self.heard = (self.heard + data)[-64:]  # chat sends byte by byte
                _, reset, rest = self.heard.partition(b"ATZ\r")
                if reset:  # the tty was opened again too soon to be missed
                    self.over()
                    data = reset + rest
            if self.received is not None:
                self.received(data)
            else:
                self.commands(data)

    def over(self) -> None:
        self.received, close, self.close = None, self.close, lambda: None
        self.typed = self.heard = b""
        self.over_so_far += 1
        close()

    def write(self, data: bytes) -> None:
        with contextlib.suppress(OSError):  # nobody has the tty open any more
            os.write(self.line, data)

    def back(self) -> Callable[[bytes], None]:
        """The way back of this call: what the far end says later is not for the next call."""
        now = self.over_so_far
        return lambda data: self.write(data) if now == self.over_so_far else None

    def say(self, word: str) -> None:
        self.write(f"\r\n{word}\r\n".encode())

    def commands(self, data: bytes) -> None:
        self.typed += data
        while self.received is None and b"\r" in self.typed:
            line, self.typed = self.typed.split(b"\r", 1)
            command = line.strip().decode("latin-1").upper()
            if command.startswith("ATD"):
                self.call(command.removeprefix("ATD").lstrip("TP"))
            elif command:
                self.say("OK")

    def call(self, number: str) -> None:
        time.sleep(0.2)
        self.calls[number] = self.calls.get(number, 0) + 1
        if number == "5551008" and self.calls[number] % 3:
            self.say("BUSY")
        elif number in PROVIDERS:
            self.say("CONNECT 56000")
            provider = Pppd(PROVIDERS[number], self.number, self.back())
            self.received, self.close = provider.received, provider.close
        elif number == "5551006":
            self.say("CONNECT 56000")
            self.received = lambda data: None
        elif number == "5551007":
            self.say("CONNECT 56000")
            self.received = self.write
        elif number in FAR_ENDS or number.startswith("5552"):
            self.say("CONNECT 56000")
            manner = FAR_ENDS.get(number) or f"E={number[4:]}"
            self.received = FarEnd(manner, self.back()).received
        elif answer := ANSWERS.get(number, "NO CARRIER"):
            self.say(answer)


def main() -> None:
    make_network()
    make_secrets()
    serve_pppoe()
    echoing = start(sys.executable, "-ES", __file__, "echo", stdout=subprocess.PIPE)
    assert echoing.stdout is not None
    echoing.stdout.readline()
    modems = [Modem(number) for number in range(MODEMS)]
    print(json.dumps({"modems": [modem.path for modem in modems]}), flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    echo() if sys.argv[1:] == ["echo"] else main()
