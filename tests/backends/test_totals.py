"""Totals across the wraps of 32-bit counters."""

from __future__ import annotations

import copy
import threading
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given, strategies as st

from rasdial_async._native.records.statistics import Counters
from rasdial_async.backends.totals import Totals
from rasdial_async.errors.tree import RasError

WRAP = 1 << 32


def after(*readings):
    totals = Totals()
    for reading in readings:
        found = totals.read(partial(copy.copy, reading))
    return found


def test_the_first_reading_is_the_total():
    found = after(Counters(bytes_sent=5, bytes_received=6, frames_sent=1, frames_received=2, duration=1500))
    assert (found.total.bytes_sent, found.total.bytes_received) == (5, 6)
    assert (found.total.frames_sent, found.total.frames_received) == (1, 2)
    assert found.total.duration == found.duration == timedelta(seconds=1.5)


def test_a_wrap_is_counted_on():
    found = after(Counters(bytes_sent=WRAP - 10), Counters(bytes_sent=5))
    assert found.bytes_sent == 5
    assert found.total.bytes_sent == WRAP + 5


def test_frames_and_the_duration_wrap_too():
    before = Counters(frames_sent=WRAP - 1, frames_received=WRAP - 2, duration=WRAP - 1000)
    found = after(before, Counters(frames_sent=1, frames_received=0, duration=1000))
    assert found.total.frames_sent == WRAP + 1
    assert found.total.frames_received == WRAP
    assert found.duration == timedelta(seconds=1)
    assert found.total.duration == timedelta(milliseconds=WRAP + 1000)


@given(st.lists(st.tuples(st.integers(0, WRAP - 1), st.integers(0, 2**31 - 1)), min_size=1, max_size=50))
def test_steps_below_the_limits_are_never_lost(steps):
    totals = Totals()
    sent = frames = 0
    for more_bytes, more_frames in steps:
        sent, frames = sent + more_bytes, frames + more_frames
        now = Counters(bytes_sent=sent % WRAP, frames_received=frames % WRAP)
        found = totals.read(partial(copy.copy, now))
    assert found.total.bytes_sent == sent
    assert found.total.frames_received == frames


def test_a_clearing_by_somebody_else_is_no_wrap():
    found = after(
        Counters(bytes_sent=3_000_000_000, frames_sent=3_000_000, duration=5000),
        Counters(bytes_sent=100, frames_sent=1, duration=6000),
    )
    assert found.total.bytes_sent == 3_000_000_100
    assert found.total.frames_sent == 3_000_001
    assert found.total.duration == timedelta(seconds=6)


def test_a_duration_that_begins_anew_is_no_wrap():
    assert after(Counters(duration=5000), Counters(duration=10)).total.duration == timedelta(
        milliseconds=5010
    )


def test_clearing_takes_what_was_counted_along():
    totals = Totals()
    cleared = []
    totals.clear(lambda: Counters(bytes_sent=70, frames_sent=7, duration=1000), lambda: cleared.append(True))
    found = totals.read(lambda: Counters(bytes_sent=1, frames_sent=1, duration=1001))
    assert cleared == [True]
    assert found.bytes_sent == 1
    assert (found.total.bytes_sent, found.total.frames_sent) == (71, 8)
    assert found.total.duration == timedelta(milliseconds=1001)


def test_a_failure_leaves_the_totals_alone():
    totals = Totals()
    totals.read(lambda: Counters(bytes_sent=5))

    def fail():
        raise RasError(6)

    with pytest.raises(RasError):
        totals.read(fail)
    with pytest.raises(RasError):
        totals.clear(lambda: Counters(bytes_sent=6), fail)
    assert totals.read(lambda: Counters(bytes_sent=7)).total.bytes_sent == 7


def test_readings_never_overtake_each_other():
    """A reading that is older than the one before would look like a wrap."""
    totals = Totals()
    counter = 0

    def read():
        nonlocal counter
        counter += 1
        return Counters(bytes_sent=counter)

    def ask():
        for _ in range(200):
            totals.read(read)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert totals.read(read).total.bytes_sent == 1601
