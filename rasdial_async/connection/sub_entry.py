"""One link of a multilink connection."""

from __future__ import annotations

import asyncio

from .._native.records import ConnectionStatistics, ConnectionStatus
from ..backends import Backend, Link, Totals, wait_shielded
from ..errors import check_timeout


class SubEntry:
    """A link of a multilink connection, as it was when :meth:`Connection.sub_entries` listed it.

    Attributes:
        number: Its number in the entry, from 1.
        handle: Its own HRASCONN; None = it was not up.
        up: It was up.
    """

    def __init__(self, backend: Backend, connection: Link, number: int, handle: int | None) -> None:
        self._backend = backend
        self._connection = connection
        self._totals = Totals()
        self.number = number
        self.handle = handle
        self.up: bool = handle is not None

    def __repr__(self) -> str:
        return f"<SubEntry {self.number} {'up' if self.up else 'not up'}>"

    async def status(self) -> ConnectionStatus:
        """What RasGetConnectStatus tells of this link now. Cancelling it changes nothing.

        Its handle is asked for first: RAS may answer for the handle of a link that has ended
        (https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetsubentryhandlew).

        Raises:
            RasError: 618 ERROR_PORT_NOT_OPEN when it is not up; 6 ERROR_INVALID_HANDLE when the connection is
                gone.
        """
        return await self._backend.sub_entry_status(self._connection, self.number)

    async def statistics(self) -> ConnectionStatistics:
        """As :meth:`Connection.statistics`, of this link; cancelling it changes nothing.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetlinkstatistics

        Raises:
            RasError: 6 when the connection is gone, 668 when this link is not up.
        """
        return await self._backend.statistics(self._connection, self._totals, self.number)

    async def clear_statistics(self) -> None:
        """As :meth:`Connection.clear_statistics`, of this link; cancelling does not stop it.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasclearlinkstatistics

        Raises:
            RasError: See :meth:`statistics`.
        """
        await self._backend.clear_statistics(self._connection, self._totals, self.number)

    async def hang_up(self, *, timeout: float = 10.0) -> bool:
        """Hangs up this link; the connection goes on over the others. One that is not up is no error.

        Cancelling the task does not cut it short: it ends, within `timeout`, and then raises
        CancelledError.

        Args:
            timeout: Seconds to wait at most until RAS says that the link is not up any more.

        Returns:
            False if it was still up then.

        Raises:
            RasError: RAS refuses to hang up.
        """
        bound = check_timeout(timeout)
        if bound is None:
            raise TypeError("timeout must be a number of seconds, not None")
        hanging_up = self._backend.hang_up_sub_entry(self._connection, self.number, bound)
        return await wait_shielded(asyncio.ensure_future(hanging_up))
