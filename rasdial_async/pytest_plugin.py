"""The pytest plugin: simulated lines as fixtures. A test that leaves something behind fails.

pytest loads the plugin in every test run of an environment with this package, so the plugin imports the rest
of the package only when a fixture is used.

The fixtures exist for wider scopes too, under names with the scope in front: `class_ras_simulator`,
`module_ras_client`, `session_ras_line` and so on.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from .client import RasClient
    from .simulator import Simulator
    from .testing import Line


@contextmanager
def _simulator(user: str) -> Iterator[Simulator]:
    from .client import default_is
    from .simulator import Simulator
    from .testing import PHONEBOOK, left_in, left_threads, play_script

    threads = set(threading.enumerate())
    with Simulator(pace=0, release_delay=0) as simulator:
        if os.environ.get(PHONEBOOK):
            simulator.load_phonebook(os.environ[PHONEBOOK])
        play_script(simulator)
        with default_is(simulator):
            yield simulator
        left = left_in(simulator)
    left += left_threads(threads)
    if left:
        lines = "".join(f"\n  - {one}" for one in left)
        pytest.fail(f"{user} left behind:{lines}", pytrace=False)


def _client() -> RasClient:
    from .client import default_client

    return default_client()


def _line(simulator: Simulator) -> Callable[..., Line]:
    from .testing import Line

    def add(entry: str, **options: Any) -> Line:
        simulator.add_entry(entry, **options)
        return Line(simulator, entry, phonebook=options.get("phonebook"))

    return add


@pytest.fixture
def ras_simulator(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    """A :class:`rasdial_async.Simulator` of this test alone, without delays and without entries.

    The default client uses it too: ``rasdial_async.dial()`` dials on this simulator, and never a real line.
    A test that leaves a connection, a dial, a handle or a thread of its own behind fails.

    The environment variable RASDIAL_SIMULATOR_PHONEBOOK names a phonebook whose entries the simulator has,
    and RASDIAL_SIMULATOR_SCRIPT a scenario file. No test changes these files.

    `class_ras_simulator`, `module_ras_simulator` and `session_ras_simulator` are simulators for all tests
    of a class, a module or a session. Do not mix the scopes in one test.
    """
    with _simulator(request.node.nodeid) as simulator:
        yield simulator


@pytest.fixture
def ras_client(ras_simulator: Simulator) -> RasClient:
    """The :class:`rasdial_async.RasClient` over `ras_simulator`, which is the default client too."""
    return _client()


@pytest.fixture
def ras_line(ras_simulator: Simulator) -> Callable[..., Line]:
    """A function that adds entries to `ras_simulator`: ``ras_line("Office VPN").fails(691)``.

    The arguments are those of :meth:`rasdial_async.Simulator.add_entry`; the result is the
    :class:`rasdial_async.testing.Line` of the entry, whose methods set the course of its dials.
    """
    return _line(ras_simulator)


def _of_scope(scope: Literal["class", "module", "session"]) -> dict[str, object]:
    name = f"{scope}_ras_simulator"

    @pytest.fixture(scope=scope, name=name)
    def simulator(request: pytest.FixtureRequest) -> Iterator[Simulator]:
        with _simulator(request.node.nodeid or "the session") as simulator:
            yield simulator

    @pytest.fixture(scope=scope, name=f"{scope}_ras_client")
    def client(request: pytest.FixtureRequest) -> RasClient:
        request.getfixturevalue(name)
        return _client()

    @pytest.fixture(scope=scope, name=f"{scope}_ras_line")
    def line(request: pytest.FixtureRequest) -> Callable[..., Line]:
        return _line(request.getfixturevalue(name))

    return {name: simulator, f"{scope}_ras_client": client, f"{scope}_ras_line": line}


globals().update(_of_scope("class") | _of_scope("module") | _of_scope("session"))
