"""Scenario files."""

from __future__ import annotations

import os

from .._native.binding import Engine
from ..errors import check_text


class ScenarioError(ValueError):
    """A scenario file that cannot be read or that has a mistake; the message names file, line and key."""


class SimulatedScenario:
    """A base of :class:`Simulator`."""

    def _open(self) -> Engine:
        raise NotImplementedError

    def load_scenario(self, path: str | os.PathLike[str]) -> None:
        """Read a scenario file: entries, logins, scripts, addresses, devices and answers, in TOML.

        An entry that a phonebook has keeps the settings that the scenario does not name.

        Args:
            path: The file. docs/how-to/scenario-file.md lists its keys.

        Raises:
            ScenarioError: The file cannot be read, or has a mistake. The simulator is as it was.
        """
        where = os.fspath(path)
        check_text("path", where, 259)
        code, problem = self._open().load_scenario(where)
        if code:
            raise ScenarioError(problem or f"{where}: the simulator cannot load it: error {code}")
