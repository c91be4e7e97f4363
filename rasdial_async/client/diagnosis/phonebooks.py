"""The checks of the phonebook files, without RAS."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from ...errors import PhonebookError
from ...phonebook import PhonebookFile
from ..phonebook import all_users_phonebook, user_phonebook
from .report import Answer, Check, timed
from .system import without_home


def checks(phonebook: str | None) -> Iterator[Check]:
    """Ask about the default phonebooks of Windows, and about the one that the caller named."""
    if sys.platform == "win32":
        yield timed("phonebooks", "of the user", lambda: _book(user_phonebook()))
        yield timed("phonebooks", "of all users", lambda: _book(all_users_phonebook()))
    if phonebook is not None:
        yield timed("phonebooks", "given", lambda: _book(phonebook))


def _book(path: str) -> Answer:
    about: dict[str, Answer] = {"path": without_home(path), "exists": os.path.exists(path)}
    if about["exists"]:
        about["writable"] = os.access(path, os.W_OK)
        about["bytes"] = os.path.getsize(path)
        try:
            book = PhonebookFile.read(path)
        except PhonebookError as error:
            return about | {"error": f"{error.code} {without_home(error.message)}"}
        about |= {"encoding": book.encoding, "byte order mark": bool(book.bom), "entries": len(book)}
    return about
