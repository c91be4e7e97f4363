"""A phonebook as the commands see it: kept by RAS, or a .pbk file that is read and written without it."""

from __future__ import annotations

import dataclasses
from enum import Enum, IntFlag
from pathlib import Path
from typing import Protocol

from .._native.records import Entry, EntryType, check_entry_name, fold_name
from ..client import Phonebook
from ..errors import PhonebookError
from ..errors.codes import ERROR_INVALID_NAME
from ..phonebook import PhonebookEntry, PhonebookFile

Settings = dict[str, list[str]]

_HIDDEN = ("name", "image")
_PORTS = {EntryType.VPN: "VPN2-0", EntryType.BROADBAND: "PPPoE5-0"}


@dataclasses.dataclass(frozen=True, slots=True)
class Summary:
    """What can be told of an entry on one line."""

    name: str
    device_type: str
    device_name: str
    phone_number: str


class Book(Protocol):
    """Its errors are those of :class:`Phonebook` and :class:`PhonebookFile`."""

    async def names(self) -> list[str]: ...

    async def summary(self, name: str) -> Summary: ...

    async def settings(self, name: str) -> Settings: ...

    async def create(self, entry: Entry) -> None: ...

    async def rename(self, old: str, new: str) -> None: ...

    async def delete(self, name: str) -> None: ...

    async def check_name(self, name: str) -> None:
        """Whether a new entry can be called so: raises PhonebookError 123 or 183 if not."""


class RasBook:
    """Through RAS's own functions."""

    def __init__(self, book: Phonebook) -> None:
        self._book = book

    async def rename(self, old: str, new: str) -> None:
        await self._book.rename(old, new)

    async def delete(self, name: str) -> None:
        await self._book.delete(name)

    async def check_name(self, name: str) -> None:
        await self._book.validate(name)

    async def names(self) -> list[str]:
        return list(dict.fromkeys(entry.name for entry in await self._book.entries()))

    async def summary(self, name: str) -> Summary:
        entry = await self._book.get(name)
        return Summary(name, entry.device_type, entry.device_name, entry.phone_number)

    async def settings(self, name: str) -> Settings:
        entry = await self._book.get(name)
        fields = (field.name for field in dataclasses.fields(entry) if field.compare)
        return {field: _texts(getattr(entry, field)) for field in fields if field not in _HIDDEN}

    async def create(self, entry: Entry) -> None:
        await self._book.create(entry)


class FileBook:
    """The file itself, on any system. Every change is saved at once."""

    def __init__(self, path: str, *, may_be_new: bool = False) -> None:
        if may_be_new and not Path(path).exists():
            self._book = PhonebookFile.parse(b"", path=path)
        else:
            self._book = PhonebookFile.read(path)

    async def names(self) -> list[str]:
        return [entry.name for entry in self._book]

    async def summary(self, name: str) -> Summary:
        entry = self._find(name)
        return Summary(entry.name, entry.device_type, entry.device_name, entry.phone_number)

    async def settings(self, name: str) -> Settings:
        entry = self._find(name)
        return {key: list(entry.get_all(key)) for key, _ in entry.settings}

    async def create(self, entry: Entry) -> None:
        self._book.add(entry.name, _lines(entry))
        self._book.save()

    async def rename(self, old: str, new: str) -> None:
        self._book.rename(old, new)
        self._book.save()

    async def delete(self, name: str) -> None:
        self._book.remove(name)
        self._book.save()

    async def check_name(self, name: str) -> None:
        try:
            self._book.add(name, ())  # and not saved
        except ValueError as error:
            raise PhonebookError(ERROR_INVALID_NAME, message=str(error)) from None

    def _find(self, name: str) -> PhonebookEntry:
        entry = self._book.get(name)
        if entry is None:
            raise PhonebookError(message=f"there is no entry {name!r} in {self._book.path!r}")
        return entry

    def problems(self) -> list[tuple[str, str]]:
        """Entries that can't be dialed as they are, and why."""
        found = []
        seen: set[str] = set()
        for entry in self._book:
            try:
                check_entry_name("name", entry.name)
            except ValueError as error:
                found.append((entry.name, str(error)))
            if fold_name(entry.name) in seen:
                found.append((entry.name, "an entry above has this name too"))
            if not entry.device_type:
                found.append((entry.name, "no device: DEVICE= is missing"))
            seen.add(fold_name(entry.name))
        return found


def _texts(value: object) -> list[str]:
    if isinstance(value, tuple):
        return [str(item) for item in value]
    if isinstance(value, IntFlag):
        return [item.name or hex(item) for item in value]
    return [value.name if isinstance(value, Enum) else str(value)]


def _lines(entry: Entry) -> list[tuple[str, str]]:
    """The least that makes an entry; RAS fills in the rest when it first writes it."""
    vpn = [("VpnStrategy", str(int(entry.vpn_strategy)))] if entry.type == EntryType.VPN else []
    port = _PORTS.get(EntryType(entry.type), "COM1")
    return [
        ("Encoding", "1"),
        ("Type", str(int(entry.type))),
        *vpn,
        ("MEDIA", "serial" if entry.type == EntryType.PHONE else "rastapi"),
        ("Port", port),
        ("Device", entry.device_name),
        ("DEVICE", entry.device_type),
        ("PhoneNumber", entry.phone_number),
    ]
