"""What `import rasdial_async` costs, and whether it starts anything."""

from __future__ import annotations

import statistics
import subprocess
import sys
from dataclasses import dataclass

_LOOK = """
import os, threading
import rasdial_async
threads = len(os.listdir("/proc/self/task"))
descriptors = [os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd") if int(n) > 2
               and os.path.exists(f"/proc/self/fd/{n}")]
print(threads, sum("eventfd" in one or "pipe" in one or "socket" in one for one in descriptors))
"""


@dataclass
class Import:
    """Milliseconds, the median of several interpreters."""

    total: float
    asyncio: float
    """Of these, asyncio and what it imports."""
    threads: int
    descriptors: int
    """Open sockets, pipes and eventfds."""


def measure(times: int) -> Import:
    totals, asyncios = [], []
    for _ in range(times):
        cumulative = _cumulative()
        totals.append(cumulative["rasdial_async"])
        asyncios.append(cumulative["asyncio"])
    look = subprocess.run([sys.executable, "-c", _LOOK], check=True, capture_output=True, text=True).stdout
    threads, descriptors = map(int, look.split())
    return Import(statistics.median(totals), statistics.median(asyncios), threads, descriptors)


def _cumulative() -> dict[str, float]:
    """Milliseconds of each module, with all that it imports."""
    command = [sys.executable, "-X", "importtime", "-c", "import rasdial_async"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stderr.splitlines()
    found = {}
    for line in lines:
        columns = line.removeprefix("import time:").split("|")
        if len(columns) == 3 and columns[1].strip().isdigit():
            found[columns[2].strip()] = int(columns[1]) / 1000
    return found
