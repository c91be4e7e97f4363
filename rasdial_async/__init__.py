"""The asyncio client for the Remote Access Service (RAS).

Each folder is a subject, and its `__init__` names what other folders may use; imports go down only:

    cli/            the command line
    client/         RasClient, its phonebooks, and its verbs as functions
    testing/        lines, recordings and leak checks for tests
    simulator/      the built-in RAS engine with scripted lines
    dialing/        one dial: await it, iterate it, enter it; redials and the keeper
    active/         a connection that is up, and the watch over all of them
    phonebook/      phonebook files (.pbk)
    backends/       the implementations of RAS; how RAS's threads reach the event loop
    _native/        the compiled code, its bindings, and RAS's structures as records
    errors/         codes, states, exceptions

The package imports a name from its folder at the first use. A shell that completes a command line and every
test run with the pytest plugin import the package too, and do not dial.
"""

import _thread
import importlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._native.records import (
        Authentication as Authentication,
        AutoDialEntry as AutoDialEntry,
        AutoDialParameter as AutoDialParameter,
        ConnectionStatistics as ConnectionStatistics,
        ConnectionStatus as ConnectionStatus,
        Country as Country,
        CredentialKind as CredentialKind,
        Credentials as Credentials,
        Device as Device,
        DialEvent as DialEvent,
        DialMode as DialMode,
        DialOptions as DialOptions,
        EapIdentity as EapIdentity,
        EapOptions as EapOptions,
        Encryption as Encryption,
        Entry as Entry,
        EntryLink as EntryLink,
        EntryName as EntryName,
        EntryOptions as EntryOptions,
        EntryOptions2 as EntryOptions2,
        EntryType as EntryType,
        IpProjection as IpProjection,
        NetProtocols as NetProtocols,
        ProjectionKind as ProjectionKind,
        Resume as Resume,
        RunningTotals as RunningTotals,
        StoredPassword as StoredPassword,
        VpnProtocol as VpnProtocol,
        VpnStrategy as VpnStrategy,
    )
    from .active import (
        ChangeKind as ChangeKind,
        Connection as Connection,
        ConnectionChange as ConnectionChange,
        SubEntry as SubEntry,
        Watch as Watch,
    )
    from .backends import AutoDial as AutoDial
    from .client import (
        Phonebook as Phonebook,
        RasClient as RasClient,
        all_users_phonebook as all_users_phonebook,
        connection as connection,
        connections as connections,
        countries as countries,
        default_client as default_client,
        delete_credentials as delete_credentials,
        devices as devices,
        dial as dial,
        eap_identity as eap_identity,
        entries as entries,
        get_credentials as get_credentials,
        hang_up as hang_up,
        keep_connected as keep_connected,
        set_credentials as set_credentials,
        user_phonebook as user_phonebook,
        watch as watch,
    )
    from .client.diagnosis import DoctorReport as DoctorReport, doctor as doctor
    from .dialing import (
        Dialing as Dialing,
        DialObserver as DialObserver,
        Keeper as Keeper,
        KeeperChange as KeeperChange,
        KeeperState as KeeperState,
        Redial as Redial,
    )
    from .errors import (
        AccountError as AccountError,
        AuthenticationError as AuthenticationError,
        BackendUnavailableError as BackendUnavailableError,
        CertificateError as CertificateError,
        ConnectionGoneError as ConnectionGoneError,
        ConnectionState as ConnectionState,
        ConnectionSubState as ConnectionSubState,
        DeviceError as DeviceError,
        DialError as DialError,
        DialTimeoutError as DialTimeoutError,
        HungUpError as HungUpError,
        InteractionRequiredError as InteractionRequiredError,
        LineBusyError as LineBusyError,
        LineError as LineError,
        NoAnswerError as NoAnswerError,
        NoCarrierError as NoCarrierError,
        NoDialToneError as NoDialToneError,
        PhonebookError as PhonebookError,
        PortError as PortError,
        ProtocolError as ProtocolError,
        RasError as RasError,
        ServerError as ServerError,
        TunnelError as TunnelError,
        error_from_code as error_from_code,
    )
    from .phonebook import (
        PhonebookEntry as PhonebookEntry,
        PhonebookFile as PhonebookFile,
    )
    from .simulator import (
        CallbackMode as CallbackMode,
        Drop as Drop,
        Fail as Fail,
        Login as Login,
        Pause as Pause,
        ScenarioError as ScenarioError,
        Silence as Silence,
        Simulator as Simulator,
        Step as Step,
    )
    from .testing import Recording as Recording, RecordingError as RecordingError

_FOLDERS = {
    "_native.records": """
        Authentication AutoDialEntry AutoDialParameter ConnectionStatistics ConnectionStatus Country
        CredentialKind Credentials Device DialEvent DialMode DialOptions EapIdentity EapOptions
        Encryption Entry EntryLink EntryName EntryOptions EntryOptions2 EntryType IpProjection
        NetProtocols ProjectionKind Resume RunningTotals StoredPassword VpnProtocol VpnStrategy
    """,
    "backends": """
        AutoDial
    """,
    "client": """
        Phonebook RasClient all_users_phonebook connection connections countries default_client
        delete_credentials devices dial eap_identity
        entries get_credentials hang_up keep_connected set_credentials user_phonebook watch
    """,
    "client.diagnosis": """
        DoctorReport doctor
    """,
    "active": """
        ChangeKind Connection ConnectionChange SubEntry Watch
    """,
    "dialing": """
        DialObserver Dialing Keeper KeeperChange KeeperState Redial
    """,
    "errors": """
        AccountError AuthenticationError BackendUnavailableError CertificateError ConnectionGoneError
        ConnectionState ConnectionSubState DeviceError DialError DialTimeoutError HungUpError
        InteractionRequiredError LineBusyError LineError NoAnswerError NoCarrierError
        NoDialToneError PhonebookError PortError ProtocolError RasError ServerError TunnelError
        error_from_code
    """,
    "phonebook": """
        PhonebookEntry PhonebookFile
    """,
    "simulator": """
        CallbackMode Drop Fail Login Pause ScenarioError Silence Simulator Step
    """,
    "testing": """
        Recording RecordingError
    """,
}
_FOLDER_OF = {name: folder for folder, names in _FOLDERS.items() for name in names.split()}

__all__ = sorted(_FOLDER_OF)
__version__ = "0.1.0"


# A fork waits for an import in another thread: the child would find that module's import lock taken for ever.
_no_fork = _thread.RLock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_no_fork.acquire,
        after_in_parent=_no_fork.release,
        after_in_child=_no_fork.release,
    )


def __getattr__(name: str) -> object:
    if name not in _FOLDER_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with _no_fork:
        globals()[name] = thing = getattr(importlib.import_module(f".{_FOLDER_OF[name]}", __name__), name)
    return thing


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
