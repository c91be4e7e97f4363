"""The watched dial: every callback raw, and every look at the hang-up until its end."""

from __future__ import annotations

from typing import Any

import pytest

from rasdial_async import Credentials, Fail, Simulator
from rasdial_async._native.binding import credentials
from rasdial_async._native.records import CredentialKind
from rasdial_async.client.diagnosis import runner
from rasdial_async.client.diagnosis.library import Examined
from rasdial_async.client.diagnosis.probe import probe


class Over(Examined):
    """An examined library that is the test's own simulator."""

    def __init__(self, simulator: Simulator) -> None:
        super().__init__("simulator", None)
        self._library = simulator.backend.session.library


@pytest.fixture
def simulator():
    with Simulator(pace=0, release_delay=0.2) as simulator:
        simulator.add_entry("Office", username="ada", password="s3cret")
        simulator.add_entry("Home")
        yield simulator


@pytest.fixture
def watched(simulator):
    def dial(entry):
        seen = []
        probe(Over(simulator), entry, lambda name, answer: seen.append((name, answer)))
        return seen

    return dial


def all_of(seen, name):
    return [answer for what, answer in seen if what == name]


def test_every_callback_is_reported_raw(watched, simulator):
    seen = watched("Home")
    [returned] = all_of(seen, "RasDialW")
    callbacks = all_of(seen, "callback")
    assert returned["returns"] == 0
    assert callbacks[0]["state"] == "RASCS_OpenPort"
    assert callbacks[-1]["state"] == "RASCS_Connected"
    assert {one["handle"] for one in callbacks} == {returned["handle"]} != {"0x0"}
    assert {one["unMsg"] for one in callbacks} == {"0xcccd"}
    assert all(one["held ms"] >= 0 for one in callbacks)
    assert all(one["RasDialW"] in ("inside", "returned") for one in callbacks)
    assert [one["ms"] for one in callbacks] == sorted(one["ms"] for one in callbacks)
    assert all_of(seen, "callbacks with an unknown message") == [0]
    assert simulator.counts.open_ports == 0


def of_library(odd, entry):
    seen = []
    probe(Examined(str(odd.path), None), entry, lambda name, answer: seen.append((name, answer)))
    return seen


def test_callbacks_that_no_document_allows_are_reported_too(odd):
    seen = of_library(odd, "0 1 | message:0x400 5 message:0 6 2000")
    callbacks = all_of(seen, "callback")
    assert [(one["unMsg"], one["thread"] == "the caller's") for one in callbacks] == [
        ("0xcccd", True),
        ("0xcccd", True),
        ("0x400", False),
        ("0x0", False),
        ("0xcccd", False),
    ]
    assert [one["RasDialW"] for one in callbacks[:2]] == ["inside", "inside"]
    assert all_of(seen, "callbacks with an unknown message") == [2]
    assert all_of(seen, "handle released") == [True]


def test_the_hang_up_is_looked_at_until_its_end(watched):
    seen = watched("Home")
    looks = all_of(seen, "look after RasHangUpW")
    assert len(looks) >= 2
    assert looks[0]["state"] == "RASCS_Disconnected", "its port is released later"
    assert looks[-1]["returns"] in (6, 668)
    assert all_of(seen, "handle released") == [True]
    assert all_of(seen, "notification of the connection") == [True]
    assert len(all_of(seen, "a second notification without a new registration")) == 1


def test_a_dial_that_fails_is_hung_up(watched, simulator):
    simulator.script("Home", [Fail(691, extended=7)])
    seen = watched("Home")
    assert all_of(seen, "callback")[-1] | {"error": 691, "extended error": 7} == all_of(seen, "callback")[-1]
    assert all_of(seen, "handle released") == [True]
    assert simulator.counts.connections == 0


def test_a_dial_that_is_refused_has_no_callback(watched, simulator):
    simulator.refuse("Home", 633)
    seen = watched("Home")
    assert all_of(seen, "RasDialW")[0]["returns"] == 633
    assert all_of(seen, "callback") == []


def test_a_stored_login_is_used_and_not_shown(watched, simulator):
    library = simulator.backend.session.library
    credentials.set_credentials(library, None, "Office", CredentialKind.USER, Credentials("ada", "s3cret"))
    seen = watched("Office")
    assert all_of(seen, "login") == ["stored"]
    assert all_of(seen, "callback")[-1]["state"] == "RASCS_Connected"
    assert "s3cret" not in repr(seen)
    assert "ada" not in repr(seen)


def test_a_login_that_is_missing_fails_as_the_dial_does(watched):
    seen = watched("Office")
    assert all_of(seen, "login") == ["the Windows logon"]
    assert all_of(seen, "callback")[-1]["error"] == 691


def test_a_child_dials_and_tells(tmp_path):
    book = tmp_path / "office.pbk"
    book.write_text("[Office]\nType=2\nMEDIA=rastapi\nDevice=WAN Miniport (IKEv2)\nDEVICE=vpn\n")
    checks = list(runner.dial("simulator", str(book), "Office"))
    assert {check.section for check in checks} == {"dial"}
    assert [check.answer for check in checks if check.name == "handle released"] == [True]
    missing: list[Any] = list(runner.dial("simulator", str(book), "None"))
    assert [check.answer["returns"] for check in missing if check.name == "RasDialW"] in ([], [623])
    assert missing[-1].problem or missing[-1].name != "dial"
