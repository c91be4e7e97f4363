"""Ctrl-C: the first one cancels the work, which hangs up; a second one does not wait for that.

The handler only posts to the loop: a KeyboardInterrupt in the middle of a hang-up would end the wait for the
port.

SIGTERM and SIGHUP cancel the work as well, and so does Ctrl-Break (SIGBREAK) on Windows. A closed console
window may leave a connection up: by the documentation Windows ends the process five seconds after the close,
and nobody has tried here how much of a hang-up fits into them.
https://learn.microsoft.com/windows/console/handlerroutine
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
_ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def run(work: Coroutine[Any, Any, _T], at_once: Callable[[], None]) -> _T:
    """Run the work as asyncio.run does, but call `at_once`, which ends the program, at a second Ctrl-C.

    Raises:
        KeyboardInterrupt: Ctrl-C or another of the signals has ended the work.
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
    """Handle the signals inside the block. A signal set otherwise before, as nohup does, stays as it is."""
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
