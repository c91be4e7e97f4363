"""The C test programs begin when the tests are collected, and are looked at in the end."""

from __future__ import annotations

import pytest
from support.c_programs import CAN_BUILD, Outcome, Workshop

_WORKSHOP = pytest.StashKey[Workshop]()


def _waits(item: pytest.Item) -> bool:
    return "c_program" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_waits)


def pytest_collection_finish(session: pytest.Session) -> None:
    builds = [
        item.callspec.params["c_program"]
        for item in session.items
        if isinstance(item, pytest.Function) and _waits(item)
    ]
    if builds and CAN_BUILD and not session.config.option.collectonly:
        session.config.stash[_WORKSHOP] = workshop = Workshop(builds)
        session.config.add_cleanup(workshop.close)


@pytest.fixture
def c_program(request: pytest.FixtureRequest) -> Outcome:
    """What became of the :class:`c_programs.Build` that a test is parametrized with."""
    outcome = request.config.stash[_WORKSHOP].outcome(request.param)
    if outcome.impossible:
        pytest.skip(outcome.impossible)
    return outcome
