"""Phonebook files (``.pbk``): read and changed on any system, without RAS.

A phonebook is a text file with an ``[entry name]`` section for each entry. It looks like an INI file, but the
order of lines matters, keys repeat, and ``Device=`` and ``DEVICE=`` are different keys::

    [Office VPN]
    Type=2                        settings of the entry
    NETCOMPONENTS=
    ms_server=1
    MEDIA=rastapi                 a MEDIA subsection for each device: a sub-entry (multilink has several)
    Port=VPN2-0
    Device=WAN Miniport (IKEv2)   the name of the device
    DEVICE=vpn                    one or more DEVICE subsections in it: the type of the device
    PhoneNumber=vpn.example.com   number, address or service name; alternate numbers repeat the key

Section 2.2.2 of Microsoft's [MS-RRASM] describes the keys.

`PhonebookFile.lines` keeps every line of the file, as text and as bytes.
``book.bom + b"".join(line.raw for line in book.lines)`` is the file, byte for byte, whatever it holds.

The reader accepts lines that end in CRLF, LF or CR, or a mixture of them; a missing last line end; blank
lines; comments (``;``); blanks around keys and values; lines without a meaning; settings before the first
section; and a file that is cut off anywhere, which gives the entries up to there.
"""

from __future__ import annotations

import codecs
import io
import locale
import os
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Self

from .._native.records import fold_name
from ..errors import PhonebookError
from ..errors.codes import (
    ERROR_CANNOT_LOAD_PHONEBOOK as CANNOT_LOAD,
    ERROR_CANNOT_OPEN_PHONEBOOK as CANNOT_OPEN,
    ERROR_CORRUPT_PHONEBOOK as CORRUPT,
)
from .edit import PhonebookEdits
from .sections import BLANKS, PhonebookEntry, PhonebookLine, TextOfLines

# Thousands of entries fit. The limit ends the reading of an endless file, such as a device.
MAX_FILE_SIZE = 32 * 1024 * 1024


class PhonebookFile(PhonebookEdits):
    """The contents of one phonebook file. Edits give it new `lines` and `entries`; `save` writes it.

    Iterating gives the entries in file order, ``len()`` counts them. Where two sections have the same name,
    both are entries and `get` finds the first, as Windows' own profile functions do.

    Attributes:
        path: the path it was read from; "" if unknown.
        encoding: name of the Python codec: ``utf-8``, ``utf-16-le``, ``utf-16-be`` or a code page.
        bom: the byte order mark that the file begins with, or ``b""``.
        newline: the line end that the file uses most; CRLF where it has none.
        lines: every line of the file, those before the first section too.
        entries: the sections as `PhonebookEntry`, in file order.
    """

    __slots__ = ("_by_folded", "_head", "bom", "encoding", "entries", "newline")

    def __init__(
        self,
        lines: TextOfLines | tuple[PhonebookLine, ...],
        entries: tuple[PhonebookEntry, ...],
        *,
        data: bytes,
        path: str,
        encoding: str,
        bom: bytes,
        newline: str,
    ) -> None:
        """Take over the results of `parse`; `read` and `parse` make phonebooks.

        `lines` are all lines, or the text of those before the first section.
        """
        self._head: TextOfLines | tuple[PhonebookLine, ...] = lines
        self.entries: tuple[PhonebookEntry, ...] = entries
        self.path: str = path
        self._data = data
        self._origin = None
        self.encoding: str = encoding
        self.bom: bytes = bom
        self.newline: str = newline
        self._by_folded: dict[str, PhonebookEntry] = {}
        for entry in entries:
            self._by_folded.setdefault(fold_name(entry.name), entry)

    @classmethod
    def read(cls, path: str | os.PathLike[str], *, encoding: str | None = None) -> Self:
        """Read a phonebook file.

        Args:
            path: the file.
            encoding: as for `parse`.

        Raises:
            PhonebookError: 621 if the file is missing or may not be read (from the OSError); else as `parse`.
            TypeError: `path` is not a path.
            ValueError: `path` holds a NUL, or `encoding` is no usable code page.
        """
        name = os.fspath(path)
        if not isinstance(name, str):
            raise TypeError(f"path must be str or os.PathLike[str], not {type(path).__name__}")
        try:
            with open(name, "rb") as file:
                data = file.read(MAX_FILE_SIZE + 1)
        except OSError as error:
            message = f"cannot open phonebook {name!r}: {error.strerror or error}"
            raise PhonebookError(CANNOT_OPEN, message=message) from error
        if len(data) > MAX_FILE_SIZE:
            raise _error(CANNOT_LOAD, name, 0, f"longer than {MAX_FILE_SIZE} bytes, not a phonebook")
        book = cls.parse(data, path=name, encoding=encoding)
        book._origin = data
        return book

    @classmethod
    def parse(cls, data: bytes, *, path: str = "", encoding: str | None = None) -> Self:
        """Read the bytes of a phonebook file.

        A byte order mark decides the encoding; without one it is UTF-8 where the bytes are valid UTF-8, else
        `encoding`, else the code page of the system, else Windows-1252. An empty file has no entries.

        Args:
            data: the whole file.
            path: the path of the file, for `path` and for messages.
            encoding: code page for a file that is neither marked nor UTF-8, such as ``cp936``. A codec that
                extends ASCII.

        Raises:
            PhonebookError: 622 for something that is no phonebook (a NUL, text before the first section,
                settings but no section); 625 for a section name without its ``]``, which would give its
                settings to the entry above. The message has the number of the line, never its text.
            TypeError: `data` is not bytes-like.
            ValueError: `encoding` is unknown, or not a codec that extends ASCII.
        """
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"data must be bytes, not {type(data).__name__}")
        if encoding is not None and not _extends_ascii(encoding):
            raise ValueError(f"encoding {encoding!r} is not a code page that extends ASCII")
        data = bytes(data)
        codec, bom, decoded = _decode(data, encoding)
        quick = _sections(data[len(bom) :].decode("utf-8", "surrogateescape")) if codec == "utf-8" else None
        if quick is not None:
            head, entries, newline = quick
            return cls(head, entries, data=data, path=path, encoding=codec, bom=bom, newline=newline)

        lines: list[PhonebookLine] = []
        sections: list[tuple[str, int]] = []  # name, index of its first line
        line_ends: Counter[str] = Counter()
        orphan = 0  # number of the first setting above all sections
        for number, (raw, content) in enumerate(decoded, 1):
            line = PhonebookLine.of(number, raw, content)
            text = line.text
            line_ends[content[len(text) :]] += 1
            if "\0" in text:
                raise _error(CANNOT_LOAD, path, number, "NUL: a binary file, or UTF-16 without a mark")
            bare = text.strip(BLANKS)
            if bare.startswith("["):
                end = bare.rfind("]")
                if end > 0:
                    sections.append((bare[1:end], len(lines)))
                elif content != text:  # a line end follows: the file was not just cut off here
                    raise _error(CORRUPT, path, number, "the entry name has no closing bracket")
            elif bare and not bare.startswith(";"):
                if not sections and not line.key:
                    raise _error(CANNOT_LOAD, path, number, "text before the first [entry], not a phonebook")
                orphan = orphan or number
            lines.append(line)
        if orphan and not sections:
            raise _error(CANNOT_LOAD, path, orphan, "settings but no [entry], not a phonebook")

        bounds = [start for _, start in sections] + [len(lines)]
        entries = tuple(
            PhonebookEntry(name, tuple(lines[start:end]))
            for (name, start), end in zip(sections, bounds[1:], strict=True)
        )
        newline = max(("\r\n", "\n", "\r"), key=line_ends.__getitem__)
        return cls(tuple(lines), entries, data=data, path=path, encoding=codec, bom=bom, newline=newline)

    @property
    def lines(self) -> tuple[PhonebookLine, ...]:
        """Every line of the file."""
        if isinstance(self._head, TextOfLines):
            self._head = self._head.lines() + tuple(chain.from_iterable(one.lines for one in self.entries))
        return self._head

    def _take_over(self, other: Self) -> None:
        self._head, self.entries, self.encoding = other._head, other.entries, other.encoding
        self._data = other._data
        self._by_folded = other._by_folded

    def get(self, name: str) -> PhonebookEntry | None:
        """Return the entry of that name, or None.

        RAS ignores case in entry names: of several such entries the first counts.
        """
        return self._by_folded.get(fold_name(name))

    def __iter__(self) -> Iterator[PhonebookEntry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __repr__(self) -> str:
        return f"<PhonebookFile {self.path!r}: {len(self.entries)} entries, {self.encoding}>"


def _sections(text: str) -> tuple[TextOfLines, tuple[PhonebookEntry, ...], str] | None:
    """Return the head, the entries and the line end of an ordinary file; None = look at each of its lines."""
    headers = list(_HEADER.finditer(text))
    names = [header[1][: header[1].rfind("]")] for header in headers]
    if not headers or "\0" in text or any("]" not in header[1] for header in headers):
        return None
    head = text[: headers[0].start()]
    if head.strip(f"{BLANKS}\r\n"):
        return None
    number = 1 + _line_ends(head)
    entries = []
    starts = [header.start() for header in headers]
    for name, start, end in zip(names, starts, [*starts[1:], len(text)], strict=True):
        part = text[start:end]
        entries.append(PhonebookEntry.of(name, TextOfLines(part, number, "utf-8")))
        number += _line_ends(part)
    both = text.count("\r\n")
    counts = {"\r\n": both, "\n": text.count("\n") - both, "\r": text.count("\r") - both}
    newline = max(("\r\n", "\n", "\r"), key=counts.__getitem__)
    return TextOfLines(head, 1, "utf-8"), tuple(entries), newline


_HEADER = re.compile(rf"(?:(?<=[\r\n])|\A)[{BLANKS}]*\[([^\r\n]*)")


def _line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _error(code: int, path: str, number: int, what: str) -> PhonebookError:
    where = f"phonebook {path!r}" if path else "phonebook"
    return PhonebookError(code, message=f"{where}, line {number}: {what}" if number else f"{where}: {what}")


def _decode(data: bytes, code_page: str | None) -> tuple[str, bytes, Iterator[tuple[bytes, str]]]:
    """Return the codec, the byte order mark, and each line as bytes and as text, line ends included."""
    for bom, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(bom):
            return codec, bom, _utf16_lines(data[len(bom) :], codec)
    if data.startswith(codecs.BOM_UTF8):
        bom, codec = codecs.BOM_UTF8, "utf-8"
    else:
        bom, codec = b"", "utf-8" if _is_utf8(data) else codecs.lookup(code_page or _system_code_page()).name
    # A line end is never part of a longer character in these codecs, so lines are split first and decoded one
    # by one. bytes.splitlines() knows CR, LF and CRLF; str.splitlines() knows seven more.
    raws = data[len(bom) :].splitlines(keepends=True)
    return codec, bom, ((raw, raw.decode(codec, "surrogateescape")) for raw in raws)


def _utf16_lines(data: bytes, codec: str) -> Iterator[tuple[bytes, str]]:
    half = len(data) % 2  # a file cut off inside a code unit
    text = data[: len(data) - half].decode(codec, "surrogatepass")
    for line in io.StringIO(text, newline=""):  # ends lines at CR, LF and CRLF, and leaves them as they are
        yield line.encode(codec, "surrogatepass"), line
    if half:
        yield data[-1:], ""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        # Cut off inside its last character. Nothing else but ASCII before would rather be a code page.
        return error.reason == "unexpected end of data" and not data[: error.start].isascii()
    return True


def _system_code_page() -> str:
    name = locale.getencoding()  # on Windows the ANSI code page, also when Python is in UTF-8 mode
    if not _extends_ascii(name) or codecs.lookup(name).name in ("ascii", "utf-8"):
        return "cp1252"
    return name


def _extends_ascii(encoding: str) -> bool:
    """Tell whether every ASCII byte stands for itself in the codec: no escapes, no shift states."""
    sample = bytes(range(128)) + b"\\u1 \x1b$B0!"
    if not encoding.isascii():  # names no codec; newer Pythons warn of it
        return False
    try:
        return sample.decode(encoding, "surrogateescape") == sample.decode("ascii")
    except (LookupError, ValueError):  # ValueError: a UnicodeError, or a NUL in the name
        return False
