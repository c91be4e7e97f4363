"""``rasdial-async entries``: what can be dialed."""

from __future__ import annotations

import click

from ..events import EntryName
from . import records
from .app import App, pass_app
from .options import common_options


@click.command()
@common_options
@pass_app
def entries(app: App) -> None:
    """List the names of the entries that can be dialed, one a line."""

    async def ask() -> list[EntryName]:
        return await app.within_timeout(app.client.entries(app.phonebook))

    found = app.run(ask())
    for name in found:
        app.screen.record(records.entry(name, app.client.simulated))
        app.screen.line(name.name)
    if app.client.simulated:
        app.screen.note(f"{app.tag}entries of the simulator: no real line stands behind them")
    if not found:
        app.screen.note("No entries" if app.phonebook else "No entries; --phonebook names another .pbk file")
