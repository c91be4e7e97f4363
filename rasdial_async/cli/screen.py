"""Where text goes: any terminal, pipe or file takes it, whatever characters a phonebook holds."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich import box
from rich.console import Console, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ..errors import ConnectionState
from .printable import printable
from .records import Record


def state_name(state: ConnectionState) -> str:
    return state.rascs_name.removeprefix("RASCS_")


class Screen:
    """stdout and stderr as they are when it is made.

    Attributes:
        live: A person watches stdout on a terminal that can move its cursor.
        as_json: stdout gets JSON objects, one a line, and nothing else.
        ascii_only: stdout can't show more.
        display: What changes in place meanwhile, on a terminal.
    """

    def __init__(self, *, as_json: bool = False, live: bool | None = None) -> None:
        self.as_json = as_json
        self.out: Console = _console(sys.stdout, live)
        self.err: Console = _console(sys.stderr, None)
        terminal = sys.stdout.isatty() if live is None else live
        self.live: bool = terminal and not as_json and not self.out.is_dumb_terminal
        self.display: Live | None = None
        self.ascii_only: bool = not self.out.encoding.startswith("utf")

    def text(self, text: str, style: str = "") -> Text:
        return Text(printable(text, self.out.encoding), style=style)

    def line(self, text: str, style: str = "") -> None:
        """A line for a person, on stdout; left out where that gets JSON."""
        if not self.as_json:
            self.out.print(self.text(text, style), soft_wrap=not self.out.is_terminal)

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Columns under their names; a terminal folds what is too wide, a pipe gets whole lines."""
        if not rows:
            return
        if not self.out.is_terminal:
            self._columns([headers, *rows])
            return
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for header in headers:
            table.add_column(header, overflow="fold")
        for row in rows:
            table.add_row(*map(self.text, row))
        self.show(table)

    def blocks(self, headers: Sequence[str], rows: Sequence[Sequence[Sequence[str]]]) -> None:
        """A table with several lines in a cell, for a terminal."""
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
        for header in headers:
            table.add_column(header, overflow="fold")
        for number, row in enumerate(rows):
            if number:
                table.add_row()
            table.add_row(*(Text("\n").join(map(self.text, filter(None, lines))) for lines in row))
        self.show(table)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """What is shown meanwhile stands where the last was, on a terminal that can do that."""
        if not self.live:
            yield
            return
        with Live(console=self.out, auto_refresh=False) as self.display:
            yield
        self.display = None

    def details(self, rows: Sequence[tuple[str, str]]) -> None:
        """Values behind their names."""
        if not self.out.is_terminal:
            self._columns([(f"  {name}", value) for name, value in rows])
            return
        table = Table.grid(padding=(0, 1))
        table.add_column(no_wrap=True, style="dim")
        table.add_column(overflow="fold")
        for name, value in rows:
            table.add_row(self.text(f"  {name}"), self.text(value))
        self.show(table)

    def _columns(self, rows: Sequence[Sequence[str]]) -> None:
        texts = [[self.text(cell) for cell in row] for row in rows]
        widths = [max(cell.cell_len for cell in column) for column in zip(*texts, strict=True)]
        for row in texts:
            pairs = zip(row, widths, strict=True)
            self.line("  ".join(cell.plain + " " * (width - cell.cell_len) for cell, width in pairs).rstrip())

    def show(self, renderable: RenderableType) -> None:
        """A table or the like, on stdout; left out where that gets JSON."""
        if self.display is not None:
            self.display.update(renderable, refresh=True)
        elif not self.as_json:
            self.out.print(renderable)

    def record(self, record: Record) -> None:
        """A JSON object on a line of its own, in ASCII; left out where a person reads."""
        if self.as_json:
            print(json.dumps(record), flush=True)

    def restore(self) -> None:
        """The terminal as it was, where the program ends in the middle of a live display."""
        if self.display is not None:
            self.display.stop()

    def note(self, text: str, style: str = "") -> None:
        """A line for a person, on stderr."""
        words = Text(printable(text, self.err.encoding), style=style)
        self.err.print(words, soft_wrap=not self.err.is_terminal)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Called for a BrokenPipeError: dials are hung up on their way to click, which exits with 1."""
        raise  # rich itself would exit here and now, in the middle of a task


def _console(stream: TextIO, terminal: bool | None) -> Console:
    if isinstance(stream, io.TextIOWrapper):  # for what rich adds of its own, such as an ellipsis
        stream.reconfigure(errors="backslashreplace")
    return _Console(file=stream, force_terminal=terminal, highlight=False, markup=False, emoji=False)
