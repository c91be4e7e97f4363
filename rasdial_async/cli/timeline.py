"""Where the time of a dial went: its states as spans, on a screen or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from .._native.records import DialEvent
from ..dialing import Dialing
from ..errors import ConnectionState
from . import records
from .report import Report
from .screen import Screen, state_name

STYLES = ("cyan", "blue", "magenta", "yellow", "green")
_LABEL = 44  # columns that a line takes beside its bar
_SHORTEST_BAR = 10


@dataclass(frozen=True, slots=True)
class Span:
    """A dial was in a state.

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
    """One dial; a redial is one of its own.

    Attributes:
        code: The error it ended in; 0 = none.
        outcome: How it ended, in words.
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


def rows_of(dialing: Dialing, report: Report) -> Iterator[Row]:
    """The rows of a dial that is over: one for each attempt that told anything."""
    attempts = [list(events) for _, events in groupby(dialing.events, key=lambda event: event.attempt)]
    for number, events in enumerate(attempts, 1):
        last = events[-1]
        is_last = number == len(attempts)
        end = last.elapsed if last.terminal or not is_last else report.seconds(dialing)
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
            tuple(_spans(events, end)),
        )


def _spans(events: Sequence[DialEvent], end: float) -> Iterator[Span]:
    """A state that is reported twice in a row is one span, and one that ends the dial is none."""
    changes: list[tuple[ConnectionState | None, float]] = [(None, 0.0)]
    for event in events:
        if event.state != changes[-1][0] and not event.terminal:
            changes.append((event.state, event.elapsed))
    ends = [start for _, start in changes[1:]] + [end]
    for (state, start), until in zip(changes, ends, strict=True):
        if until > start:
            yield Span(state, start, until)


def show(screen: Screen, rows: Sequence[Row]) -> None:
    for row in rows:
        screen.record(records.timeline(row))
        simulated = "  (simulated)" if row.simulated else ""
        screen.line("")
        screen.line(
            f"{row.title}: {row.outcome} after {row.seconds:.3f} s{simulated}", "red" if row.code else "bold"
        )
        for number, span in enumerate(row.spans):
            screen.line(_line(screen, row, span), STYLES[number % len(STYLES)])


def _line(screen: Screen, row: Row, span: Span) -> str:
    numbers = f"  {span.name:<22} {span.seconds:8.3f} s {span.seconds / row.seconds:4.0%}"
    width = min(screen.out.width, 120) - _LABEL
    if width < _SHORTEST_BAR:
        return numbers
    before = int(span.start / row.seconds * width)
    length = max(round(span.seconds / row.seconds * width), 1)
    bar = " " * min(before, width - 1) + ("#" if screen.ascii_only else "█") * min(length, width - before)
    return f"{numbers}  {bar}"
