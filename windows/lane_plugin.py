"""The pytest plugin of the Windows lane: -p lane_plugin.

RASDIAL_LOOP = proactor or selector: the default loop. RASDIAL_LOOP_TESTS = 1: only tests that run on it.
"""

from __future__ import annotations

import asyncio
import linecache
import os
import sys
from pathlib import Path

import pytest

import rasdial_async

# asyncio's debug mode notes where each future and each call was made, and for that asks the file system
# whether any source file has changed: under Wine half the time of the suite.
linecache.checkcache = lambda filename=None: None


def pytest_configure(config: pytest.Config) -> None:
    installed = Path(rasdial_async.__file__).resolve()
    if not installed.is_relative_to(Path(sys.executable).resolve().parent):
        pytest.exit(f"rasdial_async comes from {installed}: not from the wheel that is to be tested", 3)
    if sys.platform == "win32" and os.environ.get("RASDIAL_LOOP") == "selector":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())


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
    loop = asyncio.get_event_loop_policy().new_event_loop()
    loop.close()
    return f"rasdial_async {rasdial_async.__file__}, {type(loop).__name__}"
