"""The rules of one dial, fed with lists: no loop, no thread, no RAS."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from rasdial_async._native.records.events import DialEvent
from rasdial_async.dialing.progress import Phase, Progress
from rasdial_async.errors.states import ConnectionState
from rasdial_async.errors.tree import (
    AuthenticationError,
    DialError,
    HungUpError,
    LineBusyError,
    PhonebookError,
)

OPEN_PORT = DialEvent(ConnectionState.OPEN_PORT)
AUTHENTICATE = DialEvent(ConnectionState.AUTHENTICATE)
INTERACTIVE = DialEvent(ConnectionState.INTERACTIVE)
CONNECTED = DialEvent(ConnectionState.CONNECTED)
DISCONNECTED = DialEvent(ConnectionState.DISCONNECTED)
WRONG_PASSWORD = DialEvent(ConnectionState.AUTHENTICATE, error=691, extended_error=5)
BUSY_AT_ONCE = DialEvent(ConnectionState.OPEN_PORT, error=676)
STRANGE = DialEvent(ConnectionState(77))
STRANGE_END = DialEvent(ConnectionState(0x2FFF))


def fed(*events):
    attempt = Progress()
    taken = [event for event in events if attempt.feed(event)]
    return attempt, taken


@pytest.mark.parametrize(
    ("events", "phase", "taken"),
    [
        ([], Phase.PENDING, 0),
        ([OPEN_PORT], Phase.PENDING, 1),
        ([CONNECTED], Phase.CONNECTED, 1),
        ([OPEN_PORT, AUTHENTICATE, CONNECTED], Phase.CONNECTED, 3),
        ([AUTHENTICATE, OPEN_PORT, OPEN_PORT, CONNECTED], Phase.CONNECTED, 4),
        ([STRANGE, CONNECTED], Phase.CONNECTED, 2),
        ([STRANGE_END], Phase.CONNECTED, 1),
        ([OPEN_PORT, DISCONNECTED], Phase.FAILED, 2),
        ([AUTHENTICATE, WRONG_PASSWORD], Phase.FAILED, 2),
        ([BUSY_AT_ONCE], Phase.FAILED, 1),
        ([DialEvent(ConnectionState.CONNECTED, error=629)], Phase.FAILED, 1),
        ([OPEN_PORT, INTERACTIVE], Phase.PAUSED, 2),
        ([INTERACTIVE, AUTHENTICATE], Phase.PENDING, 2),
        ([INTERACTIVE, CONNECTED], Phase.CONNECTED, 2),
        ([DialEvent(ConnectionState.INTERACTIVE, error=703)], Phase.FAILED, 1),
        ([CONNECTED, DISCONNECTED], Phase.CONNECTED, 1),
        ([CONNECTED, WRONG_PASSWORD], Phase.CONNECTED, 1),
        ([WRONG_PASSWORD, WRONG_PASSWORD], Phase.FAILED, 1),
        ([WRONG_PASSWORD, CONNECTED], Phase.FAILED, 1),
        ([DISCONNECTED, OPEN_PORT], Phase.FAILED, 1),
    ],
)
def test_phase_after_a_list_of_events(events, phase, taken):
    attempt, accepted = fed(*events)
    assert attempt.phase is phase
    assert attempt.over == (phase in (Phase.CONNECTED, Phase.FAILED))
    assert accepted == events[:taken]


def test_state_is_the_last_one_reported():
    attempt, _ = fed()
    assert attempt.state is None
    attempt.feed(OPEN_PORT)
    assert attempt.state is ConnectionState.OPEN_PORT
    attempt.feed(WRONG_PASSWORD)
    attempt.feed(CONNECTED)
    assert attempt.state is ConnectionState.AUTHENTICATE


def test_device_is_the_last_one_that_was_named():
    attempt, _ = fed(OPEN_PORT)
    assert attempt.device == ("", "")
    attempt.feed(DialEvent(ConnectionState.CONNECT_DEVICE, device_type="switch", device_name="Pad"))
    attempt.feed(DialEvent(ConnectionState.DEVICE_CONNECTED, device_type="modem", device_name="COM1"))
    attempt.feed(CONNECTED)
    assert attempt.device == ("modem", "COM1")


@pytest.mark.parametrize(
    ("event", "error_class", "code"),
    [
        (WRONG_PASSWORD, AuthenticationError, 691),
        (BUSY_AT_ONCE, LineBusyError, 676),
        (DISCONNECTED, HungUpError, 631),
        (DialEvent(ConnectionState.DISCONNECTED, error=676), LineBusyError, 676),
        (DialEvent(ConnectionState(77), error=99999), DialError, 99999),
    ],
)
def test_the_error_is_the_one_of_the_failing_event(event, error_class, code):
    attempt, _ = fed(OPEN_PORT, event)
    error = attempt.error("official words")
    assert type(error) is error_class
    assert attempt.error_code == error.code == code
    assert error.event is event
    assert error.state == event.state
    assert error.extended_error == event.extended_error
    assert error.function == "RasDialW"
    assert error.message == "official words"


def test_a_refusal_fails_the_attempt_without_an_event():
    attempt, _ = fed()
    attempt.refuse(623)
    assert attempt.phase is Phase.FAILED
    assert attempt.error_code == 623
    error = attempt.error()
    assert type(error) is PhonebookError
    assert (error.event, error.state, error.function) == (None, None, "RasDialW")


def test_a_refusal_tells_the_state_that_was_reached():
    attempt, _ = fed(OPEN_PORT)
    attempt.refuse(633)
    assert attempt.error().state is ConnectionState.OPEN_PORT
    assert attempt.feed(CONNECTED) is False


def test_the_explanation_of_a_refusal_beats_the_official_text():
    attempt, _ = fed()
    attempt.refuse(621, "line 3 is no section")
    assert attempt.error("Cannot open.").message == "line 3 is no section"
    attempt, _ = fed()
    attempt.refuse(621)
    assert attempt.error("Cannot open.").message == "Cannot open."


@pytest.mark.parametrize(("event", "code"), [(WRONG_PASSWORD, 691), (DISCONNECTED, 631)])
def test_what_an_event_has_said_stands_against_a_refusal(event, code):
    attempt, _ = fed(event)
    attempt.refuse(633, "too late")
    assert attempt.error_code == attempt.error().code == code
    assert attempt.error().event is event


def test_a_refusal_after_connected_is_nothing():
    attempt, _ = fed(CONNECTED)
    attempt.refuse(633)
    assert attempt.phase is Phase.CONNECTED


def test_only_the_first_refusal_counts():
    attempt, _ = fed()
    attempt.refuse(633)
    attempt.refuse(691)
    assert attempt.error_code == 633


# Several links


def link(number, state=5, error=0):
    return DialEvent(ConnectionState(state), error=error, sub_entry=number)


def fed_links(links, *events):
    attempt = Progress()
    return attempt, [event for event in events if attempt.feed(event, links)]


UP, DOWN, ALL_UP, PAUSE = 22, 23, 0x2000, 0x1001


@pytest.mark.parametrize(
    ("links", "events", "phase"),
    [
        (2, [link(1), link(2)], Phase.PENDING),
        (2, [link(1, error=676)], Phase.PENDING),
        (2, [link(1, error=676), link(2)], Phase.PENDING),
        (2, [link(1, error=676), link(2, UP)], Phase.PENDING),
        (2, [link(1, error=676), link(2, UP), link(2, ALL_UP)], Phase.CONNECTED),
        (2, [link(1, error=676), link(2, error=680)], Phase.FAILED),
        (2, [link(1, error=676), link(1, error=676)], Phase.PENDING),
        (2, [link(1, UP), link(1, ALL_UP)], Phase.CONNECTED),
        (2, [link(1, UP), link(2, error=676), link(1, DOWN)], Phase.FAILED),
        (2, [link(1, UP), link(1, DOWN)], Phase.PENDING),
        (2, [link(1, error=676), link(1), link(2, error=676)], Phase.PENDING),  # RAS has tried it again
        (3, [link(1, error=676), link(3, error=676)], Phase.PENDING),
        (3, [link(1, error=676), link(3, error=676), link(2, error=676)], Phase.FAILED),
        (2, [link(1, 0x2001)], Phase.FAILED),
        (2, [link(1, 0x2001, 676)], Phase.FAILED),
        (2, [DialEvent(ConnectionState(5), error=676)], Phase.FAILED),  # of no link: of the whole
        (1, [link(2, error=676)], Phase.FAILED),  # the one that is dialed first, the others as needed
        (2, [link(1, PAUSE), link(2)], Phase.PAUSED),
        (2, [link(1, PAUSE), link(2, error=676)], Phase.PAUSED),
        (2, [link(1, PAUSE), link(1)], Phase.PENDING),
        (2, [link(1, PAUSE), link(1, error=676)], Phase.PENDING),
        (1, [DialEvent(ConnectionState(5)), DialEvent(ConnectionState(DOWN))], Phase.PENDING),
    ],
)
def test_a_dial_of_several_links_ends_with_the_last_of_them(links, events, phase):
    attempt, taken = fed_links(links, *events)
    assert attempt.phase is phase
    assert taken == events


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([link(1, error=676), link(2, error=680)], 680),
        ([link(1, error=691), link(2, error=676)], 691),  # or a redial would try the password again
        ([link(2, error=676), link(1, error=691)], 691),
        ([link(1, UP), link(2, error=676), link(1, DOWN)], 676),
        ([link(1, UP), link(1, DOWN), link(2, DOWN)], 631),
        ([link(1, error=676), link(2, 0x2001)], 631),
    ],
)
def test_why_a_dial_of_several_links_has_failed(events, code):
    attempt, _ = fed_links(2, *events)
    assert attempt.error_code == attempt.error().code == code
    assert attempt.error().event in events


def test_each_pause_of_several_links_is_left_by_itself():
    first, second = link(1, PAUSE), link(2, PAUSE)
    attempt, _ = fed_links(2, first, second)
    assert attempt.waits(first)
    assert attempt.resume(second) is second
    assert attempt.phase is Phase.PAUSED
    assert not attempt.waits(second)
    assert attempt.resume() is first
    assert attempt.phase is Phase.PENDING
    with pytest.raises(RuntimeError):
        attempt.resume()


events = st.builds(
    DialEvent,
    st.sampled_from(
        [*ConnectionState, ConnectionState(77), ConnectionState(0x1FFF), ConnectionState(0x2FFF)]
    ),
    error=st.sampled_from([0, 0, 0, 691, 12345]),
)


@settings(deadline=None, database=None)
@given(st.lists(events))
def test_whatever_comes_the_first_terminal_event_is_the_last(reported):
    attempt, taken = fed(*reported)
    first_end = next((index for index, event in enumerate(reported) if event.terminal), None)
    assert attempt.over == (first_end is not None)
    assert taken == (reported if first_end is None else reported[: first_end + 1])
    assert (attempt.phase is Phase.FAILED) == (attempt.over and taken[-1].failed)


@pytest.mark.parametrize("state", [ConnectionState.RETRY_AUTHENTICATION, ConnectionState.PASSWORD_EXPIRED])
def test_a_dial_with_paused_states_waits_in_one_whatever_its_error(state):
    """Only without them the dial fails there (https://learn.microsoft.com/windows/win32/rras/paused-states)."""
    pause = DialEvent(state, error=691)
    attempt = Progress(pauses=True)
    assert attempt.feed(pause)
    assert attempt.phase is Phase.PAUSED
    assert attempt.waits(pause)
    assert attempt.resume() is pause
    attempt.feed(CONNECTED)
    assert attempt.phase is Phase.CONNECTED
    without = Progress()
    without.feed(pause)
    assert (without.phase, without.error_code) == (Phase.FAILED, 691)


def test_an_error_after_a_pause_with_an_error_ends_the_dial():
    attempt = Progress(pauses=True)
    for event in (DialEvent(ConnectionState.RETRY_AUTHENTICATION, error=691), WRONG_PASSWORD):
        attempt.feed(event)
    assert (attempt.phase, attempt.error_code) == (Phase.FAILED, 691)


def test_an_error_in_a_paused_state_that_was_entered_before_ends_the_dial():
    attempt = Progress(pauses=True)
    attempt.feed(DialEvent(ConnectionState.RETRY_AUTHENTICATION))
    attempt.feed(DialEvent(ConnectionState.RETRY_AUTHENTICATION, error=629))
    assert (attempt.phase, attempt.error_code) == (Phase.FAILED, 629)
