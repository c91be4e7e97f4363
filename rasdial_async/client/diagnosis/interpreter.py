"""The checks of Python and of this package."""

from __future__ import annotations

import asyncio
import os
import platform
import struct
import sys
from collections.abc import Iterator
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from ..._native.binding import compiler
from .report import Answer, Check, timed
from .system import without_home

_PACKAGES = ("rasdial-async", "cffi", "click", "rich", "keyring", "uvloop", "pywin32")


def checks() -> Iterator[Check]:
    """Ask about the interpreter, the packages, and the event loop of asyncio.run."""
    yield timed("python", "version", lambda: sys.version)
    yield timed("python", "implementation", platform.python_implementation)
    yield timed("python", "bits", lambda: struct.calcsize("P") * 8)
    yield timed("python", "executable", lambda: without_home(sys.executable))
    if sys.platform == "win32":
        # By its documentation, Python of the Microsoft Store redirects writes below %APPDATA%.
        yield timed("python", "from the Microsoft Store", lambda: "\\WindowsApps\\" in sys.base_prefix)
    yield timed("python", "free threading", lambda: not getattr(sys, "_is_gil_enabled", lambda: True)())
    for name in _PACKAGES:
        yield timed("package", name, partial(_version, name))
    yield timed("package", "compiler", compiler)
    yield timed("package", "RASDIAL_BACKEND", lambda: without_home(os.environ.get("RASDIAL_BACKEND", "")))
    yield timed("package", "event loop", _loop)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _loop() -> Answer:
    loop = asyncio.new_event_loop()
    try:
        return f"{type(loop).__module__}.{type(loop).__qualname__}"
    finally:
        loop.close()
