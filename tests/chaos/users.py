"""Users: each dials once, and does something to its dial at a random moment."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from support import odd_ras

import rasdial_async as ras
from chaos.invariants import Account
from chaos.programs import REFUSAL, make_program

Plan = Callable[["User"], Coroutine[Any, Any, None]]

BEGUN, ENDING, BUSY, LEFT = range(4)
"""Notes in the log."""


class User:
    """One dial and what is done to it.

    Attributes:
        account: What the user says of the dial.
        dialing: As long as the user has it.
        connection: Taken, and not hung up so far.
    """

    def __init__(self, client: ras.RasClient, odd: odd_ras.Odd, seed: int, tag: int, limit: float) -> None:
        self.rng = random.Random(f"{seed}/{tag}")
        self._client = client
        self._odd = odd
        self._limit = limit
        attempts = self.rng.choices((1, 2, 3), (75, 15, 10))[0]
        self.account = Account(tag, make_program(self.rng, tag, attempts))
        self.account.retries = attempts > 1
        self.plan: Plan = self.rng.choice(PLANS)
        self._hold = self.rng.random() < 0.2
        timeout = self.rng.uniform(0.01, 0.3) if self.rng.random() < 0.3 else None
        if "hungup" in self.account.program and self.plan in (await_it, iterate, enter, share):
            timeout = self.rng.uniform(0.01, 0.3)  # such a dial would never end
        self.account.timeout = None if timeout is None else round(timeout * 1e9)
        self.account.plan = self.plan.__name__ + (" held" if self._hold else "")
        self.dialing: ras.Dialing | None = None
        self.connection: ras.Connection | None = None
        self._asks = self.rng.random() < 0.2
        self._delays = [self._delay() for _ in range(20)]

    def _delay(self) -> float:
        longest = self.rng.choices((0.0, 0.002, 0.02, 0.1), (30, 30, 25, 15))[0]
        return self.rng.uniform(0, longest)

    async def run(self) -> None:
        """Dials, and is done with it."""
        await self.pause()
        account = self.account
        redial = ras.Redial(3, pause=0.001, jitter=0.0, retry_on=lambda error: True)
        account.begun = self._odd.now()
        self._odd.note(account.tag, BEGUN)
        self.dialing = self._client.dial(
            account.program,
            credentials=self._ask if self._asks else ras.Credentials("ada", "secret"),
            timeout=None if account.timeout is None else account.timeout / 1e9,
            hold_errors=self._hold,
            redial=redial if account.retries else None,
        )
        try:
            await self.plan(self)
        finally:
            self.leave()

    async def _ask(self, error: ras.DialError | None) -> ras.Credentials:
        """Another task of the package: it may be cancelled wherever it is."""
        await asyncio.sleep(self.rng.choice((0, 0.001, 0.02)))
        return ras.Credentials("ada", "secret")

    def leave(self) -> None:
        """Note the outcome of the dial, and drop it."""
        if self.dialing is not None:
            self.account.events = self.dialing.events
            self.account.error = self.dialing.error or self.account.error
        self.dialing = None

    def wants_the_end(self) -> None:
        """From now on the dial may be hung up."""
        self.account.ending = min(self.account.ending or 1 << 62, self._odd.now())
        self._odd.note(self.account.tag, ENDING)

    async def pause(self) -> None:
        delay = self._delays.pop() if self._delays else 0.0
        if self.rng.random() < 0.07:
            self._odd.note(self.account.tag, BUSY)
            time.sleep(delay)  # noqa: ASYNC251 - the loop is to be busy
        else:
            await asyncio.sleep(delay)

    @contextlib.asynccontextmanager
    async def soon(self, what: str) -> AsyncIterator[None]:
        """The block has to end in time."""
        started = time.monotonic()
        yield
        took = time.monotonic() - started
        if took > self._limit:
            self.account.complaints.append(f"{what} took {took:.1f} s")

    async def outcome(self) -> None:
        """Awaits the dial, and takes its connection."""
        assert self.dialing is not None
        try:
            self.take(await self.dialing)
        except ras.DialError as error:
            self.account.error = error

    def take(self, connection: ras.Connection) -> None:
        self.connection = connection
        self.account.handle = connection.handle

    async def use(self) -> None:
        """Does with the connection what users do, and hangs up."""
        if self.connection is None:
            return
        await self.pause()
        dies = "dead" in self.account.program or "status:2001" in self.account.program
        with contextlib.suppress(ras.RasError):
            if self.rng.random() < 0.3:
                async with self.soon("status()"):
                    await self.connection.status()
            if dies and self.rng.random() < 0.3:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(0.2):
                        await self.connection.wait_disconnected()
        await self.pause()
        await self.hang_up()

    async def hang_up(self) -> None:
        connection = self.connection
        assert connection is not None
        self.wants_the_end()
        while True:
            try:
                async with self.soon("hang_up()"):
                    if not await connection.hang_up():
                        self.account.complaints.append("hang_up() gave up")
            except ras.RasError as error:
                if error.code != REFUSAL:
                    raise
                continue
            break
        self.connection = None

    async def cancel(self, task: asyncio.Task[None]) -> None:
        self.wants_the_end()
        async with self.soon("cancelling"):
            task.cancel()
            await asyncio.wait([task])
        if not task.cancelled() and task.exception() is not None:
            raise task.exception() or AssertionError

    def now(self) -> int:
        """Nanoseconds, as the log has them."""
        return self._odd.now()

    def start(self, main: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(main, name=f"user-{self.account.tag}")


async def await_it(user: User) -> None:
    async with user.soon("the dial"):
        await user.outcome()
    await user.use()


async def cancel(user: User) -> None:
    task = user.start(user.outcome())
    await user.pause()
    await user.pause()
    await user.cancel(task)
    await user.use()


async def time_out(user: User) -> None:
    delay = user.rng.uniform(0, 0.1)
    user.account.timeout = min(user.account.timeout or 1 << 62, round(delay * 1e9))
    user.account.ending = user.now() + round(0.8e9 * delay)
    try:
        async with user.soon("asyncio.timeout()"), asyncio.timeout(delay):
            await user.outcome()
    except TimeoutError:
        user.wants_the_end()
    await user.use()


async def enter(user: User) -> None:
    assert user.dialing is not None
    try:
        async with user.soon("async with"), user.dialing as connection:
            user.account.handle = connection.handle
            await user.pause()
            user.wants_the_end()
    except ras.DialError as error:
        user.account.error = error
    except ras.RasError as error:
        if error.code != REFUSAL:
            raise
        user.connection = user.dialing.connection
        await user.use()


async def iterate(user: User) -> None:
    assert user.dialing is not None
    seen = []
    try:
        async with user.soon("async for"):
            async for event in user.dialing:
                seen.append(event)
                await user.pause()
    except ras.DialError as error:
        user.account.error = error
    if tuple(seen) != user.dialing.events:
        user.account.complaints.append(f"the iterator gave {seen}")
    if user.account.error is None:
        await user.outcome()
    await user.use()


async def break_off(user: User) -> None:
    """Stops iterating, and hangs up."""
    assert user.dialing is not None
    left = user.rng.randint(0, 3)
    try:
        async with asyncio.timeout(user.rng.uniform(0.01, 0.2)):
            async for _ in user.dialing:
                left -= 1
                if left < 0:
                    break
    except (ras.DialError, TimeoutError):
        pass
    await user.pause()
    await hang_up_dialing(user)


async def hang_up_dialing(user: User) -> None:
    assert user.dialing is not None
    user.wants_the_end()
    try:
        async with user.soon("Dialing.hang_up()"):
            await user.dialing.hang_up()
    except ras.RasError as error:
        if error.code != REFUSAL:
            raise
        user.connection = user.dialing.connection
        await user.use()


async def hang_up_beside(user: User) -> None:
    task = user.start(user.outcome())
    await user.pause()
    await user.pause()
    await hang_up_dialing(user)
    async with user.soon("the dial that was hung up"):
        await asyncio.wait([task])
    user.connection = None  # it was taken by one, and hung up by another
    task.result()


async def drop(user: User) -> None:
    """Lets go of the dial, finished or not."""
    assert user.dialing is not None
    try:
        async with asyncio.timeout(user.rng.uniform(0.001, 0.15)):
            async for _ in user.dialing:
                pass
    except (ras.DialError, TimeoutError):
        pass
    await user.pause()
    user.wants_the_end()
    user.leave()
    gc.collect()


async def share(user: User) -> None:
    """Two iterators and an awaiter."""
    assert user.dialing is not None

    async def watch(dialing: ras.Dialing) -> None:
        with contextlib.suppress(ras.DialError):
            async for _ in dialing:
                pass

    tasks = [user.start(watch(user.dialing)), user.start(user.outcome()), user.start(watch(user.dialing))]
    async with user.soon("a dial that several wait for"):
        await asyncio.wait(tasks)
    for task in tasks:
        task.result()
    del task, tasks
    await user.use()


async def stay(user: User) -> None:
    """Waits longer than the round takes, if nothing ends the dial before."""
    task = user.start(user.outcome())
    await asyncio.wait([task], timeout=user.rng.uniform(0.05, 0.5))
    await user.cancel(task)
    await user.use()


PLANS: tuple[Plan, ...] = (
    await_it,
    cancel,
    cancel,
    time_out,
    enter,
    iterate,
    break_off,
    hang_up_beside,
    drop,
    share,
    stay,
)
