"""The package's own source, read as text: its modules, and what each of them imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from support import ROOT

PACKAGE = ROOT / "rasdial_async"
SOURCES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """The module's name below the package, "." for the package itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "."


MODULES = {name_of(path): path for path in SOURCES}
FOLDERS = {name for name, path in MODULES.items() if path.name == "__init__.py"} - {"."}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Each import of a file, wherever in it and for whomever, as (module, name); "" = the module itself."""
    package = ["rasdial_async", *path.relative_to(PACKAGE).with_suffix("").parts][:-1]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            where = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((where, alias.name) for alias in node.names)


def own_imports(path: Path) -> Iterator[tuple[str, str]]:
    """The imports of the package's own modules, as (module, name)."""
    for where, name in imports(path):
        if where != "rasdial_async" and not where.startswith("rasdial_async."):
            continue
        module = where.removeprefix("rasdial_async").removeprefix(".") or "."
        inside = name if module == "." else f"{module}.{name}"
        if inside in MODULES:
            yield inside, ""
        elif module in MODULES:
            yield module, name


def folder_of(module: str) -> str:
    """The innermost folder that a module lies in; a folder lies in itself."""
    while module and module not in FOLDERS:
        module = module.rpartition(".")[0]
    return module or "."
