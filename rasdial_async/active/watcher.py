"""The watch over the connections of the machine, of all programs."""

from __future__ import annotations

import asyncio
import enum
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple, Self

from .._native.records import ConnectionInfo
from ..backends import (
    Backend,
    Condition,
    Found,
    Lookout,
    Seen,
    current_lookout,
    on_loop,
    post,
    same_connection,
    set_event,
)
from ..errors import ConnectionSubState, RasError, Record
from .connection import Connection


class ChangeKind(enum.StrEnum):
    """The kinds of changes of a connection."""

    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    DORMANT = "dormant"
    """An IKEv2 connection has lost its network and waits for another one."""
    RECONNECTED = "reconnected"
    """The connection goes on, on another network or the old one."""
    BANDWIDTH_ADDED = "bandwidth_added"
    """A sub-entry of a multilink connection has come up; the first one comes with CONNECTED."""
    BANDWIDTH_REMOVED = "bandwidth_removed"
    """A sub-entry has gone; the last one goes with DISCONNECTED."""


@dataclass(frozen=True, slots=True)
class ConnectionChange(Record):
    """A change of a connection: it came up, went, or changed its condition.

    Attributes:
        kind: The kind of the change.
        connection: The connection, as the object with which its coming was reported.
        at: The time when this process saw the change, in seconds since the epoch.
        sub_entry: The sub-entry that came or went, from 1; 0 for a change of the whole.
    """

    kind: ChangeKind
    connection: Connection
    at: float
    sub_entry: int = 0

    def __str__(self) -> str:
        link = f" (link {self.sub_entry})" if self.sub_entry else ""
        return f"{self.connection.entry} {self.kind.replace('_', ' ')}{link}"


class Watch:
    """The changes of the connections, as an asynchronous iterator; see :meth:`RasClient.watch`.

    Inside ``async with`` no change is missed from the entry on; iterated alone, the watch begins when the
    first change is awaited. The watch never ends by itself. Several tasks may iterate over it: each change
    goes to one of them. Canceling a task that waits loses no change.
    """

    def __init__(self, backend: Backend, existing: bool) -> None:
        self._backend = backend
        self._existing = existing
        self._lookout: Lookout | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listener: _Listener | None = None

    def __repr__(self) -> str:
        return f"<Watch {self._backend.name}{' simulated' if self._backend.simulated else ''}>"

    async def _started(self) -> _Listener:
        """Return the listener once it has the connections of the beginning."""
        if self._listener is None:
            self._loop = asyncio.get_running_loop()
            self._listener = _Listener(self._backend, self._existing)
            self._lookout = current_lookout(self._backend)
            self._lookout.add(self._listener)
        listener = self._listener
        while not listener.ready:
            await listener.wait()
        if listener.error is not None:
            self._end()
            raise listener.error
        return listener

    async def __aenter__(self) -> Self:
        try:
            await self._started()
        except BaseException:
            self._end()
            raise
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> ConnectionChange:
        """Return the next change.

        Raises:
            RasError: RAS could not list the connections at the beginning. A later failure is no error: RAS
                is asked again.
            BackendUnavailableError: The library cannot list connections.
            RuntimeError: The simulator was closed.
        """
        while True:
            listener = await self._started()
            if listener.changes:
                return listener.changes.popleft()
            if listener.closed:
                raise StopAsyncIteration
            await listener.wait()

    async def aclose(self) -> None:
        """End the watch: a task that waits for a change sees the end of the iteration. Raises nothing."""
        self._end()

    def _end(self) -> None:
        if self._listener is None:
            self._listener = _Listener(self._backend, self._existing)
        self._listener.close()
        found, self._lookout = self._lookout, None
        if found is not None:
            found.remove(self._listener)

    def __del__(self) -> None:
        found, loop = getattr(self, "_lookout", None), getattr(self, "_loop", None)
        if found is None or loop is None or self._listener is None:
            return
        if on_loop(loop) or not post(loop, found.remove, self._listener):
            found.remove(self._listener)  # a closed loop runs no callback


class _Known(NamedTuple):
    """A connection that was up when RAS was last asked."""

    connection: Connection
    info: ConnectionInfo
    condition: Condition


class _Listener:
    """Compares two lists of connections. It holds no reference to its Watch, so a dropped Watch ends."""

    closely = True

    def __init__(self, backend: Backend, existing: bool) -> None:
        self._backend = backend
        self._known: dict[int, _Known] | None = {} if existing else None
        self._waiting = asyncio.Event()
        self.changes: deque[ConnectionChange] = deque()
        self.error: Exception | None = None
        self.ready = False
        self.closed = False

    async def wait(self) -> None:
        self._waiting.clear()
        await self._waiting.wait()

    def on_look(self, found: Found, at: float) -> None:
        if self._known is None:
            self._known = {seen.info.handle: self._meet(seen) for seen in found}
        else:
            self._compare(self._known, found, at)
        self.ready = True
        set_event(self._waiting)

    def _meet(self, seen: Seen) -> _Known:
        return _Known(Connection(self._backend, seen.handle, seen.info), seen.info, seen.condition)

    def _compare(self, known: dict[int, _Known], found: Found, at: float) -> None:
        now = {seen.info.handle: seen for seen in found}
        for handle, old in list(known.items()):
            if handle not in now or not _same(old.connection, old.info, now[handle].info):
                del known[handle]
                self.changes.append(ConnectionChange(ChangeKind.DISCONNECTED, old.connection, at))
        for handle, seen in now.items():
            if handle in known:
                old = known[handle]
                known[handle] = old._replace(condition=seen.condition)
                for kind, number in _differences(old.condition, seen.condition):
                    self.changes.append(ConnectionChange(kind, old.connection, at, number))
            else:
                known[handle] = self._meet(seen)
                self.changes.append(ConnectionChange(ChangeKind.CONNECTED, known[handle].connection, at))

    def on_error(self, error: Exception) -> None:
        if self.ready and isinstance(error, RasError):  # RAS may be restarting
            return
        self.error = error
        self.ready = True
        set_event(self._waiting)

    def close(self) -> None:
        self.closed = self.ready = True
        set_event(self._waiting)


def _differences(old: Condition, new: Condition) -> Iterator[tuple[ChangeKind, int]]:
    """Yield the changes of one connection, each with its sub-entry. The going comes first."""
    adrift = (ConnectionSubState.DORMANT, ConnectionSubState.RECONNECTING)
    for number, handle in old.sub_entries.items():
        if new.sub_entries.get(number) != handle:
            yield ChangeKind.BANDWIDTH_REMOVED, number
    for number, handle in new.sub_entries.items():
        if old.sub_entries.get(number) != handle:
            yield ChangeKind.BANDWIDTH_ADDED, number
    if new.sub_state == old.sub_state:
        return
    if new.sub_state == ConnectionSubState.DORMANT:
        yield ChangeKind.DORMANT, 0
    elif new.sub_state == ConnectionSubState.RECONNECTED or (
        old.sub_state in adrift and new.sub_state not in adrift
    ):
        yield ChangeKind.RECONNECTED, 0


def _same(connection: Connection, old: ConnectionInfo, new: ConnectionInfo) -> bool:
    """Tell whether both are one connection; without ids, a reuse of the handle by this process decides."""
    if not (old.correlation_id and new.correlation_id) and connection.ras_handle.gone:
        return False
    return same_connection(old, new)
