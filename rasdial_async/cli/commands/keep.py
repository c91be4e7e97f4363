"""``rasdial-async keep``: an entry that stays connected for as long as the program runs."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import click

from ..._native.records import Credentials
from ...dialing import PATIENT, Keeper, KeeperChange, KeeperState
from .. import completion
from ..app import App, pass_app, wrong_usage
from ..display import HANGING_UP, records
from ..login import Login, login_options
from ..options import DIALS, Command, common_options

_STYLES = {KeeperState.CONNECTED: "green", KeeperState.LOST: "yellow", KeeperState.WAITING: "yellow"}


@click.command(cls=Command)
@click.argument("entry", shell_complete=completion.entries)
@common_options(*DIALS)
@pass_app
@login_options
def keep(app: App, entry: str, login: Login) -> None:
    """Dial ENTRY, and again whenever its connection is lost. Ctrl-C or SIGTERM hangs up and ends the program;
    a second Ctrl-C does not wait for the hang-up, and names the entry that is left.

    An error that may pass is retried after growing pauses, without end or --redial times; a wrong password
    ends the program. --timeout is for each dial. The login options are those of `dial`.
    """
    app.stay(_keep(app, entry, login.for_entry(entry)), entry=entry)


async def _keep(app: App, entry: str, credentials: Credentials | None) -> None:
    keeper = _keeper(app, entry, credentials)
    app.held.append(entry)
    try:
        async with keeper:
            await _follow(app, entry, keeper)
    except asyncio.CancelledError:
        app.screen.record(records.hung_up(entry, app.simulated))
        app.screen.line(f"{app.tag}{entry}: hung up")
        raise


def _keeper(app: App, entry: str, credentials: Credentials | None) -> Keeper:
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
