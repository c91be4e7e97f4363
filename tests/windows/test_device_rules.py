"""The answers of RasEnumDevices to odd arguments on Windows, as the conformance tests of Wine observe it.

Each row is one observation, in our words. Windows 98 answers 1784 instead of 632: the other answer of the
engine.
"""

from __future__ import annotations

import ctypes
from ctypes import byref, c_uint32

import pytest
from support.ras_abi import Ras

OK, INVALID_PARAMETER, TOO_SMALL, INVALID_SIZE, WINDOWS_98 = 0, 87, 603, 632, 1784
DEVICES_SIZE = 1  # the question in engine.h

# what, has a list, its dwSize beside the right one (None: 0), bytes beside the needed ones (None: no pointer;
# "0": none), has a count, code, the code of Windows 98
RULES = [
    ("the room is asked for", False, 0, "0", True, TOO_SMALL, TOO_SMALL),
    ("room, but no list", False, 0, 0, True, TOO_SMALL, TOO_SMALL),
    ("a list without a size", True, None, 0, True, INVALID_SIZE, WINDOWS_98),
    ("a size too small by one", True, -1, 0, True, INVALID_SIZE, WINDOWS_98),
    ("a size too large by one", True, 1, 0, True, INVALID_SIZE, WINDOWS_98),
    ("no pointer to the room", True, 0, None, True, INVALID_PARAMETER, INVALID_PARAMETER),
    ("no room", True, 0, "0", True, TOO_SMALL, TOO_SMALL),
    ("room too small by one", True, 0, -1, True, TOO_SMALL, TOO_SMALL),
    ("room larger by one", True, 0, 1, True, OK, OK),
    ("no pointer to the count", True, 0, 0, False, INVALID_PARAMETER, INVALID_PARAMETER),
    ("a count alone", False, 0, None, True, INVALID_PARAMETER, INVALID_PARAMETER),
    ("no count, no list", False, 0, 0, False, INVALID_PARAMETER, INVALID_PARAMETER),
    ("neither size nor room", True, None, "0", True, INVALID_SIZE, TOO_SMALL),
]


@pytest.fixture(params=["W", "A"])
def abi(request, engine, standalone_path):
    return Ras(standalone_path, wide=request.param == "W")


@pytest.mark.parametrize("otherwise", [False, True], ids=["as Windows", "as Windows 98"])
@pytest.mark.parametrize("rule", RULES, ids=[rule[0] for rule in RULES])
def test_a_rule_of_windows(abi, engine, rule, otherwise):
    _, has_list, size, room, has_count, code, code_98 = rule
    needed, count = c_uint32(), c_uint32()
    assert abi.call("RasEnumDevices", None, byref(needed), byref(count)) == TOO_SMALL
    assert needed.value == count.value * ctypes.sizeof(abi.Device)
    rows = (abi.Device * (count.value + 1))()
    rows[0].dwSize = 0 if size is None else ctypes.sizeof(abi.Device) + size
    given = c_uint32(0 if room in (None, "0") else needed.value + room)
    engine.settle(DEVICES_SIZE, otherwise)
    try:
        answer = abi.call(
            "RasEnumDevices",
            rows if has_list else None,
            None if room is None else byref(given),
            byref(count) if has_count else None,
        )
    finally:
        engine.settle(DEVICES_SIZE, False)
    assert answer == (code_98 if otherwise else code)
