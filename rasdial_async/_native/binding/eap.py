"""EAP identities, and the data that RAS keeps for EAP methods. What may be secret is wiped."""

from __future__ import annotations

from typing import Any

from ...errors import RasError
from ...errors.codes import ERROR_INVALID_FUNCTION_FOR_ENTRY
from .. import text
from .._ras import ffi
from ..records import EapIdentity, EapOptions
from .library import RasLibrary
from .sizes import grow

_USUAL_SIZE = 1024


def eap_identity(
    library: RasLibrary, phonebook: str | None, entry: str, options: EapOptions, window: int
) -> EapIdentity | None:
    """RasGetEapUserIdentityW; None = the entry needs none (780).

    RAS's own copy is wiped and freed with RasFreeEapUserIdentityW before this returns: it is one block
    that RAS itself has copied together, so another copy is as good.

    Raises:
        InteractionRequiredError: 703.
        RasError: Any other code; BackendUnavailableError if the library lacks one of the functions.
    """
    free = library.function("RasFreeEapUserIdentityW")
    call = library.function("RasGetEapUserIdentityW")
    if phonebook is None:
        phonebook = _phonebook_of(library, entry)
    cell = ffi.new("RASEAPUSERIDENTITYW **")
    owner = ffi.cast("HWND", window)
    code = call(text.new(phonebook), text.new(entry), int(options), owner, cell)
    found = cell[0]
    try:
        if code == ERROR_INVALID_FUNCTION_FOR_ENTRY:
            return None
        library.check(code, "RasGetEapUserIdentityW", entry=entry, phonebook=phonebook)
        if not found:
            return None
        data = ffi.buffer(found.pbEapInfo, found.dwSizeofEapInfo)
        identity = EapIdentity(text.read(found.szUserName), bytes(data))
        data[:] = bytes(len(data))
        return identity
    finally:
        free(found)  # which may be NULL


def _phonebook_of(library: RasLibrary, entry: str) -> str | None:
    """The default phonebook in which RasDial finds the entry: the user's, else that of all users.

    RasGetEapUserIdentity with NULL looks into one of them only.
    """
    if not library.has("RasEnumEntriesW"):
        return None
    try:
        found = library.entries(None)
    except RasError:  # RasGetEapUserIdentity will say it
        return None
    same = [name for name in found if name.casefold() == entry.casefold()]
    return min(same, key=lambda name: name.all_users).phonebook or None if same else None


def get_eap_user_data(library: RasLibrary, phonebook: str | None, entry: str) -> bytes:
    """RasGetEapUserDataW: what RAS keeps for the caller; b"" = nothing.

    Raises:
        PhonebookError: 621 no such phonebook, 623 no such entry.
        RasError: E_INVALIDARG, any other code.
    """
    names = (ffi.NULL, text.new(phonebook), text.new(entry))
    return _read(library, "RasGetEapUserDataW", names, phonebook, entry)


def set_eap_user_data(library: RasLibrary, phonebook: str | None, entry: str, data: bytes) -> None:
    """RasSetEapUserDataW; see :func:`get_eap_user_data`."""
    names = (ffi.NULL, text.new(phonebook), text.new(entry))
    _write(library, "RasSetEapUserDataW", names, data, phonebook, entry)


def get_custom_auth_data(library: RasLibrary, phonebook: str | None, entry: str) -> bytes:
    """RasGetCustomAuthDataW: what RAS keeps for the entry, whoever dials it; b"" = nothing."""
    names = (text.new(phonebook), text.new(entry))
    return _read(library, "RasGetCustomAuthDataW", names, phonebook, entry)


def set_custom_auth_data(library: RasLibrary, phonebook: str | None, entry: str, data: bytes) -> None:
    """RasSetCustomAuthDataW: raises 5 where only an administrator may."""
    names = (text.new(phonebook), text.new(entry))
    _write(library, "RasSetCustomAuthDataW", names, data, phonebook, entry)


def _read(
    library: RasLibrary, function: str, names: tuple[Any, ...], phonebook: str | None, entry: str
) -> bytes:
    call = library.function(function)
    code, buffer, size = grow(lambda room, cell: call(*names, room, cell), _USUAL_SIZE)
    try:
        library.check(code, function, entry=entry, phonebook=phonebook)
        return bytes(ffi.buffer(buffer)[:size])
    finally:
        text.wipe(buffer)


def _write(
    library: RasLibrary,
    function: str,
    names: tuple[Any, ...],
    data: bytes,
    phonebook: str | None,
    entry: str,
) -> None:
    call = library.function(function)
    buffer = ffi.new("BYTE[]", data)
    try:
        code = call(*names, buffer, len(data))
    finally:
        text.wipe(buffer)
    library.check(code, function, entry=entry, phonebook=phonebook)
