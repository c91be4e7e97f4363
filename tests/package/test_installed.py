"""The package as users get it: installed from the sdist into an environment of its own."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

DIAL = """
import asyncio
import rasdial_async as ras

async def main():
    with ras.Simulator(pace=0) as simulator:
        simulator.add_entry("Office VPN", username="ada", password="right")
        client = ras.RasClient(simulator)
        async with client.dial("Office VPN", username="ada", password="right") as connection:
            assert (await connection.status()).connected
    print(ras.__file__)

asyncio.run(main())
"""

TESTS = """
import asyncio
import pytest
import rasdial_async as ras

def test_it(ras_line, ras_client):
    ras_line("Office VPN").fails(691)
    with pytest.raises(ras.AuthenticationError):
        asyncio.run(dial(ras_client))

async def dial(client):
    await client.dial("Office VPN")

def test_what_is_left_behind(ras_line, ras_client):
    ras_line("Office VPN")
    asyncio.run(dial(ras_client))
"""


def test_it_dials(installation):
    where = installation.run(installation.python, "-W", "error", "-c", DIAL)
    assert Path(where.strip()).is_relative_to(installation.folder.parent / "venv")


def test_the_program_runs(installation):
    printed = installation.run(installation.scripts / "rasdial-async", "demo", "--pace", "0", "--json")
    ends = {one["entry"]: one["kind"] for one in map(json.loads, printed.splitlines())}
    assert len(ends) == 3
    version = installation.run(installation.python, "-m", "rasdial_async", "--version")
    assert version.startswith("rasdial-async, version ")


def test_its_pytest_plugin_is_found(installation):
    (installation.folder / "test_user.py").write_text(TESTS)
    with pytest.raises(AssertionError) as caught:
        installation.run(installation.python, "-m", "pytest", "-q", "test_user.py")
    assert "2 passed, 1 error" in str(caught.value)
    assert "the connection of 'Office VPN' is up: it was not hung up" in str(caught.value)


@pytest.fixture
def program(installation) -> Path:
    return Path(shutil.copy(HERE / "user_program.py", installation.folder))


def test_mypy_sees_the_types(installation, program):
    installation.run(
        *(sys.executable, "-m", "mypy", "--strict", "--cache-dir", installation.folder / "mypy"),
        *("--python-executable", installation.python, program),
    )


def test_pyright_sees_the_types(installation, program):
    installation.run(sys.executable, "-m", "pyright", program)


def test_every_public_name_has_its_type(installation):
    printed = installation.run(
        sys.executable, "-m", "pyright", "--verifytypes", "rasdial_async", "--ignoreexternal"
    )
    assert "Type completeness score: 100%" in printed
