"""Phonebook: entries read and written through RAS."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .._native.records import Entry, EntryLink, EntryName
from ..backends import Backend
from ..errors import PhonebookError, check_flag, check_phonebook, check_text
from ..errors.codes import ERROR_CANNOT_OPEN_PHONEBOOK as CANNOT_OPEN
from .choice import Choice, default_choice

if TYPE_CHECKING:
    from ..backends import RasBooks

_BELOW = ("Microsoft", "Network", "Connections", "Pbk", "rasphone.pbk")


class Phonebook:
    """One phonebook of a RAS; every verb goes through RAS's own functions.

    Each verb runs on a thread of the package. Canceling a task that waits for a verb does not stop the verb.

    Args:
        path: The .pbk file; None = the default phonebooks. `user_phonebook` and `all_users_phonebook`
            return the paths of Windows' two.
        backend: The backend of the phonebook; None = the default client's. `RasClient.phonebook` passes it.

    Any verb may raise PhonebookError 621 if the phonebook does not exist, RasError 5 if only an administrator
    may change it, and BackendUnavailableError if the library has no such function.
    """

    def __init__(
        self, path: str | os.PathLike[str] | None = None, *, backend: Backend | Choice | None = None
    ) -> None:
        self._path = check_phonebook(path)
        self._choice = Choice(backend) if isinstance(backend, Backend) else backend

    @property
    def path(self) -> str | None:
        """The file; None = the default phonebooks."""
        return self._path

    def __repr__(self) -> str:
        where = repr(self._path) if self._path else "default"
        simulated = " simulated" if self._choice is not None and self._choice.backend.simulated else ""
        return f"<Phonebook {where}{simulated}>"

    async def entries(self) -> list[EntryName]:
        """Return the names of its entries (RasEnumEntries).

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasenumentriesw
        """
        return await self._of().entries(self._path)

    async def get(self, name: str) -> Entry:
        """Return one entry (RasGetEntryProperties).

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetentrypropertiesw

        Raises:
            PhonebookError: 623 if there is no such entry.
        """
        _check_name("name", name)
        return await self._books().get(self._path, name)

    async def create(self, entry: Entry, *, links: Iterable[EntryLink] = ()) -> Entry:
        """Add an entry, and store its pre-shared key if it has one; return the entry as RAS keeps it.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rassetentrypropertiesw

        RAS fills in the settings without an attribute, or takes them from the entry that `entry` was read
        from.

        Args:
            entry: The entry.
            links: Each sub-entry of a multilink entry, the first one too.

        Raises:
            PhonebookError: 183 if the name is taken, 123 if RAS refuses the name, 624 for an entry that was
                read with several sub-entries, if `links` is empty.
            DeviceError: 608 if `entry` names no device and RAS has none of its type and protocol.
            RasError: 87 if the entry is not complete, for instance if its device does not exist here; 5 if
                the key may not be stored, and then no entry is left either.
        """
        _check_entry(entry)
        return await self._books().create(self._path, entry, _check_links(links))

    async def update(self, entry: Entry, *, force: bool = False) -> Entry:
        """Change the entry of that name, and its pre-shared key if it has one; return it as RAS keeps it.

        The entry is read again first. If `entry` was read from RAS, only its differences from that reading
        are written: changes of other programs stay, and so do settings without an attribute.

        Args:
            entry: The entry.
            force: Change the entry although it is connected. RAS may crash then.

        Raises:
            PhonebookError: 623 if there is no such entry; 624 if the entry is connected.
            RasError: 87 if RAS refuses a value.
        """
        _check_entry(entry)
        check_flag("force", force)
        return await self._books().update(self._path, entry, force)

    async def links(self, name: str) -> list[EntryLink]:
        """Return the sub-entries of a multilink entry, in order (RasGetSubEntryProperties); else none or one.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetsubentrypropertiesw

        Raises:
            PhonebookError: 623 if there is no such entry.
        """
        _check_name("name", name)
        return await self._books().links(self._path, name)

    async def set_links(self, name: str, links: Iterable[EntryLink], *, force: bool = False) -> None:
        """Replace the sub-entries of an entry: with two or more it is a multilink entry.

        RAS sets one after the other (RasSetSubEntryProperties), and deletes the surplus. If RAS refuses one,
        those before it are set.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rassetsubentrypropertiesw

        Args:
            name: Name of the entry.
            links: Its sub-entries, in order.
            force: Change the entry although it is connected. RAS may crash then.

        Raises:
            PhonebookError: 623 if there is no such entry; 624 if the entry is connected.
            RasError: 87 if RAS refuses one, for instance if its device does not exist here.
        """
        _check_name("name", name)
        check_flag("force", force)
        await self._books().set_links(self._path, name, _check_links(links), force)

    async def rename(self, old: str, new: str) -> None:
        """Rename an entry (RasRenameEntry).

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasrenameentryw

        Raises:
            PhonebookError: 623 if there is no entry `old`, 183 if `new` is taken, 123 for a bad name.
        """
        _check_name("old", old)
        _check_name("new", new)
        await self._books().rename(self._path, old, new)

    async def delete(self, name: str) -> None:
        """Delete an entry (RasDeleteEntry).

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasdeleteentryw

        Raises:
            PhonebookError: 123 if there is no such entry.
            RasError: 817 if it is connected.
        """
        _check_name("name", name)
        await self._books().delete(self._path, name)

    async def validate(self, name: str) -> None:
        """Check that a new entry can have this name (RasValidateEntryName).

        RAS takes at most 256 characters, at least one letter or digit, no dot in front and none of
        ``| > < ? * \\ / :`` (https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasvalidateentrynamew).

        Raises:
            PhonebookError: 123 if RAS refuses the name, 183 if there is an entry of that name.
        """
        _check_name("name", name)
        await self._books().validate(self._path, name)

    async def copy(self, name: str, new: str, *, to: Phonebook | None = None) -> Entry:
        """Copy an entry, without its stored credentials; return the copy.

        Args:
            name: The entry to copy.
            new: The name of the copy.
            to: The phonebook of the copy; None = this one.

        Raises:
            PhonebookError: As `get` and `create`.
            RasError: As `create`.
        """
        _check_name("new", new)
        entry = await self.get(name)
        links = await self.links(name) if entry.links > 1 else ()
        return await (to or self).create(dataclasses.replace(entry, name=new), links=links)

    def _of(self) -> Backend:
        return (self._choice or default_choice()).backend

    def _books(self) -> RasBooks:
        return self._of().books


def user_phonebook() -> str:
    """Return the path of the user's phonebook on Windows.

    Raises:
        PhonebookError: 621 on another system, or for an account without a profile.
    """
    return _below("APPDATA")


def all_users_phonebook() -> str:
    """Return the path of the phonebook of all users on Windows, which administrators change.

    Raises:
        PhonebookError: 621 on another system.
    """
    return _below("PROGRAMDATA")


def _below(variable: str) -> str:
    folder = os.environ.get(variable)
    if not folder:
        raise PhonebookError(CANNOT_OPEN, message=f"there is no such phonebook here: {variable} is not set")
    return os.path.join(folder, *_BELOW)


def _check_name(argument: str, name: object) -> None:
    check_text(argument, name, 256)
    if not name:
        raise ValueError(f"{argument} is empty")


def _check_entry(entry: object) -> None:
    if not isinstance(entry, Entry):
        raise TypeError(f"entry must be an Entry, not {type(entry).__name__}")
    _check_name("name", entry.name)


def _check_links(links: Iterable[EntryLink]) -> tuple[EntryLink, ...]:
    given = tuple(links)
    for link in given:
        if not isinstance(link, EntryLink):
            raise TypeError(f"links must hold EntryLink, not {type(link).__name__}")
    return given
