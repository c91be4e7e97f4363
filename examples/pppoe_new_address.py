"""A new address from the provider: hang up and dial again until it differs.

python examples/pppoe_new_address.py          on the simulator, anywhere
python examples/pppoe_new_address.py Fiber    really dials that entry: on Linux with RASDIAL_BACKEND=pppd
"""

import asyncio
import sys

import rasdial_async as ras

PAUSE = ras.Redial(attempts=5, pause=2, backoff=2)  # the provider may still hold the old session


async def dialed(client: ras.RasClient, entry: str) -> tuple[ras.Connection, str]:
    """The connection once it is up, and its address. The caller hangs up."""
    connection = await client.dial(entry, timeout=60, redial=PAUSE)
    try:
        address = (await connection.wait_ip()).address
    except BaseException:
        await connection.hang_up()
        raise
    print(f"{entry}: {address}")
    return connection, str(address)


async def new_address(client: ras.RasClient, entry: str, dials: int = 20) -> None:
    """Dial until the address differs from the first one. The connection is left up."""
    connection, old = await dialed(client, entry)
    for _ in range(dials):
        await connection.hang_up()
        connection, address = await dialed(client, entry)
        if address != old:
            print(f"{entry}: a new address after {old}")
            return
    print(f"{entry}: the provider gives {old} every time")


async def simulated() -> None:
    with ras.Simulator(pace=0.3) as simulator:
        simulator.add_entry("Fiber", device="WAN Miniport (PPPOE)")
        client = ras.RasClient(simulator)
        print(f"on {client!r}: no real line is dialed")
        await new_address(client, "Fiber")


if __name__ == "__main__":
    if sys.argv[1:]:
        asyncio.run(new_address(ras.default_client(), sys.argv[1]))
    else:
        asyncio.run(simulated())
