"""The C test programs, plain and under the compiler's sanitizers.

Their compiling takes longer than anything else here. So it begins as soon as it is known which tests run,
and leaves them a processor; the tests that look at the outcome come last (conftest.py). It is the work of a
process of its own: other tests count the threads and descriptors of theirs.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from support import TESTS

COMPILER = shutil.which(os.environ.get("CC", "cc"))
CAN_BUILD = COMPILER is not None and sys.platform != "win32"
SANITIZERS = {
    "plain": [],
    "thread": ["-g", "-fsanitize=thread"],
    "address": ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
}
_SECONDS = 300


class Outcome(NamedTuple):
    """The outcome of a build; `impossible` says why there can't be one here, "" = there can."""

    impossible: str
    status: int
    output: str


@dataclass(frozen=True, eq=False)
class Build:
    """One program, compiled in one way.

    Attributes:
        module: Where it stands, in a dictionary BUILDS.
        name: Its key there.
        sources: What is compiled.
        sanitizer: A key of SANITIZERS.
        options: More for the compiler.
        arguments: For the program.
        prepare: Makes files that are included, in the folder that it is given.
    """

    module: str
    name: str
    sources: tuple[Path, ...]
    sanitizer: str
    options: tuple[str, ...] = ("-O1",)
    arguments: tuple[str, ...] = ()
    prepare: Callable[[Path], None] = lambda folder: None

    def __str__(self) -> str:
        return f"{self.module}:{self.name}"


class Workshop:
    """The process that builds and runs them. It tells each outcome on its stdout."""

    def __init__(self, builds: Iterable[Build]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="rasdial-c-")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "support.c_programs", self._folder.name, *map(str, builds)],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            cwd=TESTS,
        )
        self._outcomes: dict[str, Outcome] = {}

    def outcome(self, build: Build) -> Outcome:
        assert self._process.stdout is not None
        while str(build) not in self._outcomes:
            line = self._process.stdout.readline()
            assert line, "the process that builds the C programs has failed"
            name, *outcome = json.loads(line)
            self._outcomes[name] = Outcome(*outcome)
        return self._outcomes[str(build)]

    def close(self) -> None:
        """Ends what still runs: nobody asks for it any more."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()
        self._folder.cleanup()


class Bench:
    """The threads that build them: one processor is left to the tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._compilers = threading.Semaphore(max(1, (os.cpu_count() or 1) - 1))

    def make(self, build: Build) -> Outcome:
        folder = self._folder / str(build).replace(":", "-")
        folder.mkdir()
        empty = folder / "empty.c"
        empty.write_text("int main(void) { return 0; }\n")
        status, output = self._compile([empty], SANITIZERS[build.sanitizer], folder / "empty")
        if status == 0:
            status, output = _run([folder / "empty"])
        if status:
            return Outcome(
                f"{COMPILER} cannot build {build.sanitizer}: {output.strip()[-200:]}", status, output
            )
        build.prepare(folder)
        options = [*build.options, *SANITIZERS[build.sanitizer], f"-I{folder}"]
        status, output = self._compile(build.sources, options, folder / "program")
        if status == 0:
            status, output = _run([folder / "program", *build.arguments])
        return Outcome("", status, output)

    def _compile(self, sources: Iterable[Path], options: list[str], target: Path) -> tuple[int, str]:
        warnings = ["-Wall", "-Wextra", "-Werror"]
        libraries = ["-pthread"] if os.uname().sysname == "Darwin" else ["-pthread", "-ldl"]
        with self._compilers:
            return _run([COMPILER, "-std=c11", *warnings, *options, *sources, *libraries, "-o", target])


def _run(command: Iterable[object]) -> tuple[int, str]:
    try:
        done = subprocess.run(
            [*map(str, command)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired as late:
        return -1, f"it was not done within {_SECONDS} seconds\n{late.stdout!r}"
    return done.returncode, done.stdout


def main(folder: str, *names: str) -> None:
    wanted = []
    for name in names:
        module, build = name.split(":")
        wanted.append(importlib.import_module(module).BUILDS[build])
    wanted.sort(key=lambda build: list(SANITIZERS).index(build.sanitizer), reverse=True)
    bench = Bench(Path(folder))
    with ThreadPoolExecutor(len(wanted)) as pool:
        outcomes = {pool.submit(bench.make, build): build for build in wanted}
        for done in as_completed(outcomes):
            print(json.dumps([str(outcomes[done]), *done.result()]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
