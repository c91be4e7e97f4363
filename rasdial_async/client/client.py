"""RasClient: the verbs of this package over one backend. The functions of the package use the default one."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Literal, Unpack

from .._native.records import (
    Country,
    CredentialKind,
    Credentials,
    Device,
    DialOptions,
    DialRequest,
    EapIdentity,
    EapOptions,
    EntryName,
    check_stored,
)
from ..backends import AutoDial, Backend
from ..connection import Connection, Watch
from ..dialing import (
    PATIENT,
    AskCredentials,
    Dialing,
    DialObserver,
    DialPlan,
    Keeper,
    OneDialArguments,
    OnPaused,
    Redial,
    answer_pauses,
)
from ..errors import check_flag, check_number, check_phonebook, check_text, check_timeout
from .choice import BackendChoice, Choice, choose, open_path
from .phonebook import Phonebook


class RasClient:
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
        backend: BackendChoice = None,
        *,
        library: str | os.PathLike[str] | None = None,
    ) -> None:
        if backend is not None and library is not None:
            raise ValueError("give backend or library, not both")
        self._choice: Choice = choose(backend) if library is None else open_path("library", library)
        self.dial_observer: Callable[[str], DialObserver] | None = None

    @property
    def backend(self) -> Backend:
        return self._choice.backend

    @property
    def simulated(self) -> bool:
        """What it dials is no real link: also where a library turns out to be this package's simulator."""
        return self.backend.simulated

    def __repr__(self) -> str:
        if not hasattr(self, "_choice"):  # a traceback shows one that could not be made
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
        return Phonebook(path, backend=self._choice)

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

    async def get_credentials(
        self,
        entry: str,
        *,
        phonebook: str | os.PathLike[str] | None = None,
        kind: CredentialKind = CredentialKind.USER,
    ) -> Credentials | None:
        """What RAS has stored for an entry (RasGetCredentials); None = nothing.

        The password is a :class:`StoredPassword`: a stand-in that can be dialed with and stored again.

        Args:
            entry: Name of the entry.
            phonebook: Path of the .pbk file; None = the default phonebooks.
            kind: Whose credentials, or which key; a key comes as the password.

        Raises:
            PhonebookError: 621 no such phonebook, 623 no such entry.
            RasError: RAS does not tell.
            BackendUnavailableError: It has no such function.
        """
        check_stored(entry, kind)
        return await self.backend.books.get_credentials(check_phonebook(phonebook), entry, kind)

    async def set_credentials(
        self,
        entry: str,
        credentials: Credentials,
        *,
        phonebook: str | os.PathLike[str] | None = None,
        kind: CredentialKind = CredentialKind.USER,
    ) -> None:
        """Stores credentials or a key for an entry (RasSetCredentials). The buffer is wiped.

        Args:
            entry: Name of the entry.
            credentials: User name, password and domain; all three are stored. A StoredPassword leaves the
                stored password as it is. For a key: the password alone.
            phonebook: Path of the .pbk file; None = the default phonebooks.
            kind: Whose credentials, or which key.

        Raises:
            PhonebookError: 621: there is no such phonebook.
            RasError: 87: no such entry; 5: only an administrator may store keys and what is for all users.
            BackendUnavailableError: It has no such function.
            ValueError: A text that RAS can't take, or nothing to store.
        """
        check_stored(entry, kind, credentials)
        await self.backend.books.set_credentials(check_phonebook(phonebook), entry, kind, credentials)

    async def delete_credentials(
        self,
        entry: str,
        *,
        phonebook: str | os.PathLike[str] | None = None,
        kind: CredentialKind = CredentialKind.USER,
    ) -> None:
        """Forgets what is stored for an entry, if anything is; see :meth:`set_credentials`."""
        check_stored(entry, kind)
        await self.backend.books.set_credentials(check_phonebook(phonebook), entry, kind, None)

    async def eap_identity(
        self,
        entry: str,
        *,
        phonebook: str | os.PathLike[str] | None = None,
        options: EapOptions = EapOptions.NON_INTERACTIVE,
        owner_window: int = 0,
    ) -> EapIdentity | None:
        """Who a dial of this entry says it is, for ``dial(eap=…)`` (RasGetEapUserIdentity).

        What RAS hands out is wiped and freed at once. None goes to ``dial`` as well as an identity does.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgeteapuseridentityw

        Args:
            entry: Name of the entry.
            phonebook: Path of the .pbk file; None = the default phonebooks.
            options: RASEAPF_* flags; by default nobody is asked. Without NON_INTERACTIVE RAS may open a
                window and wait for an answer.
            owner_window: HWND that owns such a window; 0 = none.

        Returns:
            The identity; None where the entry needs none (780).

        Raises:
            InteractionRequiredError: 703: a person has to be asked.
            PhonebookError: 621 no such phonebook, 623 no such entry.
            RasError: RAS does not tell, 711 while its service does not run for instance.
            BackendUnavailableError: It has no such function.
        """
        if not isinstance(options, EapOptions):
            raise TypeError(f"options must be EapOptions, not {type(options).__name__}")
        check_number("owner_window", owner_window, 0xFFFFFFFFFFFFFFFF)
        _check_entry(entry)
        return await self.backend.books.eap_identity(check_phonebook(phonebook), entry, options, owner_window)

    async def get_eap_user_data(
        self, entry: str, *, phonebook: str | os.PathLike[str] | None = None
    ) -> bytes:
        """What RAS keeps for the entry's EAP method and this user (RasGetEapUserDataW); b"" = nothing.

        Args:
            entry: Name of the entry.
            phonebook: Path of the .pbk file; None = the phonebook of all users here, by RAS's rule.

        Raises:
            PhonebookError: 621 no such phonebook, 623 no such entry.
            RasError: RAS does not tell.
            BackendUnavailableError: It has no such function.
        """
        _check_entry(entry)
        return await self.backend.books.get_eap_user_data(check_phonebook(phonebook), entry)

    async def set_eap_user_data(
        self, entry: str, data: bytes, *, phonebook: str | os.PathLike[str] | None = None
    ) -> None:
        """Stores it (RasSetEapUserDataW): at least one byte. See :meth:`get_eap_user_data`."""
        _check_entry(entry)
        _check_data(data)
        await self.backend.books.set_eap_user_data(check_phonebook(phonebook), entry, data)

    async def get_custom_auth_data(
        self, entry: str, *, phonebook: str | os.PathLike[str] | None = None
    ) -> bytes:
        """What RAS keeps for the entry's EAP method, whoever dials (RasGetCustomAuthData); b"" = nothing.

        Args, and errors, are those of :meth:`get_eap_user_data`.
        """
        _check_entry(entry)
        return await self.backend.books.get_custom_auth_data(check_phonebook(phonebook), entry)

    async def set_custom_auth_data(
        self, entry: str, data: bytes, *, phonebook: str | os.PathLike[str] | None = None
    ) -> None:
        """Stores it (RasSetCustomAuthData): at least one byte. Some EAP methods do not dial without.

        Raises:
            RasError: 5: only an administrator may, in a phonebook of all users; else see
                :meth:`get_eap_user_data`.
        """
        _check_entry(entry)
        _check_data(data)
        await self.backend.books.set_custom_auth_data(check_phonebook(phonebook), entry, data)


def _check_entry(entry: object) -> None:
    check_text("entry", entry)
    if not entry:
        raise ValueError("entry is empty")


def _check_data(data: object) -> None:
    if not isinstance(data, bytes):
        raise TypeError(f"data must be bytes, not {type(data).__name__}")
    if not data:
        raise ValueError("data is empty: RAS keeps one byte or more")
