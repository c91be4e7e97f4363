"""RASDEVINFO and RASCTRYINFO in Python types."""

from __future__ import annotations

from dataclasses import dataclass


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
