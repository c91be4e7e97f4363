"""Ctrl-C: the first one lets the work hang up, a second one does not wait for that."""

from __future__ import annotations

import asyncio
import inspect
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

_T = TypeVar("_T")
_ENDINGS = ("SIGTERM", "SIGHUP", "SIGBREAK")


def run(work: Coroutine[Any, Any, _T], at_once: Callable[[], None]) -> _T:
    """As asyncio.run, but a second Ctrl-C calls `at_once` and waits for nothing. SIGTERM counts as Ctrl-C.

    Raises:
        KeyboardInterrupt: There was a Ctrl-C; the work has ended.
    """
    runner = asyncio.Runner()
    with _ending_as_ctrl_c():
        try:
            try:
                return runner.run(work)
            finally:
                if inspect.getcoroutinestate(work) == inspect.CORO_CLOSED:
                    runner.close()
        except KeyboardInterrupt:
            if inspect.getcoroutinestate(work) != inspect.CORO_CLOSED:
                at_once()
            raise


@contextmanager
def _ending_as_ctrl_c() -> Iterator[None]:
    numbers = [number for name in _ENDINGS if (number := getattr(signal, name, None)) is not None]
    defaults = [number for number in numbers if signal.getsignal(number) == signal.SIG_DFL]
    for number in defaults:
        signal.signal(number, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        for number in defaults:
            signal.signal(number, signal.SIG_DFL)
