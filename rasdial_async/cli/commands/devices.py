"""``rasdial-async devices``: the devices that RAS can dial with."""

from __future__ import annotations

import click

from ..._native.records import Device
from ..app import App, pass_app
from ..display import records
from ..options import ASKS, Command, common_options


@click.command(cls=Command)
@common_options(*ASKS)
@pass_app
def devices(app: App) -> None:
    """List the devices that RAS can dial with: modems, and miniports for VPN and PPPoE."""

    async def ask() -> list[Device]:
        return await app.within_timeout(app.client.devices())

    found = app.run(ask())
    for device in found:
        app.screen.record(records.device(device, app.simulated))
    app.screen.table(("Device", "Type"), [(device.name, device.type) for device in found])
    if app.simulated:
        app.screen.note(f"{app.tag}devices of the simulator, without real lines")
    if not found:
        app.screen.note("No devices; RAS may be damaged on this machine")
