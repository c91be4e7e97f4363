"""Tools for tests of programs that dial: lines, recordings, leak checks."""

from .environment import PHONEBOOK, play_script, simulator_of_environment
from .leftovers import left_in, left_threads
from .line import USUAL_STATES, Line
from .recording import Ending, Recording, RecordingError

__all__ = [
    "PHONEBOOK",
    "USUAL_STATES",
    "Ending",
    "Line",
    "Recording",
    "RecordingError",
    "left_in",
    "left_threads",
    "play_script",
    "simulator_of_environment",
]
