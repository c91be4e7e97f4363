"""Names on their way from a command line and to a terminal, whatever characters those have."""

from __future__ import annotations

import os
import re

# Characters by which a name could steer a terminal, or turn the text around it.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_STEERING_IN_LINES = re.compile(f"(?![\n\t]){_STEERING.pattern}")


def printable(text: str, encoding: str) -> str:
    """Return the text with \\x1b and the like for each character that steers, or that the encoding lacks."""
    return _escaped(_STEERING, text, encoding)


def printable_lines(text: str, encoding: str) -> str:
    """As :func:`printable`, for a text whose line ends and tabs are its own."""
    return _escaped(_STEERING_IN_LINES, text, encoding)


def _escaped(steering: re.Pattern[str], text: str, encoding: str) -> str:
    text = steering.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
    return text.encode(encoding, "backslashreplace").decode(encoding)


def columns(text: str) -> int:
    """Return how many columns a printable text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_columns_of(character) for character in text)


def _columns_of(character: str) -> int:
    import unicodedata  # a megabyte, for the few names that need it

    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def as_utf8(argument: str) -> str:
    """Return an argument that was typed as UTF-8, where Python takes the locale for one with ASCII only."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        try:
            return os.fsencode(argument).decode()
        except UnicodeError:
            pass
    return argument
