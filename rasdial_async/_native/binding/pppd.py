"""The engine whose links are made by pppd, as Python opens it."""

from __future__ import annotations

from typing import Any

from ...errors import BackendUnavailableError, describe_code
from ...errors.codes import ERROR_ACCESS_DENIED, ERROR_PORT_NOT_AVAILABLE, ERROR_RASMAN_CANNOT_INITIALIZE
from .._ras import lib
from .simulator import Engine

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
    wording = "pppd"

    def __init__(self) -> None:
        code = lib.pppd_missing()
        if code:
            reason = _MISSING.get(code, "pppd makes links on Linux only")
            hint = describe_code(code, self.wording).hint
            raise BackendUnavailableError(code, message=reason, hint=hint)
        super().__init__()

    def _open(self) -> Any:
        return lib.pppd_open()
