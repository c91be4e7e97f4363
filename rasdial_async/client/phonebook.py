"""Phonebook: the entries that RAS keeps, read and written through RAS."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .._native.records import Entry, EntryLink, EntryName
from ..backends import Backend
from ..errors import PhonebookError, check_phonebook, check_text
from ..errors.codes import ERROR_CANNOT_OPEN_PHONEBOOK as CANNOT_OPEN
from .choice import Choice, default_choice

if TYPE_CHECKING:
    from ..backends import RasBooks

_BELOW = ("Microsoft", "Network", "Connections", "Pbk", "rasphone.pbk")


class Phonebook:
    """One phonebook of a RAS; every verb goes through RAS's own functions.

    Each verb is done on a thread of the package: cancelling a task that waits for one leaves it to itself.

    Args:
        path: The .pbk file; None = the default phonebooks: the user's first, then that of all users.
            `user_phonebook` and `all_users_phonebook` are the paths of these two.
        backend: Whose phonebook; None = the default client's. `RasClient.phonebook` gives it.

    Errors that any verb may raise: PhonebookError 621 where there is no such phonebook; RasError 5 where
    only an administrator may change it; BackendUnavailableError where the RAS has no such function.
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
        return f"<Phonebook {self._path!r}>"

    async def entries(self) -> list[EntryName]:
        """The names of its entries (RasEnumEntries).

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasenumentriesw
        """
        return await self._of().entries(self._path)

    async def get(self, name: str) -> Entry:
        """One entry (RasGetEntryProperties).

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetentrypropertiesw

        Raises:
            PhonebookError: 623 if there is no such entry.
        """
        _check_name("name", name)
        return await self._books().get(self._path, name)

    async def create(self, entry: Entry, *, links: Iterable[EntryLink] = ()) -> Entry:
        """Adds an entry, and stores its pre-shared key if it has one; returns it as RAS keeps it.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rassetentrypropertiesw

        What the entry says nothing of is as RAS fills it in, or as in the entry that this one was read from.

        Args:
            entry: The entry.
            links: Of a multilink entry: each of its links, the first one too.

        Raises:
            PhonebookError: 183 if the name is taken, 123 if RAS does not take it, 624 for an entry that was
                read with several links, where these are not given.
            RasError: 87 if the entry is not complete, its device does not exist here for instance; 5 if the
                key may not be stored: then there is no entry either.
        """
        _check_entry(entry)
        return await self._books().create(self._path, entry, _check_links(links))

    async def update(self, entry: Entry) -> Entry:
        """Changes the entry of that name, and its pre-shared key if one is given; returns it as RAS keeps it.

        It is read again first. Where `entry` was read from RAS, only what differs from that reading is
        changed: what others have changed meanwhile stays, and so does what Entry has no attribute for.

        Raises:
            PhonebookError: 623 if there is no such entry.
            RasError: 87 if RAS does not take a value.
        """
        _check_entry(entry)
        return await self._books().update(self._path, entry)

    async def links(self, name: str) -> list[EntryLink]:
        """The links of a multilink entry, in order (RasGetSubEntryProperties); none for any other, or one.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetsubentrypropertiesw

        Raises:
            PhonebookError: 623 if there is no such entry.
        """
        _check_name("name", name)
        return await self._books().links(self._path, name)

    async def set_links(self, name: str, links: Iterable[EntryLink]) -> None:
        """Gives an entry these links in the place of those it has: with two or more it is a multilink one.

        RAS sets one after the other (RasSetSubEntryProperties), and deletes those beyond: where it refuses
        one, those before it are set.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rassetsubentrypropertiesw

        Raises:
            PhonebookError: 623 if there is no such entry.
            RasError: 87 if RAS does not take one, its device does not exist here for instance.
        """
        _check_name("name", name)
        await self._books().set_links(self._path, name, _check_links(links))

    async def rename(self, old: str, new: str) -> None:
        """Gives an entry another name (RasRenameEntry).

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasrenameentryw

        Raises:
            PhonebookError: 623 if there is no entry `old`, 183 if `new` is taken, 123 for a bad name.
        """
        _check_name("old", old)
        _check_name("new", new)
        await self._books().rename(self._path, old, new)

    async def delete(self, name: str) -> None:
        """Deletes an entry (RasDeleteEntry).

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasdeleteentryw

        Raises:
            PhonebookError: 123 if there is no such entry.
            RasError: 817 if it is connected.
        """
        _check_name("name", name)
        await self._books().delete(self._path, name)

    async def validate(self, name: str) -> None:
        """Whether the name can be given to a new entry (RasValidateEntryName): returns if so.

        RAS takes at most 256 characters, at least one letter or digit, no dot in front and none of
        ``| > < ? * \\ / :`` (https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasvalidateentrynamew).

        Raises:
            PhonebookError: 123 if RAS does not take the name, 183 if there is an entry of that name.
        """
        _check_name("name", name)
        await self._books().validate(self._path, name)

    async def copy(self, name: str, new: str, *, to: Phonebook | None = None) -> Entry:
        """Makes another entry like that of `name`, without its stored credentials; returns it.

        Args:
            name: The entry to copy.
            new: The name of the copy.
            to: Where it is made; None = in this phonebook.

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
    """Path of the phonebook that belongs to the user, on Windows.

    Raises:
        PhonebookError: 621 if there is none: another system, or an account without a profile.
    """
    return _below("APPDATA")


def all_users_phonebook() -> str:
    """Path of the phonebook of all users, on Windows. Only an administrator changes it.

    Raises:
        PhonebookError: 621 if there is none.
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
