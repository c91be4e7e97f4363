"""The log of the second RAS library, as Python records (log.c)."""

from __future__ import annotations

import ctypes
from enum import IntEnum
from typing import NamedTuple


class Happening(IntEnum):
    """The subject of a record."""

    DIAL_BEGAN = 0
    HANDLE_GIVEN = 1
    HANDLE_STORED = 2
    CALLBACK_BEGAN = 3
    CALLBACK_ENDED = 4
    DIAL_RETURNED = 5
    HANG_UP_BEGAN = 6
    HANG_UP_ENDED = 7
    PORT_FREED = 8
    LINE_DEAD = 9
    NOTED = 10


class Record(NamedTuple):
    """One record.

    Attributes:
        at: Nanoseconds.
        kind: What happened.
        serial: Of the dial in the library; 0 = no dial.
        tag: The number after # in the entry; 0 = none.
        nth: How many dials of that entry came before.
        handle: Of the dial, when it has one.
        state: Last reported, or about to be.
        error: The same.
        value: Of a callback its number; of a call's end what it returned; of a note what it is.
    """

    at: int
    kind: Happening
    serial: int
    tag: int
    nth: int
    handle: int
    state: int
    error: int
    value: int

    def __str__(self) -> str:
        error = f"!{self.error}" if self.error else ""
        line = f"#{self.tag}.{self.nth} {self.handle:#x} {self.state:x}{error}"
        return f"{self.at / 1e6:14.3f} ms  {line:26} {self.kind.name} {self.value}"


class CRecord(ctypes.Structure):
    """struct record."""

    _fields_ = (
        ("at", ctypes.c_int64),
        *((name, ctypes.c_uint32) for name in Record._fields[1:]),
    )


ROOM = 65536


def read(library: ctypes.CDLL) -> list[Record]:
    """The log so far."""
    records = (CRecord * ROOM)()
    count = library.odd_log(records, 0, ROOM)
    assert count <= ROOM, "the log has no room for what happened"
    return [
        Record(one.at, Happening(one.kind), *(getattr(one, name) for name in Record._fields[2:]))
        for one in records[:count]
    ]


def replay(library: ctypes.CDLL, records: list[Record]) -> None:
    """Lets what happens from now on happen in this order, as far as it can."""
    order = (CRecord * len(records))(*(CRecord(*one) for one in records))
    library.odd_replay(order, len(records))
