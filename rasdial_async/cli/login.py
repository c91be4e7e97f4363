"""The user name and password of a dial. A password is never an argument: other users could read it.

``--password-stdin``, ``--stored`` and ``--keyring`` choose the source. Without them it is the environment
variable RASDIAL_PASSWORD if set, else a prompt on a terminal. Without any user name the entry's stored login
counts, else the Windows logon.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, TextIO

import click

from . import PROGRAM
from .app import EXIT_INTERRUPTED, App
from .display.printable import printable

if TYPE_CHECKING:
    from .._native.records import Credentials

ENVIRONMENT = "RASDIAL_PASSWORD"
_KEYRING_MISSING = "the keyring is not installed: pip install keyring"
_NO_PASSWORD = (
    "no password for the user name, and no terminal to ask on: give --password-stdin, --stored, --keyring or "
    f"the environment variable {ENVIRONMENT}"
)


@dataclass
class Login:
    """The login options of a command. A password is asked for once, however many entries are dialed.

    Attributes:
        prompt: Ask for the password, whatever the environment says.
        not_done: The words for a prompt that Ctrl-C has ended.
    """

    app: App
    username: str = ""
    domain: str = ""
    from_stdin: bool = False
    stored: bool = False
    keyring: bool = False
    prompt: bool = False
    not_done: str = "nothing was dialed"

    def for_entry(self, entry: str) -> Credentials | None:
        """Return the credentials for an entry; None = no login was given.

        Raises:
            click.UsageError: The options contradict each other, or there is no password.
        """
        from .._native.records import Credentials

        if self.from_stdin + self.stored + self.keyring > 1:
            raise click.UsageError("give one of --password-stdin, --stored and --keyring")
        if self.from_stdin and (sys.stdin is None or sys.stdin.isatty()):
            raise click.UsageError("--password-stdin is for pipes; without it the password is asked for")
        if self.stored:
            if self.username or self.domain:
                raise click.UsageError("--stored takes the user name and domain from the store as well")
            self.app.from_store = True
            return Credentials.stored()
        if self.keyring:
            return Credentials(self.username, _from_keyring(entry, self.username), self.domain)
        if not self.username:
            self._refuse_password_alone()
            return Credentials("", "", self.domain) if self.domain else None
        return Credentials(self.username, self._password, self.domain)

    def _refuse_password_alone(self) -> None:
        source = "--password-stdin" if self.from_stdin else ENVIRONMENT if ENVIRONMENT in os.environ else ""
        if source and not self.prompt:
            raise click.UsageError(f"{source} gives a password without a user name: add --username")

    @cached_property
    def _password(self) -> str:
        if self.from_stdin:
            return _first_line(sys.stdin, "password")
        if not self.prompt and ENVIRONMENT in os.environ:
            return os.environ[ENVIRONMENT]
        if sys.stdin is None or not sys.stdin.isatty():
            raise click.UsageError(
                "there is no terminal to ask for the password on" if self.prompt else _NO_PASSWORD
            )
        return _ask(self.app, f"Password for {self.username}", self.not_done)


def typed_twice(app: App, question: str, not_done: str) -> str:
    """Return a secret: typed twice on a terminal, in a pipe the first line of standard input."""
    if sys.stdin is not None and sys.stdin.isatty():
        return _ask(app, question, not_done, confirm=True)
    secret = _first_line(sys.stdin, question.lower()) if sys.stdin is not None else ""
    if not secret:
        raise click.UsageError(f"there is no {question.lower()} on standard input")
    return secret


def _first_line(stdin: TextIO, what: str) -> str:
    line = stdin.readline()
    if not line:
        raise click.UsageError(f"there is no {what} on standard input")
    return line.removeprefix("\ufeff").rstrip("\r\n")


def _ask(app: App, question: str, not_done: str, *, confirm: bool = False) -> str:
    question = printable(question, app.screen.error_encoding)
    more: dict[str, Any] = (
        {"confirmation_prompt": True} if confirm else {"default": "", "show_default": False}
    )
    try:
        answer: str = click.prompt(question, hide_input=True, err=True, **more)
    except click.Abort:
        app.screen.note(f"{PROGRAM}: interrupted; {not_done}")
        raise click.exceptions.Exit(EXIT_INTERRUPTED) from None
    return answer


def keyring_service(entry: str) -> str:
    """Return the service name under which the system's keyring keeps an entry's passwords, by user name."""
    return f"{PROGRAM}:{entry}"


def _from_keyring(entry: str, username: str) -> str:
    if not username:
        raise click.UsageError("--keyring needs --username too: the keyring keeps passwords by both")
    try:
        import keyring
        import keyring.errors
    except ModuleNotFoundError:
        raise click.UsageError(_KEYRING_MISSING) from None
    service = keyring_service(entry)
    try:
        password = keyring.get_password(service, username)
    except keyring.errors.KeyringError as error:
        raise click.UsageError(f"the keyring does not answer: {type(error).__name__}") from None
    if password is None:
        raise click.UsageError(f'the keyring has no password there: keyring set "{service}" "{username}"')
    return password


def login_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a :class:`Login`, which the command gets as `login`."""

    @click.option("--username", default="", metavar="NAME", help="The user name; its password is asked for.")
    @click.option("--domain", default="", metavar="DOMAIN", help="The domain of the user name.")
    @click.option("--password-stdin", is_flag=True, help="The password is the first line of standard input.")
    @click.option("--stored", is_flag=True, help="The login that `credentials set` or --save has stored.")
    @click.option("--keyring", is_flag=True, help="The password is in the system's keyring.")
    @wraps(command)
    def with_login(
        app: App,
        username: str,
        domain: str,
        password_stdin: bool,
        stored: bool,
        keyring: bool,
        **more: Any,
    ) -> Any:
        return command(app, login=Login(app, username, domain, password_stdin, stored, keyring), **more)

    return with_login
