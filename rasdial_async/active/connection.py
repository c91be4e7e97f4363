"""A connection that is up: ask it, wait for its end, hang it up."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from .._native.records import ConnectionInfo, ConnectionStatistics, ConnectionStatus, IpProjection
from ..backends import Backend, EndWatch, IpAddress, RasHandle, Totals, is_over, wait_shielded
from ..errors import RasError, check_flag, check_number, check_timeout, gone_error
from ..errors.codes import (
    ERROR_PROJECTION_NOT_COMPLETE,
    ERROR_PROTOCOL_NOT_CONFIGURED,
    GONE,
)
from .sub_entry import SubEntry

_logger = logging.getLogger(__name__)

_NO_PROJECTION = (ERROR_PROJECTION_NOT_COMPLETE, ERROR_PROTOCOL_NOT_CONFIGURED)
_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.5


class Connection:
    """A connection of RAS. It belongs to the system and stays up until it is hung up, also past exit.

    ``async with connection`` hangs up at the end. Not made by hand: :func:`dial` and
    :func:`connections` return it.

    Attributes:
        handle: The HRASCONN.
        entry: Name of the phonebook entry; "." and the number where a number was dialed.
        phonebook: Path of its phonebook, "" where RAS did not report it.
        device_type: Such as "vpn".
        device_name: Such as "WAN Miniport (IKEv2)".
        guid: The entry's GUID, "" where RAS did not report it.
        luid: The logon that dialed the connection.
        sub_entry: A sub-entry that was up when RAS listed the connection, from 1; 0 = not reported.
        correlation_id: The GUID of this connection in the system's log.
        simulated: True without a real link.
        ras_handle: The life of the handle; for this package alone.
    """

    def __init__(self, backend: Backend, ras_handle: RasHandle, info: ConnectionInfo) -> None:
        self._backend = backend
        self._info = info if info.handle else replace(info, handle=ras_handle.value)
        self.ras_handle = ras_handle
        self._hanging_up: asyncio.Future[bool] | None = None
        self._totals = Totals()
        self.handle: int = ras_handle.value
        self.entry: str = info.entry
        self.phonebook: str = info.phonebook
        self.device_type: str = info.device_type
        self.device_name: str = info.device_name
        self.guid: str = info.guid
        self.luid: int = info.luid
        self.sub_entry: int = info.sub_entry
        self.correlation_id: str = info.correlation_id
        self.simulated: bool = backend.simulated

    def __repr__(self) -> str:
        state = "hung up" if self._hanging_up else "gone" if self.ras_handle.gone else "up"
        simulated = " simulated" if self.simulated else ""
        return f"<Connection {self.entry!r} handle={self.handle:#x} {state}{simulated}>"

    @property
    def is_up(self) -> bool:
        """The last that is known, without a call: False once it was hung up here, or RAS said it is gone."""
        return self._hanging_up is None and not self.ras_handle.gone

    def as_dict(self) -> dict[str, Any]:
        """Return the attributes that RAS listed, as values that ``json.dumps`` takes."""
        return self._info.as_dict()

    async def status(self) -> ConnectionStatus:
        """Return the current status (RasGetConnectStatus).

        Canceling changes nothing. Safe to call from several tasks.

        Raises:
            ConnectionGoneError: 6 ERROR_INVALID_HANDLE when the connection is gone.
        """
        self._check_up("RasGetConnectStatusW")
        return await self._backend.status(self.ras_handle)

    async def statistics(self) -> ConnectionStatistics:
        """Return RAS's counters of the connection, and their sums across wraps.

        For a multilink connection these are all sub-entries together. Canceling changes nothing; the totals
        may or may not have moved on. Safe to call from several tasks and threads.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetconnectionstatistics

        Returns:
            Bytes, frames and errors as unsigned 32-bit counters, the speed in bits per second, and in
            `total` the sums of this Connection object; see :class:`RunningTotals` for their limits.

        Raises:
            RasError: 6 ERROR_INVALID_HANDLE when the connection is gone, 668 ERROR_NO_CONNECTION when it
                is not up.
            BackendUnavailableError: The library or the backend has no statistics.
        """
        self._check_up("RasGetConnectionStatistics")
        return await self._backend.statistics(self.ras_handle, self._totals)

    async def clear_statistics(self) -> None:
        """Set RAS's counters to zero, for every program that reads them.

        The totals of this object are brought up to date first and go on from there. The totals of other
        objects and programs miss the traffic since their last call. Canceling does not stop the call.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasclearconnectionstatistics

        Raises:
            RasError: See :meth:`statistics`.
            BackendUnavailableError: See :meth:`statistics`.
        """
        self._check_up("RasClearConnectionStatistics")
        await self._backend.clear_statistics(self.ras_handle, self._totals)

    async def ip(self) -> IpProjection:
        """Return the IPv4 and IPv6 addresses of the connection, over PPP or IKEv2, and its login method.

        This calls RasGetProjectionInfoEx where the library has it, else RasGetProjectionInfo, which knows
        PPP only. A refused protocol is no error here: its addresses are None and `error` has the reason.
        Canceling changes nothing.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetprojectioninfoex

        Raises:
            RasError: 6 when the connection is gone; 730 ERROR_PROJECTION_NOT_COMPLETE or 731
                ERROR_PROTOCOL_NOT_CONFIGURED before the state PROJECTED, 731 also when no protocol was
                asked for.
            BackendUnavailableError: The library or the backend has no projection.
        """
        self._check_up("RasGetProjectionInfoEx")
        return await self._backend.ip(self.ras_handle)

    async def wait_ip(self) -> IpProjection:
        """Return the addresses as soon as there is one, IPv4 or IPv6.

        A connection that comes up may have no address for a moment. RAS has no event for that, so this asks
        RAS at growing intervals up to half a second. Bound it with `asyncio.timeout()`; canceling changes
        nothing.

        Raises:
            RasError: 6 when the connection is gone; or the reason for no address: it is connected, and
                neither IPv4 nor IPv6 was agreed on.
            BackendUnavailableError: See :meth:`ip`.
        """
        pause = _FIRST_PAUSE
        while True:
            connected = (await self.status()).connected
            try:
                found = await self.ip()
            except RasError as error:
                if error.code not in _NO_PROJECTION or connected:
                    raise
            else:
                if found.address is not None or found.ipv6_address is not None:
                    return found
                if connected and found.error and found.ipv6_error:
                    raise RasError(found.error, function="RasGetProjectionInfoEx")
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def sub_entries(self) -> list[SubEntry]:
        """Return the sub-entries of a multilink connection, in order, also those that are not up.

        Canceling changes nothing.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetsubentryhandlew

        Raises:
            RasError: 6 when the connection is gone.
            BackendUnavailableError: The library or the backend has no sub-entries.
        """
        self._check_up("RasGetSubEntryHandleW")
        handles = await self._backend.sub_entries(self.ras_handle)
        return [
            SubEntry(self._backend, self.ras_handle, number, handle)
            for number, handle in enumerate(handles, 1)
        ]

    async def move(
        self, *, local: str | None = None, remote: str | None = None, interface_index: int = 0
    ) -> None:
        """Move an IKEv2 tunnel to another address or interface, without dialing again (MOBIKE).

        RAS moves a tunnel by itself when the network changes; this asks RAS to. Without arguments the
        addresses stay. The documentation of RASUPDATECONN lists the combinations that RAS takes. A 32-bit
        process on 64-bit Windows cannot do it. Canceling does not stop the call.

        https://learn.microsoft.com/previous-versions/windows/desktop/legacy/dd408110(v=vs.85)

        Args:
            local: The new address of this end, IPv4 or IPv6; None = RAS's choice.
            remote: The new address of the server, one that it has reported; None = RAS's choice.
            interface_index: The interface to use; 0 = RAS's choice.

        Raises:
            RasError: 6 when the connection is gone; 837 where it is no IKEv2 tunnel; 838 while another move
                is under way; 843 where the entry or the server has MOBIKE off; 844 while it is not fully
                connected.
            BackendUnavailableError: The library or the backend cannot move connections.
            ValueError: An argument is no IP address; the message names it.
        """
        check_number("interface_index", interface_index)
        addresses = _ip_address("local", local), _ip_address("remote", remote)
        self._check_up("RasUpdateConnection")
        await self._backend.move(self.ras_handle, *addresses, interface_index)

    def _check_up(self, function: str) -> None:
        if self._hanging_up is not None:
            raise gone_error(function=function, entry=self.entry, phonebook=self.phonebook or None)

    async def hang_up(self, *, timeout: float = 10.0, all_references: bool = False) -> bool:
        """Hang up, and return when the port is released, so that the entry can be dialed again.

        A second call returns the result of the first one. If another dial of this process keeps the
        connection up, this returns as soon as its own reference is given back. Canceling the task does not
        cut the hang-up short: it ends, within `timeout`, and then CancelledError is raised.

        Args:
            timeout: Seconds to wait for the port at most.
            all_references: Take the references of other dials and programs too.

        Returns:
            False if the port was not released in time; a warning in the log says so too.

        Raises:
            RasError: RAS refuses to hang up, for example 753 without the permission. The connection is up
                as before; a later call tries again.
        """
        bound = check_timeout(timeout)
        if bound is None:
            raise TypeError("timeout must be a number of seconds, not None")
        check_flag("all_references", all_references)
        if self._hanging_up is None or _of_another_loop(self._hanging_up):
            self._hanging_up = self._backend.hang_up(self.ras_handle, bound, all_references)
        hanging_up = self._hanging_up
        try:
            released = await wait_shielded(hanging_up)
        except (RasError, asyncio.CancelledError) as error:
            refusal = hanging_up.exception()
            if refusal is not None and self._hanging_up is hanging_up:
                self._hanging_up = None  # it is up as before, and may be hung up again
            if refusal is not None and refusal is not error:
                _logger.warning("%s: could not be hung up: %s", self.entry, refusal)
            raise
        if not released:
            _logger.warning("%s: the port was not released within %g s", self.entry, bound)
        return released

    async def wait_disconnected(self) -> None:
        """Returns when the connection is gone, whoever ended it.

        RasConnectionNotification says when it is time to ask; every few seconds this asks by itself. Where
        there are no notifications, RAS is asked for the status at growing intervals up to a second. An error
        that may pass, 711 while RAS's service starts anew for instance, says nothing of the connection: it
        is asked again. Canceling changes nothing. Any number of tasks may wait; no thread does.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasconnectionnotificationw

        Raises:
            RasError: The status can't be asked, nor later.
        """
        end: EndWatch | None = None
        try:
            while end is None or not end.over:
                try:
                    if is_over(0, await self.status()):
                        return await self._wait_gone()
                except RasError as error:
                    if error.code in GONE:
                        return None
                    if not error.transient:
                        raise
                if end is None:
                    end = EndWatch(self._backend, self._info)
                await end.wait()
        finally:
            if end is not None:
                end.close()

    async def _wait_gone(self) -> None:
        """Wait until the handle of the disconnected connection is invalid, for a second at most."""
        with contextlib.suppress(TimeoutError, RasError):
            async with asyncio.timeout(1.0):
                while True:
                    await asyncio.sleep(_FIRST_PAUSE)
                    await self.status()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(exc, GeneratorExit):  # the coroutine is closed with its loop: nothing can be awaited
            self._backend.abandon(self.ras_handle)
        else:
            await self.hang_up()


def _of_another_loop(future: asyncio.Future[bool]) -> bool:
    return not future.done() and future.get_loop() is not asyncio.get_running_loop()


def _ip_address(argument: str, address: object) -> IpAddress | None:
    if address is None:
        return None
    if not isinstance(address, str):
        raise TypeError(f"{argument} must be a str or None, not {type(address).__name__}")
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        raise ValueError(f"{argument} must be an IP address") from None
