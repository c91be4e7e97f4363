"""pywin32's win32ras where there is no pywin32: the same calls of RAS, the same Python face, by ctypes.

As in pywin32 the functions are those that end in W, the structures those of Windows 2000, the callback is one
for all dials until the first event says whose it is, and RASDIALEXTENSIONS comes without a size.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import byref, c_void_p
from typing import Any

from support.ras_abi import NOTIFIER, Ras


class error(Exception):  # noqa: N801 - its name in pywin32
    def __init__(self, code: int, function: str, text: str) -> None:
        super().__init__(code, function, text)
        self.winerror, self.funcname, self.strerror = code, function, text


class RASDIALEXTENSIONS(ctypes.Structure):
    _fields_ = [
        ("dwSize", ctypes.c_uint32),
        ("dwfOptions", ctypes.c_uint32),
        ("hwndParent", c_void_p),
        ("reserved", c_void_p * 4),
    ]


class Win32Ras:
    """The module, over one library."""

    error = error
    RASDIALEXTENSIONS = RASDIALEXTENSIONS

    def __init__(self, path: str) -> None:
        self._ras = Ras(path, wide=True)
        self._heard: dict[int, Callable[..., None]] = {}
        self._pending: Callable[..., None] | None = None
        self._notifier = NOTIFIER(self._hear)  # for as long as the process lives

    def _hear(self, handle: int, message: int, state: int, code: int, extended: int) -> None:
        if handle not in self._heard:
            assert self._pending is not None
            self._heard[handle], self._pending = self._pending, None
        self._heard[handle](handle, message, state, code, extended)

    def _check(self, code: int, function: str) -> None:
        if code:
            raise error(code, function, self.GetErrorString(code) if 600 <= code < 900 else "")

    def Dial(  # noqa: N802
        self,
        extensions: ctypes.Structure | None,
        phonebook: str | None,
        parameters: tuple[str, str, str, str, str, str],
        callback: Callable[..., None] | None,
    ) -> tuple[int, int]:
        members = ("szEntryName", "szPhoneNumber", "szCallbackNumber", "szUserName", "szPassword", "szDomain")
        params = self._ras.new(self._ras.DialParams, **dict(zip(members, parameters, strict=True)))
        handle = c_void_p()
        self._pending = callback
        notifier = self._notifier if callback else None
        code = self._ras.call(
            "RasDial",
            byref(extensions) if extensions else None,
            phonebook,
            byref(params),
            1,
            notifier,
            byref(handle),
        )
        return handle.value or 0, code

    def HangUp(self, handle: int) -> None:  # noqa: N802
        self._check(self._ras.hang_up(handle), "RasHangUp")

    def GetConnectStatus(self, handle: int) -> tuple[int, int, str, str]:  # noqa: N802
        code, status = self._ras.status(handle)
        self._check(code, "RasGetConnectStatus")
        return status.rasconnstate, status.dwError, status.read("szDeviceType"), status.read("szDeviceName")

    def EnumConnections(self) -> list[tuple[int, str, str, str]]:  # noqa: N802
        return [
            (row.hrasconn, *(row.read(member) for member in ("szEntryName", "szDeviceType", "szDeviceName")))
            for row in self._ras.listed("RasEnumConnections", self._ras.Connection)
        ]

    def EnumEntries(self, reserved: None = None, phonebook: str | None = None) -> list[str]:  # noqa: N802
        rows: list[Any] = self._ras.listed("RasEnumEntries", self._ras.EntryName, reserved, phonebook)
        return [row.read("szEntryName") for row in rows]

    def GetErrorString(self, code: int) -> str:  # noqa: N802
        text = ctypes.create_string_buffer(1024)
        self._ras.call("RasGetErrorString", code, text, 512)
        return text.raw.decode("utf-16-le").split("\0", 1)[0]
