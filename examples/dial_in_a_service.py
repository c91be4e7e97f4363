"""Dial inside a service: await the connection, use it, and let `async with` hang up.

python examples/dial_in_a_service.py                 on the simulator, anywhere
python examples/dial_in_a_service.py "Office VPN"    on Windows: dials that entry
                                                     with the credentials stored for it
"""

import asyncio
import sys

import rasdial_async as ras


async def nightly_report(client: ras.RasClient, entry: str, credentials: ras.Credentials) -> None:
    """One job of the service: print what a person can mend, leave passing errors to the next run."""
    try:
        async with client.dial(entry, credentials=credentials, timeout=60) as connection:
            status = await connection.status()
            print(f"{entry}: {status.state.name} on {status.device_name}; sending the report")
    except ras.AuthenticationError as error:
        print(f"{entry}: {error.message} {error.hint}")
    except ras.DialError as error:
        print(f"{entry}: {error}; {'the next run may work' if error.transient else error.hint}")
    else:
        print(f"{entry}: hung up, the port is free again")


async def simulated() -> None:
    with ras.Simulator(pace=0.3) as simulator:
        simulator.add_entry("Office VPN", username="ada", password="right")
        simulator.add_entry("Depot", device="Standard Modem")
        simulator.script("Depot", [ras.Fail(676, after=0.1)])
        client = ras.RasClient(simulator)
        print(f"on {client!r}: no real line is dialed")
        await nightly_report(client, "Office VPN", ras.Credentials("ada", "right"))
        await nightly_report(client, "Office VPN", ras.Credentials("ada", "wrong"))
        await nightly_report(client, "Depot", ras.Credentials())


if __name__ == "__main__":
    if sys.argv[1:]:
        asyncio.run(nightly_report(ras.default_client(), sys.argv[1], ras.Credentials.stored()))
    else:
        asyncio.run(simulated())
