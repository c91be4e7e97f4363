"""A backend: the verbs of RAS over one session. Each call of RAS runs on a thread of the package."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import TypeVar

from .._native.binding.countries import countries
from .._native.binding.devices import devices
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
    DialRequest,
    EntryName,
    IpProjection,
)
from ..errors import ConnectionSubState, RasError, gone_error
from ..errors.codes import E_INVALIDARG, ERROR_PORT_NOT_OPEN, GONE
from .autodial import AutoDial
from .base import Condition, DialListener, IpAddress
from .books import RasBooks
from .call import RasCall
from .change_signal import RasChangeSignal
from .handles import RasHandle
from .session import Session, living
from .totals import Totals

_T = TypeVar("_T")

_FIRST_PAUSE = 0.002
_LONGEST_PAUSE = 0.25


class Backend:
    """Dials over one library, on any number of loops.

    Attributes:
        session: What this process knows of the library.
        books: The verbs around phonebooks and stored credentials.
        autodial: The AutoDial database.
    """

    def __init__(self, session: Session) -> None:
        self.session: Session = session
        self.name: str = session.name
        self.simulated: bool = session.simulated
        self.books: RasBooks = RasBooks(session)
        self.autodial: AutoDial = AutoDial(session)

    @property
    def forked(self) -> bool:
        """True in a forked child: the backend belongs to the parent process."""
        return self.session.forked

    def error_hint(self, code: int) -> str | None:
        """The remedy for an error of this backend, where it is not the usual one."""
        return self.session.library.error_hint(code)

    # --- dialing ---

    def dial(
        self, request: DialRequest, listener: DialListener, loop: asyncio.AbstractEventLoop, attempt: int
    ) -> RasCall:
        """Begin to dial, as the attempt of that number, from 1; returns at once."""
        sweep_closed_loops()
        return RasCall(self.session, loop, request, listener, attempt)

    def sweep(self) -> None:
        """End the dials of loops that have closed. From any thread."""
        self.session.sweep()

    def abandon(self, handle: RasHandle) -> None:
        """Hang up a connection that nobody took, without a word to anybody. From any thread."""
        self.session.abandon(handle)

    def hang_up(self, handle: RasHandle, timeout: float, all_references: bool) -> asyncio.Future[bool]:
        """Give the reference back; the result says whether the release was seen within `timeout` seconds."""
        loop = asyncio.get_running_loop()
        result: asyncio.Future[bool] = loop.create_future()
        if handle.gone:
            result.set_result(True)
            return result
        self.session.check_open()
        result.add_done_callback(_look_at)
        self.session.run(
            lambda: self.session.hang_up(handle, timeout, all_references=all_references), loop, result
        )
        return result

    # --- lists ---

    async def connections(self) -> list[tuple[RasHandle, ConnectionInfo]]:
        """The connections that are up."""
        found = await self.session.call(self.session.library.up)
        return [(self.session.handles.listed(info), info) for info in found]

    async def entries(self, phonebook: str | None) -> list[EntryName]:
        def list_entries() -> list[EntryName]:
            self.session.prepare_phonebook(phonebook)
            return self.session.library.entries(phonebook)

        return await self.session.call(list_entries)

    async def devices(self) -> list[Device]:
        return await self.session.call(lambda: devices(self.session.library))

    async def countries(self) -> list[Country]:
        return await self.session.call(lambda: countries(self.session.library))

    # --- one connection ---

    async def status(self, handle: RasHandle) -> ConnectionStatus:
        if not handle.gone:
            code, status = await self.session.call(lambda: self.session.library.status(handle.value))
            if handle.gone:  # meanwhile RAS gave the value to another dial
                code, status = GONE[0], None
            if status is not None:
                return status
            if code not in GONE:
                raise self.session.library.error(code, "RasGetConnectStatusW")
            self.session.handles.end(handle)
        raise gone_error(function="RasGetConnectStatusW")

    async def statistics(self, handle: RasHandle, totals: Totals, number: int = 0) -> ConnectionStatistics:
        """RAS's counters of one sub-entry, from 1; 0 = of all together."""
        function = "RasGetLinkStatistics" if number else "RasGetConnectionStatistics"
        return await self._ask(handle, function, lambda: totals.read(lambda: self._counters(handle, number)))

    async def clear_statistics(self, handle: RasHandle, totals: Totals, number: int = 0) -> None:
        function = "RasClearLinkStatistics" if number else "RasClearConnectionStatistics"

        def clear() -> None:
            code = clear_statistics(self.session.library, handle.value, number)
            if code != 0:
                raise self.session.library.error(code, function)

        await self._ask(handle, function, lambda: totals.clear(lambda: self._counters(handle, number), clear))

    def _counters(self, handle: RasHandle, number: int) -> Counters:
        """Raises 6 where the handle is what E_INVALIDARG is about."""
        code, counters = statistics(self.session.library, handle.value, number)
        if code == E_INVALIDARG and self.session.has("RasGetConnectStatusW"):
            status_code, _ = self.session.library.status(handle.value)
            if status_code in GONE:
                code = status_code
        if code != 0 or handle.gone:  # gone: meanwhile RAS gave the handle to another dial
            function = "RasGetLinkStatistics" if number else "RasGetConnectionStatistics"
            raise self.session.library.error(code or GONE[0], function)
        return counters

    async def ip(self, handle: RasHandle) -> IpProjection:
        extended = self.session.has("RasGetProjectionInfoEx")
        function = "RasGetProjectionInfoEx" if extended else "RasGetProjectionInfoW"

        def ask() -> IpProjection:
            code, found = projection(self.session.library, handle.value)
            if code != 0:
                raise self.session.library.error(code, function)
            return found

        return await self._ask(handle, function, ask)

    # --- sub-entries: the single links of a multilink connection ---

    async def sub_entries(self, handle: RasHandle) -> list[int | None]:
        """The handle of each sub-entry of a multilink connection, in order; None = that one is not up."""
        return await self._ask(
            handle,
            "RasGetSubEntryHandleW",
            lambda: sub_entry_handles(self.session.library, handle.value),
        )

    async def sub_entry_status(self, handle: RasHandle, number: int) -> ConnectionStatus:
        """RAS's status of one sub-entry, from 1."""
        function = "RasGetSubEntryHandleW"

        def ask() -> ConnectionStatus:
            code, sub_entry = sub_entry_handle(self.session.library, handle.value, number)
            if code != 0:
                raise self.session.library.error(code, function)
            code, status = self.session.library.status(sub_entry)
            if status is None:
                raise self.session.library.error(code, "RasGetConnectStatusW")
            return status

        return await self._ask(handle, function, ask)

    async def hang_up_sub_entry(self, handle: RasHandle, number: int, timeout: float) -> bool:
        """End one sub-entry; the result says whether it ended within `timeout` seconds.

        RAS's status poll does not tell the end of one: its handle may stay valid for ever
        (https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rashangupw). So its handle is asked for.
        """

        def hang_up() -> bool:
            deadline = time.monotonic() + timeout
            pause = _FIRST_PAUSE
            code, sub_entry = sub_entry_handle(self.session.library, handle.value, number)
            if code == 0:
                code = self.session.library.hang_up(sub_entry)
            while code == 0:
                if sub_entry_handle(self.session.library, handle.value, number) != (0, sub_entry):
                    break
                now = time.monotonic()
                if now >= deadline:
                    return False
                time.sleep(min(pause, deadline - now))
                pause = min(2 * pause, _LONGEST_PAUSE)
            if code not in (0, *GONE, ERROR_PORT_NOT_OPEN):
                raise self.session.library.error(code, "RasHangUpW")
            return True

        return True if handle.gone else await self.session.call(hang_up)

    async def conditions(self, found: list[tuple[RasHandle, ConnectionInfo]]) -> list[Condition]:
        """The condition of each of these connections, as far as RAS tells."""
        return await self.session.call(lambda: [self._condition(handle, info) for handle, info in found])

    def _condition(self, handle: RasHandle, info: ConnectionInfo) -> Condition:
        """RASCONN names a sub-entry that is up, also where there is only one
        (https://learn.microsoft.com/windows/win32/api/ras/ns-ras-rasconnw, dwSubEntry). A single one
        comes and goes with its connection, so it is none here."""
        status, sub_entries = None, []
        if self.session.has("RasGetConnectStatusW"):
            _, status = self.session.library.status(handle.value)
        if info.sub_entry and self.session.has("RasGetSubEntryHandleW"):
            with contextlib.suppress(RasError):  # it is going: the next look tells
                sub_entries = sub_entry_handles(self.session.library, handle.value)
        if len(sub_entries) == 1:
            sub_entries = []
        return Condition(
            ConnectionSubState.NONE if status is None else status.sub_state,
            {number: one for number, one in enumerate(sub_entries, 1) if one is not None},
        )

    async def move(
        self, handle: RasHandle, local: IpAddress | None, remote: IpAddress | None, interface_index: int
    ) -> None:
        """Give an IKEv2 tunnel other end points; None and 0 = as RAS chooses."""

        def move() -> None:
            code = update_connection(self.session.library, handle.value, local, remote, interface_index)
            if code != 0:
                raise self.session.library.error(code, "RasUpdateConnection")

        await self._ask(handle, "RasUpdateConnection", move)

    def change_signal(
        self, loop: asyncio.AbstractEventLoop, wake: Callable[[], object]
    ) -> RasChangeSignal | None:
        """Call `wake` on the loop when connections have come or gone; None = there is no such signal."""
        if not self.session.has("RasConnectionNotificationW"):
            return None
        return RasChangeSignal.open(self.session, loop, wake)

    async def _ask(self, handle: RasHandle, function: str, ask: Callable[[], _T]) -> _T:
        """A call about one connection: one that is gone answers 6, also when RAS uses its handle again."""
        if not handle.gone:
            try:
                answer = await self.session.call(ask)
            except RasError as error:
                if error.code in GONE and not handle.gone and await self._is_over(handle):
                    self.session.handles.end(handle)
                    raise gone_error(code=error.code, function=error.function) from error
                raise
            if not handle.gone:
                return answer
        raise gone_error(function=function)

    async def _is_over(self, handle: RasHandle) -> bool:
        """668 may mean one link of several; 6 is about the handle."""
        if not self.session.has("RasGetConnectStatusW"):
            return False
        code, _ = await self.session.call(lambda: self.session.library.status(handle.value))
        return code in GONE


def _look_at(result: asyncio.Future[bool]) -> None:
    """Whoever waits may be gone with its loop by then, and asyncio would log that nobody looked."""
    if not result.cancelled():
        result.exception()


def sweep_closed_loops() -> None:
    """asyncio tells nobody that a loop has closed; so this is asked at every dial, drop and exit."""
    for session in living.copy():
        session.sweep()
