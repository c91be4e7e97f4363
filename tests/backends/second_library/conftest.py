"""RasClient(library=...) over tests/support/odd_ras."""

from __future__ import annotations

import pytest
from support import odd_ras

import rasdial_async as ras
from rasdial_async.backends import threads


@pytest.fixture(autouse=True)
def short_lived_threads(monkeypatch):
    """Threads of the package end at once when they are idle, so whoever needs one has to keep it."""
    monkeypatch.setattr(threads, "IDLE_SECONDS", 0.01)


@pytest.fixture
def client(odd):
    return ras.RasClient(library=odd.path)


@pytest.fixture
def variant(tmp_path, request):
    """The library without one of its functions, and a client of it."""
    odd = odd_ras.Odd(odd_ras.build(tmp_path, without=request.param))
    yield odd
    odd.wait_count("threads", 0)
    assert odd.count("handles") == 0
