"""The words that a shell offers for an option or an argument. An error meanwhile offers nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, Any

import click

from .app import App
from .display.printable import printable

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ..client import RasClient

_BACKENDS = ("rasapi32", "simulator", "pppd")
_LONGEST = 2.0  # seconds that a person waits for the Tab key


def backends(context: click.Context, option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    names = [_item(name) for name in _BACKENDS if name.startswith(incomplete)]
    return [*names, *files(context, option, incomplete)]


def files(context: click.Context, option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [_item(incomplete, type="file")]


def symbols(context: click.Context, option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from ..errors import known_codes

    wanted = incomplete.upper()
    return [
        _item(known.symbol, help=f"{known.code}: {known.message}")
        for known in known_codes().values()
        if known.symbol.startswith(wanted)
    ]


def entries(context: click.Context, option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The entries of ``--phonebook``, read without RAS; else those that RAS lists."""
    app = context.ensure_object(App)
    if app.phonebook is not None:
        return _offered(lambda: _in_file(app), incomplete)
    return _offered(lambda: _ask(app, _names), incomplete)


def connected(context: click.Context, option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The entries of the connections that are up."""
    app = context.ensure_object(App)
    return _offered(lambda: _ask(app, _connected), incomplete)


def _in_file(app: App) -> Iterable[str]:
    from ..phonebook import PhonebookFile

    assert app.phonebook is not None
    return [entry.name for entry in PhonebookFile.read(app.phonebook, encoding=app.encoding)]


async def _names(client: RasClient) -> Iterable[str]:
    return await client.entries()


async def _connected(client: RasClient) -> Iterable[str]:
    return [connection.entry for connection in await client.connections()]


def _ask(app: App, question: Callable[[RasClient], Coroutine[Any, Any, Iterable[str]]]) -> Iterable[str]:
    import asyncio

    async def ask() -> Iterable[str]:
        async with asyncio.timeout(_LONGEST):
            return await question(app.client)

    return asyncio.run(ask())


def _offered(find: Callable[[], Iterable[str]], incomplete: str) -> list[CompletionItem]:
    try:
        names = list(find())
    except Exception:  # the shell would print it in the middle of the line
        return []
    wanted = incomplete.upper()
    return [_item(name) for name in names if name.upper().startswith(wanted) and _can_be_said(name)]


def _item(word: str, **more: Any) -> CompletionItem:
    from click.shell_completion import CompletionItem  # here, since no other start of the program needs it

    return CompletionItem(word, **more)


def _can_be_said(name: str) -> bool:
    """Tell whether stdout takes the name as it is: with replaced characters it would be another name."""
    return printable(name, sys.stdout.encoding or "utf-8") == name
