"""notify.c under fire: its own stress program, plain and under the compiler's sanitizers."""

import sys
from pathlib import Path

import pytest
from support.c_programs import COMPILER, SANITIZERS, Build

HERE = Path(__file__).parent
NATIVE = HERE.parents[1] / "rasdial_async" / "_native"
NAMES = ("notify_functions.c", "os/os_posix.c", "os/wake_posix.c", "ras_library.c")
SOURCES = (HERE / "notify_stress.c", *(NATIVE / name for name in NAMES))  # which has notify.c in it

# How much of everything in percent: what a sanitizer watches is slower.
AMOUNTS = {"plain": 200, "thread": 60, "address": 100}

INTERLOCKED = ("-include", str(HERE / "interlocked.h"))  # the atomics that MSVC gets

BUILDS = {
    name: Build(
        module=f"native.{Path(__file__).stem}",
        name=name,
        sources=SOURCES,
        sanitizer=sanitizer,
        options=("-O2" if sanitizer == "plain" else "-O1", *options),
        arguments=(str(AMOUNTS[sanitizer]),),
    )
    for name, sanitizer, options in (
        *((sanitizer, sanitizer, ()) for sanitizer in SANITIZERS),
        ("interlocked", "plain", INTERLOCKED),
    )
}


@pytest.mark.skipif(sys.platform == "win32", reason="builds with a POSIX compiler's options")
@pytest.mark.skipif(COMPILER is None, reason="no C compiler")
@pytest.mark.parametrize("c_program", BUILDS.values(), indirect=True, ids=BUILDS)
def test_notify(c_program):
    assert c_program.status == 0, c_program.output
