"""The connections and devices of the simulator."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable
from datetime import timedelta
from typing import TypedDict, Unpack

from .._native.binding import Engine, simulator_links as links
from .._native.records import Counters
from ..errors import ConnectionSubState, check_number, check_phonebook, check_text


class CounterArguments(TypedDict, total=False):
    """The counters of :class:`ConnectionStatistics`, as keyword arguments."""

    bytes_sent: int
    bytes_received: int
    frames_sent: int
    frames_received: int
    crc_errors: int
    timeout_errors: int
    alignment_errors: int
    hardware_overrun_errors: int
    framing_errors: int
    buffer_overrun_errors: int
    compression_in: int
    compression_out: int
    bps: int
    duration: timedelta


class SimulatedLinks:
    """A base of :class:`Simulator`."""

    def _open(self) -> Engine:
        raise NotImplementedError

    def add_link(
        self,
        name: str,
        device: str,
        *,
        device_type: str = "isdn",
        phone_number: str = "",
        phonebook: str | os.PathLike[str] | None = None,
    ) -> None:
        """Add a sub-entry to an entry: with two, a dial of the entry is a multilink one.

        Args:
            name: Name of the entry.
            device: The device of the sub-entry, such as "ISDN 1".
            device_type: Such as "isdn", "modem".
            phone_number: The number of the sub-entry.
            phonebook: Where the entry is.

        Raises:
            RasError: 623: no such entry.
        """
        for argument, value, limit in (
            ("device", device, 128),
            ("device_type", device_type, 16),
            ("phone_number", phone_number, 128),
        ):
            check_text(argument, value, limit)
        path = check_phonebook(phonebook) or ""
        links.add_link(self._open(), path, name, device_type, device, phone_number)

    def set_link(
        self, name: str, number: int, up: bool, *, phonebook: str | os.PathLike[str] | None = None
    ) -> None:
        """Bring a sub-entry (from 1) of a connection up, or let its line go dead.

        Raises:
            RasError: 623: no such entry; 668: it is not connected; 259: it has no such sub-entry; 618:
                the sub-entry is not up, is dialing, or has failed while the whole was dialed.
        """
        links.set_link(self._open(), check_phonebook(phonebook) or "", name, number, up)

    def set_statistics(
        self,
        name: str,
        *,
        link: int = 1,
        phonebook: str | os.PathLike[str] | None = None,
        **counters: Unpack[CounterArguments],
    ) -> None:
        """Set the counters of a connection; a counter that is left out is 0.

        Args:
            name: Name of its entry.
            link: The sub-entry, from 1.
            phonebook: Where the entry is.
            counters: The counters of :class:`ConnectionStatistics`, modulo 2^32.

        Raises:
            RasError: 623: no such entry; 668: it is not connected.
        """
        self._count(name, link, phonebook, counters, add=False)

    def advance(
        self,
        name: str,
        *,
        link: int = 1,
        phonebook: str | os.PathLike[str] | None = None,
        **counters: Unpack[CounterArguments],
    ) -> None:
        """Add to the counters of a connection; they wrap at 2^32. See :meth:`set_statistics`."""
        self._count(name, link, phonebook, counters, add=True)

    def _count(
        self,
        name: str,
        link: int,
        phonebook: str | os.PathLike[str] | None,
        arguments: CounterArguments,
        add: bool,
    ) -> None:
        check_number("link", link)
        numbers = {key: value for key, value in arguments.items() if isinstance(value, int)}
        milliseconds = arguments.get("duration", timedelta(0)) // timedelta(milliseconds=1)
        counters = Counters(**numbers)._replace(duration=milliseconds)
        links.set_statistics(self._open(), check_phonebook(phonebook) or "", name, link, counters, add)

    def set_substate(
        self,
        name: str,
        sub_state: ConnectionSubState,
        *,
        phonebook: str | os.PathLike[str] | None = None,
    ) -> None:
        """Let an IKEv2 connection lose its network, or move to another one.

        Raises:
            RasError: 623: no such entry; 668: it is not connected; 87: it is not IKEv2.
        """
        links.set_substate(self._open(), check_phonebook(phonebook) or "", name, int(sub_state))

    def set_addresses(
        self,
        name: str,
        addresses: Iterable[str],
        *,
        phonebook: str | os.PathLike[str] | None = None,
    ) -> None:
        """Set the addresses of the later connections of the entry.

        Each connection gets the next IPv4 and the next IPv6 address, and after the last the first again.

        Args:
            name: Name of the entry.
            addresses: IPv4 and IPv6 addresses; none = the usual ones.
            phonebook: Where the entry is.

        Raises:
            ValueError: One of them is no address.
            RasError: 623: no such entry.
        """
        if isinstance(addresses, str):
            raise TypeError("addresses must be several, such as a list, not one str")
        checked = [str(ipaddress.ip_address(address)) for address in addresses]
        self._open().set_addresses(check_phonebook(phonebook) or "", name, checked)

    def add_device(self, name: str, device_type: str) -> None:
        """Add a device; a modem has one port.

        Raises:
            RasError: 87: a name or type that is empty or too long.
        """
        links.set_device(self._open(), name, device_type, present=True)

    def remove_device(self, name: str) -> None:
        """Remove a device: it is not listed any more, and a dial on it fails with 633."""
        links.set_device(self._open(), name, "vpn", present=False)
