"""`make demo-ppp`: three lines are dialed at once, and all of it is real but the provider's wires.

Runs in the lane's guest: pppd, chat, PPPoE and the kernel's PPP are Debian's; the provider is provider.py.
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import rasdial_async as ras

PEERS = Path("/etc/ppp/peers")
PROVIDER = Path(__file__).with_name("provider.py")
FIBER, CABLE, DEPOT = "fiber", "cable", "depot"
ECHO = {FIBER: ("198.18.7.1", 7), DEPOT: ("198.18.8.1", 7)}
PPPOE = "plugin pppoe.so\n{interface}\nnoauth\nsilent\n+ipv6\nlinkname {name}\n"
MODEM = """{tty}
local
nocrtscts
connect "/usr/sbin/chat -v -s -S ABORT BUSY ABORT 'NO CARRIER' '' ATZ OK ATDT5551008 CONNECT ''"
noauth
linkname {name}
"""
COLORS = {FIBER: 36, CABLE: 33, DEPOT: 35}
started = time.monotonic()


def say(entry: str, text: object) -> None:
    print(f"\x1b[{COLORS[entry]}m{time.monotonic() - started:6.2f} s  {entry:6}\x1b[0m {text}", flush=True)


def echo(server: tuple[str, int]) -> None:
    """Ten packets of a thousand bytes to the far end of the link, and back."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(10)
        for _ in range(10):
            one.sendto(bytes(1000), server)
            one.recv(2048)


def told(event: ras.DialEvent) -> str:
    text = event.state.rascs_name.removeprefix("RASCS_")
    if event.device_name:
        text += f" on {event.device_name}"
    if isinstance(event.exception, ras.RasError):
        text += f": {event.exception.symbol} ({event.error})"
    return text


async def show(entry: str, connection: ras.Connection) -> None:
    addresses = await connection.wait_ip()
    say(entry, f"{addresses.address} at this end, {addresses.server_address} at the other")
    await asyncio.to_thread(echo, ECHO[entry])
    usage = await connection.statistics()
    say(entry, f"{usage.bytes_sent} bytes sent, {usage.bytes_received} received")
    await connection.hang_up()
    say(entry, "hung up")


async def line(client: ras.RasClient, entry: str, password: str, redial: ras.Redial | None = None) -> None:
    dialing = client.dial(entry, username="ada", password=password, redial=redial, timeout=30)
    try:
        async for event in dialing:
            say(entry, told(event))
    except ras.DialError as error:
        say(entry, f"given up: {error.message}")
    else:
        await show(entry, await dialing)


async def demo() -> None:
    client = ras.RasClient("pppd")
    print(f"{client!r}: {FIBER} and {CABLE} by PPPoE, {DEPOT} by a modem", flush=True)
    await asyncio.gather(
        line(client, FIBER, "right"),
        line(client, CABLE, "wrong"),
        line(client, DEPOT, "right", ras.Redial(attempts=3, pause=0.5)),
    )


def main() -> None:
    command = [sys.executable, "-ES", str(PROVIDER)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as provider:
        assert provider.stdout is not None
        modems = json.loads(provider.stdout.readline())["modems"]
        (PEERS / FIBER).write_text(PPPOE.format(interface="c0", name=FIBER))
        (PEERS / CABLE).write_text(PPPOE.format(interface="c2", name=CABLE))
        (PEERS / DEPOT).write_text(MODEM.format(tty=modems[0], name=DEPOT))
        try:
            asyncio.run(demo())
        finally:
            provider.terminate()


if __name__ == "__main__":
    main()
