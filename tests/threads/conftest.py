"""Fixtures of the tests of threads and loops: which loop, which wake, and that nothing is left."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import gc
import logging
import os
import subprocess
import sys
import textwrap
import threading

import pytest
from support import odd_ras
from support.loop_kinds import LOOPS, WAKES

import rasdial_async as ras
from rasdial_async._native.binding import notify
from rasdial_async.backends import marshal, threads
from rasdial_async.backends.session import living

SECONDS = odd_ras.SECONDS
WAKE = "anon_inode:[eventfd]"


@pytest.fixture(params=LOOPS)
def loop_kind(request):
    return request.param


@pytest.fixture
def run():
    """Runs a coroutine to its end on a loop of that kind, with asyncio's own checks on."""

    def run(main, kind=None):
        with asyncio.Runner(debug=True, loop_factory=LOOPS.get(kind)) as runner:
            return runner.run(asyncio.wait_for(main, SECONDS))

    return run


@pytest.fixture(params=WAKES)
def wake(request, monkeypatch):
    """Every loop is woken this way."""
    monkeypatch.setattr(marshal, "WAKES", (request.param,))
    return request.param


@pytest.fixture(scope="session", autouse=True)
def libuv_is_set_up():
    """Its first loop opens descriptors that stay as long as the process."""
    for new_loop in LOOPS.values():
        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(asyncio.sleep(0))


@pytest.fixture
def client(odd):
    return ras.RasClient(library=odd.path)


def descriptors():
    """The number of each kind that is open. Wake handles of notify.c stay as long as the process."""
    found = collections.Counter()
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(FileNotFoundError):
            target = os.readlink(f"/proc/self/fd/{name}")
            found[target if target.startswith("anon_inode") else target.split(":")[0]] += 1
    return found


@pytest.fixture(scope="module", autouse=True)
def no_garbage_of_others():
    gc.collect()


@pytest.fixture(autouse=True)
def nothing_is_left(monkeypatch, caplog):
    """After the test: the same descriptors, no thread of ours, no dial anywhere, no error logged."""
    monkeypatch.setattr(threads, "IDLE_SECONDS", 0.01)
    before = descriptors() if sys.platform == "linux" else None
    with caplog.at_level(logging.INFO, "rasdial_async"):
        yield
    gc.collect()
    for thread in threading.enumerate():
        if thread.name.startswith("rasdial"):
            thread.join(SECONDS)
            assert not thread.is_alive(), thread.name
    for session in living.copy():
        assert session.calls() == []
        assert session._channels == {}
    if before is not None:
        after = descriptors()
        assert after.pop(WAKE, 0) <= before.pop(WAKE, 0) + notify.MAX_TARGETS
        assert after == before
    logged = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert [record.getMessage() for record in logged] == []


@pytest.fixture
def script(odd_library):
    """Runs a Python program in a process of its own: its exit code, output and errors."""

    def run(*parts, options=(), timeout=15):
        prelude = f"""
            import asyncio, atexit, gc, os, sys, threading
            at_the_end = []  # called after the exit handlers of the package
            atexit.register(lambda: [work() for work in at_the_end])
            sys.path.insert(0, {os.path.dirname(os.path.dirname(__file__))!r})
            from support import odd_ras
            import rasdial_async as ras
            odd = odd_ras.Odd({str(odd_library.path)!r})
            client = ras.RasClient(library=odd.path)
        """
        source = "\n".join(textwrap.dedent(part) for part in (prelude, *parts))
        done = subprocess.run(
            [sys.executable, *options, "-c", source], capture_output=True, text=True, timeout=timeout
        )
        return done.returncode, done.stdout, done.stderr

    return run
