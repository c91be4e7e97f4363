"""The phonebooks of the simulator, read from .pbk files and written to them."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import os
from collections.abc import Iterable
from dataclasses import dataclass

from .._native.binding import Engine, RasLibrary
from .._native.binding.entries import read_entry
from .._native.binding.sub_entries import read_sub_entries
from .._native.records import Entry, EntryLink, fold_name
from ..backends import new_lock
from ..errors import PhonebookError, RasError, check_phonebook
from ..errors.codes import ERROR_CANNOT_WRITE_PHONEBOOK
from ..phonebook import PhonebookFile, settings as pbk

_loading = new_lock()  # two dials on two threads may name a phonebook at once


@dataclass(frozen=True)
class _Kept:
    """An entry as the engine keeps it."""

    entry: Entry
    links: list[EntryLink]


@dataclass
class _Book:
    """A file as it was last read or written, and the names of its entries in the engine, by GUID."""

    file: PhonebookFile
    guids: dict[str, str]


def _kept(library: RasLibrary, phonebook: str, name: str) -> _Kept:
    entry = read_entry(library, phonebook, name)
    return _Kept(entry, read_sub_entries(library, phonebook, name) if entry.links > 1 else [])


def _guids(engine: Engine, phonebook: str, names: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        with contextlib.suppress(PhonebookError):  # a name that RAS does not take
            found[engine.guid(phonebook, name)] = name
    return found


def _as_read(phonebook: str, book: _Book) -> dict[str, _Kept]:
    """Return the entries that the file had, by the GUIDs that they got when it was read."""
    if not book.guids:
        return {}
    engine = Engine()
    try:
        engine.read_phonebook(phonebook, _in_utf8(book.file))
        return {guid: _kept(engine.library, phonebook, name) for guid, name in book.guids.items()}
    finally:
        engine.close()


def _in_utf8(file: PhonebookFile) -> bytes:
    data = file.to_bytes()[len(file.bom) :]
    if file.encoding == "utf-8":
        return data
    errors = "replace" if file.encoding.startswith("utf-16") else "surrogateescape"
    return data.decode(file.encoding, errors).encode("utf-8", errors)


class SimulatedBooks:
    """A base of :class:`Simulator`."""

    def __init__(self) -> None:
        self._phonebooks: set[str] = set()
        self._books: dict[str, _Book] = {}
        self._uses_files = False

    def _open(self) -> Engine:
        raise NotImplementedError

    def load_phonebook(self, path: str | os.PathLike[str], *, encoding: str | None = None) -> int:
        """Read the entries of a .pbk file, and return their number.

        RAS's functions then return the settings of each section, as far as RAS has them. Changes stay in
        the simulator until :meth:`save_phonebook`.

        Args:
            path: The .pbk file.
            encoding: The code page of a file that is not UTF-8, such as "gbk"; see `PhonebookFile.parse`.

        Raises:
            PhonebookError: The file cannot be read or is no phonebook.
            ValueError: The encoding is unknown, or does not extend ASCII.
        """
        where = check_phonebook(path)
        assert where is not None
        file = PhonebookFile.read(where, encoding=encoding)
        engine = self._open()
        if where not in self._phonebooks:  # it is there also where it has no entry
            engine.add_phonebook(where, False)
        engine.read_phonebook(where, _in_utf8(file))
        self._phonebooks.add(where)
        names = {fold_name(entry.name): entry.name for entry in reversed(file.entries)}  # the first counts
        self._books[where] = _Book(file, _guids(engine, where, names.values()))
        return len(self._books[where].guids)

    def save_phonebook(self, path: str | os.PathLike[str]) -> None:
        """Write the changes since the file was loaded or saved back to the file.

        The changes are entries created, changed, renamed or deleted through RAS's functions, as by
        :class:`Phonebook`, or by `add_entry` and `remove_entry`. Every other byte of the file stays, and so
        does each unchanged line of a changed entry. The file is replaced at once or not at all. A phonebook
        without a file gets one. Nothing is written without this call.

        A .pbk file holds no credentials, keys and EAP data; scripts belong to the simulator.

        Raises:
            PhonebookError: 621: the simulator has no such phonebook; 624: another program has changed or
                holds the file, the file cannot be written, or no setting can hold a value of an entry, which
                is named. The file is as it was.
        """
        where = check_phonebook(path)
        assert where is not None
        engine = self._open()
        book = self._books.get(where) or _Book(PhonebookFile.parse(b""), {})
        names = [entry.name for entry in engine.library.entries(where)]
        after = {
            guid: _kept(engine.library, where, name) for guid, name in _guids(engine, where, names).items()
        }
        file = copy.copy(book.file)
        try:
            _edit(file, _as_read(where, book), after)
        except ValueError as error:  # the encoding of the file, for instance
            raise PhonebookError(
                ERROR_CANNOT_WRITE_PHONEBOOK, message=f"cannot save phonebook {where!r}: {error}"
            ) from None
        file.save(where)
        self._books[where] = _Book(file, {guid: kept.entry.name for guid, kept in after.items()})

    def add_phonebook(self, path: str | os.PathLike[str], *, all_users: bool = False) -> None:
        """Add an empty phonebook; no file is read.

        Args:
            path: The path of the phonebook.
            all_users: The phonebook belongs to all users; only an administrator may change it.
        """
        where = check_phonebook(path)
        assert where is not None
        self._open().add_phonebook(where, all_users)
        self._phonebooks.add(where)

    def set_administrator(self, administrator: bool) -> None:
        """Make the caller an administrator or not; at first the caller is one."""
        self._open().set_administrator(administrator)

    def ensure_loaded(self, path: str) -> None:
        """Read the phonebook if it is unknown so far."""
        with _loading:
            if self._uses_files or path in self._phonebooks:
                return
            try:
                self._open().library.entries(path)  # a scenario may have added it
            except RasError:
                self.load_phonebook(path)
            self._phonebooks.add(path)


def device_type(device: str) -> str:
    """Return the usual type of a device with this name."""
    lowered = device.lower()
    if "pppoe" in lowered:
        return "PPPoE"
    if "miniport" in lowered or not device:
        return "vpn"
    return "modem" if "modem" in lowered else "vpn"


def _edit(file: PhonebookFile, before: dict[str, _Kept], after: dict[str, _Kept]) -> None:
    """Change the file from the entries `before` to the entries `after`."""
    for guid, gone in before.items():
        while guid not in after and file.get(gone.entry.name):  # a second section would come to light
            file.remove(gone.entry.name)
    kept = [(old, after[guid]) for guid, old in before.items() if guid in after]
    _rename(file, {old.entry.name: new.entry.name for old, new in kept if old.entry.name != new.entry.name})
    for old, new in kept:
        if dataclasses.replace(old.entry, name=new.entry.name) != new.entry:
            _change(file, old.entry, new.entry)
        if old.links != new.links:
            _change_links(file, new)
    for guid, new in after.items():
        if guid not in before:
            file.add(new.entry.name, pbk.new_section(new.entry, new.links))
            _check(file, Entry(name=new.entry.name), new.entry)
            _check_links(file, new)


def _rename(file: PhonebookFile, names: dict[str, str]) -> None:
    """Rename in an order in which each new name is free; a cycle of names needs a detour."""
    while names:
        free = [old for old, new in names.items() if file.get(new) in (None, file.get(old))]
        if free:
            file.rename(free[0], names.pop(free[0]))
            continue
        old, number = next(iter(names)), 0
        while file.get(detour := f"renamed {number}"):
            number += 1
        file.rename(old, detour)
        names[detour] = names.pop(old)


def _change(file: PhonebookFile, before: Entry, after: Entry) -> None:
    section = file.get(after.name)
    assert section is not None
    devices = section.sub_entries
    for key, place, values in pbk.changes(before, after, section):
        if key == "DEVICE" and devices:  # a login script has one as well
            old = devices[0].device_type
            values = tuple(values[0] if kind == old else kind for kind in devices[0].get_all(key))
        file.set(after.name, key, *values, sub_entry=place if devices else None)
    _check(file, before, after)


def _check(file: PhonebookFile, before: Entry, after: Entry) -> None:
    section = file.get(after.name)
    assert section is not None
    lost = pbk.lost(before, after, section)
    if lost:
        raise ValueError(f"no setting can say what {', '.join(lost)} of {after.name!r} is")


def _change_links(file: PhonebookFile, kept: _Kept) -> None:
    """Change the links of an entry, whose number stays: no MEDIA subsection is added or removed."""
    section = file.get(kept.entry.name)
    assert section is not None
    for number, (device, link) in enumerate(zip(section.sub_entries, kept.links, strict=False), 1):
        kinds = (
            link.device_type if kind == device.device_type else kind for kind in device.get_all("DEVICE")
        )
        numbers = (link.phone_number, *link.alternates)
        for key, values in (("Device", [link.device_name]), ("DEVICE", kinds), ("PhoneNumber", numbers)):
            file.set(kept.entry.name, key, *values, sub_entry=number)
    _check_links(file, kept)


def _check_links(file: PhonebookFile, kept: _Kept) -> None:
    section = file.get(kept.entry.name)
    assert section is not None
    if pbk.links(section) != kept.links:
        raise ValueError(f"no setting can say which links {kept.entry.name!r} has")
