"""``rasdial-async status``, and the list of connections that the program shows without a command."""

from __future__ import annotations

import click

from .._codes import GONE
from ..client import RasClient
from ..connection import Connection
from ..errors import RasError
from ..events import ConnectionStatus
from . import records
from .app import App, pass_app
from .options import common_options
from .screen import state_name


@click.command()
@common_options
@pass_app
def status(app: App) -> None:
    """Show each connection that is up: state, device, what was dialed, tunnel ends."""
    for connection, found in _all(app):
        app.screen.record(records.connection(connection, found))
        app.screen.line(f"{app.tag}{connection.entry}")
        for name, value in _details(connection, found):
            app.screen.line(f"  {name:<7} {value}")


def list_connections(app: App) -> None:
    """As rasdial.exe does: what is connected, a line each."""
    for connection, found in _all(app):
        app.screen.record(records.connection(connection, found))
        app.screen.line(f"{app.tag}Connected to {connection.entry}")


def _all(app: App) -> list[tuple[Connection, ConnectionStatus]]:
    async def ask() -> list[tuple[Connection, ConnectionStatus]]:
        return await app.within_timeout(_ask(app.client))

    found = app.run(ask())
    if not found:
        app.screen.line(f"{app.tag}No connections")
    return found


async def _ask(client: RasClient) -> list[tuple[Connection, ConnectionStatus]]:
    found = []
    for connection in await client.connections():
        try:
            found.append((connection, await connection.status()))
        except RasError as error:
            if error.code not in GONE:  # it ended meanwhile
                raise
    return found


def _details(connection: Connection, status: ConnectionStatus) -> list[tuple[str, str]]:
    state = state_name(status.state)
    if status.sub_state:
        state += f", {status.sub_state.rascs_name.removeprefix('RASCSS_')}"
    if status.error:
        state += f", error {status.error}"
    device = ", ".join(filter(None, (connection.device_name, connection.device_type)))
    ends = f"{status.local_endpoint or '?'} to {status.remote_endpoint or '?'}"
    return [
        line
        for line in (
            ("state", state),
            ("device", device),
            ("dialed", status.phone_number),
            ("tunnel", ends if status.local_endpoint or status.remote_endpoint else ""),
            ("handle", f"{connection.handle:#x}"),
        )
        if line[1]
    ]
