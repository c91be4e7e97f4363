"""The simulator as the environment wants it: its phonebook, and its scenario or recording."""

from __future__ import annotations

import os

from ..simulator import ScenarioError, Simulator
from .recording import Recording

PHONEBOOK = "RASDIAL_SIMULATOR_PHONEBOOK"
SCRIPT = "RASDIAL_SIMULATOR_SCRIPT"


def simulator_of_environment() -> Simulator:
    """Return a simulator as `RASDIAL_BACKEND=simulator` makes it.

    RASDIAL_SIMULATOR_PHONEBOOK names its default phonebook, a file that changes are written to.

    Raises:
        ScenarioError: See :func:`play_script`; no simulator is left open.
    """
    simulator = Simulator()
    try:
        if os.environ.get(PHONEBOOK):
            simulator.use_file(os.environ[PHONEBOOK])
        play_script(simulator)
    except BaseException:
        simulator.close()
        raise
    return simulator


def play_script(simulator: Simulator) -> None:
    """Load the file that RASDIAL_SIMULATOR_SCRIPT names: a scenario, or a recording that every entry plays.

    Raises:
        ScenarioError: The file cannot be read or has a mistake.
    """
    path = os.environ.get(SCRIPT)
    if not path:
        return
    try:
        if path.endswith(".jsonl"):
            recording = Recording.load(path)
            for entry in simulator.backend.session.library.entries(None):
                recording.play_on(simulator, entry.name, phonebook=entry.phonebook or None)
        else:
            simulator.load_scenario(path)
    except (ValueError, OSError) as error:  # a ScenarioError and a RecordingError among them
        raise ScenarioError(f"{error} ({SCRIPT} names this file)") from None
