"""rasdial.exe's own spelling: ``rasdial-async "Office VPN" ada * /PHONEBOOK:office.pbk``, ``/DISCONNECT``.

As rasdial.exe prints it::

    rasdial entryname [username [password|*]] [/DOMAIN:domain]
            [/PHONE:phonenumber] [/CALLBACK:callbacknumber]
            [/PHONEBOOK:phonebookfile] [/PREFIXSUFFIX]
    rasdial [entryname] /DISCONNECT

``/DISCONNECT`` may be shortened, down to ``/d``. Unlike rasdial.exe this program takes no password from the
arguments. Without a user name both dial with the login that is stored for the entry; where none is stored,
this program dials as the account that runs it.
https://learn.microsoft.com/windows-server/administration/windows-commands/rasdial
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import click

from ..._native.records import DialOptions
from ...errors import check_phonebook
from ..app import App, pass_app, wrong_usage
from ..login import Login
from ..options import DIALS, Command, common_options
from .dial import dial_entries
from .hangup import hang_up_entries

SPELLING = "ENTRY"  # the name of the command in usage messages
_VALUES = ("DOMAIN", "PHONE", "CALLBACK", "PHONEBOOK")
_BEHIND = "[USER ['*']] [/DOMAIN:D] [/PHONE:N] [/CALLBACK:N] [/PHONEBOOK:FILE] [/PREFIXSUFFIX] [/DISCONNECT]"
_NO_PASSWORD = (
    "a password is not taken from the arguments, where other users could read it: put '*' in its place to be "
    "asked for it, or use --password-stdin or RASDIAL_PASSWORD with the command dial"
)
_EXPANDED = "the shell has put file names in the place of *: quote it, '*'"


@dataclass
class _Arguments:
    words: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)


@click.command(SPELLING, cls=Command)
@click.argument("arguments", metavar=_BEHIND, nargs=-1, type=click.UNPROCESSED)
@common_options(*DIALS)
@pass_app
def rasdial(app: App, arguments: tuple[str, ...]) -> None:
    """Dial or hang up, by the arguments of rasdial.exe."""
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
        elif name.upper() == "PREFIXSUFFIX" and not colon:
            given.flags.add("PREFIXSUFFIX")
        elif name and "DISCONNECT".startswith(name.upper()) and not colon:
            given.flags.add("DISCONNECT")
        else:
            raise click.UsageError(f"unknown switch /{name}")
    return given


def _dial(app: App, given: _Arguments) -> None:
    entry, username, password = [*given.words, "", "", ""][:3]
    if not entry:
        raise click.UsageError("name an ENTRY of a phonebook")
    if password not in ("", "*"):
        raise click.UsageError(_EXPANDED if os.path.lexists(password) else _NO_PASSWORD)
    if len(given.words) > 3:
        raise click.UsageError("only switches may follow the user name and '*'")
    login = Login(app, username, given.values.get("DOMAIN", ""), prompt=password == "*")
    dial_entries(
        app,
        [entry],
        login,
        phone_number=given.values.get("PHONE", ""),
        callback_number=given.values.get("CALLBACK", ""),
        options=DialOptions.USE_PREFIX_SUFFIX if "PREFIXSUFFIX" in given.flags else DialOptions.NONE,
    )
