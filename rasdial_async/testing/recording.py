"""Recordings of dials, kept in files and played on the simulator."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Self

from .._native.records import DialEvent
from ..dialing import Dialing
from ..errors import DialTimeoutError, HungUpError
from ..errors.codes import ERROR_USER_DISCONNECTION
from ..phonebook import replace_whole
from ..simulator import LONGEST_DELAY, Fail, Pause, ScriptStep, Silence, Simulator, Step
from .event_lines import event_line, read_event
from .json_lines import Fields, LineError, read_lines

VERSION = 1
_KIND = "rasdial_async recording"


class RecordingError(ValueError):
    """A file that is no recording, or not a whole one.

    Attributes:
        source: The file's name.
        line: The faulty line, from 1.
        reason: The fault.
    """

    def __init__(self, source: str, line: int, reason: str) -> None:
        super().__init__(source, line, reason)
        self.source = source
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.source}, line {self.line}: {self.reason}"


class Ending(StrEnum):
    """The ending of a recorded dial."""

    CONNECTED = "connected"
    FAILED = "failed"  # an event had the error
    REFUSED = "refused"  # RasDial itself returned it
    GIVEN_UP = "given up"  # from this side: hung up, timed out, or no answer to a paused state


@dataclass(frozen=True, slots=True)
class Recording:
    """The events and the ending of a dial: enough to play the dial on a simulator.

    A recording holds no entry, user name, password, phone number or handle.

    Attributes:
        events: The events of all attempts, in RAS's order; `elapsed` in whole microseconds, `handle` 0.
        ending: The ending of the last attempt.
        code: The error of the last attempt; 0 = it connected.
        attempt: The number of the last attempt, from 1. An attempt that RasDial refused has no events.
        simulated: True for a dial on a simulator.

    Raises:
        ValueError: The events do not fit the ending.
    """

    events: tuple[DialEvent, ...]
    ending: Ending
    code: int = 0
    attempt: int = 1
    simulated: bool = False

    def __post_init__(self) -> None:
        for event, following in pairwise(self.events):
            if following.attempt < event.attempt:
                raise ValueError("an attempt comes before an earlier one")
            if event.terminal and following.attempt == event.attempt:
                raise ValueError("the events of an attempt go on behind its end")
        last = self.events[-1] if self.events else None
        if last is not None and last.attempt > self.attempt:
            raise ValueError("the last attempt is another one than that of the last event")
        ended = last is not None and last.terminal and last.attempt == self.attempt
        match self.ending:
            case Ending.CONNECTED:
                if self.code or last is None or not ended or last.failed:
                    raise ValueError("the events do not end in a connection")
            case Ending.FAILED:
                code = (last.error or ERROR_USER_DISCONNECTION) if last is not None and last.failed else 0
                if not ended or self.code != code:
                    raise ValueError("the events do not end with this error")
            case _:
                if not self.code:
                    raise ValueError("a dial that was refused or given up has an error")

    @classmethod
    def of(cls, dialing: Dialing) -> Self:
        """Return the recording of a dial that has its outcome.

        Raises:
            RuntimeError: The dial is not over.
        """
        if not dialing.done:
            raise RuntimeError("the dial is not over yet: await it, or hang it up, before it is recorded")
        events = tuple(replace(event, handle=0, elapsed=round(event.elapsed, 6)) for event in dialing.events)
        attempt = events[-1].attempt if events else 1
        error = dialing.error
        if error is None:
            return cls(events, Ending.CONNECTED, attempt=attempt, simulated=dialing.simulated)
        if error.event is not None and error.event.failed:
            ending = Ending.FAILED
        elif error.event is not None or isinstance(error, DialTimeoutError | HungUpError):
            ending = Ending.GIVEN_UP
        else:
            ending = Ending.REFUSED if error.function else Ending.GIVEN_UP
        if error.state is None and events:
            attempt += 1  # and nothing was heard of that one
        return cls(events, ending, error.code, attempt, dialing.simulated)

    # --- on a simulator ---

    def script(self, *, speed: float = 1.0, attempt: int | None = None) -> list[ScriptStep]:
        """Return the steps of one attempt for :meth:`Simulator.script`: its states, times and errors.

        The delays are the differences of the recorded times. A paused state ends with any answer, and lasts
        as long as it was paused. A dial that was given up ends in silence.

        Args:
            speed: The factor by which to play faster; math.inf = without delays.
            attempt: The attempt, from 1; None = the last.

        Raises:
            ValueError: RasDial refused that attempt, see :meth:`play_on`; there is no such attempt; or a
                delay is longer than a simulator waits.
        """
        if isinstance(speed, bool) or not isinstance(speed, int | float) or not speed > 0:
            raise ValueError("speed must be a number above 0")
        number = self._number(attempt)
        if self._refused(number):
            raise ValueError(f"attempt {number} has no states: RasDial itself refused it")
        steps: list[ScriptStep] = []
        before = 0.0
        for event in self._events_of(number):
            after = max(0.0, event.elapsed - before) / speed  # links of one entry report side by side
            before = event.elapsed
            if after > LONGEST_DELAY:
                raise ValueError(f"a simulator waits {LONGEST_DELAY:g} seconds at most: give a higher speed")
            steps.append(_step(event, after))
        if number == self.attempt and self.ending is Ending.REFUSED:
            steps.append(Fail(self.code))
        if number != self.attempt or self.ending is Ending.GIVEN_UP:
            steps.append(Silence())
        return steps

    def play_on(
        self,
        simulator: Simulator,
        entry: str,
        *,
        phonebook: str | os.PathLike[str] | None = None,
        speed: float = 1.0,
        attempt: int | None = None,
    ) -> None:
        """Play the recording at every later dial of the entry, whatever its credentials.

        The entry is added, or replaced, with the device of the recording.

        Args:
            simulator: The simulator that plays the recording.
            entry: Name of the entry.
            phonebook: Path of its phonebook; None = the default phonebook.
            speed: See :meth:`script`.
            attempt: See :meth:`script`.

        Raises:
            ValueError: See :meth:`script`.
        """
        number = self._number(attempt)
        refused = self._refused(number)
        steps = [] if refused else self.script(speed=speed, attempt=number)
        device_type, device_name = self._device(number)
        simulator.add_entry(entry, device=device_name, device_type=device_type, phonebook=phonebook)
        simulator.script(entry, steps, phonebook=phonebook)
        simulator.refuse(entry, self.code if refused else 0, phonebook=phonebook)

    def _number(self, attempt: int | None) -> int:
        if attempt is None:
            return self.attempt
        if attempt != self.attempt and not any(event.attempt == attempt for event in self.events):
            raise ValueError(f"there is no attempt {attempt} in the recording")
        return attempt

    def _events_of(self, attempt: int) -> list[DialEvent]:
        return [event for event in self.events if event.attempt == attempt]

    def _refused(self, attempt: int) -> bool:
        return attempt == self.attempt and self.ending is Ending.REFUSED and not self._events_of(attempt)

    def _device(self, attempt: int) -> tuple[str, str]:
        for event in reversed(self._events_of(attempt)):
            if event.device_type or event.device_name:
                return event.device_type, event.device_name
        return "", ""

    # --- in a file ---

    def dumps(self) -> str:
        """Return the recording as JSON Lines in ASCII: the version, one line an event, the ending."""
        header = {"kind": _KIND, "version": VERSION, "simulated": self.simulated}
        ending = {"kind": "end", "ending": str(self.ending), "code": self.code, "attempt": self.attempt}
        return "".join(f"{json.dumps(line)}\n" for line in (header, *map(event_line, self.events), ending))

    @classmethod
    def loads(cls, text: str | bytes, *, source: str = "recording") -> Self:
        """Read a recording from the text that :meth:`dumps` returns.

        Args:
            text: The text of the recording.
            source: The name of the file, for the error.

        Raises:
            RecordingError: The text is no recording, is not whole, or is of a later version.
        """
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        try:
            return cls._read(read_lines(data))
        except LineError as error:
            raise RecordingError(source, error.line, error.reason) from None

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the file, all of it or nothing. Only the user may read a new file.

        Raises:
            OSError: The file cannot be written; an older one is as it was.
        """
        target = os.path.realpath(path)
        status = os.stat(target) if os.path.exists(target) else None
        replace_whole(target, self.dumps().encode("ascii"), status)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read the file.

        Raises:
            RecordingError: See :meth:`loads`.
            OSError: The file cannot be read.
        """
        with open(path, "rb") as file:
            return cls.loads(file.read(), source=os.fspath(path))

    @classmethod
    def _read(cls, lines: Iterator[Fields]) -> Self:
        header = next(lines, None)
        if header is None or header.text("kind", 100, "") != _KIND:
            raise LineError(1, f"a recording begins with the kind {json.dumps(_KIND)}")
        version = header.integer("version")
        if version != VERSION:
            raise LineError(1, f"this is version {version}; version {VERSION} is what can be read here")
        simulated = header.yes("simulated")
        header.end()
        events: list[DialEvent] = []
        number = 1
        for line in lines:
            number = line.line
            kind = line.text("kind", 100)
            if kind == "state":
                events.append(read_event(line))
            elif kind == "end":
                recording = cls._ended(line, tuple(events), simulated)
                for more in lines:
                    raise LineError(more.line, "there is a line behind the end")
                return recording
            else:
                line.refuse("kind", 'must be "state" or "end"')
        raise LineError(number, 'the file ends here without its "end": it is not whole')

    @classmethod
    def _ended(cls, line: Fields, events: tuple[DialEvent, ...], simulated: bool) -> Self:
        name = line.text("ending", 100)
        if name not in {*Ending}:
            line.refuse("ending", f"must be one of {', '.join(Ending)}")
        code, attempt = line.integer("code"), line.integer("attempt", 1, lowest=1)
        line.end()
        try:
            return cls(events, Ending(name), code, attempt, simulated)
        except ValueError as error:
            raise LineError(line.line, str(error)) from None


def _step(event: DialEvent, after: float) -> ScriptStep:
    if event.error:
        return Fail(event.error, event.extended_error, event.state, after)
    if event.paused:
        return Pause(event.state, after, scripted=True)
    return Step(event.state, after)
