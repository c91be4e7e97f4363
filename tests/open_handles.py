"""How many handles of the system this process has open: what a test leaves behind shows there."""

from __future__ import annotations

import ctypes
import os
import sys

import pytest

if sys.platform == "win32":
    EXTENDED_HANDLE_INFORMATION = 64
    TOO_SMALL = 0xC0000004

    class _Handle(ctypes.Structure):
        """SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX."""

        _fields_ = [
            *((name, ctypes.c_size_t) for name in ("object", "process", "handle")),
            *((name, ctypes.c_uint32) for name in ("access", "type", "attributes", "reserved")),
        ]

    def open_handles() -> int:
        """Files, sockets, events, threads. GetProcessHandleCount would do, but Wine answers 0."""
        room = 1 << 16
        while True:
            buffer = ctypes.create_string_buffer(room)
            status = ctypes.WinDLL("ntdll").NtQuerySystemInformation(
                EXTENDED_HANDLE_INFORMATION, buffer, room, None
            )
            if status & 0xFFFFFFFF != TOO_SMALL:
                break
            room *= 2
        assert status == 0
        count = ctypes.c_size_t.from_buffer(buffer).value
        handles = (_Handle * count).from_buffer(buffer, 2 * ctypes.sizeof(ctypes.c_size_t))
        return sum(handle.process == os.getpid() for handle in handles)

elif os.path.isdir("/proc/self/fd"):

    def open_handles() -> int:
        """File descriptors."""
        return len(os.listdir("/proc/self/fd"))

else:

    def open_handles() -> int:
        pytest.skip("this system does not list the descriptors of a process")
