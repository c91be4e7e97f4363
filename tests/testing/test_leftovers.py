"""Leftovers that count and leftovers that do not; tests/test_pytest_plugin.py has the rest."""

from __future__ import annotations

import threading

from rasdial_async import Fail, Simulator
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import handle_cell
from rasdial_async._native.records.request import DialRequest
from rasdial_async.testing.leftovers import left_in, left_threads


def test_a_handle_that_another_caller_of_rasdial_forgot():
    with Simulator(pace=0) as simulator:
        simulator.add_entry("Office")
        simulator.script("Office", [Fail(676)])
        assert simulator.backend.session.library.dial(DialRequest("Office"), ffi.NULL, handle_cell()) == 676
        assert left_in(simulator) == ["handles that RasDial gave are still valid: 1"]


def test_a_thread_that_was_told_to_end_is_waited_for():
    before = set(threading.enumerate())
    over = threading.Event()
    thread = threading.Thread(target=over.wait, daemon=True)
    thread.start()
    threading.Timer(0.05, over.set).start()
    assert left_threads(before) == []
    assert not thread.is_alive()
