"""RAS's own states of a connection, as enumerations that survive unknown numbers.

No logic may depend on the order of the states, nor on any of them occurring but the terminal ones
(https://learn.microsoft.com/windows/win32/api/ras/ne-ras-rasconnstate).
"""

from __future__ import annotations

from enum import IntEnum, IntFlag

PAUSED_BIT = 0x1000
DONE_BIT = 0x2000

_NUMBER_TYPES = frozenset("bcdoxXneEfFgG%")  # f"{state:#x}" asks for the number


def _formatted(name: str, number: int, spec: str) -> str:
    return format(number if spec[-1:] in _NUMBER_TYPES else name, spec) if spec else name


class NamedIntEnum(IntEnum):
    """An IntEnum whose text is its name: ``f"{error.state}"`` is "AUTHENTICATE"."""

    def __str__(self) -> str:
        return self.name

    def __format__(self, spec: str) -> str:
        return _formatted(self.name, int(self), spec)


class NamedIntFlag(IntFlag):
    """An IntFlag whose text is its names: "REQUIRE_EAP|REMOTE_DEFAULT_GATEWAY"; "0" for none."""

    def __str__(self) -> str:
        return self.name or str(int(self))

    def __format__(self, spec: str) -> str:
        return _formatted(str(self), int(self), spec)


class _OpenEnum(NamedIntEnum):
    """An IntEnum in which a number without a member is a value too."""

    @classmethod
    def _missing_(cls, value: object) -> _OpenEnum | None:
        if not isinstance(value, int) or not 0 <= value <= 0xFFFFFFFF:
            return None
        stranger = int.__new__(cls, value)
        stranger._name_ = f"UNKNOWN_{value}"
        stranger._value_ = value
        return stranger

    @property
    def rascs_name(self) -> str:
        """The name in ras.h: "RASCS_OpenPort", "RASCSS_Dormant"; "RASCS_77" for a number without one."""
        prefix = "RASCSS_" if isinstance(self, ConnectionSubState) else "RASCS_"
        if self._name_.startswith("UNKNOWN_"):
            return f"{prefix}{self._value_}"
        words = self._name_.split("_")
        return prefix + "".join("UI" if word == "UI" else word.capitalize() for word in words)

    def __reduce_ex__(self, proto: object) -> tuple[type[_OpenEnum], tuple[int]]:
        return type(self), (int(self),)


class ConnectionState(_OpenEnum):
    """The state that a dial is about to enter, or that a connection is in (RASCONNSTATE)."""

    OPEN_PORT = 0
    PORT_OPENED = 1
    CONNECT_DEVICE = 2
    DEVICE_CONNECTED = 3
    ALL_DEVICES_CONNECTED = 4
    AUTHENTICATE = 5
    AUTH_NOTIFY = 6
    AUTH_RETRY = 7
    AUTH_CALLBACK = 8
    AUTH_CHANGE_PASSWORD = 9
    AUTH_PROJECT = 10
    AUTH_LINK_SPEED = 11
    AUTH_ACK = 12
    RE_AUTHENTICATE = 13
    AUTHENTICATED = 14
    PREPARE_FOR_CALLBACK = 15
    WAIT_FOR_MODEM_RESET = 16
    WAIT_FOR_CALLBACK = 17
    PROJECTED = 18
    START_AUTHENTICATION = 19
    CALLBACK_COMPLETE = 20
    LOGON_NETWORK = 21
    SUB_ENTRY_CONNECTED = 22
    SUB_ENTRY_DISCONNECTED = 23
    APPLY_SETTINGS = 24
    INTERACTIVE = 0x1000
    RETRY_AUTHENTICATION = 0x1001
    CALLBACK_SET_BY_CALLER = 0x1002
    PASSWORD_EXPIRED = 0x1003
    INVOKE_EAP_UI = 0x1004
    CONNECTED = 0x2000
    DISCONNECTED = 0x2001

    @property
    def paused(self) -> bool:
        """True when RAS waits for input from the user."""
        return bool(self & PAUSED_BIT)

    @property
    def terminal(self) -> bool:
        """True when the dial is over: connected, failed or hung up."""
        return bool(self & DONE_BIT)


class ConnectionSubState(_OpenEnum):
    """The mobility state of an IKEv2 connection (RASCONNSUBSTATE, MOBIKE)."""

    NONE = 0
    DORMANT = 1
    RECONNECTING = 2
    RECONNECTED = 0x2000
