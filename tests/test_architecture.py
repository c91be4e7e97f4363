"""The rules of the code, read from the source: who imports whom, and who may touch what."""

from __future__ import annotations

import ast
import graphlib
import re
import sys
import warnings

import pytest
from support import ROOT, TESTS
from support.source_tree import FOLDERS, MODULES, PACKAGE, SOURCES, folder_of, imports, own_imports, tree

# The folders and root modules from the top down: each imports only what stands below it. The only such list.
ORDER = [
    "__main__",
    "cli",
    "otel",
    "pytest_plugin",
    "client",
    "recording",
    "testing",
    "simulator",
    "dialing",
    "phonebook",
    "active",
    "backends",
    "_native.binding",
    "_native",
    "_native.records",
    "errors",
]

# A module without a test file of its own, and where it is tested instead.
ELSEWHERE = {
    "client": "tests/client",
    "active": "tests/active",
    "dialing": "tests/dialing",
    "errors": "tests/errors",
    "phonebook": "tests/phonebook",
    "simulator": "tests/simulator",
    "testing": "tests/testing",
    "__main__": "tests/cli",
    "cli": "tests/cli",
    "otel": "tests/test_otel.py",
    "pytest_plugin": "tests/testing/test_pytest_plugin.py",
    "recording": "tests/test_exports.py",  # the old path of testing.recording
    "dialing.arguments": "tests/client/test_client.py",
    "dialing.dialing": "tests/dialing",
    "dialing.observer": "tests/test_otel.py",
    "dialing.plan": "tests/dialing/test_asked_credentials.py",
    "errors.checks": "tests/native/records/test_request.py",
    "errors.tracebacks": "tests/test_secrets.py",
    "testing.environment": "tests/simulator/test_scenario.py",
    "phonebook.save": "tests/phonebook/test_edit.py",
    "phonebook.sections": "tests/phonebook/test_file.py",
    "phonebook.whole_file": "tests/phonebook/test_edit.py",
    "client.choice": "tests/client/test_client.py",
    "client.pppd": "tests/pppd",
    "client.diagnosis": "tests/client/diagnosis/test_doctor.py",
    "client.diagnosis.child": "tests/client/diagnosis/test_runner.py",
    "client.diagnosis.interpreter": "tests/client/diagnosis/test_doctor.py",
    "client.diagnosis.library": "tests/client/diagnosis/test_runner.py",
    "client.diagnosis.linux": "tests/client/diagnosis/test_doctor.py",
    "client.diagnosis.phonebooks": "tests/client/diagnosis/test_doctor.py",
    "client.diagnosis.simulated": "tests/client/diagnosis/test_doctor.py",
    "client.default": "tests/client/test_client.py",
    "testing.event_lines": "tests/testing/test_recording_file.py",
    "testing.json_lines": "tests/testing/test_recording_file.py",
    "_native": "tests/native/test_layout.py",
    "_native.text": "tests/native/test_text.py",
    "_native.trampoline": "tests/native/test_notify.py",
    "_native.binding": "tests/native/test_binding.py",
    "_native.records": "tests/active/test_connection_links.py",  # what the verbs of a connection return
    "backends": "tests/backends/second_library",  # over a library that does what RAS may do
}

INHERIT = ("cli", "_native", "backends")  # folders whose tests have other subjects than their modules


def longest(table, module):
    """The entry of the longest name that begins this module's."""
    name = module
    while name and name not in table:
        name = name.rpartition(".")[0]
    return table.get(name)


def place(module):
    """The line of ORDER that a module belongs to."""
    return longest({name: name for name in ORDER}, module)


def imports_cffi(path):
    return any({"cffi", "_cffi_backend", "_ras"} & {*where.split("."), name} for where, name in imports(path))


def imports_asyncio(path):
    return any(where.split(".")[0] in ("asyncio", "anyio") for where, _ in imports(path))


def of(paths):
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


# Rule 1: cffi and asyncio never meet in one file.


@pytest.mark.parametrize("path", of(SOURCES))
def test_cffi_and_asyncio_never_meet_in_one_file(path):
    assert not (imports_cffi(path) and imports_asyncio(path))


def test_cffi_and_asyncio_are_both_found_somewhere():
    assert sum(map(imports_cffi, SOURCES)) >= 4
    assert sum(map(imports_asyncio, SOURCES)) >= 4


# Rule 2: imports go one way, those for type checkers too.


@pytest.mark.parametrize("module", sorted(MODULES.keys() - {"."}))
def test_every_module_has_its_place_in_the_order(module):
    assert place(module) is not None, "say in ORDER where it belongs"


def test_the_order_names_what_exists():
    assert set(ORDER) <= MODULES.keys()


@pytest.mark.parametrize("module", sorted(MODULES.keys() - {"."}))
def test_imports_between_folders_go_down(module):
    own = ORDER.index(place(module))
    up = {
        other for other, _ in own_imports(MODULES[module]) if other != "." and ORDER.index(place(other)) < own
    }
    assert up == set()


@pytest.mark.parametrize("module", sorted(MODULES.keys() - {"."}))
def test_a_folder_is_used_through_its_front(module):
    """From elsewhere only the names of a folder's __init__ are imported, or its modules that it lists."""
    around = {folder_of(module), *ancestors(module)}
    hidden = [
        (other, name)
        for other, name in own_imports(MODULES[module])
        if other not in {*FOLDERS, "."}
        and folder_of(other) not in around
        and other not in listed(folder_of(other))
    ]
    assert hidden == []


def ancestors(module):
    while module := module.rpartition(".")[0]:
        yield module


def listed(folder):
    """The modules that the __all__ of a folder names."""
    for node in tree(MODULES[folder]).body if folder != "." else ():
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return {f"{folder}.{name}" for name in ast.literal_eval(node.value)}
    return {name for name in MODULES if "." not in name} if folder == "." else set()


def test_no_imports_form_a_circle():
    graph = {
        module: {other for other, _ in own_imports(path) if other != module}
        for module, path in MODULES.items()
        if module != "."
    }
    order = list(graphlib.TopologicalSorter(graph).static_order())
    assert set(order) >= set(graph)
    assert order.index("errors") < order.index("dialing") < order.index("client")


def test_the_reading_of_imports_finds_what_is_known():
    assert ("backends", "Backend") in set(own_imports(MODULES["dialing.dialing"]))
    assert ("backends.backend", "Backend") in set(own_imports(MODULES["backends.opening"]))
    assert ("errors.states", "ConnectionState") in set(own_imports(MODULES["errors.tree"])), "for types only"


def test_the_map_in_contributing_is_this_order():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    rows = re.findall(r"^\| `([\w./]+?)/?` \|", text, re.M)
    named = [row.replace("/", ".").removesuffix(".py") for row in rows]
    assert named == [name for name in ORDER if name != "__main__"]


# Rule 3: one place for calls into C, one for calls from C, one that touches a loop from outside.


def test_the_compiled_module_is_used_in_its_bindings_only():
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
    assert users == {"backends.marshal"}


def test_one_file_is_called_by_c():
    users = {
        module
        for module, path in MODULES.items()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("def_extern", "callback") and imports_cffi(path)
    }
    assert users == {"_native.trampoline"}


def test_no_exception_escapes_into_c():
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
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in (".py", ".pyi", ".c", ".h") and path.parent.name != "tomlc17":  # not ours
            yield pytest.param(path, id=str(path.relative_to(ROOT)))


@pytest.mark.filterwarnings("default:.* lines")
@pytest.mark.parametrize("path", [*lengths()])
def test_a_long_file_is_warned_of(path):
    lines = len(path.read_text("utf-8").splitlines())
    if lines > 600:
        warnings.warn(f"{path.relative_to(ROOT)} has {lines} lines: more than one idea?", stacklevel=1)
    assert lines < 1000


def test_the_package_root_is_short():
    """Sixteen names: a seventeenth wants a folder."""
    assert len([path for path in PACKAGE.iterdir() if path.name != "__pycache__"]) <= 16


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_tests(module):
    folder, _, name = module.removeprefix("_").rpartition(".")
    if module == ".":
        return
    own = TESTS / folder.replace(".", "/") / f"test_{name}.py"
    if own.exists():
        return
    elsewhere = longest(ELSEWHERE, module) if place(module).startswith(INHERIT) else ELSEWHERE.get(module)
    assert elsewhere is not None, f"write {own}, or say in ELSEWHERE where it is tested"
    assert (ROOT / elsewhere).exists()


@pytest.mark.parametrize("module", ELSEWHERE)
def test_the_list_of_exceptions_names_modules(module):
    assert module in MODULES


def test_the_front_door_holds_names_only():
    """Names, where they are, and Python's two hooks for a module that imports them when asked."""
    body = tree(PACKAGE / "__init__.py").body
    kinds = {ast.Import, ast.ImportFrom, ast.Assign, ast.Expr, ast.FunctionDef, ast.If}
    assert {type(node) for node in body} <= kinds
    assert [ast.unparse(node.test) for node in body if isinstance(node, ast.If)] == [
        "TYPE_CHECKING",
        "hasattr(os, 'register_at_fork')",
    ]
    assert [node.name for node in body if isinstance(node, ast.FunctionDef)] == ["__getattr__", "__dir__"]


@pytest.mark.parametrize("path", of(SOURCES))
def test_every_file_says_what_it_is_for(path):
    assert ast.get_docstring(tree(path)) or not tree(path).body


def test_the_standard_library_has_no_module_of_these_names():
    """tests/ is on the path of the tests, and so is what lies in it."""
    names = {path.stem for path in TESTS.iterdir()}
    assert not names & sys.stdlib_module_names
