"""The counters of a connection, as RAS reports them and summed across their wraps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from ...errors import Record


class Counters(NamedTuple):
    """RAS_STATS as RAS fills it: unsigned 32-bit numbers, the duration in milliseconds."""

    bytes_sent: int = 0
    bytes_received: int = 0
    frames_sent: int = 0
    frames_received: int = 0
    crc_errors: int = 0
    timeout_errors: int = 0
    alignment_errors: int = 0
    hardware_overrun_errors: int = 0
    framing_errors: int = 0
    buffer_overrun_errors: int = 0
    compression_in: int = 0
    compression_out: int = 0
    bps: int = 0
    duration: int = 0


@dataclass(frozen=True, slots=True)
class RunningTotals(Record):
    """The traffic of a connection, summed across the 32-bit wraps of RAS's counters.

    The totals belong to one :class:`Connection` (or :class:`SubEntry`) object. They start with RAS's counters
    at the object's first call of `statistics()`; each later call adds the difference. They are exact while

    - no counter moves by 4 GiB (2^32) or more between two calls: at 1 Gbit/s call every 30 seconds;
    - no other caller clears the counters in between. A frame counter that seems to move by 2^31 or more
      counts as such a clearing: RAS's new counters are added, and the traffic between the last call and
      the clearing is missing.

    `clear_statistics()` of the same object does not change the totals.

    Attributes:
        bytes_sent: Bytes sent.
        bytes_received: Bytes received.
        frames_sent: Frames sent.
        frames_received: Frames received.
        duration: Time since the connection came up; RAS's own number wraps at 49.7 days.
    """

    bytes_sent: int = 0
    bytes_received: int = 0
    frames_sent: int = 0
    frames_received: int = 0
    duration: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class ConnectionStatistics(Record):
    """RAS's counters of a connection: all its sub-entries together, or one of them.

    The counters have 32 bits, so they wrap at 4 GiB. They start at the beginning of the connection, or when a
    program cleared them last. `total` counts on.

    Attributes:
        bytes_sent: Bytes sent, modulo 2^32.
        bytes_received: Bytes received, modulo 2^32.
        frames_sent: Frames sent.
        frames_received: Frames received.
        crc_errors: Frames with a wrong checksum.
        timeout_errors: Frames that took too long.
        alignment_errors: Frames with a wrong alignment.
        hardware_overrun_errors: Characters that came faster than the computer read them.
        framing_errors: Frames that were not well formed.
        buffer_overrun_errors: Frames without room in the buffer.
        compression_in: Compression of received data, in percent.
        compression_out: Compression of sent data, in percent.
        bps: Speed of the link in bits per second; 0 = not reported.
        duration: Time since the connection came up, modulo 2^32 milliseconds (49.7 days).
        total: The sums across wraps.
    """

    bytes_sent: int = 0
    bytes_received: int = 0
    frames_sent: int = 0
    frames_received: int = 0
    crc_errors: int = 0
    timeout_errors: int = 0
    alignment_errors: int = 0
    hardware_overrun_errors: int = 0
    framing_errors: int = 0
    buffer_overrun_errors: int = 0
    compression_in: int = 0
    compression_out: int = 0
    bps: int = 0
    duration: timedelta = timedelta(0)
    total: RunningTotals = field(default_factory=RunningTotals)
