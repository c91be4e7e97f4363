"""Errors of a pppd backend speak of Linux: of pppd, peers files and packages, not of Windows."""

from __future__ import annotations

import re

import pytest
from support import ROOT

from rasdial_async.errors import describe_code, known_codes

ENGINE = ROOT / "rasdial_async" / "_native" / "engine"
PPPD = ENGINE / "pppd"
# Codes of MS-CHAP, which the far end sends: mschap_error() of log_lines.c.
FROM_THE_FAR_END = {646, 647, 648, 649, 691, 709}
OF_WINDOWS = re.compile(
    r"Windows|RasMan|Remote Access|[Mm]iniport|\bGRE\b|[Dd]evice [Mm]anager|event log|service \"|device\.inf"
    r"|reinstall|restart the computer"
)


def of_the_table():
    """The codes that lines and exit statuses of pppd mean, read from log_lines.c."""
    source = (PPPD / "log_lines.c").read_text()
    lines = re.findall(r"LOG_(?:ERROR|TIME_OUT|NO_IPV4), (\d+), (\d+)\}", source)
    exits = re.findall(r"\{(\d+), (\d+)\}", source.partition("log_exit_error")[2])
    codes = {int(code) for pair in lines for code in pair} | {int(error) for _, error in exits}
    return (codes | FROM_THE_FAR_END | {619}) - {0}


def of_the_engine():
    """The codes that the engine itself returns, by the names in its sources."""
    header = (ENGINE / "codes.h").read_text() + (ENGINE.parent / "ras_types.h").read_text()
    numbers = dict(re.findall(r"#define (ERROR_\w+) (\d+)u", header))
    sources = [*ENGINE.glob("*.c"), *PPPD.glob("*.c")]
    names = {name for source in sources for name in re.findall(r"\bERROR_\w+", source.read_text())}
    return {int(numbers[name]) for name in names if name in numbers} - {0}


def test_the_tables_were_read():
    assert {676, 691, 721, 815, 829} <= of_the_table()
    assert {5, 711, 756, 780} <= of_the_engine()


@pytest.mark.parametrize("code", sorted(of_the_table() | of_the_engine()))
def test_the_words_fit_linux(code):
    described = describe_code(code, "pppd")
    assert described.message
    assert not OF_WINDOWS.search(f"{described.message} {described.hint}")


@pytest.mark.parametrize("code", sorted(of_the_table()))
def test_every_code_of_pppds_lines_has_a_remedy(code):
    assert describe_code(code, "pppd").hint


def test_only_the_words_differ():
    for code, known in known_codes().items():
        other = describe_code(code, "pppd")
        assert other._replace(message=known.message, hint=known.hint) == known


def test_the_words_of_windows_stay_with_windows():
    assert "RasMan" in describe_code(711).hint
    assert "GRE" in describe_code(721).hint


def test_a_tunnel_that_pppd_does_not_make_names_the_programs_that_do():
    hint = describe_code(780, "pppd").hint
    for program in ("sstpc", "pptp", "strongSwan", "xl2tpd"):
        assert program in hint
