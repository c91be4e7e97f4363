"""Saving a phonebook, never over the changes of another program."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Iterator

from ..errors import PhonebookError
from ..errors.codes import ERROR_CANNOT_WRITE_PHONEBOOK
from .whole_file import create_whole, replace_whole

_logger = logging.getLogger(__name__)


def replace_file(path: str, data: bytes, known: bytes | None) -> None:
    """Write `data` to `path`, through a temporary file in the same folder.

    Args:
        path: a link is followed.
        data: the whole file.
        known: the expected contents of the file; None = the file must not exist.

    Raises:
        PhonebookError: 624; the file is as it was.
    """
    target = os.path.realpath(path)
    try:
        if known is None:
            create_whole(target, data)
        else:
            with _held(target, path, known) as status:
                replace_whole(target, data, status)
    except FileExistsError:
        raise _refused(path, "there is a file of that name already") from None
    except FileNotFoundError as error:
        raise _refused(path, "the file or its folder is gone") from error
    except PermissionError as error:
        raise _refused(path, "another program holds it, or it may not be written") from error
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from error


def _refused(path: str, why: str) -> PhonebookError:
    return PhonebookError(ERROR_CANNOT_WRITE_PHONEBOOK, message=f"cannot save phonebook {path!r}: {why}")


@contextlib.contextmanager
def _held(target: str, path: str, known: bytes) -> Iterator[os.stat_result]:
    """Lock the file against other processes of this package, and check that it is unchanged."""
    with open(target, "rb") as file:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise _refused(path, "another program holds it") from error
            except OSError:
                _logger.debug("no locks on the file system of %r", path)
        status = os.fstat(file.fileno())
        if file.read(len(known) + 1) != known or not os.path.samestat(status, os.stat(target)):
            raise _refused(path, "another program has changed it since it was read; read it again")
        if not os.access(target, os.W_OK):
            raise PermissionError
        if sys.platform == "win32":
            file.close()  # Windows replaces no file that is open
        yield status
