"""Entry: a phonebook entry in Python types.

The names, units and limits are those of RASENTRY
(https://learn.microsoft.com/previous-versions/windows/desktop/legacy/aa377274(v=vs.85)). :attr:`Entry.image`
keeps the fields without an attribute, as RAS gave them, and they are written back with the rest.
"""

from __future__ import annotations

import dataclasses
import ipaddress
from dataclasses import dataclass, field
from typing import Any

from ...errors import NamedIntEnum, NamedIntFlag, Record, check_text, hides_arguments, hides_fields
from .entry_link import check_alternates
from .names import check_entry_name

IDLE_NEVER = 0xFFFFFFFF
"""`Entry.idle_disconnect`: never; 0 = the user's setting for all entries; else seconds."""


class EntryType(NamedIntEnum):
    """The kind of an entry (RASET_*)."""

    PHONE = 1
    VPN = 2
    DIRECT = 3
    INTERNET = 4
    BROADBAND = 5


class VpnStrategy(NamedIntEnum):
    """The tunnels to try, in order (VS_*). RAS may store another one after a success."""

    DEFAULT = 0
    PPTP_ONLY = 1
    PPTP_FIRST = 2
    L2TP_ONLY = 3
    L2TP_FIRST = 4
    SSTP_ONLY = 5
    SSTP_FIRST = 6
    IKEV2_ONLY = 7
    IKEV2_FIRST = 8
    GRE_ONLY = 9
    PPTP_SSTP = 12
    L2TP_SSTP = 13
    IKEV2_SSTP = 14
    PROTOCOL_LIST = 15


class Encryption(NamedIntEnum):
    """The encryption of the data, not of the password (ET_*)."""

    NONE = 0
    REQUIRE = 1
    REQUIRE_MAX = 2
    OPTIONAL = 3


class NetProtocols(NamedIntFlag):
    """The network protocols (RASNP_*)."""

    NETBEUI = 1
    IPX = 2
    IP = 4
    IPV6 = 8


class EntryOptions(NamedIntFlag):
    """The flags dwfOptions (RASEO_*); bits without a name here survive."""

    USE_COUNTRY_AND_AREA_CODES = 0x1
    SPECIFIC_IP_ADDRESS = 0x2
    SPECIFIC_NAME_SERVERS = 0x4
    IP_HEADER_COMPRESSION = 0x8
    REMOTE_DEFAULT_GATEWAY = 0x10
    DISABLE_LCP_EXTENSIONS = 0x20
    SW_COMPRESSION = 0x200
    REQUIRE_ENCRYPTED_PASSWORD = 0x400
    REQUIRE_MS_ENCRYPTED_PASSWORD = 0x800
    REQUIRE_DATA_ENCRYPTION = 0x1000
    NETWORK_LOGON = 0x2000
    USE_LOGON_CREDENTIALS = 0x4000
    PROMOTE_ALTERNATES = 0x8000
    REQUIRE_EAP = 0x20000
    REQUIRE_PAP = 0x40000
    REQUIRE_SPAP = 0x80000
    CUSTOM = 0x100000
    SHARED_PHONE_NUMBERS = 0x800000
    REQUIRE_CHAP = 0x8000000
    REQUIRE_MS_CHAP = 0x10000000
    REQUIRE_MS_CHAP2 = 0x20000000


class EntryOptions2(NamedIntFlag):
    """The flags dwfOptions2 (RASEO2_*); bits without a name here survive."""

    SECURE_FILE_AND_PRINT = 0x1
    SECURE_CLIENT_FOR_MS_NET = 0x2
    DONT_NEGOTIATE_MULTILINK = 0x4
    DONT_USE_RAS_CREDENTIALS = 0x8
    USE_PRE_SHARED_KEY = 0x10
    INTERNET = 0x20
    DISABLE_NBT_OVER_IP = 0x40
    RECONNECT_IF_DROPPED = 0x100
    IPV6_SPECIFIC_NAME_SERVERS = 0x1000
    IPV6_REMOTE_DEFAULT_GATEWAY = 0x2000
    REGISTER_IP_WITH_DNS = 0x4000
    IPV4_EXPLICIT_METRIC = 0x10000
    IPV6_EXPLICIT_METRIC = 0x20000
    DISABLE_IKE_NAME_EKU_CHECK = 0x40000
    DISABLE_CLASS_BASED_STATIC_ROUTE = 0x80000
    SPECIFIC_IPV6_ADDRESS = 0x100000
    DISABLE_MOBILITY = 0x200000
    REQUIRE_MACHINE_CERTIFICATES = 0x400000
    CACHE_CREDENTIALS = 0x2000000


class DialMode(NamedIntEnum):
    """The sub-entries of a multilink entry that a dial dials (RASEDM_*)."""

    ALL = 1
    AS_NEEDED = 2


class VpnProtocol(NamedIntEnum):
    """The protocol of :meth:`Entry.vpn`; the values are those of VpnStrategy."""

    AUTOMATIC = 0
    PPTP = 1
    L2TP = 3
    SSTP = 5
    IKEV2 = 7


_EAP_MS_CHAP2 = 26
# UTF-16 characters, without the zero at the end.
_LIMITS = {
    "phone_number": 128,
    "area_code": 10,
    "device_type": 16,
    "device_name": 128,
    "script": 259,
    "dns_suffix": 255,
    "prerequisite_phonebook": 259,
    "prerequisite_entry": 256,
    "pre_shared_key": 256,
}
_IPV4 = ("ip_address", "dns", "dns_alternate", "wins", "wins_alternate")
_IPV6 = ("ipv6_address", "ipv6_dns", "ipv6_dns_alternate")


@hides_fields
@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Record):
    """An entry of a phonebook. `dataclasses.replace` changes it, `Phonebook.update` writes it.

    Attributes:
        name: At most 256 UTF-16 characters; `Phonebook.validate` has the rule.
        type: RASET_*.
        phone_number: Number, host name or address of a VPN server, or PPPoE service name; at most 128.
        alternates: More numbers, names or addresses, tried when the first one fails.
        device_type: "vpn", "modem", "PPPoE", …; at most 16.
        device_name: The exact name of a device of this system, such as "WAN Miniport (IKEv2)"; at most 128.
            Windows translates these names: "" makes `Phonebook` choose a device by type and protocol.
        vpn_strategy: VS_*; for a VPN.
        options: RASEO_*.
        options2: RASEO2_*.
        encryption: ET_*.
        protocols: RASNP_*.
        framing: 1 = PPP.
        dial_mode: RASEDM_*; for a multilink entry.
        custom_auth_key: EAP method (13 TLS, 25 PEAP, 26 MS-CHAPv2), with `EntryOptions.REQUIRE_EAP`.
        country_id: With EntryOptions.USE_COUNTRY_AND_AREA_CODES.
        country_code: Likewise.
        area_code: Likewise; at most 10.
        script: Path of a login script; at most 259.
        ip_address: IPv4 as text, with SPECIFIC_IP_ADDRESS; "" = none.
        dns: With SPECIFIC_NAME_SERVERS, as the next three.
        dns_alternate: See `dns`.
        wins: See `dns`.
        wins_alternate: See `dns`.
        ipv6_address: With EntryOptions2.SPECIFIC_IPV6_ADDRESS.
        ipv6_prefix_length: Bits.
        ipv6_dns: With EntryOptions2.IPV6_SPECIFIC_NAME_SERVERS.
        ipv6_dns_alternate: Likewise.
        ipv4_metric: With EntryOptions2.IPV4_EXPLICIT_METRIC.
        ipv6_metric: With EntryOptions2.IPV6_EXPLICIT_METRIC.
        dns_suffix: At most 255.
        prerequisite_phonebook: The phonebook of `prerequisite_entry`.
        prerequisite_entry: The entry that dialogs dial first; RasDial does not.
        idle_disconnect: Seconds without traffic; 0 = the user's own setting, IDLE_NEVER = never.
        network_outage: Minutes that IKEv2 waits for its network; 0 = the system's own.
        redial_count: The number of redials by the system's dialogs and by ``dial(redial="entry")``.
        redial_pause: Seconds before each of these redials.
        pre_shared_key: For L2TP: stored by `Phonebook.create` and `update`, never read, shown or compared.
        guid: Given by RAS; "" before. Never written.
        links: The number of sub-entries, from RAS; `Phonebook.links` lists them. Never written.
        image: The RASENTRY that RAS gave, with the data behind it; b"" for an entry made here.
    """

    name: str
    type: EntryType | int = EntryType.VPN
    phone_number: str = ""
    alternates: tuple[str, ...] = ()
    device_type: str = "vpn"
    device_name: str = ""
    vpn_strategy: VpnStrategy | int = VpnStrategy.DEFAULT
    options: EntryOptions = EntryOptions.REMOTE_DEFAULT_GATEWAY | EntryOptions.REQUIRE_MS_CHAP2
    options2: EntryOptions2 = EntryOptions2.RECONNECT_IF_DROPPED | EntryOptions2.IPV6_REMOTE_DEFAULT_GATEWAY
    encryption: Encryption | int = Encryption.REQUIRE
    protocols: NetProtocols = NetProtocols.IP | NetProtocols.IPV6
    framing: int = 1
    dial_mode: DialMode | int = DialMode.ALL
    custom_auth_key: int = 0
    country_id: int = 0
    country_code: int = 0
    area_code: str = ""
    script: str = ""
    ip_address: str = ""
    dns: str = ""
    dns_alternate: str = ""
    wins: str = ""
    wins_alternate: str = ""
    ipv6_address: str = ""
    ipv6_prefix_length: int = 0
    ipv6_dns: str = ""
    ipv6_dns_alternate: str = ""
    ipv4_metric: int = 0
    ipv6_metric: int = 0
    dns_suffix: str = ""
    prerequisite_phonebook: str = ""
    prerequisite_entry: str = ""
    idle_disconnect: int = IDLE_NEVER
    network_outage: int = 0
    redial_count: int = 3
    redial_pause: int = 60
    pre_shared_key: str = field(default="", repr=False, compare=False)
    guid: str = field(default="", compare=False)
    links: int = field(default=0, compare=False)
    image: bytes = field(default=b"", repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the values that RAS would cut or misread.

        Raises:
            TypeError: An attribute of the wrong type, named.
            ValueError: An attribute that RAS cannot take, named; never its value.
        """
        check_text("name", self.name, 256)
        for name, limit in _LIMITS.items():
            check_text(name, getattr(self, name), limit)
        for name, kind in (("guid", str), ("image", bytes)):
            if not isinstance(getattr(self, name), kind):
                raise TypeError(f"{name} must be {kind.__name__}, not {type(getattr(self, name)).__name__}")
        check_alternates(self.alternates)
        for addresses, parse in ((_IPV4, ipaddress.IPv4Address), (_IPV6, ipaddress.IPv6Address)):
            for name in addresses:
                _check_address(name, getattr(self, name), parse)
        for item in dataclasses.fields(self):
            if isinstance(item.default, int):
                _check_number(item.name, getattr(self, item.name))

    @classmethod
    @hides_arguments
    def vpn(
        cls,
        name: str,
        server: str,
        *,
        protocol: VpnProtocol | str = VpnProtocol.AUTOMATIC,
        pre_shared_key: str = "",
        eap: int = 0,
        machine_certificate: bool = False,
        full_tunnel: bool = True,
        **more: Any,
    ) -> Entry:
        """Return a VPN entry. By default it logs in by MS-CHAPv2, and within EAP for IKEv2.

        Args:
            name: Name of the entry.
            server: Host name or address.
            protocol: A VpnProtocol or its name in any case: "ikev2", "sstp", "l2tp", "pptp", "automatic".
            pre_shared_key: For L2TP, instead of a certificate of the machine.
            eap: EAP method: 13 (TLS: a certificate of the user or a smart card), 25 (PEAP), 26 (MS-CHAPv2), …
                0 = MS-CHAPv2 without EAP; for IKEv2, which has none without EAP, 26.
            machine_certificate: For IKEv2: the machine's certificate, instead of a user name and password.
            full_tunnel: Send all traffic of IPv4 and IPv6 through the tunnel.
            more: Any other attribute of Entry.

        Raises:
            TypeError: An argument has the wrong type, or is unknown.
            ValueError: RAS cannot take an argument, or two arguments exclude each other.
        """
        check_entry_name("name", name)
        check_text("server", server, 128)
        if not server:
            raise ValueError("server is empty")
        kind = _protocol(protocol)
        if pre_shared_key and kind is not VpnProtocol.L2TP:
            raise ValueError("pre_shared_key is for protocol L2TP")
        if machine_certificate and kind is not VpnProtocol.IKEV2:
            raise ValueError("machine_certificate is for protocol IKEV2")
        if machine_certificate and eap:
            raise ValueError("give eap or machine_certificate, not both")
        if kind is VpnProtocol.IKEV2 and not machine_certificate:
            eap = eap or _EAP_MS_CHAP2
        options, options2 = EntryOptions(0), EntryOptions2.RECONNECT_IF_DROPPED
        if eap:
            options |= EntryOptions.REQUIRE_EAP
        elif not machine_certificate:
            options |= EntryOptions.REQUIRE_MS_CHAP2
        if machine_certificate:
            options2 |= EntryOptions2.REQUIRE_MACHINE_CERTIFICATES
        if pre_shared_key:
            options2 |= EntryOptions2.USE_PRE_SHARED_KEY
        if full_tunnel:
            options |= EntryOptions.REMOTE_DEFAULT_GATEWAY
            options2 |= EntryOptions2.IPV6_REMOTE_DEFAULT_GATEWAY
        values: dict[str, Any] = {
            "phone_number": server,
            "vpn_strategy": VpnStrategy(kind),
            "options": options,
            "options2": options2,
            "custom_auth_key": eap,
            "pre_shared_key": pre_shared_key,
        }
        return cls(name=name, **(values | more))

    @classmethod
    @hides_arguments
    def pppoe(cls, name: str, service: str = "", **more: Any) -> Entry:
        """Return a PPPoE entry.

        Args:
            name: Name of the entry.
            service: Name of the provider's service; "" = any.
            more: Any other attribute of Entry.
        """
        check_entry_name("name", name)
        values: dict[str, Any] = {
            "type": EntryType.BROADBAND,
            "phone_number": service,
            "device_type": "PPPoE",
            "options": EntryOptions.REMOTE_DEFAULT_GATEWAY,
            "encryption": Encryption.OPTIONAL,
        }
        return cls(name=name, **(values | more))

    @classmethod
    @hides_arguments
    def modem(cls, name: str, phone_number: str, *, device: str, **more: Any) -> Entry:
        """Return a dial-up entry.

        Args:
            name: Name of the entry.
            phone_number: The number to dial.
            device: The modem's exact name, as RAS lists it.
            more: Any other attribute of Entry.
        """
        check_entry_name("name", name)
        values: dict[str, Any] = {
            "type": EntryType.PHONE,
            "phone_number": phone_number,
            "device_type": "modem",
            "device_name": device,
            "options": EntryOptions.REMOTE_DEFAULT_GATEWAY,
            "encryption": Encryption.OPTIONAL,
        }
        return cls(name=name, **(values | more))


def _protocol(protocol: VpnProtocol | str) -> VpnProtocol:
    if isinstance(protocol, str) and protocol.upper() in VpnProtocol.__members__:
        return VpnProtocol[protocol.upper()]
    if not isinstance(protocol, VpnProtocol):
        raise ValueError(f"protocol must be one of {', '.join(VpnProtocol.__members__)}")
    return protocol


def _check_number(name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if not 0 <= value <= 0xFFFFFFFF:
        raise ValueError(f"{name} must be between 0 and {0xFFFFFFFF}")


def _check_address(name: str, value: object, parse: Any) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    try:
        parse(value or 0)
    except ValueError:
        raise ValueError(f"{name} must be an address, or empty") from None
