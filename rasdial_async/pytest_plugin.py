"""The pytest plugin: simulated lines as fixtures. A test that leaves something behind fails.

pytest loads the plugin in every test run of an environment with this package, so the plugin imports the rest
of the package only when a fixture is used.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .client import RasClient
    from .simulator import Simulator
    from .testing import Line


@pytest.fixture
def ras_simulator(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    """A :class:`rasdial_async.Simulator` of this test alone, without delays and without entries.

    The default client uses it too: ``rasdial_async.dial()`` dials on this simulator, and never a real line.
    A test that leaves a connection, a dial, a handle or a thread of its own behind fails.
    """
    from .client import default_is
    from .simulator import Simulator
    from .testing import left_in, left_threads

    threads = set(threading.enumerate())
    with Simulator(pace=0, release_delay=0) as simulator:
        with default_is(simulator):
            yield simulator
        left = left_in(simulator)
    left += left_threads(threads)
    if left:
        lines = "".join(f"\n  - {one}" for one in left)
        pytest.fail(f"{request.node.nodeid} left behind:{lines}", pytrace=False)


@pytest.fixture
def ras_client(ras_simulator: Simulator) -> RasClient:
    """The :class:`rasdial_async.RasClient` over `ras_simulator`, which is the default client too."""
    from .client import default_client

    return default_client()


@pytest.fixture
def ras_line(ras_simulator: Simulator) -> Callable[..., Line]:
    """A function that adds entries to `ras_simulator`: ``ras_line("Office VPN").fails(691)``.

    The arguments are those of :meth:`rasdial_async.Simulator.add_entry`; the result is the
    :class:`rasdial_async.testing.Line` of the entry, whose methods set the course of its dials.
    """
    from .testing import Line

    def add(entry: str, **options: Any) -> Line:
        ras_simulator.add_entry(entry, **options)
        return Line(ras_simulator, entry, phonebook=options.get("phonebook"))

    return add
