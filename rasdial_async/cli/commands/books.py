"""The phonebook of a command: one that RAS keeps, or a .pbk file that is edited without RAS."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from enum import Enum, IntFlag
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any, Protocol

from ..._native.records import Entry, EntryType, check_entry_name, fold_name
from ...client import Phonebook
from ...errors import PhonebookError
from ...errors.codes import ERROR_INVALID_NAME
from ...phonebook import PhonebookEntry, PhonebookFile, device_problems
from ..display.records import Settings, Summary

_HIDDEN = ("name", "image")
_PORTS = {EntryType.VPN: "VPN2-0", EntryType.BROADBAND: "PPPoE5-0"}


class Book(Protocol):
    """A phonebook, with the errors of :class:`Phonebook` and :class:`PhonebookFile`."""

    async def names(self) -> list[str]: ...

    async def summary(self, name: str) -> Summary: ...

    async def settings(self, name: str) -> Settings: ...

    async def create(self, entry: Entry) -> None: ...

    async def rename(self, old: str, new: str) -> None: ...

    async def delete(self, name: str) -> None: ...

    async def set(self, name: str, key: str, values: Sequence[str]) -> None:
        """Change one setting; a ValueError says what is wrong with the key or a value."""

    async def check_name(self, name: str) -> None:
        """Check that a new entry can have this name; raise PhonebookError 123 or 183 if not."""


class RasBook:
    """A phonebook behind RAS's own functions."""

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
        return {field: _texts(getattr(entry, field)) for field in _fields(entry)}

    async def create(self, entry: Entry) -> None:
        await self._book.create(entry)

    async def set(self, name: str, key: str, values: Sequence[str]) -> None:
        entry = await self._book.get(name)
        change: dict[str, Any] = {key: _value(entry, key, values)}
        await self._book.update(dataclasses.replace(entry, **change))


class FileBook:
    """A .pbk file, on any system. Every change is saved at once."""

    def __init__(self, path: str, encoding: str | None = None, *, may_be_new: bool = False) -> None:
        if may_be_new and not Path(path).exists():
            self._book = PhonebookFile.parse(b"", path=path, encoding=encoding)
        else:
            self._book = PhonebookFile.read(path, encoding=encoding)

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

    async def set(self, name: str, key: str, values: Sequence[str]) -> None:
        self._book.set(name, key, *values)
        self._book.save()

    async def check_name(self, name: str) -> None:
        try:
            self._book.add(name, ())  # never saved
        except ValueError as error:
            raise PhonebookError(ERROR_INVALID_NAME, message=str(error)) from None

    def _find(self, name: str) -> PhonebookEntry:
        entry = self._book.get(name)
        if entry is None:
            raise PhonebookError(message=f"there is no entry {name!r} in {self._book.path!r}")
        return entry

    def problems(self) -> list[tuple[str, str]]:
        """Return the entries that can't be dialed as they are, each with the reason."""
        found = []
        seen: set[str] = set()
        if self._book.encoding.startswith("utf-16"):
            found.append(("", "the file is in UTF-16, and RAS reads 8-bit text: save it as UTF-8"))
        for entry in self._book:
            try:
                check_entry_name("name", entry.name)
            except ValueError as error:
                found.append((entry.name, str(error)))
            if fold_name(entry.name) in seen:
                found.append((entry.name, "an entry above has this name too"))
            found += [(entry.name, problem) for problem in device_problems(entry)]
            seen.add(fold_name(entry.name))
        return found


def _fields(entry: Entry) -> list[str]:
    return [field.name for field in dataclasses.fields(entry) if field.compare and field.name not in _HIDDEN]


def _value(entry: Entry, key: str, values: Sequence[str]) -> object:
    """Return the value of an attribute of the entry, from its texts.

    Raises:
        ValueError: The entry has no such attribute, or the texts are no value of it.
    """
    if key not in _fields(entry):
        raise ValueError(f"an entry of RAS has no setting {key!r}; `phonebook show ENTRY` lists them")
    default = next(field.default for field in dataclasses.fields(entry) if field.name == key)
    if isinstance(default, tuple):
        return tuple(values)
    if isinstance(default, IntFlag):
        return reduce(or_, (_number(type(default), key, text) for text in values), type(default)(0))
    if len(values) > 1:
        raise ValueError(f"{key} takes one value")
    if isinstance(default, int):
        return _number(type(default), key, values[0]) if values else 0
    return values[0] if values else ""


def _number(kind: type[int], key: str, text: str) -> int:
    if issubclass(kind, Enum) and text.upper() in kind.__members__:
        return kind(kind.__members__[text.upper()])
    try:
        return kind(int(text, 0))
    except ValueError:
        names = f", or of {', '.join(kind.__members__)}" if issubclass(kind, Enum) else ""
        raise ValueError(f"{key} is a number{names}") from None


def _texts(value: object) -> list[str]:
    if isinstance(value, tuple):
        return [str(item) for item in value]
    if isinstance(value, IntFlag):
        return [item.name or hex(item) for item in value]
    return [value.name if isinstance(value, Enum) else str(value)]


def _lines(entry: Entry) -> list[tuple[str, str]]:
    """Return the fewest lines that make an entry; RAS adds the others when it first writes the file."""
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
