"""Checks of arguments. The error names the argument and never has its value.

RAS copies text into fixed fields and cuts text that does not fit. The checks refuse such text
(https://learn.microsoft.com/previous-versions/windows/desktop/legacy/aa377238(v=vs.85)).
"""

from __future__ import annotations

import codecs
import os

# Loaded now, not at the first dial: a fork during the import would leave the import lock taken in the child.
codecs.lookup("utf-16-le")


# RAS_MaxEntryName, RAS_MaxPhoneNumber, RAS_MaxCallbackNumber, UNLEN, PWLEN, DNLEN: UTF-16 units.
UNLEN = 256
_LIMITS = {
    "entry": 256,
    "phone_number": 128,
    "callback_number": 128,
    "username": UNLEN,
    "password": 256,
    "domain": 15,
}


def check_text(name: str, value: object, limit: int | None = None) -> None:
    """Raise TypeError or ValueError with the name of the argument, never its value."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    if "\0" in value:
        raise ValueError(f"{name} must not contain a NUL character")
    try:
        units = len(value.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        # The chained exception would carry the text.
        units = -1
    if units < 0:
        raise ValueError(f"{name} must not contain lone surrogates")
    limit = _LIMITS[name] if limit is None else limit
    if units > limit:
        raise ValueError(f"{name} is too long: RAS takes {limit} UTF-16 characters, this has {units}")


def check_phonebook(phonebook: str | os.PathLike[str] | None) -> str | None:
    """Return the path in RAS's form: a str, or None for the default phonebooks."""
    if phonebook is None:
        return None
    if isinstance(phonebook, bytes) or not isinstance(phonebook, str | os.PathLike):
        raise TypeError(f"phonebook must be a str, a path or None, not {type(phonebook).__name__}")
    path = os.fspath(phonebook)
    check_text("phonebook", path, 32767)
    if not path:
        raise ValueError("phonebook is empty: give a path, or None for the default phonebooks")
    return path


def check_timeout(timeout: object) -> float | None:
    if timeout is None:
        return None
    if isinstance(timeout, bool) or not isinstance(timeout, int | float):
        raise TypeError(f"timeout must be a number of seconds or None, not {type(timeout).__name__}")
    if not timeout > 0:
        raise ValueError("timeout must be more than 0 seconds")
    return float(timeout)


def check_flag(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be a bool, not {type(value).__name__}")


def check_number(name: str, value: object, highest: int = 0xFFFFFFFF) -> None:
    """Raise TypeError or ValueError unless the value is a DWORD, or not above `highest`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if not 0 <= value <= highest:
        raise ValueError(f"{name} must be between 0 and {highest}")
