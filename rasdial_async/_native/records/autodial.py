"""The AutoDial database in Python types."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import NamedIntEnum, Record


@dataclass(frozen=True, slots=True)
class AutoDialEntry(Record):
    """The entry that AutoDial dials to reach an address from one location.

    Attributes:
        entry: Name of a phonebook entry; at most 256 UTF-16 characters.
        location: The TAPI dialing location.
    """

    entry: str
    location: int = 0


class AutoDialParameter(NamedIntEnum):
    """The settings of AutoDial as a whole (RASADP_*); each is a number of 32 bits."""

    DISABLE_CONNECTION_QUERY = 0
    """1 = AutoDial dials a known entry without asking; 0, the default, = it asks."""
    LOGIN_SESSION_DISABLE = 1
    """1 = off until the user logs on again."""
    SAVED_ADDRESSES_LIMIT = 2
    """The number of learned addresses that are kept; 100."""
    FAILED_CONNECTION_TIMEOUT = 3
    """Seconds before an address that could not be reached is tried again; 5."""
    CONNECTION_QUERY_TIMEOUT = 4
    """Seconds until an unanswered question counts as a no."""
