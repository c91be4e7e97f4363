"""The verbs around phonebooks and stored credentials, over a table of RAS functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from .._native.binding import credentials as stored, devices, eap, entries, sub_entries
from .._native.records import CredentialKind, Credentials, EapIdentity, EapOptions, Entry, EntryLink, Resume
from ..errors import PhonebookError, RasError
from ..errors.codes import ERROR_CANNOT_WRITE_PHONEBOOK as CANNOT_WRITE
from .session import Session

_T = TypeVar("_T")


class RasBooks:
    """Each verb is one job on a thread of the package; canceling does not stop it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, phonebook: str | None, name: str) -> Entry:
        return await self._call(phonebook, lambda: entries.read_entry(self._session.library, phonebook, name))

    async def create(self, phonebook: str | None, entry: Entry, links: Sequence[EntryLink]) -> Entry:
        def create() -> Entry:
            library = self._session.library
            entries.validate_name(library, phonebook, entry.name)
            if entry.links > 1 and not links:
                raise PhonebookError(
                    CANNOT_WRITE, message=f"the {entry.links} links of the entry are not given"
                )
            image = entries.without_guid(entry.image) or entries.default_image(library, phonebook)
            complete = devices.with_device(library, phonebook, entry)
            entries.write_entry(library, phonebook, complete, image)
            try:
                if links:
                    sub_entries.write_sub_entries(library, phonebook, entry.name, links)
                self._set_key(phonebook, entry)
            except RasError:  # an entry without its links or its key is not what was asked for
                entries.delete_entry(library, phonebook, entry.name)
                raise
            return entries.read_entry(library, phonebook, entry.name)

        return await self._call(phonebook, create)

    async def update(self, phonebook: str | None, entry: Entry, force: bool) -> Entry:
        def update() -> Entry:
            library = self._session.library
            image = entries.read_image(library, phonebook, entry.name)
            if not force:
                entries.refuse_connected(library, phonebook, entry.name, image)
            complete = devices.with_device(library, phonebook, entry)
            entries.write_entry(library, phonebook, complete, image)
            self._set_key(phonebook, entry)
            return entries.read_entry(library, phonebook, entry.name)

        return await self._call(phonebook, update)

    async def links(self, phonebook: str | None, name: str) -> list[EntryLink]:
        library = self._session.library
        return await self._call(phonebook, lambda: sub_entries.read_sub_entries(library, phonebook, name))

    async def set_links(
        self, phonebook: str | None, name: str, links: Sequence[EntryLink], force: bool
    ) -> None:
        def set_links() -> None:
            library = self._session.library
            if not force:
                image = entries.read_image(library, phonebook, name)
                entries.refuse_connected(library, phonebook, name, image)
            sub_entries.write_sub_entries(library, phonebook, name, links)

        await self._call(phonebook, set_links)

    async def delete(self, phonebook: str | None, name: str) -> None:
        await self._call(phonebook, lambda: entries.delete_entry(self._session.library, phonebook, name))

    async def rename(self, phonebook: str | None, old: str, new: str) -> None:
        await self._call(phonebook, lambda: entries.rename_entry(self._session.library, phonebook, old, new))

    async def validate(self, phonebook: str | None, name: str) -> None:
        await self._call(phonebook, lambda: entries.validate_name(self._session.library, phonebook, name))

    async def get_credentials(
        self, phonebook: str | None, entry: str, kind: CredentialKind
    ) -> Credentials | None:
        return await self._call(
            phonebook, lambda: stored.get_credentials(self._session.library, phonebook, entry, kind)
        )

    async def set_credentials(
        self, phonebook: str | None, entry: str, kind: CredentialKind, credentials: Credentials | None
    ) -> None:
        library = self._session.library
        await self._call(
            phonebook, lambda: stored.set_credentials(library, phonebook, entry, kind, credentials)
        )

    async def save_login(self, phonebook: str | None, entry: str, login: Resume) -> None:
        await self._call(phonebook, lambda: stored.save_login(self._session.library, phonebook, entry, login))

    async def eap_identity(
        self, phonebook: str | None, entry: str, options: EapOptions, window: int
    ) -> EapIdentity | None:
        library = self._session.library
        return await self._call(
            phonebook, lambda: eap.eap_identity(library, phonebook, entry, options, window)
        )

    async def get_eap_user_data(self, phonebook: str | None, entry: str) -> bytes:
        return await self._call(
            phonebook, lambda: eap.get_eap_user_data(self._session.library, phonebook, entry)
        )

    async def set_eap_user_data(self, phonebook: str | None, entry: str, data: bytes) -> None:
        await self._call(
            phonebook, lambda: eap.set_eap_user_data(self._session.library, phonebook, entry, data)
        )

    async def get_custom_auth_data(self, phonebook: str | None, entry: str) -> bytes:
        return await self._call(
            phonebook, lambda: eap.get_custom_auth_data(self._session.library, phonebook, entry)
        )

    async def set_custom_auth_data(self, phonebook: str | None, entry: str, data: bytes) -> None:
        await self._call(
            phonebook, lambda: eap.set_custom_auth_data(self._session.library, phonebook, entry, data)
        )

    def _set_key(self, phonebook: str | None, entry: Entry) -> None:
        if entry.pre_shared_key:
            key = Credentials(password=entry.pre_shared_key)
            kind = CredentialKind.PRE_SHARED_KEY
            stored.set_credentials(self._session.library, phonebook, entry.name, kind, key)

    async def _call(self, phonebook: str | None, function: Callable[[], _T]) -> _T:
        def prepared() -> _T:
            self._session.prepare_phonebook(phonebook)
            return function()

        return await self._session.call(prepared)
