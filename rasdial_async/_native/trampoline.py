"""C calls Python: the extern "Python" function, and nothing else that C may call.

Purpose. `on_wake` tells a loop that cannot watch a descriptor that events wait.

Guarantees.
 - Nothing escapes into C. An exception here is a bug of this package: it is logged with its traceback.
 - It runs on the relay thread of a target, never on a thread of RAS: so user code can't call RasDial
   from a callback.

Assumptions. The dictionary is only ever read and written under the GIL, one step at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from types import TracebackType

from ._ras import ffi

_logger = logging.getLogger(__name__)

_wakes: dict[int, Callable[[], object]] = {}


def connect_wake(target: int, wake: Callable[[], object]) -> None:
    _wakes[target] = wake


def disconnect(target: int) -> None:
    _wakes.pop(target, None)


def forget() -> None:
    """In a forked child: nobody listens yet."""
    _wakes.clear()


def _report(exception: type[BaseException], value: BaseException, traceback: TracebackType | None) -> None:
    _logger.error("a loop could not be woken", exc_info=(exception, value, traceback))


@ffi.def_extern(onerror=_report)
def on_wake(target: int) -> None:
    wake = _wakes.get(target)
    if wake is not None:
        wake()
