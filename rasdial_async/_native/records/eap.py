"""Identities for entries that log in by the Extensible Authentication Protocol (EAP)."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...errors import NamedIntFlag, Record


class EapOptions(NamedIntFlag):
    """The ways in which RasGetEapUserIdentity may get an identity (RASEAPF_*).

    Attributes:
        NONE: RAS may open a window and ask.
        NON_INTERACTIVE: RAS must not ask: 703 where it would have to.
        LOGON: The user is about to sign in to the system.
        PREVIEW: RAS asks even if it has the answer.
    """

    NONE = 0
    NON_INTERACTIVE = 0x2
    LOGON = 0x4
    PREVIEW = 0x8


@dataclass(frozen=True, slots=True)
class EapIdentity(Record):
    """The identity of a user for an EAP method, as :meth:`RasClient.eap_identity` returns it.

    Any number of dials of the entry can use one identity, at the same time and again. The data may be secret,
    so ``repr`` masks them. Every buffer that they are copied to for RAS is wiped as soon as its dial is over;
    Python's bytes cannot be wiped.

    Attributes:
        username: The user name of the identity.
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
