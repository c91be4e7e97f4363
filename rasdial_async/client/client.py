"""RasClient: the verbs of this package over one backend."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, Unpack

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
from ..active import Connection, Watch
from ..backends import AutoDial, Backend
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
from ..errors import check_flag, check_number, check_phonebook, check_text, check_timeout, hides_arguments
from .choice import BackendChoice, Choice, choose, open_path
from .phonebook import Phonebook

if TYPE_CHECKING:
    from ..simulator import Simulator


class RasClient:
    """The verbs of RAS over one backend, for any event loop.

    Each coroutine calls RAS on a thread of the package. Canceling a coroutine does not stop that call.

    Args:
        backend: "rasapi32" (Windows' own RAS), "pppd" (real links on Linux), "simulator" (a simulator of its
            own), the path of a library with the ABI of ras.h, a :class:`Simulator`, or None: the environment
            variable RASDIAL_BACKEND if it is set, else the system's own RAS. Nothing simulated is ever chosen
            silently.
        library: Path of a library with the ABI of ras.h.

    Attributes:
        dial_observer: A function that makes a :class:`DialObserver` for each later dial; None = no observer.

    Raises:
        BackendUnavailableError: The backend does not exist here.
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
    def simulator(self) -> Simulator | None:
        """The simulator behind this client; None for another backend."""
        return self._choice.simulator

    @property
    def simulated(self) -> bool:
        """True when no real link is dialed, also where a library turns out to be this package's simulator."""
        return self.backend.simulated

    def __repr__(self) -> str:
        if not hasattr(self, "_choice"):  # __init__ raised, and a traceback shows the object
            return "<RasClient without a backend>"
        return f"<RasClient {self.backend.name}{' simulated' if self.simulated else ''}>"

    @hides_arguments
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
        """Return a dial, which begins when it is awaited, iterated or entered.

        Args:
            entry: Name of a phonebook entry; "" dials `phone_number` on the first modem.
            phonebook: Path of the .pbk file; None = the default phonebooks.
            username: At most 256 UTF-16 characters. Without user name, password, domain and `credentials` RAS
                dials with the login that is stored for the entry, if any, else with the Windows logon.
            password: At most 256. The buffer that RAS reads is wiped when RasDial has returned.
            domain: At most 15; a longer DNS name goes into the user name, as user@domain.
            credentials: User name, password and domain in one. Credentials.stored() = those that RAS has
                stored for the entry, or 703; Credentials.logon() = the Windows logon, whatever is stored.
                Or a function that returns them, plain or a coroutine function. It is called before every
                attempt, with None before the first one and then with the DialError of the attempt before;
                and with the AuthenticationError of a wrong password where RAS pauses there, which this option
                enables without `on_paused`. It returns Credentials, or None to give up: the dial then fails
                with 703, or with that error. What it raises comes out of the dial as it is. A plain function
                must not block.
            save_credentials: Store the credentials for the entry once it is connected (RasSetCredentials),
                with the changes of paused states. If that fails, the dial has succeeded all the same: the
                failure is logged and is :attr:`Dialing.save_error`.
            phone_number: At most 128; overrides the entry's number.
            callback_number: At most 128; the number that the server calls back.
            sub_entry: The sub-entry of a multilink entry to dial first, from 1; 0 = RAS's choice.
            interface_index: The interface for a tunnel; 0 = RAS's choice.
            timeout: Seconds for each attempt; None = no limit but RAS's own.
            redial: The policy for dialing again after a failure that may pass; None = one attempt. Iterating
                yields the events of all attempts, and the last error is the outcome. "entry" = the attempts
                and the pause of the entry, which are read when a dial has failed.
            options: RDEOPT_* flags. With PAUSED_STATES a dial that needs input waits for it instead of
                failing, until `on_paused` answers or a caller calls :meth:`Dialing.resume` or hangs up.
                `timeout` does not count meanwhile.
            on_paused: A function, plain or a coroutine function, that answers paused states; it enables them.
                It runs in a task of its own, takes the event, and returns a :class:`Resume`, or None to give
                up: the dial then fails with the error of the state. What it raises comes out of the dial as
                it is. The task is canceled when the dial ends meanwhile.
            timeout_while_paused: Let the time-out count in a paused state too.
            hold_errors: Hold RAS inside the callback of an error until the consumer asks for the next event.
                Awaiting and entering count as asking. Hanging up, a time-out, a dropped Dialing, a closed
                loop and the end of the interpreter let RAS go on as well.
            owner_window: HWND that owns the windows RAS may have to show; 0 = none.
            eap: The identity for an entry that logs in by EAP, from :meth:`eap_identity`. Its user name is
                used where `username` is empty.
            cookie: The bytes that some servers take instead of a login by PPP (RASDEVSPECIFICINFO and
                fSkipPppAuth, from Windows 7); their buffer is wiped when the dial is over.

        Raises:
            TypeError: An argument has the wrong type; the message names it.
            ValueError: RAS cannot take an argument; the message has its name, never its value.
        """
        question: AskCredentials | None = None
        if isinstance(credentials, str):
            raise TypeError(
                "credentials must be Credentials, a function or None, not str; "
                "Credentials.stored() takes the stored ones"
            )
        if credentials is not None and (username or password or domain):
            raise ValueError("give credentials, or username, password and domain, not both")
        if username or password or domain:
            credentials = Credentials(username, password, domain)
        elif callable(credentials):
            question, credentials = credentials, None
            on_paused = on_paused or answer_pauses(question)
        if on_paused is not None:
            if not callable(on_paused):
                raise TypeError(f"on_paused must be a function, not {type(on_paused).__name__}")
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
        """Return the connections of all programs that are up, without dials in progress.

        Raises:
            RasError: RAS cannot list them.
        """
        found = await self.backend.connections()
        return [Connection(self.backend, link, info) for link, info in found]

    async def connection(self, entry: str) -> Connection | None:
        """Return the connection of an entry that is up, whichever program dialed it; None = it is not up.

        Args:
            entry: Name of the entry, in any case.

        Raises:
            RasError: RAS cannot list the connections.
        """
        return next(iter(await self._of_entry(entry)), None)

    async def hang_up(self, entry: str, *, timeout: float = 10.0, all_references: bool = False) -> bool:
        """Hang up each connection of an entry that is up; see :meth:`Connection.hang_up`.

        Args:
            entry: Name of the entry, in any case.
            timeout: Seconds to wait for each port at most.
            all_references: Take the references of other dials and programs too.

        Returns:
            True if a connection was up and RAS was seen to release it; False if none was up, or one still is.

        Raises:
            RasError: RAS cannot list the connections, or refuses to hang up.
        """
        released = [
            await one.hang_up(timeout=timeout, all_references=all_references)
            for one in await self._of_entry(entry)
        ]
        return bool(released) and all(released)

    async def _of_entry(self, entry: str) -> list[Connection]:
        _check_entry(entry)
        return [one for one in await self.connections() if one.entry.casefold() == entry.casefold()]

    async def entries(self, phonebook: str | os.PathLike[str] | None = None) -> list[EntryName]:
        """Return the names of the entries that can be dialed.

        Args:
            phonebook: Path of the .pbk file; None = the default phonebooks.

        Raises:
            PhonebookError: The phonebook cannot be read.
            RasError: RAS cannot list the entries.
        """
        return await self.backend.entries(check_phonebook(phonebook))

    def watch(self, *, existing: bool = False) -> Watch:
        """Return an asynchronous iterator over the connections that come up and go from now on.

        It reports the connections of all programs. ``async with client.watch() as changes`` begins on entry;
        iterated alone, the watch begins when the first change is awaited. When one connection goes and
        another comes at the same moment, both are reported, the going first, also if RAS gives the same
        handle to both. Sub-entries of a multilink connection that come or go, and an IKEv2 connection that
        loses and finds its network, are changes too: :class:`ChangeKind` lists them and may grow. A
        connection that comes and goes between two checks is not reported, because RAS keeps no record.
        Leaving the block, `aclose()`, or dropping the iterator ends the watch.

        The watch asks RAS when RasConnectionNotification signals, and every few seconds as well; where a
        library has no such function, every second. It needs one event of the system for each loop, and no
        thread.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasconnectionnotificationw

        Args:
            existing: Report the connections that are up at the beginning as well, as connected.
        """
        return Watch(self.backend, existing)

    async def devices(self) -> list[Device]:
        """Return the devices that RAS can dial with: modems, and miniports for VPN and PPPoE.

        An empty list may also mean that RAS is damaged on this machine. Canceling changes nothing.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasenumdevicesw

        Raises:
            RasError: RAS cannot list the devices.
            BackendUnavailableError: The library or the backend has no list of devices.
        """
        return await self.backend.devices()

    async def countries(self) -> list[Country]:
        """Return the countries of Windows' dialing rules, for the `country_id` of an :class:`Entry`.

        RAS is called once for each country. Canceling changes nothing.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetcountryinfow

        Raises:
            RasError: 740 ERROR_TAPI_CONFIGURATION: the dialing rules are not set up on this machine.
            BackendUnavailableError: The library or the backend has no list of countries.
        """
        return await self.backend.countries()

    @property
    def autodial(self) -> AutoDial:
        """The AutoDial database: the entries that the system dials by itself.

        Raises:
            BackendUnavailableError: The backend has no such database.
        """
        return self.backend.autodial

    def phonebook(self, path: str | os.PathLike[str] | None = None) -> Phonebook:
        """Return one phonebook, to read and write its entries; None = the default phonebooks."""
        return Phonebook(path, backend=self._choice)

    @hides_arguments
    def keep_connected(
        self,
        entry: str,
        /,
        *,
        redial: Redial | Literal["entry"] = PATIENT,
        stable: float = 30.0,
        **options: Unpack[OneDialArguments],
    ) -> Keeper:
        """Keep an entry connected while an ``async with`` block runs; see :class:`Keeper`.

        Args:
            entry: Name of a phonebook entry.
            redial: The policy: the pauses between dials, and the errors after which to go on. "entry" = the
                attempts and the pause of the entry: the keeper stops after the last attempt that fails.
            stable: Seconds after which a connection counts as stable. A connection that is lost later is
                dialed again at once, one that is lost sooner after a growing pause.
            **options: As for :meth:`dial`.

        Raises:
            TypeError: An argument has the wrong type; the message names it.
            ValueError: RAS cannot take an argument; the message names it.
        """
        return Keeper(self.dial, self.backend, entry, redial, stable, options)

    async def get_credentials(
        self,
        entry: str,
        *,
        phonebook: str | os.PathLike[str] | None = None,
        kind: CredentialKind = CredentialKind.USER,
    ) -> Credentials | None:
        """Return the credentials that RAS has stored for an entry (RasGetCredentials); None = none.

        The password is a :class:`StoredPassword`: a stand-in for dialing and for storing it again.

        Args:
            entry: Name of the entry.
            phonebook: Path of the .pbk file; None = the default phonebooks.
            kind: The user's credentials, those of all users, or a key; a key comes as the password.

        Raises:
            PhonebookError: 621 no such phonebook, 623 no such entry.
            RasError: RAS fails.
            BackendUnavailableError: The library has no such function.
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
        """Store credentials or a key for an entry (RasSetCredentials). The buffer is wiped.

        Args:
            entry: Name of the entry.
            credentials: User name, password and domain; all three are stored. A StoredPassword leaves the
                stored password as it is. For a key: the password alone.
            phonebook: Path of the .pbk file; None = the default phonebooks.
            kind: The user's credentials, those of all users, or a key.

        Raises:
            PhonebookError: 621: there is no such phonebook.
            RasError: 87: no such entry; 5: only an administrator may store keys and
                credentials for all users.
            BackendUnavailableError: The library has no such function.
            ValueError: RAS cannot take a text, or there is nothing to store.
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
        """Delete the stored credentials of an entry, if any; see :meth:`set_credentials`."""
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
        """Return the EAP identity for a dial of this entry, for ``dial(eap=…)`` (RasGetEapUserIdentity).

        RAS's buffer is wiped and freed at once. Pass the answer None to ``dial(eap=…)`` as well.

        https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgeteapuseridentityw

        Args:
            entry: Name of the entry.
            phonebook: Path of the .pbk file; None = the default phonebooks.
            options: RASEAPF_* flags; by default no person is asked. Without NON_INTERACTIVE RAS may open a
                window and wait for an answer.
            owner_window: HWND that owns such a window; 0 = none.

        Returns:
            The identity; None where the entry needs none (780).

        Raises:
            InteractionRequiredError: 703: RAS would have to ask a person.
            PhonebookError: 621 no such phonebook, 623 no such entry.
            RasError: RAS fails, with 711 while its service does not run for instance.
            BackendUnavailableError: The library has no such function.
        """
        if not isinstance(options, EapOptions):
            raise TypeError(f"options must be EapOptions, not {type(options).__name__}")
        check_number("owner_window", owner_window, 0xFFFFFFFFFFFFFFFF)
        _check_entry(entry)
        return await self.backend.books.eap_identity(check_phonebook(phonebook), entry, options, owner_window)

    async def get_eap_user_data(
        self, entry: str, *, phonebook: str | os.PathLike[str] | None = None
    ) -> bytes:
        """Return the data of the entry's EAP method for this user (RasGetEapUserDataW); b"" = none.

        Args:
            entry: Name of the entry.
            phonebook: Path of the .pbk file; None = the phonebook of all users here, by RAS's rule.

        Raises:
            PhonebookError: 621 no such phonebook, 623 no such entry.
            RasError: RAS fails.
            BackendUnavailableError: The library has no such function.
        """
        _check_entry(entry)
        return await self.backend.books.get_eap_user_data(check_phonebook(phonebook), entry)

    async def set_eap_user_data(
        self, entry: str, data: bytes, *, phonebook: str | os.PathLike[str] | None = None
    ) -> None:
        """Store these data (RasSetEapUserDataW): at least one byte. See :meth:`get_eap_user_data`."""
        _check_entry(entry)
        _check_data(data)
        await self.backend.books.set_eap_user_data(check_phonebook(phonebook), entry, data)

    async def get_custom_auth_data(
        self, entry: str, *, phonebook: str | os.PathLike[str] | None = None
    ) -> bytes:
        """Return the data of the entry's EAP method for all users (RasGetCustomAuthData); b"" = none.

        The arguments and errors are those of :meth:`get_eap_user_data`.
        """
        _check_entry(entry)
        return await self.backend.books.get_custom_auth_data(check_phonebook(phonebook), entry)

    async def set_custom_auth_data(
        self, entry: str, data: bytes, *, phonebook: str | os.PathLike[str] | None = None
    ) -> None:
        """Store these data (RasSetCustomAuthData): at least one byte. Some EAP methods need them to dial.

        Raises:
            RasError: 5: only an administrator may change a phonebook of all users; else see
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
