"""The simulators of the fixture `sim`, by name: `pytestmark = pytest.mark.simulator("login")` in a module."""

from __future__ import annotations

import time
from typing import Any

from rasdial_async import Simulator
from support.dials import CONNECTS, FAILS, HANGS
from support.waiting import SECONDS

USERNAME, PASSWORD = "ada", "Xyzzy-9"  # a piece of it in an error, a log or a repr would be found
LOGIN: dict[str, Any] = {"username": USERNAME, "password": PASSWORD}


def plain(simulator: Simulator) -> None:
    """Two lines, VPN and PPPoE, that take any login."""
    simulator.add_entry("Office", phone_number="vpn.example")
    simulator.add_entry("Home", device="WAN Miniport (PPPOE)")


def login(simulator: Simulator) -> None:
    """A line that wants ada's password."""
    simulator.add_entry("Office", **LOGIN, phone_number="vpn.example")


def outcomes(simulator: Simulator) -> None:
    """A line that connects, one that falls silent, one that fails with 691."""
    for name, script in {"Office": CONNECTS, "Stuck": HANGS, "Wrong": FAILS}.items():
        simulator.add_entry(name)
        simulator.script(name, script)


def bundle(simulator: Simulator) -> None:
    """A multilink entry with two sub-entries that wants ada's password, and a line of one device."""
    number = "555-0100"
    simulator.add_entry("Bundle", **LOGIN, device="ISDN 1", device_type="isdn", phone_number=number)
    for at in (1, 2):
        simulator.add_link("Bundle", f"ISDN {at}")
    simulator.add_entry("Single")


SIMULATORS = {prepare.__name__: prepare for prepare in (plain, login, outcomes, bundle)}


def no_dial_left(simulator: Simulator) -> bool:
    """Sweep, because the loop of a test may have closed, until each dial is over."""
    deadline = time.monotonic() + SECONDS
    while simulator.backend.session.calls() and time.monotonic() < deadline:
        simulator.backend.sweep()
        time.sleep(0.001)
    return simulator.backend.session.calls() == []
