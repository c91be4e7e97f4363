"""The names of the front door, for type checkers: at run time they are imported when first asked for."""

from ._redial import Redial
from ._request import DialOptions, Resume
from .backends import AutoDial
from .client import RasClient, default_client
from .connection import Connection
from .credentials import CredentialKind, Credentials, StoredPassword
from .dialing import Dialing
from .eap import EapIdentity, EapOptions
from .entry import (
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
    countries,
    delete_credentials,
    devices,
    dial,
    eap_identity,
    entries,
    get_credentials,
    set_credentials,
    watch,
)
from .observer import DialObserver
from .phonebook import PhonebookEntry, PhonebookFile
from .ras_phonebook import Phonebook, all_users_phonebook, user_phonebook
from .recording import Recording, RecordingError
from .records import (
    AutoDialEntry,
    AutoDialParameter,
    ConnectionStatistics,
    Country,
    Device,
    IpProjection,
    ProjectionKind,
    RunningTotals,
)
from .simulator import CallbackMode, Drop, Fail, Login, Pause, Silence, Simulator, Step
from .states import ConnectionState, ConnectionSubState
from .sub_entry import SubEntry
from .supervisor import Keeper, KeeperChange, KeeperState, keep_connected
from .watcher import ChangeKind, ConnectionChange, Watch

__all__ = [
    "AccountError",
    "AuthenticationError",
    "AutoDial",
    "AutoDialEntry",
    "AutoDialParameter",
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
    "Country",
    "CredentialKind",
    "Credentials",
    "Device",
    "DeviceError",
    "DialError",
    "DialEvent",
    "DialMode",
    "DialObserver",
    "DialOptions",
    "DialTimeoutError",
    "Dialing",
    "Drop",
    "EapIdentity",
    "EapOptions",
    "Encryption",
    "Entry",
    "EntryLink",
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
    "Recording",
    "RecordingError",
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
    "countries",
    "default_client",
    "delete_credentials",
    "devices",
    "dial",
    "eap_identity",
    "entries",
    "error_from_code",
    "get_credentials",
    "keep_connected",
    "set_credentials",
    "user_phonebook",
    "watch",
]

__version__: str
