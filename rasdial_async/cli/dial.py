"""``rasdial-async dial``: one entry, its states as they happen."""

from __future__ import annotations

import os
import sys

import click

from ..dialing import Dialing
from .app import EXIT_INTERRUPTED, App, common_options, pass_app
from .live import report_for
from .report import follow
from .screen import PROGRAM, SIMULATED, printable

PASSWORD_ENVIRONMENT = "RASDIAL_PASSWORD"


@click.command(short_help="Dial an entry.")
@click.argument("entry", default="")
@click.option("--username", default="", metavar="NAME")
@click.option("--domain", default="", metavar="DOMAIN")
@click.option("--phone-number", default="", metavar="NUMBER", help="Dial this, not what the entry says.")
@click.option("--password-stdin", is_flag=True, help="The password is the first line of standard input.")
@common_options
@pass_app
def dial(app: App, entry: str, username: str, domain: str, phone_number: str, password_stdin: bool) -> None:
    """Dial ENTRY and show its states as they happen. Ctrl-C hangs up.

    The password is asked for on a terminal where --username is given; or it comes from --password-stdin,
    or from the environment variable RASDIAL_PASSWORD. It can't be an argument: other users could read it.
    """
    if not entry and not phone_number:
        raise click.UsageError("name an ENTRY of a phonebook, or give --phone-number")
    app.run(
        _dial(app, entry, username, domain, phone_number, _password(app, username, password_stdin)),
        entry=entry or phone_number,
    )


def _password(app: App, username: str, from_stdin: bool) -> str:
    closed = sys.stdin is None
    terminal = not closed and sys.stdin.isatty()
    if from_stdin:
        if terminal or closed:
            raise click.UsageError("--password-stdin is for pipes; without it the password is asked for")
        return sys.stdin.readline().removeprefix("\ufeff").rstrip("\r\n")
    if PASSWORD_ENVIRONMENT in os.environ:
        return os.environ[PASSWORD_ENVIRONMENT]
    if not username or not terminal:
        return ""
    question = printable(f"Password for {username}", app.screen.err.encoding)
    try:
        answer: str = click.prompt(question, default="", show_default=False, hide_input=True, err=True)
    except click.Abort:
        app.screen.note(f"{PROGRAM}: interrupted; nothing was dialed")
        raise click.exceptions.Exit(EXIT_INTERRUPTED) from None
    return answer


async def _dial(app: App, entry: str, username: str, domain: str, phone_number: str, password: str) -> None:
    client = app.client
    try:
        dialing = client.dial(
            entry,
            phonebook=app.phonebook,
            username=username,
            password=password,
            domain=domain,
            phone_number=phone_number,
            timeout=app.timeout,
        )
    except ValueError as error:  # it names the argument, never its value
        raise click.UsageError(str(error)) from None
    with report_for(app.screen, [dialing]) as report:
        await follow(dialing, report)
    app.screen.line(_how_long(dialing))


def _how_long(dialing: Dialing) -> str:
    if dialing.simulated:
        return f"{SIMULATED}{dialing.entry}: no real link; the connection ends with this program"
    return f'It stays up until: {PROGRAM} hangup "{dialing.entry}"'
