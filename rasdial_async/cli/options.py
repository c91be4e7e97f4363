"""The options of several commands, taken in front of the command's name or after it.

Every command accepts all of them, so that a wrapper can add them blindly; its help lists those that it uses.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from ..errors import check_phonebook
from . import completion
from .app import BACKEND_VARIABLE, App

_Command = TypeVar("_Command", bound=Callable[..., object])


def _keep(context: click.Context, option: click.Parameter, value: object) -> None:
    """Take the value; the later one counts, given after the command's name."""
    assert option.name is not None
    if context.get_parameter_source(option.name) is not ParameterSource.DEFAULT:
        setattr(context.ensure_object(App), option.name, value)


def _keep_phonebook(context: click.Context, option: click.Parameter, value: str | None) -> None:
    try:
        _keep(context, option, check_phonebook(value))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _keep_encoding(context: click.Context, option: click.Parameter, value: str | None) -> None:
    if value is not None:
        from ..phonebook import PhonebookFile

        try:
            PhonebookFile.parse(b"", encoding=value)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None
    _keep(context, option, value)


def check_file(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Refuse a file in a folder that does not exist, before anything is done."""
    if value is not None and not os.path.isdir(os.path.dirname(value) or "."):
        raise click.BadParameter(f"there is no folder for {value}")
    return value


class _CommonOption(click.Option):
    """One of those below."""


class Command(click.Command):
    """A command whose help shows its own options first, then the common ones."""

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        options = [option for option in self.get_params(context) if isinstance(option, click.Option)]
        for title, common in (("Options", False), ("Common options", True)):
            rows = [
                option.get_help_record(context)
                for option in options
                if isinstance(option, _CommonOption) is common
            ]
            if shown := list(filter(None, rows)):
                with formatter.section(title):
                    formatter.write_dl(shown)


class Group(click.Group, Command):
    """A group whose help shows its commands first."""

    command_class: type[click.Command] | None = Command

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_commands(context, formatter)
        Command.format_options(self, context, formatter)


_COMMON: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "backend": (
        ("--backend",),
        {
            "metavar": "NAME|PATH",
            "callback": _keep,
            "shell_complete": completion.backends,
            "help": "rasapi32, simulator, pppd, or the path of a library with the RAS functions.  "
            f"[env: {BACKEND_VARIABLE}]",
        },
    ),
    "phonebook": (
        ("--phonebook",),
        {
            "metavar": "PATH",
            "callback": _keep_phonebook,
            "shell_complete": completion.files,
            "help": "The .pbk file; without it the default phonebooks.",
        },
    ),
    "encoding": (
        ("--encoding",),
        {
            "metavar": "CODEC",
            "callback": _keep_encoding,
            "help": "The code page of a .pbk file that is not UTF-8, such as gbk; for --file and simulators.",
        },
    ),
    "timeout": (
        ("--timeout",),
        {
            "metavar": "SECONDS",
            "type": click.FloatRange(min=0, min_open=True),
            "callback": _keep,
            "help": "The longest it may take.",
        },
    ),
    "redials": (
        ("--redial", "redials"),
        {
            "metavar": "N",
            "type": click.IntRange(min=0),
            "callback": _keep,
            "help": "Dial again up to N times after an error that may pass.",
        },
    ),
    "exit_code": (
        ("--exit-code",),
        {
            "type": click.Choice(["simple", "ras"]),
            "callback": _keep,
            "help": "The exit code of an error: 1, or RAS's own (except on Windows its low byte).",
        },
    ),
    "as_json": (
        ("--json", "as_json"),
        {"is_flag": True, "callback": _keep, "help": "One JSON object a line."},
    ),
    "verbosity": (
        ("-v", "--verbose", "verbosity"),
        {"count": True, "callback": _keep, "help": "The log on stderr; -vv for all of it."},
    ),
}

DIALS = ("backend", "phonebook", "encoding", "timeout", "redials", "exit_code", "as_json", "verbosity")
ENTRIES = ("backend", "phonebook", "encoding", "timeout", "exit_code", "as_json", "verbosity")
ASKS = ("backend", "timeout", "exit_code", "as_json", "verbosity")


def common_options(*shown: str) -> Callable[[_Command], _Command]:
    """Add the common options to a command; its help lists those that `shown` names."""

    def add(command: _Command) -> _Command:
        for name, (declarations, settings) in reversed(_COMMON.items()):
            command = click.option(
                *declarations,
                cls=_CommonOption,
                expose_value=False,
                hidden=name not in shown,
                **settings,
            )(command)
        return command

    return add
