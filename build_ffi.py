"""Builds rasdial_async._native._ras, the compiled room: cffi in API mode, stable ABI (abi3).

`pip install .` runs this through setup.py's cffi_modules.
"""

import json
import sys
from pathlib import Path

from cffi import FFI

NATIVE = Path("rasdial_async/_native")
GENERATED = Path("build/generated")
SOURCES = [
    *("notify.c", "device_table.c", "host.c", "ras_layout.c", "ras_library.c", "watch_event.c"),
    *sorted(f"simulator/{path.name}" for path in (NATIVE / "simulator").glob("*.c")),
]

# What the declarations in cdef.h stand for. The trampoline exists once cffi has generated it.
PREAMBLE = """
#include <uchar.h>

#include "notify.h"
#include "simulator/simulator.h"
#include "watch_event.h"

#ifndef _WIN32
#define __stdcall
#endif

static void on_wake(int);

static int notify_relay_to_on_wake(int target) { return notify_relay_to_python(target, on_wake); }
"""


def write_error_texts(folder: Path) -> None:
    """The simulator's RasGetErrorString answers with the package's own messages."""
    table = json.loads(Path("rasdial_async/error_codes.json").read_text(encoding="utf-8"))
    lines = [
        f"{{ {entry['code']}, {json.dumps(entry['message'])} }},\n"
        for entry in table["codes"]
        if 600 <= entry["code"] <= 899
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "error_text.inc").write_text("".join(lines), encoding="utf-8")


def make_builder() -> FFI:
    write_error_texts(GENERATED)
    builder = FFI()
    builder.cdef((NATIVE / "cdef.h").read_text(encoding="utf-8"))
    windows = sys.platform == "win32"
    builder.set_source(
        "rasdial_async._native._ras",
        PREAMBLE,
        sources=[str(NATIVE / name) for name in SOURCES],
        include_dirs=[str(NATIVE), str(GENERATED)],
        libraries=["ws2_32"] if windows else ["pthread"] if sys.platform == "darwin" else ["pthread", "dl"],
        extra_compile_args=["/std:c11", "/experimental:c11atomics"]
        if windows
        else ["-std=c11", "-fvisibility=hidden"],
        py_limited_api=True,
    )
    return builder


ffibuilder = make_builder()

if __name__ == "__main__":
    ffibuilder.compile(verbose=True)
