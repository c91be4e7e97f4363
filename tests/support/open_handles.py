"""The number of the system's handles that this process has open: what a test leaves behind shows there."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import threading

import pytest

from rasdial_async.backends import threads

if sys.platform == "win32":
    EXTENDED_HANDLE_INFORMATION = 64
    TOO_SMALL = 0xC0000004
    SYNCHRONIZE = 0x100000

    class _Handle(ctypes.Structure):
        """SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX."""

        _fields_ = [
            *((name, ctypes.c_size_t) for name in ("object", "process", "handle")),
            *((name, ctypes.c_uint32) for name in ("access", "type", "attributes", "reserved")),
        ]

    def wait_for_ends(threads):
        """Return a function that waits until the handles of these threads are closed too."""
        kernel32 = ctypes.WinDLL("kernel32")
        kernel32.OpenThread.restype = ctypes.c_void_p
        handles = [kernel32.OpenThread(SYNCHRONIZE, False, thread.native_id) for thread in threads]

        def wait():
            for handle in filter(None, map(ctypes.c_void_p, handles)):
                kernel32.WaitForSingleObject(handle, 10_000)
                kernel32.CloseHandle(handle)

        return wait

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

else:

    def wait_for_ends(threads):
        """Return a function that waits for nothing: a joined thread has closed its handles."""
        return lambda: None

    def open_handles() -> int:
        """File descriptors."""
        if not os.path.isdir("/proc/self/fd"):
            pytest.skip("this system does not list the descriptors of a process")
        return len(os.listdir("/proc/self/fd"))


def handles_at_rest(monkeypatch) -> int:
    """Once every idle thread of this package has ended, also those of earlier tests.

    Later there may be fewer all the same: Wine and Windows keep idle threads of their pool for some seconds.
    """
    monkeypatch.setattr(threads, "IDLE_SECONDS", 0.01)
    workers = [thread for thread in threading.enumerate() if isinstance(thread, threads.Worker)]
    wait = wait_for_ends(workers)
    for worker in workers:
        with worker._pool._lock:
            worker._pool._wake_idle()  # or they would sit out the seconds that they began with
    for worker in workers:
        worker.join(10)
    wait()
    gc.collect()
    return open_handles()
