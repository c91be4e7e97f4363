"""The asyncio client for the Remote Access Service (RAS).

The rooms, from the front door down; imports go down only:

    cli/                       the command line
    client, simulator          RasClient; the built-in engine for tests
    dialing                    dial(): await it, iterate it, enter it
    connection, phonebook,     what a dial gives; .pbk files;
    ras_phonebook              the entries that RAS keeps
    backends/, _marshal        who dials; how RAS's threads reach the event loop
    _attempt, _native/         the rules of one dial; the compiled room
    events, entry              the records that cross the thread line
    states, errors, credentials
"""

from ._redial import Redial
from ._request import DialOptions
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
from .functions import connections, delete_credentials, dial, entries, get_credentials, set_credentials
from .phonebook import PhonebookEntry, PhonebookFile
from .ras_phonebook import Phonebook, all_users_phonebook, user_phonebook
from .simulator import Drop, Fail, Login, Silence, Simulator, Step
from .states import ConnectionState, ConnectionSubState
from .supervisor import Keeper, KeeperChange, KeeperState, keep_connected

__all__ = [
    "AccountError",
    "AuthenticationError",
    "BackendUnavailableError",
    "CertificateError",
    "Connection",
    "ConnectionState",
    "ConnectionStatus",
    "ConnectionSubState",
    "CredentialKind",
    "Credentials",
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
    "Phonebook",
    "PhonebookEntry",
    "PhonebookError",
    "PhonebookFile",
    "PortError",
    "ProtocolError",
    "RasClient",
    "RasError",
    "Redial",
    "ServerError",
    "Silence",
    "Simulator",
    "Step",
    "StoredPassword",
    "TunnelError",
    "VpnProtocol",
    "VpnStrategy",
    "all_users_phonebook",
    "connections",
    "default_client",
    "delete_credentials",
    "dial",
    "entries",
    "error_from_code",
    "get_credentials",
    "keep_connected",
    "set_credentials",
    "user_phonebook",
]

__version__ = "0.1.0"
