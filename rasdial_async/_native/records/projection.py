"""The addresses and the login that RAS negotiated for a connection."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from ...errors import Record


class ProjectionKind(enum.StrEnum):
    """The protocol that carries the network protocols."""

    PPP = "ppp"
    IKEV2 = "ikev2"


class Authentication(enum.StrEnum):
    """The login methods (RASLCPAP_*, RASLCPAD_* of PPP, RASIKEv2_AUTH_*)."""

    PAP = "PAP"
    SPAP = "SPAP"
    CHAP = "CHAP"
    MS_CHAP = "MS-CHAP"
    MS_CHAP2 = "MS-CHAPv2"
    EAP = "EAP"
    CERTIFICATE = "machine certificate"
    PRE_SHARED_KEY = "pre-shared key"


@dataclass(frozen=True, slots=True)
class IpProjection(Record):
    """The addresses that a connection agreed on with its server, and its login method.

    Attributes:
        address: IPv4 address of this end, as text; None = no IPv4, or none yet.
        server_address: IPv4 address of the server; None where the server did not report one.
        ipv6_address: IPv6 address of this end. PPP agrees on interface identifiers only; the address is then
            the link-local one (fe80::), and global addresses come by router advertisement.
        ipv6_server_address: IPv6 address of the server, likewise.
        ipv6_prefix_length: Bits of the network's prefix; IKEv2 only.
        error: The reason for no IPv4: 0, or a code such as 731 ERROR_PROTOCOL_NOT_CONFIGURED.
        ipv6_error: The reason for no IPv6; set on a system without RasGetProjectionInfoEx too.
        kind: PPP or IKEv2.
        server_addresses: Every IPv4 address of the server; IKEv2 only.
        ipv6_server_addresses: Every IPv6 address of the server; IKEv2 only.
        authentication: The login method of this end, or its number where it has no name here; None = no
            login, or RAS does not report it.
        eap_method: The EAP type, such as 13 (TLS), 25 (PEAP), 26 (MS-CHAPv2); 0 = no EAP.
    """

    address: str | None = None
    server_address: str | None = None
    ipv6_address: str | None = None
    ipv6_server_address: str | None = None
    ipv6_prefix_length: int | None = None
    error: int = 0
    ipv6_error: int = 0
    kind: ProjectionKind = ProjectionKind.PPP
    server_addresses: tuple[str, ...] = ()
    ipv6_server_addresses: tuple[str, ...] = ()
    authentication: Authentication | int | None = None
    eap_method: int = 0
