"""The structures, held against Microsoft's header: what ras_layout.c asserts, and the dwSize ladders."""

from __future__ import annotations

import re
import struct

import pytest
from support import ROOT
from support.abi import CPUS, members_of, size_of, sizes_of

from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import entries, library, projection, sizes

NATIVE = ROOT / "rasdial_async" / "_native"
XP_ENTRY = 5616
HERE = "x86_64" if struct.calcsize("P") == 8 else "i686"

LAYOUT = (NATIVE / "ras_layout.c").read_text("utf-8")
TYPES = (NATIVE / "ras_types.h").read_text("utf-8")
NUMBER = r"(\d+)"
SIZES = {name: sizes for name, *sizes in re.findall(rf"^SIZE\((\w+), {NUMBER}, {NUMBER}\);", LAYOUT, re.M)}
OFFSETS = re.findall(rf"^AT\((\w+), (\w+), {NUMBER}, {NUMBER}\);", LAYOUT, re.M)

# Unions and pointers that the golden table spells in another way.
SAME_PLACE = {"RASTUNNELENDPOINT": {"ipv4", "ipv6"}}

# Which table of library.py has the versions of which structure.
LADDERS = {
    "RASDIALPARAMSW": library.DIAL_PARAMS_SIZES,
    "RASDIALEXTENSIONS": library.DIAL_EXTENSIONS_SIZES,
    "RASCONNW": library.CONNECTION_SIZES,
    "RASENTRYNAMEW": library.ENTRY_NAME_SIZES,
}


def test_every_line_of_the_file_was_understood():
    assert len(SIZES) == len(re.findall(r"^SIZE\(", LAYOUT, re.M)) >= 8
    assert len(OFFSETS) == len(re.findall(r"^AT\(", LAYOUT, re.M)) >= 50


def test_every_structure_of_the_header_is_asserted():
    declared = set(re.findall(r"^\} (RAS\w+);|^typedef struct (?:tag)?\w* \{[^}]*\} (RAS\w+);", TYPES, re.M))
    names = {name for pair in declared for name in pair if name}
    assert names == set(SIZES)


@pytest.mark.parametrize("structure", SIZES)
@pytest.mark.parametrize("cpu", CPUS)
def test_the_asserted_size_is_that_of_the_newest_header(structure, cpu):
    assert int(SIZES[structure][CPUS.index(cpu)]) == size_of(cpu, structure)


@pytest.mark.parametrize("structure", SIZES)
@pytest.mark.parametrize("cpu", CPUS)
def test_every_member_is_asserted_where_the_header_has_it(structure, cpu):
    golden = {name: offset for name, (offset, _) in members_of(cpu, structure).items()}
    asserted = {
        member: int(offsets[CPUS.index(cpu)]) for name, member, *offsets in OFFSETS if name == structure
    }
    for member in SAME_PLACE.get(structure, ()):
        assert member in asserted
    assert asserted == golden


@pytest.mark.parametrize("structure", [name for name in SIZES if name in ffi.list_types()[0]])
def test_the_compiled_layout_is_that_of_the_header(structure):
    """The layout for this CPU, as the C compiler told cffi."""
    compiled = ffi.typeof(structure)
    golden = members_of(HERE, structure)
    assert ffi.sizeof(structure) == size_of(HERE, structure)
    for member, field in compiled.fields:
        offset, size = golden[member]
        assert field.offset == offset
        if field.type.kind != "array" or field.type.length is not None:  # else as long as dwSize… says
            assert ffi.sizeof(field.type) == size


@pytest.mark.parametrize("structure", LADDERS)
def test_the_sizes_to_try_are_those_of_every_windows_version(structure):
    assert list(LADDERS[structure]) == sizes_of(HERE, structure)


@pytest.mark.parametrize("cpu", CPUS)
def test_the_sizes_to_try_are_right_on_both_cpus(cpu, monkeypatch):
    """versions() takes them from where members begin: here it gets both CPUs' offsets."""

    class Golden:
        @staticmethod
        def offsetof(structure, member):
            return members_of(cpu, structure)[member][0]

        @staticmethod
        def sizeof(structure):
            return size_of(cpu, structure)

    source = (NATIVE / "binding" / "library.py").read_text("utf-8")
    calls = re.findall(r'^[A-Z_]+_SIZES = versions\("(\w+)", (.+)\)$', source, re.M)
    assert {structure for structure, _ in calls} == set(LADDERS)
    monkeypatch.setattr(sizes, "ffi", Golden)
    for structure, members in calls:
        found = sizes.versions(structure, *re.findall(r'"(\w+)"', members))
        assert list(found) == sizes_of(cpu, structure)


def test_the_status_versions_begin_where_the_members_of_newer_ones_do():
    """ras_connect_status() has its ladder in C."""
    source = (NATIVE / "ras_library.c").read_text("utf-8")
    [ladder] = re.findall(r"sizes\[\] = \{(.*?)\};", source, re.S)
    sizes = [
        ffi.offsetof("RASCONNSTATUSW", member) if member else ffi.sizeof("RASCONNSTATUSW")
        for member in re.findall(r"sizeof\(RASCONNSTATUSW\)|offsetof\(RASCONNSTATUSW, (\w+)\)", ladder)
    ]
    assert sizes == sizes_of(HERE, "RASCONNSTATUSW")


def test_the_entry_versions_are_those_from_xp_on():
    known = sizes_of(HERE, "RASENTRYW")
    assert list(entries.ENTRY_SIZES) == known[: known.index(XP_ENTRY) + 1]


def test_the_versions_of_what_ppp_agreed_on():
    """The header tells of Windows 2000 and newer; NT 4 had no address of the server."""
    *known, nt4 = projection._PPP_IP_SIZES
    assert known == sizes_of(HERE, "RASPPPIPW")
    assert nt4 == ffi.offsetof("RASPPPIPW", "szServerIpAddress")
    assert list(projection._PPP_IPV6_SIZES) == [size_of(HERE, "RASPPPIPV6")]


def test_python_knows_the_function_table_of_the_header():
    api = (NATIVE / "ras_api.h").read_text("utf-8")
    listed = re.findall(r"\b(Ras\w+)(?:,|\)\()", re.findall(r"#define RAS_FUNCTIONS.*?\n};", api, re.S)[0])
    assert [name for name, _ in ffi.typeof("struct ras_api").fields] == listed
    assert len(listed) >= 6


def test_the_stubs_name_what_the_compiled_module_has():
    stubs = (NATIVE / "_ras.pyi").read_text("utf-8")
    [named] = re.findall(r"class _Lib\(Protocol\):\n(.*?)\nffi", stubs, re.S)
    from rasdial_async._native._ras import lib

    declared = set(re.findall(r"^    (?:def )?(\w+)[:(]", named, re.M))
    assert declared <= set(dir(lib))
    assert not {name for name in set(dir(lib)) - declared if name.startswith(("ras_", "sim_"))}
