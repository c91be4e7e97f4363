"""EAP: who a dial says it is, where an entry logs in by the Extensible Authentication Protocol."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntFlag


class EapOptions(IntFlag):
    """How RasGetEapUserIdentity may get an identity (RASEAPF_*).

    Attributes:
        NONE: It may open a window and ask.
        NON_INTERACTIVE: It must not: 703 where it would have to.
        LOGON: The user is about to sign in to the system.
        PREVIEW: It asks even if it knows already.
    """

    NONE = 0
    NON_INTERACTIVE = 0x2
    LOGON = 0x4
    PREVIEW = 0x8


@dataclass(frozen=True, slots=True)
class EapIdentity:
    """What an EAP method proves an identity with, as RAS gave it: see :meth:`RasClient.eap_identity`.

    It is a value: any number of dials of its entry can use it, at the same time and again. The data may be
    secret, so they are masked in ``repr``; Python's bytes can't be wiped, but every buffer that they are
    copied to for RAS is, as soon as its dial is over.

    Attributes:
        username: The user name that goes with it.
        data: Bytes that only the EAP method understands.
    """

    username: str = ""
    data: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.username, str):
            raise TypeError(f"username must be a str, not {type(self.username).__name__}")
        if not isinstance(self.data, bytes):
            raise TypeError(f"data must be bytes, not {type(self.data).__name__}")

    def __repr__(self) -> str:
        return f"EapIdentity(username={self.username!r}, data=<{len(self.data)} bytes>)"
