"""The library tests/support/odd_ras/links.c, whose every answer a test decides."""

from __future__ import annotations

import ctypes
import enum
import time
from collections.abc import Awaitable
from pathlib import Path

import pytest

from rasdial_async import RasError
from rasdial_async.backends import change_signal
from support import odd_ras


class Function(enum.IntEnum):
    """In the order of links.c."""

    STATISTICS = 0
    CLEAR = 1
    LINK_STATISTICS = 2
    CLEAR_LINK = 3
    PROJECTION = 4
    SUB_ENTRY = 5
    DEVICES = 6
    NOTIFICATION = 7
    LIST = 8
    HANG_UP = 9
    CHANGES = 10  # RasConnectionNotification of one connection; 87 = it knows the links' flags only
    ENTRY = 11
    DIAL = 12


class Links:
    """The loaded library."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.up = False
        self._library = ctypes.CDLL(str(path))
        self._library.links_code.argtypes = [ctypes.c_int, ctypes.c_uint32]

    def answer(self, function: Function, code: int) -> None:
        """Set what the function answers from now on; 0 = what it should."""
        self._library.links_code(function, code)

    def calls(self, function: Function) -> int:
        return self._library.links_calls(function)

    def wait_calls(self, function: Function, calls: int) -> None:
        """Blocks until the function was called so often."""
        deadline = time.monotonic() + odd_ras.SECONDS
        while self.calls(function) < calls:
            assert time.monotonic() < deadline, f"{function.name} was called {self.calls(function)} times"
            time.sleep(0.001)

    def set(self, up: bool, *, guid: int = 0, quietly: bool = False) -> None:
        """The connection comes or goes, or another one with this guid has its handle."""
        self.up = up
        self._library.links_set(up, guid, quietly)

    def set_entry(self, links: int, mode: int = 1) -> None:
        """Every entry has so many links, and this dwDialMode; the test tells what a dial of several does."""
        self._library.links_entry(ctypes.c_uint32(links), mode)

    def tell(self, link: int, state: int, error: int = 0) -> int:
        """RAS calls back, on this thread; what a RasDialFunc2 answers."""
        return self._library.links_tell(link, state, error)

    @property
    def dialed(self) -> tuple[int, int]:
        """The notifier's type and the sub-entry of the last RasDial."""
        return self._library.links_notifier_type(), self._library.links_dialed_first()

    def list_link(self, number: int) -> None:
        """Set what RasEnumConnections names as a link that is up."""
        self._library.links_list_link(number)

    def set_sub_state(self, value: int, *, quietly: bool = False) -> None:
        self._library.links_substate(value, quietly)

    def set_link(self, number: int, up: bool) -> None:
        self._library.links_up(number, up)

    def linger(self, questions: int) -> None:
        """A link that is hung up stays until it was asked for so often."""
        self._library.links_linger(questions)

    def set_address(self, address: str, server: str = "", error: int = 0) -> None:
        self._library.links_address(0, address.encode())
        self._library.links_address(1, server.encode())
        self._library.links_projection_error(error)

    @property
    def waits(self) -> bool:
        """An event is registered, and was not set yet."""
        return bool(self._library.links_is_waiting())

    def lose_registrations(self) -> None:
        """Nothing is up any more, no event is registered, and nobody is told."""
        self.up = False
        self._library.links_reset()

    def reset(self) -> None:
        """As it was at first, for the package too."""
        self.lose_registrations()
        for kept in change_signal._spare.values():
            for _, event in kept:
                event.renew()


def build(folder: Path, without: str = "") -> Links:
    return Links(odd_ras.build(folder, "links", without))


async def fails(code: int, awaitable: Awaitable[object], function: str | None = None) -> None:
    """Awaits what has to raise this code, of this function."""
    with pytest.raises(RasError) as caught:
        await awaitable
    assert caught.value.code == code
    if function is not None:
        assert caught.value.function == function
