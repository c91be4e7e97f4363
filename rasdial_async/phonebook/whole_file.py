"""A file in the place of another: all of it or nothing."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile


def replace_whole(target: str, data: bytes, status: os.stat_result | None = None) -> None:
    """Puts a file with this data in the place of `target`, through a temporary file in the same folder.

    Args:
        target: The path, with its links resolved.
        data: The whole file.
        status: Of the file that is replaced: its mode and owner are kept. None = only the user may read it.

    Raises:
        OSError: There is what was there before.
    """
    folder = os.path.dirname(target)
    descriptor, temporary = tempfile.mkstemp(
        prefix=f".{os.path.basename(target)}.", suffix=".tmp", dir=folder
    )
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if status is not None:
            os.chmod(temporary, stat.S_IMODE(status.st_mode))
            if sys.platform != "win32" and (status.st_uid, status.st_gid) != (os.getuid(), os.getgid()):
                with contextlib.suppress(PermissionError):
                    os.chown(temporary, status.st_uid, status.st_gid)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    if sys.platform != "win32":
        place = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(place)  # the name, too
        finally:
            os.close(place)
