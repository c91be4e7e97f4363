"""The logins that the far end of a simulated line accepts."""

from __future__ import annotations

import os

from .._native.binding import CallbackMode, Engine, EngineEap
from ..errors import check_number, check_phonebook, check_text

EAP_TLS = 13


class SimulatedLogins:
    """A base of :class:`Simulator`."""

    def _open(self) -> Engine:
        raise NotImplementedError

    def expire_password(self, name: str, *, phonebook: str | os.PathLike[str] | None = None) -> None:
        """Let the password expire: the next login must change it.

        Raises:
            RasError: 623: there is no such entry.
        """
        self._open().expire_password(check_phonebook(phonebook) or "", name)

    def set_callback(
        self, name: str, mode: CallbackMode, *, phonebook: str | os.PathLike[str] | None = None
    ) -> None:
        """Set whether, and how, the far end calls back after the login."""
        self._open().set_callback(check_phonebook(phonebook) or "", name, mode)

    def set_eap(
        self,
        name: str,
        *,
        username: str = "",
        data: bytes = b"",
        method: int = EAP_TLS,
        interactive: bool = False,
        window: bool = False,
        phonebook: str | os.PathLike[str] | None = None,
    ) -> None:
        """Make the entry log in by EAP: a dial needs an `EapIdentity`.

        Without one the dial fails with 703, with a wrong one with 691. A user name and a password are enough
        for MSCHAPv2.

        Args:
            name: Name of the entry.
            username: The user name of the identity.
            data: The data of the identity that the far end accepts; b"" = any.
            method: The EAP type, such as 13 (TLS), 25 (PEAP), 26 (MSCHAPv2); 0 = no EAP any more.
            interactive: RAS must ask a person for the identity: 703 where that is forbidden.
            window: The dial pauses in INVOKE_EAP_UI.
            phonebook: Where the entry is.

        Raises:
            RasError: 623: there is no such entry.
        """
        check_text("username", username)
        check_number("method", method)
        if not isinstance(data, bytes):
            raise TypeError(f"data must be bytes, not {type(data).__name__}")
        eap = EngineEap(method, username, data, interactive, window)
        self._open().set_eap(check_phonebook(phonebook) or "", name, eap)
