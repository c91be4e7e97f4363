"""Builds the library that the benchmarks dial, as one cffi module, into build/benchmarks.

On Windows the module is called rasapi32.dll, so that win32ras is bound to it: Windows takes a loaded
library of the name that is asked for. The Windows lane compiles it, from what `python -m benchmarks.build`
writes.
"""

from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import ExtensionFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from cffi import FFI

HERE = Path(__file__).parent
NATIVE = HERE.parent / "rasdial_async" / "_native"
FOLDER = HERE.parent / "build" / "benchmarks"
NAME = "_rasdial_benchmark_source"
WINDOWS = FOLDER / "windows" / "rasapi32.dll"
SOURCES = (
    HERE / "source.c",
    HERE / "source.h",
    HERE / "platform.h",
    HERE / "build.py",
    NATIVE / "ras_types.h",
    NATIVE / "ras_api.h",
)

# The plain way: RAS's own thread runs Python.
PLAIN = """
extern "Python" void plain_callback(uintptr_t connection, uint32_t message, uint32_t state,
                                    uint32_t error, uint32_t extended_error);
"""


def build() -> Path:
    """The path of the built module; built again only when a source is newer."""
    if sys.platform == "win32":
        return WINDOWS
    found = list(FOLDER.glob(f"{NAME}*.so"))
    if found and all(found[0].stat().st_mtime > source.stat().st_mtime for source in SOURCES):
        return found[0]
    FOLDER.mkdir(parents=True, exist_ok=True)
    return Path(make_builder().compile(tmpdir=str(FOLDER)))


def make_builder() -> FFI:
    builder = FFI()
    builder.cdef((HERE / "source.h").read_text(encoding="utf-8") + PLAIN)
    builder.set_source(
        NAME,
        '#include "source.h"',
        sources=[str(HERE / "source.c")],
        include_dirs=[str(HERE), str(NATIVE)],
        extra_compile_args=["-std=c11", "-O2"],
        libraries=["pthread"],
    )
    return builder


def load() -> tuple[Any, Any, str]:
    """ffi and lib of the module, and its path: RasClient opens the same library by it."""
    path = build()
    spec = importlib.util.spec_from_file_location(NAME, path, loader=ExtensionFileLoader(NAME, str(path)))
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ffi, module.lib, str(path)


if __name__ == "__main__":
    WINDOWS.parent.mkdir(parents=True, exist_ok=True)
    make_builder().emit_c_code(str(WINDOWS.with_name("module.c")))
