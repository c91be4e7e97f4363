"""The built-in engine as a backend: phonebooks are read when a verb first names them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from .._native.records import ConnectionInfo, DialEvent, DialRequest, EntryName, Resume
from ..backends import DialCall, DialListener, Link, RasBackend
from ..errors import PhonebookError


class EngineBackend(RasBackend):
    """A backend whose `prepare_phonebook` reads a file."""

    def dial(
        self, request: DialRequest, listener: DialListener, loop: asyncio.AbstractEventLoop, attempt: int
    ) -> DialCall:
        try:
            self.prepare_phonebook(request.phonebook)
        except PhonebookError as error:
            loop.call_soon(listener.on_returned, error.code, error.message)
            return _RefusedCall()
        return super().dial(request, listener, loop, attempt)

    async def entries(self, phonebook: str | None) -> list[EntryName]:
        self.prepare_phonebook(phonebook)
        return await super().entries(phonebook)


class _RefusedCall(DialCall):
    """A dial that failed at its phonebook."""

    handle = 0

    def resume(self, resume: Resume, pause: DialEvent) -> None:
        raise AssertionError("it never pauses")

    def proceed(self) -> None:
        pass

    def connected(self, done: Callable[[Link, ConnectionInfo | None], None]) -> None:
        raise AssertionError("it never connects")

    def close(self, code: int, timeout: float, done: Callable[[str | None], None]) -> None:
        done(None)
