"""Compiles the RAS libraries of the tests.

On Windows, where no compiler is, the tests take what another system has compiled for it beforehand:
``python tests/support/odd_ras/libraries.py x86_64-w64-mingw32-gcc FOLDER``, and
RASDIAL_TEST_LIBRARIES=FOLDER.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
NATIVE = HERE.parents[2] / "rasdial_async" / "_native"
SOURCES = {
    "odd_ras": ("odd_ras.c", "script.c", "log.c", "gates.c"),
    "links": ("links.c",),
    "autodial": ("autodial.c",),
    "logins": ("logins.c",),
}
VARIANTS = {
    "odd_ras": ("", "NO_DIAL", "NO_STATUS", "NO_HANG_UP"),
    "links": ("", "NO_NOTIFICATION", "NO_STATISTICS"),
    "autodial": ("", "NO_AUTODIAL"),
    "logins": ("",),
}


def build(folder: Path, name: str = "odd_ras", without: str = "") -> Path:
    """A library of its own in the folder; `without` leaves functions out. Skips where none can be had."""
    import pytest

    if sys.platform == "win32":
        prebuilt = os.environ.get("RASDIAL_TEST_LIBRARIES")
        if not prebuilt:
            pytest.skip("RASDIAL_TEST_LIBRARIES names no folder with the libraries of the tests")
        return Path(shutil.copy(Path(prebuilt, f"{name}{without}.dll"), folder))
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None:
        pytest.skip("no C compiler")
    target = folder / f"lib{name}.so"
    compile_library(target, name, without, compiler, "-g", "-fPIC", "-fvisibility=hidden", "-pthread")
    return target


def compile_library(target: Path, name: str, without: str, compiler: str, *options: str) -> None:
    assert without in VARIANTS[name]
    flags = ["-std=c11", "-O1", "-Wall", "-Wextra", "-Wno-unused", "-shared", f"-I{NATIVE}"]
    if without:
        flags.append(f"-D{without}")
    sources = [str(HERE / source) for source in SOURCES[name]]
    subprocess.run([compiler, *flags, *options, *sources, "-o", str(target)], check=True, timeout=300)


def main() -> None:
    compiler, folder = sys.argv[1:]
    sources = (*HERE.glob("*.[ch]"), *NATIVE.glob("*.h"), Path(__file__))
    newest = max(path.stat().st_mtime for path in sources)

    def make(name: str, without: str) -> None:
        target = Path(folder, f"{name}{without}.dll")
        if not target.exists() or target.stat().st_mtime < newest:
            compile_library(target, name, without, compiler, "-D_WIN32_WINNT=0x0601")

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = [pool.submit(make, name, one) for name, variants in VARIANTS.items() for one in variants]
        for one in made:
            one.result()


if __name__ == "__main__":
    main()
