"""The structures of ras.h as plain Python records, free of cffi and asyncio."""

from .autodial import AutoDialEntry, AutoDialParameter
from .connection import ConnectionInfo, ConnectionStatus, EntryName
from .credentials import CredentialKind, Credentials, StoredPassword, check_stored
from .devices import Country, Device
from .eap import EapIdentity, EapOptions
from .entry import (
    IDLE_NEVER,
    DialMode,
    Encryption,
    Entry,
    EntryOptions,
    EntryOptions2,
    EntryType,
    NetProtocols,
    VpnProtocol,
    VpnStrategy,
)
from .entry_link import EntryLink
from .events import DialEvent, dial_event
from .names import check_entry_name, fold_name
from .projection import Authentication, IpProjection, ProjectionKind
from .request import DialOptions, DialRequest, Resume
from .statistics import ConnectionStatistics, Counters, RunningTotals

__all__ = [
    "IDLE_NEVER",
    "Authentication",
    "AutoDialEntry",
    "AutoDialParameter",
    "ConnectionInfo",
    "ConnectionStatistics",
    "ConnectionStatus",
    "Counters",
    "Country",
    "CredentialKind",
    "Credentials",
    "Device",
    "DialEvent",
    "DialMode",
    "DialOptions",
    "DialRequest",
    "EapIdentity",
    "EapOptions",
    "Encryption",
    "Entry",
    "EntryLink",
    "EntryName",
    "EntryOptions",
    "EntryOptions2",
    "EntryType",
    "IpProjection",
    "NetProtocols",
    "ProjectionKind",
    "Resume",
    "RunningTotals",
    "StoredPassword",
    "VpnProtocol",
    "VpnStrategy",
    "check_entry_name",
    "check_stored",
    "dial_event",
    "fold_name",
]
