"""The state that the commands share: the client, the screen, and the end of a command by an error or Ctrl-C.

Exit codes: 0 done, 1 an error of RAS, 2 wrong usage, 130 interrupted by Ctrl-C.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..errors import BackendUnavailableError, RasError
from ..errors.codes import (
    ERROR_CANNOT_FIND_PHONEBOOK_ENTRY,
    ERROR_INTERACTIVE_MODE,
    ERROR_TIMEOUT,
)
from . import PROGRAM
from .display import SIMULATED

if TYPE_CHECKING:
    from ..client import RasClient
    from .display.screen import Screen

BACKEND_VARIABLE = "RASDIAL_BACKEND"
EXIT_ERROR = 1
EXIT_INTERRUPTED = 130

_T = TypeVar("_T")


@contextmanager
def wrong_usage() -> Iterator[None]:
    """Turn the library's ValueErrors, which name an argument and never its value, into wrong usage."""
    try:
        yield
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _open_client(backend: str | None) -> RasClient:
    from ..client import RasClient

    return RasClient(backend)


@dataclass
class App:
    """One run of the program. Tests pass one as click's `obj`.

    Attributes:
        open_client: Makes the client from ``--backend``, when a command first needs it.
        live: True for a terminal, False for a pipe; None = as stdout is.
        backend, phonebook, encoding, as_json, timeout, redials, verbosity, exit_code: The common options.
        held: The dials that are not hung up yet, while the command is to hang them up.
        from_store: The command dials with a stored login only.
    """

    open_client: Callable[[str | None], RasClient] = _open_client
    live: bool | None = None
    backend: str | None = None
    phonebook: str | None = None
    encoding: str | None = None
    as_json: bool = False
    timeout: float | None = None
    redials: int | None = None
    verbosity: int = 0
    exit_code: str = "simple"
    held: list[str] = field(default_factory=list)
    from_store: bool = False

    @cached_property
    def screen(self) -> Screen:
        from .display.screen import Screen

        return Screen(as_json=self.as_json, live=self.live)

    @cached_property
    def client(self) -> RasClient:
        client = self.open_client(self.backend)
        if self.encoding is not None and self.phonebook is not None and client.simulator is not None:
            client.simulator.load_phonebook(self.phonebook, encoding=self.encoding)
        return client

    @property
    def backend_name(self) -> str:
        """The backend that the command line or the environment names; "" = neither."""
        return self.backend or os.environ.get(BACKEND_VARIABLE, "")

    @property
    def tag(self) -> str:
        """The mark in front of an answer of a simulated RAS."""
        return SIMULATED if self.simulated else ""

    @property
    def alone(self) -> str:
        """The hint where a simulated RAS has nothing: another process may have it."""
        return " (each process has a simulator of its own)" if self.simulated else ""

    @property
    def simulated(self) -> bool:
        return "client" in self.__dict__ and self.client.simulated

    def run(self, work: Coroutine[Any, Any, _T], *, entry: str = "") -> _T:
        """Run the work of a command on an event loop. An error or Ctrl-C is printed and ends the program.

        Args:
            work: The work.
            entry: The entry it concerns, for messages.
        """
        try:
            return self._run(work)
        except RasError as error:
            self.tell_error(error, entry)
            raise self.exit_for(error) from None
        except KeyboardInterrupt:
            self.screen.note(f"{PROGRAM}: interrupted")
            raise click.exceptions.Exit(EXIT_INTERRUPTED) from None

    def stay(self, work: Coroutine[Any, Any, None], *, entry: str = "") -> None:
        """Run work that goes on until Ctrl-C or SIGTERM, which is its intended end."""

        async def until_interrupted() -> None:
            await work

        try:
            self._run(until_interrupted())
        except KeyboardInterrupt:
            return
        except RasError as error:
            self.tell_error(error, entry)
            raise self.exit_for(error) from None

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        from . import interrupts
        from .verbose import log_to_stderr

        with log_to_stderr(self.verbosity):
            return interrupts.run(work, self._end_at_once)

    async def within_timeout(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Apply ``--timeout`` to a call of RAS that has no time-out of its own."""
        import asyncio

        try:
            async with asyncio.timeout(self.timeout):
                return await work
        except TimeoutError:
            message = f"RAS did not answer within {self.timeout:g} seconds"
            raise RasError(ERROR_TIMEOUT, message=message) from None

    def exit_for(self, error: RasError) -> click.exceptions.Exit:
        """Return the exit for an error: 1, or with ``--exit-code ras`` RAS's own code.

        An exit status has 32 bits on Windows and 8 elsewhere, where it is the low byte of the code, or 1 for
        a code whose low byte is 0.
        """
        if self.exit_code == "simple":
            return click.exceptions.Exit(EXIT_ERROR)
        return click.exceptions.Exit(
            error.code if sys.platform == "win32" else error.code & 0xFF or EXIT_ERROR
        )

    def tell_error(self, error: RasError, entry: str = "") -> None:
        """Report an error as a record and as a note."""
        from .display import records

        self.screen.record(records.error(error, entry, self.simulated, self.hint(error, entry)))
        self.note_error(error, entry)

    def note_error(self, error: RasError, entry: str) -> None:
        """Print an error and its hint on stderr."""
        about = f"{entry}: " if entry else ""
        self.screen.note(f"{PROGRAM}: {self.tag}{about}{error}", "bold red")
        if hint := self.hint(error, entry):
            self.screen.note(f"hint: {hint}")

    def hint(self, error: RasError, entry: str) -> str:
        """Return what a person at this command line can do about an error of an entry."""
        is_missing = isinstance(error, BackendUnavailableError) and not error.function
        if is_missing and self.backend_name != "pppd":
            return (
                f"--backend simulator, --backend PATH, or {BACKEND_VARIABLE} says what to dial with; "
                f"`{PROGRAM} demo` needs none of them."
            )
        if error.code == ERROR_CANNOT_FIND_PHONEBOOK_ENTRY and self.simulated and self.phonebook is None:
            return f"{error.hint} A simulator has no entries of its own: name a .pbk file by --phonebook."
        if error.code == ERROR_INTERACTIVE_MODE and self.from_store:
            return f'Give --username, or store a login first: {PROGRAM} credentials set "{entry}"'
        return error.hint

    def _end_at_once(self) -> None:
        """End after a second Ctrl-C, by os._exit: Python's own exit would wait for RAS's threads."""
        from .display import records

        self.screen.restore()
        self.screen.note(f"{PROGRAM}: ended at once")
        for entry in self.held:
            self.screen.record(records.left(entry, self.simulated))
            self.screen.note(f'{self.tag}{entry}: not hung up; {PROGRAM} hangup "{entry}" does it')
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(EXIT_INTERRUPTED)


pass_app: Callable[[Callable[..., Any]], Callable[..., Any]] = click.make_pass_decorator(App, ensure=True)
