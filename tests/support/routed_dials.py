"""Dials and events as the router sees them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from rasdial_async._native.binding import RawEvent


def event(handle, at, state=0, hold=0, thread=0):
    return RawEvent(handle, 0, at, hold, state, 0, 0, 0, thread)


@dataclass(eq=False)
class Dial:
    """A dial as the router sees it; it notes what it is given."""

    started: int = 0
    thread: int = field(default_factory=itertools.count(1).__next__)
    left: int = 0
    routed: int = 0
    cell: int = 0  # where RasDial stores the handle
    got: list[RawEvent] = field(default_factory=list)

    def peek(self):
        return self.cell

    def deliver(self, events):
        self.got.extend(events)
