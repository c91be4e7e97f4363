"""``-v`` and ``-vv``: the log of the package on stderr, while a command works."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from .printable import printable

_LEVELS = (logging.CRITICAL, logging.INFO, logging.DEBUG)


@contextmanager
def log_to_stderr(verbosity: int) -> Iterator[None]:
    """With 0 nothing, for the commands tell what matters; with 1 what happens, with 2 all there is."""
    logger = logging.getLogger(__package__.partition(".")[0])
    before = logger.level
    handler = _Stderr()
    handler.setFormatter(logging.Formatter("%(asctime)s.%(msecs)03d %(levelname)s %(message)s", "%H:%M:%S"))
    logger.addHandler(handler)
    logger.setLevel(_LEVELS[min(verbosity, 2)])
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


class _Stderr(logging.Handler):
    """Whatever stderr is at the moment: a live display puts its own in place."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
            lines = self.format(record).splitlines()
            print(*(printable(line, encoding) for line in lines), sep="\n", file=sys.stderr, flush=True)
        except Exception:
            self.handleError(record)
