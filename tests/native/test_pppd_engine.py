"""The engine on pppd under sanitizers, with a program in pppd's place that plays logs of real ones."""

from __future__ import annotations

import re
import sys

import pytest
from native.test_pppd_log_lines import CASES
from native.test_simulator_c import NATIVE, write_error_texts
from support import TESTS
from support.c_programs import COMPILER, Build

HERE = TESTS / "native"
PLACES = {
    "PPPD": HERE / "fake_pppd",
    "PEERS": TESTS / "pppd" / "logs" / "2.5",
    "PPP_DEVICE": "/dev/null",
}
BUILDS = {
    sanitizer: Build(
        module="native.test_pppd_engine",
        name=sanitizer,
        sources=(
            *sorted(NATIVE.glob("os/os_*.c")),
            *sorted(NATIVE.glob("engine/*.c")),
            *sorted(NATIVE.glob("engine/scripted/*.c")),
            *sorted(NATIVE.glob("engine/pppd/*.c")),
            HERE / "pppd_engine_test.c",
        ),
        sanitizer=sanitizer,
        options=("-O1", *(f'-D{name}="{place}"' for name, place in PLACES.items())),
        prepare=write_error_texts,
    )
    for sanitizer in ("plain", "address")  # that for threads does not know a fork between its threads
}
# The table alone does not know that the modem has dialed before.
ENGINE_KNOWS_MORE = {"modem-nothing": 678, "modem-cancel-script": 678}
CONNECTED, START_AUTHENTICATION = 0x2000, 19


@pytest.mark.skipif(sys.platform != "linux", reason="pppd makes links on Linux only")
@pytest.mark.skipif(COMPILER is None, reason="no C compiler")
@pytest.mark.parametrize("c_program", BUILDS.values(), indirect=True, ids=BUILDS)
def test_every_log_ends_a_dial_as_the_table_says(c_program):
    assert c_program.status == 0, c_program.output
    found = dict(re.findall(r"^(\S+)\.log (\d+ \d+)$", c_program.output, re.MULTILINE))
    assert found.keys() == CASES.keys()
    for case, (states, error) in CASES.items():
        state, code = map(int, found[case].split())
        if error in (631, None, 828, 829, 628, 629) and states[-1:] == (10,):
            assert (case, state, code) == (case, CONNECTED, 0)
        elif error == 631:  # hung up in this state
            assert (case, state, code) == (case, START_AUTHENTICATION, 0)
        else:
            assert (case, code) == (case, ENGINE_KNOWS_MORE.get(case, error))
