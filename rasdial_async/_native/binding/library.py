"""The RAS functions of one library as blocking Python calls: struct fill, UTF-16, dwSize versions.

Nothing here knows an event loop; callers run these on threads that the package owns.
"""

from __future__ import annotations

import ipaddress
import os
import sys
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from ...errors import BackendUnavailableError, ConnectionState, ConnectionSubState, RasError
from ...errors.codes import (
    ERROR_BUFFER_TOO_SMALL,
    ERROR_INTERACTIVE_MODE,
    ERROR_INVALID_SIZE,
    ERROR_PROC_NOT_FOUND,
    OTHER_SIZE,
)
from .. import text
from .._ras import ffi, lib
from ..records import ConnectionInfo, ConnectionStatus, DialRequest, EntryName
from .call_log import logged
from .eap_info import EapInfo

NOTIFIER_FUNC1, NOTIFIER_FUNC2 = 1, 2
_ERROR_TEXT_CHARACTERS = 1024


def versions(structure: str, *first_members: str) -> tuple[int, ...]:
    """dwSize of each version of a structure, newest first: versions end where a member begins."""
    offsets = [ffi.offsetof(structure, member) for member in first_members]
    return (ffi.sizeof(structure), *((offset + 3) // 4 * 4 for offset in offsets))


DIAL_PARAMS_SIZES = versions("RASDIALPARAMSW", "szEncPassword", "dwIfIndex", "dwSubEntry")
DIAL_EXTENSIONS_SIZES = versions("RASDIALEXTENSIONS", "fSkipPppAuth", "reserved1")
_EAP_INFO = ffi.offsetof("RASDIALEXTENSIONS", "RasEapInfo")
_COOKIE = ffi.offsetof("RASDIALEXTENSIONS", "RasDevSpecificInfo")
CONNECTION_SIZES = versions("RASCONNW", "guidCorrelationId", "dwFlags", "guidEntry", "szPhonebook")
ENTRY_NAME_SIZES = versions("RASENTRYNAMEW", "dwFlags")


class RasLibrary:
    """A filled function table. Every method blocks and may be called from any thread."""

    def __init__(self, api: Any, name: str, *, simulated: bool = False, owner: object = None) -> None:
        self.api = api
        self.name = name
        self.simulated = simulated
        self._owner = owner  # keeps what the table points into alive
        self._dial_sizes = (DIAL_PARAMS_SIZES, DIAL_EXTENSIONS_SIZES)
        self._connection_sizes = CONNECTION_SIZES
        self._entry_name_sizes = ENTRY_NAME_SIZES
        self.entry_sizes: tuple[int, ...] = ()  # of RASENTRY; entries.py asks RAS for them
        self._status_size = ffi.new("DWORD *")

    def error(self, code: int, function: str) -> RasError:
        """The exception for a return value, with the text of the system that gave it."""
        return RasError(code, function=function, message=self.error_text(code))

    def error_text(self, code: int) -> str | None:
        """Official text: RasGetErrorString's, else the system's; None = neither has one."""
        buffer = ffi.new("WCHAR[]", _ERROR_TEXT_CHARACTERS)
        if self.has("RasGetErrorStringW"):
            answer = self.function("RasGetErrorStringW")(code, buffer, _ERROR_TEXT_CHARACTERS - 1)
            if answer == 0 and buffer[0] != "\0":
                return text.read(buffer).strip()
        if lib.ras_system_message(code, buffer, _ERROR_TEXT_CHARACTERS):
            return text.read(buffer)
        return None

    def dial(
        self,
        request: DialRequest,
        notifier: Any,
        handle: Any,
        *,
        links: bool = False,
        eap: EapInfo | None = None,
        eap_link: int | None = None,
    ) -> int:
        """RasDialW. The structures that hold the password are wiped before it returns.

        Where the credentials are to be the stored ones, they are looked up first, in the same structure.

        Raises:
            RasError: The stored credentials can't be looked up, or there are none.

        Args:
            request: What to dial.
            notifier: A RasDialFunc1, or with `links` a RasDialFunc2.
            handle: An HRASCONN cell of :func:`handle_cell`; RAS may fill it before this returns,
                and also when the dial fails. One that is filled marks a paused dial that goes on.
            links: The entry has several links.
            eap: What EAP brings along, and the cookie: it has to last as long as the dial. Needed for these
                two and for `eap_link`.
            eap_link: EAP first shows its window for this link, with RasInvokeEapUI, which may change what
                it brings along.
        """
        call = self.function("RasDialW")
        phonebook = text.new(request.phonebook)
        params = ffi.new("RASDIALPARAMSW *")
        extensions = ffi.new("RASDIALEXTENSIONS *")
        try:
            params.szEntryName = request.entry
            if request.credentials.from_store:
                self._fill_stored(phonebook, params)
            given = request.given()
            for member, value in (
                ("szUserName", given.username),
                ("szPassword", given.password),
                ("szDomain", given.domain),
                ("szPhoneNumber", request.phone_number),
                ("szCallbackNumber", given.callback_number),
            ):
                if value is not None:
                    text.write(params, member, value)
            params.dwSubEntry = request.sub_entry
            params.dwIfIndex = request.interface_index
            extensions.dwfOptions = int(request.options)
            extensions.hwndParent = ffi.cast("HWND", request.owner_window)
            extended = bool(request.options or request.owner_window or request.eap or request.cookie)
            sizes, extension_sizes = self._dial_sizes
            if eap is not None:
                extensions.RasEapInfo = eap.info[0]
            if request.eap is not None:  # an older RAS would dial without it
                extension_sizes = tuple(size for size in extension_sizes if size > _EAP_INFO)
            if request.cookie:
                assert eap is not None
                extension_sizes = tuple(size for size in extension_sizes if size > _COOKIE)
                extensions.fSkipPppAuth = 1
                extensions.RasDevSpecificInfo.dwSize = len(eap.cookie)
                extensions.RasDevSpecificInfo.pbDevSpecificInfo = eap.cookie
            if eap_link is not None:
                assert eap is not None
                extensions.dwSize = extension_sizes[0]
                window = extensions.hwndParent
                code = self.function("RasInvokeEapUI")(handle[0], eap_link, extensions, window)
                if code != 0:
                    return int(code)
                eap.info[0] = extensions.RasEapInfo
            code = ERROR_INVALID_SIZE
            for size in sizes:
                for extension_size in extension_sizes if extended else extension_sizes[:1]:
                    params.dwSize, extensions.dwSize = size, extension_size
                    code = call(
                        extensions if extended else ffi.NULL,
                        phonebook,
                        params,
                        NOTIFIER_FUNC2 if links else NOTIFIER_FUNC1,
                        notifier,
                        handle,
                    )
                    if code not in OTHER_SIZE or handle[0]:
                        self._dial_sizes = _from(sizes, size), _from(extension_sizes, extension_size)
                        return int(code)
            return int(code)
        finally:
            text.wipe(params)

    def _fill_stored(self, phonebook: Any, params: Any) -> None:
        """RasGetEntryDialParamsW: the stored user name, domain and stand-in for the password."""
        call = self.function("RasGetEntryDialParamsW")
        stored = ffi.new("int32_t *")
        code = ERROR_INVALID_SIZE
        for size in self._dial_sizes[0]:
            params.dwSize = size
            code = call(phonebook, params, stored)
            if code not in OTHER_SIZE:
                break
        if code != 0:
            raise self.error(code, "RasGetEntryDialParamsW")
        if not stored[0]:
            raise RasError(
                ERROR_INTERACTIVE_MODE,
                function="RasGetEntryDialParamsW",
                message="no password is stored for this entry: give credentials, or store them first",
            )

    def hang_up(self, handle: int) -> int:
        """RasHangUpW; returns its code. Never called with a NULL handle."""
        return int(self.function("RasHangUpW")(handle_pointer(handle)))

    def status(self, handle: int) -> tuple[int, ConnectionStatus | None]:
        """RasGetConnectStatusW: its code and, where that is 0, what it told."""
        call = self.function("RasGetConnectStatusW", partial(lib.ras_connect_status, self.api))
        status = ffi.new("RASCONNSTATUSW *")
        code = call(handle_pointer(handle), status, self._status_size)
        return code, _read_status(status) if code == 0 else None

    def connections(self) -> list[ConnectionInfo]:
        """RasEnumConnectionsW: the connections that are up."""
        rows, self._connection_sizes = self._enumerate(
            "RasEnumConnectionsW", "RASCONNW", self._connection_sizes
        )
        return [_read_connection(row) for row in rows]

    def entries(self, phonebook: str | None) -> list[EntryName]:
        """RasEnumEntriesW: the entries of one phonebook; None = those of all default ones."""
        rows, self._entry_name_sizes = self._enumerate(
            "RasEnumEntriesW", "RASENTRYNAMEW", self._entry_name_sizes, ffi.NULL, text.new(phonebook)
        )
        return [
            EntryName(text.read(row.szEntryName), text.read(row.szPhonebookPath), bool(row.dwFlags & 1))
            for row in rows
        ]

    def has(self, name: str) -> bool:
        """Tell whether the library exports this RAS function."""
        return bool(getattr(self.api, name))

    def function(self, name: str, helper: Callable[..., Any] | None = None) -> Any:
        """The RAS function, or the helper in C that calls it. Every call gets its function here.

        Raises:
            BackendUnavailableError: The library lacks it.
        """
        function = getattr(self.api, name)
        if not function:
            raise BackendUnavailableError(
                ERROR_PROC_NOT_FOUND, function=name, message=f"{self.name} has no function {name}"
            )
        return logged(name, helper or function)

    def _enumerate(
        self, function: str, structure: str, sizes: tuple[int, ...], *arguments: Any
    ) -> tuple[list[Any], tuple[int, ...]]:
        """The rows of one of RAS's enumerations, and the sizes worth trying the next time."""
        code, rows, sizes = self._rows(function, structure, sizes, *arguments)
        if code != 0:
            raise self.error(code, function)
        return rows, sizes

    def _rows(
        self, function: str, structure: str, sizes: tuple[int, ...], *arguments: Any
    ) -> tuple[int, list[Any], tuple[int, ...]]:
        """The buffer protocol of RAS's enumerations: grow on 603, an older dwSize on 632 and 1784.

        Rows stand dwSize apart, and members that this dwSize does not have are left zero. The code comes
        first.
        """
        call = self.function(function)
        room, count = ffi.new("DWORD *"), ffi.new("DWORD *")
        code = ERROR_INVALID_SIZE
        for size in sizes:
            room[0] = size
            while True:
                buffer = ffi.new("BYTE[]", max(room[0], size))
                first = ffi.cast("DWORD *", buffer)
                first[0] = size
                room[0] = len(buffer)
                count[0] = 0
                code = call(*arguments, ffi.cast(f"{structure} *", buffer), room, count)
                if code != ERROR_BUFFER_TOO_SMALL or room[0] <= len(buffer):
                    break
            if code == 0:
                # A count beyond the buffer comes from a library that never wrote one.
                found = min(count[0], len(buffer) // size)
                rows = [_row(structure, buffer, index * size, size) for index in range(found)]
                return 0, rows, _from(sizes, size)
            if code not in OTHER_SIZE:
                break
        return int(code), [], sizes


def open_library(path: str | None) -> RasLibrary:
    """The library at an absolute path; None = Windows' own rasapi32.dll, from System32 only.

    Raises:
        BackendUnavailableError: It can't be loaded, or has no RasDialW.
    """
    name = path or "rasapi32.dll"
    if path is None and sys.platform != "win32":
        raise BackendUnavailableError(
            message="rasapi32.dll is part of Windows: elsewhere name a library, or use the simulator"
        )
    api = ffi.new("struct ras_api *")
    library = ffi.new("void **")
    message = ffi.new("char[]", 1024)
    code = lib.ras_library_open(
        ffi.NULL if path is None else ffi.new("char[]", os.fsencode(path)),
        text.new(path),
        api,
        library,
        message,
        len(message),
    )
    if code != 0:
        reason = bytes(ffi.buffer(message)).split(b"\0")[0].decode("utf-8", "replace")
        raise BackendUnavailableError(message=f"{name} can't be loaded: {reason}")
    opened = RasLibrary(api, name, simulated=bool(lib.ras_library_is_simulator(library[0])))
    if not opened.has("RasDialW"):
        raise BackendUnavailableError(
            ERROR_PROC_NOT_FOUND, function="RasDialW", message=f"{name} is no RAS library: no RasDialW in it"
        )
    return opened


def handle_cell() -> Any:
    """Where RasDialW stores the HRASCONN, NULL at first as RAS wants it."""
    return ffi.new("HRASCONN *")


def read_handle(cell: Any) -> int:
    """The handle in a cell; 0 while RAS has stored none."""
    return int(ffi.cast("uintptr_t", cell[0]))


def handle_pointer(handle: int) -> Any:
    return ffi.cast("HRASCONN", handle)


def _from(sizes: tuple[int, ...], size: int) -> tuple[int, ...]:
    return sizes[sizes.index(size) :]


def _row(structure: str, buffer: Any, offset: int, size: int) -> Any:
    """A copy with every member of the newest layout, whatever the size of the row."""
    row = ffi.new(f"{structure} *")
    ffi.memmove(row, buffer + offset, min(size, ffi.sizeof(structure)))
    return row


def _read_status(status: Any) -> ConnectionStatus:
    return ConnectionStatus(
        state=ConnectionState(status.rasconnstate),
        sub_state=ConnectionSubState(status.rasconnsubstate),
        error=status.dwError,
        device_type=text.read(status.szDeviceType),
        device_name=text.read(status.szDeviceName),
        phone_number=text.read(status.szPhoneNumber),
        local_endpoint=_read_endpoint(status.localEndPoint),
        remote_endpoint=_read_endpoint(status.remoteEndPoint),
    )


def _read_endpoint(endpoint: Any) -> str | None:
    if endpoint.dwType == 1:
        return str(ipaddress.IPv4Address(bytes(endpoint.ipv4)))
    if endpoint.dwType == 2:
        return str(ipaddress.IPv6Address(bytes(endpoint.ipv6)))
    return None


def _read_connection(row: Any) -> ConnectionInfo:
    return ConnectionInfo(
        handle=int(ffi.cast("uintptr_t", row.hrasconn)),
        entry=text.read(row.szEntryName),
        device_type=text.read(row.szDeviceType),
        device_name=text.read(row.szDeviceName),
        # NT 4's layout ends with padding where the path begins in later ones.
        phonebook="" if row.dwSize == CONNECTION_SIZES[-1] else text.read(row.szPhonebook),
        sub_entry=row.dwSubEntry,
        guid=_read_guid(row, "guidEntry"),
        luid=row.luid.LowPart | (row.luid.HighPart & 0xFFFFFFFF) << 32,
        flags=row.dwFlags,
        correlation_id=_read_guid(row, "guidCorrelationId"),
    )


def _read_guid(row: Any, member: str) -> str:
    guid = uuid.UUID(bytes_le=bytes(ffi.buffer(ffi.addressof(row, member))))
    return str(guid) if guid.int else ""
