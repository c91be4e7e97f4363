"""``rasdial-async phonebook …``: entries shown and changed, in RAS or in a .pbk file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from ..._native.records import Entry, VpnProtocol
from .. import completion
from ..app import EXIT_ERROR, App, pass_app, wrong_usage
from ..display import records
from ..display.records import Settings, Summary
from ..login import typed_twice
from ..options import ENTRIES, Group, common_options
from .books import Book, FileBook, RasBook

Difference = tuple[list[str] | None, list[str] | None]

_SECRETS = ("presharedkey", "apninfopassword", "pre_shared_key")  # keys of a .pbk file, and RAS's
_LOGINS: dict[str, dict[str, Any]] = {  # --login: the arguments of Entry.vpn
    "mschapv2": {},
    "eap-mschapv2": {"eap": 26},
    "eap-tls": {"eap": 13},
    "peap": {"eap": 25},
    "machine-certificate": {"machine_certificate": True},
}
CHANGES = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}

_entry = click.argument("entry", shell_complete=completion.entries)
_new_name = click.argument("name")


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--file, and what all commands have."""
    file = click.option(
        "--file",
        metavar="PATH",
        shell_complete=completion.files,
        help="The .pbk file itself, without RAS, on any system.",
    )
    return file(common_options(*ENTRIES)(pass_app(command)))


@click.group(cls=Group)
@common_options(*ENTRIES)
def phonebook() -> None:
    """Show phonebooks and change them: through RAS, or a .pbk FILE without RAS.

    Without --file the commands use the phonebook of RAS that --phonebook names, or the default ones.
    """


@phonebook.command()
@click.argument("entry", required=False, shell_complete=completion.entries)
@_options
def show(app: App, file: str | None, entry: str | None) -> None:
    """List the entries, or show all settings of ENTRY."""
    if entry is None:
        _list(app, file)
        return
    summary, settings = app.run(_whole(app, file, entry), entry=entry)
    app.screen.record(records.phonebook_entry(summary, _path(app, file), settings, app.simulated))
    app.screen.details([(key, value) for key, values in settings.items() for value in values or [""]])


def _list(app: App, file: str | None) -> None:
    found = app.run(_summaries(app, file))
    for one in found:
        app.screen.record(records.phonebook_entry(one, _path(app, file), None, app.simulated))
    rows = [(one.name, one.device_type, one.device_name, one.phone_number) for one in found]
    app.screen.table(("Entry", "Type", "Device", "Number or host"), rows)


async def _summaries(app: App, file: str | None) -> list[Summary]:
    book = _book(app, file)
    return [await book.summary(name) for name in await app.within_timeout(book.names())]


async def _whole(app: App, file: str | None, entry: str) -> tuple[Summary, Settings]:
    book = _book(app, file)
    with wrong_usage():
        summary = await app.within_timeout(book.summary(entry))
        return summary, _without_secrets(await app.within_timeout(book.settings(entry)))


@phonebook.command()
@_new_name
@click.option("--vpn", metavar="SERVER", help="A VPN to this host name or address.")
@click.option(
    "--protocol",
    type=click.Choice([one.name.lower() for one in VpnProtocol]),
    default="automatic",
    show_default=True,
    help="The protocol of the VPN.",
)
@click.option(
    "--login",
    type=click.Choice(list(_LOGINS)),
    help="How the VPN proves who the user is; without it as usual for the protocol.",
)
@click.option(
    "--ask-pre-shared-key",
    is_flag=True,
    help="Ask for the key of an l2tp VPN. A pipe gives it as the first line of standard input.",
)
@click.option("--pppoe", metavar="SERVICE", help='PPPoE; "" for any service.')
@click.option("--modem", metavar="NUMBER", help="A modem that dials this; with --device.")
@click.option("--device", metavar="NAME", help="The exact name of the device; see `devices`.")
@_options
def create(
    app: App,
    file: str | None,
    name: str,
    vpn: str | None,
    protocol: str,
    login: str | None,
    ask_pre_shared_key: bool,
    pppoe: str | None,
    modem: str | None,
    device: str | None,
) -> None:
    """Add the entry NAME: a VPN, PPPoE or a modem. A FILE that does not exist is created."""
    if [vpn, pppoe, modem].count(None) != 2:
        raise click.UsageError("give one of --vpn, --pppoe and --modem")
    if modem is not None and device is None:
        raise click.UsageError("--modem needs --device, the name of the modem")
    if login is not None and vpn is None:
        raise click.UsageError("--login goes with --vpn")
    if ask_pre_shared_key and (vpn is None or protocol != "l2tp"):
        raise click.UsageError("--ask-pre-shared-key goes with --vpn and --protocol l2tp")
    if ask_pre_shared_key and file is not None:
        raise click.UsageError("a pre-shared key is kept by RAS, not in a .pbk file: leave --file out")
    key = typed_twice(app, "Pre-shared key", "nothing was created") if ask_pre_shared_key else ""
    chosen: dict[str, Any] = {} if device is None else {"device_name": device}
    with wrong_usage():
        if vpn is not None:
            how = {**chosen, **(_LOGINS[login] if login is not None else {})}
            entry = Entry.vpn(name, vpn, protocol=protocol, pre_shared_key=key, **how)
        elif pppoe is not None:
            entry = Entry.pppoe(name, pppoe, **chosen)
        else:
            entry = Entry.modem(name, modem or "", device=device or "")
    _change(app, file, "created", name, None, lambda book: book.create(entry), may_be_new=True)


@phonebook.command()
@click.argument("old", shell_complete=completion.entries)
@click.argument("new")
@_options
def rename(app: App, file: str | None, old: str, new: str) -> None:
    """Give the entry OLD the name NEW."""
    _change(app, file, "renamed", old, new, lambda book: book.rename(old, new))


@phonebook.command()
@_entry
@_options
def delete(app: App, file: str | None, entry: str) -> None:
    """Delete ENTRY."""
    _change(app, file, "deleted", entry, None, lambda book: book.delete(entry))


@phonebook.command(name="set", short_help="Change one setting of an entry.")
@_entry
@click.argument("key")
@click.argument("values", metavar="VALUE...", nargs=-1)
@_options
def set_(app: App, file: str | None, entry: str, key: str, values: tuple[str, ...]) -> None:
    """Give the setting KEY of ENTRY this VALUE. KEY is a name that `show ENTRY` prints.

    Flags and alternate numbers take several values. Without a VALUE the setting is emptied, or removed from a
    FILE. A number or a name stands for an enumerated value, such as vpn_strategy IKEV2_ONLY.
    """
    if key.lower() in _SECRETS:
        raise click.UsageError(
            f"{key} is a secret, which other users could read in the arguments: use `credentials set`"
        )
    _change(app, file, "changed", entry, None, lambda book: book.set(entry, key, values))


def _change(
    app: App,
    file: str | None,
    change: str,
    entry: str,
    new_name: str | None,
    work: Callable[[Book], Any],
    *,
    may_be_new: bool = False,
) -> None:
    async def do() -> None:
        with wrong_usage():
            await work(_book(app, file, may_be_new=may_be_new))  # no time-out: it would hide a change

    app.run(do(), entry=entry)
    app.screen.record(records.phonebook_change(entry, _path(app, file), change, new_name, app.simulated))
    to = f" to {new_name}" if new_name is not None else ""
    app.screen.line(f"{app.tag}{entry}: {change}{to}")
    if app.simulated:
        app.screen.note(f"{app.tag}lost when this program ends; --file changes the file itself")


@phonebook.command(short_help="Show how another phonebook differs.")
@click.argument("other", metavar="OTHER.pbk", shell_complete=completion.files)
@_options
def diff(app: App, file: str | None, other: str) -> None:
    """Show how the phonebook OTHER.pbk differs. Both are read in the same way, by RAS or as files."""

    async def compare() -> list[tuple[str, Settings | None, Settings | None]]:
        old = await _all(_book(app, file))
        new = await _all(
            FileBook(other, app.encoding) if file is not None else RasBook(app.client.phonebook(other))
        )
        return [
            (name, old.get(name), new.get(name))
            for name in dict.fromkeys([*old, *new])
            if old.get(name) != new.get(name)
        ]

    for name, before, after in app.run(compare()):
        change = "added" if before is None else "removed" if after is None else "changed"
        mark, style = CHANGES[change]
        app.screen.line(f"{mark} {name}", style)
        differing = _differing(before, after) if before is not None and after is not None else {}
        app.screen.record(records.difference(name, change, differing, app.simulated))
        if change == "changed":
            app.screen.details(
                [(key, f"{_said(old)} -> {_said(new)}") for key, (old, new) in differing.items()]
            )


async def _all(book: Book) -> dict[str, Settings]:
    return {name: await book.settings(name) for name in await book.names()}


def _without_secrets(settings: Settings) -> Settings:
    return {key: _masked(key, values) for key, values in settings.items()}


def _masked(key: str, values: list[str]) -> list[str]:
    return ["***" if value and key.lower() in _SECRETS else value for value in values]


def _differing(before: Settings, after: Settings) -> dict[str, Difference]:
    pairs = {key: (before.get(key), after.get(key)) for key in dict.fromkeys([*before, *after])}
    return {
        key: (old and _masked(key, old), new and _masked(key, new))
        for key, (old, new) in pairs.items()
        if old != new
    }


def _said(values: list[str] | None) -> str:
    return "(not there)" if values is None else ", ".join(values) or '""'


@phonebook.command(short_help="Check a name, or the entries of a file.")
@click.argument("name", required=False)
@_options
def validate(app: App, file: str | None, name: str | None) -> None:
    """Check that a new entry can have this NAME, or check the entries of FILE. Exit code 1 if not."""
    if name is not None:
        app.run(_check_name(app, file, name), entry=name)
        app.screen.record(records.validity(name, "", app.simulated))
        app.screen.line(f"{app.tag}{name}: free for a new entry")
        return
    if file is None:
        raise click.UsageError("give a NAME, or a --file to be checked")
    problems = app.run(_problems(app, file))
    for entry, problem in problems:
        app.screen.record(records.validity(entry, problem, app.simulated))
        app.screen.line(f"{entry}: {problem}", "red")
    if problems:
        raise click.exceptions.Exit(EXIT_ERROR)
    app.screen.line(f"{file}: nothing wrong")


async def _check_name(app: App, file: str | None, name: str) -> None:
    with wrong_usage():
        await app.within_timeout(_book(app, file).check_name(name))


async def _problems(app: App, file: str) -> list[tuple[str, str]]:
    return FileBook(file, app.encoding).problems()


def _book(app: App, file: str | None, *, may_be_new: bool = False) -> Book:
    if file is not None:
        return FileBook(file, app.encoding, may_be_new=may_be_new)
    return RasBook(app.client.phonebook(app.phonebook))


def _path(app: App, file: str | None) -> str:
    return file or app.phonebook or ""
