"""Builds rasdial_async._native._ras, the compiled room: cffi in API mode, stable ABI (abi3).

`pip install .` runs this through setup.py's cffi_modules.
"""

import json
import os
import sys
from pathlib import Path

from cffi import FFI

NATIVE = Path("rasdial_async/_native")
GENERATED = Path("build/generated")
SOURCES = [
    *("notify.c", "notify_targets.c", "device_table.c", "ras_layout.c", "ras_library.c", "watch_event.c"),
    *(
        str(path.relative_to(NATIVE))
        for folder in ("os", "engine", "engine/scripted")
        for path in sorted((NATIVE / folder).glob("*.c"))
    ),
]

# What the declarations in cdef.h stand for. The trampolines exist once cffi has generated them.
PREAMBLE = """
#include <uchar.h>

#include "notify.h"
#include "engine/scripted/simulator.h"
#include "watch_event.h"

#ifndef _WIN32
#define __stdcall
#endif

static int on_dial_events(int, const struct notify_event *, int);
static void on_wake(int);

static int notify_drain_to_python(int target) { return notify_drain(target, on_dial_events); }
static int notify_relay_to_on_wake(int target) { return notify_relay_to_python(target, on_wake); }
"""


def write_error_texts(folder: Path) -> None:
    """The simulator's RasGetErrorString answers with the package's own messages."""
    table = json.loads(Path("rasdial_async/errors/error_codes.json").read_text(encoding="utf-8"))
    lines = [
        f"{{ {entry['code']}, {json.dumps(entry['message'])} }},\n"
        for entry in table["codes"]
        if 600 <= entry["code"] <= 899
    ]
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / f"error_text.{os.getpid()}"  # the file is never half there: another build may read it
    whole.write_text("".join(lines), encoding="utf-8")
    whole.replace(folder / "error_text.inc")


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
        extra_compile_args=["/std:c11"]
        if windows
        else ["-std=c11", "-fvisibility=hidden", "-g0"],  # debug information names the machine's folders
        py_limited_api=True,
    )
    return builder


ffibuilder = make_builder()

if __name__ == "__main__":
    ffibuilder.compile(verbose=True)
