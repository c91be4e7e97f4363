"""Dials on a terminal: a line for each that changes in place, with a clock and a bar that run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from rich.console import OverflowMethod
from rich.live import Live
from rich.table import Table

from ..connection import Connection
from ..dialing import Dialing
from ..errors import DialError, describe_code
from ..events import DialEvent
from .report import JsonReport, Report, elapsed, event_text, seconds_text
from .screen import Screen, state_name
from .usual import Progress

FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
ASCII_FRAMES = "|/-\\"
_PER_SECOND = 12
_BESIDE = 56  # columns beside the entry's name and the bar


@dataclass
class _Line:
    """What stands in the line of a dial; `seconds` is None while the clock runs."""

    text: str = "dialing"
    mark: str = ""
    style: str = "cyan"
    seconds: float | None = None
    progress: Progress = field(default_factory=Progress)


class LiveReport(Report):
    """Lines that change in place. A dial on its own leaves all its states above its line."""

    def __init__(self, screen: Screen, dialings: Sequence[Dialing]) -> None:
        super().__init__(screen)
        now = time.monotonic()
        self.begun: dict[Dialing, float] = dict.fromkeys(dialings, now)
        self._history = len(dialings) == 1
        self._lines = {dialing: _Line() for dialing in dialings}
        self._live = Live(
            console=screen.out, get_renderable=self._table, refresh_per_second=_PER_SECOND, auto_refresh=True
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._live.stop()

    def event(self, dialing: Dialing, event: DialEvent) -> None:
        if self._history:
            self.screen.line(
                f"  {seconds_text(event.elapsed)}  {event_text(event)}", "red" if event.error else ""
            )
        line = self._lines[dialing]
        about = (
            f"{event.error} {describe_code(event.error).symbol}" if event.error else state_name(event.state)
        )
        line.text = about + (f" (attempt {event.attempt})" if event.attempt > 1 else "")
        line.progress.feed(event)
        self._live.refresh()

    def connected(self, dialing: Dialing, connection: Connection) -> None:
        self._end(dialing, "Connected", ("+", "✔"), "bold green")

    def failed(self, dialing: Dialing, error: DialError) -> None:
        self._end(dialing, f"{error.code} {error.symbol}", ("x", "✘"), "bold red")

    def hanging_up(self, dialing: Dialing) -> None:
        self._lines[dialing].text = "hanging up (Ctrl-C: at once)"
        self._live.refresh()

    def hung_up(self, dialing: Dialing) -> None:
        self._end(dialing, "hung up", ("-", "■"), "yellow")

    def _end(self, dialing: Dialing, text: str, marks: tuple[str, str], style: str) -> None:
        line = self._lines[dialing]
        line.text, line.mark, line.style = text, marks[not self.screen.ascii_only], style
        line.seconds = self.seconds(dialing) if dialing in self.over else elapsed(dialing)
        self._live.refresh()

    def _table(self) -> Table:
        frames = ASCII_FRAMES if self.screen.ascii_only else FRAMES
        frame = frames[int(time.monotonic() * _PER_SECOND) % len(frames)]
        entries = {dialing: self.screen.text(dialing.entry, "bold") for dialing in self._lines}
        longest = max(entry.cell_len for entry in entries.values())
        bar = min(max(self.screen.out.width - _BESIDE - longest, 5), 30)

        table = Table.grid(padding=(0, 1))
        overflow: OverflowMethod = "crop" if self.screen.ascii_only else "ellipsis"
        for width in (1, None, 9, bar, None, None):
            table.add_column(no_wrap=True, overflow=overflow, min_width=width)
        for dialing, line in list(self._lines.items()):
            seconds = self.seconds(dialing) if line.seconds is None else line.seconds
            table.add_row(
                self.screen.text(line.mark or frame, line.style),
                entries[dialing],
                self.screen.text(f"{seconds:7.2f} s", "dim"),
                self.screen.text(self._bar(line.progress.share, bar), line.style),
                self.screen.text(line.text, line.style),
                self.screen.text("simulated" if dialing.simulated else "", "magenta"),
            )
        return table

    def _bar(self, share: float, width: int) -> str:
        done, rest = "#." if self.screen.ascii_only else "━┄"
        full = int(share * width)
        return done * full + rest * (width - full)


def report_for(screen: Screen, dialings: Sequence[Dialing]) -> Report:
    """The report that fits where stdout goes."""
    if screen.as_json:
        return JsonReport(screen)
    return LiveReport(screen, dialings) if screen.live else Report(screen)
