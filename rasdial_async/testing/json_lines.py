"""A strict reader of JSON Lines: each error names its line, and nothing is ignored."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Never

_BOM = b"\xef\xbb\xbf"  # what Windows' editors put first


class LineError(ValueError):
    """An error, with the number of its line, from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(line, reason)
        self.line = line
        self.reason = reason


class Fields:
    """The object in one line. Each key is taken once; a key that is left is an error."""

    def __init__(self, line: int, values: dict[str, object]) -> None:
        self.line = line
        self._values = values

    def text(self, key: str, longest: int, default: str | None = None) -> str:
        """Take a text; `longest` counts UTF-16 characters, as RAS does."""
        value = self._take(key, default)
        if not isinstance(value, str):
            self.refuse(key, "must be a text")
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            self.refuse(key, "must not contain a NUL character or a lone surrogate")
        if len(value.encode("utf-16-le")) > 2 * longest:
            self.refuse(key, f"is longer than {longest} characters")
        return value

    def integer(self, key: str, default: int | None = None, *, lowest: int = 0) -> int:
        """Take a number that fits into a DWORD."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= 0xFFFFFFFF:
            self.refuse(key, f"must be a whole number from {lowest} to {0xFFFFFFFF}")
        return value

    def seconds(self, key: str) -> float:
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
            self.refuse(key, "must be a number of seconds, 0 or more")
        return float(value)

    def yes(self, key: str) -> bool:
        value = self._take(key)
        if not isinstance(value, bool):
            self.refuse(key, "must be true or false")
        return value

    def end(self) -> None:
        """Refuse the keys that are left."""
        for key in self._values:
            self.refuse(key, "is not known here")

    def refuse(self, key: str, why: str) -> Never:
        raise LineError(self.line, f"{json.dumps(key)} {why}")

    def _take(self, key: str, default: object = None) -> object:
        value = self._values.pop(key, default)
        if value is None:
            self.refuse(key, "is missing")
        return value


def read_lines(data: bytes) -> Iterator[Fields]:
    """Yield the objects of a file, one a line."""
    lines = data.removeprefix(_BOM).split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    for number, line in enumerate(lines, 1):
        yield Fields(number, _object(number, line.removesuffix(b"\r")))


def _object(number: int, line: bytes) -> dict[str, object]:
    try:
        value = json.loads(
            line.decode("utf-8"), object_pairs_hook=_without_doubles, parse_constant=_no_constant
        )
    except UnicodeDecodeError as error:
        raise LineError(number, f"is not UTF-8, at byte {error.start + 1}") from None
    except json.JSONDecodeError as error:
        raise LineError(number, f"is not JSON: {error.msg}, at column {error.colno}") from None
    except (ValueError, RecursionError) as error:
        raise LineError(number, f"is not JSON of ours: {error}") from None
    if not isinstance(value, dict):
        raise LineError(number, "must hold a JSON object")
    return value


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key stands there twice")
    return values


def _no_constant(text: str) -> Never:
    raise ValueError(f"{text} is no number")
