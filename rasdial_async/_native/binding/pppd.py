"""The engine whose links are made by pppd, as Python opens it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from ...errors import BackendUnavailableError, describe_code
from ...errors.codes import ERROR_ACCESS_DENIED, ERROR_PORT_NOT_AVAILABLE, ERROR_RASMAN_CANNOT_INITIALIZE
from .._ras import ffi, lib
from .library import RasLibrary
from .simulator import Engine

_logger = logging.getLogger(__name__)

_WORDING = "pppd"

_MISSING = {
    ERROR_RASMAN_CANNOT_INITIALIZE: "there is no /usr/sbin/pppd: install the package ppp",
    ERROR_ACCESS_DENIED: "this user may not start /usr/sbin/pppd: add the user to the group dip, or be root",
    ERROR_PORT_NOT_AVAILABLE: "there is no /dev/ppp: the kernel has no PPP, or needs `modprobe ppp_generic`",
}


class PppdEngine(Engine):
    """An engine on pppd.

    Raises:
        BackendUnavailableError: There is no pppd, no PPP in the kernel, or this user may not start pppd.
    """

    name = "pppd"
    simulated = False

    def __init__(self) -> None:
        code = lib.pppd_missing()
        if code:
            reason = _MISSING.get(code, "pppd makes links on Linux only")
            hint = describe_code(code, _WORDING).hint
            raise BackendUnavailableError(code, message=reason, hint=hint)
        super().__init__()

    def _open(self) -> Any:
        return lib.pppd_open()

    def _library(self) -> RasLibrary:
        return PppdLibrary(self._engine, self.name)


class PppdLibrary(RasLibrary):
    """The functions of an engine on pppd. Where DEBUG is on, a call logs the lines of pppd before it."""

    def __init__(self, engine: Any, name: str) -> None:
        super().__init__(lib.sim_api(engine), name, wording=_WORDING)
        self._engine = engine

    def function(self, name: str, helper: Callable[..., Any] | None = None) -> Any:
        if _logger.isEnabledFor(logging.DEBUG):
            self._log_lines()
        return super().function(name, helper)

    def _log_lines(self) -> None:
        lines = ffi.new("char[]", lib.PPPD_LINES)
        size = lib.pppd_take_lines(self._engine, lines, lib.PPPD_LINES)
        for line in bytes(ffi.buffer(lines, size)).decode("utf-8", "backslashreplace").split("\n")[:-1]:
            _logger.debug("%s", line)
