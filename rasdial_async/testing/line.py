"""Lines for tests of programs that dial; the pytest plugin has a fixture that makes them."""

from __future__ import annotations

import os
from typing import Self

from ..errors import ConnectionState
from ..simulator import Drop, Fail, Pause, ScriptStep, Silence, Simulator, Step
from .recording import Recording

# The states of most dials. No program may rely on them: RAS promises none of these states but the last.
USUAL_STATES = (
    ConnectionState.OPEN_PORT,
    ConnectionState.PORT_OPENED,
    ConnectionState.CONNECT_DEVICE,
    ConnectionState.DEVICE_CONNECTED,
    ConnectionState.ALL_DEVICES_CONNECTED,
    ConnectionState.AUTHENTICATE,
    ConnectionState.AUTH_NOTIFY,
    ConnectionState.AUTHENTICATED,
    ConnectionState.CONNECTED,
)


class Line:
    """The line of one entry of a simulator; its methods set the course of every later dial.

    At first the line behaves as its device usually does, and checks the credentials. Each method replaces
    that course and returns the line. Delays are in seconds.

    Args:
        simulator: The simulator with the entry.
        entry: Name of the entry.
        phonebook: Path of its phonebook; None = the default phonebook.
    """

    def __init__(
        self, simulator: Simulator, entry: str, *, phonebook: str | os.PathLike[str] | None = None
    ) -> None:
        self._simulator = simulator
        self.entry = entry
        self.phonebook = phonebook

    def __repr__(self) -> str:
        return f"<Line {self.entry!r} simulated>"

    def connects(self, *, after: float = 0.0) -> Self:
        """Connect with any credentials."""
        return self._script(ConnectionState.CONNECTED, Step(ConnectionState.CONNECTED, after))

    def fails(
        self,
        code: int,
        *,
        extended: int = 0,
        state: ConnectionState = ConnectionState.AUTHENTICATE,
        after: float = 0.0,
    ) -> Self:
        """Fail with this code, such as 691 or 676, in the state `state`."""
        return self._script(state, Fail(code, extended, state, after))

    def pauses(self, state: ConnectionState, *, after: float = 0.0) -> Self:
        """Wait in a paused state, such as PASSWORD_EXPIRED, and connect after the answer.

        A dial without paused states fails there.
        """
        return self._script(state, Pause(state, after), Step(ConnectionState.CONNECTED))

    def hangs(self, state: ConnectionState = ConnectionState.AUTHENTICATE) -> Self:
        """Send no event after `state`."""
        return self._script(state, Step(state), Silence())

    def drops(self, code: int = 0, *, after: float = 0.0) -> Self:
        """Connect, and let the line go dead `after` seconds later. See also :meth:`goes_dead`."""
        return self._script(ConnectionState.CONNECTED, Step(ConnectionState.CONNECTED), Drop(after, code))

    def refuses(self, code: int) -> Self:
        """Make RasDial itself return this code, such as 633 when the port is in use."""
        self._simulator.refuse(self.entry, code, phonebook=self.phonebook)
        return self

    def replays(self, recording: Recording | str | os.PathLike[str], *, speed: float = float("inf")) -> Self:
        """Play a recorded dial, without its delays unless a speed is given.

        Raises:
            RecordingError: The file is no recording.
            ValueError: See `Recording.script`.
        """
        if not isinstance(recording, Recording):
            recording = Recording.load(recording)
        recording.play_on(self._simulator, self.entry, phonebook=self.phonebook, speed=speed)
        return self

    def goes_dead(self, code: int = 0) -> None:
        """Let the line go dead now: a connection ends, a dial in progress fails.

        Raises:
            RasError: 668: there is no connection and no dial.
        """
        self._simulator.drop(self.entry, code, phonebook=self.phonebook)

    def _script(self, state: ConnectionState, *last: ScriptStep) -> Self:
        """Script the usual states up to `state`, and then these steps."""
        usual = USUAL_STATES.index(state if state in USUAL_STATES else ConnectionState.AUTHENTICATED)
        steps = [*map(Step, USUAL_STATES[:usual]), *last]
        self._simulator.script(self.entry, steps, phonebook=self.phonebook)
        self._simulator.refuse(self.entry, 0, phonebook=self.phonebook)
        return self
