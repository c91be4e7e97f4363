"""Each invariant of the random driver fails where it should: logs and accounts made by hand."""

from __future__ import annotations

import pytest
from support.odd_ras.log import Happening, Record

import rasdial_async as ras
from chaos.invariants import GRACE_NS, Account, findings

BEGAN, GIVEN, STORED = Happening.DIAL_BEGAN, Happening.HANDLE_GIVEN, Happening.HANDLE_STORED
CALL, CALLED, RETURNED = Happening.CALLBACK_BEGAN, Happening.CALLBACK_ENDED, Happening.DIAL_RETURNED
HANGS_UP, HUNG_UP, FREED = Happening.HANG_UP_BEGAN, Happening.HANG_UP_ENDED, Happening.PORT_FREED
MS = 1_000_000


class Log:
    """Records one millisecond apart."""

    def __init__(self):
        self.records = []

    def add(self, tag, kind, value=0, state=0, error=0, at=None, handle=0x5100):
        at = at or (self.records[-1].at + MS if self.records else MS)
        self.records.append(Record(at, kind, tag, tag, 0, handle, state, error, value))
        return at

    def dial(self, tag, *calls, handle=0x5100):
        self.add(tag, BEGAN, handle=0)
        for kind in (GIVEN, STORED, RETURNED):
            self.add(tag, kind, handle=handle)
        for number, (state, error) in enumerate(calls):
            self.add(tag, CALL, number, state, error, handle=handle)
            self.add(tag, CALLED, number, state, error, handle=handle)

    def hang_up(self, tag, answer=0):
        at = self.add(tag, HANGS_UP)
        self.add(tag, HUNG_UP, answer)
        if answer == 0:
            self.add(tag, FREED)
        return at


def events(*calls, handle=0x5100):
    return tuple(
        ras.DialEvent(
            state=ras.ConnectionState(state), error=error, extended_error=number, handle=handle, attempt=1
        )
        for number, (state, error) in enumerate(calls)
    )


@pytest.fixture
def log():
    return Log()


def account(*calls, **known):
    return Account(1, "program", "plan", begun=1, events=events(*calls), **known)


CONNECTS = ((5, 0), (0x2000, 0))


def test_a_round_without_a_finding(log):
    log.dial(1, *CONNECTS)
    ending = log.hang_up(1)
    assert findings(log.records, [account(*CONNECTS, handle=0x5100, ending=ending)]) == []


@pytest.mark.parametrize(
    "seen",
    [
        ((5, 0), (5, 0), (0x2000, 0)),
        ((0x2000, 0), (5, 0)),
        ((6, 0), (0x2000, 0)),
        ((5, 0),),
    ],
    ids=["one twice", "out of order", "another's", "one is missing"],
)
def test_the_events_are_those_of_the_dial(log, seen):
    log.dial(1, *CONNECTS)
    log.hang_up(1)
    (text,) = [text for text in findings(log.records, [account(*seen, handle=0x5100)]) if "events" in text]
    assert "attempt 1" in text


def test_the_last_event_may_have_come_from_the_status(log):
    """RasDialW returned, and the connection was up before RAS said so."""
    log.dial(1, *CONNECTS)
    ending = log.hang_up(1)
    mine = account((5, 0), handle=0x5100, ending=ending)
    mine.events += events((0x2000, 0))
    assert findings(log.records, [mine]) == []


def test_the_events_have_the_handle_of_the_dial(log):
    log.dial(1, *CONNECTS)
    ending = log.hang_up(1)
    mine = account(handle=0x5100, ending=ending)
    mine.events = events(*CONNECTS, handle=0)
    (text,) = findings(log.records, [mine])
    assert "has events of {0}" in text


def test_the_connection_has_the_handle_of_the_dial(log):
    log.dial(1, *CONNECTS)
    ending = log.hang_up(1)
    (text,) = findings(log.records, [account(*CONNECTS, handle=0x5110, ending=ending)])
    assert "its connection has the handle 0x5110" in text


def test_a_dial_that_nobody_ended_has_the_outcome_of_ras(log):
    log.dial(1, (5, 691))
    log.hang_up(1)
    error = ras.error_from_code(691)
    assert findings(log.records, [account((5, 691), error=error)]) == []
    (text,) = findings(log.records, [account((5, 691), error=ras.error_from_code(676))])
    assert "RAS told {691}" in text


@pytest.mark.parametrize("later", [GRACE_NS + MS, GRACE_NS - 10 * MS])
def test_nobody_is_hung_up_by_another(log, later):
    log.dial(1, *CONNECTS)
    first = log.records[2].at  # the handle was stored
    log.add(1, HANGS_UP, at=first + later)
    log.add(1, HUNG_UP)
    log.add(1, FREED)
    texts = findings(log.records, [account(*CONNECTS, handle=0x5100)])
    assert ["nobody wanted that" in text for text in texts] == ([True] if later > GRACE_NS else [])


def test_a_failure_wants_a_hang_up(log):
    log.dial(1, (5, 691))
    log.add(1, HANGS_UP, at=log.records[-1].at + 2 * GRACE_NS)
    log.add(1, HUNG_UP)
    log.add(1, FREED)
    assert findings(log.records, [account((5, 691), error=ras.error_from_code(691))]) == []


def test_one_hang_up_for_a_dial(log):
    log.dial(1, *CONNECTS)
    ending = log.hang_up(1)
    log.add(1, HANGS_UP)
    log.add(1, HUNG_UP, 6)
    (text,) = findings(log.records, [account(*CONNECTS, handle=0x5100, ending=ending)])
    assert "was hung up again" in text


def test_no_handle_is_left(log):
    log.dial(1, *CONNECTS)
    (text,) = findings(log.records, [account(*CONNECTS, handle=0x5100)])
    assert "the handle 0x5100 of attempt 1 is left" in text


def test_a_handle_may_be_left_where_ras_refused(log):
    log.dial(1, (5, 691))
    log.hang_up(1, answer=753)
    assert findings(log.records, [account((5, 691), error=ras.error_from_code(691))]) == []


def test_what_a_user_complains_of_is_a_finding(log):
    log.dial(1, *CONNECTS)
    ending = log.hang_up(1)
    mine = account(*CONNECTS, handle=0x5100, ending=ending, complaints=["cancelling took 10.0 s"])
    assert findings(log.records, [mine]) == ["#1 (plan): cancelling took 10.0 s"]
