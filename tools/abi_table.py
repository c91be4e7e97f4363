"""Prints tests/data/abi.json from a ras.h: ``python tools/abi_table.py [FOLDER_OF_THE_WINDOWS_SDK]``.

mingw-w64 compiles the header once for each Windows version and CPU; nothing is run. The committed table has
the values of the Windows SDK, whose um/ and shared/ are below the folder. Without a folder the header is that
of mingw-w64, which lacks newer structures and members.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LAYOUT = ROOT / "rasdial_async" / "_native" / "ras_layout.c"
CPUS = ("x86_64", "i686")
# _WIN32_WINNT and NTDDI_VERSION; the last two are Windows 10 before and since release 1803.
VERSIONS = (
    *((number, number << 16) for number in (0x0400, 0x0401, 0x0500, 0x0501, 0x0502)),
    *((number, number << 16) for number in (0x0600, 0x0601, 0x0602, 0x0603, 0x0A00)),
    (0x0A00, 0x0A00000C),
)
ENUMS = ("RASCONNSTATE", "RASCONNSUBSTATE")
OPTIONS = r"\bRDEOPT_\w+"
LENGTHS = r"\b(?:RAS_Max\w+|(?:UN|PW|DN)LEN|MAX_PATH)\b"
_HEADERS = "#include <winsock2.h>\n#include <windows.h>\n#include <ras.h>\n"


class Compiler:
    """mingw-w64's for one CPU and one Windows version."""

    def __init__(self, cpu: str, version: tuple[int, int], sdk: Path | None) -> None:
        self._program = f"{cpu}-w64-mingw32-gcc"
        folders = [f"-I{sdk / part}" for part in ("um", "shared")] if sdk else []
        windows, ntddi = version
        numbers = [f"-DWINVER={windows:#x}", f"-D_WIN32_WINNT={windows:#x}", f"-DNTDDI_VERSION={ntddi:#x}"]
        self._options = ["-w", "-DUNICODE", *numbers, *folders]
        self._prefix = self._program.removesuffix("gcc")

    def preprocessed(self, *more: str) -> str:
        command = [self._program, *self._options, "-E", "-P", *more, "-"]
        return subprocess.run(command, input=_HEADERS, capture_output=True, text=True, check=True).stdout

    def numbers(self, terms: list[str]) -> list[int]:
        """The values of constant expressions, read from the compiled object."""
        with tempfile.TemporaryDirectory() as folder:
            binary, compiled = Path(folder, "numbers.bin"), Path(folder, "numbers.o")
            source = (
                _HEADERS + "#include <stddef.h>\nconst unsigned numbers[] = {" + ",\n".join(terms) + "};\n"
            )
            command = [self._program, *self._options, "-x", "c", "-c", "-", "-o", str(compiled)]
            subprocess.run(command, input=source, text=True, check=True)
            copy = [f"{self._prefix}objcopy", "-O", "binary", "-j", ".rdata", str(compiled), str(binary)]
            subprocess.run(copy, check=True)
            data = binary.read_bytes()
        return [int.from_bytes(data[4 * index :][:4], "little") for index in range(len(terms))]


def structures() -> list[str]:
    """The structures that the package declares for itself."""
    return sorted(re.findall(r"^SIZE\((\w+),", LAYOUT.read_text("utf-8"), re.M))


def members(source: str, structure: str) -> list[str]:
    """The names of a structure's members, in order; those of an unnamed union one after another."""
    tag = rf"struct\s+(?:_?tag)?_?{structure}"
    found = re.search(rf"{tag}\s*\{{((?:[^{{}}]|\{{[^{{}}]*\}})*)\}}", source)
    if found is None:
        return []
    return re.findall(r"(\w+)\s*(?:\[[^;]*\])?\s*;", found[1])


def table(
    cpu: str, sdk: Path | None, windows: tuple[tuple[int, int], ...] = VERSIONS
) -> dict[str, dict[str, Any]]:
    """Each structure's versions, oldest first, and the members of the newest."""
    found: dict[str, dict[str, Any]] = {}
    for version in windows:
        compiler = Compiler(cpu, version, sdk)
        source = compiler.preprocessed()
        known = {name: members(source, name) for name in structures()}
        terms = [f"sizeof({name})" for name, names in known.items() if names]
        for name, names in known.items():
            for member in names:
                terms += [f"offsetof({name}, {member})", f"sizeof((({name} *)0)->{member})"]
        values = iter(compiler.numbers(terms))
        sizes = {name: next(values) for name, names in known.items() if names}
        for name, size in sizes.items():
            row = found.setdefault(name, {"versions": []})
            row["members"] = {member: [next(values), next(values)] for member in known[name]}
            if [size, len(known[name])] not in row["versions"]:
                row["versions"].append([size, len(known[name])])
    return found


def named_numbers(sdk: Path | None) -> dict[str, dict[str, int]]:
    """The enumerations, the lengths of texts and the options of a dial, by their names in the header."""
    compiler = Compiler(CPUS[0], VERSIONS[-1], sdk)
    source, macros = compiler.preprocessed(), compiler.preprocessed("-dM")
    names: dict[str, list[str]] = {}
    for enum in ENUMS:
        declared = re.search(rf"enum\s+(?:_?tag)?_?{enum}\s*\{{(.*?)\}}", source, re.S)
        names[enum] = re.findall(r"\bRASCS+_\w+", declared[1]) if declared else []
    for key, pattern in (("lengths", LENGTHS), ("options", OPTIONS)):
        names[key] = sorted(set(re.findall(rf"^#define ({pattern}) ", macros, re.M)))
    return {key: dict(zip(found, compiler.numbers(found), strict=True)) for key, found in names.items()}


def main() -> None:
    sdk = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    about = (
        "The structures of the Windows SDK's ras.h as each CPU lays them out; tools/abi_table.py makes it. "
        "versions: size and number of members of each version, oldest first; members: offset and size in the "
        "newest."
    )
    parts = [f'"about": {json.dumps(about)}']
    for cpu in CPUS:
        rows = (f'"{name}": {json.dumps(row)}' for name, row in sorted(table(cpu, sdk).items()))
        parts.append(f'"{cpu}": {{\n' + ",\n".join(rows) + "\n}")
    parts += [f'"{key}": {json.dumps(numbers)}' for key, numbers in named_numbers(sdk).items()]
    print("{\n" + ",\n".join(parts) + "\n}")


if __name__ == "__main__":
    main()
