"""RasClient: which RAS it dials with, and that nothing simulated is ever chosen silently."""

from __future__ import annotations

import asyncio
import inspect
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from rasdial_async import (
    BackendUnavailableError,
    Credentials,
    Dialing,
    DialOptions,
    RasClient,
    Redial,
    Simulator,
    default_client,
)
from rasdial_async._native import _ras
from rasdial_async._native.records.request import DialRequest
from rasdial_async.backends import Backend
from rasdial_async.client import ENVIRONMENT, choice
from rasdial_async.dialing.arguments import DialArguments

pytestmark = pytest.mark.usefixtures("nothing_chosen")
elsewhere = pytest.mark.skipif(sys.platform == "win32", reason="Windows has a RAS of its own")


@pytest.fixture
def opened(monkeypatch):
    """Every library that would have been loaded; None stands for Windows' own."""
    paths = []

    class Opened(Backend):
        def __init__(self):
            self.name, self.simulated = "a library", False

    def open_backend(path):
        paths.append(path)
        return Opened()

    monkeypatch.setattr(choice, "open_backend", open_backend)
    return paths


# The choice


@elsewhere
def test_nothing_simulated_is_chosen_silently():
    with pytest.raises(BackendUnavailableError) as caught:
        RasClient()
    assert "backend='simulator'" in caught.value.message
    assert ENVIRONMENT in caught.value.message


def test_on_windows_it_is_windows_own(monkeypatch, opened):
    monkeypatch.setattr(sys, "platform", "win32")
    assert not RasClient().simulated
    assert opened == [None]


@pytest.mark.parametrize("value", ["simulator", "rasapi32", "/lib/other.so"])
def test_the_environment_beats_the_platform(monkeypatch, opened, value):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv(ENVIRONMENT, value)
    chosen = RasClient()
    assert chosen.simulated == (value == "simulator")
    expected = {"simulator": [], "rasapi32": [None], "/lib/other.so": [os.path.abspath("/lib/other.so")]}
    assert opened == expected[value]


@elsewhere
def test_an_empty_environment_is_none(monkeypatch):
    monkeypatch.setenv(ENVIRONMENT, "")
    with pytest.raises(BackendUnavailableError):
        RasClient()


@pytest.mark.parametrize("environment", ["simulator", "rasapi32", "/lib/other.so"])
def test_an_argument_beats_the_environment(monkeypatch, opened, environment):
    monkeypatch.setenv(ENVIRONMENT, environment)
    assert RasClient("simulator").simulated
    assert opened == []
    assert not RasClient("rasapi32").simulated
    assert not RasClient("/lib/mine.so").simulated
    assert not RasClient(library="/lib/mine.so").simulated
    assert opened == [None, os.path.abspath("/lib/mine.so"), os.path.abspath("/lib/mine.so")]


def test_a_simulator_is_taken_as_it_is():
    with Simulator() as sim:
        assert RasClient(sim).backend is sim.backend
        assert RasClient(sim).simulated


def test_each_client_of_the_simulator_by_name_has_its_own():
    assert RasClient("simulator").backend is not RasClient("simulator").backend


def test_a_backend_is_taken_as_it_is():
    with Simulator() as sim:
        assert RasClient(sim.backend).backend is sim.backend


@pytest.mark.parametrize("argument", ["backend", "library"])
def test_a_path_is_made_absolute_at_once(opened, monkeypatch, tmp_path, argument):
    """Whoever changes the folder later dials with the same library."""
    monkeypatch.chdir(tmp_path)
    for path in ("ras.so", Path("ras.so"), os.path.join(".", "ras.so")):
        RasClient(**{argument: path})
    assert opened == [str(tmp_path / "ras.so")] * 3


@pytest.mark.parametrize("name", ["simulator", "rasapi32"])
def test_a_library_is_a_path_whatever_its_name(opened, name):
    assert not RasClient(library=name).simulated
    assert opened == [os.path.abspath(name)]


def test_a_library_and_a_backend_are_one_too_many():
    with pytest.raises(ValueError, match="not both"):
        RasClient("simulator", library="/lib/ras.so")


@pytest.mark.parametrize("wrong", [5, b"ras.so", object(), Simulator])
@pytest.mark.parametrize("argument", ["backend", "library"])
def test_what_is_no_backend_is_refused(wrong, argument):
    with pytest.raises(TypeError, match=rf"^{argument} must be "):
        RasClient(**{argument: wrong})


def test_a_simulator_is_no_library():
    with Simulator() as sim, pytest.raises(TypeError, match=r"^library must be "):
        RasClient(library=sim)  # type: ignore[arg-type]


# Libraries


def test_a_library_that_is_not_there_says_so(tmp_path):
    path = tmp_path / "missing.so"
    for arguments in ({"library": path}, {"backend": str(path)}):
        with pytest.raises(BackendUnavailableError, match=r"missing\.so can't be loaded"):
            RasClient(**arguments)


def test_a_library_that_is_no_ras_says_so():
    """Any library will do, such as this package's own: it hides what it has inside."""
    with pytest.raises(BackendUnavailableError, match="is no RAS library") as caught:
        RasClient(library=_ras.__file__)
    assert caught.value.function == "RasDialW"


@elsewhere
def test_windows_own_ras_is_windows_only():
    with pytest.raises(BackendUnavailableError, match="part of Windows"):
        RasClient("rasapi32")


# Dialing


def test_every_argument_reaches_the_request(client):
    dialing = client.dial(
        "Office",
        phonebook=Path("a.pbk"),
        username="ada",
        password="secret",
        domain="LAB",
        phone_number="5550100",
        callback_number="5550199",
        sub_entry=2,
        interface_index=7,
        timeout=5,
        options=DialOptions.NO_USER,
        hold_errors=True,
        owner_window=0xABCD,
    )
    plan, request = dialing._plan, dialing._request
    dialing.close()
    assert request == DialRequest(
        entry="Office",
        phonebook="a.pbk",
        phone_number="5550100",
        callback_number="5550199",
        credentials=Credentials("ada", "secret", "LAB"),
        sub_entry=2,
        interface_index=7,
        options=DialOptions.NO_USER,
        hold_errors=True,
        owner_window=0xABCD,
    )
    assert plan.timeout == 5.0
    assert (plan.redial, plan.on_paused, plan.timeout_while_paused) == (None, None, False)


def test_redial_and_paused_states_reach_the_plan(client):
    async def on_paused(event): ...

    redial = Redial(attempts=3)
    dialing = client.dial("Office", redial=redial, on_paused=on_paused, timeout_while_paused=True)
    with closing(dialing):
        plan, request = dialing._plan, dialing._request
    assert plan.redial is redial
    assert plan.on_paused is on_paused
    assert plan.timeout_while_paused is True
    assert request.options == DialOptions.PAUSED_STATES
    with closing(client.dial("Office", on_paused=on_paused, options=DialOptions.NO_USER)) as both:
        assert both._request.options == DialOptions.PAUSED_STATES | DialOptions.NO_USER


def test_credentials_stand_for_the_three(client):
    credentials = Credentials("ada", "secret", "LAB")
    with closing(client.dial("Office", credentials=credentials)) as dialing:
        assert dialing._request.credentials is credentials


@pytest.mark.parametrize("argument", ["username", "password", "domain"])
def test_credentials_and_one_of_the_three_are_too_many(client, argument):
    with pytest.raises(ValueError, match=r"^give credentials, or username, password and domain"):
        client.dial("Office", credentials=Credentials("ada"), **{argument: "x"})


@pytest.mark.parametrize(
    ("arguments", "error", "argument"),
    [
        ({"timeout": 0}, ValueError, "timeout"),
        ({"timeout": "5"}, TypeError, "timeout"),
        ({"phonebook": ""}, ValueError, "phonebook"),
        ({"phonebook": 5}, TypeError, "phonebook"),
        ({"sub_entry": -1}, ValueError, "sub_entry"),
        ({"options": 1}, TypeError, "options"),
        ({"options": 1, "on_paused": print}, TypeError, "options"),
        ({"options": "x", "on_paused": print}, TypeError, "options"),
        ({"on_paused": "x"}, TypeError, "on_paused"),
        ({"redial": 3}, TypeError, "redial"),
        ({"save_credentials": 1}, TypeError, "save_credentials"),
        ({"timeout_while_paused": "no"}, TypeError, "timeout_while_paused"),
        ({"username": "x" * 257}, ValueError, "username"),
        ({"credentials": "ada"}, TypeError, "credentials"),
    ],
)
def test_a_bad_argument_is_an_error_of_the_call(client, arguments, error, argument):
    with pytest.raises(error, match=rf"^{argument} "):
        client.dial("Office", **arguments)


def test_the_entry_has_no_keyword_and_the_options_nothing_else(client):
    with pytest.raises(TypeError):
        client.dial(entry="Office")
    with pytest.raises(TypeError):
        client.dial("Office", "a.pbk")
    with pytest.raises(TypeError, match="pasword"):
        client.dial("Office", pasword="x")


def test_the_options_of_the_function_are_those_of_the_method():
    parameters = list(inspect.signature(RasClient.dial).parameters)[2:]
    assert set(DialArguments.__annotations__) == set(parameters)


def test_repr_says_what_it_dials_with(client, opened):
    assert repr(client) == "<RasClient simulator simulated>"
    assert repr(RasClient("/lib/ras.so")) == "<RasClient a library>"
    assert repr(RasClient.__new__(RasClient)) == "<RasClient without a backend>"


@pytest.mark.asyncio
async def test_entries_takes_a_path_or_none(client):
    assert await client.entries() == ["Office", "Home"]
    with pytest.raises(TypeError, match=r"^phonebook must be "):
        await client.entries(5)


# The default client


def test_the_default_client_is_made_once(monkeypatch):
    monkeypatch.setenv(ENVIRONMENT, "simulator")
    first = default_client()
    assert default_client() is first
    monkeypatch.setenv(ENVIRONMENT, "/lib/other.so")
    assert default_client() is first


@elsewhere
def test_a_default_client_that_is_not_to_be_had_is_asked_for_again(monkeypatch):
    for _ in range(2):
        with pytest.raises(BackendUnavailableError):
            default_client()
    monkeypatch.setenv(ENVIRONMENT, "simulator")
    assert default_client().simulated


def test_another_process_has_another_default_client(monkeypatch):
    monkeypatch.setenv(ENVIRONMENT, "simulator")
    first = default_client()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert default_client() is not first


def test_importing_the_package_chooses_and_loads_nothing():
    code = (
        "import sys, rasdial_async, rasdial_async.client.choice as c\n"
        "assert c._default is None\n"
        "import threading; assert threading.active_count() == 1\n"
    )
    environment = {**os.environ, ENVIRONMENT: "/nowhere/at/all.so"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=60)


def test_a_dial_by_a_ras_library_loads_no_simulator():
    code = (
        "import asyncio, sys\n"  # asyncio itself loads tempfile on Windows
        "before = {*sys.modules}\n"
        "import rasdial_async as ras\n"
        "ras.dial, ras.RasClient, ras.Connection, ras.DialError\n"
        "try: ras.RasClient('rasapi32')\n"
        "except ras.BackendUnavailableError: pass\n"
        "own = {'rasdial_async.simulator', 'rasdial_async.phonebook', 'tempfile'}\n"
        "loaded = own & (sys.modules.keys() - before)\n"
        "assert not loaded, loaded\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_dialings_of_one_client_are_independent(client):
    with closing(client.dial("Office")) as one, closing(client.dial("Office")) as other:
        assert isinstance(one, Dialing)
        assert one is not other

    async def main():
        async with client.dial("Office") as connection:
            return connection.entry

    assert asyncio.run(main()) == "Office"


def test_a_misspelled_backend_is_named():
    with pytest.raises(BackendUnavailableError, match="no backend and no file 'simulatr'"):
        RasClient("simulatr")
