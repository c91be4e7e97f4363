"""Watch a dial: each state as RAS reports it, then the connection or the error.

python examples/watch_the_states.py                 on the simulator, anywhere
python examples/watch_the_states.py "Office VPN"    on Windows: dials that entry
"""

import asyncio
import sys

import rasdial_async as ras


async def watch(client: ras.RasClient, entry: str) -> None:
    dialing = client.dial(entry, timeout=60)  # keep a reference: dropping it hangs up
    try:
        async for event in dialing:
            print(f"  {event}")
        connection = await dialing  # connected by now, so this returns at once
    except ras.DialError as error:
        print(f"{entry}: {type(error).__name__}: {error.hint}")
        return
    print(f"{entry}: connected on {connection.device_name}")
    await connection.hang_up()


async def simulated() -> None:
    with ras.Simulator(pace=0.5) as simulator:
        simulator.add_entry("Office VPN", device="WAN Miniport (IKEv2)")
        simulator.add_entry("Depot", device="Standard Modem")
        simulator.script(
            "Depot",
            [
                ras.Step(ras.ConnectionState.OPEN_PORT),
                ras.Step(ras.ConnectionState.CONNECT_DEVICE, after=0.1),
                ras.Fail(678, after=0.3),
            ],
        )
        client = ras.RasClient(simulator)
        print(f"on {client!r}: no real line is dialed")
        await watch(client, "Office VPN")
        await watch(client, "Depot")


if __name__ == "__main__":
    asyncio.run(watch(ras.default_client(), sys.argv[1]) if sys.argv[1:] else simulated())
