"""The rules of the house, read from the source: who imports whom, who may touch what, how long files are."""

from __future__ import annotations

import ast
import graphlib
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "rasdial_async"
SOURCES = sorted(PACKAGE.rglob("*.py"))

# The rooms, from the cellar up: a module belongs to the longest name that begins it.
LEVELS = [
    "_codes states errors credentials eap phonebook _phonebook_edit _phonebook_save _whole_file _json_lines",
    "events records entry entry_link _phonebook_settings _request _redial observer",
    "_event_lines _attempt _routing _threads _totals _native",
    "_shield _marshal backends",
    "connection sub_entry watcher ras_phonebook",
    "_next_dial _dial_run dialing",
    "_simulated_books _simulated_links _simulated_logins _simulated_steps simulator _credential_verbs"
    " _eap_verbs client"
    " functions supervisor recording",
    "testing _leftovers",
    ". cli __main__ otel pytest_plugin",
]
LEVEL_OF = {name: level for level, names in enumerate(LEVELS) for name in names.split()}

# A module without a test file of its own, and where it is tested instead.
ELSEWHERE = {
    ".": "tests/test_exports.py",
    "__main__": "tests/cli",
    "cli": "tests/cli",
    "dialing": "tests/dialing",
    "_dial_run": "tests/dialing",  # a dial while it runs: seen through the Dialing
    "_credential_verbs": "tests/test_stored_credentials.py",
    "_eap_verbs": "tests/test_eap.py",
    "entry_link": "tests/test_entry_links.py",
    "_next_dial": "tests/test_asked_credentials.py",
    "_phonebook_save": "tests/test_phonebook_edit.py",  # what is edited is saved
    "_whole_file": "tests/test_phonebook_edit.py",
    "_event_lines": "tests/test_recording_file.py",
    "_json_lines": "tests/test_recording_file.py",
    "observer": "tests/test_otel.py",
    "records": "tests/test_connection_links.py",  # what the verbs of a connection return
    "_simulated_links": "tests/test_connection_links.py",
    "_threads": "tests/test_thread_pool.py",  # tests/threads has what is about RAS's threads
    "_native": "tests/native/test_layout.py",
    "_native.text": "tests/native/test_text.py",
    "_native.trampoline": "tests/native/test_notify.py",
    "_native.binding": "tests/native/test_binding.py",
    "backends": "tests/second_library",  # over a library that does what RAS may do
}


def name_of(path):
    """The module's name below the package, "." for the package itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "."


MODULES = {name_of(path): path for path in SOURCES}


@cache
def tree(path):
    return ast.parse(path.read_text("utf-8"))


def at_run_time(node):
    """Every node that is not for type checkers only."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            yield from (one for branch in child.orelse for one in (branch, *at_run_time(branch)))
            continue
        yield child
        yield from at_run_time(child)


def imports(path):
    """The absolute names that a file imports at run time, wherever in it."""
    package = ["rasdial_async", *path.relative_to(PACKAGE).with_suffix("").parts][:-1]
    for node in at_run_time(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            where = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield f"{where}.{alias.name}"


def own_imports(path):
    """The modules of the package that a file imports."""
    for name in imports(path):
        if name != "rasdial_async" and not name.startswith("rasdial_async."):
            continue
        below = name.removeprefix("rasdial_async").removeprefix(".")
        while below and below not in MODULES:
            below = below.rpartition(".")[0]  # a name inside a module
        yield below or "."


def longest(table, module):
    """The entry of the longest name that begins this module's."""
    name = module
    while name and name not in table:
        name = name.rpartition(".")[0]
    return table.get(name)


def imports_cffi(path):
    return any({"cffi", "_cffi_backend", "_ras"} & set(name.split(".")) for name in imports(path))


def imports_asyncio(path):
    return any(name.split(".")[0] in ("asyncio", "anyio") for name in imports(path))


def of(paths):
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


# Rule 1


@pytest.mark.parametrize("path", of(SOURCES))
def test_cffi_and_asyncio_never_meet_in_one_file(path):
    assert not (imports_cffi(path) and imports_asyncio(path))


def test_both_are_met_somewhere():
    """Else the rule above would look at nothing."""
    assert sum(map(imports_cffi, SOURCES)) >= 4
    assert sum(map(imports_asyncio, SOURCES)) >= 4


# Rule 2


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_its_level(module):
    assert longest(LEVEL_OF, module) is not None, "say in LEVELS where it belongs"


def test_the_table_names_what_there_is():
    assert LEVEL_OF.keys() <= MODULES.keys()


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module):
    up = {
        other
        for other in own_imports(MODULES[module])
        if longest(LEVEL_OF, other) > longest(LEVEL_OF, module)
    }
    assert up == set()


def test_imports_do_not_go_round():
    """A package counts as its __init__ here: who imports a module of it runs that as well."""
    graph = {module: set(own_imports(path)) - {module} for module, path in MODULES.items()}
    order = list(graphlib.TopologicalSorter(graph).static_order())
    assert set(order) == set(MODULES)
    assert order.index("errors") < order.index("dialing") < order.index("client")


def test_the_reading_of_imports_finds_what_is_known():
    assert {"_dial_run", "_marshal", "connection", "errors"} <= set(own_imports(MODULES["dialing"]))
    assert "backends.rasapi" in set(own_imports(MODULES["backends"]))
    assert "backends.rasapi" not in set(own_imports(MODULES["backends._ras_call"])), "for type checkers only"
    assert "_native._ras.ffi" not in set(own_imports(MODULES["_native.text"]))


# Rule 3


def test_the_compiled_module_is_for_its_own_room_only():
    users = {module for module, path in MODULES.items() if imports_cffi(path)}
    outside = {user for user in users if not user.startswith("_native.binding")}
    assert outside == {"_native.text", "_native.trampoline"}


def test_one_file_touches_a_loop_from_outside():
    users = {
        module
        for module, path in MODULES.items()
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Attribute) and node.attr == "call_soon_threadsafe")
        or (isinstance(node, ast.Constant) and node.value == "call_soon_threadsafe")
    }
    assert users == {"_marshal"}


def test_one_file_is_called_by_c():
    users = {
        module
        for module, path in MODULES.items()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("def_extern", "callback") and imports_cffi(path)
    }
    assert users == {"_native.trampoline"}


def test_nothing_may_escape_into_c():
    """Every function that C may call hands its errors to a reporter."""
    handlers = [
        decorator
        for node in tree(MODULES["_native.trampoline"]).body
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if "def_extern" in ast.unparse(decorator)
    ]
    assert handlers
    for decorator in handlers:
        assert isinstance(decorator, ast.Call)
        assert [keyword.arg for keyword in decorator.keywords] == ["onerror"]


# Files


def lengths():
    limits = {".py": 400, ".pyi": 400, ".c": 600, ".h": 600}
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in limits:
            yield pytest.param(path, limits[path.suffix], id=str(path.relative_to(ROOT)))


@pytest.mark.parametrize(("path", "limit"), [*lengths()])
def test_files_are_small(path, limit):
    assert len(path.read_text("utf-8").splitlines()) <= limit


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_tests(module):
    own = ROOT / "tests" / f"test_{module.lstrip('_')}.py"
    if own.exists():
        return
    elsewhere = longest(ELSEWHERE, module)
    assert elsewhere is not None, f"write {own.name}, or say in ELSEWHERE where it is tested"
    assert (ROOT / elsewhere).exists()


def test_the_list_of_exceptions_has_no_needless_line():
    for module in ELSEWHERE:
        assert module in MODULES
        assert not (ROOT / "tests" / f"test_{module.lstrip('_')}.py").exists()


def test_the_front_door_does_nothing_but_open():
    """Names, where they are, and Python's two hooks for a module that imports them when asked."""
    body = tree(PACKAGE / "__init__.py").body
    assert {type(node) for node in body} <= {ast.Import, ast.Assign, ast.Expr, ast.FunctionDef}
    assert [node.name for node in body if isinstance(node, ast.FunctionDef)] == ["__getattr__", "__dir__"]


@pytest.mark.parametrize("path", of(SOURCES))
def test_every_file_says_what_it_is_for(path):
    assert ast.get_docstring(tree(path)) or not tree(path).body


def test_the_standard_library_has_no_module_of_these_names():
    """tests/ is on the path of the tests, and so is what lies in it."""
    names = {path.stem for path in (ROOT / "tests").iterdir()}
    assert not names & sys.stdlib_module_names
