"""The C test programs are built and run beside the other tests, and looked at in the end."""

from __future__ import annotations

from typing import cast

import pytest
from support.c_programs import CAN_BUILD, Build, Outcome, Workshop

_WORKSHOPS = pytest.StashKey[dict[str, Workshop]]()


def _waits(item: pytest.Item) -> bool:
    return "c_program" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_waits)


def _builds(items: list[pytest.Item]) -> list[Build]:
    return [
        cast("Build", item.callspec.params["c_program"])
        for item in items
        if isinstance(item, pytest.Function) and _waits(item)
    ]


def _open_workshop(config: pytest.Config, builds: list[Build]) -> Workshop:
    workshop = Workshop(builds)
    config.add_cleanup(workshop.close)
    return workshop


def pytest_collection_finish(session: pytest.Session) -> None:
    """Side by side with other workers of pytest-xdist, each builds what it runs, when it comes to that."""
    config, builds = session.config, _builds(session.items)
    if builds and CAN_BUILD and not config.option.collectonly and not hasattr(config, "workerinput"):
        workshop = _open_workshop(config, builds)
        config.stash[_WORKSHOPS] = {build.module: workshop for build in builds}
    else:
        config.stash[_WORKSHOPS] = {}


@pytest.fixture
def c_program(request: pytest.FixtureRequest) -> Outcome:
    """The outcome of the :class:`c_programs.Build` that a test is parametrized with."""
    workshops, module = request.config.stash[_WORKSHOPS], request.param.module
    if module not in workshops:
        builds = [build for build in _builds(request.session.items) if build.module == module]
        workshops[module] = _open_workshop(request.config, builds)
    outcome = workshops[module].outcome(request.param)
    if outcome.impossible:
        pytest.skip(outcome.impossible)
    return outcome
