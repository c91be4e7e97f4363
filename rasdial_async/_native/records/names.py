"""The names of entries: the rule for valid names, and the comparison of names."""

from __future__ import annotations

FORBIDDEN_IN_NAMES = frozenset('|><?*\\/:"')


MAX_NAME = 256  # RAS_MaxEntryName, UTF-16 units


def check_entry_name(argument: str, name: object) -> None:
    """Raise where RAS would refuse the name of an entry.

    At most 256 UTF-16 characters, at least one letter or digit (any character beyond ASCII counts), no dot in
    front, none of ``| > < ? * \\ / :`` and no quotation mark, no control character
    (https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasvalidateentrynamew).

    Raises:
        TypeError: The name is no str.
        ValueError: RAS refuses the name; the message has `argument`, not the name.
    """
    if not isinstance(name, str):
        raise TypeError(f"{argument} must be a str, not {type(name).__name__}")
    if len(name.encode("utf-16-le", "surrogatepass")) // 2 > MAX_NAME:
        raise ValueError(f"{argument} is too long: RAS takes {MAX_NAME} UTF-16 characters")
    if FORBIDDEN_IN_NAMES.intersection(name) or any(
        char < " " or "\ud800" <= char <= "\udfff" for char in name
    ):
        raise ValueError(f"{argument} holds a character that RAS does not take in the name of an entry")
    if name.startswith(".") or not any(char.isalnum() or char >= "\x80" for char in name):
        raise ValueError(f"{argument} must have a letter or a digit, and no dot in front")


def fold_name(name: str) -> str:
    """Return the name in upper case as Windows compares it: character by character, so "ß" is not "SS"."""
    if name.isascii():
        return name.upper()
    return "".join(upper if len(upper := char.upper()) == 1 else char for char in name)
