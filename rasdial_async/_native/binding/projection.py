"""RasGetProjectionInfoEx, and RasGetProjectionInfo where there is no Ex: the addresses of a connection."""

from __future__ import annotations

import ipaddress
from typing import Any

from ...errors.codes import ERROR_PROTOCOL_NOT_CONFIGURED
from .. import text
from .._ras import ffi
from ..records import Authentication, IpProjection, ProjectionKind
from .library import RasLibrary, handle_pointer
from .sizes import grow, room_at, try_sizes, versions

_RASAPIVERSION_601 = 4
_IKEV2 = 2
_RASP_PPP_IP = 0x8021
_RASP_PPP_IPV6 = 0x8057
_RASP_PPP_LCP = 0xC021
_CHAP = 0xC223
_BY_PPP = {
    0xC023: Authentication.PAP,
    0xC027: Authentication.SPAP,
    0xC227: Authentication.EAP,
}
_BY_CHAP = {0x05: Authentication.CHAP, 0x80: Authentication.MS_CHAP, 0x81: Authentication.MS_CHAP2}
_BY_IKEV2 = {1: Authentication.CERTIFICATE, 2: Authentication.EAP, 3: Authentication.PRE_SHARED_KEY}
_PPP_IP_SIZES = versions("RASPPPIPW", "dwOptions", "szServerIpAddress")
_PPP_IPV6_SIZES = versions("RASPPPIPV6")
_PPP_LCP_SIZES = versions("RASPPPLCPW")
_LINK_LOCAL = b"\xfe\x80" + bytes(6)


def projection(library: RasLibrary, handle: int) -> tuple[int, IpProjection]:
    """The code of the call, and where that is 0 the addresses."""
    if not library.has("RasGetProjectionInfoEx"):
        return _projection_of_ppp(library, handle)
    return _projection_ex(library, handle)


def _projection_ex(library: RasLibrary, handle: int) -> tuple[int, IpProjection]:
    """IKEv2's addresses lie behind the structure, in the same buffer: so RAS says how much it wants."""
    call = library.function("RasGetProjectionInfoEx")

    def fill(buffer: Any, room: Any) -> int:
        info = ffi.cast("RAS_PROJECTION_INFO *", buffer)
        info.version = _RASAPIVERSION_601
        return int(call(handle_pointer(handle), info, room))

    code, buffer, _ = grow(fill, ffi.sizeof("RAS_PROJECTION_INFO"))
    if code != 0:
        return code, IpProjection()
    info = ffi.cast("RAS_PROJECTION_INFO *", buffer)
    return 0, _read_ikev2(info.ikev2, buffer) if info.type == _IKEV2 else _read_ppp(info.ppp)


def _read_ppp(ppp: Any) -> IpProjection:
    return IpProjection(
        address=_ipv4(ppp.ipv4Address),
        server_address=_ipv4(ppp.ipv4ServerAddress),
        ipv6_address=_link_local(ppp.bInterfaceIdentifier),
        ipv6_server_address=_link_local(ppp.bServerInterfaceIdentifier),
        error=ppp.dwIPv4NegotiationError,
        ipv6_error=ppp.dwIPv6NegotiationError,
        authentication=_by_ppp(ppp),
        eap_method=ppp.dwEapTypeId,
    )


def _by_ppp(lcp: Any) -> Authentication | int | None:
    """https://learn.microsoft.com/previous-versions/windows/desktop/legacy/aa377638(v=vs.85)"""
    number = lcp.dwAuthenticationProtocol
    known = _BY_CHAP.get(lcp.dwAuthenticationData) if number == _CHAP else _BY_PPP.get(number)
    return known or number or None


def _read_ikev2(ikev2: Any, buffer: Any) -> IpProjection:
    ipv6 = _ipv6(ikev2.ipv6Address)
    servers, ipv6_servers = ikev2.ipv4ServerAddresses, ikev2.ipv6ServerAddresses
    return IpProjection(
        address=_ipv4(ikev2.ipv4Address),
        server_address=_ipv4(ikev2.ipv4ServerAddress),
        ipv6_address=ipv6,
        ipv6_server_address=_ipv6(ikev2.ipv6ServerAddress),
        ipv6_prefix_length=None if ipv6 is None else ikev2.dwPrefixLength,
        error=ikev2.dwIPv4NegotiationError,
        ipv6_error=ikev2.dwIPv6NegotiationError,
        kind=ProjectionKind.IKEV2,
        server_addresses=_list(_ipv4, buffer, servers, ikev2.numIPv4ServerAddresses),
        ipv6_server_addresses=_list(_ipv6, buffer, ipv6_servers, ikev2.numIPv6ServerAddresses),
        authentication=_BY_IKEV2.get(ikev2.dwAuthenticationProtocol, ikev2.dwAuthenticationProtocol or None),
        eap_method=ikev2.dwEapTypeId,
    )


def _projection_of_ppp(library: RasLibrary, handle: int) -> tuple[int, IpProjection]:
    """One call for each protocol; one that was not asked for is no failure while the other one is there."""
    code, ip = _info(library, handle, _RASP_PPP_IP, "RASPPPIPW", _PPP_IP_SIZES)
    ipv6_code, ipv6 = _info(library, handle, _RASP_PPP_IPV6, "RASPPPIPV6", _PPP_IPV6_SIZES)
    if code != 0 and (ipv6_code != 0 or code != ERROR_PROTOCOL_NOT_CONFIGURED):
        return code, IpProjection()
    _, lcp = _info(library, handle, _RASP_PPP_LCP, "RASPPPLCPW", _PPP_LCP_SIZES)  # which is no need
    return 0, IpProjection(
        address=_ipv4_text(ip.szIpAddress),
        server_address=_ipv4_text(ip.szServerIpAddress),
        ipv6_address=_link_local(ipv6.bLocalInterfaceIdentifier),
        ipv6_server_address=_link_local(ipv6.bPeerInterfaceIdentifier),
        error=code or ip.dwError,
        ipv6_error=ipv6_code or ipv6.dwError,
        authentication=_by_ppp(lcp),
        eap_method=lcp.dwEapTypeId,
    )


def _info(
    library: RasLibrary, handle: int, protocol: int, structure: str, sizes: tuple[int, ...]
) -> tuple[int, Any]:
    call = library.function("RasGetProjectionInfoW")
    info = ffi.new(f"{structure} *")
    room = ffi.new("DWORD *")

    def fill(size: int) -> int:
        info.dwSize = room[0] = size
        return int(call(handle_pointer(handle), protocol, info, room))

    code, _ = try_sizes(sizes, fill)
    # After an error the call may have left anything in the structure.
    return code, info if code == 0 else ffi.new(f"{structure} *")


def _list(read: Any, buffer: Any, addresses: Any, count: int) -> tuple[str, ...]:
    """The addresses of an array, as far as the array lies in the buffer."""
    size = ffi.sizeof(ffi.typeof(addresses).item)
    count = min(count, room_at(buffer, addresses) // size)
    found = (read(addresses[index]) for index in range(count))
    return tuple(address for address in found if address is not None)


def _ipv4(address: Any) -> str | None:
    packed = bytes(address)
    return str(ipaddress.IPv4Address(packed)) if any(packed) else None


def _ipv6(address: Any) -> str | None:
    packed = bytes(address)
    return str(ipaddress.IPv6Address(packed)) if any(packed) else None


def _link_local(identifier: Any) -> str | None:
    packed = bytes(identifier)
    return str(ipaddress.IPv6Address(_LINK_LOCAL + packed)) if any(packed) else None


def _ipv4_text(characters: Any) -> str | None:
    address = text.read(characters)
    return address if address not in ("", "0.0.0.0") else None
