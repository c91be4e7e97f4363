"""Ctrl-C: the first one lets the work hang up, a second one does not wait for that.

The handler only posts to the loop: a KeyboardInterrupt in the middle of the hanging up would be one more
exception for it to wait through.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

from ..backends import post

_T = TypeVar("_T")
# A closed terminal, a service that is stopped and Ctrl-Break end the work just as well.
_ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def run(work: Coroutine[Any, Any, _T], at_once: Callable[[], None]) -> _T:
    """As asyncio.run, but a second Ctrl-C calls `at_once`, which ends the program.

    Raises:
        KeyboardInterrupt: There was a Ctrl-C; the work has ended.
    """
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        task = loop.create_task(work)
        interrupted = 0

        def interrupt(number: int, frame: FrameType | None) -> None:
            nonlocal interrupted
            interrupted += 1
            if interrupted > 2:
                raise KeyboardInterrupt
            post(loop, task.cancel if interrupted == 1 else at_once)

        with _handled_by(interrupt):
            try:
                return loop.run_until_complete(task)
            except asyncio.CancelledError:
                if not interrupted:
                    raise
                raise KeyboardInterrupt from None


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Signals that somebody has set otherwise, as nohup does, stay as they are."""
    usual = (signal.SIG_DFL, signal.default_int_handler)
    numbers = [number for name in _ENDINGS if (number := getattr(signal, name, None)) is not None]
    before = {number: found for number in numbers if (found := signal.getsignal(number)) in usual}
    for number in before:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, found in before.items():
            signal.signal(number, found)
