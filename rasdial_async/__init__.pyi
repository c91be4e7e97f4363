"""The names of the front door, for type checkers: at run time they are imported when first asked for."""

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
from .observer import DialObserver
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
    "DialObserver",
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

__version__: str
