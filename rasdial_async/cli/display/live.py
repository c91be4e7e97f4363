"""Dials on a terminal: a line for each dial changes in place, with a clock and a bar."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Group, RenderableType
from rich.live import Live
from rich.table import Table

from ...errors import describe_code
from .progress import Progress
from .report import Report, elapsed, event_text, seconds_text
from .spans import state_name

if TYPE_CHECKING:
    from ..._native.records import DialEvent
    from ...active import Connection
    from ...dialing import Dialing, Redial
    from ...errors import DialError
    from .screen import Screen

FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
ASCII_FRAMES = "|/-\\"
_PER_SECOND = 12
_BESIDE = 44  # columns beside the entry's name and the bar
_LONG_TEXT = 12  # more of them, which the shortest bar does not leave to the names of errors
_SHORTEST_BAR = 5
_NARROW = 60  # columns; with less, words get short


@dataclass
class _Line:
    """The line of a dial; `seconds` is None while the clock runs."""

    text: str = "dialing"
    mark: str = ""
    style: str = "cyan"
    seconds: float | None = None
    progress: Progress = field(default_factory=Progress)


class LiveReport(Report):
    """Lines that change in place. A dial on its own leaves all its states above its line.

    A thread of rich draws the lines some times a second, not at each event: drawing many lines takes longer
    than a state lasts, and the loop has dials to serve. A terminal with too few lines shows the dials that
    are still going on, and all dials at the end.
    """

    def __init__(self, screen: Screen, dialings: Sequence[Dialing], redial: Redial | None = None) -> None:
        super().__init__(screen, redial)
        now = time.monotonic()
        self.begun: dict[Dialing, float] = dict.fromkeys(dialings, now)
        self._history = len(dialings) == 1
        self._lines = {dialing: _Line() for dialing in dialings}
        self._entries = {dialing: screen.text(dialing.entry, "bold") for dialing in dialings}
        self._longest = max(entry.cell_len for entry in self._entries.values())
        self._all = False
        self._live = Live(
            console=screen.out, get_renderable=self._shown, refresh_per_second=_PER_SECOND, auto_refresh=True
        )

    def __enter__(self) -> Self:
        self._live.start()
        self.screen.display = self._live
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._all = True
        self._live.stop()
        self.screen.display = None

    def event(self, dialing: Dialing, event: DialEvent) -> None:
        line = self._lines[dialing]
        about = (
            f"{event.error} {describe_code(event.error).symbol}" if event.error else state_name(event.state)
        )
        attempt = f" (attempt {event.attempt})" if event.attempt > 1 else ""
        line.text = about + attempt + self._again(event)
        line.progress.feed(event)
        if self._history:
            self._live.refresh()  # a line printed above redraws this one as it was drawn last
            told = f"  {seconds_text(event.elapsed)}  {event_text(event)}{self._again(event)}"
            self.screen.line(told, "red" if event.error else "")

    def connected(self, dialing: Dialing, connection: Connection) -> None:
        self._end(dialing, "Connected", ("+", "✔"), "bold green")

    def failed(self, dialing: Dialing, error: DialError) -> None:
        self._end(dialing, f"{error.code} {error.symbol}", ("x", "✘"), "bold red")

    def hanging_up(self, dialing: Dialing) -> None:
        self._lines[dialing].text = "hanging up (Ctrl-C: at once)"

    def hung_up(self, dialing: Dialing) -> None:
        self._end(dialing, "hung up", ("-", "■"), "yellow")

    def _end(self, dialing: Dialing, text: str, marks: tuple[str, str], style: str) -> None:
        line = self._lines[dialing]
        line.text, line.mark, line.style = text, marks[not self.screen.ascii_only], style
        line.seconds = self.seconds(dialing) if dialing in self.over else elapsed(dialing)

    def _shown(self) -> RenderableType:
        room = self.screen.out.height - 2  # for the line below them, and for the cursor
        if self._all or len(self._lines) <= room:
            return self._table(list(self._lines))
        shown = set(sorted(self._lines, key=lambda dialing: bool(self._lines[dialing].mark))[:room])
        marks = Counter(line.mark for line in self._lines.values())
        counts = ", ".join(f"{count} {mark or 'under way'}" for mark, count in sorted(marks.items()))
        table = self._table([dialing for dialing in self._lines if dialing in shown])
        return Group(table, self.screen.text(f"{len(self._lines)} dials: {counts}", "dim"))

    def _table(self, dialings: Sequence[Dialing]) -> Table:
        frames = ASCII_FRAMES if self.screen.ascii_only else FRAMES
        frame = frames[int(time.monotonic() * _PER_SECOND) % len(frames)]
        room = self.screen.width - _BESIDE - self._longest
        bar = min(max(room - _LONG_TEXT, _SHORTEST_BAR), 30) if room >= _SHORTEST_BAR else 0
        simulated = "simulated" if self.screen.width >= _NARROW else "sim."

        table = Table.grid(padding=(0, 1))
        for gives_way in (False, True, False, False, True, False):  # where the terminal is too narrow
            table.add_column(no_wrap=not gives_way)
        for dialing in dialings:
            line = self._lines[dialing]
            seconds = self.seconds(dialing) if line.seconds is None else line.seconds
            cells = (
                self.screen.text(line.mark or frame, line.style),
                self._entries[dialing],
                self.screen.text(f"{seconds:7.2f} s", "dim"),
                self.screen.text(self._bar(line.progress.share, bar), line.style),
                self.screen.text(line.text, line.style),
                self.screen.text(simulated if dialing.simulated else "", "magenta"),
            )
            for cell in cells:
                cell.no_wrap, cell.overflow = True, "crop" if self.screen.ascii_only else "ellipsis"
            table.add_row(*cells)
        return table

    def _bar(self, share: float, width: int) -> str:
        done, rest = "#." if self.screen.ascii_only else "━┄"
        full = int(share * width)
        return done * full + rest * (width - full)
