"""The way of text to stdout and stderr: any terminal, pipe or file takes it, whatever a phonebook holds.

Rich draws for terminals, and is imported for them only: lines into a pipe need nothing of it.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

from .printable import columns, printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.live import Live
    from rich.text import Text


class Screen:
    """stdout and stderr as they are when it is made.

    Attributes:
        is_terminal: stdout goes to a terminal.
        live: A person watches stdout on a terminal that can move its cursor.
        as_json: stdout gets JSON objects, one a line, and nothing else.
        encoding: The encoding of stdout.
        ascii_only: stdout takes no other characters.
        display: The live display that changes in place meanwhile, on a terminal.
    """

    def __init__(self, *, as_json: bool = False, live: bool | None = None) -> None:
        self.as_json = as_json
        self._stdout, self._stderr = sys.stdout, sys.stderr
        for stream in (self._stdout, self._stderr):
            if isinstance(stream, io.TextIOWrapper):  # for the characters that rich adds, such as an ellipsis
                stream.reconfigure(errors="backslashreplace")
        self.is_terminal: bool = _is_terminal(self._stdout) if live is None else live
        dumb = os.environ.get("TERM", "").lower() in ("dumb", "unknown")
        terminal = self._stdout.isatty() if live is None else live
        self.live: bool = terminal and not as_json and not dumb
        self.display: Live | None = None
        self.encoding: str = _encoding(self._stdout)
        self.ascii_only: bool = not self.encoding.startswith("utf")

    @cached_property
    def out(self) -> Console:
        """Rich's console of stdout."""
        return _console(self._stdout, self.is_terminal)

    @cached_property
    def _err(self) -> Console:
        return _console(self._stderr, None)

    @property
    def error_encoding(self) -> str:
        """The encoding of stderr."""
        return _encoding(self._stderr)

    @property
    def width(self) -> int:
        """The columns of stdout; of a pipe, those that COLUMNS says, else 80."""
        if self.is_terminal:
            return self.out.width
        import shutil

        return shutil.get_terminal_size().columns

    def text(self, text: str, style: str = "") -> Text:
        """Return a text for rich."""
        from rich.text import Text

        return Text(printable(text, self.encoding), style=style)

    def line(self, text: str, style: str = "") -> None:
        """Print a line for a person on stdout; left out where stdout gets JSON."""
        if self.as_json:
            return
        if self.is_terminal:
            self.out.print(self.text(text, style))
        else:
            _print_plain(self._stdout, text)

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print columns under their names; a terminal folds wide cells, a pipe gets whole lines."""
        if not rows or self.as_json:
            return
        if not self.is_terminal:
            self._columns([headers, *rows])
            return
        from rich import box
        from rich.table import Table

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for header in headers:
            table.add_column(header, overflow="fold")
        for row in rows:
            table.add_row(*map(self.text, row))
        self.show(table)

    def blocks(self, headers: Sequence[str], rows: Sequence[Sequence[Sequence[str]]]) -> None:
        """Print a table with several lines in a cell, for a terminal."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

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
        """Inside the block each table replaces the one before, on a terminal that can do that."""
        if not self.live:
            yield
            return
        from rich.live import Live

        with Live(console=self.out, auto_refresh=False) as self.display:
            yield
        self.display = None

    def details(self, rows: Sequence[tuple[str, str]]) -> None:
        """Print values behind their names."""
        if not rows or self.as_json:
            return
        if not self.is_terminal:
            self._columns([(f"  {name}", value) for name, value in rows])
            return
        from rich.table import Table

        table = Table.grid(padding=(0, 1))
        table.add_column(no_wrap=True, style="dim")
        table.add_column(overflow="fold")
        for name, value in rows:
            table.add_row(self.text(f"  {name}"), self.text(value))
        self.show(table)

    def _columns(self, rows: Sequence[Sequence[str]]) -> None:
        texts = [[printable(cell, self.encoding) for cell in row] for row in rows]
        widths = [max(map(columns, column)) for column in zip(*texts, strict=True)]
        for row in texts:
            pairs = zip(row, widths, strict=True)
            self.line("  ".join(cell + " " * (width - columns(cell)) for cell, width in pairs).rstrip())

    def show(self, renderable: RenderableType) -> None:
        """Print a table or another drawing of rich on stdout; left out where stdout gets JSON."""
        if self.display is not None:
            self.display.update(renderable, refresh=True)
        elif not self.as_json:
            self.out.print(renderable)

    def record(self, record: Mapping[str, object]) -> None:
        """Print a JSON object on a line of its own, in ASCII; left out where a person reads."""
        if self.as_json:
            print(json.dumps(record), file=self._stdout, flush=True)

    def restore(self) -> None:
        """Give the terminal back, where the program ends in the middle of a live display."""
        if self.display is not None:
            self.display.stop()

    def note(self, text: str, style: str = "") -> None:
        """Print a line for a person on stderr."""
        if not _is_terminal(self._stderr):
            _print_plain(self._stderr, text)
            return
        from rich.text import Text

        self._err.print(Text(printable(text, self.error_encoding), style=style))


def _print_plain(stream: TextIO, text: str) -> None:
    print(printable(text, _encoding(stream)), file=stream, flush=True)


def _encoding(stream: TextIO) -> str:
    return (getattr(stream, "encoding", None) or "utf-8").lower()


def _is_terminal(stream: TextIO) -> bool:
    """FORCE_COLOR makes a terminal of everything, as it does for rich."""
    return stream.isatty() or bool(os.environ.get("FORCE_COLOR"))


def _console(stream: TextIO, terminal: bool | None) -> Console:
    from rich.console import Console

    class QuietConsole(Console):
        def on_broken_pipe(self) -> None:
            """Raise the BrokenPipeError again: rich itself would exit here, in the middle of a task."""
            raise

    return QuietConsole(file=stream, force_terminal=terminal, highlight=False, markup=False, emoji=False)
