"""Phonebook files (.pbk), read and changed on any system, without RAS."""

from .file import PhonebookFile
from .sections import PhonebookEntry, PhonebookLine, PhonebookSubEntry, device_problems
from .whole_file import replace_whole

__all__ = [
    "PhonebookEntry",
    "PhonebookFile",
    "PhonebookLine",
    "PhonebookSubEntry",
    "device_problems",
    "replace_whole",
    "settings",
]
