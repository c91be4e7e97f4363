"""doctor: the report on the screen, as JSON and in a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import ROOT
from support.program import run


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "office.pbk"
    path.write_text("[Off\x1b[31mice]\nMEDIA=rastapi\nDevice=WAN Miniport (IKEv2)\nDEVICE=vpn\n")
    return path


def test_the_report_is_printed(program, book: Path) -> None:
    result = program("doctor", "--backend", "simulator", "--phonebook", str(book))
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "[system]"
    assert "[verdict]" in lines
    assert "For a bug report send this whole report" in lines[-1]
    assert "\x1b" not in result.output


def test_the_report_as_json(program, book: Path) -> None:
    found = program.json("doctor", "--backend", "simulator", "--phonebook", str(book))
    assert {record["kind"] for record in found} == {"check", "verdict"}
    assert found[-1]["kind"] == "verdict"
    assert found[-1]["sentences"]


def test_the_report_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    result = run("doctor", "--backend", "simulator", "--output", str(path))
    assert result.returncode == 0
    assert str(path) in result.stdout
    assert path.read_text("utf-8").startswith("[system]\n")
    missing = run("doctor", "--output", str(tmp_path / "none" / "report.txt"))
    assert (missing.returncode, "there is no folder" in missing.stderr) == (2, True)


def test_a_dial_is_watched(program, book: Path) -> None:
    book.write_text("[Office]\nMEDIA=rastapi\nDevice=WAN Miniport (IKEv2)\nDEVICE=vpn\n")
    where = ("--backend", "simulator", "--phonebook", str(book))
    result = program("doctor", "--dial", "Office", *where)
    assert "state RASCS_Connected" in result.stdout
    assert "handle released: yes" in result.stdout
    found = program.json("doctor", "--dial", "Office", *where)
    assert [record for record in found if record.get("name") == "callback"]


def test_the_template_of_an_issue_asks_for_the_report() -> None:
    [template] = (ROOT / ".github" / "ISSUE_TEMPLATE").glob("bug*")
    assert "rasdial-async doctor" in template.read_text("utf-8")
