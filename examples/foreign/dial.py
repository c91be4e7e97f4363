"""A RAS client by ctypes: it dials, prints each event, and hangs up.

python dial.py LIBRARY ENTRY USER PASSWORD     exit status 0 = it was connected
"""

import ctypes
import sys
import threading
import time
from ctypes import byref, c_uint32, c_void_p

CONNECTED, INVALID_HANDLE = 0x2000, 6
FUNCTION = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)  # __stdcall on 32-bit Windows
NOTIFIER = FUNCTION(None, c_void_p, c_uint32, c_uint32, c_uint32, c_uint32)  # RasDialFunc1


def text(characters: int) -> type[ctypes.Array[ctypes.c_uint16]]:
    return ctypes.c_uint16 * characters  # c_wchar has four bytes on Linux


class DialParams(ctypes.Structure):
    _pack_, _layout_ = 4, "ms"
    _fields_ = [
        ("size", c_uint32),
        *(("entry", text(257)), ("number", text(129)), ("callback", text(129))),
        *(("user", text(257)), ("password", text(257)), ("domain", text(16))),
    ]

    def write(self, member: str, value: str) -> None:
        data = value.encode("utf-16-le")
        ctypes.memmove(ctypes.addressof(self) + getattr(DialParams, member).offset, data, len(data))


class Status(ctypes.Structure):
    _pack_, _layout_ = 4, "ms"
    _fields_ = [
        *(("size", c_uint32), ("state", c_uint32), ("error", c_uint32)),
        *(("device_type", text(17)), ("device_name", text(129))),
    ]


def main(path: str, entry: str, user: str, password: str) -> int:
    library = getattr(ctypes, "WinDLL", ctypes.CDLL)(path)
    over = threading.Event()
    errors: list[int] = []

    def hear(handle: int, message: int, state: int, error: int, extended_error: int) -> None:
        print("event", state, error)
        errors.append(error)
        if error or state & CONNECTED:
            over.set()

    notifier = NOTIFIER(hear)  # kept for as long as RAS may call it
    params = DialParams(size=ctypes.sizeof(DialParams))
    for member, value in (("entry", entry), ("user", user), ("password", password)):
        params.write(member, value)
    handle = c_void_p()
    code = library.RasDialW(None, None, byref(params), 1, notifier, byref(handle))
    print("dial", code)
    if not code:
        over.wait()
    if handle:
        print("hang-up", library.RasHangUpW(handle))
        status = Status(size=ctypes.sizeof(Status))
        while library.RasGetConnectStatusW(handle, byref(status)) != INVALID_HANDLE:
            time.sleep(0.001)  # the port is free when the handle is invalid
        print("released")
    return int(bool(code or errors[-1]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
