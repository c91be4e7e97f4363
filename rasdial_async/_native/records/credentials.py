"""User names, passwords and domains for a dial. The password appears in no output."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from ...errors import Record, check_text, hides_fields


class StoredPassword(str):
    """The stand-in that RAS gives for a password or key that it has stored.

    RAS takes this str for the stored secret, in a dial and when credentials are stored. It has no other use
    and is never shown. Do not compare it, and do not keep it
    (https://learn.microsoft.com/windows/win32/api/ras/nf-ras-rassetcredentialsw).
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "<stored password>"

    def __str__(self) -> str:
        return "<stored password>"

    def __format__(self, spec: str) -> str:
        return format("<stored password>", spec)


class CredentialKind(Enum):
    """The secrets that RAS can store for an entry.

    Attributes:
        USER: User name, password and domain of the calling user.
        ALL_USERS: The same for every user, of an entry for all users; an administrator sets them.
        PRE_SHARED_KEY: The key of an L2TP entry, as password; an administrator sets it.
        SERVER_PRE_SHARED_KEY: The same on the server's side.
        DEMAND_DIAL_PRE_SHARED_KEY: The same of a demand-dial interface.
    """

    USER = "user"
    ALL_USERS = "all users"
    PRE_SHARED_KEY = "pre-shared key"
    SERVER_PRE_SHARED_KEY = "server pre-shared key"
    DEMAND_DIAL_PRE_SHARED_KEY = "demand-dial pre-shared key"

    def __str__(self) -> str:
        return self.name

    @property
    def is_key(self) -> bool:
        """True for a key, which has no user name and no domain."""
        return self not in (CredentialKind.USER, CredentialKind.ALL_USERS)


@hides_fields
@dataclass(frozen=True, slots=True)
class Credentials(Record):
    """A user name, password and domain for a dial.

    An empty user name and an empty password together mean the current logon
    (https://learn.microsoft.com/previous-versions/windows/desktop/legacy/aa377238(v=vs.85)).
    ``repr`` masks the password. The buffers that the password is copied to for RAS are wiped when RasDial has
    returned; a Python string cannot be wiped. A pickle of credentials holds the password: keep none.
    """

    username: str = ""
    password: str = field(default="", repr=False)
    domain: str = ""
    from_store: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        if self.from_store and (self.username or self.password or self.domain):
            raise ValueError("credentials from the store have no user name, password or domain of their own")

    @classmethod
    def stored(cls) -> Credentials:
        """The credentials that RAS has stored for the entry, looked up at each dial.

        A user name without a password is enough, for a certificate or a smart card. Where nothing is stored
        the dial fails with 703; without `credentials=` it takes the logon then.
        """
        return cls(from_store=True)

    @classmethod
    def logon(cls) -> Credentials:
        """The user's own Windows logon, whatever is stored: the same as empty credentials."""
        return cls()

    @classmethod
    def current_logon(cls) -> Credentials:
        """The older name of :meth:`logon`."""
        return cls()

    def __repr__(self) -> str:
        if self.from_store:
            return "Credentials.stored()"
        password = "'***'" if self.password else "''"
        return f"Credentials(username={self.username!r}, password={password}, domain={self.domain!r})"


_ANY = Credentials("any")


def check_stored(entry: object, kind: object, credentials: object = _ANY) -> None:
    """Raise TypeError or ValueError for a wrong argument of a verb that stores or reads credentials."""
    check_text("entry", entry)
    if not entry:
        raise ValueError("entry is empty")
    if not isinstance(kind, CredentialKind):
        raise TypeError(f"kind must be a CredentialKind, not {type(kind).__name__}")
    if not isinstance(credentials, Credentials):
        raise TypeError(f"credentials must be Credentials, not {type(credentials).__name__}")
    for name in ("username", "password", "domain"):
        check_text(name, getattr(credentials, name))
    if credentials == Credentials() or credentials.from_store:
        raise ValueError("credentials hold nothing to store; delete_credentials clears what is stored")
    if kind.is_key and credentials is not _ANY and (credentials.username or credentials.domain):
        raise ValueError("a key is the password alone: username and domain must be empty")
