"""One line for each RAS call, where somebody listens: function, arguments, result and milliseconds.

Every call gets its function from :meth:`RasLibrary.function`, which asks here; while the level is off, it
gets RAS's own. RAS's callbacks stay in C and are no calls: nothing here runs on a thread of RAS.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

from ...errors import describe_code
from .. import text
from .._ras import ffi

_logger = logging.getLogger(__name__)

_SECRET = "szPassword"
# What is shown of a structure. No other member is, so one that holds a secret can't be forgotten.
_SHOWN = {
    "RASDIALPARAMSW": ("szEntryName", "szPhoneNumber", "szUserName", _SECRET, "szDomain", "dwSubEntry"),
    "RASDIALEXTENSIONS": ("dwfOptions",),
    "RASCREDENTIALSW": ("dwMask", "szUserName", _SECRET, "szDomain"),
    "RASCONNSTATUSW": ("rasconnstate", "dwError"),
    "RASENTRYW": ("dwType", "szDeviceType", "szDeviceName", "szLocalPhoneNumber"),
    "RASUPDATECONN": ("dwIfIndex",),
    "RASCTRYINFO": ("dwCountryID", "dwNextCountryID"),
}
_CELLS = {"uint32_t", "int32_t", "unsigned long", "unsigned int", "int"}
_OPAQUE = {"void", "struct HRASCONN__", "struct HWND__"}


def logged(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function; where DEBUG is on, one that logs each of its calls."""
    if not _logger.isEnabledFor(logging.DEBUG):
        return function

    def call(*arguments: Any) -> Any:
        started = time.perf_counter_ns()
        code = function(*arguments)
        milliseconds = (time.perf_counter_ns() - started) / 1e6
        shown = ", ".join(map(_show, arguments))
        result = "" if code is None else f"{code} {describe_code(code).symbol}, "
        _logger.debug("%s(%s): %s%.3f ms", name, shown, result, milliseconds)
        return code

    return call


def _show(argument: Any) -> str:
    if not isinstance(argument, ffi.CData):
        return repr(argument)
    if not argument:
        return "NULL"
    kind = ffi.typeof(argument)
    pointed = kind.item
    if kind.kind == "array":
        return repr(text.read(argument)) if pointed.cname == "char16_t" else f"<{len(argument)} items>"
    if pointed.cname in _OPAQUE:
        return f"{_address(argument):#x}"
    if pointed.kind == "pointer":
        return f"&{_address(argument[0]):#x}"
    if pointed.cname in _CELLS:
        return f"&{argument[0]}"
    return f"{pointed.cname}({', '.join(_members(argument, pointed.cname))})"


def _members(structure: Any, name: str) -> Iterator[str]:
    for member in _SHOWN.get(name, ()):
        value = getattr(structure, member)
        if isinstance(value, ffi.CData):
            value = text.read(value)
        yield f"{member}={'***' if value and member == _SECRET else repr(value)}"


def _address(pointer: Any) -> int:
    return int(ffi.cast("uintptr_t", pointer))
