"""Hanging up, with a wait for the port. It blocks, so it runs on a thread of the package.

RasHangUp returns before the work is done, and a program that dials again too early finds the port taken.
RAS has no event for the end: the caller asks for the status until the handle is invalid
(https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rashangupw). A status of Disconnected, with or
without an error, is an end as well; but the port may still be on its way, so the wait goes on for a moment.
"""

from __future__ import annotations

import logging
import math
import time

from .._native.binding import RasLibrary
from .._native.records import ConnectionStatus
from ..errors import BackendUnavailableError, ConnectionState, RasError
from ..errors.codes import ERROR_INVALID_HANDLE, ERROR_RASMAN_CANNOT_INITIALIZE, ERROR_SUCCESS, GONE
from .handles import RasHandle

_logger = logging.getLogger(__name__)

_FIRST_PAUSE = 0.002
_LONGEST_PAUSE = 0.25
_MAX_REFERENCES = 10_000
_WITHOUT_STATUS = 3.0  # seconds, RasHangUp's page
_PORT_SECONDS = 3.0  # from Disconnected until the handle is invalid, where it ever becomes so


def hang_up_and_wait(
    library: RasLibrary, handle: RasHandle, timeout: float, *, all_references: bool = False
) -> bool:
    """Give one reference back, or all, and wait until the port is released.

    Args:
        library: The library that dialed.
        handle: The wait ends as well when this life of the handle is over, or when another dial of this
            process holds it: its reference keeps the connection up.
        timeout: Seconds to wait at most.
        all_references: Take those of other programs too.

    Returns:
        False if the release was not seen in time.

    Raises:
        RasError: RAS refused to hang up.
    """
    deadline = time.monotonic() + timeout
    for taken in range(_MAX_REFERENCES if all_references else 1):
        code = library.hang_up(handle.value)
        if code == ERROR_INVALID_HANDLE and taken == 0:
            return True  # 668 says less: the link is down, but its port may still be on its way
        if code == ERROR_RASMAN_CANNOT_INITIALIZE:  # RAS is gone, and every connection with it
            return True
        if code not in (ERROR_SUCCESS, *GONE):
            raise library.error(code, "RasHangUpW")
        if code in GONE or (all_references and not _is_connected(library, handle)):
            break
    return _wait(library, handle, deadline, all_references=all_references)


def is_over(code: int, status: ConnectionStatus | None) -> bool:
    """Tell whether this answer of RasGetConnectStatus means that the connection has ended."""
    if code in (*GONE, ERROR_RASMAN_CANNOT_INITIALIZE):
        return True
    return status is not None and status.state == ConnectionState.DISCONNECTED


def _is_connected(library: RasLibrary, handle: RasHandle) -> bool:
    status = library.status(handle.value)[1]
    return status is not None and status.connected


def _wait(library: RasLibrary, handle: RasHandle, deadline: float, *, all_references: bool = False) -> bool:
    pause = _FIRST_PAUSE
    disconnected_until = math.inf
    while True:
        try:
            code, status = library.status(handle.value)
        except BackendUnavailableError:
            time.sleep(max(0.0, min(_WITHOUT_STATUS, deadline - time.monotonic())))
            return True
        if handle.gone or (handle.references and not all_references):
            return True
        now = time.monotonic()
        if is_over(code, status):
            disconnected_until = min(disconnected_until, now + _PORT_SECONDS)
            if status is None or now >= disconnected_until:
                return True
        if now >= deadline:
            return False
        time.sleep(min(pause, max(0.0, deadline - now)))
        pause = min(2 * pause, _LONGEST_PAUSE)


def hang_up_all(library: RasLibrary, handles: list[RasHandle], timeout: float) -> None:
    """Hang up many at once and wait for all of them, `timeout` seconds in all.

    Their references are taken from the handles before, as for a single one.
    """
    deadline = time.monotonic() + timeout
    hung_up = []
    for handle in handles:
        try:
            if library.hang_up(handle.value) == ERROR_SUCCESS:
                hung_up.append(handle)
        except RasError as error:
            _logger.warning("%s: handle %#x could not be hung up: %s", library.name, handle.value, error)
    for handle in hung_up:
        _wait(library, handle, deadline)
