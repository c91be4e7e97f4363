"""The commands together. A command's module is imported when the command runs, for a quick start."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from .. import __version__
from . import PROGRAM
from .app import EXIT_INTERRUPTED, App, pass_app
from .display.printable import as_utf8, printable_lines
from .options import DIALS, Group, common_options

COMMANDS = {
    "dial": "Dial entries and show their states.",
    "hangup": "Hang up.",
    "status": "Show the connections that are up.",
    "watch": "Show connections as they come up and go.",
    "keep": "Keep an entry connected until Ctrl-C.",
    "record": "Dial an entry and record its states in a file.",
    "replay": "Play a recorded dial on the simulator.",
    "entries": "List the entries that can be dialed.",
    "devices": "List the devices that RAS can dial with.",
    "phonebook": "Show phonebooks and change them.",
    "credentials": "Store, show and delete the login of an entry.",
    "error": "Explain an error code.",
    "doctor": "Examine RAS on this machine, for a bug report.",
    "demo": "Dial three simulated entries, live.",
}
_HELP = ("help", "/?")  # as other programs, and rasdial.exe, spell it
_COMPLETE = "_RASDIAL_ASYNC_COMPLETE"
_LIKE = 0.7  # how much a word has to resemble a command to be taken for a slip


class Commands(Group):
    """The group of all commands. It takes rasdial.exe's own spelling for everything else."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        if _COMPLETE in os.environ:
            from . import shells as shells  # registers them
        return super().main(*arguments, **options)

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        with _messages_that_steer_nothing():
            return super().make_context(*arguments, **options)

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(context, [as_utf8(argument) for argument in args])

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f".commands.{name}", __package__), name)
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
        if meant := _command_like(args[0]):
            raise click.UsageError(
                f"no command {args[0]!r}; did you mean {meant}? An entry of this name: dial {args[0]!r}"
            )
        from .commands.rasdial import SPELLING, rasdial

        return SPELLING, rasdial, args

    def invoke(self, context: click.Context) -> object:
        try:
            with _messages_that_steer_nothing():
                return super().invoke(context)
        except KeyboardInterrupt:  # before or after the work of a command
            raise click.exceptions.Exit(EXIT_INTERRUPTED) from None
        except BrokenPipeError:  # `| head`: the reader has what it wanted
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(0) from None

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@contextmanager
def _messages_that_steer_nothing() -> Iterator[None]:
    """click prints its messages as they are, and they quote arguments."""
    try:
        yield
    except click.ClickException as error:
        encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
        error.__dict__["message"] = printable_lines(error.message, encoding)  # click calls it final
        raise


def _command_like(word: str) -> str | None:
    import difflib

    return next(iter(difflib.get_close_matches(word, COMMANDS, n=1, cutoff=_LIKE)), None)


@click.group(
    PROGRAM,
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, package_name="rasdial-async")
@common_options(*DIALS)
@pass_app
@click.pass_context
def cli(context: click.Context, app: App) -> None:
    """Dial, watch and hang up RAS connections: VPN, PPPoE, modem.

    Without a command: list the connections that are up. rasdial.exe's own spelling works too, except for the
    password: rasdial-async ENTRY [USER ['*']] [/PHONEBOOK:FILE ...], rasdial-async [ENTRY] /DISCONNECT.

    Without RAS, see the program at work: rasdial-async demo.

    Exit code: 0 done, 1 an error of RAS (printed on stderr), 2 wrong usage, 130 interrupted.
    """
    if context.invoked_subcommand is None:
        from .commands.status import list_connections

        list_connections(app)
