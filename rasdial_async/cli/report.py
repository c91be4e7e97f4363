"""How dials are told while they run: as lines, or as JSON objects. On a terminal, see live."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Self

from .._native.records import DialEvent
from ..connection import Connection
from ..dialing import Dialing, Redial
from ..errors import DialError
from . import HANGING_UP, SIMULATED, records
from .screen import Screen, state_name


async def follow(dialing: Dialing, report: Report) -> Connection:
    """Dials, tells how it goes, and returns the connection.

    Whatever else ends it (Ctrl-C cancels it), the dial is hung up and its port released before this raises.

    Raises:
        DialError: It failed.
    """
    try:
        async for event in dialing:
            report.begun[dialing] = time.monotonic() - event.elapsed
            report.event(dialing, event)
        connection = await dialing
        report.connected(dialing, connection)
    except DialError as error:
        report.over[dialing] = time.monotonic()
        report.failed(dialing, error)
        raise
    except asyncio.CancelledError:
        report.over[dialing] = time.monotonic()
        report.hanging_up(dialing)
        await dialing.hang_up()
        report.hung_up(dialing)
        raise
    except BaseException:  # such as a broken pipe
        await dialing.hang_up()
        raise
    return connection


def elapsed(dialing: Dialing) -> float:
    return dialing.events[-1].elapsed if dialing.events else 0.0


class Report:
    """Plain lines, each of which says of which entry it is and whether it is simulated.

    Attributes:
        begun: When RasDial was called for the attempt that last told anything, on the monotonic clock.
        over: When the dial ended without a connection, on the same clock.
    """

    def __init__(self, screen: Screen, redial: Redial | None = None) -> None:
        self.screen = screen
        self._redial = redial
        self.begun: dict[Dialing, float] = {}
        self.over: dict[Dialing, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass

    def event(self, dialing: Dialing, event: DialEvent) -> None:
        self._line(dialing, event.elapsed, event_text(event) + self._again(event))

    def connected(self, dialing: Dialing, connection: Connection) -> None:
        self._line(dialing, elapsed(dialing), f"connected on {connection.device_name or 'an unnamed device'}")

    def failed(self, dialing: Dialing, error: DialError) -> None:
        told = bool(dialing.events) and dialing.events[-1].terminal
        seconds = elapsed(dialing) if told else self.seconds(dialing) if dialing.events else None
        self._line(dialing, seconds, f"failed: {error.code} {error.symbol}")

    def hanging_up(self, dialing: Dialing) -> None:
        self.screen.note(f"{dialing.entry}: {HANGING_UP}")

    def hung_up(self, dialing: Dialing) -> None:
        self._line(dialing, None, "hung up")

    def _again(self, event: DialEvent) -> str:
        """For the pause that follows: nothing seems to happen in it."""
        error = event.exception
        allowed = error is not None and self._redial is not None and self._redial.allows(error, event.attempt)
        return ", again soon" if allowed else ""

    def seconds(self, dialing: Dialing) -> float:
        """How long the last attempt of a dial has lasted; 0 before it told anything."""
        now = self.over.get(dialing, time.monotonic())
        return now - self.begun.get(dialing, now)

    def _line(self, dialing: Dialing, seconds: float | None, text: str) -> None:
        simulated = SIMULATED if dialing.simulated else ""
        clock = " " * 9 if seconds is None else seconds_text(seconds)
        self.screen.line(f"{simulated}{clock}  {dialing.entry}: {text}")


class JsonReport(Report):
    """An object a line. Errors are told by the command."""

    def event(self, dialing: Dialing, event: DialEvent) -> None:
        self.screen.record(records.state(dialing.entry, event, dialing.simulated))

    def connected(self, dialing: Dialing, connection: Connection) -> None:
        self.screen.record(records.connected(connection, elapsed(dialing)))

    def failed(self, dialing: Dialing, error: DialError) -> None:
        pass

    def hung_up(self, dialing: Dialing) -> None:
        self.screen.record(records.hung_up(dialing.entry, dialing.simulated))


def seconds_text(seconds: float) -> str:
    return f"{seconds:7.3f} s"


def event_text(event: DialEvent) -> str:
    text = state_name(event.state)
    if event.attempt > 1:
        text = f"attempt {event.attempt}: {text}"
    if event.device_name and not event.error:  # the state has told it before it failed
        text += f"  {event.device_name}"
    if event.error:
        text += f"  error {event.error}"
    return text
