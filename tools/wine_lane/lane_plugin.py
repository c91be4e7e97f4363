"""The pytest plugin of the Windows lane: -p lane_plugin.

RASDIAL_LOOP = proactor or selector: the default loop. RASDIAL_LOOP_TESTS = 1: only tests that run on it.
"""

from __future__ import annotations

import faulthandler
import linecache
import os
import sys
import time
import traceback
from pathlib import Path

import pytest

assert "_asyncio" not in sys.modules, "it has taken the functions below already"


def extract_stack(frame=None, limit=None):
    """As traceback's own, but a line of source is read when it is shown.

    asyncio's debug mode notes the stack whenever a future is made, and Wine's file system is slow: this
    was half the time of the suite.
    """
    stack = traceback.walk_stack(frame or sys._getframe(1))
    summary = traceback.StackSummary.extract(stack, limit=limit, lookup_lines=False)
    summary.reverse()
    return summary


traceback.extract_stack = extract_stack
linecache.checkcache = lambda filename=None: None  # it would ask whether a source file has changed

import asyncio  # noqa: E402 - from here on

import rasdial_async  # noqa: E402

STUCK_SECONDS = 90
"""So long a test may take, and up to as long again: then every thread shows where it is, and pytest ends."""


class Watchdog:
    """pytest's own starts a thread for each test, which takes Wine longer than most tests."""

    def __init__(self) -> None:
        self._wound_up = float("-inf")

    def pytest_runtest_logstart(self) -> None:
        if time.monotonic() - self._wound_up > STUCK_SECONDS:
            self._wound_up = time.monotonic()
            faulthandler.dump_traceback_later(2 * STUCK_SECONDS, exit=True)

    def pytest_unconfigure(self) -> None:
        faulthandler.cancel_dump_traceback_later()


def pytest_configure(config: pytest.Config) -> None:
    installed = Path(rasdial_async.__file__).resolve()
    if not installed.is_relative_to(Path(sys.executable).resolve().parent):
        pytest.exit(f"rasdial_async comes from {installed}: not from the wheel that is to be tested", 3)
    config.pluginmanager.register(Watchdog())
    if os.environ.get("RASDIAL_LOOP") == "selector":  # by hand: Python 3.16 has no event loop policies
        asyncio.new_event_loop = asyncio.events.new_event_loop = asyncio.SelectorEventLoop


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("RASDIAL_LOOP_TESTS"):
        chosen = [item for item in items if _runs_on_the_default_loop(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
        items[:] = chosen


def _runs_on_the_default_loop(item: pytest.Item) -> bool:
    """Not those that know no loop, choose their own, or run in another process."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    own_loop = {"loop_kind", "make_loop", "new_loop"} & parameters.keys()
    return isinstance(item, pytest.Function) and hasattr(item.module, "asyncio") and not own_loop


def pytest_report_header() -> str:
    loop = asyncio.new_event_loop()
    loop.close()
    return f"rasdial_async {rasdial_async.__file__}, {type(loop).__name__}"
