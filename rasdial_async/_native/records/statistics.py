"""The frozen records of what RAS tells of a connection that is up, and of the machine it runs on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple


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
class RunningTotals:
    """What went over a connection, counted on across the 32-bit wraps of RAS's counters.

    They belong to the :class:`Connection` (or :class:`SubEntry`) object that was asked, not to the
    connection: they begin with what RAS counted at the object's first call of `statistics()`, and each
    later call adds what the counters have moved since. That is exact as long as

    - no counter moves by 4 GiB (2^32) or more between two calls: at 1 Gbit/s ask every 30 seconds;
    - nobody else clears the counters in between. A frame counter that would have moved by 2^31 or more
      is taken as such a clearing: then what RAS counts now is added, and what passed between the last
      call and the clearing is missing.

    `clear_statistics()` of the same object leaves them alone.

    Attributes:
        bytes_sent: Bytes sent.
        bytes_received: Bytes received.
        frames_sent: Frames sent.
        frames_received: Frames received.
        duration: How long the connection is up; RAS's own number wraps at 49.7 days.
    """

    bytes_sent: int = 0
    bytes_received: int = 0
    frames_sent: int = 0
    frames_received: int = 0
    duration: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class ConnectionStatistics:
    """What RAS counts of a connection: all its links together, or one of them.

    The counters are RAS's own: 32 bits, so they wrap at 4 GiB, and they count from the beginning or from
    the last time that anybody cleared them. `total` counts on.

    Attributes:
        bytes_sent: Bytes sent, modulo 2^32.
        bytes_received: Bytes received, modulo 2^32.
        frames_sent: Frames sent.
        frames_received: Frames received.
        crc_errors: Frames with a wrong checksum.
        timeout_errors: Frames that took too long.
        alignment_errors: Frames that did not begin where they should.
        hardware_overrun_errors: Characters that came faster than the computer took them.
        framing_errors: Frames that were not well formed.
        buffer_overrun_errors: Frames that found no room.
        compression_in: Compression of what was received, in percent.
        compression_out: Compression of what was sent, in percent.
        bps: Speed of the link in bits per second; 0 = RAS does not say.
        duration: How long the connection is up, modulo 2^32 milliseconds (49.7 days).
        total: The same across wraps; it says what it promises.
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
