"""The lane itself: Debian's pppd dials the provider, and a packet goes through."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess

import pytest
from support import ppp


class Dialed:
    """A pppd started by hand. `wait_for` reads its log up to a line."""

    def __init__(self, *options):
        command = ["pppd", *options, "nodetach", "noauth", "logfd", "1", "user", ppp.USER]
        self.lines = []
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def wait_for(self, text):
        for line in self.process.stdout:
            self.lines.append(line)
            if text in line:
                return line
        pytest.fail(f"pppd never said {text!r}: {''.join(self.lines)}")

    def hang_up(self):
        self.process.send_signal(signal.SIGTERM)
        self.lines += list(self.process.stdout or ())
        return self.process.wait(20)

    def close(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def dialed():
    """Start pppd with options; what the test has not ended ends with it."""
    with contextlib.ExitStack() as stack:
        yield lambda *options: stack.enter_context(contextlib.closing(Dialed(*options)))


def echoed(server, data):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(10)
        one.sendto(data, (server, 7))
        return one.recv(2048)


@pytest.mark.parametrize("interface", ["c0", "c1", "c2"])
def test_pppoe_carries_a_packet(dialed, interface):
    link = dialed("plugin", "pppoe.so", interface, "password", ppp.PASSWORD, "lcp-restart", "1")
    link.wait_for("remote IP address 198.18.7.1")
    assert echoed(ppp.SERVER_OF_PPPOE, b"through PPPoE") == b"through PPPoE"
    assert link.hang_up() == 5


def test_a_modem_carries_a_packet(dialed, provider):
    chat = "chat -v ABORT BUSY ABORT 'NO CARRIER' '' ATZ OK ATDT5551000 CONNECT ''"
    link = dialed(provider.modems[0], "local", "nocrtscts", "connect", chat, "password", ppp.PASSWORD)
    link.wait_for("remote IP address 198.18.8.1")
    assert echoed(ppp.SERVER_OF_MODEMS, b"through a modem") == b"through a modem"
    assert link.hang_up() == 5


def test_a_wrong_password_is_refused(dialed):
    link = dialed("plugin", "pppoe.so", "c0", "password", "wrong", "lcp-restart", "1")
    link.wait_for("CHAP authentication failed")
    assert link.process.wait(20) in (16, 19)


def test_the_provider_hangs_up(dialed, provider):
    link = dialed("plugin", "pppoe.so", "c0", "password", ppp.PASSWORD, "lcp-restart", "1", "maxfail", "1")
    link.wait_for("remote IP address")
    provider.signal(signal.SIGTERM)
    link.wait_for("LCP terminated by peer")
    assert link.process.wait(20) == 16
