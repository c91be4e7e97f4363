"""The doctor: checks of the system, of Python, of RAS and of one dial, as a report for people and programs.

Each module asks about one subject. The modules ``system``, ``interpreter``, ``services``, ``phonebooks``,
``linux`` and ``simulated`` ask in this process. A ``child`` process, watched by ``runner``, asks the RAS
library (``library``) and dials (``probe``). ``verdict`` draws the conclusions, ``report`` is the result.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator

from ...errors import check_phonebook
from ..choice import ENVIRONMENT
from . import interpreter, linux, phonebooks, runner, services, simulated, system
from .report import Check, DoctorReport
from .verdict import verdict

__all__ = ["Check", "DoctorReport", "doctor"]


async def doctor(
    backend: str | os.PathLike[str] | None = None,
    *,
    phonebook: str | os.PathLike[str] | None = None,
    dial: str = "",
) -> DoctorReport:
    """Examine RAS on this machine, and return a report for a bug report.

    Each question is timed and bounded. The RAS library is asked in a child process, so that a crash is a line
    of the report. The report holds no password, user name or server address; it names entries and devices.
    Canceling does not stop the questions; each of them ends by itself.

    Args:
        backend: The RAS to examine: "rasapi32", "simulator" or the path of a library; None = as `RasClient`
            chooses.
        phonebook: A .pbk file to examine as well; its entries are listed instead of the default ones.
        dial: An entry to dial with its stored login, else the Windows logon. The report then has each
            callback and each look at the hang-up.

    Raises:
        ValueError: `phonebook` is empty or too long.
    """
    chosen = os.fspath(backend) if backend is not None else os.environ.get(ENVIRONMENT, "")
    book = check_phonebook(phonebook)
    checks = await asyncio.to_thread(lambda: tuple(_checks(chosen, book, dial)))
    return DoctorReport(checks, verdict(checks, windows=sys.platform == "win32"))


def _checks(backend: str, phonebook: str | None, entry: str) -> Iterator[Check]:
    yield from system.checks()
    yield from interpreter.checks()
    if sys.platform == "win32":
        yield from services.checks()
    else:
        yield from linux.checks()
    yield from phonebooks.checks(phonebook)
    yield from simulated.checks()
    library = backend or ("rasapi32" if sys.platform == "win32" else "simulator")
    if library not in ("rasapi32", "simulator", "pppd"):
        library = os.path.abspath(library)
    if library == "pppd":
        if entry:
            yield Check("dial", "dial", problem="only a RAS library can be watched: use `dial ENTRY -vv`")
        return
    yield from runner.examine(library, phonebook)
    if entry:
        yield from runner.dial(library, phonebook, entry)
