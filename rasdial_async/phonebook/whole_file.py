"""Writing a file whole: all of it or nothing, even if the process is killed."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import tempfile
from collections.abc import Iterator

_NO_LINKS = (errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP)


def replace_whole(target: str, data: bytes, status: os.stat_result | None = None) -> None:
    """Put a file with this data in the place of `target`, through a temporary file in the same folder.

    Args:
        target: The path, with its links resolved.
        data: The whole file.
        status: Of the file that is replaced: its mode and owner are kept. None = only the user may read it.

    Raises:
        OSError: `target` is as it was before.
    """
    with _temporary(target, data) as temporary:
        if status is not None:
            os.chmod(temporary, stat.S_IMODE(status.st_mode))
            if sys.platform != "win32" and (status.st_uid, status.st_gid) != (os.getuid(), os.getgid()):
                with contextlib.suppress(PermissionError):
                    os.chown(temporary, status.st_uid, status.st_gid)
        os.replace(temporary, target)


def create_whole(target: str, data: bytes) -> None:
    """Put a new file with this data at `target`; only the user may read the file.

    Args:
        target: The path, with its links resolved.
        data: The whole file.

    Raises:
        FileExistsError: There is a file of that name.
        OSError: There is still no file of that name.
    """
    with _temporary(target, data) as temporary:
        if sys.platform == "win32":
            os.rename(temporary, target)  # which replaces nothing on Windows
            return
        try:
            os.link(temporary, target)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _create_without_links(temporary, target)


def _create_without_links(temporary: str, target: str) -> None:
    """On a file system such as FAT: a kill in between leaves an empty file."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    os.replace(temporary, target)


@contextlib.contextmanager
def _temporary(target: str, data: bytes) -> Iterator[str]:
    """A file with this data beside `target`; after the block it is gone, and its renaming is on the disk."""
    folder = os.path.dirname(target)
    descriptor, temporary = tempfile.mkstemp(
        prefix=f".{os.path.basename(target)}.", suffix=".tmp", dir=folder
    )
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
    if sys.platform != "win32":
        place = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(place)  # the name, too
        finally:
            os.close(place)
