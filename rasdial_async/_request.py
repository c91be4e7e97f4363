"""What a dial asks for, checked before anything is dialed.

RAS copies text into fixed fields. What would not fit is refused here, by name and never by value,
because RAS would cut it short (https://learn.microsoft.com/previous-versions/windows/desktop/legacy/aa377238(v=vs.85)).
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from enum import IntFlag
from typing import Literal, TypedDict

from ._redial import Redial
from .credentials import CredentialKind, Credentials
from .eap import EapIdentity
from .errors import AuthenticationError
from .events import DialEvent

# Loaded now and not at the first dial: a fork meanwhile would leave its import lock taken in the child.
codecs.lookup("utf-16-le")

OnPaused = Callable[[DialEvent], Awaitable["Resume | None"]]
AskCredentials = Callable[[AuthenticationError | None], Credentials | Awaitable[Credentials | None] | None]
RedialChoice = Redial | Literal["entry"] | None

# RAS_MaxEntryName, RAS_MaxPhoneNumber, RAS_MaxCallbackNumber, UNLEN, PWLEN, DNLEN: UTF-16 units.
_LIMITS = {
    "entry": 256,
    "phone_number": 128,
    "callback_number": 128,
    "username": 256,
    "password": 256,
    "domain": 15,
}


_ANY = Credentials("any")


class DialOptions(IntFlag):
    """RASDIALEXTENSIONS.dwfOptions (RDEOPT_*): how a dial treats what its entry says."""

    NONE = 0
    USE_PREFIX_SUFFIX = 0x1
    PAUSED_STATES = 0x2
    IGNORE_MODEM_SPEAKER = 0x4
    SET_MODEM_SPEAKER = 0x8
    IGNORE_SOFTWARE_COMPRESSION = 0x10
    SET_SOFTWARE_COMPRESSION = 0x20
    DISABLE_CONNECTED_UI = 0x40
    DISABLE_RECONNECT_UI = 0x80
    DISABLE_RECONNECT = 0x100
    NO_USER = 0x200
    ROUTER = 0x800
    CUSTOM_DIAL = 0x1000
    USE_CUSTOM_SCRIPTING = 0x2000


@dataclass(frozen=True, slots=True)
class Resume:
    """The input that leaves a paused state; None = as in the first call.

    What RAS wants in which state (https://learn.microsoft.com/windows/win32/rras/paused-states):
    RETRY_AUTHENTICATION a user name, password and domain; PASSWORD_EXPIRED the new password;
    CALLBACK_SET_BY_CALLER a callback number, "" for none; INTERACTIVE and INVOKE_EAP_UI nothing.
    """

    username: str | None = None
    password: str | None = field(default=None, repr=False)
    domain: str | None = None
    callback_number: str | None = None

    def __post_init__(self) -> None:
        for name in ("username", "password", "domain", "callback_number"):
            value = getattr(self, name)
            if value is not None:
                check_text(name, value)

    def over(self, before: Resume) -> Resume:
        """This input, and what was there before where this has none."""
        return Resume(
            before.username if self.username is None else self.username,
            before.password if self.password is None else self.password,
            before.domain if self.domain is None else self.domain,
            before.callback_number if self.callback_number is None else self.callback_number,
        )

    def applied_to(self, request: DialRequest) -> DialRequest:
        """The request of the next RasDial: the one before, with this input."""
        return replace(request, answer=self.over(request.answer))


@dataclass(frozen=True, slots=True)
class DialRequest:
    """RASDIALPARAMS and RASDIALEXTENSIONS in Python types, within RAS's limits."""

    entry: str
    phonebook: str | None = None
    phone_number: str = ""
    callback_number: str = ""
    credentials: Credentials = field(default_factory=Credentials)
    sub_entry: int = 0
    interface_index: int = 0
    options: DialOptions = DialOptions.NONE
    owner_window: int = 0
    hold_errors: bool = False
    eap: EapIdentity | None = None
    cookie: bytes = field(default=b"", repr=False)
    answer: Resume = field(default_factory=Resume)

    def __post_init__(self) -> None:
        check_text("entry", self.entry)
        check_text("phone_number", self.phone_number)
        check_text("callback_number", self.callback_number)
        if not isinstance(self.credentials, Credentials):
            raise TypeError(f"credentials must be Credentials, not {type(self.credentials).__name__}")
        for name in ("username", "password", "domain"):
            check_text(name, getattr(self.credentials, name))
        check_number("sub_entry", self.sub_entry)
        check_number("interface_index", self.interface_index)
        check_number("owner_window", self.owner_window, 0xFFFFFFFFFFFFFFFF)
        if not isinstance(self.options, DialOptions):
            raise TypeError(f"options must be DialOptions, not {type(self.options).__name__}")
        check_flag("hold_errors", self.hold_errors)
        if self.eap is not None:
            if not isinstance(self.eap, EapIdentity):
                raise TypeError(f"eap must be an EapIdentity or None, not {type(self.eap).__name__}")
            check_text("eap.username", self.eap.username, _LIMITS["username"])
        if not isinstance(self.cookie, bytes):
            raise TypeError(f"cookie must be bytes, not {type(self.cookie).__name__}")
        if not self.entry and not self.phone_number:
            raise ValueError("entry is empty: name a phonebook entry, or give phone_number")

    def login(self) -> Resume:
        """User name, password and domain as somebody has given them; None = as RAS has stored them."""
        own = self.credentials
        return self.answer.over(
            Resume() if own.from_store else Resume(own.username, own.password, own.domain)
        )

    def given(self) -> Resume:
        """What RAS is given of user name, password, domain and callback number; None = what it has stored."""
        given = self.login()
        if not given.username and self.eap is not None:
            given = replace(given, username=self.eap.username)
        if given.callback_number is None and self.callback_number:
            given = replace(given, callback_number=self.callback_number)
        return given

    def with_credentials(self, credentials: Credentials) -> DialRequest:
        """The same request with these, whatever was given before."""
        answer = Resume(callback_number=self.answer.callback_number)
        return replace(self, credentials=credentials, answer=answer)


class OneDialArguments(TypedDict, total=False):
    """The keyword options of one attempt; RasClient.dial tells what each means."""

    phonebook: str | os.PathLike[str] | None
    username: str
    password: str
    domain: str
    credentials: Credentials | AskCredentials | None
    save_credentials: bool
    phone_number: str
    callback_number: str
    sub_entry: int
    interface_index: int
    timeout: float | None
    options: DialOptions
    on_paused: OnPaused | None
    timeout_while_paused: bool
    hold_errors: bool
    owner_window: int
    eap: EapIdentity | None
    cookie: bytes


class DialArguments(OneDialArguments, total=False):
    """The keyword options of dial()."""

    redial: RedialChoice


def check_text(name: str, value: object, limit: int | None = None) -> None:
    """Raises TypeError or ValueError naming the argument, never its value."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    if "\0" in value:
        raise ValueError(f"{name} must not contain a NUL character")
    try:
        units = len(value.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        # The chained exception would carry the text.
        units = -1
    if units < 0:
        raise ValueError(f"{name} must not contain lone surrogates")
    limit = _LIMITS[name] if limit is None else limit
    if units > limit:
        raise ValueError(f"{name} is too long: RAS takes {limit} UTF-16 characters, this has {units}")


def check_stored(entry: object, kind: object, credentials: object = _ANY) -> None:
    """What get_credentials, set_credentials and delete_credentials are given."""
    check_text("entry", entry)
    if not entry:
        raise ValueError("entry is empty")
    if not isinstance(kind, CredentialKind):
        raise TypeError(f"kind must be a CredentialKind, not {type(kind).__name__}")
    if not isinstance(credentials, Credentials):
        raise TypeError(f"credentials must be Credentials, not {type(credentials).__name__}")
    for name in ("username", "password", "domain"):
        check_text(name, getattr(credentials, name))
    if credentials == Credentials() or credentials.from_store:
        raise ValueError("credentials hold nothing to store; delete_credentials clears what is stored")
    if kind.is_key and credentials is not _ANY and (credentials.username or credentials.domain):
        raise ValueError("a key is the password alone: username and domain must be empty")


def check_phonebook(phonebook: str | os.PathLike[str] | None) -> str | None:
    """The path as RAS wants it: a str, or None for the default phonebooks."""
    if phonebook is None:
        return None
    if isinstance(phonebook, bytes) or not isinstance(phonebook, str | os.PathLike):
        raise TypeError(f"phonebook must be a str, a path or None, not {type(phonebook).__name__}")
    path = os.fspath(phonebook)
    check_text("phonebook", path, 32767)
    if not path:
        raise ValueError("phonebook is empty: give a path, or None for the default phonebooks")
    return path


def check_timeout(timeout: object) -> float | None:
    if timeout is None:
        return None
    if isinstance(timeout, bool) or not isinstance(timeout, int | float):
        raise TypeError(f"timeout must be a number of seconds or None, not {type(timeout).__name__}")
    if not timeout > 0:
        raise ValueError("timeout must be more than 0 seconds")
    return float(timeout)


def check_flag(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be a bool, not {type(value).__name__}")


def check_number(name: str, value: object, highest: int = 0xFFFFFFFF) -> None:
    """A DWORD, unless `highest` says otherwise. Raises TypeError or ValueError naming the argument."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if not 0 <= value <= highest:
        raise ValueError(f"{name} must be between 0 and {highest}")
