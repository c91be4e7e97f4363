"""A connection that is up: ask it, wait for its end, hang it up."""

from __future__ import annotations

import asyncio
import logging
from types import TracebackType
from typing import Self

from ._request import check_timeout
from ._shield import wait_shielded
from .backends.base import Backend, Link
from .errors import RasError
from .events import ConnectionInfo, ConnectionStatus

_logger = logging.getLogger(__name__)

ERROR_INVALID_HANDLE = 6
ERROR_NO_CONNECTION = 668
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0


class Connection:
    """A connection of RAS. It belongs to the system: it stays up until it is hung up, past exit too.

    ``async with connection`` hangs it up at the end. Not made by hand: :func:`dial` and
    :func:`connections` return it.

    Attributes:
        handle: The HRASCONN.
        entry: Name of the phonebook entry; "." and the number where a number was dialed.
        phonebook: Path of its phonebook, "" where RAS did not say.
        device_type: Such as "vpn".
        device_name: Such as "WAN Miniport (IKEv2)".
        guid: The entry's GUID, "" where RAS did not say.
        luid: The logon that dialed it.
        sub_entry: The link of a multilink entry, from 1; 0 = the whole.
        correlation_id: The GUID that the system's log has for this connection.
        simulated: No real link stands behind it.
        link: What this process knows of the handle; for the rooms of this package.
    """

    def __init__(self, backend: Backend, link: Link, info: ConnectionInfo) -> None:
        self._backend = backend
        self.link = link
        self._hanging_up: asyncio.Future[bool] | None = None
        self.handle = link.handle
        self.entry = info.entry
        self.phonebook = info.phonebook
        self.device_type = info.device_type
        self.device_name = info.device_name
        self.guid = info.guid
        self.luid = info.luid
        self.sub_entry = info.sub_entry
        self.correlation_id = info.correlation_id
        self.simulated = backend.simulated

    def __repr__(self) -> str:
        state = "hung up" if self._hanging_up else "gone" if self.link.gone else "up"
        simulated = " simulated" if self.simulated else ""
        return f"<Connection {self.entry!r} handle={self.handle:#x} {state}{simulated}>"

    async def status(self) -> ConnectionStatus:
        """What RasGetConnectStatus tells now.

        Cancelling it changes nothing. Safe to call from several tasks.

        Raises:
            RasError: 6 ERROR_INVALID_HANDLE when the connection is gone.
        """
        if self._hanging_up is not None:
            raise RasError(ERROR_INVALID_HANDLE, function="RasGetConnectStatusW")
        return await self._backend.status(self.link)

    async def hang_up(self, *, timeout: float = 10.0, all_references: bool = False) -> bool:
        """Hangs up and returns when the port is released, so that the entry can be dialed again.

        A second call returns what the first one did. Where another dial of the same connection keeps it
        up, this returns as soon as its own reference is given back. Cancelling the task does not cut it
        short: it ends, within `timeout`, and then raises CancelledError.

        Args:
            timeout: Seconds to wait for the port at most.
            all_references: Take the references of other dials and programs too.

        Returns:
            False if the port was not released in time; that is logged as a warning too.

        Raises:
            RasError: RAS refuses to hang up, for example 753 without the permission. The connection is up
                as before; a later call tries again.
        """
        bound = check_timeout(timeout)
        if bound is None:
            raise TypeError("timeout must be a number of seconds, not None")
        if self._hanging_up is None or _of_another_loop(self._hanging_up):
            self._hanging_up = self._backend.hang_up(self.link, bound, all_references)
        hanging_up = self._hanging_up
        try:
            released = await wait_shielded(hanging_up)
        except RasError:
            if self._hanging_up is hanging_up:  # it is up as before, and may be hung up again
                self._hanging_up = None
            raise
        if not released:
            _logger.warning("%s: the port was not released within %g s", self.entry, bound)
        return released

    async def wait_disconnected(self) -> None:
        """Returns when the connection is gone, whoever ended it.

        RAS is asked for the status, at growing intervals up to a second. Cancelling it changes nothing.

        Raises:
            RasError: The status can't be asked.
        """
        pause = _FIRST_PAUSE
        while True:
            try:
                await self.status()
            except RasError as error:
                if error.code in (ERROR_INVALID_HANDLE, ERROR_NO_CONNECTION):
                    return
                raise
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.hang_up()


def _of_another_loop(future: asyncio.Future[bool]) -> bool:
    return not future.done() and future.get_loop() is not asyncio.get_running_loop()
