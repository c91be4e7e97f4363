"""What tests of a program that dials are written with; the pytest plugin makes fixtures of it."""

from __future__ import annotations

import os
from typing import Self

from ..errors import ConnectionState
from ..simulator import Drop, Fail, Pause, ScriptStep, Silence, Simulator, Step
from .recording import Recording

# The way of most dials. No program may rely on it: RAS promises none of these states but the last.
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
    """The line of one entry of a simulator, and what every later dial of it meets.

    Until one of these is called, the line behaves as its device usually does, and looks at the credentials.
    Each call says anew how it behaves, and gives the line back. Delays are in seconds.

    Args:
        simulator: Where the entry is.
        entry: Its name.
        phonebook: Where the entry is; None = the default phonebook.
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
        """Any credentials will do."""
        return self._script(ConnectionState.CONNECTED, Step(ConnectionState.CONNECTED, after))

    def fails(
        self,
        code: int,
        *,
        extended: int = 0,
        state: ConnectionState = ConnectionState.AUTHENTICATE,
        after: float = 0.0,
    ) -> Self:
        """The dial fails with this code, such as 691 or 676, when it has come to `state`."""
        return self._script(state, Fail(code, extended, state, after))

    def pauses(self, state: ConnectionState, *, after: float = 0.0) -> Self:
        """The dial waits in a paused state, such as PASSWORD_EXPIRED, and connects when it is answered.

        A dial without paused states fails there.
        """
        return self._script(state, Pause(state, after), Step(ConnectionState.CONNECTED))

    def hangs(self, state: ConnectionState = ConnectionState.AUTHENTICATE) -> Self:
        """The dial comes as far as `state`, and nothing more is heard."""
        return self._script(state, Step(state), Silence())

    def drops(self, code: int = 0, *, after: float = 0.0) -> Self:
        """It connects, and the link dies `after` seconds later. See also :meth:`goes_dead`."""
        return self._script(ConnectionState.CONNECTED, Step(ConnectionState.CONNECTED), Drop(after, code))

    def refuses(self, code: int) -> Self:
        """RasDial itself returns this code, such as 633 when the port is in use."""
        self._simulator.refuse(self.entry, code, phonebook=self.phonebook)
        return self

    def replays(self, recording: Recording | str | os.PathLike[str], *, speed: float = float("inf")) -> Self:
        """The dial goes as a recorded one did: without its delays, unless a speed is given.

        Raises:
            RecordingError: The file is no recording.
            ValueError: See `Recording.script`.
        """
        if not isinstance(recording, Recording):
            recording = Recording.load(recording)
        recording.play_on(self._simulator, self.entry, phonebook=self.phonebook, speed=speed)
        return self

    def goes_dead(self, code: int = 0) -> None:
        """Now: a connection ends, a dial in progress fails.

        Raises:
            RasError: 668: there is neither.
        """
        self._simulator.drop(self.entry, code, phonebook=self.phonebook)

    def _script(self, state: ConnectionState, *last: ScriptStep) -> Self:
        """The usual way to `state`, and then these steps."""
        usual = USUAL_STATES.index(state if state in USUAL_STATES else ConnectionState.AUTHENTICATED)
        steps = [*map(Step, USUAL_STATES[:usual]), *last]
        self._simulator.script(self.entry, steps, phonebook=self.phonebook)
        self._simulator.refuse(self.entry, 0, phonebook=self.phonebook)
        return self
