"""The part of RasClient that reads and writes what RAS has stored for an entry."""

from __future__ import annotations

import os

from ._request import check_phonebook, check_stored
from .backends.base import Backend
from .credentials import CredentialKind, Credentials


class CredentialVerbs:
    """A base of :class:`RasClient`. Each verb is one call on a thread of the package.

    Cancelling a task that waits for one leaves the call to itself.
    """

    backend: Backend

    async def get_credentials(
        self,
        entry: str,
        *,
        phonebook: str | os.PathLike[str] | None = None,
        kind: CredentialKind = CredentialKind.USER,
    ) -> Credentials | None:
        """What RAS has stored for an entry (RasGetCredentials); None = nothing.

        The password is a :class:`StoredPassword`: a stand-in that can be dialed with and stored again.

        Args:
            entry: Name of the entry.
            phonebook: Path of the .pbk file; None = the default phonebooks.
            kind: Whose credentials, or which key; a key comes as the password.

        Raises:
            PhonebookError: 621 no such phonebook, 623 no such entry.
            RasError: RAS does not tell.
            BackendUnavailableError: It has no such function.
        """
        check_stored(entry, kind)
        return await self.backend.books.get_credentials(check_phonebook(phonebook), entry, kind)

    async def set_credentials(
        self,
        entry: str,
        credentials: Credentials,
        *,
        phonebook: str | os.PathLike[str] | None = None,
        kind: CredentialKind = CredentialKind.USER,
    ) -> None:
        """Stores credentials or a key for an entry (RasSetCredentials). The buffer is wiped.

        Args:
            entry: Name of the entry.
            credentials: User name, password and domain; all three are stored. A StoredPassword leaves the
                stored password as it is. For a key: the password alone.
            phonebook: Path of the .pbk file; None = the default phonebooks.
            kind: Whose credentials, or which key.

        Raises:
            PhonebookError: 621: there is no such phonebook.
            RasError: 87: no such entry; 5: only an administrator may store keys and what is for all users.
            BackendUnavailableError: It has no such function.
            ValueError: A text that RAS can't take, or nothing to store.
        """
        check_stored(entry, kind, credentials)
        await self.backend.books.set_credentials(check_phonebook(phonebook), entry, kind, credentials)

    async def delete_credentials(
        self,
        entry: str,
        *,
        phonebook: str | os.PathLike[str] | None = None,
        kind: CredentialKind = CredentialKind.USER,
    ) -> None:
        """Forgets what is stored for an entry, if anything is; see :meth:`set_credentials`."""
        check_stored(entry, kind)
        await self.backend.books.set_credentials(check_phonebook(phonebook), entry, kind, None)
