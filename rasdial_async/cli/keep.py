"""``rasdial-async keep``: an entry connected for as long as the program runs."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import click

from .._native.records import Credentials
from ..dialing import PATIENT, Keeper, KeeperChange, KeeperState
from . import HANGING_UP, completion, records
from .app import App, pass_app, wrong_usage
from .options import Command, common_options
from .passwords import Login, login_options

_STYLES = {KeeperState.CONNECTED: "green", KeeperState.LOST: "yellow", KeeperState.WAITING: "yellow"}


@click.command(cls=Command)
@click.argument("entry", shell_complete=completion.entries)
@common_options
@pass_app
@login_options
def keep(app: App, entry: str, login: Login) -> None:
    """Dial ENTRY, and again whenever it is lost, until Ctrl-C, which hangs up. A second Ctrl-C does not
    wait for that, and tells what is left.

    Errors that may pass are tried again with growing pauses, without end or --redial times; a wrong
    password ends it. --timeout is for each dial. The password comes from where `dial` takes it.
    """
    app.run(_keep(app, entry, login.for_entry(entry)), entry=entry)


async def _keep(app: App, entry: str, credentials: Credentials) -> None:
    keeper = _keeper(app, entry, credentials)
    app.held.append(entry)
    try:
        async with keeper:
            await _follow(app, entry, keeper)
    except asyncio.CancelledError:
        app.screen.record(records.hung_up(entry, app.simulated))
        app.screen.line(f"{app.tag}{entry}: hung up")
        raise


def _keeper(app: App, entry: str, credentials: Credentials) -> Keeper:
    with wrong_usage():
        return app.client.keep_connected(
            entry,
            phonebook=app.phonebook,
            credentials=credentials,
            timeout=app.timeout,
            redial=PATIENT if app.redials is None else replace(PATIENT, attempts=app.redials + 1),
        )


async def _follow(app: App, entry: str, keeper: Keeper) -> None:
    try:
        async for change in keeper.changes():
            _tell(app, entry, change)
    except asyncio.CancelledError:
        app.screen.note(f"{entry}: {HANGING_UP}")
        raise


def _tell(app: App, entry: str, change: KeeperChange) -> None:
    app.screen.record(records.kept(entry, change, app.simulated))
    clock = time.strftime("%H:%M:%S", time.localtime(change.at))
    app.screen.line(f"{app.tag}{clock}  {entry}: {change}", _STYLES.get(change.state, ""))
