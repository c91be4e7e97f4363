"""What the shell offers behind an option or a command. What goes wrong meanwhile offers nothing."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

import click
from click.shell_completion import CompletionItem

from ..client import RasClient
from ..errors import known_codes
from ..phonebook import PhonebookFile
from .app import App
from .printable import printable

_LONGEST = 2.0  # seconds; nobody waits longer for the Tab key


def backends(context: click.Context, option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    names = [CompletionItem(name) for name in ("rasapi32", "simulator") if name.startswith(incomplete)]
    return [*names, *files(context, option, incomplete)]


def files(context: click.Context, option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="file")]


def symbols(context: click.Context, option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    wanted = incomplete.upper()
    return [
        CompletionItem(known.symbol, help=f"{known.code}: {known.message}")
        for known in known_codes().values()
        if known.symbol.startswith(wanted)
    ]


def entries(context: click.Context, option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The entries of ``--phonebook``, read without RAS; else those that RAS lists."""
    app = context.ensure_object(App)
    if app.phonebook is not None:
        book = app.phonebook
        return _offered(lambda: (entry.name for entry in PhonebookFile.read(book)), incomplete)
    return _offered(lambda: _ask(app, _names), incomplete)


def connected(context: click.Context, option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    app = context.ensure_object(App)
    return _offered(lambda: _ask(app, _connected), incomplete)


async def _names(client: RasClient) -> Iterable[str]:
    return await client.entries()


async def _connected(client: RasClient) -> Iterable[str]:
    return [connection.entry for connection in await client.connections()]


def _ask(app: App, question: Callable[[RasClient], Coroutine[Any, Any, Iterable[str]]]) -> Iterable[str]:
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
    return [CompletionItem(name) for name in names if name.upper().startswith(wanted) and _can_be_said(name)]


def _can_be_said(name: str) -> bool:
    """A name with its strange characters replaced would be another name."""
    return printable(name, sys.stdout.encoding or "utf-8") == name
