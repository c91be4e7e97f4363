"""The verbs that every backend has, in Python types. Asynchronous, and called on a running loop."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Protocol

from .._request import DialRequest, Resume
from ..events import ConnectionInfo, ConnectionStatus, DialEvent, EntryName


class DialListener(Protocol):
    """Who is told about a dial, always on the loop that dials."""

    def on_event(self, event: DialEvent, held: bool) -> None:
        """A state or a failure; held = RAS waits in its callback until `DialCall.proceed`."""

    def on_returned(self, code: int, message: str = "") -> None:
        """The call that dials has returned: 0 = the dial goes on and reports by events.

        A message explains the code better than its usual text.
        """


class Link:
    """What this process knows of a handle: how many of its dials hold it, and whether it is over.

    RAS uses handle values again, so a handle alone does not say which connection is meant.
    """

    __slots__ = ("__weakref__", "gone", "handle", "references")

    def __init__(self, handle: int) -> None:
        self.handle = handle
        self.references = 0
        self.gone = False


class DialCall(ABC):
    """One dial in a backend's hands, until `close` or `connected` gives it back."""

    @property
    @abstractmethod
    def handle(self) -> int:
        """0 while the backend has given none."""

    def ask(self) -> None:
        """The consumer waits for the outcome: from now on RAS need not be held at an error."""
        return

    @abstractmethod
    def resume(self, resume: Resume) -> None:
        """Leaves a paused state; the answer is `DialListener.on_returned` once more."""

    @abstractmethod
    def proceed(self) -> None:
        """Lets RAS go on that is held at an error."""

    @abstractmethod
    def connected(self, done: Callable[[Link, ConnectionInfo | None], None]) -> None:
        """The dial succeeded: it takes its reference and looks up what RAS tells of the connection."""

    @abstractmethod
    def close(self, code: int, timeout: float, done: Callable[[str | None], None]) -> None:
        """Hangs up, waits until the port is released or the time is over, then tells `done`.

        Args:
            code: The error to fetch the official text for.
            timeout: Seconds.
            done: Called on the loop with that text, None where there is none.
        """


class Backend(ABC):
    """Something that dials."""

    name: str
    simulated: bool = False

    @abstractmethod
    def dial(
        self, request: DialRequest, listener: DialListener, loop: asyncio.AbstractEventLoop, attempt: int
    ) -> DialCall:
        """Begins to dial, as the attempt of that number, from 1; returns at once."""

    @abstractmethod
    async def connections(self) -> list[tuple[Link, ConnectionInfo]]:
        """The connections that are up."""

    @abstractmethod
    async def entries(self, phonebook: str | None) -> list[EntryName]: ...

    @abstractmethod
    async def status(self, link: Link) -> ConnectionStatus: ...

    @abstractmethod
    def sweep(self) -> None:
        """Ends the dials of loops that have closed. From any thread."""

    @abstractmethod
    def drop(self, link: Link) -> None:
        """Hangs up a connection that nobody took, without a word to anybody. From any thread."""

    @abstractmethod
    def hang_up(self, link: Link, timeout: float, all_references: bool) -> asyncio.Future[bool]:
        """Gives the reference back; the result says whether it ended within `timeout` seconds."""
