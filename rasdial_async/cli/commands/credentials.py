"""``rasdial-async credentials …``: the login that RAS keeps for an entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from ..._native.records import CredentialKind, Credentials
from .. import PROGRAM, completion
from ..app import EXIT_ERROR, App, pass_app, wrong_usage
from ..display import records
from ..login import Login, typed_twice
from ..options import Group, common_options

_COMMON = ("backend", "phonebook", "timeout", "exit_code", "as_json", "verbosity")
_KINDS = {
    "user": CredentialKind.USER,
    "all-users": CredentialKind.ALL_USERS,
    "pre-shared-key": CredentialKind.PRE_SHARED_KEY,
}


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    entry = click.argument("entry", shell_complete=completion.entries)
    kind = click.option(
        "--kind",
        type=click.Choice(list(_KINDS)),
        default="user",
        show_default=True,
        help="The user's login, the login of all users, or the key of an l2tp VPN.",
    )
    return entry(kind(common_options(*_COMMON)(pass_app(command))))


@click.group(cls=Group)
@common_options(*_COMMON)
def credentials() -> None:
    """Store, show and delete the login of an entry. A dial without --username uses it."""


@credentials.command(name="set")
@click.option("--username", default="", metavar="NAME", help="The user name; its password is asked for.")
@click.option("--domain", default="", metavar="DOMAIN", help="The domain of the user name.")
@click.option("--password-stdin", is_flag=True, help="The password is the first line of standard input.")
@_options
def set_(app: App, entry: str, kind: str, username: str, domain: str, password_stdin: bool) -> None:
    """Store the login of ENTRY. The password is asked for, or comes from --password-stdin or the environment
    variable RASDIAL_PASSWORD; a key is asked for, or is the first line of a pipe.
    """
    if _KINDS[kind].is_key:
        if username or domain:
            raise click.UsageError("a key has no user name and no domain")
        login = Credentials("", typed_twice(app, "Pre-shared key", "nothing was stored"))
    else:
        given = Login(app, username, domain, password_stdin, not_done="nothing was stored").for_entry(entry)
        if given is None or not username:
            raise click.UsageError("give --username")
        login = given

    async def store() -> None:
        with wrong_usage():
            await app.client.set_credentials(entry, login, phonebook=app.phonebook, kind=_KINDS[kind])

    app.run(store(), entry=entry)
    _report(app, entry, kind, login, "stored")
    if app.simulated:
        app.screen.note(f"{app.tag}lost when this program ends")


@credentials.command()
@_options
def show(app: App, entry: str, kind: str) -> None:
    """Show the login that is stored for ENTRY, without its password. Exit code 1 where nothing is stored."""

    async def ask() -> Credentials | None:
        with wrong_usage():
            return await app.within_timeout(
                app.client.get_credentials(entry, phonebook=app.phonebook, kind=_KINDS[kind])
            )

    login = app.run(ask(), entry=entry)
    if login is not None:
        _report(app, entry, kind, login, "")
        return
    app.screen.record(records.credentials(entry, kind, None, app.simulated))
    app.screen.line(f"{app.tag}{entry}: nothing is stored; {PROGRAM} credentials set stores a login")
    raise click.exceptions.Exit(EXIT_ERROR)


@credentials.command()
@_options
def delete(app: App, entry: str, kind: str) -> None:
    """Delete the login that is stored for ENTRY; one that does not exist is no error."""

    async def forget() -> None:
        with wrong_usage():
            await app.client.delete_credentials(entry, phonebook=app.phonebook, kind=_KINDS[kind])

    app.run(forget(), entry=entry)
    app.screen.record(records.credentials(entry, kind, None, app.simulated))
    app.screen.line(f"{app.tag}{entry}: nothing is stored any more")


def _report(app: App, entry: str, kind: str, login: Credentials, done: str) -> None:
    app.screen.record(records.credentials(entry, kind, login, app.simulated))
    if done:
        app.screen.line(f"{app.tag}{entry}: {done}")
        return
    rows = [("user name", login.username), ("domain", login.domain)] if not _KINDS[kind].is_key else []
    secret = "key" if _KINDS[kind].is_key else "password"
    app.screen.details([*rows, (secret, "stored" if login.password else "not stored")])
