"""The checks of real PPP links by pppd, on a system with POSIX."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from .report import Answer, Check, timed
from .system import run

_FOLDERS = "/usr/sbin:/sbin:/usr/bin"
_PEERS = Path("/etc/ppp/peers")


def _links() -> Answer:
    return sorted(path.name for path in Path("/sys/class/net").glob("ppp*"))


def _peers() -> Answer:
    return len([path for path in _PEERS.iterdir() if path.is_file()]) if _PEERS.is_dir() else 0


if sys.platform != "win32":
    import grp

    def checks() -> Iterator[Check]:
        """Ask about pppd, the kernel's PPP, and the entries and rights of this account."""
        program = shutil.which("pppd", path=_FOLDERS)
        yield timed("pppd", "program", lambda: program or "")
        if program is not None:
            yield timed("pppd", "version", lambda: run(program, "--version").strip())
            yield timed("pppd", "setuid root", lambda: bool(os.stat(program).st_mode & stat.S_ISUID))
        yield timed("pppd", "/dev/ppp", lambda: os.path.exists("/dev/ppp"))
        yield timed("pppd", "peers", _peers)
        yield timed("pppd", "member of dip", _in_dip)
        yield timed("pppd", "links", _links)

    def _in_dip() -> Answer:
        try:
            dip = grp.getgrnam("dip")
        except KeyError:
            return "no such group"
        return dip.gr_gid in os.getgroups()
