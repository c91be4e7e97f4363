"""The verdict: each fault in words, with a way out."""

from __future__ import annotations

import pytest

from rasdial_async.client.diagnosis.report import Check
from rasdial_async.client.diagnosis.verdict import SEND, verdict

WORKS = Check("simulator", "dial", "connected")


def told(*checks: Check, windows: bool) -> str:
    *sentences, last = verdict(checks, windows=windows)
    assert last == SEND
    return " ".join(sentences)


def test_a_windows_without_a_fault():
    assert told(Check("library", "devices", [{"type": "vpn"}]), windows=True) == "Nothing stands out."


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (Check("library", "entries", problem="it crashed: SIGSEGV"), "library, entries: it crashed"),
        (Check("library", "devices", problem="it did not return within 15 seconds"), "the call hangs"),
        (Check("library", "opened", problem="BackendUnavailableError: gone"), "can't be opened: Backend"),
        (Check("system", "Wine", True), "Wine, not Windows"),
        (Check("library", "simulated", True), "is the simulator: it dials no real line"),
        (Check("python", "from the Microsoft Store", True), "Install Python from python.org"),
        (Check("services", "RasMan", {"state": "stopped", "start": "disabled"}), "RasMan is disabled"),
        (Check("library", "devices", []), "RAS has no devices"),
        (Check("library", "functions missing", ["RasGetEapUserDataW"]), "1 functions are missing"),
        (Check("library", "entries", []), "no entries to dial"),
    ],
)
def test_each_fault_of_windows_has_its_sentence(check, words):
    assert words in told(check, windows=True)


def test_under_wine_the_simulator_is_not_called_wines_own():
    checks = (Check("system", "Wine", True), Check("library", "simulated", True))
    assert "does not dial" not in told(*checks, windows=True)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"program": ""}, "pppd is not installed"),
        ({"program": "/usr/sbin/pppd", "/dev/ppp": False}, "load the module ppp_generic"),
        ({"program": "/usr/sbin/pppd", "/dev/ppp": True, "member of dip": False}, "nor in the group dip"),
        ({"program": "/usr/sbin/pppd", "/dev/ppp": True, "member of dip": True}, "this account may dial"),
    ],
)
def test_on_linux_it_says_what_dials_there(answers, words):
    text = told(WORKS, *(Check("pppd", *answer) for answer in answers.items()), windows=False)
    assert "no RAS of its own" in text
    assert "The simulator works." in text
    assert words in text


def test_a_simulator_that_does_not_dial_is_a_fault_of_the_package():
    assert "fault of this package" in told(Check("simulator", "dial", problem="x"), windows=False)


RETURNED = Check("dial", "RasDialW", {"returns": 0, "symbol": "ERROR_SUCCESS"})


@pytest.mark.parametrize(
    ("checks", "words"),
    [
        ([Check("dial", "RasDialW", {"returns": 623, "symbol": "X"})], "RasDialW refused the dial: 623 X."),
        ([RETURNED], "The dial did not end"),
        (
            [RETURNED, Check("dial", "callback", {"error": 691, "state": "RASCS_Authenticate"})],
            "failed with 691 in RASCS_Authenticate",
        ),
        (
            [RETURNED, Check("dial", "callback", {"error": 0, "state": "RASCS_Connected"})],
            "The dial connected.",
        ),
        ([RETURNED, Check("dial", "callbacks with an unknown message", 3)], "other than WM_RASDIALEVENT"),
        ([RETURNED, Check("dial", "handle released", False)], "may still be up"),
        ([Check("dial", "RasDialW", problem="it crashed: SIGSEGV")], "broke off: RasDialW: it crashed"),
    ],
)
def test_the_end_of_a_dial_is_told(checks, words):
    assert words in told(*checks, windows=True)
