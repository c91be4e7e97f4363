"""Keeper: a connection that is dialed again whenever it is lost."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Literal, Self

from ..active import Connection
from ..backends import Backend, set_event, wait_shielded
from ..errors import DialError, RasError, Record, check_phonebook
from .arguments import OneDialArguments
from .dialing import Dialing
from .plan import redial_of_entry
from .redial import Redial

_logger = logging.getLogger(__name__)

PATIENT = Redial(attempts=None, pause=1.0, backoff=2.0, longest_pause=60.0, jitter=0.2)
_HISTORY = 1000


class KeeperState(StrEnum):
    """The states of a :class:`Keeper`."""

    DIALING = "dialing"
    CONNECTED = "connected"
    LOST = "lost"
    WAITING = "waiting"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class KeeperChange(Record):
    """One step of a keeper.

    Attributes:
        state: The state from now on.
        attempt: Dials since the connection was last stable, from 1.
        connection: The connection that came up or was lost.
        error: The error of a failed dial, or the reason why the keeper stopped.
        pause: Seconds until the next dial, when WAITING.
        at: Seconds since the epoch.
    """

    state: KeeperState
    attempt: int = 1
    connection: Connection | None = None
    error: RasError | None = None
    pause: float = 0.0
    at: float = 0.0

    def __str__(self) -> str:
        text = f"{self.state} (attempt {self.attempt})"
        if self.state is KeeperState.WAITING:
            text += f" for {self.pause:.1f} s"
        return f"{text}: {self.error}" if self.error else text


class Keeper:
    """A keeper of one connection: it dials an entry again and again while its ``async with`` block runs.

    The keeper dials, notices when the connection is lost, and dials again. While dials fail it makes growing
    pauses, and goes on without end after errors that may pass, such as a busy line, a RAS service that is not
    ready (711) or a port that is still closing (602, 633, 756). A wrong password, or any other error that
    retrying cannot mend, stops it: :meth:`wait`, :meth:`changes` and the end of the block raise that error.
    Leaving the block hangs up and waits for the port, in every state.

    After a sleep of the computer the keeper finds the connection gone, within a few seconds, or sooner if
    RAS signals. The network may not be back yet; its errors (809, 868, 1231) are among those that may pass.
    A pause ends when its seconds have passed on the clock of the event loop, which may stand during a sleep.

    Attributes:
        connection: The connection while it is up, else None.
        state: The current state.
        error: The reason why it stopped, else None.
    """

    def __init__(
        self,
        dial: Callable[..., Dialing],
        backend: Backend,
        entry: str,
        redial: Redial | Literal["entry"],
        stable: float,
        options: OneDialArguments,
    ) -> None:
        if redial != "entry" and not isinstance(redial, Redial):
            raise TypeError(f'redial must be a Redial or "entry", not {type(redial).__name__}')
        if not entry and redial == "entry":
            raise ValueError('redial="entry" needs an entry: a number alone has nothing stored for it')
        if isinstance(stable, bool) or not isinstance(stable, int | float):
            raise TypeError(f"stable must be a number of seconds, not {type(stable).__name__}")
        if not stable >= 0:
            raise ValueError("stable must be 0 seconds or more")
        self.connection: Connection | None = None
        self.state: KeeperState = KeeperState.STOPPED
        self.error: RasError | None = None
        self._dial = dial
        self._backend = backend
        self._entry = entry
        self._redial: Redial | Literal["entry"] = redial
        self._stable = stable
        self._options = options
        self._task: asyncio.Task[None] | None = None
        self._over = False
        self._unwanted: Connection | None = None  # redial() hangs it up
        self._failure: Exception | None = None
        self._reported = False
        self._forgotten = 0
        self._changes: deque[KeeperChange] = deque()
        self._news = asyncio.Event()  # set at the next change, and then replaced
        dial(entry, **options).close()  # bad arguments raise here

    def __repr__(self) -> str:
        return f"<Keeper {self._entry!r} {self.state}{' simulated' if self._backend.simulated else ''}>"

    async def __aenter__(self) -> Self:
        if self._task is not None:
            raise RuntimeError("a keeper is entered once: make a new one")
        self._task = asyncio.create_task(self._run(), name=f"keep {self._entry!r} connected")
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._task is not None
        if isinstance(exc, GeneratorExit):  # the coroutine is closed with its loop: the task is too
            return
        if not self._over:
            self._task.cancel()
        try:
            await wait_shielded(self._task)
        except asyncio.CancelledError:
            me = asyncio.current_task()
            if not self._task.cancelled() or (me is not None and me.cancelling()):
                raise
        if not self._over:  # the task was canceled before it ran
            self._stop()
        if self._failure is not None and exc is None and not self._reported:
            raise self._reason()

    async def redial(self) -> Connection:
        """Hang up, dial again at once, for a new address for instance, and return the new connection.

        No pause is made, however short the old connection was up. The references of other dials and programs
        are taken too: else the link would stay up. While the keeper dials or waits, this waits for the
        connection. Canceling does not stop the new dial.

        Raises:
            RasError: The reason why the keeper has stopped, or RAS refuses to hang up.
            RuntimeError: The block was not entered or was left, or the backend is closed.
        """
        self._check_entered()
        old = self.connection
        if old is not None:
            self._unwanted = old
            try:
                await old.hang_up(all_references=True)
            except RasError:
                self._unwanted = None
                raise
            while self.connection is old and not self._over:
                await self._news.wait()
        return await self.connected()

    def _check_entered(self) -> None:
        if self._task is None:
            raise RuntimeError(
                f"the keeper of {self._entry!r} is not entered: use it in an `async with` block"
            )

    async def connected(self) -> Connection:
        """Wait until the connection is up, and return it. Canceling changes nothing.

        Raises:
            RasError: The reason why the keeper has stopped.
            RuntimeError: The block was not entered or was left, or the backend is closed.
        """
        self._check_entered()
        while self.connection is None:
            if self._over:
                raise self._reason()
            await self._news.wait()
        return self.connection

    async def wait(self) -> None:
        """Wait until the keeper stops by itself, which is always an error. Canceling changes nothing.

        Raises:
            RasError: The reason why it stopped.
            RuntimeError: See :meth:`connected`.
        """
        self._check_entered()
        while not self._over:
            await self._news.wait()
        raise self._reason()

    async def changes(self) -> AsyncIterator[KeeperChange]:
        """Yield every change, from the oldest of the last 1000 on.

        Any number of tasks may iterate, each for itself. Canceling one changes nothing.

        Raises:
            RasError: After the last change, the reason why the keeper stopped by itself.
        """
        self._check_entered()
        number = 0
        while True:
            number = max(number, self._forgotten)
            if number < self._forgotten + len(self._changes):
                yield self._changes[number - self._forgotten]
                number += 1
            elif not self._over:
                await self._news.wait()
            elif self._failure is not None:
                raise self._reason()
            else:
                return

    # --- the task ---

    async def _run(self) -> None:
        try:
            await self._keep()
        except Exception as error:
            self._failure = error
            self.error = error if isinstance(error, RasError) else None
            _logger.warning("%s: not kept connected any more: %s", self._entry, error)
        except asyncio.CancelledError:
            pass  # the block was left, or the loop ends; either way this is the end of the task
        finally:
            connection, self.connection = self.connection, None
            try:
                if connection is not None:
                    await connection.__aexit__(*sys.exc_info())  # the loop may have closed
            finally:
                self._stop(connection)

    def _stop(self, connection: Connection | None = None) -> None:
        self._over = True
        self._tell(KeeperState.STOPPED, 0, connection=connection, error=self.error)

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        attempt = 1
        while True:
            self._tell(KeeperState.DIALING, attempt)
            try:
                self.connection = await self._dial(self._entry, **self._options)
            except DialError as error:
                policy = await self._policy()
                pause = policy.next_pause(error, attempt)
                if pause is None:
                    raise
                await self._pause(pause, attempt, error)
                attempt += 1
                continue
            since = loop.time()
            self._tell(KeeperState.CONNECTED, attempt, connection=self.connection)
            await self.connection.wait_disconnected()
            lost, self.connection = self.connection, None
            self._tell(KeeperState.LOST, attempt, connection=lost)
            if lost is self._unwanted or loop.time() - since >= self._stable:
                attempt = 1
            else:  # a line that goes up and down is not dialed without a pause
                await self._pause(_pause_after_loss(await self._policy(), attempt), attempt, None)
                attempt += 1

    async def _policy(self) -> Redial:
        """Return the policy; the default one where that of the entry cannot be read now."""
        if isinstance(self._redial, Redial):
            return self._redial
        phonebook = check_phonebook(self._options.get("phonebook"))
        return await redial_of_entry(self._backend, phonebook, self._entry) or PATIENT

    async def _pause(self, pause: float, attempt: int, error: DialError | None) -> None:
        self._tell(KeeperState.WAITING, attempt, error=error, pause=pause)
        await asyncio.sleep(pause)

    def _tell(
        self,
        state: KeeperState,
        attempt: int,
        *,
        connection: Connection | None = None,
        error: RasError | None = None,
        pause: float = 0.0,
    ) -> None:
        self.state = state
        self._changes.append(KeeperChange(state, attempt, connection, error, pause, time.time()))
        if len(self._changes) > _HISTORY:
            self._changes.popleft()
            self._forgotten += 1
        news, self._news = self._news, asyncio.Event()
        set_event(news)

    def _reason(self) -> Exception:
        self._reported = True
        return self._failure or RuntimeError(f"{self._entry!r} is not kept connected any more")


def _pause_after_loss(policy: Redial, attempt: int) -> float:
    """Return the pause after a connection that was lost early; a pause function is for failed dials."""
    return (PATIENT if callable(policy.pause) else policy).delay(attempt)
