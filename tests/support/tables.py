"""A RAS library whose functions are the test's own."""

from __future__ import annotations

from rasdial_async._native._ras import ffi
from rasdial_async._native.binding import RasLibrary
from rasdial_async._native.records.credentials import Credentials
from rasdial_async._native.records.request import DialRequest

PASSWORD = "Xyzzy-9"
REQUEST = DialRequest(
    entry="Büro",
    phonebook="/books/a.pbk",
    phone_number="5550100",
    callback_number="5550199",
    credentials=Credentials("ada", PASSWORD, "LAB"),
    sub_entry=2,
    interface_index=7,
)
SIGNATURES = {
    "RasDialW": "DWORD(RASDIALEXTENSIONS *, WCHAR *, RASDIALPARAMSW *, DWORD, void *, HRASCONN *)",
    "RasHangUpW": "DWORD(HRASCONN)",
    "RasGetConnectStatusW": "DWORD(HRASCONN, RASCONNSTATUSW *)",
    "RasEnumConnectionsW": "DWORD(RASCONNW *, DWORD *, DWORD *)",
    "RasEnumEntriesW": "DWORD(WCHAR *, WCHAR *, RASENTRYNAMEW *, DWORD *, DWORD *)",
    "RasGetErrorStringW": "DWORD(UINT, WCHAR *, DWORD)",
    "RasGetProjectionInfoEx": "DWORD(HRASCONN, RAS_PROJECTION_INFO *, DWORD *)",
    "RasEnumAutodialAddressesW": "DWORD(WCHAR **, DWORD *, DWORD *)",
    "RasGetCountryInfoW": "DWORD(RASCTRYINFO *, DWORD *)",
    "RasGetSubEntryHandleW": "DWORD(HRASCONN, DWORD, HRASCONN *)",
    "RasGetEntryPropertiesW": "DWORD(WCHAR *, WCHAR *, RASENTRYW *, DWORD *, BYTE *, DWORD *)",
    "RasGetEapUserIdentityW": "DWORD(WCHAR *, WCHAR *, DWORD, HWND, RASEAPUSERIDENTITYW **)",
    "RasFreeEapUserIdentityW": "void(RASEAPUSERIDENTITYW *)",
    "RasSetEntryPropertiesW": "DWORD(WCHAR *, WCHAR *, RASENTRYW *, DWORD, BYTE *, DWORD)",
    "RasValidateEntryNameW": "DWORD(WCHAR *, WCHAR *)",
    "RasEnumDevicesW": "DWORD(RASDEVINFOW *, DWORD *, DWORD *)",
    "RasDeleteSubEntryW": "DWORD(WCHAR *, WCHAR *, DWORD)",
    "RasGetEntryDialParamsW": "DWORD(WCHAR *, RASDIALPARAMSW *, int32_t *)",
}


def table(**functions):
    """A library of these Python functions; all others are missing."""
    api = ffi.new("struct ras_api *")
    callbacks = []
    for name, function in functions.items():
        signature = SIGNATURES[name].replace("DWORD", "uint32_t").replace("UINT", "uint32_t")
        callback = ffi.callback(signature, function)
        callbacks.append(callback)
        setattr(api, name, callback)
    return RasLibrary(api, "a test", owner=callbacks)
