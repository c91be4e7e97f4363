"""The states of a dial as spans of time, and the words for a state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from ...errors import ConnectionState

if TYPE_CHECKING:
    from ..._native.records import DialEvent
    from ...dialing import Dialing


def state_name(state: ConnectionState) -> str:
    """Return RAS's name of a state without its prefix: OpenPort."""
    return state.rascs_name.removeprefix("RASCS_")


@dataclass(frozen=True, slots=True)
class Span:
    """The time that a dial spent in one state.

    Attributes:
        state: The state; None = RasDial had not reported any yet.
        start, end: Seconds since RasDial was called.
    """

    state: ConnectionState | None
    start: float
    end: float

    @property
    def name(self) -> str:
        return "RasDial" if self.state is None else state_name(self.state)

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Row:
    """One attempt of a dial.

    Attributes:
        code: The error it ended in; 0 = none.
        outcome: Its end, in words.
        spans: Its states, without gaps.
    """

    entry: str
    attempt: int
    simulated: bool
    code: int
    outcome: str
    spans: tuple[Span, ...]

    @property
    def seconds(self) -> float:
        return self.spans[-1].end if self.spans else 0.0

    @property
    def title(self) -> str:
        return f"{self.entry} (attempt {self.attempt})" if self.attempt > 1 else self.entry


def rows_of(dialing: Dialing, seconds: float) -> Iterator[Row]:
    """Return a row for each attempt of a finished dial that reported a state.

    Args:
        dialing: The dial.
        seconds: How long its last attempt lasted, for one that ended without a terminal state.
    """
    attempts = [list(events) for _, events in groupby(dialing.events, key=lambda event: event.attempt)]
    for number, events in enumerate(attempts, 1):
        last = events[-1]
        is_last = number == len(attempts)
        end = last.elapsed if last.terminal or not is_last else seconds
        error = last.exception or (dialing.error if is_last else None)
        outcome = f"{error.code} {error.symbol}" if error else "hung up"
        if last.state == ConnectionState.CONNECTED and not last.error:
            error, outcome = None, "connected"
        yield Row(
            dialing.entry,
            last.attempt,
            dialing.simulated,
            error.code if error else 0,
            outcome,
            tuple(spans_of(events, end)),
        )


def spans_of(events: Sequence[DialEvent], end: float) -> Iterator[Span]:
    """Return the spans of an attempt. A state reported twice in a row is one span; a terminal one is none."""
    changes: list[tuple[ConnectionState | None, float]] = [(None, 0.0)]
    for event in events:
        if event.state != changes[-1][0] and not event.terminal:
            changes.append((event.state, event.elapsed))
    ends = [start for _, start in changes[1:]] + [end]
    for (state, start), until in zip(changes, ends, strict=True):
        if until > start:
            yield Span(state, start, until)
