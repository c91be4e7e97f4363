"""The extension built with the compiler's sanitizers, and the environment in which Python can load it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Sanitizer(NamedTuple):
    """One way to build and run the extension."""

    flags: str
    runtimes: tuple[str, ...]
    options: dict[str, str]
    prefix: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()


SANITIZERS = {
    "address": Sanitizer(
        "-O1 -fsanitize=address,undefined -fno-sanitize-recover=all",
        ("libasan.so", "libubsan.so"),
        # CPython frees nothing at its end, so a list of leaks would be a list of CPython's.
        {"ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1", "UBSAN_OPTIONS": "print_stacktrace=1"},
    ),
    "thread": Sanitizer(
        "-O1 -fsanitize=thread",
        ("libtsan.so",),
        # CPython is not instrumented: a race is looked for in the extension alone.
        {"TSAN_OPTIONS": "ignore_noninstrumented_modules=1:halt_on_error=1:die_after_fork=0"},
        ("setarch", "-R"),  # the sanitizer can't map its shadow with as much randomness as Linux uses now
        ("--no-fork",),  # the child of a process with threads can't start any under this sanitizer
    ),
}
VARIANTS = ("plain", *SANITIZERS)


def run(variant: str, arguments: list[str]) -> int:
    """Runs this program again over the extension of that variant. Returns its exit status."""
    sanitizer = SANITIZERS[variant]
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None:
        sys.exit("chaos: there is no C compiler")
    folder = ROOT / "build" / "chaos" / variant
    _build(folder, sanitizer, compiler)
    runtimes = [_runtime(compiler, name) for name in sanitizer.runtimes]
    environment = (
        os.environ | sanitizer.options | {"LD_PRELOAD": ":".join(runtimes), "PYTHONPATH": str(folder)}
    )
    command = [
        *sanitizer.prefix,
        sys.executable,
        str(Path(__file__).parent),
        *sanitizer.arguments,
        *arguments,
    ]
    return subprocess.run(command, env=environment, check=False).returncode


def _build(folder: Path, sanitizer: Sanitizer, compiler: str) -> None:
    """A copy of the package, with an extension of its own."""
    build = ["build", f"--build-lib={folder}", f"--build-temp={folder.with_suffix('.objects')}"]
    environment = os.environ | {"CC": compiler, "CFLAGS": sanitizer.flags, "LDFLAGS": sanitizer.flags}
    shutil.rmtree(folder, ignore_errors=True)
    made = subprocess.run(
        [sys.executable, "-W", "ignore", "setup.py", "-q", *build],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        sys.exit(f"chaos: the extension can't be built with {sanitizer.flags}:\n{made.stderr}")


def _runtime(compiler: str, name: str) -> str:
    found = subprocess.run([compiler, f"-print-file-name={name}"], capture_output=True, text=True, check=True)
    path = found.stdout.strip()
    if not os.path.isabs(path):
        sys.exit(f"chaos: {compiler} has no {name}")
    return path
