"""Dial in an anyio task group, on anyio's asyncio backend: canceling a scope hangs up.

python examples/anyio_task_group.py                 on the simulator, anywhere
python examples/anyio_task_group.py "Office VPN"    on Windows: dials that entry

Needs anyio: pip install anyio
"""

import sys

import anyio

import rasdial_async as ras


async def connect(client: ras.RasClient, entry: str, scope: anyio.CancelScope) -> None:
    """Dial one line; the first line that is up cancels the others, which hangs them up."""
    async with client.dial(entry) as connection:
        print(f"{entry}: up first, on {connection.device_name}")
        scope.cancel()


async def fastest(client: ras.RasClient, entries: list[str]) -> None:
    with anyio.move_on_after(60):
        async with anyio.create_task_group() as group:
            for entry in entries:
                group.start_soon(connect, client, entry, group.cancel_scope)
    print("the group is over; every line is hung up and every port free")


async def simulated() -> None:
    with ras.Simulator(pace=0.5) as simulator:
        simulator.add_entry("Cable", device="WAN Miniport (PPPOE)")
        simulator.add_entry("Office VPN", device="WAN Miniport (L2TP)")
        simulator.add_entry("Modem", device="Standard Modem")
        client = ras.RasClient(simulator)
        print(f"on {client!r}: no real line is dialed")
        await fastest(client, ["Office VPN", "Modem", "Cable"])
        print(f"ports still open: {simulator.counts.open_ports}")


async def real(entry: str) -> None:
    await fastest(ras.default_client(), [entry])


if __name__ == "__main__":
    if sys.argv[1:]:
        anyio.run(real, sys.argv[1])
    else:
        anyio.run(simulated)
