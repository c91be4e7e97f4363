"""What mingw-w64 makes of the C sources for both CPUs: layouts, exports, a foreign client that links."""

from __future__ import annotations

import functools
import json
import re
import shutil
import subprocess
import sys

import pytest
import standalone_ras

ROOT = standalone_ras.ROOT
NATIVE = ROOT / "rasdial_async" / "_native"
HERE = ROOT / "tests" / "windows"
GOLDEN = json.loads((ROOT / "tests" / "data" / "abi.json").read_text("utf-8"))["sdk"]
CPUS = ("x86_64", "i686")
MISSING = [cpu for cpu in CPUS if not shutil.which(f"{cpu}-w64-mingw32-gcc")]

# What pywin32, RasDial programs and this package look for.
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


def numbers(cpu, source, folder):
    """The 32-bit numbers of an array `numbers` in compiled C, read from the object; nothing is run."""
    (folder / "numbers.c").write_text(source)
    gcc(cpu, "-c", folder / "numbers.c", "-o", folder / "numbers.o")
    run(
        f"{cpu}-w64-mingw32-objcopy",
        *("-O", "binary", "-j", ".rdata", folder / "numbers.o", folder / "numbers.bin"),
    )
    data = (folder / "numbers.bin").read_bytes()
    return [int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data), 4)]


def test_the_static_asserts_hold(cpu, tmp_path):
    gcc(cpu, "-c", NATIVE / "ras_layout.c", "-o", tmp_path / "layout.o")


@pytest.mark.parametrize("structure", structures())
def test_sizes_and_offsets_are_those_of_the_header(cpu, structure, tmp_path):
    newest = GOLDEN[cpu][structure][-1]
    fields = newest["fields"]
    terms = [f"sizeof({structure})"]
    for field in fields:
        name = field["name"]
        terms += [f"offsetof({structure}, {name})", f"sizeof((({structure} *)0)->{name})"]
    source = '#include "ras_types.h"\nconst DWORD numbers[] = {' + ", ".join(terms) + "};\n"
    expected = [newest["size"]]
    for field in fields:
        expected += [field["offset"], field["size"]]
    assert numbers(cpu, source, tmp_path)[: len(expected)] == expected


@pytest.mark.parametrize(
    "structure", [name for name in structures() if len(GOLDEN["i686"].get(name, ())) > 1]
)
def test_every_older_version_is_the_beginning_of_the_newest(cpu, structure, tmp_path):
    """dwSize picks a version: it must end where the compiled structure has its next member."""
    versions = GOLDEN[cpu][structure][:-1]
    names = [field["name"] for field in GOLDEN[cpu][structure][-1]["fields"]]
    terms = [f"offsetof({structure}, {name})" for name in names]
    source = '#include "ras_types.h"\nconst DWORD numbers[] = {' + ", ".join(terms) + "};\n"
    compiled = dict(zip(names, numbers(cpu, source, tmp_path), strict=False))
    for version in versions:
        members = [field["name"] for field in version["fields"]]
        assert members == names[: len(members)]
        assert {field["name"]: field["offset"] for field in version["fields"]} == {
            name: compiled[name] for name in members
        }
        following = compiled[names[len(members)]]
        assert version["size"] == (following + 3) // 4 * 4


def test_every_handle_is_as_wide_as_a_pointer(cpu, tmp_path):
    source = (
        '#include "ras_api.h"\n#include "notify.h"\n#define RASCONN_OF(t) sizeof(((t *)0)->hrasconn)\n'
        "const DWORD numbers[] = {sizeof(HRASCONN), RASCONN_OF(RASCONNW),"
        " sizeof(((struct notify_event *)0)->connection), sizeof(void *)};\n"
    )
    width = 8 if cpu == "x86_64" else 4
    assert numbers(cpu, source, tmp_path)[:4] == [width] * 4


@functools.cache
def build_engine(cpu):
    run(sys.executable, "build_engine.py", cpu)


@pytest.fixture
def dll(cpu):
    build_engine(cpu)
    return ROOT / "build" / "engine" / cpu / "rasapi32.dll"


def test_the_exports_have_their_plain_names(cpu, dll):
    listing = run(f"{cpu}-w64-mingw32-objdump", "-p", dll)
    table = listing.split("[Ordinal/Name Pointer] Table")[1].split("\n\n")[0]
    names = {line.split()[-1] for line in table.splitlines() if "[" in line}
    assert names >= EXPORTS
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
        *("-c", NATIVE / "simulator" / "api.c", "-o", tmp_path / "api.o"),
    )
    symbols = run(f"{cpu}-w64-mingw32-nm", "--defined-only", "--extern-only", tmp_path / "api.o")
    name = "_RasDialW@24" if cpu == "i686" else "RasDialW"
    assert re.search(rf"\s{name}$", symbols, re.M)
