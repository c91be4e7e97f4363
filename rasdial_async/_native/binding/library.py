"""The RAS functions of one library as blocking Python calls: struct fill, UTF-16, dwSize versions.

Nothing here knows an event loop; callers run these on threads that the package owns.
"""

from __future__ import annotations

import ipaddress
import os
import sys
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from typing import Any

from ...errors import (
    BackendUnavailableError,
    ConnectionState,
    ConnectionSubState,
    RasError,
    describe_code,
    error_from_code,
)
from ...errors.codes import ERROR_INTERACTIVE_MODE, ERROR_PROC_NOT_FOUND
from .. import text
from .._ras import ffi, lib
from ..records import ConnectionInfo, ConnectionStatus, DialRequest, EntryName
from .call_log import logged
from .eap_info import EapInfo
from .sizes import grow, try_sizes, versions

NOTIFIER_FUNC1, NOTIFIER_FUNC2 = 1, 2
_ERROR_TEXT_CHARACTERS = 1024
_DONE = 0x2000  # RASCS_DONE: Connected and Disconnected have this bit
# A multilink connection that is up may be in one of these: one of its sub-entries has come or gone.
_OF_SUB_ENTRIES = (ConnectionState.SUB_ENTRY_CONNECTED, ConnectionState.SUB_ENTRY_DISCONNECTED)


DIAL_PARAMS_SIZES = versions("RASDIALPARAMSW", "szEncPassword", "dwIfIndex", "dwSubEntry")
DIAL_EXTENSIONS_SIZES = versions("RASDIALEXTENSIONS", "fSkipPppAuth", "reserved1")
_EAP_INFO = ffi.offsetof("RASDIALEXTENSIONS", "RasEapInfo")
_COOKIE = ffi.offsetof("RASDIALEXTENSIONS", "RasDevSpecificInfo")
CONNECTION_SIZES = versions("RASCONNW", "guidCorrelationId", "dwFlags", "guidEntry", "szPhonebook")
ENTRY_NAME_SIZES = versions("RASENTRYNAMEW", "dwFlags")


def compiler() -> str:
    """Return the compiler of the C code, with its version and the kind of atomics."""
    name = ffi.string(lib.os_compiler())
    assert isinstance(name, bytes)
    return name.decode()


class RasLibrary:
    """A filled function table. Every method blocks and may be called from any thread."""

    def __init__(
        self, api: Any, name: str, *, simulated: bool = False, owner: object = None, wording: str = ""
    ) -> None:
        self.api = api
        self.name = name
        self.simulated = simulated
        self._wording = wording  # of the texts of errors: see describe_code()
        self._owner = owner  # keeps what the table points into alive
        # dwSize of each structure, from the newest that RAS knows to the oldest.
        self._params_sizes: Sequence[int] = DIAL_PARAMS_SIZES
        self._extensions_sizes: Sequence[int] = DIAL_EXTENSIONS_SIZES
        self._connection_sizes: Sequence[int] = CONNECTION_SIZES
        self._entry_name_sizes: Sequence[int] = ENTRY_NAME_SIZES
        self.entry_sizes: Sequence[int] = ()  # of RASENTRY; entries.py asks RAS for them
        self._status_size = 0

    def error(
        self, code: int, function: str, *, entry: str | None = None, phonebook: str | None = None
    ) -> RasError:
        """Return the exception for a code that a RAS function returned, with the system's text for it.

        Args:
            code: The return value.
            function: The function that returned it.
            entry: The entry it concerns, if any.
            phonebook: The phonebook it concerns, if any.
        """
        message = self.error_text(code)
        return error_from_code(
            code,
            function=function,
            message=message,
            hint=self.error_hint(code),
            entry=entry or "",
            phonebook=phonebook,
        )

    def check(
        self, code: int, function: str, *, entry: str | None = None, phonebook: str | None = None
    ) -> None:
        """Raise the error of a return value that is not 0; see :meth:`error`."""
        if code != 0:
            raise self.error(code, function, entry=entry, phonebook=phonebook)

    def error_text(self, code: int) -> str | None:
        """Official text: RasGetErrorString's, else the system's; None = neither has one."""
        if self._wording:
            return describe_code(code, self._wording).message
        buffer = ffi.new("WCHAR[]", _ERROR_TEXT_CHARACTERS)
        if self.has("RasGetErrorStringW"):
            answer = self.function("RasGetErrorStringW")(code, buffer, _ERROR_TEXT_CHARACTERS - 1)
            if answer == 0 and buffer[0] != "\0":
                return text.read(buffer).strip()
        if lib.ras_system_message(code, buffer, _ERROR_TEXT_CHARACTERS):
            return text.read(buffer)
        return None

    def error_hint(self, code: int) -> str | None:
        """The remedy where this library's differs from the usual one; None = it does not."""
        return describe_code(code, self._wording).hint if self._wording else None

    def dial(
        self,
        request: DialRequest,
        notifier: Any,
        handle: Any,
        *,
        several: bool = False,
        eap: EapInfo | None = None,
        eap_sub_entry: int | None = None,
    ) -> int:
        """RasDialW. The structures that hold the password are wiped before it returns.

        The stored credentials are looked up first, in the same structure, unless the request has others.

        Raises:
            RasError: The request asks for stored credentials, and RAS has none or does not give them.

        Args:
            request: What to dial.
            notifier: A RasDialFunc1, or with `several` a RasDialFunc2.
            handle: An HRASCONN cell of :func:`handle_cell`; RAS may fill it before this returns,
                and also when the dial fails. One that is filled marks a paused dial that goes on.
            several: The entry has several sub-entries.
            eap: What EAP brings along, and the cookie: it has to last as long as the dial. Needed for these
                two and for `eap_sub_entry`.
            eap_sub_entry: EAP first shows its window for this sub-entry, with RasInvokeEapUI, which may
                change what it brings along.
        """
        call = self.function("RasDialW")
        phonebook = text.new(request.phonebook)
        params = ffi.new("RASDIALPARAMSW *")
        extensions = ffi.new("RASDIALEXTENSIONS *")
        try:
            self._fill_params(params, request)
            extensions_sizes = self._fill_extensions(extensions, request, eap)
            if eap_sub_entry is not None:
                assert eap is not None
                extensions.dwSize = extensions_sizes[0]
                window = extensions.hwndParent
                code = self.function("RasInvokeEapUI")(handle[0], eap_sub_entry, extensions, window)
                if code != 0:
                    return int(code)
                eap.info[0] = extensions.RasEapInfo
            extended = bool(request.options or request.owner_window or request.eap or request.cookie)
            sizes = list(product(self._params_sizes, extensions_sizes if extended else extensions_sizes[:1]))

            def dial(pair: tuple[int, int]) -> int:
                params.dwSize, extensions.dwSize = pair
                return int(
                    call(
                        extensions if extended else ffi.NULL,
                        phonebook,
                        params,
                        NOTIFIER_FUNC2 if several else NOTIFIER_FUNC1,
                        notifier,
                        handle,
                    )
                )

            # Behind a handle there is a dial, whatever the code: another RasDial would be a second one.
            code, left = try_sizes(sizes, dial, settled=lambda: bool(handle[0]))
            if left:
                self._params_sizes = _from(self._params_sizes, left[0][0])
                self._extensions_sizes = _from(self._extensions_sizes, left[0][1])
            return code
        finally:
            text.wipe(params)

    def _fill_params(self, params: Any, request: DialRequest) -> None:
        params.szEntryName = request.entry
        if request.credentials is None:
            self._fill_stored_if_any(request, params)
        elif request.credentials.from_store:
            self._fill_stored(request, params)
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

    def _fill_extensions(self, extensions: Any, request: DialRequest, eap: EapInfo | None) -> Sequence[int]:
        """Fill RASDIALEXTENSIONS; return the sizes of it that hold what the request needs."""
        extensions.dwfOptions = int(request.options)
        extensions.hwndParent = ffi.cast("HWND", request.owner_window)
        needed = 0  # an older RAS would leave out what is behind its dwSize, and dial
        if eap is not None:
            extensions.RasEapInfo = eap.info[0]
        if request.eap is not None:
            needed = _EAP_INFO
        if request.cookie:
            assert eap is not None
            extensions.fSkipPppAuth = 1
            extensions.RasDevSpecificInfo.dwSize = len(eap.cookie)
            extensions.RasDevSpecificInfo.pbDevSpecificInfo = eap.cookie
            needed = _COOKIE
        return [size for size in self._extensions_sizes if size > needed]

    def _fill_stored_if_any(self, request: DialRequest, params: Any) -> None:
        """Leave the login empty, which means the logon, where nothing is stored or RAS does not tell.

        An EAP identity or a cookie is the login by itself.
        """
        if not request.entry or request.eap or request.cookie or not self.has("RasGetEntryDialParamsW"):
            return
        code, found = self._read_stored(request, params)
        if code != 0 or not found:
            text.wipe(params)
            params.szEntryName = request.entry

    def _fill_stored(self, request: DialRequest, params: Any) -> None:
        code, found = self._read_stored(request, params)
        self.check(code, "RasGetEntryDialParamsW", entry=request.entry, phonebook=request.phonebook)
        if not found:
            raise error_from_code(
                ERROR_INTERACTIVE_MODE,
                function="RasGetEntryDialParamsW",
                message="No credentials are stored for this entry: pass credentials, or store them first.",
                entry=request.entry,
                phonebook=request.phonebook,
            )

    def _read_stored(self, request: DialRequest, params: Any) -> tuple[int, bool]:
        """RasGetEntryDialParamsW: user name, domain, a stand-in for the password; and if there is any."""
        call = self.function("RasGetEntryDialParamsW")
        phonebook = text.new(request.phonebook)
        has_password = ffi.new("int32_t *")

        def read(size: int) -> int:
            params.dwSize = size
            return int(call(phonebook, params, has_password))

        code, _ = try_sizes(self._params_sizes, read)
        return code, bool(has_password[0] or text.read(params.szUserName) or text.read(params.szDomain))

    def hang_up(self, handle: int) -> int:
        """RasHangUpW; returns its code. Never called with a NULL handle."""
        return int(self.function("RasHangUpW")(handle_pointer(handle)))

    def status(self, handle: int) -> tuple[int, ConnectionStatus | None]:
        """RasGetConnectStatusW: its code and, where that is 0, what it told."""
        call = self.function("RasGetConnectStatusW", partial(lib.ras_connect_status, self.api))
        status = ffi.new("RASCONNSTATUSW *")
        size = ffi.new("DWORD *", self._status_size)  # of this call: others run beside it, without the GIL
        code = call(handle_pointer(handle), status, size)
        self._status_size = size[0]
        return code, _read_status(status) if code == 0 else None

    def connections(self) -> list[ConnectionInfo]:
        """RasEnumConnectionsW: the connections that RAS lists.

        The documentation leaves open whether that includes those that are being dialed; see `up`.
        """
        code, rows, self._connection_sizes = self.rows(
            "RasEnumConnectionsW", "RASCONNW", self._connection_sizes
        )
        self.check(code, "RasEnumConnectionsW")
        return [_read_connection(row) for row in rows]

    def up(self) -> list[ConnectionInfo]:
        """The connections that RAS lists, without those that it tells to be on their way."""
        return [info for info in self.connections() if not self._is_dialing(info.handle)]

    def _is_dialing(self, handle: int) -> bool:
        if not self.has("RasGetConnectStatusW"):
            return False
        _, status = self.status(handle)
        return status is not None and not status.state & _DONE and status.state not in _OF_SUB_ENTRIES

    def entries(self, phonebook: str | None) -> list[EntryName]:
        """RasEnumEntriesW: the entries of one phonebook; None = those of all default ones.

        Raises:
            PhonebookError: 621 no such phonebook, 622 or 625 a file that is none.
            RasError: Any other code; BackendUnavailableError if the library lacks the function.
        """
        code, rows, self._entry_name_sizes = self.rows(
            "RasEnumEntriesW", "RASENTRYNAMEW", self._entry_name_sizes, ffi.NULL, text.new(phonebook)
        )
        self.check(code, "RasEnumEntriesW", phonebook=phonebook)
        return [
            EntryName(text.read(row.szEntryName), text.read(row.szPhonebookPath), bool(row.dwFlags & 1))
            for row in rows
        ]

    def has(self, name: str) -> bool:
        """Tell whether the library exports this RAS function."""
        return bool(getattr(self.api, name))

    def functions(self) -> dict[str, bool]:
        """Return every RAS function that this package knows, and whether the library exports it."""
        return {name: self.has(name) for name, _ in ffi.typeof("struct ras_api").fields}

    def accepted_sizes(self) -> dict[str, int]:
        """Return the dwSize that RAS took last of each structure; the newest one before the first call."""
        sizes = {
            "RASDIALPARAMSW": self._params_sizes,
            "RASDIALEXTENSIONS": self._extensions_sizes,
            "RASCONNW": self._connection_sizes,
            "RASENTRYNAMEW": self._entry_name_sizes,
            "RASENTRYW": self.entry_sizes,
        }
        return {structure: known[0] for structure, known in sizes.items() if known}

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

    def rows(
        self, function: str, structure: str, sizes: Sequence[int], *arguments: Any
    ) -> tuple[int, list[Any], Sequence[int]]:
        """Call one of RAS's enumerations: an array of structures, each with its dwSize, and their count.

        Rows stand dwSize apart, and members that this dwSize does not have are left zero.

        Returns:
            RAS's code, the rows, and the sizes worth trying the next time.
        """
        call = self.function(function)
        count = ffi.new("DWORD *")
        buffer = ffi.NULL

        def enumerate_rows(size: int) -> int:
            nonlocal buffer

            def fill(room: Any, cell: Any) -> int:
                ffi.cast("DWORD *", room)[0] = size
                count[0] = 0
                return int(call(*arguments, ffi.cast(f"{structure} *", room), cell, count))

            code, buffer, _ = grow(fill, size)
            return code

        code, sizes = try_sizes(sizes, enumerate_rows)
        if code != 0:
            return code, [], sizes
        size = sizes[0]
        # A count beyond the buffer comes from a library that never wrote one.
        found = min(count[0], len(buffer) // size)
        return 0, [_row(structure, buffer, index * size, size) for index in range(found)], sizes


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
    simulated = bool(lib.ras_library_is_simulator(library[0]))
    wording = "pppd" if lib.ras_library_is_pppd(library[0]) else ""
    opened = RasLibrary(api, name, simulated=simulated, wording=wording)
    if not opened.has("RasDialW"):
        raise BackendUnavailableError(
            ERROR_PROC_NOT_FOUND, function="RasDialW", message=f"{name} is no RAS library: no RasDialW in it"
        )
    return opened


def handle_cell() -> Any:
    """Return a cell for the HRASCONN that RasDialW stores, NULL at first as RAS requires."""
    return ffi.new("HRASCONN *")


def read_handle(cell: Any) -> int:
    """The handle in a cell; 0 while RAS has stored none."""
    return int(ffi.cast("uintptr_t", cell[0]))


def handle_pointer(handle: int) -> Any:
    return ffi.cast("HRASCONN", handle)


def _from(sizes: Sequence[int], size: int) -> Sequence[int]:
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
