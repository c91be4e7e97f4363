"""The asyncio client for the Remote Access Service (RAS).

The rooms, from the front door down; imports go down only:

    cli/                       the command line
    client, simulator          RasClient; the built-in engine for tests
    dialing                    dial(): await it, iterate it, enter it
    connection, phonebook      what a dial gives; .pbk files
    backends/, _marshal        who dials; how RAS's threads reach the event loop
    _attempt, _native/         the rules of one dial; the compiled room
    events                     the records that cross the thread line
    states, errors, credentials
"""

from ._redial import Redial
from ._request import DialOptions, Resume
from .client import RasClient, default_client
from .connection import Connection
from .credentials import Credentials
from .dialing import Dialing
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
from .functions import connections, dial, entries
from .phonebook import PhonebookEntry, PhonebookFile
from .simulator import CallbackMode, Drop, Fail, Login, Pause, Silence, Simulator, Step
from .states import ConnectionState, ConnectionSubState
from .supervisor import Keeper, KeeperChange, KeeperState, keep_connected

__all__ = [
    "AccountError",
    "AuthenticationError",
    "BackendUnavailableError",
    "CallbackMode",
    "CertificateError",
    "Connection",
    "ConnectionState",
    "ConnectionStatus",
    "ConnectionSubState",
    "Credentials",
    "DeviceError",
    "DialError",
    "DialEvent",
    "DialOptions",
    "DialTimeoutError",
    "Dialing",
    "Drop",
    "EntryName",
    "Fail",
    "HungUpError",
    "InteractionRequiredError",
    "Keeper",
    "KeeperChange",
    "KeeperState",
    "LineBusyError",
    "LineError",
    "Login",
    "NoAnswerError",
    "NoCarrierError",
    "NoDialToneError",
    "Pause",
    "PhonebookEntry",
    "PhonebookError",
    "PhonebookFile",
    "PortError",
    "ProtocolError",
    "RasClient",
    "RasError",
    "Redial",
    "Resume",
    "ServerError",
    "Silence",
    "Simulator",
    "Step",
    "TunnelError",
    "connections",
    "default_client",
    "dial",
    "entries",
    "error_from_code",
    "keep_connected",
]

__version__ = "0.1.0"
