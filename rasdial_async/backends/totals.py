"""Counting on across the 32-bit wraps of RAS's counters. Pure; any thread.

RAS_STATS has unsigned 32-bit members only
(https://learn.microsoft.com/windows/win32/api/ras/ns-ras-ras_stats): bytes wrap at 4 GiB, the
milliseconds at 49.7 days. Clearing them instead would take them from everybody who reads them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from .._native.records import ConnectionStatistics, Counters, RunningTotals

_WRAP = 1 << 32
_IMPLAUSIBLE = 1 << 31  # frames, or milliseconds, between two calls


class Totals:
    """The running totals of one object. Reading and adding are one step, so threads can't overtake."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = Counters()
        self._bytes_sent = 0
        self._bytes_received = 0
        self._frames_sent = 0
        self._frames_received = 0
        self._duration = 0

    def read(self, read: Callable[[], Counters]) -> ConnectionStatistics:
        """Return the result of `read`, with the totals."""
        with self._lock:
            now = read()
            self._add(now)
            total = RunningTotals(
                self._bytes_sent,
                self._bytes_received,
                self._frames_sent,
                self._frames_received,
                timedelta(milliseconds=self._duration),
            )
        return ConnectionStatistics(*now[:-1], timedelta(milliseconds=now.duration), total)

    def clear(self, read: Callable[[], Counters], clear: Callable[[], None]) -> None:
        """Adds what was counted so far, then clears; RAS may or may not clear the duration too."""
        with self._lock:
            self._add(read())
            clear()
            self._last = Counters(duration=self._last.duration)

    def _add(self, now: Counters) -> None:
        last = self._last
        frames_sent = (now.frames_sent - last.frames_sent) % _WRAP
        frames_received = (now.frames_received - last.frames_received) % _WRAP
        if max(frames_sent, frames_received) >= _IMPLAUSIBLE:  # somebody else has cleared them
            last = Counters(duration=last.duration)
            frames_sent, frames_received = now.frames_sent, now.frames_received
        self._bytes_sent += (now.bytes_sent - last.bytes_sent) % _WRAP
        self._bytes_received += (now.bytes_received - last.bytes_received) % _WRAP
        self._frames_sent += frames_sent
        self._frames_received += frames_received
        passed = (now.duration - last.duration) % _WRAP
        self._duration += passed if passed < _IMPLAUSIBLE else now.duration
        self._last = now
