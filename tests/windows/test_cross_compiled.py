"""The C sources as mingw-w64 compiles them for both CPUs: layouts, exports, a foreign client that links."""

from __future__ import annotations

import functools
import json
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from support import ROOT
from support.abi import ABI, CPUS, members_of, size_of

from rasdial_async._native._ras import ffi

NATIVE = ROOT / "rasdial_async" / "_native"
HERE = ROOT / "tests" / "windows"
WINDOWS_EXPORTS = json.loads((ROOT / "tests" / "data" / "rasapi32_exports.json").read_text("utf-8"))["names"]
MISSING = [cpu for cpu in CPUS if not shutil.which(f"{cpu}-w64-mingw32-gcc")]

# What pywin32 and RasDial programs look for.
EXPORTS = {
    *("RasDialW", "RasHangUpW", "RasGetConnectStatusW", "RasEnumConnectionsW", "RasEnumEntriesW"),
    *("RasGetErrorStringW", "RasGetEntryDialParamsW", "RasSetEntryDialParamsW"),
    *("RasCreatePhonebookEntryW", "RasEditPhonebookEntryW"),
    *("RasGetEapUserIdentityW", "RasFreeEapUserIdentityW", "sim_standalone"),
}

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="cross-compiles for Windows on another system"),
    pytest.mark.skipif(bool(MISSING), reason=f"no mingw-w64 compiler for {', '.join(MISSING)}"),
    pytest.mark.parametrize("cpu", CPUS),
]


def run(*command):
    done = subprocess.run([*map(str, command)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def gcc(cpu, *arguments):
    return run(f"{cpu}-w64-mingw32-gcc", "-std=c11", "-D_WIN32_WINNT=0x0601", f"-I{NATIVE}", *arguments)


def structures():
    header = (NATIVE / "ras_types.h").read_text("utf-8")
    return sorted(set(re.findall(r"^\} (RAS\w+);", header, re.M)))


def numbers(cpu, *terms):
    """The values of C expressions, read from a compiled object; nothing is run."""
    with tempfile.TemporaryDirectory() as folder:
        source, compiled, binary = (Path(folder, f"numbers.{kind}") for kind in ("c", "o", "bin"))
        source.write_text(
            '#include "ras_api.h"\n#include "notify.h"\nconst uint32_t numbers[] = {'
            + ",\n".join(terms)
            + "};\n"
        )
        gcc(cpu, "-c", source, "-o", compiled)
        run(f"{cpu}-w64-mingw32-objcopy", "-O", "binary", "-j", ".rdata", compiled, binary)
        data = binary.read_bytes()
    return [int.from_bytes(data[at : at + 4], "little") for at in range(0, 4 * len(terms), 4)]


@functools.cache
def layouts(cpu):
    """(structure, member) -> (offset, size), and (structure, "") -> its size, as compiled."""
    places = [(name, member) for name in structures() for member in members_of(cpu, name)]
    terms = [f"sizeof({name})" for name in structures()]
    for name, member in places:
        terms += [f"offsetof({name}, {member})", f"sizeof((({name} *)0)->{member})"]
    values = numbers(cpu, *terms)
    sizes, rest = values[: len(structures())], iter(values[len(structures()) :])
    found = {(name, ""): size for name, size in zip(structures(), sizes, strict=True)}
    return found | {place: (next(rest), next(rest)) for place in places}


def test_the_static_asserts_hold(cpu, tmp_path):
    gcc(cpu, "-c", NATIVE / "ras_layout.c", "-o", tmp_path / "layout.o")


@pytest.mark.parametrize("structure", structures())
def test_sizes_and_offsets_are_those_of_the_header(cpu, structure):
    compiled = layouts(cpu)
    assert compiled[structure, ""] == size_of(cpu, structure)
    for member, place in members_of(cpu, structure).items():
        assert compiled[structure, member] == place, member


@pytest.mark.parametrize(
    "structure", [name for name in structures() if len(ABI["i686"][name]["versions"]) > 1]
)
def test_every_older_version_ends_where_the_newest_has_its_next_member(cpu, structure):
    names = list(members_of(cpu, structure))
    for size, members in ABI[cpu][structure]["versions"][:-1]:
        following = layouts(cpu)[structure, names[members]][0]
        assert size == (following + 3) // 4 * 4


def test_the_generator_of_the_table_finds_in_the_header_of_mingw_what_the_table_has(cpu):
    """mingw-w64's header lacks the newest members; those it has lie where the table says."""
    tool = runpy.run_path(str(ROOT / "tools" / "abi_table.py"))
    found = tool["table"](cpu, None, tool["VERSIONS"][-1:])
    assert {"RASCONNW", "RASENTRYW", "RASDIALPARAMSW", "RAS_STATS"} <= found.keys() <= ABI[cpu].keys()
    for structure, row in found.items():
        known = ABI[cpu][structure]
        assert row["members"].items() <= known["members"].items()
        assert row["versions"][0] in known["versions"]


def test_every_handle_is_as_wide_as_a_pointer(cpu):
    handles = (
        "sizeof(HRASCONN)",
        "sizeof(((RASCONNW *)0)->hrasconn)",
        "sizeof(((struct notify_event *)0)->connection)",
    )
    assert numbers(cpu, *handles, "sizeof(void *)") == [8 if cpu == "x86_64" else 4] * 4


def test_the_list_of_windows_exports_is_that_of_the_import_library(cpu):
    by_mingw = runpy.run_path(str(ROOT / "tools" / "windows_exports.py"))["by_mingw"]
    assert by_mingw(cpu) == {name for name, origins in WINDOWS_EXPORTS.items() if cpu in origins}


@pytest.mark.parametrize("source", ["notify.c", "device_table.c", "engine/engine.c"])
def test_the_atomics_of_msvc_compile(cpu, source, tmp_path):
    options = ("-DRASDIAL_INTERLOCKED", "-O2", "-Wall", "-Wextra", "-Werror")
    gcc(cpu, *options, "-c", NATIVE / source, "-o", tmp_path / "interlocked.o")


def test_the_stress_test_of_notify_links(cpu, tmp_path):
    names = ("notify_functions.c", "os/os_windows.c", "os/wake_windows.c", "ras_library.c")
    sources = [ROOT / "tests" / "native" / "notify_stress.c", *(NATIVE / name for name in names)]
    options = ("-DRASDIAL_INTERLOCKED", "-O2", "-Wall", "-Wextra", "-Werror", "-static", "-pthread")
    gcc(cpu, *options, *sources, "-lws2_32", "-o", tmp_path / "stress.exe")


@functools.cache
def build_engine(cpu):
    run(sys.executable, "tools/build_engine.py", cpu)


@pytest.fixture
def dll(cpu):
    build_engine(cpu)
    return ROOT / "build" / "engine" / cpu / "rasapi32.dll"


def test_the_exports_have_their_plain_names(cpu, dll):
    listing = run(f"{cpu}-w64-mingw32-objdump", "-p", dll)
    table = listing.split("[Ordinal/Name Pointer] Table")[1].split("\n\n")[0]
    names = {line.split()[-1] for line in table.splitlines() if "[" in line}
    assert names >= EXPORTS | {name for name, _ in ffi.typeof("struct ras_api").fields}
    assert names >= {name for name, sources in WINDOWS_EXPORTS.items() if "sdk" in sources}
    assert {name for name in names if name.startswith("Ras")} <= WINDOWS_EXPORTS.keys()
    assert not [name for name in names if "@" in name or name.startswith("_")]
    assert set(re.findall(r"DLL Name: (\S+)", listing)) <= {"KERNEL32.dll", "msvcrt.dll"}


def test_a_foreign_client_links_and_finds_every_function(cpu, dll, tmp_path):
    """With the compiler's own ras.h and import library, so 32-bit calls are stdcall by its book."""
    client = tmp_path / "client.exe"
    gcc(
        cpu, "-municode", "-Wall", "-Wextra", "-Werror", HERE / "foreign_client.c", "-lrasapi32", "-o", client
    )
    imports = run(f"{cpu}-w64-mingw32-objdump", "-p", client)
    wanted = re.split("DLL Name: rasapi32.dll", imports, flags=re.I)[1].split("\n\n")[0]
    names = {line.split()[-1] for line in wanted.splitlines() if "Ras" in line}
    assert len(names) == 6
    exported = run(f"{cpu}-w64-mingw32-objdump", "-p", dll)
    assert all(re.search(rf"\s{name}$", exported, re.M) for name in names)


def test_stdcall_functions_take_their_arguments_off_the_stack(cpu, tmp_path):
    """On i686 the callee does, so the number of bytes in the symbol is the calling convention."""
    gcc(
        cpu,
        *("-DSIM_STANDALONE", f"-I{ROOT / 'build' / 'generated'}"),
        *("-c", NATIVE / "engine" / "api.c", "-o", tmp_path / "api.o"),
    )
    symbols = run(f"{cpu}-w64-mingw32-nm", "--defined-only", "--extern-only", tmp_path / "api.o")
    name = "_RasDialW@24" if cpu == "i686" else "RasDialW"
    assert re.search(rf"\s{name}$", symbols, re.M)
