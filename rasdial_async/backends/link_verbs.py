"""What a RAS library tells of a connection beyond its status, and how it says that something changed."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import TypeVar

from .._native.binding.countries import countries
from .._native.binding.devices import devices
from .._native.binding.library import RasLibrary
from .._native.binding.mobility import update_connection
from .._native.binding.projection import projection
from .._native.binding.statistics import clear_statistics, statistics
from .._native.binding.sub_entries import sub_entry_handle, sub_entry_handles
from .._native.records import (
    ConnectionInfo,
    ConnectionStatistics,
    ConnectionStatus,
    Counters,
    Country,
    Device,
    IpProjection,
)
from ..errors import ConnectionSubState, RasError
from ..errors.codes import E_INVALIDARG, ERROR_PORT_NOT_OPEN, GONE
from .base import Backend, ChangeSignal, Condition, IpAddress, Link
from .change_signal import RasChangeSignal
from .totals import Totals

_T = TypeVar("_T")

_FIRST_PAUSE = 0.002
_LONGEST_PAUSE = 0.25


class RasLinkVerbs(Backend):
    """The part of RasBackend that asks about connections. Each call runs on a thread of the package."""

    library: RasLibrary

    async def _call(self, function: Callable[[], _T]) -> _T:
        raise NotImplementedError

    def _over(self, link: Link) -> None:
        """RAS does not know the connection any more."""
        raise NotImplementedError

    async def statistics(self, link: Link, totals: Totals, number: int = 0) -> ConnectionStatistics:
        function = "RasGetLinkStatistics" if number else "RasGetConnectionStatistics"
        return await self._ask(link, function, lambda: totals.read(lambda: self._counters(link, number)))

    async def clear_statistics(self, link: Link, totals: Totals, number: int = 0) -> None:
        function = "RasClearLinkStatistics" if number else "RasClearConnectionStatistics"

        def clear() -> None:
            code = clear_statistics(self.library, link.handle, number)
            if code != 0:
                raise self.library.error(code, function)

        await self._ask(link, function, lambda: totals.clear(lambda: self._counters(link, number), clear))

    def _counters(self, link: Link, number: int) -> Counters:
        """Raises 6 where the handle is what E_INVALIDARG is about."""
        code, counters = statistics(self.library, link.handle, number)
        if code == E_INVALIDARG and self.library.has("RasGetConnectStatusW"):
            status_code, _ = self.library.status(link.handle)
            if status_code in GONE:
                code = status_code
        if code != 0 or link.gone:  # gone: meanwhile RAS gave the handle to another dial
            function = "RasGetLinkStatistics" if number else "RasGetConnectionStatistics"
            raise self.library.error(code or GONE[0], function)
        return counters

    async def ip(self, link: Link) -> IpProjection:
        extended = self.library.has("RasGetProjectionInfoEx")
        function = "RasGetProjectionInfoEx" if extended else "RasGetProjectionInfoW"

        def ask() -> IpProjection:
            code, found = projection(self.library, link.handle)
            if code != 0:
                raise self.library.error(code, function)
            return found

        return await self._ask(link, function, ask)

    async def sub_entries(self, link: Link) -> list[int | None]:
        return await self._ask(
            link, "RasGetSubEntryHandleW", lambda: sub_entry_handles(self.library, link.handle)
        )

    async def conditions(self, found: list[tuple[Link, ConnectionInfo]]) -> list[Condition]:
        return await self._call(lambda: [self._condition(link, info) for link, info in found])

    def _condition(self, link: Link, info: ConnectionInfo) -> Condition:
        """RASCONN names a link that is up, also where there is only one
        (https://learn.microsoft.com/windows/win32/api/ras/ns-ras-rasconnw, dwSubEntry). A single link
        comes and goes with its connection, so it is none here."""
        status, handles = None, []
        if self.library.has("RasGetConnectStatusW"):
            _, status = self.library.status(link.handle)
        if info.sub_entry and self.library.has("RasGetSubEntryHandleW"):
            with contextlib.suppress(RasError):  # it is going: the next look tells
                handles = sub_entry_handles(self.library, link.handle)
        if len(handles) == 1:
            handles = []
        return Condition(
            ConnectionSubState.NONE if status is None else status.sub_state,
            {number: handle for number, handle in enumerate(handles, 1) if handle is not None},
        )

    async def sub_entry_status(self, link: Link, number: int) -> ConnectionStatus:
        function = "RasGetSubEntryHandleW"

        def ask() -> ConnectionStatus:
            code, handle = sub_entry_handle(self.library, link.handle, number)
            if code != 0:
                raise self.library.error(code, function)
            code, status = self.library.status(handle)
            if status is None:
                raise self.library.error(code, "RasGetConnectStatusW")
            return status

        return await self._ask(link, function, ask)

    async def hang_up_sub_entry(self, link: Link, number: int, timeout: float) -> bool:
        """RAS's status poll does not tell the end of one link: its handle may stay valid for ever
        (https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rashangupw). So its handle is asked for."""

        def hang_up() -> bool:
            deadline = time.monotonic() + timeout
            pause = _FIRST_PAUSE
            code, handle = sub_entry_handle(self.library, link.handle, number)
            if code == 0:
                code = self.library.hang_up(handle)
            while code == 0:
                if sub_entry_handle(self.library, link.handle, number) != (0, handle):
                    break
                now = time.monotonic()
                if now >= deadline:
                    return False
                time.sleep(min(pause, deadline - now))
                pause = min(2 * pause, _LONGEST_PAUSE)
            if code not in (0, *GONE, ERROR_PORT_NOT_OPEN):
                raise self.library.error(code, "RasHangUpW")
            return True

        return True if link.gone else await self._call(hang_up)

    async def move(
        self, link: Link, local: IpAddress | None, remote: IpAddress | None, interface_index: int
    ) -> None:
        def move() -> None:
            code = update_connection(self.library, link.handle, local, remote, interface_index)
            if code != 0:
                raise self.library.error(code, "RasUpdateConnection")

        await self._ask(link, "RasUpdateConnection", move)

    async def devices(self) -> list[Device]:
        return await self._call(lambda: devices(self.library))

    async def countries(self) -> list[Country]:
        return await self._call(lambda: countries(self.library))

    def change_signal(
        self, loop: asyncio.AbstractEventLoop, wake: Callable[[], object]
    ) -> ChangeSignal | None:
        if not self.library.has("RasConnectionNotificationW"):
            return None
        return RasChangeSignal.open(self.library, loop, wake, self._call, self._forget_event)

    def _forget_event(self, event: int) -> bool:
        """Ends what is registered for an event, and says whether it could: RAS itself has no way to."""
        return False

    async def _ask(self, link: Link, function: str, ask: Callable[[], _T]) -> _T:
        """A call about one connection: what is gone answers 6, also when RAS uses its handle again."""
        if not link.gone:
            try:
                answer = await self._call(ask)
            except RasError as error:
                if error.code in GONE and not link.gone and await self._is_over(link):
                    self._over(link)
                raise
            if not link.gone:
                return answer
        raise RasError(GONE[0], function=function)

    async def _is_over(self, link: Link) -> bool:
        """668 may mean one link of several; 6 is about the handle."""
        if not self.library.has("RasGetConnectStatusW"):
            return False
        code, _ = await self._call(lambda: self.library.status(link.handle))
        return code in GONE
