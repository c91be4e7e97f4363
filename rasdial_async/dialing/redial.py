"""Redial: the policy for dialing again."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from ..errors import DialError

if TYPE_CHECKING:
    from .._native.records import Entry


PauseFunction = Callable[[DialError, int], float | None]


@dataclass(frozen=True, slots=True)
class Redial:
    """A policy for dialing again after a failure that may pass, never after a wrong password.

    Attributes:
        attempts: Dials in all, the first one included; None = without limit.
        pause: Seconds before the second dial. Or a function of the error and the number of the attempt that
            failed, from 1, which returns the seconds before the next dial, 0 for at once, or None to stop. A
            function decides alone: `backoff`, `longest_pause` and `jitter` do not apply, and without
            `retry_on` it is asked for every error, a wrong password included.
        backoff: Factor for each further pause; 1 = all pauses are equal.
        longest_pause: The longest pause in seconds.
        jitter: Share by which a pause varies at random, 0 to 1, so that many clients do not dial in step.
        retry_on: A function that decides for an error instead of :attr:`RasError.transient`.
    """

    attempts: int | None = 3
    pause: float | PauseFunction = 1.0
    backoff: float = 2.0
    longest_pause: float = 60.0
    jitter: float = 0.1
    retry_on: Callable[[DialError], bool] | None = None

    def __post_init__(self) -> None:
        if self.attempts is not None and (
            isinstance(self.attempts, bool) or not isinstance(self.attempts, int) or self.attempts < 1
        ):
            raise ValueError("attempts must be an int of 1 or more, or None")
        for name, lowest, highest in (
            ("pause", 0.0, None),
            ("backoff", 1.0, None),
            ("longest_pause", 0.0, None),
            ("jitter", 0.0, 1.0),
        ):
            value = getattr(self, name)
            if name == "pause" and callable(value):
                continue
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise TypeError(f"{name} must be a number, not {type(value).__name__}")
            if not value >= lowest or (highest is not None and value > highest):
                bounds = f"{lowest:g} or more" if highest is None else f"between {lowest:g} and {highest:g}"
                raise ValueError(f"{name} must be {bounds}")
        if self.retry_on is not None and not callable(self.retry_on):
            raise TypeError(f"retry_on must be a function or None, not {type(self.retry_on).__name__}")

    @classmethod
    def from_entry(cls, entry: Entry) -> Self:
        """Return the policy of an entry: `redial_count` more dials, each after `redial_pause` seconds.

        `idle_disconnect` plays no part: by the documentation RAS hangs up an idle connection by itself.
        """
        pause = float(entry.redial_pause)
        return cls(1 + entry.redial_count, pause, backoff=1.0, longest_pause=pause, jitter=0.0)

    def goes_on(self, attempt: int) -> bool:
        """Tell whether the number of attempts allows another one after this one, from 1."""
        return self.attempts is None or attempt < self.attempts

    def allows(self, error: DialError, attempt: int) -> bool:
        """Tell whether to dial again after this failure of the attempt `attempt`, from 1."""
        if not self.goes_on(attempt):
            return False
        if self.retry_on is not None:
            return self.retry_on(error)
        return callable(self.pause) or error.transient

    def next_pause(self, error: DialError, attempt: int) -> float | None:
        """Return the seconds to wait after this failure of the attempt `attempt`; None = no more dials.

        Raises:
            TypeError: The function `pause` has returned no number.
            ValueError: It has returned a number below zero.
        """
        if not self.allows(error, attempt):
            return None
        return _checked(self.pause(error, attempt)) if callable(self.pause) else self.delay(attempt)

    def delay(self, attempt: int) -> float:
        """Return the seconds to wait after the attempt `attempt`, from 1, by the numbers of this policy.

        Raises:
            TypeError: `pause` is a function, which needs the error: see :meth:`next_pause`.
        """
        if callable(self.pause):
            raise TypeError("pause is a function of the error and the attempt: call next_pause")
        try:
            pause = min(self.longest_pause, self.pause * self.backoff ** (attempt - 1))
        except OverflowError:
            pause = self.longest_pause
        return pause * random.uniform(1 - self.jitter, 1 + self.jitter)


def _checked(pause: object) -> float | None:
    if pause is None:
        return None
    if isinstance(pause, bool) or not isinstance(pause, int | float):
        raise TypeError(f"pause must return seconds or None, not {type(pause).__name__}")
    if not pause >= 0:
        raise ValueError("pause must return 0 seconds or more")
    return float(pause)
