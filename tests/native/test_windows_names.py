"""The names of RAS functions, against lists of what Windows' rasapi32.dll exports.

tools/windows_exports.py made the lists from others' sources: Microsoft's metadata of the Windows SDK, and
mingw-w64's rasapi32.def for both CPUs. A name that only our own simulator exports is missing on Windows.
"""

from __future__ import annotations

import json
import re

import pytest
from support import ROOT

from rasdial_async._native._ras import ffi

EXPORTS = json.loads((ROOT / "tests" / "data" / "rasapi32_exports.json").read_text("utf-8"))["names"]
IMPORTED = [name for name, _ in ffi.typeof("struct ras_api").fields]
# Newer than mingw-w64's list, so the package does without them: RasGetProjectionInfoW takes the place of the
# first, and Connection.move() needs the second.
NEWER = {"RasGetProjectionInfoEx", "RasUpdateConnection"}


@pytest.mark.parametrize("name", IMPORTED)
def test_every_imported_name_is_one_that_windows_exports(name):
    assert "sdk" in EXPORTS[name]
    assert "x86_64" in EXPORTS[name] or name in NEWER


def test_the_libraries_of_the_tests_export_names_of_windows_alone():
    folder = ROOT / "tests" / "support" / "odd_ras"
    exported = {
        name
        for path in folder.glob("*.c")
        for name in re.findall(r"^EXPORT \w+ (?:\w+ )?(Ras\w+)\(", path.read_text("utf-8"), re.M)
    }
    assert {"RasDialW", "RasGetEapUserDataW", "RasEnumAutodialAddressesW"} <= exported
    assert exported <= EXPORTS.keys()


def test_the_lists_know_a_name_with_two_endings_from_one_without():
    assert {"RasGetEapUserDataA", "RasGetEapUserDataW", "RasInvokeEapUI"} <= EXPORTS.keys()
    assert not {"RasGetEapUserData", "RasInvokeEapUIW", "RasHangUp"} & EXPORTS.keys()
