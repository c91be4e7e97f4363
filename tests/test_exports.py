"""The front door: these names and no others, each with words of its own."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import inspect
import pkgutil
import subprocess
import sys
import sysconfig
import tomllib
from importlib import resources

import pytest
from support import ROOT
from support.source_tree import MODULES, tree

import rasdial_async

# A name that goes is a promise broken, a name that comes is one made: both are decided here.
NAMES = {
    "dialing": "dial Dialing DialEvent DialObserver DialOptions Redial Resume Credentials",
    "connections": "Connection ConnectionStatus connection connections EntryName entries",
    "staying connected": "keep_connected Keeper KeeperChange KeeperState",
    "states": "ConnectionState ConnectionSubState",
    "links": """hang_up SubEntry ConnectionStatistics RunningTotals IpProjection ProjectionKind Device devices
        Authentication watch Watch ConnectionChange ChangeKind""",
    "around dialing": "AutoDial AutoDialEntry AutoDialParameter Country countries",
    "clients": "RasClient default_client",
    "diagnosis": "doctor DoctorReport",
    "phonebooks": """PhonebookEntry PhonebookFile
        DialMode Encryption Entry EntryLink EntryOptions EntryOptions2 EntryType NetProtocols
        Phonebook VpnProtocol VpnStrategy all_users_phonebook user_phonebook""",
    "credentials": "CredentialKind StoredPassword delete_credentials get_credentials set_credentials",
    "EAP": "EapIdentity EapOptions eap_identity",
    "simulator": """Simulator ScenarioError Step Login Pause Fail Silence Drop CallbackMode
        Recording RecordingError""",
    "errors": """RasError DialError AuthenticationError AccountError CertificateError InteractionRequiredError
        LineError LineBusyError NoAnswerError NoCarrierError NoDialToneError PortError DeviceError
        PhonebookError ServerError ProtocolError TunnelError DialTimeoutError HungUpError
        BackendUnavailableError ConnectionGoneError error_from_code""",
}
ALL = {name for names in NAMES.values() for name in names.split()}


def test_the_names_are_these():
    assert set(rasdial_async.__all__) == ALL


def test_the_list_is_sorted_and_says_nothing_twice():
    names = rasdial_async.__all__
    assert len(names) == len(set(names))
    constants_first = sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    assert names == constants_first


def test_the_door_shows_nothing_else():
    assert {name for name in dir(rasdial_async) if not name.startswith("_")} == ALL
    with pytest.raises(AttributeError, match="'rasdial_async' has no attribute 'Dialling'"):
        rasdial_async.Dialling  # noqa: B018


def test_type_checkers_see_the_same_door():
    """Each name from the folder where it is at run time."""
    [block] = [
        node
        for node in tree(MODULES["."]).body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    imported = {
        alias.asname: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert imported == rasdial_async._FOLDER_OF


OLD_PATHS = {
    "dialing": "Dialing",
    "simulator": "Simulator Step Login Pause Fail Silence Drop CallbackMode",
    "testing": "Line",
    "errors": "RasError DialError PhonebookError error_from_code dial_error describe_code known_codes",
    "otel": "instrument",
    "recording": "Recording RecordingError",
    "phonebook": "PhonebookEntry PhonebookFile PhonebookLine PhonebookSubEntry",
    "pytest_plugin": "ras_simulator ras_client ras_line",
}


@pytest.mark.parametrize("module", OLD_PATHS)
def test_a_module_that_users_may_have_imported_has_its_names(module):
    found = importlib.import_module(f"rasdial_async.{module}")
    assert [name for name in OLD_PATHS[module].split() if not hasattr(found, name)] == []


def test_no_name_is_that_of_a_room():
    """Importing the room would put the module where the name was."""
    rooms = {module.name for module in pkgutil.iter_modules(rasdial_async.__path__)}
    assert rooms & ALL == set()


def test_importing_it_imports_none_of_its_rooms():
    code = (
        "import sys, rasdial_async\n"
        "assert not [name for name in sys.modules if name.startswith('rasdial_async.')]\n"
        "assert 'asyncio' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_star_import_takes_all_of_them():
    namespace: dict[str, object] = {}
    exec("from rasdial_async import *", namespace)
    assert namespace.keys() - {"__builtins__"} == ALL


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_name_is_documented(name):
    thing = getattr(rasdial_async, name)
    words = thing.__doc__
    assert words
    assert not words.startswith(f"{name}("), "made by dataclass, not by a person"
    assert words.strip().split("\n")[0].rstrip().endswith((".", ":", "…")), "it begins with a sentence"


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_public_method_is_documented_or_says_it_all_by_its_name(name):
    thing = getattr(rasdial_async, name)
    if not inspect.isclass(thing):
        return
    for method, value in vars(thing).items():
        if method.startswith("_") or not inspect.isfunction(value):
            continue
        if len(inspect.signature(value).parameters) > 2:
            assert value.__doc__, f"{name}.{method} has options and does not tell them"


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_signature_is_typed(name):
    thing = getattr(rasdial_async, name)
    functions = [thing] if inspect.isfunction(thing) else []
    if inspect.isclass(thing) and thing.__module__.startswith("rasdial_async"):
        functions = [
            value
            for key, value in vars(thing).items()
            if inspect.isfunction(value) and not key.startswith("_")
        ]
    for function in functions:
        if not function.__module__.startswith("rasdial_async"):
            continue
        signature = inspect.signature(function)
        assert signature.return_annotation is not signature.empty
        untyped = [
            parameter.name
            for parameter in signature.parameters.values()
            if parameter.annotation is parameter.empty and parameter.name not in ("self", "cls")
        ]
        assert untyped == []


def test_type_checkers_are_told_that_it_is_typed():
    assert resources.files("rasdial_async").joinpath("py.typed").is_file()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "py.typed" in project["tool"]["setuptools"]["package-data"]["rasdial_async"]


def test_the_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert rasdial_async.__version__ == project["project"]["version"]
    assert importlib.metadata.version("rasdial-async") == rasdial_async.__version__


def test_importing_it_needs_nothing_but_cffi():
    """Not the command line's libraries, nor those of the tests."""
    code = (
        "import sys; before = set(sys.modules); from rasdial_async import *\n"
        "strangers = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "known = {'rasdial_async', '_cffi_backend', 'cffi', '_missing_stdlib_info'}  # CPython's own\n"
        "strangers -= sys.stdlib_module_names | known\n"
        "assert not strangers, strangers\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_importing_it_completes_every_structure():
    """cffi completes a structure at its first use, and not safely for threads that come together."""
    code = (
        "import sys, rasdial_async.client; from rasdial_async._native.binding import structures\n"
        "before = sys.getallocatedblocks(); structures.complete_all()\n"
        "print(sys.getallocatedblocks() - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, timeout=60, capture_output=True)
    assert int(done.stdout) < 200, "the first time takes more than 1000"


@pytest.mark.skipif(not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="a Python with a GIL")
def test_importing_it_leaves_the_gil_off():
    code = "import sys; from rasdial_async import *; assert not sys._is_gil_enabled()"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)
