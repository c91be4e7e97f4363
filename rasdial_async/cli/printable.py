"""Names as a terminal may have them."""

from __future__ import annotations

import re

# Characters by which a name could steer a terminal, or turn the text around it.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable(text: str, encoding: str) -> str:
    """The text with \\x1b and the like for what steers, or what the encoding can't say."""
    text = _STEERING.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
    return text.encode(encoding, "backslashreplace").decode(encoding)
