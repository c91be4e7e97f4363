"""Phonebook files (.pbk), read and changed on any system, without RAS."""

from .file import PhonebookFile
from .sections import PhonebookEntry, PhonebookLine, PhonebookSubEntry
from .whole_file import replace_whole

__all__ = [
    "PhonebookEntry",
    "PhonebookFile",
    "PhonebookLine",
    "PhonebookSubEntry",
    "replace_whole",
    "settings",
]
