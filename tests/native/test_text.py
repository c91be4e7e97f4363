"""Text between Python and RAS."""

from __future__ import annotations

import pytest
from support.tables import PASSWORD

from rasdial_async._native import text
from rasdial_async._native._ras import ffi


@pytest.mark.parametrize("value", ["", "Office", "Büro", "\N{GRINNING FACE}", "会议室"])
def test_text_comes_back_as_it_went(value):
    assert text.read(text.new(value)) == value


def test_null_is_no_text():
    assert text.new(None) == ffi.NULL
    assert text.read(ffi.NULL) == ""


def test_lone_surrogates_become_replacement_characters():
    assert (
        text.read(ffi.new("WCHAR[]", "a\ud800b\udc00"))
        == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"
    )


def test_a_field_without_a_zero_ends_where_it_ends():
    assert text.read(ffi.new("WCHAR[4]", "abcd")) == "abcd"


def test_a_shorter_text_leaves_nothing_of_a_longer_one():
    params = ffi.new("RASDIALPARAMSW *")
    for value in ("x" * 256, "somebody", "ada", "", "a"):
        text.write(params, "szUserName", value)
        assert text.read(params.szUserName) == value


def test_wiping_leaves_nothing():
    params = ffi.new("RASDIALPARAMSW *")
    params.szPassword = PASSWORD
    text.wipe(params)
    assert bytes(ffi.buffer(params)) == bytes(ffi.sizeof("RASDIALPARAMSW"))
