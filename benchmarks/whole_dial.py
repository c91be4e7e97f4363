"""A whole dial of twelve states without delays: `await dial()` to its Connection, and RasDial alone."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from rasdial_async import ConnectionState, RasClient, Simulator, Step
from rasdial_async._native._ras import ffi, lib

STATES = (
    *(ConnectionState.OPEN_PORT, ConnectionState.PORT_OPENED, ConnectionState.CONNECT_DEVICE),
    *(ConnectionState.DEVICE_CONNECTED, ConnectionState.ALL_DEVICES_CONNECTED),
    *(ConnectionState.AUTHENTICATE, ConnectionState.AUTH_NOTIFY, ConnectionState.AUTH_ACK),
    *(ConnectionState.AUTHENTICATED, ConnectionState.PROJECTED, ConnectionState.APPLY_SETTINGS),
    ConnectionState.CONNECTED,
)


@dataclass
class WholeDial:
    """Microseconds of each dial, one after the other, hanging up not counted."""

    package: list[float]
    simulator: list[float]
    """A synchronous RasDialW: no notifier."""
    with_notifier: list[float]
    """RasDialW with a C callback that does nothing, until the connection is up."""
    loop: str


def measure(dials: int, loop: str, runner: asyncio.Runner) -> WholeDial:
    with Simulator(pace=0, release_delay=0) as simulator:
        simulator.add_entry("twelve")
        simulator.script("twelve", [Step(state) for state in STATES])
        package = runner.run(_package(simulator, dials))
        library = simulator.backend.session.library
        alone = [_alone(library, ffi.NULL) for _ in range(dials)]
        notified = [_alone(library, lib.notify_function(lib.NOTIFY_DIALS - 1, 0)) for _ in range(dials)]
    return WholeDial(package, alone, notified, loop)


async def _package(simulator: Simulator, dials: int) -> list[float]:
    client = RasClient(simulator)
    taken = []
    for _ in range(dials):
        begun = time.perf_counter_ns()
        connection = await client.dial("twelve")
        taken.append((time.perf_counter_ns() - begun) / 1000)
        await connection.hang_up()
    return taken


def _alone(library: object, notifier: object) -> float:
    """RasDialW with the function of a dial that is over: a callback that does nothing."""
    api = library.api  # type: ignore[attr-defined]
    params = ffi.new("RASDIALPARAMSW *", {"dwSize": ffi.sizeof("RASDIALPARAMSW"), "szEntryName": "twelve"})
    handle = ffi.new("HRASCONN *")
    status = ffi.new("RASCONNSTATUSW *")
    begun = time.perf_counter_ns()
    code = api.RasDialW(ffi.NULL, ffi.NULL, params, 1 if notifier else 0, notifier, handle)
    while notifier and status.rasconnstate != ConnectionState.CONNECTED:
        status.dwSize = ffi.sizeof("RASCONNSTATUSW")
        api.RasGetConnectStatusW(handle[0], status)
    taken = (time.perf_counter_ns() - begun) / 1000
    assert code == 0, code
    api.RasHangUpW(handle[0])
    status.dwSize = ffi.sizeof("RASCONNSTATUSW")
    while api.RasGetConnectStatusW(handle[0], status) == 0:
        time.sleep(0.0002)
    return taken
