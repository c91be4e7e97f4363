"""The table of pppd's lines, against logs of real pppds: 2.4.9 and 2.5. It needs no PPP."""

from __future__ import annotations

import os
import re
import subprocess
from enum import IntEnum
from typing import Any, NamedTuple, cast

import pytest
from support import ROOT, TESTS
from support.c_programs import CAN_BUILD, COMPILER

PPPD = ROOT / "rasdial_async" / "_native" / "engine" / "pppd"
LOGS = TESTS / "pppd" / "logs"

pytestmark = pytest.mark.skipif(not CAN_BUILD, reason="no C compiler of POSIX kind")

NAMES = re.findall(r"^    LOG_(\w+),", (PPPD / "log_lines.h").read_text("utf-8"), re.MULTILINE)
Fact = cast("Any", IntEnum)("Fact", NAMES, start=0)  # mypy can not read the C header

CONNECT, CONNECTED, ALL, START, LOGIN, PROJECT, DONE = 2, 3, 4, 19, 5, 10, 14
PPPOE = (CONNECT, CONNECTED, ALL, START)
MODEM = (CONNECT, ALL, START)
UP = (LOGIN, DONE, PROJECT)

CASES = {
    # case: the states that its lines say, in order; the first error, of the dial or of the link that was up
    "connect-time": ((*PPPOE, *UP), 828),
    "idle": ((*PPPOE, *UP), 828),
    "modem-busy": ((CONNECT,), 676),
    "modem-cancel-lcp": (MODEM, 631),
    "modem-cancel-script": ((CONNECT,), 651),
    "modem-chap": ((*MODEM, *UP), 631),
    "modem-looped": (MODEM, 737),
    "modem-mschapv2": ((*MODEM, *UP), 631),
    "modem-no-answer": ((CONNECT,), 678),
    "modem-no-carrier": ((CONNECT,), 679),
    "modem-no-dial-tone": ((CONNECT,), 680),
    "modem-no-tty": ((), 615),
    "modem-nothing": ((CONNECT,), 651),
    "modem-pap": ((*MODEM, *UP), 631),
    "modem-server-hangs-up": ((*MODEM, *UP), 629),
    "modem-silent-far-end": (MODEM, 721),
    "modem-stalls-in-address": ((*MODEM, *UP), 718),
    "modem-stalls-in-login": ((*MODEM, LOGIN), 631),
    "modem-terminates": ((*MODEM, PROJECT), 734),
    "modem-wrong-chap": ((*MODEM, LOGIN), 691),
    "modem-wrong-mschapv2": ((*MODEM, LOGIN), 691),
    "modem-wrong-pap": ((*MODEM, LOGIN), 691),
    "no-dev-ppp": ((), 633),
    "no-peer": ((), 623),
    "no-plugin": ((), 625),
    "pppoe-cable-pulled": ((*PPPOE, *UP), 628),
    "pppoe-cancel-discovery": ((CONNECT,), 815),
    "pppoe-cancel-lcp": (PPPOE, 631),
    "pppoe-chap": ((*PPPOE, *UP), 631),
    "pppoe-interface-down": ((CONNECT,), 815),
    "pppoe-ipv6": ((*PPPOE, *UP), 631),
    "pppoe-ipv6-only": ((*PPPOE, *UP), 631),
    "pppoe-killed": ((*PPPOE, *UP), None),
    "pppoe-mschapv2": ((*PPPOE, *UP), 631),
    "pppoe-no-interface": ((), 615),
    "pppoe-no-server": ((CONNECT,), 815),
    "pppoe-no-service": ((CONNECT,), 815),
    "pppoe-pap": ((*PPPOE, *UP), 631),
    "pppoe-refuses-the-method": ((*PPPOE, PROJECT), 734),
    "pppoe-server-hangs-up": ((*PPPOE, *UP), 629),
    "pppoe-silently-dead": ((*PPPOE, *UP), 829),
    "pppoe-wrong-chap": ((*PPPOE, LOGIN), 691),
    "pppoe-wrong-mschapv2": ((*PPPOE, LOGIN), 691),
    "pppoe-wrong-pap": ((*PPPOE, LOGIN), 691),
    "unknown-option": ((), 625),
    **{f"modem-E={code}": ((*MODEM, LOGIN), code) for code in (646, 647, 648, 649, 691, 709)},
}
VERSIONS = sorted(path.name for path in LOGS.iterdir() if path.is_dir())


class News(NamedTuple):
    fact: IntEnum
    state: int
    error: int
    error_up: int
    number: int
    text: str


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    target = tmp_path_factory.mktemp("log_lines") / "log_lines"
    sources = [TESTS / "native" / "pppd_log_lines.c", PPPD / "log_lines.c", PPPD / "chat.c"]
    command = [COMPILER, "-std=c11", "-Wall", "-Wextra", "-Werror", *sources, "-o", target]
    subprocess.run([*map(str, command)], check=True)
    return str(target)


@pytest.fixture
def read(program):
    def read(log: bytes) -> list[News]:
        output = subprocess.run([program], input=log, capture_output=True, check=True).stdout.decode()
        rows = [line.split("\t") for line in output.splitlines()]
        return [
            News(Fact(int(fact)), int(state), int(error), int(error_up), int(number), text)
            for fact, state, error, error_up, number, text in rows
        ]

    return read


def outcome(found):
    states, error, up = [], None, False
    for news in found:
        up = up or news.fact in (Fact.IPV4, Fact.IPV6)
        wrong = news.fact in (Fact.ERROR, Fact.TIME_OUT) or (news.fact == Fact.NO_IPV4 and news.error)
        if wrong and error is None:
            error = news.error_up if up else news.error
        if news.state and news.state not in states:
            states.append(news.state)
    return tuple(states), error


def test_there_are_logs_of_both_versions_of_every_case():
    assert VERSIONS == ["2.4.9", "2.5"]
    for version in VERSIONS:
        assert {path.stem for path in (LOGS / version).glob("*.log")} == CASES.keys()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("case", CASES)
def test_the_states_and_the_error_of_a_real_log(read, version, case):
    assert outcome(read((LOGS / version / f"{case}.log").read_bytes())) == CASES[case]


@pytest.mark.parametrize("version", VERSIONS)
def test_facts_of_a_link(read, version):
    found = read((LOGS / version / "pppoe-mschapv2.log").read_bytes())
    facts = {news.fact: news for news in found}
    assert facts[Fact.INTERFACE].text == "ppp0"
    assert Fact.MSCHAP2 in facts
    assert Fact.IPV4 in facts


def test_the_login_method_of_each_log(read):
    for case, fact in (("pppoe-pap", Fact.PAP), ("pppoe-chap", Fact.CHAP)):
        assert fact in [news.fact for news in read((LOGS / "2.4.9" / f"{case}.log").read_bytes())]


def test_the_speed_that_a_modem_reports(read):
    (news,) = read(b"chat:  Dec 01 03:14:24 CONNECT 56000\n")
    assert (news.fact, news.number) == (Fact.SPEED, 56000)


@pytest.mark.parametrize(
    "line",
    [
        'rcvd [CHAP Success id=0x1 "Couldn\'t open the /dev/ppp device"]',
        'rcvd [LCP TermReq id=0x2 "unrecognized option"]',
        "Remote message: must be root to run pppd",
        " [AC-name No such device]",
        "something new",
        "",
    ],
)
def test_what_the_far_end_says_and_unknown_lines_change_nothing(read, line):
    assert read(line.encode() + b"\n") == []


SCRIPT = "ABORT BUSY ABORT 'NO CARRIER' TIMEOUT 30 ABORT \"NO DIAL TONE\" '' ATZ OK ATDT5551000 CONNECT ''"


@pytest.mark.parametrize(
    ("command", "status", "error"),
    [
        (f"chat {SCRIPT}", 3, 651),
        (f"/usr/sbin/chat {SCRIPT}", 4, 676),
        (f"exec /usr/sbin/chat -S {SCRIPT}", 5, 679),
        (f"exec chat -t 10 -v {SCRIPT}", 6, 680),
        (f"chat {SCRIPT}", 7, None),  # no such ABORT word: what pppd says next counts
        (f"chat CLR_ABORT BUSY {SCRIPT}", 4, None),
        ("chat ABORT ERROR '' ATZ", 4, 651),
        ("chat ABORT", 4, None),
        ("chat 'ABORT BUSY", 4, None),
        ("chat -f", 4, None),
        (f"chat {SCRIPT}", 1, None),
        (f"chat {SCRIPT}", 0, None),
        ("/etc/ppp/ip-up ABORT BUSY", 4, None),
        ("/etc/ppp/ip-up", 0, None),
    ],
)
def test_a_chat_that_says_nothing_is_read_by_its_exit_status(read, command, status, error):
    found = read(f"Script {command} finished (pid 905), status = {status:#x}\n".encode())
    assert [news.error for news in found] == ([] if error is None else [error])


@pytest.mark.parametrize(("status", "error"), [(4, 676), (5, 678), (3, 651)])
def test_its_words_may_be_in_a_file(read, tmp_path, status, error):
    script = tmp_path / "provider"
    script.write_text("ABORT BUSY\nABORT 'NO ANSWER'\n'' ATZ\nOK ATDT5551000\nCONNECT \\d\\c\n")
    line = f"Script /usr/sbin/chat -v -f {script} finished (pid 905), status = {status:#x}\n"
    assert [news.error for news in read(line.encode())] == [error]


def test_a_file_that_is_none_is_not_waited_for(read, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "missing", "/dev/zero"):
        assert read(f"Script chat -f {path} finished (pid 905), status = 0x4\n".encode()) == []


def test_a_success_is_one_whatever_the_far_end_says_with_it(read):
    (news,) = read(b"CHAP authentication succeeded: MS-CHAP authentication failed E=691\n")
    assert (news.fact, news.state) == (Fact.STATE, 14)


def test_a_very_long_line_of_stars_is_read_in_time(read):
    assert read(b"*" * 8000 + b"\n") == []


@pytest.mark.parametrize(
    ("status", "error"), [(19, 691), (17, 737), (16, 628), (8, 651), (1, 619), (99, 619)]
)
def test_exit_statuses(program, status, error):
    done = subprocess.run([program, str(status)], check=True, capture_output=True, text=True)
    assert int(done.stdout) == error
