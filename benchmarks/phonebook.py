"""Reading a large .pbk file, and loading it into the simulator: processor time, and how it grows."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rasdial_async import PhonebookFile, Simulator

ENTRIES = 5_000
FEWER = ENTRIES // 8
_SECTION = Path("tests/data/phonebooks/vpn-mixed.pbk")
_BYTES = 1_000  # of a section, about


@dataclass
class Loading:
    """Seconds of the processor, for each repeat."""

    megabytes: float
    read: list[float]
    load: list[float]
    """Reading included."""
    read_fewer: list[float]
    """Of an eighth of the entries."""
    load_fewer: list[float]


def measure(times: int) -> Loading:
    with tempfile.TemporaryDirectory() as folder:
        large, small = (_write(Path(folder), entries) for entries in (ENTRIES, FEWER))
        found = Loading(large.stat().st_size / 1e6, [], [], [], [])
        for _ in range(times):
            found.read.append(_seconds(PhonebookFile.read, large))
            found.read_fewer.append(_seconds(PhonebookFile.read, small))
            found.load.append(_seconds(_load, large))
            found.load_fewer.append(_seconds(_load, small))
    return found


def _write(folder: Path, entries: int) -> Path:
    settings = PhonebookFile.read(_SECTION).entries[0].settings
    lines = "\r\n".join(f"{key}={value}" for key, value in settings)
    lines = lines[-_BYTES:].partition("\r\n")[2]
    path = folder / f"{entries}.pbk"
    path.write_text("".join(f"[Entry {one}]\r\n{lines}\r\n" for one in range(entries)), newline="")
    return path


def _load(path: Path) -> None:
    with Simulator() as simulator:
        simulator.load_phonebook(path)


def _seconds(work: Callable[[Path], object], path: Path) -> float:
    start = time.process_time()
    work(path)
    return time.process_time() - start
