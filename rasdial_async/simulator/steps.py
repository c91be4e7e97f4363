"""The steps of a script for a simulated dial."""

from __future__ import annotations

from dataclasses import dataclass

from .._native.binding import SAME_STATE, EngineStep, StepKind
from ..errors import ConnectionState, check_number

LONGEST_DELAY = 4_000.0  # seconds; the engine counts microseconds in 32 bits


@dataclass(frozen=True, slots=True)
class Step:
    """The dial enters `state`, `after` seconds from the step before."""

    state: ConnectionState
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Login:
    """As Step, but wrong credentials fail the dial at this step with 691."""

    state: ConnectionState = ConnectionState.AUTH_NOTIFY
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Fail:
    """The dial fails with an error: in `state`, or in the state that it has reached."""

    code: int
    extended: int = 0
    state: ConnectionState | None = None
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Silence:
    """No further event until the dial is hung up."""

    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Drop:
    """The line of the connection goes dead, `after` seconds from the step before."""

    after: float = 0.0
    code: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """The dial pauses in `state` until RasDial goes on with it.

    A dial without ``DialOptions.PAUSED_STATES`` fails here, with the code that RAS has for the state.

    Attributes:
        state: A paused state.
        after: Seconds from the step before.
        scripted: The steps that follow decide, whatever the answer is; else the far end checks the answer,
            and first enters the states that this check takes.
    """

    state: ConnectionState
    after: float = 0.0
    scripted: bool = False


ScriptStep = Step | Login | Fail | Silence | Drop | Pause


def engine_step(step: ScriptStep) -> EngineStep:
    """Return the step in the engine's form, checked."""
    if not isinstance(step, ScriptStep):
        raise TypeError(
            f"a step must be Step, Login, Fail, Silence, Drop or Pause, not {type(step).__name__}"
        )
    check_seconds("after", step.after)
    match step:
        case Step():
            return EngineStep(StepKind.STEP, int(step.state), 0, 0, step.after)
        case Login():
            return EngineStep(StepKind.LOGIN, int(step.state), 0, 0, step.after)
        case Fail():
            check_number("code", step.code)
            check_number("extended", step.extended)
            state = SAME_STATE if step.state is None else int(step.state)
            return EngineStep(StepKind.FAIL, state, step.code, step.extended, step.after)
        case Pause():
            kind = StepKind.PAUSE_SCRIPTED if step.scripted else StepKind.PAUSE
            return EngineStep(kind, int(step.state), 0, 0, step.after)
        case Silence():
            return EngineStep(StepKind.SILENCE, 0, 0, 0, step.after)
        case Drop():
            check_number("code", step.code)
            return EngineStep(StepKind.DROP, 0, step.code, 0, step.after)


def check_seconds(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} must be a number, not {type(value).__name__}")
    if not 0 <= value <= LONGEST_DELAY:
        raise ValueError(f"{name} must be between 0 and {LONGEST_DELAY:g}")
