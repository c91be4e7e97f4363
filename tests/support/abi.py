"""tests/data/abi.json: how each CPU lays out the structures of the Windows SDK's ras.h."""

from __future__ import annotations

import json

from support import DATA

ABI = json.loads((DATA / "abi.json").read_text("utf-8"))
CPUS = ("x86_64", "i686")


def size_of(cpu: str, structure: str) -> int:
    """The size of the newest version."""
    return sizes_of(cpu, structure)[0]


def sizes_of(cpu: str, structure: str) -> list[int]:
    """The size of each version, newest first."""
    return [size for size, _ in reversed(ABI[cpu][structure]["versions"])]


def members_of(cpu: str, structure: str) -> dict[str, tuple[int, int]]:
    """Offset and size of each member of the newest version, in order."""
    return {name: (offset, size) for name, (offset, size) in ABI[cpu][structure]["members"].items()}
