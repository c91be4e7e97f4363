"""The command line as users start it: in a process of its own, on a pseudo-terminal where one is needed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX terminals and signals")


ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in ("RASDIAL_BACKEND", "RASDIAL_PASSWORD", "NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING")
}


PROGRAM = [sys.executable, "-W", "error", "-m", "rasdial_async"]


def run(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env={**ENVIRONMENT, **environment},
        timeout=30,
        check=False,
    )


def start(*command: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**ENVIRONMENT, "PYTHONUNBUFFERED": "1", **environment},
    )


def interrupt(process: subprocess.Popen[str]) -> tuple[str, str]:
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=20)
    return stdout, stderr


class Terminal:
    """A pseudo-terminal with the program on it."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        import fcntl
        import pty
        import struct
        import termios

        self.screen, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            [*PROGRAM, *arguments],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env={**ENVIRONMENT, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **environment},
            start_new_session=True,
        )
        os.close(terminal)
        self.seen = b""

    def read_until(self, text: str) -> None:
        while text.encode() not in self.seen:
            assert self._read(), self.seen

    def type(self, text: str) -> None:
        os.write(self.screen, text.encode())

    def finish(self) -> str:
        while self._read():
            pass
        self.process.wait(timeout=20)
        os.close(self.screen)
        return self.seen.decode()

    def _read(self) -> bytes:
        try:
            data = os.read(self.screen, 65536)
        except OSError:  # Linux, when the last program has left the terminal
            data = b""
        self.seen += data
        return data
