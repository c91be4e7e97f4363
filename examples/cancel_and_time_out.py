"""Stop waiting for a dial: by `timeout=`, by asyncio.timeout(), by canceling its task.

Each way hangs up, waits until the port is released, and then raises.

    python examples/cancel_and_time_out.py                 on the simulator, anywhere
    python examples/cancel_and_time_out.py "Office VPN"    on Windows: begins to dial that entry
"""

import asyncio
import sys

import rasdial_async as ras


async def use(dialing: ras.Dialing) -> None:
    async with dialing:
        print("connected before it was stopped; hanging up")


async def three_ways(client: ras.RasClient, entry: str) -> None:
    try:
        await use(client.dial(entry, timeout=0.3))
    except ras.DialTimeoutError as error:  # a TimeoutError too
        print(f"timeout=0.3: {error}")

    try:
        async with asyncio.timeout(0.3):
            await use(client.dial(entry))
    except TimeoutError:
        print("asyncio.timeout(0.3): hung up, then TimeoutError")

    dialing = client.dial(entry)
    task = asyncio.create_task(use(dialing))
    await asyncio.sleep(0.3)
    task.cancel()
    await asyncio.wait((task,))
    print(f"cancelled: {task.cancelled()}; the dial: {dialing.error}")


async def simulated() -> None:
    with ras.Simulator() as simulator:
        simulator.add_entry("Office VPN")
        simulator.script("Office VPN", [ras.Step(ras.ConnectionState.OPEN_PORT), ras.Silence()])
        client = ras.RasClient(simulator)
        print(f"on {client!r}: no real line is dialed; this one never answers")
        await three_ways(client, "Office VPN")
        print(f"ports still open: {simulator.counts.open_ports}")


if __name__ == "__main__":
    asyncio.run(three_ways(ras.default_client(), sys.argv[1]) if sys.argv[1:] else simulated())
