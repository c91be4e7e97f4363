"""The EAP data of one dial, as RasDial and RasInvokeEapUI take it."""

from __future__ import annotations

from typing import Any

from .. import text
from .._ras import ffi
from ..records import DialOptions, DialRequest, EapIdentity


class EapInfo:
    """RASEAPINFO of one dial, its cookie, and the memory behind both.

    RAS may read all three until the dial is over.
    """

    def __init__(self, identity: EapIdentity | None, cookie: bytes = b"") -> None:
        self.cookie: Any = ffi.new("BYTE[]", cookie)
        self._data = ffi.new("BYTE[]", identity.data if identity is not None else b"")
        self.info: Any = ffi.new("RASEAPINFO *")
        if identity is not None:
            self.info.dwSizeofEapInfo = len(identity.data)
            self.info.pbEapInfo = self._data

    @classmethod
    def of(cls, request: DialRequest) -> EapInfo | None:
        """Return None where the dial has neither an identity nor a cookie, and no pause can add one."""
        pauses = DialOptions.PAUSED_STATES in request.options
        return cls(request.eap, request.cookie) if request.eap or request.cookie or pauses else None

    def wipe(self) -> None:
        """Overwrite the data once the dial is over. A second call does nothing more."""
        text.wipe(self._data)
        text.wipe(self.cookie)
        text.wipe(self.info)
