"""The cost of `import rasdial_async`, of a first dial's imports, and of the start of the command line."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass

_TO_DIAL = "from rasdial_async import Connection, DialError, RasClient, dial"

# As the installed program does it; and what any program with click and asyncio pays.
_PROGRAM = """
import sys
from rasdial_async.__main__ import main
sys.argv = ["rasdial-async", "error", "691"]
main()
"""
_CLICK = "import asyncio, click"

_LOOK = f"""
import os
{_TO_DIAL}
threads = len(os.listdir("/proc/self/task"))
descriptors = [os.readlink(f"/proc/self/fd/{{n}}") for n in os.listdir("/proc/self/fd") if int(n) > 2
               and os.path.exists(f"/proc/self/fd/{{n}}")]
print(threads, sum("eventfd" in one or "pipe" in one or "socket" in one for one in descriptors))
"""


@dataclass
class Import:
    """Milliseconds, the median of several interpreters, from compiled bytecode as after an installation."""

    total: float
    """`import rasdial_async`."""
    to_dial: float
    """With all that a first dial needs, asyncio included."""
    asyncio: float
    """Of these, asyncio and what it imports."""
    threads: int
    descriptors: int
    """Open sockets, pipes and eventfds."""
    program: list[float]
    """Processor time of `rasdial-async error 691`, for each run."""
    click: list[float]
    """Processor time of `import asyncio, click`, right before it."""


def measure(times: int) -> Import:
    with tempfile.TemporaryDirectory() as bytecode:
        environment = os.environ | {"PYTHONPYCACHEPREFIX": bytecode}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        _cumulative(_TO_DIAL, environment)
        door, dial, program, click = [], [], [], []
        _processor_time(_PROGRAM, environment)
        for _ in range(times):
            click.append(_processor_time(_CLICK, environment))
            program.append(_processor_time(_PROGRAM, environment))
            door.append(_cumulative("import rasdial_async", environment)["rasdial_async"])
            dial.append(_cumulative(f"import asyncio; {_TO_DIAL}", environment))
    asyncios = statistics.median(one["asyncio"] for one in dial)
    ours = statistics.median(sum(one.values()) for one in dial)
    look = subprocess.run([sys.executable, "-c", _LOOK], check=True, capture_output=True, text=True).stdout
    threads, descriptors = map(int, look.split())
    return Import(statistics.median(door), ours, asyncios, threads, descriptors, program, click)


def _processor_time(code: str, environment: dict[str, str]) -> float:
    """Milliseconds of a whole interpreter: the clock on the wall shows how busy the machine is."""
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return (usage.ru_utime + usage.ru_stime) * 1000


def _cumulative(code: str, environment: dict[str, str]) -> dict[str, float]:
    """Milliseconds of each module that the code itself imports, with all that it imports in turn."""
    command = [sys.executable, "-X", "importtime", "-c", code]
    lines = subprocess.run(
        command, check=True, capture_output=True, text=True, env=environment
    ).stderr.splitlines()
    found = {}
    for line in lines[_after_start(lines) :]:
        columns = line.removeprefix("import time:").split("|")
        if not columns[2].startswith("  "):  # not imported by another
            found[columns[2].strip()] = int(columns[1]) / 1000
    return found


def _after_start(lines: list[str]) -> int:
    """The line at which the interpreter's own start, which ends with `site`, is done."""
    return 1 + max(number for number, line in enumerate(lines) if line.endswith("| site"))
