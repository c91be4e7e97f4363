"""``rasdial-async hangup``: the end of connections, whoever dialed them."""

from __future__ import annotations

import asyncio
import os

import click

from ...active import Connection
from ...errors import RasError
from ...errors.codes import ERROR_NO_CONNECTION, ERROR_TIMEOUT
from .. import completion
from ..app import App, pass_app
from ..display import records
from ..options import Command, common_options

_LONGEST = 10.0


@click.command(cls=Command)
@click.argument("entry", required=False, shell_complete=completion.connected)
@click.option("--all", "everything", is_flag=True, help="Every connection.")
@click.option("--all-references", is_flag=True, help="Also end connections that other programs still use.")
@click.option("--if-up", is_flag=True, help="An ENTRY that is not connected is no error.")
@common_options("backend", "phonebook", "timeout", "exit_code", "as_json", "verbosity")
@pass_app
def hangup(app: App, entry: str | None, everything: bool, all_references: bool, if_up: bool) -> None:
    """Hang up ENTRY, or --all, and wait until the port is free (10 seconds, or --timeout).

    RAS counts the dials of a connection: one that another program has dialed too stays up, and the command
    says so.
    """
    if everything == (entry is not None):
        raise click.UsageError("name an ENTRY, or give --all")
    hang_up_entries(app, entry, all_references=all_references, if_up=if_up)


def hang_up_entries(
    app: App, entry: str | None, *, all_references: bool = False, if_up: bool = False
) -> None:
    """Hang up one entry, or all; exit with an error where one could not be hung up."""
    error = app.run(_hang_up(app, entry, all_references, if_up), entry=entry or "")
    if error is not None:
        raise app.exit_for(error)


async def _hang_up(app: App, entry: str | None, all_references: bool, if_up: bool) -> RasError | None:
    """Hang up, and return the first error of several, which has been printed already."""
    listed = await app.within_timeout(app.client.connections())
    chosen = [one for one in listed if _is_meant(one, entry, app.phonebook)]
    if not chosen:
        if entry is not None and not if_up:
            raise RasError(ERROR_NO_CONNECTION, message=f"There is no such connection{app.alone}.")
        nothing = "No connections" if entry is None else f"{entry}: not connected"
        app.screen.line(f"{app.tag}{nothing}{app.alone}")
    results = await asyncio.gather(
        *(_end(one, app.timeout or _LONGEST, all_references) for one in chosen), return_exceptions=True
    )
    still_up = await _still_up(app, chosen)
    failed: RasError | None = None
    for connection, result in zip(chosen, results, strict=True):
        if isinstance(result, RasError):
            app.tell_error(result, connection.entry)
            failed = failed or result
        elif result is not None:
            raise result
        else:
            _tell(app, connection, connection in still_up)
    return failed


def _is_meant(connection: Connection, entry: str | None, phonebook: str | None) -> bool:
    name_fits = entry is None or _same_name(entry, connection.entry)
    book_fits = not (phonebook and connection.phonebook) or _same_file(phonebook, connection.phonebook)
    return name_fits and book_fits


def _same_name(left: str, right: str) -> bool:
    """Compare as RAS does: case does not count, character by character, so "ß" is not "SS"."""
    return len(left) == len(right) and all(a.upper() == b.upper() for a, b in zip(left, right, strict=True))


def _same_file(left: str, right: str) -> bool:
    return os.path.normcase(os.path.abspath(left)) == os.path.normcase(os.path.abspath(right))


async def _end(connection: Connection, timeout: float, all_references: bool) -> None:
    if not await connection.hang_up(timeout=timeout, all_references=all_references):
        message = f"hung up, but the port was not released within {timeout:g} seconds"
        raise RasError(ERROR_TIMEOUT, function="RasHangUpW", message=message)


async def _still_up(app: App, chosen: list[Connection]) -> list[Connection]:
    if not chosen:
        return []
    listed = {(one.handle, one.entry) for one in await app.within_timeout(app.client.connections())}
    return [one for one in chosen if (one.handle, one.entry) in listed]


def _tell(app: App, connection: Connection, still_up: bool) -> None:
    app.screen.record(records.hung_up(connection.entry, connection.simulated, still_up=still_up))
    if still_up:
        app.screen.line(
            f"{app.tag}{connection.entry}: its reference was given back, but another dial keeps it up; "
            "--all-references ends it for all"
        )
    else:
        app.screen.line(f"{app.tag}{connection.entry}: hung up")
