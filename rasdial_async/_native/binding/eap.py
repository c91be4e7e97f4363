"""EAP identities, and the data that RAS keeps for EAP methods. What may be secret is wiped."""

from __future__ import annotations

from typing import Any

from ...errors import error_from_code
from ...errors.codes import ERROR_BUFFER_TOO_SMALL, ERROR_INVALID_FUNCTION_FOR_ENTRY
from .. import text
from .._ras import ffi
from ..records import EapIdentity, EapOptions
from .library import RasLibrary

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
    cell = ffi.new("RASEAPUSERIDENTITYW **")
    owner = ffi.cast("HWND", window)
    code = call(text.new(phonebook), text.new(entry), int(options), owner, cell)
    found = cell[0]
    try:
        if code == ERROR_INVALID_FUNCTION_FOR_ENTRY:
            return None
        if code != 0:
            raise error_from_code(code, function="RasGetEapUserIdentityW", message=library.error_text(code))
        if not found:
            return None
        data = ffi.buffer(found.pbEapInfo, found.dwSizeofEapInfo)
        identity = EapIdentity(text.read(found.szUserName), bytes(data))
        data[:] = bytes(len(data))
        return identity
    finally:
        free(found)  # which may be NULL


def get_eap_user_data(library: RasLibrary, phonebook: str | None, entry: str) -> bytes:
    """RasGetEapUserData: what RAS keeps for the caller; b"" = nothing.

    Raises:
        PhonebookError: 621 no such phonebook, 623 no such entry.
        RasError: E_INVALIDARG, any other code.
    """
    return _read(library, "RasGetEapUserData", ffi.NULL, text.new(phonebook), text.new(entry))


def set_eap_user_data(library: RasLibrary, phonebook: str | None, entry: str, data: bytes) -> None:
    """RasSetEapUserData; see :func:`get_eap_user_data`."""
    _write(library, "RasSetEapUserData", data, ffi.NULL, text.new(phonebook), text.new(entry))


def get_custom_auth_data(library: RasLibrary, phonebook: str | None, entry: str) -> bytes:
    """RasGetCustomAuthDataW: what RAS keeps for the entry, whoever dials it; b"" = nothing."""
    return _read(library, "RasGetCustomAuthDataW", text.new(phonebook), text.new(entry))


def set_custom_auth_data(library: RasLibrary, phonebook: str | None, entry: str, data: bytes) -> None:
    """RasSetCustomAuthDataW: raises 5 where only an administrator may."""
    _write(library, "RasSetCustomAuthDataW", data, text.new(phonebook), text.new(entry))


def _read(library: RasLibrary, function: str, *arguments: Any) -> bytes:
    call = library.function(function)
    size = ffi.new("DWORD *", _USUAL_SIZE)
    while True:
        buffer = ffi.new("BYTE[]", size[0])
        try:
            code = call(*arguments, buffer, size)
            if code == 0:
                return bytes(ffi.buffer(buffer)[: size[0]])
        finally:
            text.wipe(buffer)
        if code != ERROR_BUFFER_TOO_SMALL or size[0] <= len(buffer):
            raise error_from_code(code, function=function, message=library.error_text(code))


def _write(library: RasLibrary, function: str, data: bytes, *arguments: Any) -> None:
    call = library.function(function)
    buffer = ffi.new("BYTE[]", data)
    try:
        code = call(*arguments, buffer, len(data))
    finally:
        text.wipe(buffer)
    if code != 0:
        raise error_from_code(code, function=function, message=library.error_text(code))
