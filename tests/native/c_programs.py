"""The C test programs, plain and under the compiler's sanitizers.

Their compiling takes longer than anything else here. So it begins as soon as it is known which tests run,
and leaves them a processor; the tests that look at the outcome come last (conftest.py).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

COMPILER = shutil.which(os.environ.get("CC", "cc"))
SANITIZERS = {
    "plain": [],
    "thread": ["-g", "-fsanitize=thread"],
    "address": ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
}
_SECONDS = 300


class Outcome(NamedTuple):
    """What became of a build; `impossible` says why there can't be one here, "" = there can."""

    impossible: str
    status: int
    output: str


@dataclass(frozen=True, eq=False)
class Build:
    """One program, compiled in one way.

    Attributes:
        sources: What is compiled.
        sanitizer: A key of SANITIZERS.
        options: More for the compiler.
        arguments: For the program.
        prepare: Makes files that are included, in the folder that it is given.
    """

    sources: tuple[Path, ...]
    sanitizer: str
    options: tuple[str, ...] = ("-O1",)
    arguments: tuple[str, ...] = ()
    prepare: Callable[[Path], None] = lambda folder: None


class Workshop:
    """Builds and runs programs in the background: one processor is left to the tests while it compiles."""

    def __init__(self, builds: Iterable[Build]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="rasdial-c-")
        self._compilers = threading.Semaphore(max(1, (os.cpu_count() or 1) - 1))
        self._running: set[subprocess.Popen[str]] = set()
        self._closed = False
        wanted = sorted(builds, key=lambda build: list(SANITIZERS).index(build.sanitizer), reverse=True)
        self._pool = ThreadPoolExecutor(max(1, len(wanted)))
        self._outcomes: dict[Build, Future[Outcome]] = {
            build: self._pool.submit(self._make, build, number) for number, build in enumerate(wanted)
        }

    def outcome(self, build: Build) -> Outcome:
        return self._outcomes[build].result()

    def close(self) -> None:
        """Ends what still runs: nobody asks for it any more."""
        self._closed = True
        for process in list(self._running):
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        self._pool.shutdown(cancel_futures=True)
        self._folder.cleanup()

    def _make(self, build: Build, number: int) -> Outcome:
        folder = Path(self._folder.name, str(number))
        folder.mkdir()
        empty = folder / "empty.c"
        empty.write_text("int main(void) { return 0; }\n")
        status, output = self._compile([empty], SANITIZERS[build.sanitizer], folder / "empty")
        if status == 0:
            status, output = self._run([folder / "empty"])
        if status:
            return Outcome(
                f"{COMPILER} cannot build {build.sanitizer}: {output.strip()[-200:]}", status, output
            )
        build.prepare(folder)
        options = [*build.options, *SANITIZERS[build.sanitizer], f"-I{folder}"]
        status, output = self._compile(build.sources, options, folder / "program")
        if status == 0:
            status, output = self._run([folder / "program", *build.arguments])
        return Outcome("", status, output)

    def _compile(self, sources: Iterable[Path], options: list[str], target: Path) -> tuple[int, str]:
        warnings = ["-Wall", "-Wextra", "-Werror"]
        libraries = ["-pthread"] if os.uname().sysname == "Darwin" else ["-pthread", "-ldl"]
        with self._compilers:
            return self._run([COMPILER, "-std=c11", *warnings, *options, *sources, *libraries, "-o", target])

    def _run(self, command: Iterable[object]) -> tuple[int, str]:
        if self._closed:
            return -1, "nobody waits for it"
        with subprocess.Popen(
            [*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            self._running.add(process)
            try:
                output, _ = process.communicate(timeout=_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                output = f"it was not done within {_SECONDS} seconds\n{process.communicate()[0]}"
            finally:
                self._running.discard(process)
        return process.returncode, output
