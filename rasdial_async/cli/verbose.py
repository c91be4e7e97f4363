"""``-v`` and ``-vv``: the log of the package on stderr, while a command works."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from .display.printable import printable

_LEVELS = (logging.CRITICAL, logging.INFO, logging.DEBUG)


@contextmanager
def log_to_stderr(verbosity: int) -> Iterator[None]:
    """Log nothing with 0, as the commands print what matters; INFO with 1, DEBUG with 2."""
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
    """A handler for stderr as it is at the moment: a live display replaces it."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
            lines = self.format(record).splitlines()
            print(*(printable(line, encoding) for line in lines), sep="\n", file=sys.stderr, flush=True)
        except Exception:
            self.handleError(record)
