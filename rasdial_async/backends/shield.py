"""Waiting to the end, whatever cancels the task that waits."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import TypeVar

_T = TypeVar("_T")


async def wait_shielded(future: asyncio.Future[_T]) -> _T:
    """Waits until the future is done; a cancellation meanwhile is raised after that.

    For clean-up that must not be cut short, such as a hang-up, whose time is bounded elsewhere.
    """
    cancelled: asyncio.CancelledError | None = None
    with _anyio_shield():
        while not future.done():
            try:
                await asyncio.wait((future,))
            except asyncio.CancelledError as error:
                cancelled = error
    if cancelled is not None:
        raise cancelled
    return future.result()


def _anyio_shield() -> contextlib.AbstractContextManager[object]:
    """A canceled scope of anyio cancels its tasks again and again, as long as they wait.

    Without its shield the loop above would spin. Where anyio was never imported there is no scope.
    """
    anyio = sys.modules.get("anyio")
    if anyio is None or not hasattr(anyio, "CancelScope"):
        return contextlib.nullcontext()
    shield: contextlib.AbstractContextManager[object] = anyio.CancelScope(shield=True)
    return shield
