"""RasClient: the verbs of this package over one backend. The functions of the package use the default one."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import Literal, Unpack

from . import ras_phonebook
from ._credential_verbs import CredentialVerbs
from ._eap_verbs import EapVerbs
from ._next_dial import DialPlan, answer_pauses
from ._redial import Redial
from ._request import (
    AskCredentials,
    DialOptions,
    DialRequest,
    OneDialArguments,
    OnPaused,
    check_flag,
    check_phonebook,
    check_timeout,
)
from .backends import AutoDial, Backend, open_backend
from .connection import Connection
from .credentials import Credentials
from .dialing import Dialing
from .eap import EapIdentity
from .errors import BackendUnavailableError
from .events import EntryName
from .observer import DialObserver
from .ras_phonebook import Phonebook
from .records import Country, Device
from .simulator import Simulator
from .supervisor import PATIENT, Keeper
from .watcher import Watch

ENVIRONMENT = "RASDIAL_BACKEND"


class RasClient(CredentialVerbs, EapVerbs):
    """Dials over one backend, on any event loop.

    Each of its coroutines calls RAS on a thread of the package: cancelling one leaves that call to itself.

    Args:
        backend: "rasapi32" (Windows' own RAS), "simulator" (a simulator of its own), the path of a library
            with the ABI of ras.h, a :class:`Simulator`, or None: the environment variable RASDIAL_BACKEND
            if it is set, else the system's own RAS. Nothing simulated is ever chosen silently.
        library: Path of a library with the ABI of ras.h.

    Attributes:
        dial_observer: Makes what is told about each later dial; see :class:`DialObserver`. None = nothing.

    Raises:
        BackendUnavailableError: There is no such RAS here.
    """

    def __init__(
        self,
        backend: str | os.PathLike[str] | Simulator | Backend | None = None,
        *,
        library: str | os.PathLike[str] | None = None,
    ) -> None:
        if backend is not None and library is not None:
            raise ValueError("give backend or library, not both")
        self._simulator: Simulator | None = None
        self.dial_observer: Callable[[str], DialObserver] | None = None
        self.backend: Backend = self._choose(backend) if library is None else _open_path("library", library)

    def _choose(self, choice: str | os.PathLike[str] | Simulator | Backend | None) -> Backend:
        if choice is None:
            choice = os.environ.get(ENVIRONMENT) or None
        if choice is None:
            if sys.platform != "win32":
                raise BackendUnavailableError(
                    message="this system has no RAS of its own: choose backend='simulator', or the path of a "
                    f"library with the ABI of ras.h, as an argument or in {ENVIRONMENT}"
                )
            choice = "rasapi32"
        if isinstance(choice, Backend):
            return choice
        if isinstance(choice, Simulator):
            self._simulator = choice
            return choice.backend
        if choice == "simulator":
            self._simulator = Simulator()
            return self._simulator.backend
        return open_backend(None) if choice == "rasapi32" else _open_path("backend", choice)

    @property
    def simulated(self) -> bool:
        """What it dials is no real link: also where a library turns out to be this package's simulator."""
        return self.backend.simulated

    def __repr__(self) -> str:
        if not hasattr(self, "backend"):  # a traceback shows one that could not be made
            return "<RasClient without a backend>"
        return f"<RasClient {self.backend.name}{' simulated' if self.simulated else ''}>"

    def dial(
        self,
        entry: str,
        /,
        *,
        phonebook: str | os.PathLike[str] | None = None,
        username: str = "",
        password: str = "",
        domain: str = "",
        credentials: Credentials | AskCredentials | None = None,
        save_credentials: bool = False,
        phone_number: str = "",
        callback_number: str = "",
        sub_entry: int = 0,
        interface_index: int = 0,
        timeout: float | None = None,
        redial: Redial | Literal["entry"] | None = None,
        options: DialOptions = DialOptions.NONE,
        on_paused: OnPaused | None = None,
        timeout_while_paused: bool = False,
        hold_errors: bool = False,
        owner_window: int = 0,
        eap: EapIdentity | None = None,
        cookie: bytes = b"",
    ) -> Dialing:
        """A dial, to be awaited, iterated or entered; nothing happens before that.

        Args:
            entry: Name of a phonebook entry; "" with `phone_number` dials that on the first modem.
            phonebook: Path of the .pbk file; None = the default phonebooks.
            username: At most 256 UTF-16 characters. With an empty password too, RAS takes the current logon.
            password: At most 256. The buffer that RAS reads is wiped when RasDial has returned.
            domain: At most 15; a longer DNS name goes into the user name, as user@domain.
            credentials: The three in one, instead of them; Credentials.stored() = those that RAS has stored
                for the entry, which it does not take by itself. Or a function that is asked for them, plain
                or a coroutine function: with None before the dial begins, and with the AuthenticationError
                after a wrong password, for as long as RAS pauses there (which it enables, where `on_paused`
                is not given) or `redial` allows another dial. It gives Credentials, or None to give up: the
                dial then fails with 703, or with that error. Plain ones run on the loop: don't block in one.
            save_credentials: Store them for the entry once it is connected (RasSetCredentials), with what
                paused states have changed in them. Where that fails, the dial has succeeded all the same:
                it is logged, and :attr:`Dialing.save_error` says why.
            phone_number: At most 128; overrides the entry's number.
            callback_number: At most 128; where the server is to call back.
            sub_entry: The link of a multilink entry to dial first, from 1; 0 = RAS's choice.
            interface_index: The interface to build a tunnel over; 0 = RAS's choice.
            timeout: Seconds for a whole attempt; None = as long as RAS takes.
            redial: Dial again after a failure that may pass; None = one attempt. Iterating shows the events
                of all attempts, and the error of the last one is the outcome. "entry" = as often, and after
                such pauses, as the entry says, which is read when a dial has failed.
            options: RDEOPT_* flags. With PAUSED_STATES a dial that needs input waits for it, instead of
                failing, until `on_paused` answers or somebody calls :meth:`Dialing.resume` or hangs up: for
                ever where nobody does, since `timeout` does not count meanwhile.
            on_paused: Called in a task of its own with the event of a paused state, which it enables. It
                gives a :class:`Resume`, or None to give up: the dial then fails with that state's error. The
                task is cancelled when the dial ends meanwhile.
            timeout_while_paused: The time-out counts in a paused state too.
            hold_errors: At an error RAS stays inside its callback until the consumer asks for the next
                event. Awaiting and entering count as asking; so do hanging up, a time-out, a dropped Dialing,
                a closed loop and the end of the interpreter.
            owner_window: HWND for windows that RAS may have to show; 0 = none.
            eap: What an entry that logs in by EAP proves an identity with: :meth:`eap_identity` gets it.
                Its user name is used where none is given.
            cookie: What the server of some tunnels takes instead of a login by PPP (RASDEVSPECIFICINFO and
                fSkipPppAuth, from Windows 7); its buffer is wiped when the dial is over.

        Raises:
            TypeError: An argument of the wrong type, named.
            ValueError: An argument that RAS can't take, named; never its value.
        """
        question: AskCredentials | None = None
        if credentials is not None and (username or password or domain):
            raise ValueError("give credentials, or username, password and domain, not both")
        if credentials is None:
            credentials = Credentials(username, password, domain)
        elif callable(credentials):
            question, credentials = credentials, Credentials()
            on_paused = on_paused or answer_pauses(question)
        if on_paused is not None:
            if not callable(on_paused):
                raise TypeError(f"on_paused must be a coroutine function, not {type(on_paused).__name__}")
            if isinstance(options, DialOptions):  # else DialRequest says what is wrong with it
                options |= DialOptions.PAUSED_STATES
        if redial is not None and redial != "entry" and not isinstance(redial, Redial):
            raise TypeError(f'redial must be a Redial, "entry" or None, not {type(redial).__name__}')
        check_flag("save_credentials", save_credentials)
        check_flag("timeout_while_paused", timeout_while_paused)
        if not entry and (save_credentials or redial == "entry"):
            option = "save_credentials" if save_credentials else 'redial="entry"'
            raise ValueError(f"{option} needs an entry: a number alone has nothing stored for it")
        request = DialRequest(
            entry=entry,
            phonebook=check_phonebook(phonebook),
            phone_number=phone_number,
            callback_number=callback_number,
            credentials=credentials,
            sub_entry=sub_entry,
            interface_index=interface_index,
            options=options,
            owner_window=owner_window,
            hold_errors=hold_errors,
            eap=eap,
            cookie=cookie,
        )
        return Dialing(
            self.backend,
            request,
            DialPlan(
                timeout=check_timeout(timeout),
                redial=redial,
                on_paused=on_paused,
                timeout_while_paused=timeout_while_paused,
                question=question,
                save_credentials=save_credentials,
                observer=None if self.dial_observer is None else self.dial_observer(entry),
            ),
        )

    async def connections(self) -> list[Connection]:
        """The connections that are up, whoever dialed them. Dials in progress are not among them.

        Raises:
            RasError: RAS can't list them.
        """
        found = await self.backend.connections()
        return [Connection(self.backend, link, info) for link, info in found]

    async def entries(self, phonebook: str | os.PathLike[str] | None = None) -> list[EntryName]:
        """The names of the entries that can be dialed.

        Args:
            phonebook: Path of the .pbk file; None = the default phonebooks.

        Raises:
            PhonebookError: The phonebook can't be read.
            RasError: RAS can't list them.
        """
        return await self.backend.entries(check_phonebook(phonebook))

    def watch(self, *, existing: bool = False) -> Watch:
        """The connections that come up and go from now on, whoever dials them and hangs them up.

        ``async with client.watch() as changes: async for change in changes: ...`` begins when it is entered;
        iterated without that, it begins when it is first asked. What goes and what comes at the same
        moment are both reported, the going first; so is a connection whose handle RAS gave to another one
        meanwhile. Links of a multilink connection that come or go, and an IKEv2 connection that loses its
        network and finds one again, are changes too: :class:`ChangeKind` has them all, and may get more.
        What came and went between two looks of this process leaves no trace in RAS, and none here.
        It takes one event of the system for each loop, and no thread. Leaving the block, `aclose()`, or
        dropping the iterator ends it.

        RasConnectionNotification says when to look; a look every few seconds is the net. A library without
        it is looked at every second.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasconnectionnotificationw

        Args:
            existing: Report the connections that are up at the beginning as well, as connected.
        """
        return Watch(self.backend, existing)

    async def devices(self) -> list[Device]:
        """The devices that RAS can dial with: modems, and miniports for VPN and PPPoE.

        An empty list may also mean that RAS is damaged on this machine. Cancelling it changes nothing.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasenumdevicesw

        Raises:
            RasError: RAS can't list them.
            BackendUnavailableError: The library or the backend has no list of devices.
        """
        return await self.backend.devices()

    async def countries(self) -> list[Country]:
        """The countries that Windows' dialing rules know, for the `country_id` of an :class:`Entry`.

        One call of RAS for each. Cancelling it changes nothing.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetcountryinfow

        Raises:
            RasError: 740 ERROR_TAPI_CONFIGURATION: the dialing rules are not set up on this machine.
            BackendUnavailableError: The library or the backend has no list of countries.
        """
        return await self.backend.countries()

    @property
    def autodial(self) -> AutoDial:
        """The AutoDial database: what the system dials by itself.

        Raises:
            BackendUnavailableError: The backend has none.
        """
        return self.backend.autodial

    def phonebook(self, path: str | os.PathLike[str] | None = None) -> Phonebook:
        """The entries of one phonebook, to be read and written; None = the default phonebooks."""
        book = Phonebook(path, backend=self.backend)
        book._owner = self  # a simulator of its own lives as long as it does
        return book

    def keep_connected(
        self,
        entry: str,
        /,
        *,
        redial: Redial | Literal["entry"] = PATIENT,
        stable: float = 30.0,
        **options: Unpack[OneDialArguments],
    ) -> Keeper:
        """Keeps an entry connected while the ``async with`` block runs; see :class:`Keeper`.

        Args:
            entry: Name of a phonebook entry.
            redial: How long to wait between dials, and after which errors to go on. "entry" = as often, and
                after such pauses, as the entry says: after its last try that fails, the keeper stops.
            stable: Seconds after which a connection counts as stable: when it is lost later, it is dialed
                at once; when it is lost sooner, after a pause that grows.
            **options: As for :meth:`dial`.

        Raises:
            TypeError: An argument of the wrong type, named.
            ValueError: An argument that RAS can't take, named.
        """
        return Keeper(self.dial, self.backend, entry, redial, stable, options)


def _open_path(argument: str, path: str | os.PathLike[str]) -> Backend:
    if not isinstance(path, str | os.PathLike):
        also = "a name, a path or a Simulator" if argument == "backend" else "a path"
        raise TypeError(f"{argument} must be {also}, not {type(path).__name__}")
    return open_backend(os.path.abspath(os.fspath(path)))


_lock = threading.Lock()
_default: tuple[int, RasClient] | None = None


def _after_fork_in_child() -> None:
    """Another thread of the parent may have held the lock in the moment of the fork."""
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


def default_client() -> RasClient:
    """The client of the package's functions, made when first used; a forked child makes its own.

    Raises:
        BackendUnavailableError: See :class:`RasClient`.
    """
    global _default
    with _lock:
        if _default is None or _default[0] != os.getpid():
            _default = (os.getpid(), RasClient())
        return _default[1]


ras_phonebook.default_backend = lambda: default_client().backend
