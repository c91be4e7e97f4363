"""Hanging up, with a wait for the port. It blocks, so it runs on a thread of the package.

RasHangUp returns before the work is done, and whoever dials again too early finds the port taken. RAS
offers no event for the end: one asks for the status until the handle is invalid
(https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rashangupw).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from .._native.binding import RasLibrary
from ..errors import BackendUnavailableError, RasError
from ..errors.codes import ERROR_INVALID_HANDLE, ERROR_RASMAN_CANNOT_INITIALIZE, ERROR_SUCCESS, GONE

_logger = logging.getLogger(__name__)

_FIRST_PAUSE = 0.002
_LONGEST_PAUSE = 0.25
_STEADY = 1.0  # connected for so long after a hang-up: a reference of another program keeps it up
_MAX_REFERENCES = 10_000
_WITHOUT_STATUS = 3.0  # seconds, RasHangUp's page


def hang_up_and_wait(
    library: RasLibrary,
    handle: int,
    timeout: float,
    *,
    all_references: bool = False,
    over: Callable[[], bool] = lambda: False,
) -> bool:
    """Gives one reference back, or all, and waits until the port is released.

    Args:
        timeout: Seconds to wait at most.
        all_references: Take those of other programs too.
        over: Says that there is nothing to wait for: another reference of this process keeps the
            connection up, or RAS has given the handle value to another dial.

    Returns:
        False if the port was not released in time.

    Raises:
        RasError: RAS refused to hang up.
    """
    deadline = time.monotonic() + timeout
    for taken in range(_MAX_REFERENCES if all_references else 1):
        code = library.hang_up(handle)
        if code == ERROR_INVALID_HANDLE and taken == 0:
            return True  # 668 says less: the link is down, but its port may still be on its way
        if code == ERROR_RASMAN_CANNOT_INITIALIZE:  # RAS is gone, and every connection with it
            return True
        if code not in (ERROR_SUCCESS, *GONE):
            raise library.error(code, "RasHangUpW")
        if code in GONE or (all_references and not _connected(library, handle)):
            break
    return _wait(library, handle, deadline, over)


def _connected(library: RasLibrary, handle: int) -> bool:
    status = library.status(handle)[1]
    return status is not None and status.connected


def _wait(library: RasLibrary, handle: int, deadline: float, over: Callable[[], bool]) -> bool:
    pause = _FIRST_PAUSE
    connected_since = time.monotonic()
    while True:
        try:
            code, status = library.status(handle)
        except BackendUnavailableError:
            time.sleep(max(0.0, min(_WITHOUT_STATUS, deadline - time.monotonic())))
            return True
        now = time.monotonic()
        if code in GONE or code == ERROR_RASMAN_CANNOT_INITIALIZE or over():
            return True
        if status is None or not status.connected:
            connected_since = now
        elif now - connected_since >= _STEADY:
            return True
        if now >= deadline:
            return False
        time.sleep(min(pause, max(0.0, deadline - now)))
        pause = min(2 * pause, _LONGEST_PAUSE)


def hang_up_all(library: RasLibrary, handles: list[int], timeout: float) -> None:
    """Hangs up many at once and waits for all of them, `timeout` seconds in all."""
    deadline = time.monotonic() + timeout
    hung_up = []
    for handle in handles:
        try:
            if library.hang_up(handle) == ERROR_SUCCESS:
                hung_up.append(handle)
        except RasError as error:
            _logger.warning("%s: handle %#x could not be hung up: %s", library.name, handle, error)
    for handle in hung_up:
        _wait(library, handle, deadline, lambda: False)


def hang_up_quietly(library: RasLibrary, handle: int, timeout: float) -> None:
    """For a dial that nobody waits for any more: what goes wrong is logged."""
    if not handle:
        return
    try:
        if not hang_up_and_wait(library, handle, timeout):
            _logger.warning("%s: handle %#x was hung up, but its port is not released", library.name, handle)
    except RasError as error:
        _logger.warning("%s: handle %#x could not be hung up: %s", library.name, handle, error)
