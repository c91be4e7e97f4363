"""The library tests/support/odd_ras/autodial.c: AutoDial, countries and moves, as a test decides."""

from __future__ import annotations

import ctypes
import enum
from pathlib import Path

from support import odd_ras


class Function(enum.IntEnum):
    """In the order of autodial.c."""

    ADDRESSES = 0
    GET = 1
    SET = 2
    IS_ENABLED = 3
    ENABLE = 4
    GET_PARAMETER = 5
    SET_PARAMETER = 6
    COUNTRY = 7
    UPDATE = 8


class Endpoint(ctypes.Structure):
    _fields_ = (("type", ctypes.c_uint32), ("address", ctypes.c_uint8 * 16))


class Update(ctypes.Structure):
    """RASUPDATECONN, laid out by hand."""

    _layout_ = "ms"
    _pack_ = 4
    _fields_ = (
        *((name, ctypes.c_uint32) for name in ("version", "size", "flags", "interface")),
        ("local", Endpoint),
        ("remote", Endpoint),
    )


class AutoDialLibrary:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._library = ctypes.CDLL(str(path))
        self._library.autodial_updated.restype = ctypes.POINTER(Update)
        self.answer = self._library.autodial_code
        self.answer.argtypes = [ctypes.c_int, ctypes.c_uint32]
        self.grow = self._library.autodial_growth
        self.ring = self._library.autodial_ring
        self.reset = self._library.autodial_reset

    @property
    def stored_bytes(self) -> int:
        return self._library.autodial_stored_bytes()

    @property
    def updated(self) -> Update:
        return self._library.autodial_updated().contents


def build(folder: Path, without: str = "") -> Path:
    return odd_ras.build(folder, "autodial", without)
