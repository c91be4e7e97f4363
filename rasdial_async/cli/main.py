"""The commands together. A module is imported when its command is used: --help is for people who wait."""

from __future__ import annotations

import difflib
from importlib import import_module

import click

from .. import __version__
from . import PROGRAM
from .app import EXIT_INTERRUPTED, App, pass_app
from .options import Group, common_options
from .printable import as_utf8

COMMANDS = {
    "dial": "Dial entries and show their states.",
    "hangup": "Hang up.",
    "status": "How the connections stand.",
    "watch": "Which connections come up and go.",
    "record": "Dial an entry and keep what happened in a file.",
    "replay": "Play a recorded dial on the simulator.",
    "keep": "Keep an entry connected until Ctrl-C.",
    "entries": "What can be dialed.",
    "devices": "What RAS can dial with.",
    "phonebook": "Look at phonebooks and change them.",
    "error": "Explain an error code.",
    "demo": "Three simulated dials, live.",
}
_HELP = ("help", "/?")  # as other programs, and rasdial.exe, spell it


class Commands(Group):
    """Knows its commands by name, and takes rasdial.exe's own spelling for the rest."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(context, [as_utf8(argument) for argument in args])

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f".{name}", __package__), name)
        command.short_help = COMMANDS[name]  # for the shell's completion
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in _HELP:
            args = [*args[1:], "--help"]
            if len(args) == 1:
                click.echo(context.get_help())
                context.exit()
        if args[0] in COMMANDS:
            return super().resolve_command(context, args)
        meant = difflib.get_close_matches(args[0], COMMANDS, n=1, cutoff=0.7) if len(args) == 1 else []
        if meant:
            raise click.UsageError(
                f"no command {args[0]!r}; did you mean {meant[0]}? An entry of this name: dial {args[0]}"
            )
        from .rasdial import SPELLING, rasdial

        return SPELLING, rasdial, args

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except KeyboardInterrupt:  # before or after the work of a command
            raise click.exceptions.Exit(EXIT_INTERRUPTED) from None

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    PROGRAM,
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, package_name="rasdial-async")
@common_options
@pass_app
@click.pass_context
def cli(context: click.Context, app: App) -> None:
    """Dial, watch and hang up RAS connections: VPN, PPPoE, modem.

    Without a command: list the connections that are up. rasdial.exe's own spelling works too, but for the
    password: rasdial-async ENTRY [USER [*]] [/PHONEBOOK:FILE ...], rasdial-async [ENTRY] /DISCONNECT.

    To see it without RAS: rasdial-async demo.

    Exit code: 0 done, 1 an error of RAS (told on stderr), 2 wrong usage, 130 interrupted.
    """
    if context.invoked_subcommand is None:
        from .status import list_connections

        list_connections(app)
