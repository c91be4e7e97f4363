"""Helpers of the tests of .pbk files."""

from __future__ import annotations

import pytest
from hypothesis import settings

from rasdial_async.errors.tree import PhonebookError
from rasdial_async.phonebook.file import PhonebookFile
from support import DATA

PHONEBOOKS = DATA / "phonebooks"
MINIMAL = PHONEBOOKS / "minimal-generated.pbk"
CHINESE = PHONEBOOKS / "pppoe-chinese.pbk"
MIXED = PHONEBOOKS / "vpn-mixed.pbk"
TWO = "[Office]\r\nMEDIA=rastapi\r\nDEVICE=vpn\r\nPhoneNumber=a.example\r\n[Home]\r\nDEVICE=PPPoE\r\n"
repeatable = settings(derandomize=True, max_examples=100, deadline=None, database=None)


def rejoined(book: PhonebookFile) -> bytes:
    return book.bom + b"".join(line.raw for line in book.lines)


def names(book: PhonebookFile) -> list[str]:
    return [entry.name for entry in book]


def parse(data: bytes, **options: str) -> PhonebookFile:
    """Parse, and hold every phonebook to what is always true of one."""
    book = PhonebookFile.parse(data, **options)
    assert rejoined(book) == data
    assert [line.number for line in book.lines] == list(range(1, len(book.lines) + 1))
    assert len(book) == len(book.entries) == len(list(book))
    in_sections = [line for entry in book for line in entry.lines]
    assert book.lines[len(book.lines) - len(in_sections) :] == tuple(in_sections)
    assert all(book.get(entry.name) in book.entries for entry in book)
    return book


def refusal(data: bytes, **options: str) -> PhonebookError:
    with pytest.raises(PhonebookError) as caught:
        PhonebookFile.parse(data, **options)
    return caught.value
