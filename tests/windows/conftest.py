"""Fixtures of the tests that drive a whole RAS library: the simulator's own, Wine's, Windows'."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from support import ROOT, standalone_ras

import rasdial_async as ras


@pytest.fixture(scope="session")
def system_ras():
    return standalone_ras.system_ras()


@pytest.fixture(scope="session")
def standalone_path(system_ras):
    """The simulator as a library: librasapi32.so, or the rasapi32.dll that the lane puts into System32."""
    if sys.platform == "win32":
        if system_ras != "simulator":
            pytest.skip(f"the rasapi32.dll of System32 is {system_ras}'s, not the simulator's")
        return "rasapi32.dll"
    build = [sys.executable, "tools/build_engine.py", "shared"]
    made = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"librasapi32.so can't be built: {made.stderr.strip()[-200:]}")
    return str(standalone_ras.SHARED)


@pytest.fixture
def engine(standalone_path):
    """The library's engine; afterwards nothing may be up in it."""
    engine = standalone_ras.StandAlone(standalone_path)
    engine.set_pace(0.05)
    yield engine
    limit = time.monotonic() + 5
    while engine.counts().connections and time.monotonic() < limit:
        time.sleep(0.01)
    left = engine.counts()
    assert (left.connections, left.open_ports, left.callbacks) == (0, 0, 0)


@pytest.fixture
def client(standalone_path):
    """Over that library: on Windows by the way of an ordinary client, from System32."""
    return ras.RasClient() if sys.platform == "win32" else ras.RasClient(library=standalone_path)
