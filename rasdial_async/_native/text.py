"""Text between Python and RAS: UTF-16, zero-terminated, in fixed fields or behind pointers."""

from __future__ import annotations

from typing import Any

from ._ras import ffi


def read(characters: Any) -> str:
    """The text of a WCHAR array or pointer up to its zero; "" for NULL.

    A lone surrogate, which UTF-16 from RAS may hold, becomes U+FFFD, so that the text can be printed.
    """
    return _printable(ffi.string(characters)) if characters else ""


def read_within(characters: Any, size: int) -> str:
    """The text behind a WCHAR pointer up to its zero, or up to the end of the `size` bytes there."""
    length = size // ffi.sizeof("WCHAR")
    return _printable(ffi.string(characters, length)) if length else ""


def _printable(text: str | bytes) -> str:
    assert isinstance(text, str)
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def new(text: str | None) -> Any:
    """A WCHAR buffer with the text, alive as long as the caller keeps it; NULL for None."""
    return ffi.NULL if text is None else ffi.new("WCHAR[]", text)


def write(structure: Any, member: str, text: str) -> None:
    """Sets a WCHAR array; cffi by itself would leave the end of a longer text that was in it."""
    before = ffi.buffer(getattr(structure, member))
    before[:] = bytes(len(before))
    setattr(structure, member, text)


def wipe(structure: Any) -> None:
    """Overwrites a structure that held a secret."""
    buffer = ffi.buffer(structure)
    buffer[:] = bytes(len(buffer))
