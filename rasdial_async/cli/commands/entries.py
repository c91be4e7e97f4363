"""``rasdial-async entries``: the entries that can be dialed."""

from __future__ import annotations

import click

from ..._native.records import EntryName
from ..app import App, pass_app
from ..display import records
from ..display.records import Summary
from ..display.screen import Screen
from ..options import ENTRIES, Command, common_options
from .books import RasBook


@click.command(cls=Command)
@click.option("--all", "everything", is_flag=True, help="With device, number and phonebook of each.")
@common_options(*ENTRIES)
@pass_app
def entries(app: App, everything: bool) -> None:
    """List the names of the entries that can be dialed, one a line."""

    async def ask() -> list[tuple[EntryName, Summary | None]]:
        names = await app.within_timeout(app.client.entries(app.phonebook))
        if not everything:
            return [(name, None) for name in names]
        books = {name.phonebook: _book(app, name) for name in names}
        return [(name, await app.within_timeout(books[name.phonebook].summary(name))) for name in names]

    found = app.run(ask())
    for name, summary in found:
        app.screen.record(records.entry(name, summary, app.simulated))
        if summary is None:
            app.screen.line(name.name)
    if everything:
        _show(app.screen, [(name, summary) for name, summary in found if summary is not None])
    if app.simulated:
        app.screen.note(f"{app.tag}entries of the simulator, without real lines")
    if not found:
        app.screen.note("No entries" if app.phonebook else "No entries; --phonebook names another .pbk file")


def _book(app: App, name: EntryName) -> RasBook:
    return RasBook(app.client.phonebook(name.phonebook or app.phonebook))


def _show(screen: Screen, found: list[tuple[EntryName, Summary]]) -> None:
    """Print a line for each entry; on a terminal the long path is printed once, above its entries."""
    headers = ("Entry", "Type", "Device", "Number or host")
    rows: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for name, summary in found:
        row = (name.name, summary.device_type, summary.device_name, summary.phone_number)
        rows.setdefault(("all users" if name.all_users else "user", name.phonebook), []).append(row)
    if not screen.is_terminal:
        screen.table(
            (*headers, "For", "Phonebook"), [(*row, *where) for where, some in rows.items() for row in some]
        )
        return
    for (users, phonebook), some in rows.items():
        screen.line(f"{phonebook or 'default phonebook'} ({users})")
        screen.table(headers, some)
