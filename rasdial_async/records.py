"""The frozen records of what RAS tells of a connection that is up, and of the machine it runs on."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple


class Counters(NamedTuple):
    """RAS_STATS as RAS fills it: unsigned 32-bit numbers, the duration in milliseconds."""

    bytes_sent: int = 0
    bytes_received: int = 0
    frames_sent: int = 0
    frames_received: int = 0
    crc_errors: int = 0
    timeout_errors: int = 0
    alignment_errors: int = 0
    hardware_overrun_errors: int = 0
    framing_errors: int = 0
    buffer_overrun_errors: int = 0
    compression_in: int = 0
    compression_out: int = 0
    bps: int = 0
    duration: int = 0


@dataclass(frozen=True, slots=True)
class RunningTotals:
    """What went over a connection, counted on across the 32-bit wraps of RAS's counters.

    They belong to the :class:`Connection` (or :class:`SubEntry`) object that was asked, not to the
    connection: they begin with what RAS counted at the object's first call of `statistics()`, and each
    later call adds what the counters have moved since. That is exact as long as

    - no counter moves by 4 GiB (2^32) or more between two calls: at 1 Gbit/s ask every 30 seconds;
    - nobody else clears the counters in between. A frame counter that would have moved by 2^31 or more
      is taken as such a clearing: then what RAS counts now is added, and what passed between the last
      call and the clearing is missing.

    `clear_statistics()` of the same object leaves them alone.

    Attributes:
        bytes_sent: Bytes sent.
        bytes_received: Bytes received.
        frames_sent: Frames sent.
        frames_received: Frames received.
        duration: How long the connection is up; RAS's own number wraps at 49.7 days.
    """

    bytes_sent: int = 0
    bytes_received: int = 0
    frames_sent: int = 0
    frames_received: int = 0
    duration: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class ConnectionStatistics:
    """What RAS counts of a connection: all its links together, or one of them.

    The counters are RAS's own: 32 bits, so they wrap at 4 GiB, and they count from the beginning or from
    the last time that anybody cleared them. `total` counts on.

    Attributes:
        bytes_sent: Bytes sent, modulo 2^32.
        bytes_received: Bytes received, modulo 2^32.
        frames_sent: Frames sent.
        frames_received: Frames received.
        crc_errors: Frames with a wrong checksum.
        timeout_errors: Frames that took too long.
        alignment_errors: Frames that did not begin where they should.
        hardware_overrun_errors: Characters that came faster than the computer took them.
        framing_errors: Frames that were not well formed.
        buffer_overrun_errors: Frames that found no room.
        compression_in: Compression of what was received, in percent.
        compression_out: Compression of what was sent, in percent.
        bps: Speed of the link in bits per second; 0 = RAS does not say.
        duration: How long the connection is up, modulo 2^32 milliseconds (49.7 days).
        total: The same across wraps; it says what it promises.
    """

    bytes_sent: int = 0
    bytes_received: int = 0
    frames_sent: int = 0
    frames_received: int = 0
    crc_errors: int = 0
    timeout_errors: int = 0
    alignment_errors: int = 0
    hardware_overrun_errors: int = 0
    framing_errors: int = 0
    buffer_overrun_errors: int = 0
    compression_in: int = 0
    compression_out: int = 0
    bps: int = 0
    duration: timedelta = timedelta(0)
    total: RunningTotals = field(default_factory=RunningTotals)


class ProjectionKind(enum.StrEnum):
    """What carries the network protocols."""

    PPP = "ppp"
    IKEV2 = "ikev2"


class Authentication(enum.StrEnum):
    """How one end proves to the other who it is (RASLCPAP_*, RASLCPAD_* of PPP, RASIKEv2_AUTH_*)."""

    PAP = "PAP"
    SPAP = "SPAP"
    CHAP = "CHAP"
    MS_CHAP = "MS-CHAP"
    MS_CHAP2 = "MS-CHAPv2"
    EAP = "EAP"
    CERTIFICATE = "machine certificate"
    PRE_SHARED_KEY = "pre-shared key"


@dataclass(frozen=True, slots=True)
class IpProjection:
    """The addresses that a connection agreed on with its server, and how it was let in.

    Attributes:
        address: IPv4 address of this end, as text; None = no IPv4, or none yet.
        server_address: IPv4 address of the server; None where it did not say.
        ipv6_address: IPv6 address of this end. PPP agrees on interface identifiers only: then this is the
            link-local address (fe80::) made of it, and global ones come by router advertisement.
        ipv6_server_address: The server's, likewise.
        ipv6_prefix_length: Bits of the network's prefix; IKEv2 only.
        error: Why there is no IPv4: 0, or a code such as 731 ERROR_PROTOCOL_NOT_CONFIGURED.
        ipv6_error: Why there is no IPv6; a system without RasGetProjectionInfoEx says it as well.
        kind: PPP or IKEv2.
        server_addresses: Every IPv4 address of the server; IKEv2 only.
        ipv6_server_addresses: Every IPv6 address of the server; IKEv2 only.
        authentication: How this end proved who it is; a number that has no name here stays one; None = it did
            not, or RAS does not say.
        eap_method: The EAP type, such as 13 (TLS), 25 (PEAP), 26 (MS-CHAPv2); 0 = not by EAP.
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


@dataclass(frozen=True, slots=True)
class Device:
    """A device that RAS can dial with.

    Attributes:
        name: Such as "WAN Miniport (IKEv2)".
        type: Such as "modem", "isdn", "vpn", "PPPoE"; types that nobody has heard of pass through as they
            are. RAS spells them in various cases: compare without.
    """

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country as the dialing rules of Windows (TAPI) know it.

    Attributes:
        id: TAPI's number of the country, which `Entry.country_id` takes; 107 = Canada.
        code: The number that is dialed, which `Entry.country_code` takes; several countries may share it.
        name: The country's name as RAS spells it.
    """

    id: int
    code: int
    name: str


@dataclass(frozen=True, slots=True)
class AutoDialEntry:
    """What AutoDial dials to reach an address, at one place.

    Attributes:
        entry: Name of a phonebook entry; at most 256 UTF-16 characters.
        location: The TAPI dialing location where this holds.
    """

    entry: str
    location: int = 0


class AutoDialParameter(enum.IntEnum):
    """RASADP_*: what can be set for AutoDial as a whole; each is a number of 32 bits."""

    DISABLE_CONNECTION_QUERY = 0
    """1 = it dials a known entry without asking; 0, the usual, = it asks."""
    LOGIN_SESSION_DISABLE = 1
    """1 = off until the user logs on again."""
    SAVED_ADDRESSES_LIMIT = 2
    """How many learned addresses are kept; 100."""
    FAILED_CONNECTION_TIMEOUT = 3
    """Seconds before an address that could not be reached is tried again; 5."""
    CONNECTION_QUERY_TIMEOUT = 4
    """Seconds until an unanswered question counts as a no."""
