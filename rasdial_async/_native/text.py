"""Text between Python and RAS: UTF-16, zero-terminated, in fixed fields or behind pointers."""

from __future__ import annotations

from typing import Any

from ._ras import ffi


def read(characters: Any) -> str:
    """Return the text of a WCHAR array or pointer up to its zero; "" for NULL.

    RAS's UTF-16 may hold lone surrogates. They become U+FFFD, so that the text can be printed.
    """
    return _printable(ffi.string(characters)) if characters else ""


def read_within(characters: Any, size: int) -> str:
    """Return the text behind a WCHAR pointer up to its zero, or up to the end of its `size` bytes."""
    length = size // ffi.sizeof("WCHAR")
    return _printable(ffi.string(characters, length)) if length else ""


def _printable(text: str | bytes) -> str:
    assert isinstance(text, str)
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def new(text: str | None) -> Any:
    """Return a WCHAR buffer with the text, alive as long as the caller keeps it; NULL for None."""
    return ffi.NULL if text is None else ffi.new("WCHAR[]", text)


def write(structure: Any, member: str, text: str) -> None:
    """Set a WCHAR array, and clear it first: cffi would leave the end of a longer text in it."""
    before = ffi.buffer(getattr(structure, member))
    before[:] = bytes(len(before))
    setattr(structure, member, text)


def wipe(structure: Any) -> None:
    """Overwrite a structure that held a secret."""
    buffer = ffi.buffer(structure)
    buffer[:] = bytes(len(buffer))
