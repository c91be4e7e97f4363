"""What the commands share: the client, the screen, the way errors and Ctrl-C end a command.

Exit codes: 0 done, 1 an error of RAS, 2 wrong usage, 130 interrupted by Ctrl-C.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..client import ENVIRONMENT, RasClient
from ..errors import BackendUnavailableError, RasError
from ..errors.codes import ERROR_CANNOT_FIND_PHONEBOOK_ENTRY, ERROR_TIMEOUT
from . import PROGRAM, SIMULATED, interrupts, records

if TYPE_CHECKING:
    from .screen import Screen

EXIT_ERROR = 1
EXIT_INTERRUPTED = 130

_T = TypeVar("_T")


@contextmanager
def wrong_usage() -> Iterator[None]:
    """The ValueErrors of the library name an argument, never its value: here they are wrong usage."""
    try:
        yield
    except ValueError as error:
        raise click.UsageError(str(error)) from None


@dataclass
class App:
    """One run of the program. Tests pass one as click's `obj`.

    Attributes:
        open_client: Makes the client from ``--backend``, when a command first needs it.
        live: A terminal, yes or no; None = as stdout is.
        backend, phonebook, as_json, timeout, redials, verbosity: The common options.
        held: What has been dialed and is not hung up yet, while the command would hang it up.
    """

    open_client: Callable[[str | None], RasClient] = RasClient
    live: bool | None = None
    backend: str | None = None
    phonebook: str | None = None
    as_json: bool = False
    timeout: float | None = None
    redials: int | None = None
    verbosity: int = 0
    held: list[str] = field(default_factory=list)

    @cached_property
    def screen(self) -> Screen:
        from .screen import Screen  # rich takes its time, and --help has no use for it

        return Screen(as_json=self.as_json, live=self.live)

    @cached_property
    def client(self) -> RasClient:
        return self.open_client(self.backend)

    @property
    def tag(self) -> str:
        """Stands before what a simulated RAS told."""
        return SIMULATED if self.simulated else ""

    @property
    def simulated(self) -> bool:
        return "client" in self.__dict__ and self.client.simulated

    def run(self, work: Coroutine[Any, Any, _T], *, entry: str = "") -> _T:
        """Runs the work of a command on an event loop; what goes wrong is told, and is the exit code.

        Args:
            work: What the command does.
            entry: What it is about, for the messages.
        """
        from .verbose import log_to_stderr

        try:
            with log_to_stderr(self.verbosity):
                return interrupts.run(work, self._end_at_once)
        except RasError as error:
            self.tell_error(error, entry)
            raise click.exceptions.Exit(EXIT_ERROR) from None
        except KeyboardInterrupt:
            self.screen.note(f"{PROGRAM}: interrupted")
            raise click.exceptions.Exit(EXIT_INTERRUPTED) from None

    async def within_timeout(self, work: Coroutine[Any, Any, _T]) -> _T:
        """For calls of RAS that take no time-out of their own."""
        try:
            async with asyncio.timeout(self.timeout):
                return await work
        except TimeoutError:
            message = f"RAS did not answer within {self.timeout:g} seconds"
            raise RasError(ERROR_TIMEOUT, message=message) from None

    def tell_error(self, error: RasError, entry: str = "") -> None:
        self.screen.record(records.error(error, entry, self.simulated, self.hint(error)))
        self.note_error(error, entry)

    def note_error(self, error: RasError, entry: str) -> None:
        about = f"{entry}: " if entry else ""
        self.screen.note(f"{PROGRAM}: {self.tag}{about}{error}", "bold red")
        if hint := self.hint(error):
            self.screen.note(f"hint: {hint}")

    def hint(self, error: RasError) -> str:
        """What a person can do about it, at this command line."""
        if isinstance(error, BackendUnavailableError) and not error.function:
            return (
                f"--backend simulator, --backend PATH, or {ENVIRONMENT} says what to dial with; "
                f"`{PROGRAM} demo` needs none of them."
            )
        if error.code == ERROR_CANNOT_FIND_PHONEBOOK_ENTRY and self.simulated and self.phonebook is None:
            return f"{error.hint} A simulator has no entries of its own: name a .pbk file by --phonebook."
        return error.hint

    def _end_at_once(self) -> None:
        """After a second Ctrl-C. os._exit, for Python's own way out would wait for RAS's threads."""
        self.screen.restore()
        self.screen.note(f"{PROGRAM}: ended at once")
        for entry in self.held:
            self.screen.record(records.left(entry, self.simulated))
            self.screen.note(f'{self.tag}{entry}: not hung up; {PROGRAM} hangup "{entry}" does it')
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(EXIT_INTERRUPTED)


pass_app: Callable[[Callable[..., Any]], Callable[..., Any]] = click.make_pass_decorator(App, ensure=True)
