"""Edits of a phonebook file, line by line, so that everything else stays as it is.

An edit replaces some lines by others and reads the result again with the reader of files. An edit that would
not read back as it was meant is refused, and the phonebook stays as it was: a character that the encoding
lacks, a value with a line end, a bracket in the wrong place.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, Self

from .._native.records import check_entry_name
from ..errors import PhonebookError
from ..errors.codes import ERROR_ALREADY_EXISTS, ERROR_CANNOT_FIND_PHONEBOOK_ENTRY as CANNOT_FIND_ENTRY
from .save import replace_file

if TYPE_CHECKING:
    from .sections import PhonebookEntry, PhonebookLine


_SUBSECTIONS = frozenset({"NETCOMPONENTS", "MEDIA", "DEVICE"})
_BLANKS = " \t\ufeff"


class _NewLine(NamedTuple):
    """A new line: its text without a line end, and the key and value that it must read back as."""

    text: str
    key: str = ""
    value: str = ""


class PhonebookEdits:
    """The half of `PhonebookFile` that changes it."""

    __slots__ = ("_data", "_origin", "path")

    path: str
    _data: bytes  # the file as it is now
    _origin: bytes | None  # the contents of the file at `path` when it was read; None = not read

    if TYPE_CHECKING:  # from PhonebookFile
        bom: bytes
        encoding: str
        entries: tuple[PhonebookEntry, ...]
        newline: str

        @property
        def lines(self) -> tuple[PhonebookLine, ...]: ...
        def get(self, name: str) -> PhonebookEntry | None: ...
        def _take_over(self, other: Self) -> None: ...
        @classmethod
        def parse(cls, data: bytes, *, path: str = "", encoding: str | None = None) -> Self: ...

    def set(self, name: str, key: str, *values: str, sub_entry: int | None = None) -> None:
        """Set the values of a setting, one line for each; no value removes the setting.

        A line that already has its value stays as it is, to the byte. Surplus lines go, and missing lines are
        added behind the last.

        Args:
            name: the entry.
            key: the setting; case counts.
            values: the values. Repeated keys, such as alternate phone numbers, take several.
            sub_entry: 0 = the entry's own settings, 1 = those of its first device, and so on; None = the
                first place of the key, or the entry's own settings if the key is nowhere.

        Raises:
            PhonebookError: 623 if there is no such entry or sub-entry.
            TypeError: a key or value is no str.
            ValueError: a phonebook, or the encoding of this one, cannot hold a key or value.
        """
        for argument, text in (("key", key), *(("values", value) for value in values)):
            if not isinstance(text, str):
                raise TypeError(f"{argument} must be str, not {type(text).__name__}")
        if not key:  # it would be any line that is no setting
            raise _unreadable()
        start, end = self._span(self._find(name), key, sub_entry)
        at = [index for index in range(start, end) if self.lines[index].key == key]
        changes: list[tuple[int, int, list[_NewLine]]] = []
        for index, value in zip(at, values, strict=False):
            line = self.lines[index]
            if line.value != value:
                left = line.text[: line.text.index("=") + 1]
                right = line.text[len(left) :]
                blanks = right[: len(right) - len(right.lstrip(_BLANKS))] if line.value else ""
                changes.append((index, index + 1, [_NewLine(f"{left}{blanks}{value}", key, value)]))
        changes.extend((index, index + 1, []) for index in at[len(values) :])
        more = [_NewLine(f"{key}={value}", key, value) for value in values[len(at) :]]
        if more:
            place = at[-1] + 1 if at else self._last_setting(start, end) + 1
            changes.append((place, place, more))
        self._change(changes)

    def add(self, name: str, settings: Iterable[tuple[str, str]]) -> None:
        """Add an entry behind the others.

        Args:
            name: its name, by the rule of `Phonebook.validate`.
            settings: its lines as (key, value), in order; those of another entry are its ``settings``.

        Raises:
            PhonebookError: 183 if there is an entry of that name, in upper or lower case.
            ValueError: a name, key or value cannot be written.
        """
        check_entry_name("name", name)
        self._refuse_taken(name)
        lines = [_NewLine(f"[{name}]")]
        lines += [_NewLine(f"{key}={value}", key, value) for key, value in settings]
        place = len(self.lines)
        if place and not self.lines[-1].text and not self._line_end(self.lines[-1]):
            place -= 1  # half a code unit at the end of a UTF-16 file stays there
        self._change([(place, place, lines)])

    def rename(self, old: str, new: str) -> None:
        """Rename an entry; a change of case alone is allowed.

        Raises:
            PhonebookError: 623 if there is no entry `old`, 183 if there is another one called `new`.
            ValueError: RAS refuses the name, or the encoding of the file cannot hold it.
        """
        check_entry_name("new", new)
        entry = self._find(old)
        if entry.name == new:
            return
        self._refuse_taken(new, but=entry)
        start, _ = self._bounds(entry)
        text = self.lines[start].text
        left, right = text.index("["), text.rindex("]")
        self._change([(start, start + 1, [_NewLine(f"{text[:left]}[{new}{text[right:]}")])])

    def remove(self, name: str) -> None:
        """Remove an entry with all its lines.

        Raises:
            PhonebookError: 623 if there is no such entry; 622 if the rest would be no phonebook.
        """
        start, end = self._bounds(self._find(name))
        self._change([(start, end, [])])

    def to_bytes(self) -> bytes:
        """Return the file as it is now; unchanged parts stay byte for byte."""
        return self._data

    def save(self, path: str | os.PathLike[str] | None = None) -> None:
        """Write the file: all of it or nothing, with its permissions.

        A temporary file in the same folder is written, flushed to the disk, and put in the place of the
        phonebook. Only its owner can read a new file: a phonebook can hold secrets.

        Args:
            path: the path to write to; None = the path it was read from. Another path must be free.

        Raises:
            PhonebookError: 624 if another process has changed or removed the file since it was read, or
                holds it, or if the file cannot be written (from the OSError). The file is as it was.
            TypeError: `path` is not a path.
            ValueError: there is no path, neither here nor from parsing.
        """
        target = self.path if path is None else os.fspath(path)
        if not isinstance(target, str):
            raise TypeError(f"path must be str or os.PathLike[str], not {type(path).__name__}")
        if not target:
            raise ValueError("path is empty: say where the phonebook is to be saved")
        data = self.to_bytes()
        same = bool(self.path) and os.path.abspath(target) == os.path.abspath(self.path)
        replace_file(target, data, self._origin if same else None)
        self.path = target
        self._origin = data

    # --- inside ---

    def _find(self, name: str) -> PhonebookEntry:
        entry = self.get(name)
        if entry is None:
            where = f" in {self.path!r}" if self.path else ""
            raise PhonebookError(CANNOT_FIND_ENTRY, message=f"there is no entry {name!r}{where}")
        return entry

    def _refuse_taken(self, name: str, but: PhonebookEntry | None = None) -> None:
        taken = self.get(name)
        if taken is not None and taken is not but:
            raise PhonebookError(ERROR_ALREADY_EXISTS, message=f"there is an entry {taken.name!r} already")

    def _bounds(self, entry: PhonebookEntry) -> tuple[int, int]:
        start = entry.lines[0].number - 1
        return start, start + len(entry.lines)

    def _span(self, entry: PhonebookEntry, key: str, sub_entry: int | None) -> tuple[int, int]:
        """Return the range of lines for a setting, without the line with the name."""
        start, end = self._bounds(entry)
        devices = [sub.lines[0].number - 1 for sub in entry.sub_entries]
        own_end = next((line.number - 1 for line in entry.lines if line.key in _SUBSECTIONS), end)
        spans = [(start + 1, own_end), *zip(devices, [*devices[1:], end], strict=False)]
        if sub_entry is None:
            found = (line.number - 1 for line in entry.lines[1:] if line.key == key)
            first = next(found, -1)
            spans_of_key = [span for span in spans if span[0] <= first < span[1]]
            if first >= 0 and not spans_of_key:  # among the net components, between the two
                return own_end, devices[0] if devices else end
            return spans_of_key[0] if spans_of_key else spans[0]
        if not 0 <= sub_entry < len(spans):
            raise PhonebookError(
                CANNOT_FIND_ENTRY,
                message=f"the entry {entry.name!r} has no sub-entry {sub_entry}",
            )
        return spans[sub_entry]

    def _last_setting(self, start: int, end: int) -> int:
        """Return the index of the last line that is not blank; blank lines stay behind new ones."""
        while end > start and not self.lines[end - 1].text.strip(_BLANKS):
            end -= 1
        return end - 1

    def _line_end(self, line: PhonebookLine) -> str:
        code = self.encoding
        for newline in ("\r\n", "\n", "\r"):
            if line.raw.endswith(newline.encode(code)):
                return newline
        return ""

    def _change(self, changes: list[tuple[int, int, list[_NewLine]]]) -> None:
        """Replace lines by new ones: (from, to, lines), which do not overlap."""
        if not changes:
            return
        raws: list[bytes] = []
        meant: list[tuple[str, str, str]] = []
        at = 0

        def close() -> None:
            """Add a line end: other lines follow."""
            if raws and not raws[-1].endswith(ends):
                raws[-1] += end

        code = self.encoding
        ends = tuple(newline.encode(code) for newline in ("\n", "\r"))
        end = self.newline.encode(code)
        for start, stop, new in [
            *sorted(changes, key=lambda change: change[:2]),
            (len(self.lines),) * 2 + ([],),
        ]:
            for line in self.lines[at:start]:
                if raws and raws[-1].endswith(ends[1]) and line.raw == ends[0]:
                    raws[-1] += line.raw  # CR and LF that have come together are one line end
                    continue
                raws.append(line.raw)
                meant.append((line.text, line.key, line.value))
            for index, line_ in enumerate(new):
                close()
                old_end = (
                    self._line_end(self.lines[start + index]).encode(code) if start + index < stop else end
                )
                raws.append(
                    _encode(line_.text, code) + (old_end or (b"" if stop == len(self.lines) else end))
                )
                meant.append(line_)
            at = max(at, stop)
        try:
            self._read_again(b"".join(raws), meant)
        except PhonebookError:
            if any(new for _, _, new in changes):
                raise _unreadable() from None
            raise

    def _read_again(self, body: bytes, meant: list[tuple[str, str, str]]) -> None:
        code_page = None if self.encoding.startswith("utf") else self.encoding
        book = self.parse(self.bom + body, path=self.path, encoding=code_page)
        read = [(line.text, line.key, line.value) for line in book.lines]
        if read != [tuple(line) for line in meant]:
            raise _unreadable()
        self._take_over(book)


def _unreadable() -> ValueError:
    return ValueError("the phonebook can't hold that: it would not read back as it was meant")


def _encode(text: str, codec: str) -> bytes:
    errors = "surrogatepass" if codec.startswith("utf-16") else "surrogateescape"
    try:
        return text.encode(codec, errors)
    except UnicodeEncodeError:
        pass  # its message would hold the text
    raise ValueError(f"the phonebook is in {codec}, which has no way to say that")
