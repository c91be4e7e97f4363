"""The options that go with every command, before its name or behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click
from click.core import ParameterSource

from ..client import ENVIRONMENT
from ..errors import check_phonebook
from . import completion
from .app import App

_Command = TypeVar("_Command", bound=Callable[..., object])


def _keep(context: click.Context, option: click.Parameter, value: object) -> None:
    """The later one counts: what is given behind the command."""
    assert option.name is not None
    if context.get_parameter_source(option.name) is not ParameterSource.DEFAULT:
        setattr(context.ensure_object(App), option.name, value)


def _keep_phonebook(context: click.Context, option: click.Parameter, value: str | None) -> None:
    try:
        _keep(context, option, check_phonebook(value))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


class _CommonOption(click.Option):
    """One of those below."""


class Command(click.Command):
    """Its help begins with what is its own, and ends with the options that go with every command."""

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        options = [option for option in self.get_params(context) if isinstance(option, click.Option)]
        for title, common in (("Options", False), ("Options of every command", True)):
            told = [
                option.get_help_record(context)
                for option in options
                if isinstance(option, _CommonOption) is common
            ]
            with formatter.section(title):
                formatter.write_dl(list(filter(None, told)))


class Group(click.Group, Command):
    """Its help has the commands first."""

    command_class: type[click.Command] | None = Command

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_commands(context, formatter)
        Command.format_options(self, context, formatter)


_COMMON: tuple[Callable[[_Command], _Command], ...] = (
    click.option(
        "--backend",
        cls=_CommonOption,
        metavar="NAME|PATH",
        expose_value=False,
        callback=_keep,
        shell_complete=completion.backends,
        help=f"rasapi32, simulator, or the path of a library with the RAS functions.  [env: {ENVIRONMENT}]",
    ),
    click.option(
        "--phonebook",
        cls=_CommonOption,
        metavar="PATH",
        expose_value=False,
        callback=_keep_phonebook,
        shell_complete=completion.files,
        help="The .pbk file; without it the default phonebooks.",
    ),
    click.option(
        "--json",
        "as_json",
        cls=_CommonOption,
        is_flag=True,
        expose_value=False,
        callback=_keep,
        help="One JSON object a line.",
    ),
    click.option(
        "--timeout",
        cls=_CommonOption,
        metavar="SECONDS",
        type=click.FloatRange(min=0, min_open=True),
        expose_value=False,
        callback=_keep,
        help="The longest it may take.",
    ),
    click.option(
        "--redial",
        "redials",
        cls=_CommonOption,
        metavar="N",
        type=click.IntRange(min=0),
        expose_value=False,
        callback=_keep,
        help="Of a dial: again up to N times after an error that may pass.",
    ),
    click.option(
        "-v",
        "--verbose",
        "verbosity",
        cls=_CommonOption,
        count=True,
        expose_value=False,
        callback=_keep,
        help="The log on stderr; -vv for all of it.",
    ),
)


def common_options(command: _Command) -> _Command:
    for option in reversed(_COMMON):
        command = option(command)
    return command
