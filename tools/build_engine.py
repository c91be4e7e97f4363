"""Builds the simulator as a RAS library of its own, into build/engine: `make engine`.

rasapi32.dll for x86-64 and x86 where mingw-w64 is installed, librasapi32.so where this system is a POSIX one.
Programs that call RAS dial simulated lines with it; docs/windows.md tells how.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # build_ffi.py is no module of the package

from build_ffi import GENERATED, NATIVE, write_error_texts

TARGET = Path("build/engine")
ENGINE = NATIVE / "engine"
FOLDERS = [ENGINE, ENGINE / "scripted", ENGINE / "pppd", ENGINE / "standalone"]
SOURCES = [
    *(path for folder in FOLDERS for path in sorted(folder.glob("*.c"))),
    *sorted((NATIVE / "os").glob("os_*.c")),
]
SHARED = [
    *(path for folder in (NATIVE, NATIVE / "os", *FOLDERS) for path in folder.glob("*.h")),
    *map(Path, ("rasdial_async/errors/error_codes.json", "build_ffi.py", "tools/build_engine.py")),
]
"""What every object is made from, beside its own source."""
MINGW = {"x86_64": "x86_64-w64-mingw32-", "i686": "i686-w64-mingw32-"}

COMPILE = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-DSIM_STANDALONE"]
CONTROL = re.compile(r"^\w.*?\b(sim_\w+)\(", re.MULTILINE)


def run(*command: str | Path) -> str:
    return subprocess.run([*map(str, command)], check=True, text=True, stdout=subprocess.PIPE).stdout


def compile_sources(compiler: str, folder: Path, *options: str) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    newest = max(path.stat().st_mtime for path in SHARED)

    def compile_source(source: Path) -> Path:
        target = folder / f"{source.parent.name}-{source.stem}.o"
        if not target.exists() or target.stat().st_mtime < max(newest, source.stat().st_mtime):
            run(compiler, *COMPILE, *options, f"-I{GENERATED}", "-c", source, "-o", target)
        return target

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(compile_source, SOURCES))


def exported_names(objects: list[Path], nm: str) -> dict[str, str]:
    """Exported name -> symbol: the RAS functions that were compiled, and the sim_… of the headers."""
    headers = [ENGINE / "engine.h", ENGINE / "scripted/simulator.h", ENGINE / "standalone/standalone.h"]
    controls = {name for header in headers for name in CONTROL.findall(header.read_text("utf-8"))}
    names = {}
    for line in run(nm, "--defined-only", "--extern-only", *objects).splitlines():
        symbol = line.split()[-1] if line.strip() else ""
        name = re.sub(r"^_(?=Ras|sim_)|@\d+$", "", symbol)  # as 32-bit Windows decorates names
        if name.startswith("Ras") or name in controls:
            names[name] = symbol.removeprefix("_")
    return names


def build_dll(cpu: str) -> Path:
    """-static-libgcc: nothing but Windows' own DLLs are needed beside it."""
    compiler = f"{MINGW[cpu]}gcc"
    folder = TARGET / cpu
    objects = compile_sources(compiler, folder / "objects", "-D_WIN32_WINNT=0x0601")
    names = exported_names(objects, f"{MINGW[cpu]}nm")
    definition = folder / "rasapi32.def"
    lines = [name if name == symbol else f"{name}={symbol}" for name, symbol in sorted(names.items())]
    definition.write_text("\n".join(["LIBRARY rasapi32.dll", "EXPORTS", *lines, ""]), "utf-8")
    dll = folder / "rasapi32.dll"
    # Name and order of the exports are those of the .def file; --kill-at: RasDialW, not RasDialW@24.
    run(compiler, "-shared", "-static-libgcc", "-s", "-Wl,--kill-at", *objects, definition, "-o", dll)
    return dll


def build_shared() -> Path:
    compiler = os.environ.get("CC", "cc")
    objects = compile_sources(compiler, TARGET / "objects", "-fPIC", "-D_POSIX_C_SOURCE=200809L")
    names = exported_names(objects, "nm")
    library = TARGET / "librasapi32.so"
    if sys.platform == "darwin":
        exports = TARGET / "exports.txt"
        exports.write_text("".join(f"_{name}\n" for name in sorted(names)), "utf-8")
        run(compiler, "-dynamiclib", f"-Wl,-exported_symbols_list,{exports}", *objects, "-o", library)
    else:
        script = TARGET / "exports.map"
        listed = "".join(f"{name}; " for name in sorted(names))
        script.write_text(f"{{ global: {listed}local: *; }};\n", "utf-8")
        run(compiler, "-shared", f"-Wl,--version-script={script}", *objects, "-pthread", "-o", library)
    return library


def main() -> None:
    targets = ["x86_64", "i686", "shared"]
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "target", nargs="*", choices=[[], *targets], help="default: all that can be built here"
    )
    wanted = parser.parse_args().target
    write_error_texts(GENERATED)
    for target in wanted or targets:
        if target == "shared":
            if sys.platform != "win32" or wanted:
                print(build_shared())
        elif wanted or shutil.which(f"{MINGW[target]}gcc"):
            print(build_dll(target))
        else:
            print(f"no {MINGW[target]}gcc: rasapi32.dll for {target} is left out", file=sys.stderr)


if __name__ == "__main__":
    main()
