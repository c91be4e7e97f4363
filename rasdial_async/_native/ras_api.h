/* SPDX-License-Identifier: MIT
 *
 * struct ras_api: the RAS functions of one library. Whoever fills it decides
 * what is dialed: ras_library.c from rasapi32.dll or a library with its ABI,
 * the simulator with its own functions. A function the library lacks is null.
 */
#ifndef RASDIAL_ASYNC_RAS_API_H
#define RASDIAL_ASYNC_RAS_API_H

#include "ras_types.h"

/* X(name, (parameters)): every RAS function that the package calls. */
#define RAS_FUNCTIONS(X)                                                                           \
    X(RasDialW, (RASDIALEXTENSIONS *, const WCHAR *phonebook, RASDIALPARAMSW *,                    \
                 DWORD notifier_type, void *notifier, HRASCONN *connection))                       \
    X(RasHangUpW, (HRASCONN))                                                                      \
    X(RasGetConnectStatusW, (HRASCONN, RASCONNSTATUSW *))                                          \
    X(RasEnumConnectionsW, (RASCONNW *, DWORD *bytes, DWORD *count))                               \
    X(RasEnumEntriesW, (const WCHAR *reserved, const WCHAR *phonebook, RASENTRYNAMEW *,            \
                        DWORD *bytes, DWORD *count))                                               \
    X(RasGetErrorStringW, (UINT code, WCHAR *text, DWORD characters))                              \
    X(RasEnumDevicesW, (RASDEVINFOW *, DWORD *bytes, DWORD *count))                                \
    X(RasGetConnectionStatistics, (HRASCONN, RAS_STATS *))                                         \
    X(RasGetLinkStatistics, (HRASCONN, DWORD sub_entry, RAS_STATS *))                              \
    X(RasClearConnectionStatistics, (HRASCONN))                                                    \
    X(RasClearLinkStatistics, (HRASCONN, DWORD sub_entry))                                         \
    X(RasGetProjectionInfoW, (HRASCONN, DWORD protocol, void *info, DWORD *bytes))                 \
    X(RasGetProjectionInfoEx, (HRASCONN, RAS_PROJECTION_INFO *, DWORD *bytes))                     \
    X(RasConnectionNotificationW, (HRASCONN, HANDLE event, DWORD flags))                           \
    X(RasGetSubEntryHandleW, (HRASCONN, DWORD sub_entry, HRASCONN *))                              \
    X(RasGetEntryDialParamsW, (const WCHAR *phonebook, RASDIALPARAMSW *, BOOL *password))          \
    X(RasSetEntryDialParamsW, (const WCHAR *phonebook, RASDIALPARAMSW *, BOOL remove_password))    \
    X(RasGetCredentialsW, (const WCHAR *phonebook, const WCHAR *entry, RASCREDENTIALSW *))         \
    X(RasSetCredentialsW,                                                                          \
      (const WCHAR *phonebook, const WCHAR *entry, RASCREDENTIALSW *, BOOL clear))                 \
    X(RasGetEntryPropertiesW,                                                                      \
      (const WCHAR *phonebook, const WCHAR *entry, RASENTRYW *, DWORD *bytes, BYTE *reserved,      \
       DWORD *reserved_bytes))                                                                     \
    X(RasSetEntryPropertiesW,                                                                      \
      (const WCHAR *phonebook, const WCHAR *entry, RASENTRYW *, DWORD bytes, BYTE *reserved,       \
       DWORD reserved_bytes))                                                                      \
    X(RasDeleteEntryW, (const WCHAR *phonebook, const WCHAR *entry))                               \
    X(RasRenameEntryW, (const WCHAR *phonebook, const WCHAR *entry, const WCHAR *new_name))        \
    X(RasValidateEntryNameW, (const WCHAR *phonebook, const WCHAR *entry))                         \
    X(RasGetSubEntryPropertiesW,                                                                   \
      (const WCHAR *phonebook, const WCHAR *entry, DWORD sub_entry, RASSUBENTRYW *, DWORD *bytes,  \
       BYTE *reserved, DWORD *reserved_bytes))                                                     \
    X(RasSetSubEntryPropertiesW,                                                                   \
      (const WCHAR *phonebook, const WCHAR *entry, DWORD sub_entry, RASSUBENTRYW *, DWORD bytes,   \
       BYTE *reserved, DWORD reserved_bytes))                                                      \
    X(RasDeleteSubEntryW, (const WCHAR *phonebook, const WCHAR *entry, DWORD sub_entry))           \
    X(RasInvokeEapUI, (HRASCONN, DWORD sub_entry, RASDIALEXTENSIONS *, HWND))                      \
    X(RasGetEapUserIdentityW,                                                                      \
      (const WCHAR *phonebook, const WCHAR *entry, DWORD flags, HWND, RASEAPUSERIDENTITYW **))     \
    X(RasGetEapUserDataW,                                                                           \
      (HANDLE token, const WCHAR *phonebook, const WCHAR *entry, BYTE *data, DWORD *bytes))        \
    X(RasSetEapUserDataW,                                                                           \
      (HANDLE token, const WCHAR *phonebook, const WCHAR *entry, BYTE *data, DWORD bytes))         \
    X(RasGetCustomAuthDataW,                                                                       \
      (const WCHAR *phonebook, const WCHAR *entry, BYTE *data, DWORD *bytes))                      \
    X(RasSetCustomAuthDataW,                                                                       \
      (const WCHAR *phonebook, const WCHAR *entry, BYTE *data, DWORD bytes))                       \
    X(RasGetCountryInfoW, (RASCTRYINFO *, DWORD *bytes))                                           \
    X(RasGetAutodialAddressW,                                                                      \
      (const WCHAR *address, DWORD *reserved, RASAUTODIALENTRYW *, DWORD *bytes, DWORD *count))    \
    X(RasSetAutodialAddressW,                                                                      \
      (const WCHAR *address, DWORD reserved, RASAUTODIALENTRYW *, DWORD bytes, DWORD count))       \
    X(RasEnumAutodialAddressesW, (WCHAR **addresses, DWORD *bytes, DWORD *count))                  \
    X(RasGetAutodialEnableW, (DWORD location, BOOL *enabled))                                      \
    X(RasSetAutodialEnableW, (DWORD location, BOOL enabled))                                       \
    X(RasGetAutodialParamW, (DWORD key, void *value, DWORD *bytes))                                \
    X(RasSetAutodialParamW, (DWORD key, void *value, DWORD bytes))                                 \
    X(RasUpdateConnection, (HRASCONN, RASUPDATECONN *))

struct ras_api {
#define RAS_MEMBER(name, parameters) DWORD(RAS_CALL *name) parameters;
    RAS_FUNCTIONS(RAS_MEMBER)
#undef RAS_MEMBER
    void(RAS_CALL *RasFreeEapUserIdentityW)(RASEAPUSERIDENTITYW *); /* the one without a result */
};

/* cdef: from here */
/* ras_library.c: 0, or the system's error number with one line of text in `message`.
 * A null path is Windows' own rasapi32.dll, from System32 only. */
int ras_library_open(const char *path, const WCHAR *wide_path, struct ras_api *api, void **library,
                     char *message, size_t message_size);

/* Whether a library that was opened is this package's engine, built as a library of its own, and makes no
 * real links. */
int ras_library_is_simulator(void *library);
/* Nonzero: it is that engine, and dials through pppd. */
int ras_library_is_pppd(void *library);

/* The status in the newest layout that the library knows (608, 564 or 304 bytes): falls back on
 * ERROR_INVALID_SIZE (632) and ERROR_INVALID_USER_BUFFER (1784). `*size` remembers it from call to
 * call, 0 at first; members beyond it are zero. Usable inside a callback. */
DWORD ras_connect_status(const struct ras_api *api, HRASCONN connection, RASCONNSTATUSW *status,
                         DWORD *size);

/* Windows' own text for a system error, "" where there is none. */
size_t ras_system_message(DWORD code, WCHAR *text, size_t characters);
/* cdef: to here */

#endif
