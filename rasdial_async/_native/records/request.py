"""The arguments of a dial, checked before RasDial is called.

RAS copies text into fixed fields and cuts text that does not fit. DialRequest refuses such text, with the
name of the argument and never its value (https://learn.microsoft.com/previous-versions/windows/desktop/legacy/aa377238(v=vs.85)).
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field, replace

from ...errors import UNLEN, NamedIntFlag, check_flag, check_number, check_text, hides_fields
from .credentials import Credentials
from .eap import EapIdentity

# Loaded now, not at the first dial: a fork during the import would leave the import lock taken in the child.
codecs.lookup("utf-16-le")


class DialOptions(NamedIntFlag):
    """The options of a dial: RASDIALEXTENSIONS.dwfOptions (RDEOPT_*)."""

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


@hides_fields
@dataclass(frozen=True, slots=True)
class Resume:
    """The input that leaves a paused state; None = as in the first call.

    Each state needs its own input (https://learn.microsoft.com/windows/win32/rras/paused-states):
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
        """Return this input, completed by the input `before`."""
        return Resume(
            before.username if self.username is None else self.username,
            before.password if self.password is None else self.password,
            before.domain if self.domain is None else self.domain,
            before.callback_number if self.callback_number is None else self.callback_number,
        )

    def applied_to(self, request: DialRequest) -> DialRequest:
        """Return the request of the next RasDial: `request` with this input."""
        return replace(request, answer=self.over(request.answer))


@dataclass(frozen=True, slots=True)
class DialRequest:
    """RASDIALPARAMS and RASDIALEXTENSIONS in Python types, within RAS's limits.

    Without credentials RAS dials with those that are stored for the entry, if any, else with the logon.
    """

    entry: str
    phonebook: str | None = None
    phone_number: str = ""
    callback_number: str = ""
    credentials: Credentials | None = None
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
        if self.credentials is not None:
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
            check_text("eap.username", self.eap.username, UNLEN)
        if not isinstance(self.cookie, bytes):
            raise TypeError(f"cookie must be bytes, not {type(self.cookie).__name__}")
        if not self.entry and not self.phone_number:
            raise ValueError("entry is empty: name a phonebook entry, or give phone_number")

    def login(self) -> Resume:
        """Return the user name, password and domain that the caller gave; None = as RAS has stored them."""
        own = self.credentials
        if own is None or own.from_store:
            return self.answer
        return self.answer.over(Resume(own.username, own.password, own.domain))

    def given(self) -> Resume:
        """Return the input of RasDial: login and callback number; None = as RAS has stored it."""
        given = self.login()
        if not given.username and self.eap is not None:
            given = replace(given, username=self.eap.username)
        if given.callback_number is None and self.callback_number:
            given = replace(given, callback_number=self.callback_number)
        return given

    def with_credentials(self, credentials: Credentials) -> DialRequest:
        """Return the same request with these credentials instead of the earlier ones."""
        answer = Resume(callback_number=self.answer.callback_number)
        return replace(self, credentials=credentials, answer=answer)
