"""Where a password comes from: never from an argument, for other users could read that.

``--password-stdin``, ``--stored`` and ``--keyring`` say it; else the environment variable RASDIAL_PASSWORD,
if it is set; else, with a user name and on a terminal, a prompt.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, TextIO

import click

from .._native.records import Credentials
from . import PROGRAM
from .app import EXIT_INTERRUPTED, App
from .printable import printable

ENVIRONMENT = "RASDIAL_PASSWORD"
_KEYRING_MISSING = "the keyring is not installed: pip install keyring"


@dataclass
class Login:
    """What entries are dialed with. A password is asked for once, however many entries there are.

    Attributes:
        prompt: Ask for it, whatever the environment says.
    """

    app: App
    username: str = ""
    domain: str = ""
    from_stdin: bool = False
    stored: bool = False
    keyring: bool = False
    prompt: bool = False

    def for_entry(self, entry: str) -> Credentials:
        """Raises click.UsageError where the options contradict each other, or there is no password."""
        if self.from_stdin + self.stored + self.keyring > 1:
            raise click.UsageError("give one of --password-stdin, --stored and --keyring")
        if self.stored:
            if self.username or self.domain:
                raise click.UsageError("--stored takes the user name and domain from the store as well")
            return Credentials.stored()
        password = _from_keyring(entry, self.username) if self.keyring else self._password
        return Credentials(self.username, password, self.domain)

    @cached_property
    def _password(self) -> str:
        terminal = sys.stdin is not None and sys.stdin.isatty()
        if self.from_stdin:
            if terminal or sys.stdin is None:
                raise click.UsageError("--password-stdin is for pipes; without it the password is asked for")
            return _first_line(sys.stdin)
        if self.prompt and not terminal:
            raise click.UsageError("there is no terminal to ask for the password on")
        if not self.prompt and ENVIRONMENT in os.environ:
            return os.environ[ENVIRONMENT]
        if not self.prompt and not (self.username and terminal):
            return ""
        question = f"Password for {self.username}" if self.username else "Password"
        return _ask(self.app, question, "nothing was dialed")


def pre_shared_key(app: App) -> str:
    """What is typed twice on a terminal; in a pipe the first line of standard input."""
    if sys.stdin is not None and sys.stdin.isatty():
        return _ask(app, "Pre-shared key", "nothing was created", confirm=True)
    key = _first_line(sys.stdin) if sys.stdin is not None else ""
    if not key:
        raise click.UsageError("there is no pre-shared key on standard input")
    return key


def _first_line(stdin: TextIO) -> str:
    return stdin.readline().removeprefix("\ufeff").rstrip("\r\n")


def _ask(app: App, question: str, not_done: str, *, confirm: bool = False) -> str:
    question = printable(question, app.screen.err.encoding)
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
    """The service name under which the system's keyring has the passwords of an entry, by user name."""
    return f"{PROGRAM}:{entry}"


def _from_keyring(entry: str, username: str) -> str:
    if not username:
        raise click.UsageError("--keyring wants --username too: it is looked up by both")
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
    """The options of a :class:`Login`, which the command gets as `login`."""

    @click.option("--username", default="", metavar="NAME", help="Its password is asked for.")
    @click.option("--domain", default="", metavar="DOMAIN", help="The domain of the user name.")
    @click.option("--password-stdin", is_flag=True, help="The password is the first line of standard input.")
    @click.option("--stored", is_flag=True, help="With what RAS has stored for the entry.")
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
