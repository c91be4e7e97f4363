"""The default client: the one of the package's functions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from . import choice
from .client import RasClient

_default: RasClient | None = None


def default_client() -> RasClient:
    """The client of the package's functions, made when first used; a forked child makes its own.

    Raises:
        BackendUnavailableError: See :class:`RasClient`.
    """
    global _default
    chosen = choice.default_choice()
    client = _default
    if client is None or client.backend is not chosen.backend:
        # Two threads may each make one here: the later one stays, and both dial over the same backend.
        client = _default = RasClient(chosen)
    return client


@contextmanager
def default_is(backend: choice.BackendChoice) -> Iterator[RasClient]:
    """Inside the block the package's functions dial with this backend."""
    global _default
    before = _default
    with choice.default_is(backend):
        try:
            yield default_client()
        finally:
            _default = before
