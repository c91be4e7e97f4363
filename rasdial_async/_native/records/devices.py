"""RASDEVINFO and RASCTRYINFO in Python types."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import Record


@dataclass(frozen=True, slots=True)
class Device(Record):
    """A device that RAS can dial with.

    Attributes:
        name: Such as "WAN Miniport (IKEv2)".
        type: Such as "modem", "isdn", "vpn", "PPPoE"; unknown types pass through as they are.
            RAS spells types in various cases: ignore case when you compare.
    """

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Country(Record):
    """A country in the dialing rules of Windows (TAPI).

    Attributes:
        id: TAPI's number of the country, for `Entry.country_id`; 107 = Canada.
        code: The number to dial, for `Entry.country_code`; several countries may share it.
        name: The country's name as RAS spells it.
    """

    id: int
    code: int
    name: str
