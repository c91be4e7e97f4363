"""The commands together."""

from __future__ import annotations

import click

from .. import __version__
from .app import App, common_options, pass_app
from .demo import demo
from .dial import dial
from .entries import entries
from .hangup import hangup
from .screen import PROGRAM
from .status import list_connections, status


@click.group(PROGRAM, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="rasdial-async")
@common_options
@pass_app
@click.pass_context
def cli(context: click.Context, app: App) -> None:
    """Dial, watch and hang up RAS connections: VPN, PPPoE, modem.

    Without a command: list the connections that are up.

    Exit code: 0 done, 1 an error of RAS (told on stderr), 2 wrong usage, 130 interrupted.
    """
    if context.invoked_subcommand is None:
        list_connections(app)


for command in (dial, hangup, status, entries, demo):
    cli.add_command(command)
