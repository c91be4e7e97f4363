"""One sdist, the wheel built from it, and an environment it is installed in, for all of these tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import ROOT


def run(*command: object, cwd: Path, **variables: str) -> str:
    """Return what the program prints; it has to succeed. Nothing of this checkout is on its path."""
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "COVERAGE")}
    result = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env=environment | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


@pytest.fixture(scope="session")
def sources() -> list[str]:
    """The files of the checkout that are under version control, or would be."""
    pytest.importorskip("build", minversion="1.2", reason="PyPA's build is missing: pip install --group dev")
    if not (ROOT / ".git").exists():
        pytest.skip("only a checkout knows which files there have to be")
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT).splitlines()
    return [name for name in listed if (ROOT / name).exists()]


@dataclass(frozen=True)
class Distributions:
    sdist: Path
    wheel: Path
    folder: Path  # where they were built


@pytest.fixture(scope="session")
def distributions(sources: list[str], tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """Built from a copy, as in a fresh clone: the sdist, and from nothing but the sdist the wheel."""
    folder = tmp_path_factory.mktemp("build")
    for name in sources:
        (folder / "checkout" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / "checkout" / name)
    (folder / "temporary").mkdir()
    command = (sys.executable, "-m", "build", "--outdir", folder / "dist")
    run(*command, cwd=folder / "checkout", TMPDIR=str(folder / "temporary"))
    [sdist], [wheel] = (list((folder / "dist").glob(name)) for name in ("*.tar.gz", "*.whl"))
    return Distributions(sdist, wheel, folder)


@dataclass(frozen=True)
class Installation:
    """An environment of its own with the package in it, and a folder to work in."""

    scripts: Path
    folder: Path

    @property
    def python(self) -> Path:
        return self.scripts / "python"

    def run(self, *command: object) -> str:
        """As in a shell where the environment is activated."""
        path = os.pathsep.join([str(self.scripts), os.environ["PATH"]])
        return run(*command, cwd=self.folder, PATH=path, RASDIAL_BACKEND="")


@pytest.fixture(scope="session")
def installation(distributions: Distributions, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """pip install of the sdist, with the command line, and pytest for the plugin."""
    folder = tmp_path_factory.mktemp("installation")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    scripts = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    wanted = f"rasdial-async[cli] @ {distributions.sdist.as_uri()}"
    run(scripts / "python", "-m", "pip", "install", "--quiet", wanted, "pytest", cwd=folder)
    (folder / "work").mkdir()
    return Installation(scripts, folder / "work")
