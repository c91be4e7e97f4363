"""Credentials: what a dial proves who it is with. The password shows nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user name, password and domain for a dial.

    Both user name and password empty means: those of the current logon
    (https://learn.microsoft.com/previous-versions/windows/desktop/legacy/aa377238(v=vs.85)).
    The password is masked in ``repr`` and left out of comparisons' output; it can't be wiped from a
    Python string, but the buffers it is copied to for RAS are wiped when RasDial has returned.
    """

    username: str = ""
    password: str = field(default="", repr=False)
    domain: str = ""

    def __repr__(self) -> str:
        password = "'***'" if self.password else "''"
        return f"Credentials(username={self.username!r}, password={password}, domain={self.domain!r})"
