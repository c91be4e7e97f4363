"""Prints what the tests need on Windows, one requirement a line: pip evaluates markers for this system."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement

WINDOWS = {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"}
HIDDEN = ("colorama",)  # pytest's and click's own, on Windows only


def main() -> None:
    project = tomllib.loads(Path(__file__).parents[2].joinpath("pyproject.toml").read_text("utf-8"))
    for line in (*project["project"]["dependencies"], *project["dependency-groups"]["test"], *HIDDEN):
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(WINDOWS):
            requirement.marker = None
            print(requirement)


if __name__ == "__main__":
    main()
