"""Dial many entries, some at a time, and count the outcomes.

python examples/dial_many.py                           on the simulator, anywhere
python examples/dial_many.py "Office VPN" "Depot"      on Windows: dials these entries
"""

import asyncio
import sys
from collections import Counter

import rasdial_async as ras

AT_A_TIME = 8


async def check(client: ras.RasClient, entry: str, limit: asyncio.Semaphore) -> str:
    """Dial one entry and hang up; return the outcome."""
    async with limit:
        try:
            async with client.dial(entry, timeout=60, redial=ras.Redial(attempts=2, pause=0.1)) as connection:
                return f"up on {connection.device_name}"
        except ras.DialError as error:
            return f"{error.symbol}: {error.hint}"


async def check_all(client: ras.RasClient, entries: list[str]) -> Counter[str]:
    limit = asyncio.Semaphore(AT_A_TIME)
    async with asyncio.TaskGroup() as group:
        checks = {entry: group.create_task(check(client, entry, limit)) for entry in entries}
    for entry, task in checks.items():
        if not task.result().startswith("up"):
            print(f"{entry}: {task.result()}")
    return Counter(task.result().split(":")[0] for task in checks.values())


async def simulated() -> None:
    entries = [f"Branch {number:02}" for number in range(1, 41)]
    with ras.Simulator(pace=0.2) as simulator:
        for entry in entries:
            simulator.add_entry(entry, device="WAN Miniport (SSTP)")
        simulator.script("Branch 07", [ras.Step(ras.ConnectionState.OPEN_PORT), ras.Fail(678, after=0.1)])
        simulator.script("Branch 23", [ras.Fail(800, after=0.1)])
        client = ras.RasClient(simulator)
        print(f"on {client!r}: no real line is dialed")
        print(dict(await check_all(client, entries)))
        print(f"dials: {simulator.counts.dials}, ports still open: {simulator.counts.open_ports}")


async def real(entries: list[str]) -> None:
    print(dict(await check_all(ras.default_client(), entries)))


if __name__ == "__main__":
    asyncio.run(real(sys.argv[1:]) if sys.argv[1:] else simulated())
