"""RasGetConnectionStatistics, RasGetLinkStatistics and the calls that clear them."""

from __future__ import annotations

from .._ras import ffi
from ..records import Counters
from .library import RasLibrary, handle_pointer


def statistics(library: RasLibrary, handle: int, sub_entry: int) -> tuple[int, Counters]:
    """The counters of one sub-entry, from 1; 0 = of all of them together. The code comes first.

    RAS answers a bad handle with E_INVALIDARG (0x80070057) here, not with 6
    (https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rasgetconnectionstatistics).
    """
    stats = ffi.new("RAS_STATS *")
    stats.dwSize = ffi.sizeof("RAS_STATS")
    if sub_entry:
        code = library.function("RasGetLinkStatistics")(handle_pointer(handle), sub_entry, stats)
    else:
        code = library.function("RasGetConnectionStatistics")(handle_pointer(handle), stats)
    if code != 0:
        return int(code), Counters()
    return 0, Counters(
        stats.dwBytesXmited,
        stats.dwBytesRcved,
        stats.dwFramesXmited,
        stats.dwFramesRcved,
        stats.dwCrcErr,
        stats.dwTimeoutErr,
        stats.dwAlignmentErr,
        stats.dwHardwareOverrunErr,
        stats.dwFramingErr,
        stats.dwBufferOverrunErr,
        stats.dwCompressionRatioIn,
        stats.dwCompressionRatioOut,
        stats.dwBps,
        stats.dwConnectDuration,
    )


def clear_statistics(library: RasLibrary, handle: int, sub_entry: int) -> int:
    """Sets them to zero, for everybody who reads them; returns the code."""
    if sub_entry:
        return int(library.function("RasClearLinkStatistics")(handle_pointer(handle), sub_entry))
    return int(library.function("RasClearConnectionStatistics")(handle_pointer(handle)))
