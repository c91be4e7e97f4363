"""The built-in RAS engine with scripted lines."""

from .scenario import PHONEBOOK, ScenarioError, load_named_scenario
from .simulator import DEFAULT_DEVICE, CallbackMode, Simulator
from .steps import LONGEST_DELAY, Drop, Fail, Login, Pause, ScriptStep, Silence, Step

__all__ = [
    "DEFAULT_DEVICE",
    "LONGEST_DELAY",
    "PHONEBOOK",
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
    "load_named_scenario",
]
