"""AutoDial: what the system dials by itself, over a table of RAS functions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from .._native.binding import autodial
from .._native.records import AutoDialEntry, AutoDialParameter
from ..errors import check_number, check_text
from .session import Session

_T = TypeVar("_T")
_LONGEST_ADDRESS = 1024  # no page has a limit; host names end at 253


class AutoDial:
    """The AutoDial database: which entry the system dials when an address can't be reached.

    `RasClient.autodial` gives it. Each verb is one call of RAS on a thread of the package; canceling
    leaves that to itself.

    An old feature: Microsoft's page tells how it works in Windows NT 4, 2000 and XP, and of nothing later
    (https://learn.microsoft.com/windows/win32/rras/ras-autodial). These functions only keep the settings,
    and nobody has tried on today's Windows whether anything dials by them; the simulator never does. The
    VPN triggers of Windows 10 (`Add-VpnConnectionTriggerApplication`) are another thing, which RAS's
    functions do not reach.

    Errors that any verb may raise: BackendUnavailableError where the library has no such function; RasError
    with any code of raserror.h or winerror.h.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    async def addresses(self) -> list[str]:
        """The addresses in the database: IP addresses, host names, NetBIOS names.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasenumautodialaddressesw

        Raises:
            RasError: RAS can't list them.
        """
        return await self._session.call(lambda: autodial.addresses(self._session.library))

    async def get(self, address: str | None) -> list[AutoDialEntry]:
        """Return the entries that are dialed to reach an address, one for each dialing location; [] = none.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetautodialaddressw

        Args:
            address: As `addresses` gives it. None = the default Internet connection; the page says that
                and, a few lines below, that RAS answers it with 87.

        Raises:
            RasError: 87: RAS does not take the address.
        """
        _check_address(address)
        return await self._session.call(lambda: autodial.entries(self._session.library, address))

    async def set(self, address: str | None, entries: Iterable[AutoDialEntry]) -> None:
        """Sets what is dialed to reach an address, in the place of what was set; nothing takes it out.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rassetautodialaddressw

        Args:
            address: An IP address, host name or NetBIOS name; None = the default Internet connection, as at
                `get`.
            entries: One for each dialing location.

        Raises:
            PhonebookError: 623: there is no such phonebook entry.
            RasError: 87: RAS does not take the address.
        """
        _check_address(address)
        given = tuple(entries)
        for entry in given:
            if not isinstance(entry, AutoDialEntry):
                raise TypeError(f"entries must hold AutoDialEntry, not {type(entry).__name__}")
            check_text("entry", entry.entry, 256)
            check_number("location", entry.location)
        if address is None and not given:  # the page wants "" where a default is to go
            address = ""
        await self._session.call(lambda: autodial.set_entries(self._session.library, address, given))

    async def is_enabled(self, location: int) -> bool:
        """Tell whether AutoDial is on at a TAPI dialing location.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetautodialenablew
        """
        check_number("location", location)
        return await self._session.call(lambda: autodial.is_enabled(self._session.library, location))

    async def enable(self, location: int, enabled: bool = True) -> None:
        """Switches AutoDial on or off at a TAPI dialing location.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rassetautodialenablew
        """
        check_number("location", location)
        await self._session.call(lambda: autodial.enable(self._session.library, location, bool(enabled)))

    async def get_parameter(self, parameter: AutoDialParameter) -> int:
        """Return one setting of AutoDial as a whole.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetautodialparamw

        Raises:
            RasError: 87: RAS does not know the parameter.
        """
        check_number("parameter", parameter)
        return await self._session.call(lambda: autodial.parameter(self._session.library, parameter))

    async def set_parameter(self, parameter: AutoDialParameter, value: int) -> None:
        """Changes one setting of AutoDial as a whole.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rassetautodialparamw

        Raises:
            RasError: 87: RAS does not know the parameter, or does not take the value.
        """
        check_number("parameter", parameter)
        check_number("value", value)
        await self._session.call(lambda: autodial.set_parameter(self._session.library, parameter, value))


def _check_address(address: object) -> None:
    if address is None:
        return
    check_text("address", address, _LONGEST_ADDRESS)
    if not address:
        raise ValueError("address is empty: give an address, or None for the default Internet connection")
