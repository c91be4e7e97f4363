"""doctor(): the whole report, as a function and as a command."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import pytest

import rasdial_async as ras
from rasdial_async.backends import marshal

pytestmark = pytest.mark.asyncio

SECTIONS = ["system", "account", "python", "package", "phonebooks", "simulator", "library", "dial"]


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "office.pbk"
    path.write_text(
        "[Office]\nType=2\nMEDIA=rastapi\nDevice=WAN Miniport (IKEv2)\nDEVICE=vpn\n"
        "PhoneNumber=vpn.secret.example\n"
    )
    return path


async def test_the_report_has_every_section(book):
    report = await ras.doctor("simulator", phonebook=book, dial="Office")
    assert isinstance(report, ras.DoctorReport)
    sections = {check.section for check in report.checks}
    assert sections >= set(SECTIONS)
    assert sections - set(SECTIONS) == ({"services"} if sys.platform == "win32" else {"pppd"})
    assert report.answer("simulator", "dial") == "connected"
    assert report.answer("simulator", "wake") in [wake.name for wake in marshal.WAKES]
    assert re.search("C11 atomics|Interlocked", str(report.answer("package", "compiler")))
    given: Any = report.answer("phonebooks", "given")
    assert (given["exists"], given["encoding"], given["entries"]) == (True, "utf-8", 1)
    assert report.answer("dial", "handle released") is True
    assert any("The dial connected." in sentence for sentence in report.verdict)
    json.dumps(report.as_dict())


async def test_the_report_names_no_server(book):
    assert "secret" not in str(await ras.doctor("simulator", phonebook=book))


async def test_a_phonebook_that_is_none_is_a_line(tmp_path):
    path = tmp_path / "noise.pbk"
    path.write_bytes(b"\0" * 100)
    report = await ras.doctor("simulator", phonebook=path)
    given: Any = report.answer("phonebooks", "given")
    assert given["error"].startswith("622 ")
    assert [check.problem for check in report.checks if check.name == "entries"] != [""]


async def test_wrong_arguments_raise_before_anything_is_asked():
    with pytest.raises(ValueError, match="phonebook is empty"):
        await ras.doctor(phonebook="")


async def test_the_backend_comes_from_the_environment_too(monkeypatch, tmp_path):
    monkeypatch.setenv("RASDIAL_BACKEND", str(tmp_path / "none.so"))
    report = await ras.doctor()
    assert any("can't be opened" in sentence for sentence in report.verdict)
