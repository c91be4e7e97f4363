"""Windows CPython under Wine, as the scripts of this folder run it.

`python tools/wine_lane/wine.py 3.11 ARGUMENT…` runs one of the lane's Pythons by hand.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("RASDIAL_WINDOWS_CACHE") or ROOT / ".cache" / "windows")
PREFIX = CACHE / "prefix"
SYSTEM32 = PREFIX / "drive_c" / "windows" / "system32"
PYTHONS = ("3.11", "3.12", "3.13")

NATIVE = "n"
"""WINEDLLOVERRIDES for rasapi32: the DLL in System32. Without it Wine loads its own, whatever the path."""
BUILTIN = "b"
"""... Wine's own."""


def python_folder(version: str) -> Path:
    return CACHE / f"python-{version}"


def environment(rasapi32: str = NATIVE, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {
        "WINEPREFIX": str(PREFIX),
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": f"mscoree,mshtml=;winemenubuilder.exe=d;rasapi32={rasapi32}",
        "PYTHONUTF8": "1",
        **more,
    }


def windows_path(path: Path) -> str:
    """Wine shows the whole file system as drive Z."""
    return "Z:" + str(path.resolve()).replace("/", "\\")


class Server:
    """Keeps Wine's services running for as long as it is open: each program then starts at once."""

    def __enter__(self) -> Server:
        self._call("wineserver", "-k")
        self._call("wineserver", "-p")
        # The services start with the first program and inherit its output.
        self._call("wine", "cmd", "/c", "exit")
        return self

    def __exit__(self, *error: object) -> None:
        self._call("wineserver", "-k")

    @staticmethod
    def _call(*command: str) -> None:
        quiet = subprocess.DEVNULL
        subprocess.run(command, env=environment(), stdin=quiet, stdout=quiet, stderr=quiet, check=False)


def run(
    program: Path, *arguments: str, timeout: float, quiet: bool = False, env: dict[str, str] | None = None
) -> tuple[int, str]:
    """Exit status and output, which is also shown unless `quiet`. 124 = it took too long.

    Standard streams are never regular files: Windows CPython under Wine dies at its start with one. The end
    of the program ends the reading, since a service of Wine may still hold the other end of the pipe.
    """
    process = subprocess.Popen(
        ["wine", str(program), *arguments],
        env=env or environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output = bytearray()

    def read() -> None:
        assert process.stdout is not None
        while chunk := os.read(process.stdout.fileno(), 65536):
            output.extend(chunk)
            if not quiet:
                sys.stdout.buffer.write(chunk.replace(b"\r\n", b"\n"))
                sys.stdout.buffer.flush()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        status = process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        status = 124
    reader.join(1.0)
    return status, output.decode("utf-8", "replace").replace("\r\n", "\n")


def run_python(
    version: str,
    *arguments: str,
    timeout: float = 600,
    quiet: bool = False,
    env: dict[str, str] | None = None,
) -> tuple[int, str]:
    """Compiled modules are kept, outside of the checkout: they are most of what a start costs."""
    folder = python_folder(version)
    compiled = {"PYTHONPYCACHEPREFIX": windows_path(folder / "compiled")}
    return run(
        folder / "python.exe",
        *arguments,
        timeout=timeout,
        quiet=quiet,
        env=(env or environment()) | compiled,
    )


if __name__ == "__main__":
    with Server():
        sys.exit(run_python(sys.argv[1], *sys.argv[2:])[0])
