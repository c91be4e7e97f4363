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
    X(RasGetErrorStringW, (UINT code, WCHAR *text, DWORD characters))

struct ras_api {
#define RAS_MEMBER(name, parameters) DWORD(RAS_CALL *name) parameters;
    RAS_FUNCTIONS(RAS_MEMBER)
#undef RAS_MEMBER
};

/* ras_library.c: 0, or the system's error number with one line of text in `message`.
 * A null path is Windows' own rasapi32.dll, from System32 only. */
int ras_library_open(const char *path, const WCHAR *wide_path, struct ras_api *api, void **library,
                     char *message, size_t message_size);

/* The status in the newest layout that the library knows (608, 564 or 304 bytes): falls back on
 * ERROR_INVALID_SIZE (632) and ERROR_INVALID_USER_BUFFER (1784). `*size` remembers it from call to
 * call, 0 at first; members beyond it are zero. Usable inside a callback. */
DWORD ras_connect_status(const struct ras_api *api, HRASCONN connection, RASCONNSTATUSW *status,
                         DWORD *size);

/* Windows' own text for a system error, "" where there is none. */
size_t ras_system_message(DWORD code, WCHAR *text, size_t characters);

#endif
