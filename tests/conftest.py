"""The simulators and the other RAS libraries that the tests dial on."""

from __future__ import annotations

import logging
import signal

import pytest
from support import links_ras, odd_ras
from support.simulators import SIMULATORS, no_dial_left

from rasdial_async import RasClient, Simulator
from rasdial_async.client import ENVIRONMENT, choice, default_is

# A shell that runs something in the background has it ignore Ctrl-C, and so would every program started
# here; the tests of KeyboardInterrupt need what a terminal gives.
signal.signal(signal.SIGINT, signal.default_int_handler)


def _tells_of_the_package(record: logging.LogRecord) -> bool:
    """asyncio's debug mode tells of a callback that took longer than 0.1 s, which is how busy the machine is.

    Tests that expect nothing in the log, or one line, mean what this package says.
    """
    return not record.msg.startswith("Executing ")


logging.getLogger("asyncio").addFilter(_tells_of_the_package)


@pytest.fixture
def sim(request):
    """The simulator of support/simulators.py that the module or the test names, else the plain one."""
    name = request.node.get_closest_marker("simulator")
    with Simulator(pace=0, release_delay=0.001) as simulator:
        SIMULATORS[name.args[0] if name else "plain"](simulator)
        yield simulator
        assert no_dial_left(simulator), "a dial of this test is never over"


@pytest.fixture
def client(sim):
    """The client over that simulator."""
    return RasClient(sim)


@pytest.fixture
def as_default(sim):
    """The functions of the package dial on that simulator."""
    with default_is(sim):
        yield


@pytest.fixture
def nothing_chosen(monkeypatch):
    """No default client was made before, and the environment names no backend."""
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    monkeypatch.setattr(choice, "_default", None)


@pytest.fixture(scope="session")
def odd_library(tmp_path_factory):
    """The second RAS library, compiled once."""
    return odd_ras.Odd(odd_ras.build(tmp_path_factory.mktemp("odd_ras")))


@pytest.fixture
def odd(odd_library):
    """The second RAS library, with nothing up before; afterwards nothing may be left in it."""
    assert odd_library.reset()
    yield odd_library
    odd_library.wait_count("inside", 0)
    odd_library.wait_count("threads", 0)
    assert odd_library.count("handles") == 0
    assert odd_library.count("null_hang_ups") == 0
    assert odd_library.count("lost_callers") == 0
    assert odd_library.reset()


@pytest.fixture(scope="session")
def links_library(tmp_path_factory):
    """The third RAS library, compiled once."""
    return links_ras.build(tmp_path_factory.mktemp("links_ras"))


@pytest.fixture
def links(links_library):
    """The third RAS library, with nothing up."""
    links_library.reset()
    return links_library


@pytest.fixture
def links_without(tmp_path):
    """Builds the third library without some of its functions: NO_..."""
    return lambda functions: links_ras.build(tmp_path, functions)
