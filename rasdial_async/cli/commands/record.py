"""``rasdial-async record``: a dial whose states are kept in a file."""

from __future__ import annotations

import click

from ...dialing import Dialing
from ...testing import Recording
from .. import completion
from ..app import App, pass_app
from ..display import records
from ..display.report import follow
from ..login import Login, login_options
from ..options import DIALS, Command, check_file, common_options
from .dial import new_dialing, redial_policy
from .several import report_for


@click.command(cls=Command)
@click.argument("entry", shell_complete=completion.entries)
@click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE",
    required=True,
    type=click.Path(dir_okay=False, writable=True),
    callback=check_file,
    shell_complete=completion.files,
    help="The file; an existing one is replaced.",
)
@common_options(*DIALS)
@pass_app
@login_options
def record(app: App, entry: str, file: str, login: Login) -> None:
    """Dial ENTRY as the command dial does, and record its states, times and errors in FILE, for replay.

    A dial that fails, times out or is ended by Ctrl-C is recorded too; a connection stays up. The file is
    safe to share: it names the device, but no entry, user name, password, phone number or address.
    """
    app.run(_record(app, new_dialing(app, entry, login.for_entry(entry), {}), file), entry=entry)


async def _record(app: App, dialing: Dialing, file: str) -> None:
    try:
        with report_for(app.screen, [dialing], redial_policy(app)) as report:
            await follow(dialing, report)
    finally:
        if dialing.done:
            _save(app, dialing, file)


def _save(app: App, dialing: Dialing, file: str) -> None:
    recording = Recording.of(dialing)
    try:
        recording.save(file)
    except OSError as error:
        raise click.FileError(file, error.strerror) from None
    app.screen.record(records.recorded(dialing.entry, dialing.simulated, file, len(recording.events)))
    app.screen.line(f"recorded: {file}")
