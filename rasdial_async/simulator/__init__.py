"""The built-in RAS engine with scripted lines."""

from .scenario import ScenarioError
from .simulator import DEFAULT_DEVICE, CallbackMode, Simulator
from .steps import LONGEST_DELAY, Drop, Fail, Login, Pause, ScriptStep, Silence, Step

__all__ = [
    "DEFAULT_DEVICE",
    "LONGEST_DELAY",
    "CallbackMode",
    "Drop",
    "Fail",
    "Login",
    "Pause",
    "ScenarioError",
    "ScriptStep",
    "Silence",
    "Simulator",
    "Step",
]
