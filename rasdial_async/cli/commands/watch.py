"""``rasdial-async watch``: a line for each connection that comes up or goes down."""

from __future__ import annotations

import asyncio
import time

import click

from ...active import ChangeKind, ConnectionChange
from ..app import App, pass_app
from ..display import records
from ..options import ASKS, Command, common_options

_STYLES = {ChangeKind.CONNECTED: "green", ChangeKind.DISCONNECTED: "yellow"}


@click.command(cls=Command)
@click.option("--existing", is_flag=True, help="Begin with the connections that are up already.")
@common_options(*ASKS)
@pass_app
def watch(app: App, existing: bool) -> None:
    """Show connections as they come up and go down, whoever dials them, until Ctrl-C or --timeout."""
    app.stay(_watch(app, existing))


async def _watch(app: App, existing: bool) -> None:
    async with app.client.watch(existing=existing) as changes:
        app.screen.note(f"{app.tag}watching; Ctrl-C ends it")
        try:
            async with asyncio.timeout(app.timeout):
                async for change in changes:
                    app.screen.record(records.change(change))
                    app.screen.line(_text(app, change), _STYLES.get(change.kind, ""))
        except TimeoutError:
            return


def _text(app: App, change: ConnectionChange) -> str:
    clock = time.strftime("%H:%M:%S", time.localtime(change.at))
    device = change.connection.device_name
    on = f" on {device}" if device else ""
    link = f", link {change.sub_entry}" if change.sub_entry else ""
    return f"{app.tag}{clock}  {change.connection.entry}: {change.kind.replace('_', ' ')}{on}{link}"
