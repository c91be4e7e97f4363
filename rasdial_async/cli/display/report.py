"""The report of running dials, as lines or as JSON objects. On a terminal, see live."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ...errors import DialError
from . import HANGING_UP, SIMULATED, records
from .spans import state_name

if TYPE_CHECKING:
    from ..._native.records import DialEvent
    from ...active import Connection
    from ...dialing import Dialing, Redial
    from .screen import Screen


async def follow(dialing: Dialing, report: Report) -> Connection:
    """Dial, report each event, and return the connection.

    Any other end (Ctrl-C cancels this coroutine) hangs the dial up and waits for its port first.

    Raises:
        DialError: The dial failed.
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
    """Plain lines; each names its entry and says whether the entry is simulated.

    Attributes:
        begun: Start of the last attempt that reported an event, on the monotonic clock.
        over: End of a dial without a connection, on the same clock.
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
        """Return the words for the pause before a redial, in which nothing seems to happen."""
        error = event.exception
        allowed = error is not None and self._redial is not None and self._redial.allows(error, event.attempt)
        return ", again soon" if allowed else ""

    def seconds(self, dialing: Dialing) -> float:
        """Return how long the last attempt of a dial has lasted; 0 before its first event."""
        now = self.over.get(dialing, time.monotonic())
        return now - self.begun.get(dialing, now)

    def _line(self, dialing: Dialing, seconds: float | None, text: str) -> None:
        simulated = SIMULATED if dialing.simulated else ""
        clock = " " * 9 if seconds is None else seconds_text(seconds)
        self.screen.line(f"{simulated}{clock}  {dialing.entry}: {text}")


class JsonReport(Report):
    """An object a line. The command itself reports errors."""

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
    if event.device_name and not event.error:  # the line before has named it
        text += f"  {event.device_name}"
    if event.error:
        text += f"  error {event.error}"
    return text
