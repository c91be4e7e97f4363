"""What the commands share: the common options, the client, the way errors end a command.

Exit codes: 0 done, 1 an error of RAS, 2 wrong usage, 130 interrupted by Ctrl-C.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import click

from .._codes import ERROR_CANNOT_FIND_PHONEBOOK_ENTRY, ERROR_TIMEOUT
from .._request import check_phonebook
from ..client import ENVIRONMENT, RasClient
from ..errors import BackendUnavailableError, RasError
from . import records
from .screen import PROGRAM, SIMULATED, Screen

EXIT_ERROR = 1
EXIT_INTERRUPTED = 130

_T = TypeVar("_T")
_Command = TypeVar("_Command", bound=Callable[..., object])


@dataclass
class App:
    """One run of the program. Tests pass one as click's `obj`.

    Attributes:
        open_client: Makes the client from ``--backend``, when a command first needs it.
        live: A terminal, yes or no; None = as stdout is.
        backend, phonebook, as_json, timeout: The common options.
    """

    open_client: Callable[[str | None], RasClient] = RasClient
    live: bool | None = None
    backend: str | None = None
    phonebook: str | None = None
    as_json: bool = False
    timeout: float | None = None

    @cached_property
    def screen(self) -> Screen:
        return Screen(as_json=self.as_json, live=self.live)

    @cached_property
    def client(self) -> RasClient:
        return self.open_client(self.backend)

    @property
    def tag(self) -> str:
        """Stands before what a simulated RAS told."""
        return SIMULATED if self._simulated else ""

    @property
    def _simulated(self) -> bool:
        return "client" in self.__dict__ and self.client.simulated

    def run(self, work: Coroutine[Any, Any, _T], *, entry: str = "") -> _T:
        """Runs the work of a command on an event loop; what goes wrong is told, and is the exit code.

        Args:
            work: What the command does.
            entry: What it is about, for the messages.
        """
        try:
            return asyncio.run(work)
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
        hint = self._hint(error)
        self.screen.record(records.error(error, entry, self._simulated, hint))
        about = f"{entry}: " if entry else ""
        self.screen.note(f"{PROGRAM}: {self.tag}{about}{error}", "bold red")
        if hint:
            self.screen.note(f"hint: {hint}")

    def _hint(self, error: RasError) -> str:
        if isinstance(error, BackendUnavailableError) and not error.function:
            return f"{error.hint} Here: --backend simulator, --backend PATH, or {ENVIRONMENT}."
        if error.code == ERROR_CANNOT_FIND_PHONEBOOK_ENTRY and self._simulated and self.phonebook is None:
            return f"{error.hint} A simulator has no entries of its own: name a .pbk file by --phonebook."
        return error.hint


pass_app = click.make_pass_decorator(App, ensure=True)


def _keep(context: click.Context, option: click.Parameter, value: object) -> None:
    """Common options may stand before the command or behind it; the later one counts."""
    if value is not None and value is not False:
        assert option.name is not None
        setattr(context.ensure_object(App), option.name, value)


def _keep_phonebook(context: click.Context, option: click.Parameter, value: str | None) -> None:
    try:
        _keep(context, option, check_phonebook(value))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


_COMMON: tuple[Callable[[_Command], _Command], ...] = (
    click.option(
        "--backend",
        metavar="NAME|PATH",
        expose_value=False,
        callback=_keep,
        help=f"rasapi32, simulator, or the path of a library with the RAS functions.  [env: {ENVIRONMENT}]",
    ),
    click.option(
        "--phonebook",
        metavar="PATH",
        expose_value=False,
        callback=_keep_phonebook,
        help="The .pbk file; without it the default phonebooks.",
    ),
    click.option(
        "--json", "as_json", is_flag=True, expose_value=False, callback=_keep, help="One JSON object a line."
    ),
    click.option(
        "--timeout",
        metavar="SECONDS",
        type=click.FloatRange(min=0, min_open=True),
        expose_value=False,
        callback=_keep,
        help="The longest it may take.",
    ),
)


def common_options(command: _Command) -> _Command:
    for option in reversed(_COMMON):
        command = option(command)
    return command
