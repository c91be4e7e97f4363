"""devices and error: what RAS can dial with, and what its codes mean."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from rasdial_async import Device
from rasdial_async.errors.tree import known_codes


def test_devices_are_a_table_that_says_simulated(program) -> None:
    result = program("devices")
    headers, *rows = result.stdout.splitlines()
    assert result.exit_code == 0
    assert headers.split() == ["Device", "Type"]
    assert any(row.startswith("WAN Miniport (PPPOE)") and row.endswith("PPPoE") for row in rows)
    assert result.stderr.startswith("[simulated] ")
    assert {"name": "Standard Modem", "type": "modem"}.items() <= program.json("devices")[0].items()


def test_no_devices_is_said(program) -> None:
    async def devices() -> list[Device]:
        return []

    program.client = SimpleNamespace(simulated=False, devices=devices)
    result = program("devices")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "No devices" in result.stderr


def test_devices_that_never_answer_are_error_1460(program) -> None:
    async def devices() -> list[Device]:
        await asyncio.Event().wait()
        return []

    program.client = SimpleNamespace(simulated=False, devices=devices)
    result = program("devices", "--timeout", "0.05")
    assert result.exit_code == 1
    assert "(1460)" in result.stderr


@pytest.mark.parametrize("code", ["691", "0x2B3", "ERROR_AUTHENTICATION_FAILURE", "authentication_failure"])
def test_a_code_is_explained_however_it_is_spelled(program, code: str) -> None:
    result = program("error", code)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "ERROR_AUTHENTICATION_FAILURE (691, 0x2b3)"
    assert any(line.startswith("  do ") and "Check the user name" in line for line in lines)
    assert any(line.split() == ["raises", "AuthenticationError"] for line in lines)
    [found] = program.json("error", code)
    assert (found["code"], found["error_class"], found["transient"]) == (691, "AuthenticationError", False)


@pytest.mark.parametrize("code", ["-2147014836", "2147952460", "0x8007274C", "8007274c"])
def test_an_hresult_may_be_signed_or_not(program, code: str) -> None:
    [found] = program.json("error", code)
    assert found["code"] == 0x8007274C
    assert "WSAETIMEDOUT" in found["symbol"]
    assert found["transient"] is True


def test_a_code_is_explained_in_the_words_of_the_backend(program) -> None:
    windows = program("error", "711").stdout
    assert "RasMan" in windows
    assert "apt-get install ppp" in program("error", "711", "--backend", "pppd").stdout
    by_environment = program("error", "ERROR_RASMAN_CANNOT_INITIALIZE", env={"RASDIAL_BACKEND": "pppd"})
    assert "apt-get install ppp" in by_environment.stdout


def test_every_known_code_can_be_explained_by_its_symbol(program) -> None:
    symbols = [known.symbol for known in known_codes().values()]
    found = program.json("error", *symbols)
    assert [record["symbol"] for record in found] == symbols


def test_several_codes_and_an_unknown_one(program) -> None:
    text = program("error", "676", "12345").stdout
    assert "ERROR_LINE_BUSY" in text
    assert "UNKNOWN_12345 (12345, 0x3039)" in text


def test_no_error_has_nothing_to_do_about_it(program) -> None:
    assert program("error", "0").stdout == "ERROR_SUCCESS (0, 0x0)\n  means  No error.\n"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("LINE_BUZY", "did you mean ERROR_LINE_BUSY"),
        ("zzzzzz", "no known code and no known symbol"),
        ("4294967296", "no known code and no known symbol"),
        ("-2147483649", "no known code and no known symbol"),
        ("0x1FFFFFFFF", "no known code and no known symbol"),
        ("a\x1b[31mb", "no known code and no known symbol"),
    ],
)
def test_what_is_no_code_is_wrong_usage(program, code: str, message: str) -> None:
    result = program("error", "--", code)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "\x1b" not in result.stderr
