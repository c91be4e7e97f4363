"""The default client, which the package's functions use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from . import choice
from .client import RasClient

_default: RasClient | None = None


def default_client() -> RasClient:
    """Return the client of the package's functions, made at the first use; a forked child makes its own.

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
    """Let the package's functions dial with this backend inside a block."""
    global _default
    before = _default
    with choice.default_is(backend):
        try:
            yield default_client()
        finally:
            _default = before
