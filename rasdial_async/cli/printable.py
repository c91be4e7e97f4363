"""Names on their way from a command line and to a terminal, whatever characters those know."""

from __future__ import annotations

import os
import re

# Characters by which a name could steer a terminal, or turn the text around it.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable(text: str, encoding: str) -> str:
    """The text with \\x1b and the like for what steers, or what the encoding can't say."""
    text = _STEERING.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
    return text.encode(encoding, "backslashreplace").decode(encoding)


def as_utf8(argument: str) -> str:
    """What was typed as UTF-8 where Python takes the locale for one that has ASCII only."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        try:
            return os.fsencode(argument).decode()
        except UnicodeError:
            pass
    return argument
