"""RasUpdateConnection: other end points for an IKEv2 tunnel."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import Any

from .._ras import ffi
from .library import RasLibrary, handle_pointer

_RASAPIVERSION_601 = 4
_TUNNEL_IPV4 = 1
_TUNNEL_IPV6 = 2
_Address = IPv4Address | IPv6Address


def update_connection(
    library: RasLibrary, handle: int, local: _Address | None, remote: _Address | None, interface: int
) -> int:
    """The code of the call; None and 0 = RAS chooses."""
    update = ffi.new("RASUPDATECONN *")
    update.version, update.dwSize = _RASAPIVERSION_601, ffi.sizeof("RASUPDATECONN")
    update.dwIfIndex = interface
    _fill(update.localEndPoint, local)
    _fill(update.remoteEndPoint, remote)
    return int(library.function("RasUpdateConnection")(handle_pointer(handle), update))


def _fill(endpoint: Any, address: _Address | None) -> None:
    if isinstance(address, IPv4Address):
        endpoint.dwType, endpoint.ipv4 = _TUNNEL_IPV4, address.packed
    elif isinstance(address, IPv6Address):
        endpoint.dwType, endpoint.ipv6 = _TUNNEL_IPV6, address.packed
