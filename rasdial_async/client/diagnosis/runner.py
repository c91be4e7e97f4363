"""The parent of the child processes: a crash, or a call that never returns, becomes a line of the report."""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from .report import Check

START_BOUND = 60.0  # seconds for Python itself
CALL_BOUND = 15.0  # seconds for a question; the service RasMan may take many to start
DIAL_BOUND = 100.0  # for the whole probe, which has bounds of its own
_MODULE = __package__ + ".child"


def examine(library: str, phonebook: str | None, *, bound: float = CALL_BOUND) -> Iterator[Check]:
    """Ask every question about a library; a child that crashes or hangs is replaced after that question."""
    done = 0
    while True:
        finished = True
        for check, ended in _run(library, phonebook, done, "", bound):
            done += 1
            finished = not ended
            yield check
        if finished:
            return


def dial(library: str, phonebook: str | None, entry: str) -> Iterator[Check]:
    """Dial an entry, and return a check for each thing that happened."""
    for check, _ in _run(library, phonebook, 0, entry, DIAL_BOUND):
        yield check


def _run(
    library: str, phonebook: str | None, skip: int, entry: str, bound: float
) -> Iterator[tuple[Check, bool]]:
    """Run one child. Each check comes with True where the child has not survived it."""
    command = [sys.executable, "-m", _MODULE, library, phonebook or "", str(skip), *filter(None, [entry])]
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(child, lines), daemon=True).start()
    section, name, asked, limit = "library", "start of the child process", time.monotonic(), START_BOUND
    try:
        while True:
            try:
                line = lines.get(timeout=max(0.0, asked + limit - time.monotonic()))
            except queue.Empty:
                problem = f"it did not return within {limit:g} seconds"
                yield Check(section, name, milliseconds=_since(asked), problem=problem), True
                return
            message: dict[str, Any] = json.loads(line) if line else {}
            if "begin" in message:
                section, name = message["begin"], message["name"]
                asked, limit = time.monotonic(), bound
            elif "check" in message:
                yield Check(**message["check"]), False
            elif "end" in message:
                return
            else:
                yield Check(section, name, milliseconds=_since(asked), problem=_end_of(child)), True
                return
    finally:
        child.kill()
        child.wait()


def _read(child: subprocess.Popen[str], lines: queue.SimpleQueue[str]) -> None:
    assert child.stdout is not None
    with child.stdout as stdout, suppress(ValueError):  # closed by the parent meanwhile
        for line in stdout:
            lines.put(line)
    lines.put("")


def _since(begun: float) -> float:
    return (time.monotonic() - begun) * 1000


def _end_of(child: subprocess.Popen[str]) -> str:
    code = child.wait()
    if code < 0:
        return f"it crashed: {signal.Signals(-code).name}"
    return f"it ended the process: exit code {code:#x}"
