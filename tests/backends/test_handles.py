"""The lives of a handle's value: who shares one, which is older, and who gives it back."""

from __future__ import annotations

import itertools
import threading

import pytest
from hypothesis import given, strategies as st

from rasdial_async._native.records import ConnectionInfo
from rasdial_async.backends.handles import HandleTable, Life

founders = itertools.count(1)


@pytest.fixture
def table():
    return HandleTable()


def enter(table, entry="Office", *, known=0, new=False):
    return table.enter(4, next(founders), known, entry, new=new)


def test_a_dial_of_a_connected_entry_adds_a_reference(table):
    first = enter(table)
    assert enter(table, known=1) is first
    assert first.references == 2


def test_the_name_of_an_entry_has_no_case(table):
    assert enter(table) is enter(table, "OFFICE")


@pytest.mark.parametrize(("entry", "new"), [("Office", True), ("Home", False)])
def test_a_new_life_ends_the_older_one(table, entry, new):
    first = enter(table)
    second = enter(table, entry, known=1, new=new)
    assert (first.life, second.life) == (Life.GONE, Life.LIVING)
    assert second.references == 1


def test_a_life_that_is_hung_up_is_shared_by_nobody(table):
    first = enter(table)
    assert table.start_hang_up(first, all_references=False) == 1
    assert enter(table, known=1) is not first
    assert first.gone


def test_a_dial_that_shares_none_after_all(table):
    first, founder = enter(table), next(founders)
    shared = table.enter(4, founder, 1, "Office", new=False)
    assert shared is first
    second = table.renew(shared, founder, 2)
    assert (first.life, first.references) == (Life.GONE, 1)
    assert (second.life, second.references) == (Life.LIVING, 1)
    assert table.renew(second, founder, 3) is second


@given(st.permutations(range(6)))
def test_the_last_who_had_the_value_has_it_whoever_says_so_first(order):
    """A thread that returned from RasDial may be late to say so."""
    table = HandleTable()
    lives = {known: enter(table, str(known), known=known, new=True) for known in order}
    assert [known for known, life in lives.items() if not life.gone] == [5]
    assert table.enter(4, 0, 6, "5", new=False) is lives[5]


def test_a_list_says_nothing_about_a_life_that_a_dial_holds(table):
    held = enter(table)
    assert table.listed(ConnectionInfo(4, "Home")) is held
    assert held.info is None


def test_another_programs_connection_ends_what_was_listed_before(table):
    first = table.listed(ConnectionInfo(4, "Office"))
    second = table.listed(ConnectionInfo(4, "Home"))
    assert first.gone
    assert second.info == ConnectionInfo(4, "Home")
    assert table.listed(ConnectionInfo(4, "Home")) is second


def test_only_one_thread_gives_the_last_reference_back(table):
    handle = enter(table)
    together, taken = threading.Barrier(8), []

    def take():
        together.wait()
        taken.append(table.start_hang_up(handle, all_references=False))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken, key=str) == [1, *[None] * 7]


def test_a_refused_hang_up_can_be_tried_again(table):
    handle = enter(table)
    table.refused(handle, table.start_hang_up(handle, all_references=True))
    assert (handle.life, handle.references) == (Life.LIVING, 1)
    assert table.start_hang_up(handle, all_references=False) == 1
