"""Python calls C: the bounds of the loops that look for a dwSize or enlarge a buffer."""

from __future__ import annotations

import pytest

from rasdial_async._native import text
from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import sizes
from rasdial_async._native.binding.sizes import grow, try_sizes, versions


def test_versions_of_a_structure_end_where_a_member_begins():
    assert versions("RASENTRYNAMEW", "dwFlags") == (
        ffi.sizeof("RASENTRYNAMEW"),
        ffi.offsetof("RASENTRYNAMEW", "dwFlags"),
    )


@pytest.mark.parametrize("refusal", [632, 1784])
def test_sizes_are_tried_until_ras_knows_one(refusal):
    tried = []

    def call(size):
        tried.append(size)
        return refusal if size > 20 else 691

    assert try_sizes((40, 30, 20, 10), call) == (691, (20, 10))
    assert tried == [40, 30, 20]


def test_sizes_that_ras_does_not_know_stay_worth_trying():
    assert try_sizes((40, 30), lambda size: 632) == (632, (40, 30))


def test_a_refusal_that_settles_the_matter_is_the_answer():
    tried = []
    assert try_sizes((40, 30), lambda size: tried.append(size) or 632, settled=lambda: True) == (
        632,
        (40, 30),
    )
    assert tried == [40]


def asking(*wanted, code=0):
    """A call that wants a buffer of these sizes, one after another, and the list of those it got."""
    given = []

    def call(buffer, cell):
        given.append(len(buffer) if buffer else 0)
        assert cell[0] == given[-1]
        if len(given) <= len(wanted):
            cell[0] = wanted[len(given) - 1]
            return 603
        return code

    return call, given


@pytest.mark.parametrize("code", [0, 623])
def test_a_buffer_is_enlarged_to_what_ras_asks_for(code):
    call, given = asking(100, 300, code=code)
    answer, buffer, written = grow(call, 10)
    assert (answer, len(buffer), written) == (code, 300, 300)
    assert given == [10, 100, 300]


def test_a_first_size_of_nothing_is_a_null_pointer():
    call, given = asking(8)
    assert grow(call, 0)[0] == 0
    assert given == [0, 8]


@pytest.mark.parametrize("wanted", [0, 9, 10, sizes.LARGEST + 1, 0xFFFFFFFF])
def test_a_size_that_makes_no_sense_ends_the_loop(wanted):
    call, given = asking(wanted)
    assert grow(call, 10)[0] == 603
    assert given == [10]


def test_a_ras_that_always_wants_more_is_asked_a_few_times_only():
    given = []

    def call(buffer, cell):
        given.append(len(buffer))
        cell[0] += 1
        return 603

    assert grow(call, 1)[0] == 603
    assert len(given) <= 16


def test_a_buffer_that_was_too_small_is_wiped():
    buffers = []

    def call(buffer, cell):
        buffers.append(buffer)
        if len(buffers) > 1:
            return 0
        ffi.buffer(buffer)[:6] = b"Xyzzy9"
        cell[0] = 100
        return 603

    assert grow(call, 10)[0] == 0
    assert bytes(ffi.buffer(buffers[0])) == bytes(10)
    text.wipe(buffers[1])
