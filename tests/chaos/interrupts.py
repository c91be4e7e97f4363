"""Interrupts at random instants: `python tests/chaos/interrupts.py COUNT`, and the tests with few of them."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import signal
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support import odd_ras

import rasdial_async as ras

SHORTEST, LONGEST = 0.0005, 0.02  # seconds until the interrupt
BOUND = 10.0


async def dial(client: ras.RasClient) -> None:
    async with client.dial("0 1 | 2 3 pause:500 2000") as connection:
        await connection.status()


async def fail(client: ras.RasClient) -> None:
    with contextlib.suppress(ras.DialError):
        await client.dial("new 0 | 1 5!691", hold_errors=True)


async def iterate(client: ras.RasClient) -> None:
    dialing = client.dial("0 | 1 pause:300 2 3 2000")
    async for _ in dialing:
        pass
    await dialing.hang_up()


async def watch(client: ras.RasClient) -> None:
    async with client.watch(existing=True) as changes, client.dial("| 0 2000"):
        await asyncio.wait_for(anext(changes), 0.005)


async def keep(client: ras.RasClient) -> None:
    async with client.keep_connected("| 0 2000 pause:2000 dead"):
        await asyncio.sleep(0.005)


Runner = Callable[[Coroutine[Any, Any, None], threading.Timer], None]
VERBS: tuple[Callable[[ras.RasClient], Coroutine[Any, Any, None]], ...] = (dial, fail, iterate, watch, keep)


def with_asyncios_handler(main: Coroutine[Any, Any, None], timer: threading.Timer) -> None:
    """As programs run: the first interrupt cancels the main task."""
    with asyncio.Runner() as runner:
        runner.get_loop()  # asyncio leaves a loop half made that is interrupted
        timer.start()
        runner.run(main)


def with_pythons_handler(main: Coroutine[Any, Any, None], timer: threading.Timer) -> None:
    """KeyboardInterrupt comes wherever the loop's thread is, also inside this package; the loop is closed."""
    loop = asyncio.new_event_loop()
    try:
        timer.start()
        loop.run_until_complete(main)
    finally:
        loop.close()


def interrupt(client: ras.RasClient, odd: odd_ras.Odd, seed: int, run: Runner) -> list[str]:
    """One interrupt at a random instant of one verb. Returns what is left of it."""
    rng = random.Random(seed)
    verb = rng.choice(VERBS)

    async def forever() -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await verb(client)

    main_thread = threading.main_thread().ident
    timer = threading.Timer(rng.uniform(SHORTEST, LONGEST), signal.pthread_kill, (main_thread, signal.SIGINT))
    main = forever()
    began = time.monotonic()
    where = "nowhere"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            run(main, timer)
        except KeyboardInterrupt as interrupted:
            where = "".join(traceback.format_tb(interrupted.__traceback__)[-4:])
    timer.join()
    took = time.monotonic() - began
    main.close()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()
    with contextlib.suppress(ras.DialError):
        asyncio.run(_next_dial(client))  # which ends those of closed loops
    findings = [f"{verb.__name__} {seed}: it took {took:.1f} s"] if took > BOUND else []
    for name in ("handles", "threads", "inside"):
        try:
            odd.wait_count(name, 0)
        except AssertionError as error:
            findings.append(f"{verb.__name__} {seed}: {error}")
    deadline = time.monotonic() + BOUND
    while client.backend.session.calls() and time.monotonic() < deadline:
        time.sleep(0.001)
    if calls := client.backend.session.calls():
        findings.append(f"{verb.__name__} {seed}: {len(calls)} dials are left")
    return [*findings, f"the interrupt came here:\n{where}"] if findings else []


async def _next_dial(client: ras.RasClient) -> None:
    await client.dial("nothing return:633 |")


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 31)
    print(f"first interrupt: {first}", flush=True)
    found = []
    with tempfile.TemporaryDirectory(prefix="rasdial-interrupts-") as folder:
        library = odd_ras.build(Path(folder))
        for number in range(count):
            odd = odd_ras.Odd(library)
            client = ras.RasClient(library=odd.path)
            run = with_pythons_handler if number % 2 else with_asyncios_handler
            found += interrupt(client, odd, first + number, run)
            if found:
                print(*found, sep="\n", flush=True)
                break
    print(f"{number + 1} interrupts, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
