"""The asyncio client for the Remote Access Service (RAS).

The rooms, from the front door down; imports go down only:

    cli/                       the command line
    client, simulator          RasClient; the built-in engine for tests
    recording, testing         a dial kept in a file; lines for tests
    dialing                    dial(): await it, iterate it, enter it
    connection, phonebook,     what a dial gives; .pbk files;
    ras_phonebook              the entries that RAS keeps
    backends/, _marshal        who dials; how RAS's threads reach the event loop
    _attempt, _native/         the rules of one dial; the compiled room
    events, records, entry     the records that cross the thread line; what RAS tells of a connection
    states, errors, credentials

A name is imported from its room when it is first asked for. This package is also imported where nobody dials:
by a shell that completes a command line, and by every test run beside an installed pytest plugin.
"""

import importlib

_ROOMS = {
    "_redial": "Redial",
    "_request": "DialOptions Resume",
    "backends": "AutoDial",
    "client": "RasClient default_client",
    "connection": "Connection",
    "credentials": "CredentialKind Credentials StoredPassword",
    "dialing": "Dialing",
    "eap": "EapIdentity EapOptions",
    "entry": """
        DialMode Encryption Entry EntryOptions EntryOptions2 EntryType NetProtocols VpnProtocol VpnStrategy
    """,
    "entry_link": "EntryLink",
    "errors": """
        AccountError AuthenticationError BackendUnavailableError CertificateError DeviceError
        DialError DialTimeoutError HungUpError InteractionRequiredError LineBusyError LineError
        NoAnswerError NoCarrierError NoDialToneError PhonebookError PortError ProtocolError RasError
        ServerError TunnelError error_from_code
    """,
    "events": "ConnectionStatus DialEvent EntryName",
    "functions": """
        connections countries delete_credentials devices dial eap_identity entries get_credentials
        keep_connected set_credentials watch
    """,
    "observer": "DialObserver",
    "phonebook": "PhonebookEntry PhonebookFile",
    "ras_phonebook": "Phonebook all_users_phonebook user_phonebook",
    "recording": "Recording RecordingError",
    "records": """
        Authentication AutoDialEntry AutoDialParameter ConnectionStatistics Country Device IpProjection
        ProjectionKind RunningTotals
    """,
    "simulator": "CallbackMode Drop Fail Login Pause Silence Simulator Step",
    "states": "ConnectionState ConnectionSubState",
    "sub_entry": "SubEntry",
    "supervisor": "Keeper KeeperChange KeeperState",
    "watcher": "ChangeKind ConnectionChange Watch",
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names.split()}

__all__ = sorted(_ROOM_OF)
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = thing = getattr(importlib.import_module(f".{_ROOM_OF[name]}", __name__), name)
    return thing


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
