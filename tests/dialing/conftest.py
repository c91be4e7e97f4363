"""A simulator with three entries: one connects, one hangs, one fails."""

from __future__ import annotations

import time

import pytest
from support.dials import CONNECTS, FAILS, HANGS, SECONDS, ToldBackend

from rasdial_async import RasClient, Simulator


@pytest.fixture
def sim():
    with Simulator(pace=0, release_delay=0.001) as simulator:
        for name, script in {"Office": CONNECTS, "Stuck": HANGS, "Wrong": FAILS}.items():
            simulator.add_entry(name)
            simulator.script(name, script)
        yield simulator
        deadline = time.monotonic() + SECONDS
        while simulator.backend.session.calls() and time.monotonic() < deadline:
            simulator.backend.sweep()  # the loop of the test may have closed
            time.sleep(0.001)
        assert simulator.backend.session.calls() == [], "a dial of this test is never over"


@pytest.fixture
def client(sim):
    return RasClient(sim)


@pytest.fixture
def told():
    return ToldBackend()
