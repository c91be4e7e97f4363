"""librasapi32.so on pppd: a program in C dials a real link, and so does this package over that library."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from support import ROOT, TESTS, ppp

import rasdial_async as ras

NATIVE = ROOT / "rasdial_async" / "_native"

pytestmark = pytest.mark.skipif(not shutil.which("cc"), reason="no C compiler")


LIBRARY = ROOT / "build" / "engine" / "librasapi32.so"


@pytest.fixture(scope="session")
def c_client(provider, tmp_path_factory):
    assert LIBRARY.exists(), "tools/build_engine.py shared makes it; the lane does that"
    program = tmp_path_factory.mktemp("client") / "ras_client"
    source = TESTS / "pppd" / "ras_client.c"
    options = ["-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", f"-I{NATIVE}"]
    command = ["cc", *options, source, LIBRARY, "-pthread", f"-Wl,-rpath,{LIBRARY.parent}", "-o", program]
    subprocess.run(command, check=True)
    return program


def dial(c_client, entry, password, engine="pppd"):
    done = subprocess.run(
        [c_client, entry, ppp.USER],
        input=f"{password}\n",
        env={**os.environ, "RASDIAL_ENGINE": engine},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.splitlines()


def test_a_c_program_dials_a_real_link(c_client, peers):
    peers.pppoe("dsl")
    lines = dial(c_client, "dsl", ppp.PASSWORD)
    states = [int(line.split()[1]) for line in lines if line.startswith("state ")]
    assert states == [0, 1, 2, 3, 4, 19, 5, 14, 10, 18, 0x2000]
    assert lines[-4:] == [f"server {ppp.SERVER_OF_PPPOE}", "received some", "hangup 0", "released"]


def test_a_c_program_hears_of_a_wrong_password(c_client, peers):
    peers.pppoe("dsl")
    lines = dial(c_client, "dsl", "wrong")
    assert lines[-3:] == ["state 5 691", "hangup 0", "released"]


def test_without_the_variable_the_library_knows_no_entry_of_the_system(c_client, peers):
    peers.pppoe("dsl")
    assert dial(c_client, "dsl", ppp.PASSWORD, engine="") == [
        "dial 623: The phone book has no entry of that name."
    ]


def test_the_texts_of_the_library_speak_of_pppd(c_client, peers):
    (line,) = dial(c_client, "no such entry", ppp.PASSWORD)
    assert line.startswith("dial 623: No file of that name is in /etc/ppp/peers")


@pytest.mark.asyncio
async def test_this_package_over_that_library(peers, monkeypatch):
    peers.pppoe("dsl")
    monkeypatch.setenv("RASDIAL_ENGINE", "pppd")
    client = ras.RasClient(library=LIBRARY)
    assert not client.simulated
    with pytest.raises(ras.DialError) as caught:
        await client.dial("no such entry", username=ppp.USER, password=ppp.PASSWORD)
    assert caught.value.code == 623
    assert "/etc/ppp/peers" in caught.value.hint
    async with client.dial("dsl", username=ppp.USER, password=ppp.PASSWORD) as connection:
        assert (await connection.ip()).server_address == ppp.SERVER_OF_PPPOE
