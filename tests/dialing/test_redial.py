from typing import Any

import pytest

from rasdial_async import AuthenticationError, DialError, Entry, LineBusyError, Redial


def test_only_errors_that_may_pass_are_dialed_again() -> None:
    assert Redial().allows(LineBusyError(676), 1)
    assert not Redial().allows(AuthenticationError(691), 1)
    assert not Redial().allows(DialError(87), 1)


def test_the_number_of_dials_is_bounded_or_not() -> None:
    busy = LineBusyError(676)
    assert Redial(attempts=3).allows(busy, 2)
    assert not Redial(attempts=3).allows(busy, 3)
    assert not Redial(attempts=1).allows(busy, 1)
    assert Redial(attempts=None).allows(busy, 10**6)


def test_retry_on_decides_instead() -> None:
    redial = Redial(retry_on=lambda error: error.code == 691)
    assert redial.allows(AuthenticationError(691), 1)
    assert not redial.allows(LineBusyError(676), 1)
    assert not redial.allows(AuthenticationError(691), 3)


def test_pauses_grow_up_to_the_longest() -> None:
    redial = Redial(pause=1, backoff=3, longest_pause=10, jitter=0)
    assert [redial.delay(attempt) for attempt in (1, 2, 3, 4, 10**6)] == [1, 3, 9, 10, 10]


def test_jitter_spreads_the_pause_within_its_share() -> None:
    redial = Redial(pause=10, backoff=1, jitter=0.2)
    pauses = {redial.delay(1) for _ in range(200)}
    assert len(pauses) > 100
    assert min(pauses) >= 8
    assert max(pauses) <= 12


@pytest.mark.parametrize(
    ("options", "error", "named"),
    [
        ({"attempts": 0}, ValueError, "attempts"),
        ({"attempts": True}, ValueError, "attempts"),
        ({"attempts": 1.5}, ValueError, "attempts"),
        ({"pause": -1}, ValueError, "pause"),
        ({"pause": "1"}, TypeError, "pause"),
        ({"pause": float("nan")}, ValueError, "pause"),
        ({"backoff": 0.5}, ValueError, "backoff"),
        ({"longest_pause": -1}, ValueError, "longest_pause"),
        ({"jitter": 1.5}, ValueError, "jitter"),
        ({"jitter": True}, TypeError, "jitter"),
    ],
)
def test_bad_policies_are_named(options: dict[str, object], error: type[Exception], named: str) -> None:
    with pytest.raises(error, match=named):
        Redial(**options)  # type: ignore[arg-type]


def test_the_settings_of_an_entry() -> None:
    redial = Redial.from_entry(Entry.vpn("A", "a.example", redial_count=2, redial_pause=90))
    assert redial == Redial(3, 90.0, 1.0, 90.0, 0.0)
    assert [redial.delay(attempt) for attempt in (1, 2)] == [90, 90]
    assert [redial.goes_on(attempt) for attempt in (1, 2, 3)] == [True, True, False]
    assert not Redial.from_entry(Entry.vpn("A", "a.example", redial_count=0)).goes_on(1)
    assert Redial(attempts=None).goes_on(10**9)


# A function as the pause


def test_a_pause_function_decides_for_every_error() -> None:
    policy = Redial(attempts=3, pause=lambda error, attempt: None if error.code == 649 else 600.0 * attempt)
    assert policy.next_pause(DialError(691), 1) == 600
    assert policy.next_pause(DialError(651), 2) == 1200, "without backoff, longest_pause and jitter"
    assert policy.next_pause(DialError(649), 1) is None
    assert policy.next_pause(DialError(691), 3) is None, "the attempts are used up"
    with pytest.raises(TypeError, match="next_pause"):
        policy.delay(1)


def test_retry_on_comes_before_the_pause_function() -> None:
    policy = Redial(pause=lambda error, attempt: 5, retry_on=lambda error: error.code == 676)
    assert policy.next_pause(DialError(676), 1) == 5
    assert policy.next_pause(DialError(691), 1) is None


def test_numbers_make_the_next_pause_too() -> None:
    policy = Redial(pause=2, jitter=0)
    assert policy.next_pause(DialError(676), 2) == 4
    assert policy.next_pause(DialError(691), 1) is None


@pytest.mark.parametrize(("wrong", "error"), [("soon", TypeError), (True, TypeError), (-1, ValueError)])
def test_a_pause_function_returns_seconds_or_none(wrong: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="pause must return"):
        Redial(pause=lambda error, attempt: wrong).next_pause(DialError(676), 1)


def test_retry_on_is_a_function() -> None:
    with pytest.raises(TypeError, match="retry_on"):
        Redial(retry_on=676)  # type: ignore[arg-type]
