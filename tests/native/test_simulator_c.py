"""The simulator from C: its own test program, plain and under the compiler's sanitizers."""

import json
import sys
from pathlib import Path

import pytest
from support.c_programs import COMPILER, SANITIZERS, Build

HERE = Path(__file__).parent
NATIVE = HERE.parents[1] / "rasdial_async" / "_native"
ERRORS = HERE.parents[1] / "rasdial_async" / "errors" / "error_codes.json"

# The test program takes the place of the allocator, to let each allocation fail once.
ALLOCATOR = tuple(f"-D{name}=test_{name}" for name in ("malloc", "calloc", "realloc"))


def write_error_texts(folder):
    """error_text.inc, as the build makes it."""
    errors = json.loads(ERRORS.read_text("utf-8"))["codes"]
    lines = [
        f"{{ {error['code']}, {json.dumps(error['message'])}, {json.dumps((error | pppd)['message'])} }},\n"
        for error in errors
        for pppd in [error.get("pppd", {})]
        if 600 <= error["code"] <= 899
    ]
    (folder / "error_text.inc").write_text("".join(lines), "utf-8")


BUILDS = {
    sanitizer: Build(
        module=f"native.{Path(__file__).stem}",
        name=sanitizer,
        sources=(
            *sorted(NATIVE.glob("os/os_*.c")),
            *sorted(NATIVE.glob("engine/*.c")),
            *sorted(NATIVE.glob("engine/scripted/*.c")),
            *sorted(HERE.glob("simulator_*.c")),
        ),
        sanitizer=sanitizer,
        options=("-O1", *ALLOCATOR),
        prepare=write_error_texts,
    )
    for sanitizer in SANITIZERS
}


@pytest.mark.skipif(sys.platform == "win32", reason="builds with a POSIX compiler's options")
@pytest.mark.skipif(COMPILER is None, reason="no C compiler")
@pytest.mark.parametrize("c_program", BUILDS.values(), indirect=True, ids=BUILDS)
def test_simulator(c_program):
    assert c_program.status == 0, c_program.output
