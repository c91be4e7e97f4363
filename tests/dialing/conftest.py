"""A backend that tells of its calls, for the tests of a dial alone."""

from __future__ import annotations

import pytest
from support.dials import ToldBackend


@pytest.fixture
def told():
    return ToldBackend()
