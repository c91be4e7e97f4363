"""RasGetCredentials and RasSetCredentials. The buffers that held a secret are wiped."""

from __future__ import annotations

from .. import text
from .._ras import ffi
from ..records import CredentialKind, Credentials, Resume, StoredPassword
from .library import RasLibrary

RASCM_USER_NAME = 0x1
RASCM_PASSWORD = 0x2
RASCM_DOMAIN = 0x4
_LOGIN = RASCM_USER_NAME | RASCM_PASSWORD | RASCM_DOMAIN
_MASKS = {
    CredentialKind.USER: _LOGIN,
    CredentialKind.ALL_USERS: _LOGIN | 0x8,
    CredentialKind.PRE_SHARED_KEY: 0x10,
    CredentialKind.SERVER_PRE_SHARED_KEY: 0x20,
    CredentialKind.DEMAND_DIAL_PRE_SHARED_KEY: 0x40,
}


def get_credentials(
    library: RasLibrary, phonebook: str | None, entry: str, kind: CredentialKind
) -> Credentials | None:
    """RasGetCredentialsW: what is stored, a stand-in for the secret; None = nothing is.

    Raises:
        PhonebookError: 621 no such phonebook, 623 no such entry.
        RasError: Any other code; BackendUnavailableError if the library lacks the function.
    """
    call = library.function("RasGetCredentialsW")
    stored = ffi.new("RASCREDENTIALSW *")
    try:
        stored.dwSize, stored.dwMask = ffi.sizeof("RASCREDENTIALSW"), _MASKS[kind]
        code = call(text.new(phonebook), text.new(entry), stored)
        library.check(code, "RasGetCredentialsW", entry=entry, phonebook=phonebook)
        found = stored.dwMask & _MASKS[kind]
        if not found & ~0x8:
            return None
        secret = kind.is_key or found & RASCM_PASSWORD
        return Credentials(
            text.read(stored.szUserName) if found & RASCM_USER_NAME else "",
            StoredPassword(text.read(stored.szPassword)) if secret else "",
            text.read(stored.szDomain) if found & RASCM_DOMAIN else "",
        )
    finally:
        text.wipe(stored)


def set_credentials(
    library: RasLibrary,
    phonebook: str | None,
    entry: str,
    kind: CredentialKind,
    credentials: Credentials | None,
) -> None:
    """RasSetCredentialsW: stores them, or, where there are none, clears what is stored.

    Raises:
        PhonebookError: 621 no such phonebook.
        RasError: 5 not allowed, 87 for an entry that is not there too, any other code.
    """
    login = (
        None
        if credentials is None
        else Resume(credentials.username, credentials.password, credentials.domain)
    )
    _set(library, phonebook, entry, _MASKS[kind], login)


def save_login(library: RasLibrary, phonebook: str | None, entry: str, login: Resume) -> None:
    """RasSetCredentialsW with what `login` has; what is None in it stays as it is stored."""
    mask = 0
    for value, bit in (
        (login.username, RASCM_USER_NAME),
        (login.password, RASCM_PASSWORD),
        (login.domain, RASCM_DOMAIN),
    ):
        mask |= 0 if value is None else bit
    _set(library, phonebook, entry, mask, login)


def _set(library: RasLibrary, phonebook: str | None, entry: str, mask: int, login: Resume | None) -> None:
    call = library.function("RasSetCredentialsW")
    wanted = ffi.new("RASCREDENTIALSW *")
    try:
        wanted.dwSize, wanted.dwMask = ffi.sizeof("RASCREDENTIALSW"), mask
        if login is not None:
            wanted.szUserName = login.username or ""
            wanted.szPassword = login.password or ""
            wanted.szDomain = login.domain or ""
        code = call(text.new(phonebook), text.new(entry), wanted, login is None)
    finally:
        text.wipe(wanted)
    library.check(code, "RasSetCredentialsW", entry=entry, phonebook=phonebook)
