"""``rasdial-async status``, and the list of connections that the program prints without a command."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import click

from ..._native.records import ConnectionStatistics, ConnectionStatus, IpProjection
from ...active import Connection
from ...client import RasClient
from ...errors import RasError
from ...errors.codes import GONE
from ..app import App, pass_app
from ..display import records
from ..display.spans import state_name
from ..options import ASKS, Command, common_options

_HEADERS = ("Entry", "State", "Device", "Address", "Server", "Up", "Sent", "Received", "Errors")
_BLOCKS = ("Connection", "State", "Address", "Server", "Traffic")

_T = TypeVar("_T")
_Known = dict[int, tuple[Connection, float, ConnectionStatistics]]  # by handle: the last counters


@dataclass(frozen=True, slots=True)
class Row:
    """A connection and its state. None = RAS does not say. `rates`: bytes per second, sent and received."""

    connection: Connection
    status: ConnectionStatus
    ip: IpProjection | None
    statistics: ConnectionStatistics | None
    rates: tuple[float, float] | None


@click.command(cls=Command)
@click.option("--follow", is_flag=True, help="Repeat until Ctrl-C or --timeout.")
@click.option(
    "--interval",
    type=click.FloatRange(min=0.1),
    default=2.0,
    show_default=True,
    metavar="SECONDS",
    help="The time between two looks of --follow.",
)
@common_options(*ASKS)
@pass_app
def status(app: App, follow: bool, interval: float) -> None:
    """Show each connection that is up: state, device, addresses, and traffic. Rates are the mean since the
    connection came up; with --follow, since the last look.
    """
    if follow:
        app.stay(_follow(app, interval))
    else:
        _show(app, app.run(_once(app)))


async def _once(app: App) -> list[Row]:
    return await app.within_timeout(_look(app.client, {}))


async def _follow(app: App, interval: float) -> None:
    known: _Known = {}
    try:
        async with asyncio.timeout(app.timeout):
            with app.screen.in_place():
                while True:
                    _show(app, await _look(app.client, known))
                    await asyncio.sleep(interval)
    except TimeoutError:
        return


def _show(app: App, rows: list[Row]) -> None:
    for row in rows:
        app.screen.record(records.connection(row.connection, row.status, row.ip, row.statistics, row.rates))
    if not rows and app.screen.display is None:
        app.screen.line(f"{app.tag}No connections{app.alone}")
    elif not rows:
        app.screen.show(app.screen.text(f"{app.tag}No connections{app.alone}"))
    elif app.screen.live:
        app.screen.blocks(_BLOCKS, [_block(row) for row in rows])
    else:
        app.screen.table(_HEADERS, [_cells(app, row) for row in rows])


def list_connections(app: App) -> None:
    """Print a line for each connection, as rasdial.exe does."""

    async def ask() -> list[tuple[Connection, ConnectionStatus]]:
        return await app.within_timeout(_standing(app.client))

    found = app.run(ask())
    for connection, standing in found:
        app.screen.record(records.connection(connection, standing))
        app.screen.line(f"{app.tag}Connected to {connection.entry}")
    if not found:
        app.screen.line(f"{app.tag}No connections{app.alone}")


async def _standing(client: RasClient) -> list[tuple[Connection, ConnectionStatus]]:
    found = []
    for connection in await client.connections():
        try:
            found.append((connection, await connection.status()))
        except RasError as error:
            if error.code not in GONE:  # the connection ended meanwhile
                raise
    return found


async def _look(client: RasClient, known: _Known) -> list[Row]:
    """Return the rows and update `known`. The totals of a connection belong to its first object."""
    rows = []
    for new, standing in await _standing(client):
        connection, since, before = known.get(new.handle, (new, 0.0, None))
        if connection.correlation_id != new.correlation_id:
            connection, before = new, None
        statistics = await _told(connection.statistics())
        now = time.monotonic()
        rates = _rates(statistics, before, now - since) if statistics else None
        if statistics:
            known[new.handle] = connection, now, statistics
        rows.append(Row(connection, standing, await _told(connection.ip()), statistics, rates))
    return rows


async def _told(question: Awaitable[_T]) -> _T | None:
    """Return the answer, or None where this RAS or this connection has none: the rest is shown."""
    try:
        return await question
    except RasError:
        return None


def _rates(
    now: ConnectionStatistics, before: ConnectionStatistics | None, seconds: float
) -> tuple[float, float] | None:
    sent, received = now.total.bytes_sent, now.total.bytes_received
    if before is None:
        seconds = now.total.duration.total_seconds()
    else:
        sent, received = sent - before.total.bytes_sent, received - before.total.bytes_received
    return (round(sent / seconds, 1), round(received / seconds, 1)) if seconds > 0 else None


def _cells(app: App, row: Row) -> tuple[str, ...]:
    """Return the cells of a row for a pipe."""
    return (
        app.tag + row.connection.entry,
        _state(row.status),
        _device(row),
        " ".join(_addresses(row)) or "-",
        " ".join(_servers(row)) or "-",
        _up(row) or "-",
        *(_traffic(row) or ("-", "-", "-")),
    )


def _block(row: Row) -> tuple[Sequence[str], ...]:
    """Return the cells of a row for a terminal of 80 columns or more."""
    simulated = "simulated" if row.connection.simulated else ""
    names = ("out ", "in ", "errors ")
    traffic = [name + amount for name, amount in zip(names, _traffic(row) or (), strict=False)]
    return (
        (row.connection.entry, _device(row), simulated),
        (_state(row.status), _up(row)),
        _addresses(row),
        _servers(row),
        traffic,
    )


def _device(row: Row) -> str:
    return row.connection.device_name or row.connection.device_type


def _addresses(row: Row) -> list[str]:
    return [text for text in (row.ip.address, row.ip.ipv6_address) if text] if row.ip else []


def _servers(row: Row) -> list[str]:
    inside = (row.ip.server_address, row.ip.ipv6_server_address) if row.ip else ()
    return [text for text in (*inside, row.status.remote_endpoint) if text]


def _up(row: Row) -> str:
    if row.statistics is None:
        return ""
    return str(timedelta(seconds=int(row.statistics.total.duration.total_seconds())))


def _traffic(row: Row) -> tuple[str, str, str] | None:
    """Return the amounts sent, received, and lost."""
    if row.statistics is None:
        return None
    total = row.statistics.total
    sent, received = row.rates or (None, None)
    errors = str(records.errors_of(row.statistics))
    return _amount(total.bytes_sent, sent), _amount(total.bytes_received, received), errors


def _state(status: ConnectionStatus) -> str:
    state = state_name(status.state)
    if status.sub_state:
        state += f", {status.sub_state.rascs_name.removeprefix('RASCSS_')}"
    return f"{state}, error {status.error}" if status.error else state


def _amount(count: int, rate: float | None) -> str:
    return _size(count) + (f" ({_size(rate)}/s)" if rate is not None else "")


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} TB"
