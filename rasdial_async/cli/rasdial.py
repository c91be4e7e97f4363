"""rasdial.exe's own spelling: ``rasdial-async "Office VPN" ada * /PHONEBOOK:office.pbk``, ``/DISCONNECT``.

As rasdial.exe prints it::

    rasdial entryname [username [password|*]] [/DOMAIN:domain]
            [/PHONE:phonenumber] [/CALLBACK:callbacknumber]
            [/PHONEBOOK:phonebookfile] [/PREFIXSUFFIX]
    rasdial [entryname] /DISCONNECT

The password is the one thing that it does not take from the arguments. Without a user name it dials with what
is stored for the entry, as rasdial.exe does, and where nothing is, as the account that runs it.
https://learn.microsoft.com/windows-server/administration/windows-commands/rasdial
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import click

from .._native.records import DialOptions
from ..errors import RasError, check_phonebook
from .app import App, pass_app, wrong_usage
from .dial import dial_entries
from .hangup import hang_up_entries
from .options import Command, common_options
from .passwords import ENVIRONMENT, Login

SPELLING = "ENTRY"  # in usage messages, in the place of a command
_VALUES = ("DOMAIN", "PHONE", "CALLBACK", "PHONEBOOK")
_FLAGS = ("DISCONNECT", "PREFIXSUFFIX")
_BEHIND = "[USER [*]] [/DOMAIN:D] [/PHONE:N] [/CALLBACK:N] [/PHONEBOOK:FILE] [/PREFIXSUFFIX] [/DISCONNECT]"
_NO_PASSWORD = (
    "a password is not taken from the arguments, where other users could read it: put * in its place to be "
    "asked for it, or use --password-stdin or RASDIAL_PASSWORD with the command dial"
)


@dataclass
class _Arguments:
    words: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)


@click.command(SPELLING, cls=Command, context_settings={"ignore_unknown_options": True})
@click.argument("arguments", metavar=_BEHIND, nargs=-1, type=click.UNPROCESSED)
@common_options
@pass_app
def rasdial(app: App, arguments: tuple[str, ...]) -> None:
    """Dial or hang up as rasdial.exe is told to."""
    given = _parse(arguments)
    if "PHONEBOOK" in given.values:
        with wrong_usage():
            app.phonebook = check_phonebook(given.values["PHONEBOOK"])
    if "DISCONNECT" in given.flags:
        if len(given.words) > 1:
            raise click.UsageError("/DISCONNECT takes one entry, or none for all")
        hang_up_entries(app, given.words[0] if given.words else None)
        return
    _dial(app, given)


def _parse(arguments: tuple[str, ...]) -> _Arguments:
    given = _Arguments()
    for argument in arguments:
        name, colon, value = argument.removeprefix("/").partition(":")
        if not argument.startswith("/"):
            given.words.append(argument)
        elif name.upper() in _VALUES and colon:
            given.values[name.upper()] = value
        elif name.upper() in _FLAGS and not colon:
            given.flags.add(name.upper())
        else:
            raise click.UsageError(f"unknown switch /{name}")
    return given


def _dial(app: App, given: _Arguments) -> None:
    entry, username, password = [*given.words, "", "", ""][:3]
    if password not in ("", "*"):
        raise click.UsageError(_NO_PASSWORD)
    if not entry:
        raise click.UsageError("name an ENTRY of a phonebook")
    if len(given.words) > 3:
        raise click.UsageError("nothing but switches stands behind the user name and *")
    login = Login(app, username, given.values.get("DOMAIN", ""), prompt=password == "*")
    if not (username or login.domain or ENVIRONMENT in os.environ):
        login.stored = app.run(_has_stored(app, entry))
    dial_entries(
        app,
        [entry],
        login,
        phone_number=given.values.get("PHONE", ""),
        callback_number=given.values.get("CALLBACK", ""),
        options=DialOptions.USE_PREFIX_SUFFIX if "PREFIXSUFFIX" in given.flags else DialOptions.NONE,
    )


async def _has_stored(app: App, entry: str) -> bool:
    try:
        return await app.client.get_credentials(entry, phonebook=app.phonebook) is not None
    except (RasError, ValueError):  # the dial tells what is wrong
        return False
