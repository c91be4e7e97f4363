"""Turn a dial that failed elsewhere into a test: record it there, replay it on the simulator.

python examples/replay_a_failure.py                 replays replay_a_failure.jsonl, anywhere
python examples/replay_a_failure.py "Office VPN"    on Windows: dials that entry and records the dial

A recording holds states, times and errors; no entry, user name, password, number or address.
"""

import asyncio
import contextlib
import sys
from pathlib import Path

import rasdial_async as ras

RECORDING = Path(__file__).with_suffix(".jsonl")


async def send_report(client: ras.RasClient, entry: str) -> str:
    """The program under test."""
    try:
        async with client.dial(entry, timeout=60) as connection:
            return f"sent over {connection.device_name}"
    except ras.DialError as error:
        return f"{error.symbol} at {error.state}: {'try later' if error.transient else error.hint}"


async def record(entry: str) -> None:
    dialing = ras.dial(entry, timeout=60)
    with contextlib.suppress(ras.DialError):
        await dialing
    await dialing.hang_up()
    ras.Recording.of(dialing).save("recorded.jsonl")
    print(f"recorded.jsonl: {len(dialing.events)} events")


async def replay() -> None:
    recording = ras.Recording.load(RECORDING)
    print(f"recorded: {len(recording.events)} events in {recording.events[-1].elapsed:.1f} s")
    with ras.Simulator() as simulator:
        recording.play_on(simulator, "Office VPN", speed=10)
        client = ras.RasClient(simulator)
        print(f"on {client!r}, ten times as fast: {await send_report(client, 'Office VPN')}")
        print(f"ports still open: {simulator.counts.open_ports}")


if __name__ == "__main__":
    asyncio.run(record(sys.argv[1]) if sys.argv[1:] else replay())
