"""A RAS client that knows nothing of the package: ras.h by ctypes, with CHAR or with WCHAR.

The structures are those of Windows 2000 to 7, as shipped clients declare them.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from ctypes import byref, c_uint32, c_void_p
from typing import Any

FUNCTION = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)
NOTIFIER = FUNCTION(None, c_void_p, c_uint32, c_uint32, c_uint32, c_uint32)  # RasDialFunc1
BUFFER_TOO_SMALL = 603


class _Structure(ctypes.Structure):
    """Packed as in ras.h; texts are read and written as str."""

    _pack_ = 4
    _layout_ = "ms"
    wide: bool

    def read(self, member: str) -> str:
        data = bytes(getattr(self, member))
        text = data.decode("utf-16-le" if self.wide else "utf-8", "replace")
        return text.split("\0", 1)[0]

    def write(self, member: str, text: str) -> None:
        data = text.encode("utf-16-le" if self.wide else "utf-8")
        ctypes.memmove(ctypes.addressof(self) + getattr(type(self), member).offset, data, len(data))


def _structure(name: str, wide: bool, **members: int | type) -> type[_Structure]:
    """Members are a type, or how many characters a text has."""
    character = ctypes.c_uint16 if wide else ctypes.c_uint8
    fields = [
        (member, character * kind if isinstance(kind, int) else kind) for member, kind in members.items()
    ]
    body = {"_pack_": 4, "_layout_": "ms", "_fields_": [("dwSize", c_uint32), *fields], "wide": wide}
    return type(f"{name}{'W' if wide else 'A'}", (_Structure,), body)


class Ras:
    """The functions that end in W or in A of one library."""

    def __init__(self, path: str, wide: bool) -> None:
        loader: type[ctypes.CDLL] = ctypes.CDLL
        if sys.platform == "win32":
            loader = ctypes.WinDLL
        self.library = loader(path)
        self.wide = wide
        dword = c_uint32
        self.DialParams = _structure(
            "RASDIALPARAMS",
            wide,
            szEntryName=257,
            szPhoneNumber=129,
            szCallbackNumber=129,
            szUserName=257,
            szPassword=257,
            szDomain=16,
            dwSubEntry=dword,
            dwCallbackId=c_void_p,
        )
        self.Connection = _structure(
            "RASCONN",
            wide,
            hrasconn=c_void_p,
            szEntryName=257,
            szDeviceType=17,
            szDeviceName=129,
            szPhonebook=260,
            dwSubEntry=dword,
            guidEntry=dword * 4,
        )
        self.Status = _structure(
            "RASCONNSTATUS",
            wide,
            rasconnstate=dword,
            dwError=dword,
            szDeviceType=17,
            szDeviceName=129,
            szPhoneNumber=129,
        )
        self.EntryName = _structure("RASENTRYNAME", wide, szEntryName=257, dwFlags=dword, szPhonebookPath=261)
        self.Device = _structure("RASDEVINFO", wide, szDeviceType=17, szDeviceName=129)
        self.Credentials = _structure(
            "RASCREDENTIALS", wide, dwMask=dword, szUserName=257, szPassword=257, szDomain=16
        )
        self.SubEntry = _structure(
            "RASSUBENTRY",
            wide,
            dwfFlags=dword,
            szDeviceType=17,
            szDeviceName=129,
            szLocalPhoneNumber=129,
            dwAlternateOffset=dword,
        )
        self.Entry = _structure(
            "RASENTRY",
            wide,
            dwfOptions=dword,
            dwCountryID=dword,
            dwCountryCode=dword,
            szAreaCode=11,
            szLocalPhoneNumber=129,
            dwAlternateOffset=dword,
            addresses=dword * 5,
            dwFrameSize=dword,
            dwfNetProtocols=dword,
            dwFramingProtocol=dword,
            szScript=260,
            szAutodialDll=260,
            szAutodialFunc=260,
            szDeviceType=17,
            szDeviceName=129,
            szX25PadType=33,
            szX25Address=201,
            szX25Facilities=201,
            szX25UserData=201,
            dwChannels=dword,
            dwReserved1=dword,
            dwReserved2=dword,
            dwSubEntries=dword,
            dialing=dword * 5,
            dwIdleDisconnectSeconds=dword,
            dwType=dword,
            dwEncryptionType=dword,
            dwCustomAuthKey=dword,
            guidId=dword * 4,
            szCustomDialDll=260,
            dwVpnStrategy=dword,
        )

    def text(self, value: str | None) -> ctypes.Array[ctypes.c_char] | None:
        if value is None:
            return None
        return ctypes.create_string_buffer(value.encode("utf-16-le" if self.wide else "utf-8") + b"\0\0")

    def function(self, name: str, *, ending: bool = True) -> Callable[..., int]:
        found = getattr(self.library, name + (("W" if self.wide else "A") if ending else ""))
        found.restype = c_uint32
        return found

    def call(self, name: str, *arguments: Any) -> int:
        """A str becomes a text of that library's kind."""
        converted = [self.text(one) if isinstance(one, str) else one for one in arguments]
        return self.function(name)(*converted)

    def new(self, structure: type[_Structure], **texts: str) -> Any:
        made: Any = structure(dwSize=ctypes.sizeof(structure))
        for member, text in texts.items():
            made.write(member, text)
        return made

    def listed(self, name: str, structure: type[_Structure], *before: Any) -> list[Any]:
        """Return what a Ras…Enum function lists, in the usual two calls."""
        size, count = c_uint32(0), c_uint32(0)
        code = self.call(name, *before, None, byref(size), byref(count))
        if code == 0:
            return []
        assert code == BUFFER_TOO_SMALL, code
        rows: Any = (structure * count.value)()
        size.value = ctypes.sizeof(rows)  # it was told for the newest structure
        rows[0].dwSize = ctypes.sizeof(structure)
        assert self.call(name, *before, rows, byref(size), byref(count)) == 0
        return list(rows[: count.value])

    def dial(
        self, entry: str, notifier: Any, *, phonebook: str | None = None, **texts: str
    ) -> tuple[int, int]:
        """The code, and the handle."""
        params = self.new(self.DialParams, szEntryName=entry, **texts)
        handle = c_void_p()
        code = self.call("RasDial", None, phonebook, byref(params), 1, notifier, byref(handle))
        return code, handle.value or 0

    def status(self, handle: int) -> tuple[int, Any]:
        status = self.new(self.Status)
        return self.call("RasGetConnectStatus", c_void_p(handle), byref(status)), status

    def hang_up(self, handle: int) -> int:
        return self.call("RasHangUp", c_void_p(handle))
