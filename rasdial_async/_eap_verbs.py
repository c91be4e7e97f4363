"""The part of RasClient that gets EAP identities, and reads and writes the data of EAP methods."""

from __future__ import annotations

import os

from ._request import check_number, check_phonebook, check_text
from .backends.base import Backend
from .eap import EapIdentity, EapOptions


class EapVerbs:
    """A base of :class:`RasClient`. Each verb is one call on a thread of the package.

    Cancelling a task that waits for one leaves the call to itself.
    """

    backend: Backend

    async def eap_identity(
        self,
        entry: str,
        *,
        phonebook: str | os.PathLike[str] | None = None,
        options: EapOptions = EapOptions.NON_INTERACTIVE,
        owner_window: int = 0,
    ) -> EapIdentity | None:
        """Who a dial of this entry says it is, for ``dial(eap=…)`` (RasGetEapUserIdentity).

        What RAS hands out is wiped and freed at once. None goes to ``dial`` as well as an identity does.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgeteapuseridentityw

        Args:
            entry: Name of the entry.
            phonebook: Path of the .pbk file; None = the default phonebooks.
            options: RASEAPF_* flags; by default nobody is asked. Without NON_INTERACTIVE RAS may open a
                window and wait for an answer.
            owner_window: HWND that owns such a window; 0 = none.

        Returns:
            The identity; None where the entry needs none (780).

        Raises:
            InteractionRequiredError: 703: a person has to be asked.
            PhonebookError: 621 no such phonebook, 623 no such entry.
            RasError: RAS does not tell, 711 while its service does not run for instance.
            BackendUnavailableError: It has no such function.
        """
        if not isinstance(options, EapOptions):
            raise TypeError(f"options must be EapOptions, not {type(options).__name__}")
        check_number("owner_window", owner_window, 0xFFFFFFFFFFFFFFFF)
        _check_entry(entry)
        return await self.backend.books.eap_identity(check_phonebook(phonebook), entry, options, owner_window)

    async def get_eap_user_data(
        self, entry: str, *, phonebook: str | os.PathLike[str] | None = None
    ) -> bytes:
        """What RAS keeps for the entry's EAP method and this user (RasGetEapUserData); b"" = nothing.

        Args:
            entry: Name of the entry.
            phonebook: Path of the .pbk file; None = the phonebook of all users here, by RAS's rule.

        Raises:
            PhonebookError: 621 no such phonebook, 623 no such entry.
            RasError: RAS does not tell.
            BackendUnavailableError: It has no such function.
        """
        _check_entry(entry)
        return await self.backend.books.get_eap_user_data(check_phonebook(phonebook), entry)

    async def set_eap_user_data(
        self, entry: str, data: bytes, *, phonebook: str | os.PathLike[str] | None = None
    ) -> None:
        """Stores it (RasSetEapUserData): at least one byte. See :meth:`get_eap_user_data`."""
        _check_entry(entry)
        _check_data(data)
        await self.backend.books.set_eap_user_data(check_phonebook(phonebook), entry, data)

    async def get_custom_auth_data(
        self, entry: str, *, phonebook: str | os.PathLike[str] | None = None
    ) -> bytes:
        """What RAS keeps for the entry's EAP method, whoever dials (RasGetCustomAuthData); b"" = nothing.

        Args, and errors, are those of :meth:`get_eap_user_data`.
        """
        _check_entry(entry)
        return await self.backend.books.get_custom_auth_data(check_phonebook(phonebook), entry)

    async def set_custom_auth_data(
        self, entry: str, data: bytes, *, phonebook: str | os.PathLike[str] | None = None
    ) -> None:
        """Stores it (RasSetCustomAuthData): at least one byte. Some EAP methods do not dial without.

        Raises:
            RasError: 5: only an administrator may, in a phonebook of all users; else see
                :meth:`get_eap_user_data`.
        """
        _check_entry(entry)
        _check_data(data)
        await self.backend.books.set_custom_auth_data(check_phonebook(phonebook), entry, data)


def _check_entry(entry: object) -> None:
    check_text("entry", entry)
    if not entry:
        raise ValueError("entry is empty")


def _check_data(data: object) -> None:
    if not isinstance(data, bytes):
        raise TypeError(f"data must be bytes, not {type(data).__name__}")
    if not data:
        raise ValueError("data is empty: RAS keeps one byte or more")
