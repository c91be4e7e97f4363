"""``rasdial-async dial``: entries side by side, their states as they happen."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

import click

from ..._native.records import Credentials
from ...dialing import Dialing, OneDialArguments, Redial
from ...errors import DialError
from .. import PROGRAM, completion
from ..app import App, pass_app, wrong_usage
from ..display import SIMULATED
from ..display.report import Report
from ..login import Login, login_options
from ..options import DIALS, Command, common_options
from .several import follow_all, report_for

_PRINTED = "-"
_PICTURES = (".svg", ".html")


class DialCommand(Command):
    """The command dial, whose ``--timeline`` takes a file name that ends in .svg or .html, or none."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        for position, argument in enumerate(args):
            following = args[position + 1 : position + 2]
            if argument == "--timeline" and not any(map(_is_picture, following)):
                args[position] = f"--timeline={_PRINTED}"
        return super().parse_args(context, args)


def _is_picture(path: str) -> bool:
    return path.lower().endswith(_PICTURES)


def _check_timeline(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value is None or value == _PRINTED:
        return value
    if not _is_picture(value):
        raise click.BadParameter(f"{value} does not end in .svg or .html")
    if not os.path.isdir(os.path.dirname(value) or "."):
        raise click.BadParameter(f"there is no folder for {value}")
    return value


@click.command(cls=DialCommand)
@click.argument("entries", metavar="ENTRY...", nargs=-1, shell_complete=completion.entries)
@click.option("--phone-number", default="", metavar="NUMBER", help="Dial this number instead of the entry's.")
@click.option("--save", is_flag=True, help="Store the login for the entry once it is connected.")
@click.option(
    "--timeline",
    metavar="[FILE.svg|.html]",
    callback=_check_timeline,
    shell_complete=completion.files,
    help="Show how long each state took: printed, or drawn.",
)
@common_options(*DIALS)
@pass_app
@login_options
def dial(
    app: App, entries: tuple[str, ...], phone_number: str, save: bool, timeline: str | None, login: Login
) -> None:
    """Dial each ENTRY, all at once, and show their states as they happen. The connections stay up when the
    program ends; `hangup` ends them. Ctrl-C during the dial hangs up all of them; a second Ctrl-C does not
    wait for that, and names the entries that are left.

    With --username the password is asked for on a terminal, or comes from --password-stdin, --keyring or the
    environment variable RASDIAL_PASSWORD; without a password nothing is dialed. It can't be an argument, as
    other users could read it. Without --username the dial takes the login that is stored for the entry, else
    the account that runs the program.
    """
    if not entries and not phone_number:
        raise click.UsageError("name an ENTRY of a phonebook, or give --phone-number")
    if len(entries) > 1 and phone_number:
        raise click.UsageError("--phone-number is for one ENTRY, or for none")
    if save and not login.username:
        raise click.UsageError("--save needs a login to store: give --username")
    dial_entries(app, entries or ("",), login, timeline, phone_number=phone_number, save_credentials=save)


def dial_entries(
    app: App,
    entries: Sequence[str],
    login: Login,
    timeline: str | None = None,
    **more: Unpack[OneDialArguments],
) -> None:
    """Dial all entries and report; exit with an error where one of them failed."""
    wanted = [(entry, login.for_entry(entry)) for entry in entries]
    errors = app.run(_dial_all(app, wanted, timeline, more), entry=entries[0] or more.get("phone_number", ""))
    for entry, error in errors:
        app.note_error(error, entry)
    if errors:
        raise app.exit_for(errors[0][1])


async def _dial_all(
    app: App, wanted: Sequence[tuple[str, Credentials | None]], timeline: str | None, more: OneDialArguments
) -> list[tuple[str, DialError]]:
    dialings = [new_dialing(app, entry, credentials, more) for entry, credentials in wanted]
    report = report_for(app.screen, dialings, redial_policy(app))
    try:
        with report:
            outcomes = await follow_all(app, dialings, report)
    finally:
        if timeline is not None:
            _show_timeline(app, dialings, report, timeline)
    if connected := [dialing for dialing in dialings if dialing.error is None]:
        app.screen.line(_how_long(connected))
    return [(one.entry, error) for one, error in zip(dialings, outcomes, strict=True) if error is not None]


def new_dialing(app: App, entry: str, credentials: Credentials | None, more: OneDialArguments) -> Dialing:
    """Return a Dialing with the common options of the program."""
    arguments: OneDialArguments = {
        **more,
        "phonebook": app.phonebook,
        "credentials": credentials,
        "timeout": app.timeout,
    }
    with wrong_usage():
        return app.client.dial(entry, redial=redial_policy(app), **arguments)


def redial_policy(app: App) -> Redial | None:
    """Return the policy of ``--redial``."""
    return Redial(attempts=app.redials + 1) if app.redials else None


def _show_timeline(app: App, dialings: Sequence[Dialing], report: Report, timeline: str) -> None:
    from ..display import picture
    from ..display.spans import rows_of
    from ..display.timeline import show

    rows = [row for dialing in dialings for row in rows_of(dialing, report.seconds(dialing))]
    show(app.screen, rows)
    if timeline == _PRINTED:
        return
    try:
        picture.write(Path(timeline), rows)
    except OSError as error:
        raise click.FileError(timeline, error.strerror) from None
    app.screen.line(f"drawn: {timeline}")


def _how_long(connected: Sequence[Dialing]) -> str:
    first, *more = connected
    if first.simulated:
        links = "no real links; the connections end" if more else "no real link; the connection ends"
        return f"{SIMULATED}{links} with this program"
    if more:
        return f"They stay up until: {PROGRAM} hangup ENTRY, for each of them"
    return f'It stays up until: {PROGRAM} hangup "{first.entry}"'
