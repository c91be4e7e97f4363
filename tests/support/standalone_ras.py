"""Which rasapi32.dll is this, and the sim_… functions of the simulator's stand-alone library."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from support import ROOT

SHARED = ROOT / "build" / "engine" / "librasapi32.so"


def system_ras() -> str:
    """The maker of System32's rasapi32.dll: "simulator", "wine", "windows"; "" where there is no System32."""
    if sys.platform != "win32":
        return ""
    path = Path(os.environ["SYSTEMROOT"], "System32", "rasapi32.dll")
    if hasattr(ctypes.WinDLL(str(path)), "sim_standalone"):
        return "simulator"
    return "wine" if hasattr(ctypes.WinDLL("ntdll"), "wine_get_version") else "windows"


class _Entry(ctypes.Structure):
    NAMES = (
        *("phonebook", "name", "device_type", "device_name"),
        *("phone_number", "user_name", "password", "domain"),
    )
    _fields_ = [(name, ctypes.c_void_p) for name in NAMES]


class _Step(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("kind", "state", "error", "extended_error", "delay_us")]


class _Counts(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_uint32) for name in ("connections", "open_ports", "threads", "callbacks")),
        ("dials", ctypes.c_uint64),
        ("registered", ctypes.c_uint32),
        ("registrations", ctypes.c_uint64),
    ]


def utf16(text: str) -> ctypes.Array[ctypes.c_char]:
    return ctypes.create_string_buffer(text.encode("utf-16-le") + b"\0")


class StandAlone:
    """The one engine of a loaded rasapi32.dll or librasapi32.so."""

    def __init__(self, path: str) -> None:
        self._library = ctypes.CDLL(path)
        self._library.sim_standalone.restype = ctypes.c_void_p
        self._engine = ctypes.c_void_p(self._library.sim_standalone())
        assert self._engine.value

    def add_entry(self, name: str, **values: str) -> None:
        texts = {member: utf16(value) for member, value in {"name": name, **values}.items()}
        entry = _Entry(*(ctypes.addressof(texts[one]) if one in texts else None for one in _Entry.NAMES))
        self._call("sim_add_entry", ctypes.byref(entry))

    def script(self, name: str, *steps: tuple[int, ...]) -> None:
        """Steps are (kind, state, error, extended error, microseconds before)."""
        lines = (_Step * len(steps))(*(_Step(*step) for step in steps))
        self._call("sim_script", None, utf16(name), lines, len(steps))

    def drop(self, name: str, error: int) -> None:
        self._call("sim_drop", None, utf16(name), error)

    def answer(self, place: int, code: int) -> None:
        """The function at that place of struct ras_api answers only that; 0 = it works."""
        self._call("sim_answer", place, code)

    def settle(self, question: int, otherwise: bool) -> None:
        """Give the other answer to a question of engine.h, or the usual one again."""
        self._call("sim_settle", question, int(otherwise))

    def remove_entry(self, name: str) -> None:
        self._call("sim_remove_entry", None, utf16(name))

    def set_pace(self, factor: float) -> None:
        self._library.sim_set_pace(self._engine, ctypes.c_double(factor))

    def counts(self) -> _Counts:
        counts = _Counts()
        self._library.sim_count(self._engine, ctypes.byref(counts))
        return counts

    def _call(self, function: str, *arguments: object) -> None:
        assert getattr(self._library, function)(self._engine, *arguments) == 0
