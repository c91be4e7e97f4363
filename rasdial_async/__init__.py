"""The asyncio client for the Remote Access Service (RAS).

The rooms, from the front door down; imports go down only:

    cli/                       the command line
    client, simulator          RasClient; the built-in engine for tests
    dialing                    dial(): await it, iterate it, enter it
    connection, phonebook,     what a dial gives; .pbk files;
    ras_phonebook              the entries that RAS keeps
    backends/, _marshal        who dials; how RAS's threads reach the event loop
    _attempt, _native/         the rules of one dial; the compiled room
    events, records, entry     the records that cross the thread line; what RAS tells of a connection
    states, errors, credentials
"""

from ._redial import Redial
from ._request import DialOptions, Resume
from .client import RasClient, default_client
from .connection import Connection
from .credentials import CredentialKind, Credentials, StoredPassword
from .dialing import Dialing
from .entry import (
    Encryption,
    Entry,
    EntryOptions,
    EntryOptions2,
    EntryType,
    NetProtocols,
    VpnProtocol,
    VpnStrategy,
)
from .errors import (
    AccountError,
    AuthenticationError,
    BackendUnavailableError,
    CertificateError,
    DeviceError,
    DialError,
    DialTimeoutError,
    HungUpError,
    InteractionRequiredError,
    LineBusyError,
    LineError,
    NoAnswerError,
    NoCarrierError,
    NoDialToneError,
    PhonebookError,
    PortError,
    ProtocolError,
    RasError,
    ServerError,
    TunnelError,
    error_from_code,
)
from .events import ConnectionStatus, DialEvent, EntryName
from .functions import (
    connections,
    delete_credentials,
    devices,
    dial,
    entries,
    get_credentials,
    set_credentials,
    watch,
)
from .phonebook import PhonebookEntry, PhonebookFile
from .ras_phonebook import Phonebook, all_users_phonebook, user_phonebook
from .records import ConnectionStatistics, Device, IpProjection, ProjectionKind, RunningTotals
from .simulator import CallbackMode, Drop, Fail, Login, Pause, Silence, Simulator, Step
from .states import ConnectionState, ConnectionSubState
from .sub_entry import SubEntry
from .supervisor import Keeper, KeeperChange, KeeperState, keep_connected
from .watcher import ChangeKind, ConnectionChange, Watch

__all__ = [
    "AccountError",
    "AuthenticationError",
    "BackendUnavailableError",
    "CallbackMode",
    "CertificateError",
    "ChangeKind",
    "Connection",
    "ConnectionChange",
    "ConnectionState",
    "ConnectionStatistics",
    "ConnectionStatus",
    "ConnectionSubState",
    "CredentialKind",
    "Credentials",
    "Device",
    "DeviceError",
    "DialError",
    "DialEvent",
    "DialOptions",
    "DialTimeoutError",
    "Dialing",
    "Drop",
    "Encryption",
    "Entry",
    "EntryName",
    "EntryOptions",
    "EntryOptions2",
    "EntryType",
    "Fail",
    "HungUpError",
    "InteractionRequiredError",
    "IpProjection",
    "Keeper",
    "KeeperChange",
    "KeeperState",
    "LineBusyError",
    "LineError",
    "Login",
    "NetProtocols",
    "NoAnswerError",
    "NoCarrierError",
    "NoDialToneError",
    "Pause",
    "Phonebook",
    "PhonebookEntry",
    "PhonebookError",
    "PhonebookFile",
    "PortError",
    "ProjectionKind",
    "ProtocolError",
    "RasClient",
    "RasError",
    "Redial",
    "Resume",
    "RunningTotals",
    "ServerError",
    "Silence",
    "Simulator",
    "Step",
    "StoredPassword",
    "SubEntry",
    "TunnelError",
    "VpnProtocol",
    "VpnStrategy",
    "Watch",
    "all_users_phonebook",
    "connections",
    "default_client",
    "delete_credentials",
    "devices",
    "dial",
    "entries",
    "error_from_code",
    "get_credentials",
    "keep_connected",
    "set_credentials",
    "user_phonebook",
    "watch",
]

__version__ = "0.1.0"
