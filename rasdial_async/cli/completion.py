"""What the shell offers behind an option or a command. What goes wrong meanwhile offers nothing."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, ClassVar

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class

from ..client import RasClient
from ..errors import known_codes
from ..phonebook import PhonebookFile
from .app import App
from .printable import printable

_LONGEST = 2.0  # seconds; nobody waits longer for the Tab key


class QuotingBash(BashComplete):
    """bash puts what it gets into the line as it is: a name with a blank would be two words, and one with
    $(…) a command. zsh and fish quote by themselves. The script of click's own class drops the backslashes.
    """

    source_template: ClassVar[str] = """\
%(complete_func)s() {
    local IFS=$'\\n' type value
    COMPREPLY=()
    while IFS=, read -r type value; do
        case $type in
            plain) COMPREPLY+=("$value") ;;
            file) compopt -o default ;;
        esac
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD %(complete_var)s=bash_complete "$1")
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""

    def format_completion(self, item: CompletionItem) -> str:
        words, position = os.environ["COMP_WORDS"].split("\n"), int(os.environ["COMP_CWORD"])
        typed = words[position] if position < len(words) else ""
        if item.type == "plain":
            item.value = _quoted(item.value, typed[:1])
        return super().format_completion(item)


add_completion_class(QuotingBash)


def _quoted(value: str, quote: str) -> str:
    """For behind the quote with which the word begins, or for behind none."""
    if quote == "'":
        return value.replace("'", "'\\''")
    special = r'([\\$"`])' if quote == '"' else r"([^\w@%+=:,./-])"
    return re.sub(special, r"\\\1", value)


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
