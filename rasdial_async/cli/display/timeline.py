"""The timeline of a dial on a screen: a line with a bar for each state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from . import records
from .spans import Row, Span

if TYPE_CHECKING:
    from .screen import Screen

STYLES = ("cyan", "blue", "magenta", "yellow", "green")
_LABEL = 44  # columns that a line takes beside its bar
_SHORTEST_BAR = 10


def show(screen: Screen, rows: Sequence[Row]) -> None:
    """Print the rows, each under its title."""
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
    width = min(screen.width, 120) - _LABEL
    if width < _SHORTEST_BAR:
        return numbers
    before = int(span.start / row.seconds * width)
    length = max(round(span.seconds / row.seconds * width), 1)
    bar = " " * min(before, width - 1) + ("#" if screen.ascii_only else "█") * min(length, width - before)
    return f"{numbers}  {bar}"
