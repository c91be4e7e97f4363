"""``rasdial-async doctor``: an examination of RAS on this machine, for a bug report."""

from __future__ import annotations

from pathlib import Path

import click

from ...client.diagnosis import doctor as examine
from .. import PROGRAM, completion
from ..app import App, pass_app, wrong_usage
from ..display import records
from ..options import Command, check_file, common_options


@click.command(cls=Command)
@click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE",
    type=click.Path(dir_okay=False, writable=True),
    callback=check_file,
    shell_complete=completion.files,
    help="Write the report to this file.",
)
@click.option(
    "--dial",
    "entry",
    metavar="ENTRY",
    default="",
    shell_complete=completion.entries,
    help="Dial ENTRY too, and hang up: report each callback, and each look at the hang-up.",
)
@common_options("backend", "phonebook", "as_json", "verbosity")
@pass_app
def doctor(app: App, file: str | None, entry: str) -> None:
    """Examine RAS on this machine, and print a report for a bug report: system, Python, services, the RAS
    library, devices, phonebooks and entries, with a verdict in words.

    Each question is timed and bounded; RAS is asked in a child process, so that a crash is a line of the
    report. The report holds no password, user name or server address. It names entries and devices.

    Without --dial nothing is dialed. --dial takes the stored login of ENTRY, else the Windows logon.
    """
    app.screen.note("examining RAS; this may take a minute")
    with wrong_usage():
        report = app.run(examine(app.backend, phonebook=app.phonebook, dial=entry))
    for check in report.checks:
        app.screen.record(records.check(check))
    app.screen.record(records.verdict(report.verdict))
    if file is None:
        for line in str(report).splitlines():
            app.screen.line(line)
        return
    try:
        Path(file).write_text(str(report), encoding="utf-8")
    except OSError as error:
        raise click.FileError(file, error.strerror) from None
    for sentence in report.verdict:
        app.screen.line(sentence)
    app.screen.line(f"{PROGRAM}: the report is in {file}")
