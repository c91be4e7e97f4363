"""The second RAS library: how the tests build it, steer it, and ask it what it saw."""

from __future__ import annotations

import ctypes
from pathlib import Path

from support.odd_ras import log as odd_log
from support.odd_ras.libraries import build

__all__ = ["CONNECTION", "ENTRY", "EXTENSIONS", "PARAMS", "SECONDS", "STATUS", "Odd", "build"]

PARAMS, EXTENSIONS, STATUS, CONNECTION, ENTRY = range(5)  # structures, for accept() and sizes()
SECONDS = 10.0  # a bound for what happens at once


class Odd:
    """The loaded library, from the side that RAS does not have."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._library = ctypes.CDLL(str(path))
        self._library.odd_count.restype = ctypes.c_int64
        self._library.odd_wait_count.argtypes = [ctypes.c_char_p, ctypes.c_int64, ctypes.c_int, ctypes.c_int]
        self._library.odd_params.restype = ctypes.c_void_p
        self._library.odd_password.restype = ctypes.c_char_p
        self._library.odd_now.restype = ctypes.c_int64
        self._library.odd_storm.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint, ctypes.c_uint32]

    def open(self, gate: str) -> None:
        """Opens a gate; words that wait for it go on."""
        self._library.odd_open(gate.encode())

    def wait(self, gate: str) -> None:
        """Blocks until the gate is open."""
        assert self._library.odd_wait(gate.encode(), round(SECONDS * 1000)), f"gate {gate} never opened"

    def count(self, name: str) -> int:
        return self._library.odd_count(name.encode())

    def wait_count(self, name: str, value: int, *, or_more: bool = False) -> None:
        """Blocks until the count has this value."""
        if not self._library.odd_wait_count(name.encode(), value, or_more, round(SECONDS * 1000)):
            raise AssertionError(f"{name} is {self.count(name)}, not {value}")

    def accept(self, structure: int, size: int, code: int = 632) -> None:
        """RAS knows only this dwSize from now on."""
        self._library.odd_accept(structure, size, code)

    def sizes(self, structure: int) -> list[int]:
        """Each dwSize that was tried, in order."""
        sizes = (ctypes.c_uint32 * 64)()
        return sizes[: self._library.odd_sizes(structure, sizes)]

    def drop(self, entry: str) -> None:
        """The line goes dead, and its handle is invalid at once."""
        assert self._library.odd_drop(entry.encode()), f"no line of {entry!r} is up"

    def drop_tag(self, tag: int) -> None:
        """The same for every line with this number after its #."""
        self._library.odd_drop_tag(tag)

    def hold_lists(self, held: bool) -> None:
        """RasEnumConnectionsW, which looks up what has connected, takes its time."""
        self._library.odd_hold_lists(held)

    def wait_lists(self) -> None:
        """Blocks until RasEnumConnectionsW is called."""
        assert self._library.odd_wait_lists(round(SECONDS * 1000)), "nobody listed the connections"

    def report_at_exit(self) -> None:
        """When the process ends, tells on stdout which threads of `forever` still call back."""
        self._library.odd_report_at_exit()

    def allow_hang_up(self) -> None:
        self._library.odd_allow_hang_up()

    def last_params(self) -> int:
        """Address of the RASDIALPARAMS of the last dial; its memory is the caller's affair."""
        return self._library.odd_params() or 0

    def last_password(self) -> str:
        return self._library.odd_password().decode()

    def storm(self, notifier: int, dials: int, events: int, error: int = 0) -> None:
        """Calls a RasDialFunc1 for so many dials at once, and returns when every thread is done."""
        self._library.odd_storm(notifier, dials, events, error)

    def now(self) -> int:
        """Nanoseconds, as the log has them."""
        return self._library.odd_now()

    def note(self, tag: int, value: int) -> None:
        """Adds a record of the test's own to the log."""
        self._library.odd_note(tag, value)

    def log(self) -> list[odd_log.Record]:
        """The log since the last reset."""
        return odd_log.read(self._library)

    def replay(self, records: list[odd_log.Record]) -> None:
        """Lets what happens from now on happen in this order, as far as it can."""
        odd_log.replay(self._library, records)

    def skips(self) -> int:
        """The number of steps of that order that did not come in time."""
        return self._library.odd_skips()

    def pause_lists(self, microseconds: int) -> None:
        """RasEnumConnectionsW takes so long from now on."""
        self._library.odd_pause_lists(microseconds)

    def reset(self) -> bool:
        """Forgets what it saw; False = lines are still at work."""
        return bool(self._library.odd_reset())
