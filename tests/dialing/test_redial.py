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
