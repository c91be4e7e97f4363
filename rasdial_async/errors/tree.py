"""The exceptions, sorted by the action that mends them.

    Exception
     └── RasError                           any failed call; on its own: a state, an argument, the system
          ├── BackendUnavailableError       no RAS here, or a library without the function asked for
          ├── ConnectionGoneError           6, 668: the connection is over; dial again
          └── DialError                     a failed dial; on its own: a cause that has no class
               ├── AuthenticationError      691 …: correct the user name, password or key
               ├── AccountError             646-649 …: the account may not connect; ask its administrator
               ├── CertificateError         766, 801 …: renew, install or trust a certificate
               ├── InteractionRequiredError 703: RAS would have to ask a person
               ├── LineError                619, 629, 868 …: the network or line broke, or there is none
               │    ├── LineBusyError       676: try again later
               │    ├── NoAnswerError       678: try again later, check the number
               │    ├── NoCarrierError      679: no modem at the other end
               │    └── NoDialToneError     680: check the cable
               ├── PortError                602, 633 …: the port is in use; wait, or close the other program
               ├── DeviceError              651, 797 …: check the modem, adapter or card reader
               ├── PhonebookError           621-625 …: correct the phonebook, the entry or the number in it
               ├── ServerError              638, 717 …: the server has a fault; tell its administrator
               ├── ProtocolError            720, 741 …: no common protocol, encryption or login method
               ├── TunnelError              800 …: check firewalls, routers and IPsec settings
               ├── DialTimeoutError         the time allowed ran out; a TimeoutError too
               └── HungUpError              631: hung up from this side, which is no fault

The rule for callers: ``except DialError`` around a dial catches every failure of the dial, and
``except PhonebookError`` catches error 623 of a dial as well as a damaged file in ``entries()``.

The rule for raisers: each known code has one class, its ``error_class`` in the table. :func:`dial_error`
makes the error of a failed dial and is always a DialError; :func:`gone_error` makes that of a connection
that is over; :func:`error_from_code` makes the error of any other call. They differ for codes that name no
cause of their own, such as 6, 87 or 711: plain DialError from a dial, plain RasError elsewhere. Codes
without a line in the table keep their number and official text. All three add the hint as a note, so that a
traceback shows it.

error_codes.json holds symbols, texts and hints. It is read when the first of them is needed.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, TypeVar

from .. import _no_fork
from .codes import (
    ERROR_AUTH_INTERNAL,
    ERROR_CANNOT_GET_LANA,
    ERROR_INVALID_HANDLE,
    ERROR_NETBIOS_ERROR,
    ERROR_SERVER_NOT_RESPONDING,
    ERROR_USER_DISCONNECTION,
)
from .record import Record
from .states import ConnectionState

__all__ = [
    "AccountError",
    "AuthenticationError",
    "BackendUnavailableError",
    "CertificateError",
    "ConnectionGoneError",
    "DeviceError",
    "DialError",
    "DialTimeoutError",
    "ErrorCode",
    "HungUpError",
    "InteractionRequiredError",
    "LineBusyError",
    "LineError",
    "NoAnswerError",
    "NoCarrierError",
    "NoDialToneError",
    "PhonebookError",
    "PortError",
    "ProtocolError",
    "RasError",
    "ServerError",
    "TunnelError",
    "describe_code",
    "dial_error",
    "error_from_code",
    "gone_error",
    "known_codes",
]

_Error = TypeVar("_Error", bound="RasError")

_UNSIGNED = 0xFFFFFFFF  # a Win32 error is a DWORD; HRESULTs often arrive as negative numbers


class RasError(Exception):
    """A call of RAS failed.

    Args:
        code: A code of raserror.h or winerror.h, or an HRESULT, signed or not. The default is the most
            typical code of the class, for tests that raise errors.
        function: The RAS function that failed, such as "RasDialW".
        message: The system's own text for the code; None = the text of this package.
        hint: The remedy; None = the hint of this package for the code.
        entry: Name of the phonebook entry of the call; "" = none.
        phonebook: Path of the phonebook of the call; None = none, or the default phonebooks.
    """

    default_code: ClassVar[int] = 635  # ERROR_UNKNOWN

    code: int
    function: str
    entry: str
    phonebook: str | None

    def __init__(
        self,
        code: int | None = None,
        *,
        function: str = "",
        message: str | None = None,
        hint: str | None = None,
        entry: str = "",
        phonebook: str | None = None,
    ) -> None:
        self.code = operator.index(self.default_code if code is None else code) & _UNSIGNED
        self.function = function
        self.entry = entry
        self.phonebook = phonebook
        self._official = " ".join(message.split()) if message else ""
        self._hint = hint
        super().__init__(self.code)

    @property
    def symbol(self) -> str:
        """The name in the Windows headers, "ERROR_LINE_BUSY"; "UNKNOWN_12345" for a code without one."""
        return describe_code(self.code).symbol

    @property
    def message(self) -> str:
        """The description of the error, on one line."""
        return self._official or describe_code(self.code).message

    @property
    def hint(self) -> str:
        """The remedy for a person; "" where there is nothing to do."""
        return describe_code(self.code).hint if self._hint is None else self._hint

    @property
    def transient(self) -> bool:
        """True when the same call may succeed later and does no harm; never for a wrong password."""
        return describe_code(self.code).transient

    def as_dict(self) -> dict[str, Any]:
        """Return code, symbol, message, hint, entry and transience, as values that ``json.dumps`` takes."""
        names = ("code", "symbol", "message", "hint", "entry", "transient")
        return {name: getattr(self, name) for name in names}

    def _where(self) -> list[str]:
        where = []
        if self.entry:
            where.append(f"entry {self.entry!r}" + (f" in {self.phonebook}" if self.phonebook else ""))
        elif self.phonebook:
            where.append(f"phonebook {self.phonebook}")
        if self.function:
            where.append(self.function)
        return where

    def __str__(self) -> str:
        where = ", ".join(self._where())
        return f"{self.symbol} ({_spell(self.code)}): {self.message}" + (f" [{where}]" if where else "")

    def __repr__(self) -> str:
        function = f" function={self.function!r}" if self.function else ""
        return f"<{type(self).__name__} {_spell(self.code)} {self.symbol}{function}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.code,), self.__dict__


@dataclass(frozen=True, slots=True)
class DialEvent(Record):
    """One call of RAS's callback: the state that a dial is about to enter, or its failure.

    Attributes:
        state: The state about to be entered; with a non-zero ``error``, the state that failed.
        error: 0, or a code of raserror.h / winerror.h (unsigned 32-bit).
        extended_error: dwExtendedError; see :attr:`DialError.extended_meaning`.
        handle: The HRASCONN.
        elapsed: Seconds from the call of RasDial to the callback, both read on one monotonic clock.
        attempt: 1 for the first dial, one more for each redial.
        sub_entry: The sub-entry of a multilink entry, from 1; 0 for every other entry. A multilink dial fails
            when all its sub-entries have failed.
        device_type: Such as "vpn", from RasGetConnectStatus inside the callback at CONNECT_DEVICE and
            DEVICE_CONNECTED; else "".
        device_name: Such as "WAN Miniport (IKEv2)", likewise. For a multilink entry RAS reports the device of
            the whole: a callback may not ask for the handle of a sub-entry.
    """

    state: ConnectionState
    error: int = 0
    extended_error: int = 0
    handle: int = 0
    elapsed: float = 0.0
    attempt: int = 1
    sub_entry: int = 0
    device_type: str = ""
    device_name: str = ""

    @property
    def failed(self) -> bool:
        """True when the dial ends here without a connection, or the sub-entry `sub_entry` of several does."""
        return self.error != 0 or self.state == ConnectionState.DISCONNECTED

    @property
    def paused(self) -> bool:
        """True when RAS waits for input before it goes on."""
        return self.error == 0 and self.state.paused

    @property
    def terminal(self) -> bool:
        """True for the last event of its dial, or of one sub-entry of several."""
        return self.error != 0 or self.state.terminal

    @property
    def exception(self) -> DialError | None:
        """The error of the dial, or of its sub-entry, that failed with this event; None for no failure.

        DISCONNECTED without an error code is a failure too: the dial was hung up.
        """
        if not self.failed:
            return None
        return dial_error(self.error or ERROR_USER_DISCONNECTION, event=self)

    def __str__(self) -> str:
        parts = [f"+{self.elapsed:.3f}s {self.state.rascs_name}"]
        if self.device_name:
            parts.append(f"on {self.device_name}")
        if self.sub_entry:
            parts.append(f"link {self.sub_entry}")
        if self.attempt > 1:
            parts.append(f"(attempt {self.attempt})")
        if self.failed:
            parts.append(f"failed: {self.exception}")
        return " ".join(parts)


class DialError(RasError):
    """A dial failed. The subclasses are its causes.

    A subclass outside a dial, such as PhonebookError from ``entries()``, has no state and no event.

    Args:
        state: The connection state in which the dial failed; left out, that of ``event``.
        extended_error: dwExtendedError; left out, that of ``event``, else 0.
        event: The event that reported the failure.

    Attributes:
        earlier: The errors of the attempts before, in order; () = it is the first attempt's.
    """

    state: ConnectionState | None
    extended_error: int
    event: DialEvent | None
    earlier: tuple[DialError, ...]

    def __init__(
        self,
        code: int | None = None,
        *,
        function: str = "",
        message: str | None = None,
        hint: str | None = None,
        entry: str = "",
        phonebook: str | None = None,
        state: ConnectionState | None = None,
        extended_error: int | None = None,
        event: DialEvent | None = None,
    ) -> None:
        super().__init__(
            code, function=function, message=message, hint=hint, entry=entry, phonebook=phonebook
        )
        if event is not None:
            state = event.state if state is None else state
            extended_error = event.extended_error if extended_error is None else extended_error
        self.state = state
        self.extended_error = (extended_error or 0) & _UNSIGNED
        self.event = event
        self.earlier = ()

    @property
    def attempts(self) -> tuple[DialError, ...]:
        """The errors of all attempts of the dial, in order; the last one is this error."""
        return (*self.earlier, self)

    @property
    def extended_meaning(self) -> str:
        """The meaning of ``extended_error``; "" for the many codes that give it none (RASDIALFUNC1)."""
        number = self.extended_error
        if not number:
            return ""
        if self.code in (ERROR_NETBIOS_ERROR, ERROR_SERVER_NOT_RESPONDING):
            return f"NetBIOS error {number}"
        if self.code == ERROR_AUTH_INTERNAL:
            return f"internal diagnostic {number}"
        if self.code == ERROR_CANNOT_GET_LANA:
            cause = describe_code(number)
            return f"RAS routing error {_spell(number)}: {cause.symbol}, {cause.message}"
        return ""

    def _where(self) -> list[str]:
        where = super()._where()
        if self.state is not None:
            where.append(f"at {self.state.rascs_name}")
        if self.extended_meaning:
            where.append(self.extended_meaning)
        return where


class AuthenticationError(DialError):
    """The login was refused. Correct the user name, password, domain or key first.

    Never retry it unchanged: repeated wrong passwords lock an account.
    """

    default_code = 691


class AccountError(DialError):
    """The account may not connect now, from here, or this way. Its administrator can help."""

    default_code = 649


class CertificateError(DialError):
    """A certificate, of this computer, the user or the server, is missing, expired or not trusted."""

    default_code = 801


class InteractionRequiredError(DialError):
    """RAS would have to ask a person: enable the paused states, or dial once by hand."""

    default_code = 703


class LineError(DialError):
    """The line or network to the server broke, or there is none."""

    default_code = 629


class LineBusyError(LineError):
    """The number is engaged."""

    default_code = 676


class NoAnswerError(LineError):
    """The far end did not answer."""

    default_code = 678


class NoCarrierError(LineError):
    """Something picked up that is not a modem."""

    default_code = 679


class NoDialToneError(LineError):
    """The telephone line is dead."""

    default_code = 680


class PortError(DialError):
    """The port is in use or missing; often the previous hang-up has not finished yet."""

    default_code = 633


class DeviceError(DialError):
    """The modem, adapter or card reader, or its driver, does not work."""

    default_code = 651


class PhonebookError(DialError):
    """The phonebook, or an entry, setting or number in it, is missing, damaged or impossible.

    Reading a phonebook file raises this error too, with the file and the line in its message.
    """

    default_code = 623


class ServerError(DialError):
    """The server was reached, and is faulty, full or misconfigured."""

    default_code = 638


class ProtocolError(DialError):
    """The two ends have no common protocol, encryption or login method."""

    default_code = 720


class TunnelError(DialError):
    """The VPN tunnel did not come up: firewalls, routers with NAT, IPsec settings."""

    default_code = 800


class DialTimeoutError(DialError, TimeoutError):
    """The time allowed for the dial ran out."""

    default_code = 1460


class HungUpError(DialError):
    """The dial or the connection was ended from this side."""

    default_code = 631


class BackendUnavailableError(RasError):
    """RAS cannot be reached here: no library, no such function in it, or not on this system."""

    default_code = 126


class ConnectionGoneError(RasError):
    """The connection is over: RAS does not know its handle any more."""

    default_code = 6


class ErrorCode(NamedTuple):
    """One line of the table of codes."""

    code: int
    symbol: str
    message: str
    hint: str
    error_class: type[RasError]
    transient: bool


def known_codes() -> Mapping[int, ErrorCode]:
    """Return all codes of the table, by their unsigned number, in ascending order."""
    return _table("")


def describe_code(code: int, wording: str = "") -> ErrorCode:
    """Return the line of a code, signed or unsigned; an unknown code gets a general line.

    A Win32 error wrapped in an HRESULT (0x8007….) is described as that Win32 error.

    Args:
        code: The code.
        wording: "pppd" for the words that fit links made by pppd on Linux; "" for those of Windows.
    """
    code = operator.index(code) & _UNSIGNED
    table = _table(wording)
    known = table.get(code)
    if known is not None:
        return known
    spelled = _spell(code)
    inner = table.get(code & 0xFFFF) if code >> 16 == 0x8007 else None
    if inner is not None:
        return inner._replace(code=code, symbol=f"HRESULT_FROM_WIN32({inner.symbol})")
    return ErrorCode(code, f"UNKNOWN_{spelled}", "An error without a known meaning.", "", RasError, False)


def error_from_code(
    code: int,
    *,
    function: str = "",
    message: str | None = None,
    hint: str | None = None,
    entry: str = "",
    phonebook: str | None = None,
) -> RasError:
    """Return the error for a code of any call but a dial; `rasdial_async.errors.dial_error` for dials."""
    error_class = describe_code(code).error_class
    return _with_note(
        error_class(code, function=function, message=message, hint=hint, entry=entry, phonebook=phonebook)
    )


def gone_error(
    *, code: int = ERROR_INVALID_HANDLE, function: str = "", entry: str = "", phonebook: str | None = None
) -> ConnectionGoneError:
    """Return the error of a call on a connection that is over, 6 or 668."""
    return _with_note(ConnectionGoneError(code, function=function, entry=entry, phonebook=phonebook))


def dial_error(
    code: int,
    *,
    function: str = "",
    message: str | None = None,
    hint: str | None = None,
    entry: str = "",
    phonebook: str | None = None,
    state: ConnectionState | None = None,
    extended_error: int | None = None,
    event: DialEvent | None = None,
) -> DialError:
    """Return the error of a failed dial, of the class of its code; DialError if the code names no cause."""
    cause = describe_code(code).error_class
    error_class = cause if issubclass(cause, DialError) else DialError
    return _with_note(
        error_class(
            code,
            function=function,
            message=message,
            hint=hint,
            entry=entry,
            phonebook=phonebook,
            state=state,
            extended_error=extended_error,
            event=event,
        )
    )


def _with_note(error: _Error) -> _Error:
    if error.hint:
        error.add_note(f"Hint: {error.hint}")
    return error


@cache
def _table(wording: str) -> Mapping[int, ErrorCode]:
    # Imported here: importing this module must cost nothing. importlib.resources would import thirty modules
    # more, tempfile and zipfile among them.
    with _no_fork:
        import json
        import pkgutil

    text = pkgutil.get_data(__package__, "error_codes.json")
    assert text is not None
    classes = globals()
    return MappingProxyType(
        {
            row["code"]: ErrorCode(
                row["code"],
                row["symbol"],
                row["message"],
                row.get("hint", ""),
                classes[row["class"]],
                row.get("transient", False),
            )
            for line in json.loads(text)["codes"]
            for row in [line | line.get(wording, {})]
        }
    )


def _spell(code: int) -> str:
    """Write an HRESULT in hexadecimal and any other code in decimal, as Windows and its users do."""
    return f"0x{code:08X}" if code >= 0x40000000 else str(code)
