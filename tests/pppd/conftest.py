"""Real PPP in a user-mode Linux. `make test-pppd` runs these tests in its guest; elsewhere they can't run."""

from __future__ import annotations

import contextlib
import os
import time

import pytest
from support import ppp

import rasdial_async as ras


@pytest.fixture(scope="session")
def provider():
    """The access provider; it lives as long as the guest."""
    if "RASDIAL_PPP_LANE" not in os.environ:
        pytest.skip("no kernel with PPP and no provider to dial: make test-pppd has both")
    with contextlib.closing(ppp.Provider()) as provider:
        yield provider


@pytest.fixture
def client(provider):
    """A client that dials through pppd."""
    return ras.RasClient("pppd")


@pytest.fixture
def peers(provider):
    """Write entries of /etc/ppp/peers: `peers.pppoe(name)`, `peers.modem(name, number)`."""
    with contextlib.closing(ppp.Peers(provider)) as peers:
        yield peers


@pytest.fixture(autouse=True)
def nothing_left(provider):
    """After each test no pppd, no interface, no pid file. A pppd that has been ended needs a moment."""
    yield
    until = time.monotonic() + 5
    while any(ppp.leftovers().values()) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(ppp.leftovers().values()), ppp.leftovers()
