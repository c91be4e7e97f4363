"""The verbs that every backend has, in Python types. Asynchronous, and called on a running loop."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Protocol

from .._native.records import (
    ConnectionInfo,
    ConnectionStatistics,
    ConnectionStatus,
    Country,
    Device,
    DialEvent,
    DialRequest,
    EntryName,
    IpProjection,
    Resume,
)
from ..errors import BackendUnavailableError, ConnectionSubState
from .totals import Totals

if TYPE_CHECKING:
    from .autodial import AutoDial
    from .books import RasBooks

IpAddress = IPv4Address | IPv6Address


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

    __slots__ = ("__weakref__", "gone", "handle", "info", "references")

    def __init__(self, handle: int) -> None:
        self.handle: int = handle
        self.references: int = 0
        self.gone: bool = False
        self.info: ConnectionInfo | None = None  # what RAS listed of it, where no dial of ours holds it


@dataclass(frozen=True, slots=True)
class Condition:
    """How a connection that is up stands.

    Attributes:
        sub_state: Of an IKEv2 connection that follows its network.
        links: The handles of the links that are up, by their numbers; of a multilink connection.
    """

    sub_state: ConnectionSubState = ConnectionSubState.NONE
    links: Mapping[int, int] = field(default_factory=dict)


class DialCall(ABC):
    """One dial in a backend's hands, until `close` or `connected` gives it back.

    Attributes:
        links: How many links are dialed; known when the first event comes.
    """

    links = 1

    __slots__ = ()

    @property
    @abstractmethod
    def handle(self) -> int:
        """0 while the backend has given none."""

    def ask(self) -> None:
        """The consumer waits for the outcome: from now on RAS need not be held at an error."""
        return

    @abstractmethod
    def resume(self, resume: Resume, pause: DialEvent) -> None:
        """Leaves the paused state of this event; the answer is `DialListener.on_returned` once more."""

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


class ChangeSignal(Protocol):
    """Says that connections came or went, without saying which."""

    async def register(self) -> None:
        """To be called before each look at the connections: from now on the next change is signalled.

        Raises:
            RasError: It will not be.
        """

    async def register_each(self, handles: list[int]) -> None:
        """To be called before each look at how these connections stand; as far as RAS can signal that."""

    def close(self) -> None:
        """No signal from now on. On the loop's thread, or on any once the loop has closed."""


class Backend(ABC):
    """Something that dials."""

    name: str
    simulated: bool = False
    forked: bool = False
    """It belongs to the parent process."""

    @property
    def books(self) -> RasBooks:
        """The verbs around phonebooks and stored credentials.

        Raises:
            BackendUnavailableError: It has none.
        """
        raise BackendUnavailableError(message=f"{self.name} has no phonebooks that RAS keeps")

    @property
    def autodial(self) -> AutoDial:
        """The AutoDial database.

        Raises:
            BackendUnavailableError: It has none.
        """
        raise self._lacks("AutoDial")

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

    async def statistics(self, link: Link, totals: Totals, number: int = 0) -> ConnectionStatistics:
        """What was counted of one link, from 1; 0 = of all together."""
        raise self._lacks("statistics")

    async def clear_statistics(self, link: Link, totals: Totals, number: int = 0) -> None:
        raise self._lacks("statistics")

    async def ip(self, link: Link) -> IpProjection:
        raise self._lacks("projection")

    async def sub_entries(self, link: Link) -> list[int | None]:
        """The handle of each link of a multilink connection, in order; None = that one is not up."""
        raise self._lacks("sub-entries")

    async def sub_entry_status(self, link: Link, number: int) -> ConnectionStatus:
        """What RAS tells of one link, from 1."""
        raise self._lacks("sub-entries")

    async def hang_up_sub_entry(self, link: Link, number: int, timeout: float) -> bool:
        """Ends one link; the result says whether it ended within `timeout` seconds."""
        raise self._lacks("sub-entries")

    async def move(
        self, link: Link, local: IpAddress | None, remote: IpAddress | None, interface_index: int
    ) -> None:
        """Other end points for an IKEv2 tunnel; None and 0 = as RAS chooses."""
        raise self._lacks("MOBIKE")

    async def conditions(self, found: list[tuple[Link, ConnectionInfo]]) -> list[Condition]:
        """How each of these connections stands, as far as the backend can tell."""
        return [Condition() for _ in found]

    async def devices(self) -> list[Device]:
        raise self._lacks("list of devices")

    async def countries(self) -> list[Country]:
        raise self._lacks("list of countries")

    def change_signal(
        self, loop: asyncio.AbstractEventLoop, wake: Callable[[], object]
    ) -> ChangeSignal | None:
        """Calls `wake` on the loop when connections have come or gone; None = there is no such signal."""
        return None

    def _lacks(self, what: str) -> BackendUnavailableError:
        return BackendUnavailableError(message=f"{self.name} has no {what}")

    @abstractmethod
    def sweep(self) -> None:
        """Ends the dials of loops that have closed. From any thread."""

    @abstractmethod
    def drop(self, link: Link) -> None:
        """Hangs up a connection that nobody took, without a word to anybody. From any thread."""

    @abstractmethod
    def hang_up(self, link: Link, timeout: float, all_references: bool) -> asyncio.Future[bool]:
        """Gives the reference back; the result says whether it ended within `timeout` seconds."""
