"""The report: every question has an answer or a problem, as text and as JSON."""

from __future__ import annotations

import json

from rasdial_async.client.diagnosis.report import Check, DoctorReport, timed


def test_an_answer_is_timed():
    check = timed("library", "devices", lambda: [1, 2])
    assert (check.section, check.name, check.answer, check.problem) == ("library", "devices", [1, 2], "")
    assert check.milliseconds >= 0


def test_an_exception_is_the_problem_of_its_question():
    check = timed("library", "devices", lambda: dict[str, str]()["none"])
    assert check.answer is None
    assert check.problem == "KeyError: 'none'"


REPORT = DoctorReport(
    (
        Check("system", "Wine", False),
        Check("library", "devices", [{"type": "vpn", "name": "WAN\nMiniport"}], 150.4),
        Check("library", "entries", problem="it crashed: SIGSEGV"),
    ),
    ("Two sentences.", "In all."),
)


def test_the_text_has_a_line_for_each_question_and_the_verdict_at_its_end():
    assert str(REPORT).splitlines() == [
        "[system]",
        "Wine: no",
        "",
        "[library]",
        "devices: 1  (150 ms)",
        "  type vpn, name WAN Miniport",
        "entries: no answer: it crashed: SIGSEGV",
        "",
        "[verdict]",
        "Two sentences.",
        "In all.",
    ]


def test_the_report_is_json_too():
    found = json.loads(json.dumps(REPORT.as_dict()))
    assert found["verdict"] == ["Two sentences.", "In all."]
    assert found["checks"][1]["answer"] == [{"type": "vpn", "name": "WAN\nMiniport"}]
    assert REPORT.answer("system", "Wine") is False
    assert REPORT.answer("system", "none") is None
