"""One sub-entry of a multilink connection."""

from __future__ import annotations

import asyncio

from .._native.records import ConnectionStatistics, ConnectionStatus
from ..backends import Backend, RasHandle, Totals, wait_shielded
from ..errors import check_timeout


class SubEntry:
    """A sub-entry of a multilink connection, as :meth:`Connection.sub_entries` listed it.

    Attributes:
        number: Its number in the entry, from 1.
        handle: Its own HRASCONN; None = not up.
        up: True when it was up.
    """

    def __init__(self, backend: Backend, connection: RasHandle, number: int, handle: int | None) -> None:
        self._backend = backend
        self._connection = connection
        self._totals = Totals()
        self.number = number
        self.handle = handle
        self.up: bool = handle is not None

    def __repr__(self) -> str:
        return f"<SubEntry {self.number} {'up' if self.up else 'not up'}>"

    async def status(self) -> ConnectionStatus:
        """Return the current status of this sub-entry (RasGetConnectStatus). Canceling changes nothing.

        RAS is asked for the handle first, because it may answer for the handle of a sub-entry that has ended
        (https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetsubentryhandlew).

        Raises:
            RasError: 618 ERROR_PORT_NOT_OPEN when it is not up; 6 ERROR_INVALID_HANDLE when the connection is
                gone.
        """
        return await self._backend.sub_entry_status(self._connection, self.number)

    async def statistics(self) -> ConnectionStatistics:
        """Return the same as :meth:`Connection.statistics`, for this sub-entry. Canceling changes nothing.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetlinkstatistics

        Raises:
            RasError: 6 when the connection is gone, 668 when this sub-entry is not up.
        """
        return await self._backend.statistics(self._connection, self._totals, self.number)

    async def clear_statistics(self) -> None:
        """Clear the counters of this sub-entry. Canceling does not stop the call.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasclearlinkstatistics

        Raises:
            RasError: See :meth:`statistics`.
        """
        await self._backend.clear_statistics(self._connection, self._totals, self.number)

    async def hang_up(self, *, timeout: float = 10.0) -> bool:
        """Hang up this sub-entry; the connection goes on over the others. One that is not up is no error.

        Canceling the task does not cut the hang-up short: it ends, within `timeout`, and then CancelledError
        is raised.

        Args:
            timeout: Seconds to wait at most until RAS reports that the sub-entry is down.

        Returns:
            False if the sub-entry was still up then.

        Raises:
            RasError: RAS refuses to hang up.
        """
        bound = check_timeout(timeout)
        if bound is None:
            raise TypeError("timeout must be a number of seconds, not None")
        hanging_up = self._backend.hang_up_sub_entry(self._connection, self.number, bound)
        return await wait_shielded(asyncio.ensure_future(hanging_up))
