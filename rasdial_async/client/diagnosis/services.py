"""The checks of the services and the library file that RAS needs on Windows."""

from __future__ import annotations

import os
import re
import struct
import sys
from collections.abc import Iterator
from functools import partial

from .report import Answer, Check, timed
from .system import run

# https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_status
STATES = {1: "stopped", 2: "starting", 3: "stopping", 4: "running", 5: "resuming", 6: "pausing", 7: "paused"}
STARTS = {0: "boot", 1: "system", 2: "automatic", 3: "manual", 4: "disabled"}
SERVICES = ("RasMan", "SstpSvc", "IKEEXT", "PolicyAgent")
_FIXED_INFO = struct.pack("<I", 0xFEEF04BD)  # VS_FIXEDFILEINFO.dwSignature


if sys.platform == "win32":
    import winreg

    def checks() -> Iterator[Check]:
        """Ask about the services, by their state and start type, and about rasapi32.dll."""
        for name in SERVICES:
            yield timed("services", name, partial(_service, name))
        library = os.path.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "rasapi32.dll")
        yield timed("library", "path", lambda: library)
        yield timed("library", "file version", lambda: file_version(library))

    def _service(name: str) -> Answer:
        path = rf"SYSTEM\CurrentControlSet\Services\{name}"
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
            start = winreg.QueryValueEx(key, "Start")[0]
        return {"state": state_of(run("sc", "query", name)), "start": STARTS.get(start, str(start))}


def state_of(printed: str) -> str:
    """Return the state in what ``sc query`` prints: labels are in Windows' language, numbers are not."""
    numbers = re.findall(r"^\s+\S.*?:\s+([0-9a-fA-F]+)\s", printed, re.MULTILINE)
    state = int(numbers[1], 16) if len(numbers) > 1 else 0  # the first one is the type
    return STATES.get(state, f"unknown: {printed.strip()[:80]}")


def file_version(path: str) -> str:
    """Return the version in a file's resources; "" for a file without one."""
    with open(path, "rb") as file:
        data = file.read(16 * 1024 * 1024)
    at = data.find(_FIXED_INFO)
    if at < 0:
        return ""
    high, low = struct.unpack_from("<II", data, at + 8)
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}"
