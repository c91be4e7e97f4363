"""The library tests/support/odd_ras/logins.c, which a test plans, and which tells what it was given."""

from __future__ import annotations

import ctypes
import enum
from dataclasses import dataclass
from pathlib import Path

from support import odd_ras


class Function(enum.IntEnum):
    """In the order of logins.c."""

    IDENTITY = 0
    INVOKE = 1
    GET_USER = 2
    SET_USER = 3
    GET_CUSTOM = 4
    SET_CUSTOM = 5
    SET_CREDENTIALS = 6
    ENTRY = 7


@dataclass
class Dialed:
    """The arguments of one RasDialW; old_eap: the identity of the call before, read at this one."""

    username: str
    password: str
    domain: str
    callback: str
    eap: bytes
    old_eap: bytes
    cookie: bytes
    resumed: bool


class Logins:
    """The loaded library."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._library = ctypes.CDLL(str(path))
        for name in ("logins_text", "logins_eap_at_hang_up", "logins_saved"):
            getattr(self._library, name).restype = ctypes.c_char_p
        for name in ("logins_calls", "logins_identity_flags", "logins_saved_mask"):
            getattr(self._library, name).restype = ctypes.c_uint32
        for name in ("logins_code", "logins_refuse"):
            getattr(self._library, name).argtypes = [ctypes.c_int, ctypes.c_uint32]

    def reset(self) -> None:
        self._library.logins_reset()

    def plan(self, *dials: list[int] | int) -> None:
        """Each RasDialW: the states that it reports, a negative number an error; or the code it returns."""
        for number, dial in enumerate(dials):
            if isinstance(dial, int):
                self._library.logins_refuse(number, dial)
                continue
            for state in dial:
                self._library.logins_event(number, max(state, 0), max(-state, 0))

    def answer(self, function: Function, code: int) -> None:
        """Set what the function answers from now on; 0 = what it should."""
        self._library.logins_code(function, code)

    def calls(self, function: Function) -> int:
        return self._library.logins_calls(function)

    def know_extensions(self, size: int) -> None:
        """No other dwSize of RASDIALEXTENSIONS."""
        self._library.logins_extensions_size(size)

    def set_redial(self, count: int, pause: int) -> None:
        """Set what the entry says."""
        self._library.logins_redial(count, pause)

    @property
    def up(self) -> bool:
        return bool(self._library.logins_up())

    @property
    def dialed(self) -> list[Dialed]:
        texts = self._library.logins_text
        return [
            Dialed(
                username=texts(number, 0).decode(),
                password=texts(number, 1).decode(),
                domain=texts(number, 2).decode(),
                callback=texts(number, 3).decode(),
                eap=texts(number, 4),
                old_eap=texts(number, 5),
                cookie=texts(number, 6),
                resumed=bool(self._library.logins_resumed(number)),
            )
            for number in range(self._library.logins_dialed())
        ]

    @property
    def eap_at_hang_up(self) -> bytes:
        """The identity, where the last RasDialW was shown it, read when it was hung up."""
        return self._library.logins_eap_at_hang_up()

    @property
    def identities(self) -> int:
        """Handed out, and not freed yet."""
        return self._library.logins_identities()

    @property
    def identity_flags(self) -> int:
        return self._library.logins_identity_flags()

    @property
    def freed_unwiped(self) -> bool:
        """An identity was freed with its data in it."""
        return bool(self._library.logins_freed_unwiped())

    @property
    def saved(self) -> tuple[int, str, str, str]:
        """The last arguments of RasSetCredentialsW: dwMask, user name, password, domain."""
        texts = [self._library.logins_saved(which).decode() for which in range(3)]
        return self._library.logins_saved_mask(), texts[0], texts[1], texts[2]


def build(folder: Path) -> Logins:
    return Logins(odd_ras.build(folder, "logins"))
