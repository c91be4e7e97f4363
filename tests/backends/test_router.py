"""Whose event is it? Lists of events in, lists of events out; no loop, no RAS."""

from __future__ import annotations

import pytest
from support.routed_dials import Dial, event

from rasdial_async.backends import router as _routing
from rasdial_async.backends.router import Router


@pytest.fixture
def nobodys():
    return []


@pytest.fixture
def router(nobodys):
    return Router(nobodys.append)


def begun(router, started=0):
    dial = Dial(started)
    router.begin(dial)
    return dial


def known(router, handle, started=0):
    dial = begun(router, started)
    router.returned(dial, handle)
    return dial


# One dial


def test_events_of_a_known_handle_go_to_its_dial_at_once(router, nobodys):
    dial = known(router, 4)
    events = [event(4, 1), event(4, 2), event(4, 3)]
    for one in events:
        router.dispatch([one])
    assert dial.got == events
    assert nobodys == []


def test_events_older_than_the_return_of_rasdial_are_parked_and_handed_over_in_order(router, nobodys):
    dial = begun(router)
    events = [event(4, 1), event(4, 2), event(4, 3)]
    for one in events:
        router.dispatch([one])
    assert dial.got == []
    router.returned(dial, 4)
    assert dial.got == events
    router.dispatch([event(4, 4)])
    assert dial.got == [*events, event(4, 4)]
    assert nobodys == []


def test_a_handle_that_rasdial_has_stored_already_needs_no_waiting(router):
    dial = begun(router)
    dial.cell = 4
    router.dispatch([event(4, 1)])
    assert dial.got == [event(4, 1)]
    router.returned(dial, 4)
    router.dispatch([event(4, 2)])
    assert dial.got == [event(4, 1), event(4, 2)]


def test_what_is_told_on_the_calling_thread_is_that_dials(router, nobodys):
    """RasDial has stored no handle: it waits for the callback."""
    other, dial = begun(router), begun(router)
    router.dispatch([event(4, 1)])
    router.dispatch([event(4, 2, thread=dial.thread)])
    assert dial.got == [event(4, 1), event(4, 2, thread=dial.thread)]
    router.returned(dial, 0)  # it never stored one
    router.dispatch([event(4, 3)])
    assert len(dial.got) == 3
    router.ended(dial)
    router.returned(other, 0)
    router.dispatch([event(4, 4)])
    assert len(dial.got) == 3
    assert other.got == []
    assert nobodys == [event(4, 4)]


def test_a_known_handle_says_more_than_the_thread(router):
    """RAS may use a thread that calls RasDial for what it has to tell of older dials."""
    older, dial = known(router, 4), begun(router)
    router.dispatch([event(4, 1, thread=dial.thread)])
    assert older.got == [event(4, 1, thread=dial.thread)]
    assert dial.got == []
    other = begun(router)
    other.cell = 8
    router.dispatch([event(8, 2, thread=dial.thread)])
    assert other.got == [event(8, 2, thread=dial.thread)]
    assert dial.got == []


def test_an_early_claim_takes_what_was_parked_before_it_in_order(router):
    dial = begun(router)
    router.dispatch([event(4, 1)])
    dial.cell = 4
    router.dispatch([event(4, 2)])
    assert dial.got == [event(4, 1), event(4, 2)]


def test_an_event_older_than_the_dial_is_never_its_own(router, nobodys):
    dial = known(router, 4, started=10)
    router.dispatch([event(4, 9)])
    router.dispatch([event(4, 10)])
    assert dial.got == [event(4, 10)]
    assert nobodys == [event(4, 9)]


def test_a_parked_event_older_than_the_dial_is_never_its_own(router, nobodys):
    dial = begun(router, started=10)
    router.dispatch([event(4, 9)])
    router.dispatch([event(4, 11)])
    router.returned(dial, 4)
    assert dial.got == [event(4, 11)]
    assert nobodys == [event(4, 9)]


def test_an_event_while_nobody_dials_is_nobodys(router, nobodys):
    router.dispatch([event(4, 1)])
    assert nobodys == [event(4, 1)]
    dial = known(router, 4, started=0)
    assert dial.got == []


def test_a_dial_that_ended_gets_nothing_more(router, nobodys):
    dial = known(router, 4)
    router.ended(dial)
    router.dispatch([event(4, 1)])
    assert dial.got == []
    assert nobodys == [event(4, 1)]


def test_a_dial_that_ended_before_rasdial_returned_gets_nothing(router, nobodys):
    dial = begun(router)
    router.dispatch([event(4, 1)])
    router.ended(dial)
    router.returned(dial, 4)
    router.dispatch([event(4, 2)])
    assert dial.got == []
    assert nobodys == [event(4, 1), event(4, 2)]


def test_a_dial_without_a_handle_takes_nothing_and_lets_the_parked_events_go(router, nobodys):
    dial = begun(router)
    router.dispatch([event(4, 1)])
    router.returned(dial, 0)
    assert dial.got == []
    assert nobodys == [event(4, 1)]


def test_ending_and_returning_twice_changes_nothing(router):
    dial = known(router, 4)
    router.returned(dial, 4)
    router.dispatch([event(4, 1)])
    assert dial.got == [event(4, 1)]
    for _ in range(2):
        router.ended(dial)
    router.ended(Dial())


# Several dials


def test_two_dials_in_progress_keep_their_events_apart(router, nobodys):
    first, second = begun(router, 0), begun(router, 1)
    router.dispatch([event(8, 2)])
    router.dispatch([event(4, 3)])
    router.returned(first, 4)
    router.dispatch([event(8, 4)])
    router.returned(second, 8)
    assert first.got == [event(4, 3)]
    assert second.got == [event(8, 2), event(8, 4)]
    assert nobodys == []


def test_a_handle_may_have_several_owners(router):
    first, second = known(router, 4, started=0), known(router, 4, started=5)
    router.dispatch([event(4, 6)])
    assert first.got == second.got == [event(4, 6)]
    router.ended(first)
    router.dispatch([event(4, 7)])
    assert first.got == [event(4, 6)]
    assert second.got == [event(4, 6), event(4, 7)]


def test_an_event_between_the_starts_of_two_owners_belongs_to_the_older_one(router):
    first, second = known(router, 4, started=0), known(router, 4, started=5)
    router.dispatch([event(4, 3)])
    assert first.got == [event(4, 3)]
    assert second.got == []


def test_events_of_a_known_handle_are_kept_for_a_dial_that_has_not_returned(router, nobodys):
    first = known(router, 4, started=0)
    second = begun(router, started=5)
    router.dispatch([event(4, 4)])
    router.dispatch([event(4, 6)])
    assert first.got == [event(4, 4), event(4, 6)]
    router.returned(second, 4)
    assert second.got == [event(4, 6)]
    assert nobodys == []


def test_a_claimed_event_is_not_nobodys_when_no_pending_dial_wants_it(router, nobodys):
    first = known(router, 4)
    second = begun(router, 1)
    router.dispatch([event(4, 2)])
    router.returned(second, 8)
    assert first.got == [event(4, 2)]
    assert nobodys == []


def test_a_handle_used_again_is_the_new_dials(router, nobodys):
    first = known(router, 4, started=0)
    router.ended(first)
    second = begun(router, started=10)
    router.dispatch([event(4, 8)])  # of the first dial, drained late
    router.dispatch([event(4, 11)])
    router.returned(second, 4)
    assert first.got == []
    assert second.got == [event(4, 11)]
    assert nobodys == [event(4, 8)]


def test_two_dials_may_store_the_same_handle_before_either_returns(router):
    first, second = begun(router, 0), begun(router, 1)
    first.cell = second.cell = 4
    router.dispatch([event(4, 2)])
    router.returned(second, 4)
    router.returned(first, 4)
    assert first.got == second.got == [event(4, 2)]


def test_the_event_is_nobodys_only_when_the_last_pending_dial_has_returned(router, nobodys):
    first, second = begun(router, 0), begun(router, 1)
    router.dispatch([event(12, 2)])
    router.returned(first, 4)
    assert nobodys == []
    router.returned(second, 8)
    assert nobodys == [event(12, 2)]


# A handle that is hung up while another dial may get it again


def test_what_was_kept_of_a_handle_that_is_hung_up_is_no_later_dials(router, nobodys):
    first = known(router, 4, started=0)
    second = begun(router, started=5)
    router.dispatch([event(4, 6)])
    router.dispatch([event(8, 6)])
    router.draw_line(4, 7)
    router.dispatch([event(4, 8)])
    router.ended(first)
    router.returned(second, 4)
    assert first.got == [event(4, 6), event(4, 8)]
    assert second.got == [event(4, 8)]
    assert nobodys == [event(8, 6)]


def test_what_nobody_claimed_of_a_handle_that_is_hung_up_is_nobodys(router, nobodys):
    begun(router, started=5)
    router.dispatch([event(4, 6)])
    router.dispatch([event(4, 8)])
    router.draw_line(4, 7)
    assert nobodys == [event(4, 6)]
    assert router.unclaimed() == [event(4, 8)]
    router.draw_line(12, 9)
    assert nobodys == [event(4, 6)]


# Held events


def test_unclaimed_are_the_kept_events_that_nobody_took(router):
    known(router, 4)
    pending = begun(router, 1)
    router.dispatch([event(4, 2, hold=1)])
    router.dispatch([event(8, 2, hold=2)])
    assert router.unclaimed() == [event(8, 2, hold=2)]
    router.returned(pending, 8)
    assert router.unclaimed() == []


def test_a_router_needs_nobody_to_tell():
    router = Router()
    router.dispatch([event(4, 1)])


# Memory


def test_what_is_kept_for_a_long_rasdial_is_bounded_by_what_it_can_own(router, nobodys):
    """Old events are let go while a RasDial hangs, those it may own are not."""
    owner = known(router, 4)
    slow = begun(router, started=1_000_000)
    for at in range(5 * _routing._PRUNE_AT):
        router.dispatch([event(4, at)])
    assert len(owner.got) == 5 * _routing._PRUNE_AT
    assert sum(map(len, router._kept.values())) < _routing._PRUNE_AT
    own = [event(8, 1_000_000 + number) for number in range(3 * _routing._PRUNE_AT)]
    for one in own:
        router.dispatch([one])
    router.returned(slow, 8)
    assert slow.got == own
    assert nobodys == []
    assert router._kept == {}


def test_what_pruning_lets_go_unclaimed_is_reported_once(router, nobodys):
    begun(router, started=1_000_000)
    old = [event(8, at, hold=at) for at in range(_routing._PRUNE_AT)]
    for one in old:
        router.dispatch([one])
    assert nobodys == old


def test_pruning_tells_young_from_old_by_their_time_and_not_by_their_place(router, nobodys):
    """Two loops drain: what came first of a handle may be handed over last."""
    dial = begun(router, started=100)
    young = [event(4, 100 + number) for number in range(_routing._PRUNE_AT - 1)]
    for one in (*young, event(4, 99)):
        router.dispatch([one])
    assert nobodys == [event(4, 99)]
    router.returned(dial, 4)
    assert dial.got == young
    assert nobodys == [event(4, 99)]


def test_pruning_does_not_go_through_all_that_is_kept_at_every_event(router):
    begun(router, started=0)
    passes = 0
    forget_old = router._forget_old

    def counted():
        nonlocal passes
        passes += 1
        return forget_old()

    router._forget_old = counted
    for at in range(16 * _routing._PRUNE_AT):
        router.dispatch([event(8, at)])
    assert passes <= 6
