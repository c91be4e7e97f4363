"""The plugin from outside: projects of their own, run by pytest."""

from __future__ import annotations

from importlib.metadata import entry_points

import pytest

import rasdial_async.simulator.simulator  # so that pytester, which puts sys.modules back, leaves it alone  # noqa: F401

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.usefixtures("nothing_chosen")

STYLES = {
    "asyncio": "pytestmark = pytest.mark.asyncio",
    "asyncio, a loop for the module": 'pytestmark = pytest.mark.asyncio(loop_scope="module")',
    "anyio": 'pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", ["asyncio"])]',
}


def plugin() -> tuple[str, ...]:
    """The options that load it where it is not installed."""
    installed = {one.name for one in entry_points(group="pytest11")}
    return () if "rasdial_async" in installed else ("-p", "rasdial_async.pytest_plugin")


@pytest.fixture
def project(pytester: pytest.Pytester):
    """Runs a test file with the plugin, in this process."""
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")

    def run(source: str, *arguments: str) -> pytest.RunResult:
        pytester.makepyfile(test_file=source)
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", *plugin(), *arguments)

    return run


@pytest.fixture(params=STYLES)
def asynchronous(request: pytest.FixtureRequest, project):
    """The same, for each of the ways to write asynchronous tests."""
    head = f"import asyncio, threading\nimport pytest\nimport rasdial_async as ras\n{STYLES[request.param]}\n"

    def run(source: str, *arguments: str) -> pytest.RunResult:
        return project(head + source, *arguments)

    return run


def test_its_fixtures_dial(asynchronous):
    result = asynchronous(
        """
async def test_entry(ras_simulator, ras_client):
    ras_simulator.add_entry("Office VPN", username="ada", password="right")
    async with ras_client.dial("Office VPN", username="ada", password="right") as connection:
        assert connection.simulated

async def test_line(ras_line, ras_client):
    line = ras_line("Office VPN", device="WAN Miniport (PPPOE)").fails(691)
    with pytest.raises(ras.AuthenticationError):
        await ras_client.dial(line.entry)
    line.connects()
    async with ras_client.dial("Office VPN") as connection:
        assert connection.device_name == "WAN Miniport (PPPOE)"

async def test_functions(ras_line):
    ras_line("Office VPN", phonebook="team.pbk").refuses(633)
    with pytest.raises(ras.PortError):
        await ras.dial("Office VPN", phonebook="team.pbk")

async def test_each_has_its_own(ras_simulator, ras_client):
    assert await ras_client.entries() == []

@pytest.fixture
def service(ras_line, ras_client):
    over = threading.Event()
    thread = threading.Thread(target=over.wait, name="service")
    thread.start()
    yield ras_line("Office VPN")
    over.set()
    thread.join()

async def test_what_other_fixtures_put_away_is_not_left(service, ras_client):
    connection = await ras_client.dial(service.entry)
    await asyncio.to_thread(lambda: None)  # its thread goes with the loop
    service.goes_dead()
    await connection.wait_disconnected()

async def test_what_never_began_is_not_left(service, ras_client):
    ras_client.dial(service.entry).close()
"""
    )
    result.assert_outcomes(passed=6)


def test_what_a_test_leaves_behind_fails_it(asynchronous, monkeypatch):
    monkeypatch.setattr("rasdial_async.testing.leftovers._GRACE", 0.05)
    result = asynchronous(
        """
dialings = []
over = threading.Event()

async def test_connection(ras_line, ras_client):
    ras_line("Office VPN")
    await ras_client.dial("Office VPN")

async def test_dial(ras_line, ras_client):
    ras_line("Office VPN").hangs()
    dialings.append(ras_client.dial("Office VPN"))
    async for event in dialings[0]:
        if event.state is ras.ConnectionState.AUTHENTICATE:
            break

async def test_thread(ras_simulator):
    threading.Thread(target=over.wait, name="my worker", daemon=True).start()

async def test_next(ras_client):
    over.set()
    dialings.clear()

async def test_failing(ras_client):
    await ras_client.dial("nothing")
""",
        *("-W", "ignore::ResourceWarning"),
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=4, failed=1, errors=3)
    result.stdout.fnmatch_lines(
        [
            "test_file.py::test_connection* left behind:",
            "  - the connection of 'Office VPN' is up: it was not hung up",
            "test_file.py::test_dial* left behind:",
            "  - the dial of 'Office VPN' stands at RASCS_Authenticate: it was neither hung up nor awaited*",
            "test_file.py::test_thread* left behind:",
            "  - the thread 'my worker' still runs",
            "*PhonebookError: ERROR_CANNOT_FIND_PHONEBOOK_ENTRY (623)*",
        ]
    )


def test_in_synchronous_tests(project, monkeypatch):
    monkeypatch.delenv("RASDIAL_BACKEND", raising=False)
    result = project(
        """
import asyncio
from rasdial_async.client import choice, default_client

def test_it(ras_line, ras_client):
    ras_line("Office VPN").connects()

    async def dial():
        async with default_client().dial("Office VPN") as connection:
            assert connection.simulated

    asyncio.run(dial())

def test_afterwards():
    assert choice._default is None
""",
    )
    result.assert_outcomes(passed=2)


def test_it_imports_nothing_before_a_fixture_is_used(pytester):
    """Only the front door and itself; in a process of its own, where nothing is imported yet."""
    pytester.makepyfile(
        """
import sys

def ours():
    return {name for name in sys.modules if name.partition(".")[0] == "rasdial_async"}

def test_without(tmp_path):
    assert ours() == {"rasdial_async", "rasdial_async.pytest_plugin"}

def test_with(ras_simulator):
    assert "rasdial_async.simulator" in ours()
"""
    )
    others = ("-p", "no:asyncio", "-p", "no:anyio", "-p", "no:hypothesispytest")
    result = pytester.runpytest_subprocess(*others, *plugin(), timeout=60)
    result.assert_outcomes(passed=2)


def test_its_fixtures_are_documented(project):
    result = project("", "--fixtures")
    for fixture in ("ras_simulator", "ras_client", "ras_line"):
        result.stdout.fnmatch_lines([f"{fixture} -- *pytest_plugin.py*"])


@pytest.mark.parametrize("scope", ["class", "module", "session"])
def test_its_fixtures_exist_for_wider_scopes(project, scope):
    result = project(
        f"""
import asyncio
import pytest
import rasdial_async as ras

@pytest.fixture(scope="{scope}")
def office({scope}_ras_line, {scope}_ras_client, {scope}_ras_simulator):
    {scope}_ras_line("Office VPN").fails(691)
    return {scope}_ras_client

class TestOffice:
    def test_first(self, office, {scope}_ras_simulator):
        async def dial():
            await office.dial("Office VPN")
        with pytest.raises(ras.AuthenticationError):
            asyncio.run(dial())
        {scope}_ras_simulator.script("Office VPN", [])

    def test_second_on_the_same_simulator(self, office):
        async def dial():
            async with ras.dial("Office VPN"):
                pass
        asyncio.run(dial())
        asyncio.run(dial())

def test_outside(ras_client, ras_line):
    assert asyncio.run(ras.entries()) == []
"""
    )
    result.assert_outcomes(passed=3)


def test_what_the_tests_of_a_module_leave_behind_is_told(project):
    result = project(
        """
import asyncio

def test_it(module_ras_line, module_ras_client):
    module_ras_line("Office VPN")
    asyncio.run(module_ras_client.dial("Office VPN").__aenter__())
"""
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*test_file.py left behind:*"])
