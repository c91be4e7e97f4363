/* SPDX-License-Identifier: MIT
 *
 * The RAS functions that end in A: each turns its texts into WCHAR, calls the one that ends in W, and
 * turns back what that tells. A pointer that the other one refuses is handed on for it to refuse.
 */
#include "layout.h"
#include "standalone.h"

#include <stdlib.h>
#include <string.h>

#include "../../os/os.h"
#include "../codes.h"
#include "../text.h"

#define LONG_TEXT 1100 /* more than RAS takes anywhere */
#define NARROWEST 4    /* a dwSize can be read */
#define FIELD(type, member) {offsetof(type, member), sizeof(((type *)0)->member) / sizeof(WCHAR)}
#define LAYOUT(name, size_list, ...)                                                               \
    static const struct text_at name##_texts[] = {__VA_ARGS__};                                    \
    static const struct layout name = {size_list, sizeof name##_texts / sizeof *name##_texts,      \
                                       name##_texts};

static const DWORD dial_params_sizes[] = {
    sizeof(RASDIALPARAMSW),
    offsetof(RASDIALPARAMSW, szEncPassword),
    offsetof(RASDIALPARAMSW, dwIfIndex),
    offsetof(RASDIALPARAMSW, dwSubEntry),
    0,
};
static const DWORD status_sizes[] = {
    sizeof(RASCONNSTATUSW),
    offsetof(RASCONNSTATUSW, localEndPoint),
    offsetof(RASCONNSTATUSW, szPhoneNumber),
    0,
};
static const DWORD connection_sizes[] = {
    sizeof(RASCONNW),
    offsetof(RASCONNW, guidCorrelationId),
    offsetof(RASCONNW, dwFlags),
    offsetof(RASCONNW, guidEntry),
    (offsetof(RASCONNW, szPhonebook) + 3) / 4 * 4,
    0,
};
static const DWORD entry_name_sizes[] = {
    sizeof(RASENTRYNAMEW),
    offsetof(RASENTRYNAMEW, dwFlags),
    0,
};
static const DWORD entry_sizes[] = {
    sizeof(RASENTRYW),
    offsetof(RASENTRYW, fDisableIKEv2Fragmentation),
    offsetof(RASENTRYW, szIDi),
    offsetof(RASENTRYW, ipv6addr),
    offsetof(RASENTRYW, ipv6addrDns),
    offsetof(RASENTRYW, dwfOptions2),
    offsetof(RASENTRYW, dwType),
    offsetof(RASENTRYW, dwSubEntries),
    0,
};
static const DWORD device_sizes[] = {sizeof(RASDEVINFOW), 0};
static const DWORD sub_entry_sizes[] = {sizeof(RASSUBENTRYW), 0};
static const DWORD credentials_sizes[] = {sizeof(RASCREDENTIALSW), 0};
static const DWORD autodial_sizes[] = {sizeof(RASAUTODIALENTRYW), 0};
static const DWORD ip_sizes[] = {sizeof(RASPPPIPW), offsetof(RASPPPIPW, dwOptions), 0};
static const DWORD lcp_sizes[] = {sizeof(RASPPPLCPW), offsetof(RASPPPLCPW, dwError), 0};

LAYOUT(dial_params, dial_params_sizes, FIELD(RASDIALPARAMSW, szEntryName),
       FIELD(RASDIALPARAMSW, szPhoneNumber), FIELD(RASDIALPARAMSW, szCallbackNumber),
       FIELD(RASDIALPARAMSW, szUserName), FIELD(RASDIALPARAMSW, szPassword),
       FIELD(RASDIALPARAMSW, szDomain))
LAYOUT(status_layout, status_sizes, FIELD(RASCONNSTATUSW, szDeviceType),
       FIELD(RASCONNSTATUSW, szDeviceName), FIELD(RASCONNSTATUSW, szPhoneNumber))
LAYOUT(connection_layout, connection_sizes, FIELD(RASCONNW, szEntryName),
       FIELD(RASCONNW, szDeviceType), FIELD(RASCONNW, szDeviceName), FIELD(RASCONNW, szPhonebook))
LAYOUT(entry_name_layout, entry_name_sizes, FIELD(RASENTRYNAMEW, szEntryName),
       FIELD(RASENTRYNAMEW, szPhonebookPath))
LAYOUT(device_layout, device_sizes, FIELD(RASDEVINFOW, szDeviceType),
       FIELD(RASDEVINFOW, szDeviceName))
LAYOUT(entry_layout, entry_sizes, FIELD(RASENTRYW, szAreaCode), FIELD(RASENTRYW, szLocalPhoneNumber),
       FIELD(RASENTRYW, szScript), FIELD(RASENTRYW, szAutodialDll), FIELD(RASENTRYW, szAutodialFunc),
       FIELD(RASENTRYW, szDeviceType), FIELD(RASENTRYW, szDeviceName), FIELD(RASENTRYW, szX25PadType),
       FIELD(RASENTRYW, szX25Address), FIELD(RASENTRYW, szX25Facilities),
       FIELD(RASENTRYW, szX25UserData), FIELD(RASENTRYW, szCustomDialDll),
       FIELD(RASENTRYW, szDnsSuffix), FIELD(RASENTRYW, szPrerequisitePbk),
       FIELD(RASENTRYW, szPrerequisiteEntry), FIELD(RASENTRYW, szIDi), FIELD(RASENTRYW, szIDr))
LAYOUT(sub_entry_layout, sub_entry_sizes, FIELD(RASSUBENTRYW, szDeviceType),
       FIELD(RASSUBENTRYW, szDeviceName), FIELD(RASSUBENTRYW, szLocalPhoneNumber))
LAYOUT(credentials_layout, credentials_sizes, FIELD(RASCREDENTIALSW, szUserName),
       FIELD(RASCREDENTIALSW, szPassword), FIELD(RASCREDENTIALSW, szDomain))
LAYOUT(autodial_layout, autodial_sizes, FIELD(RASAUTODIALENTRYW, szEntry))
LAYOUT(ip_layout, ip_sizes, FIELD(RASPPPIPW, szIpAddress), FIELD(RASPPPIPW, szServerIpAddress))
LAYOUT(lcp_layout, lcp_sizes, FIELD(RASPPPLCPW, szReplyMessage))

#define WIDE(name, text)                                                                           \
    WCHAR name##_wide[LONG_TEXT];                                                                  \
    const WCHAR *name = widen(name##_wide, LONG_TEXT, text)

static DWORD size_in(const void *structure)
{
    DWORD size;

    memcpy(&size, structure, sizeof size);
    return size;
}

/* ---- dialing */

DWORD RAS_CALL RasDialA(RASDIALEXTENSIONS *extensions, const char *path, void *narrowed,
                        DWORD notifier_type, void *notifier, HRASCONN *connection)
{
    RASDIALPARAMSW params;
    WIDE(phonebook, path);
    DWORD code;

    if (!narrowed)
        return RasDialW(extensions, phonebook, NULL, notifier_type, notifier, connection);
    layout_widen(&dial_params, &params, layout_wide(&dial_params, size_in(narrowed)), narrowed);
    code = RasDialW(extensions, phonebook, &params, notifier_type, notifier, connection);
    wipe(&params, sizeof params);
    return code;
}

DWORD RAS_CALL RasHangUpA(HRASCONN connection)
{
    return RasHangUpW(connection);
}

DWORD RAS_CALL RasGetConnectStatusA(HRASCONN connection, void *narrowed)
{
    RASCONNSTATUSW status;
    DWORD code;

    if (!narrowed)
        return RasGetConnectStatusW(connection, NULL);
    layout_widen(&status_layout, &status, layout_wide(&status_layout, size_in(narrowed)), narrowed);
    code = RasGetConnectStatusW(connection, &status);
    if (!code)
        layout_narrowed(&status_layout, narrowed, &status, status.dwSize);
    return code;
}

DWORD RAS_CALL RasGetErrorStringA(UINT error, char *text, DWORD characters)
{
    WCHAR wide[LONG_TEXT];
    DWORD code = RasGetErrorStringW(error, text ? wide : NULL, LONG_TEXT);

    if (!code && narrow(text, characters, wide) > characters) {
        if (characters)
            text[0] = 0; /* nothing is better than half a text */
        code = os_last_error(ERROR_INSUFFICIENT_BUFFER);
    }
    return code;
}

DWORD RAS_CALL RasConnectionNotificationA(HRASCONN connection, HANDLE event, DWORD flags)
{
    return RasConnectionNotificationW(connection, event, flags);
}

DWORD RAS_CALL RasGetSubEntryHandleA(HRASCONN connection, DWORD number, HRASCONN *link)
{
    return RasGetSubEntryHandleW(connection, number, link);
}

DWORD RAS_CALL RasGetProjectionInfoA(HRASCONN connection, DWORD protocol, void *narrowed,
                                     DWORD *bytes)
{
    const struct layout *layout = protocol == RASP_PppIp    ? &ip_layout
                                  : protocol == RASP_PppLcp ? &lcp_layout
                                                            : NULL;
    union {
        RASPPPIPW ip;
        RASPPPLCPW lcp;
    } wide;
    DWORD room = narrowed && bytes ? *bytes : 0, size, code;

    if (!layout || !bytes)
        return RasGetProjectionInfoW(connection, protocol, narrowed, bytes);
    size = layout->sizes[0];
    if (room >= NARROWEST)
        size = layout_wide(layout, size_in(narrowed));
    memset(&wide, 0, sizeof wide);
    memcpy(&wide, &size, sizeof size);
    *bytes = sizeof wide;
    code = RasGetProjectionInfoW(connection, protocol, &wide, bytes);
    if (code && code != ERROR_BUFFER_TOO_SMALL)
        return code;
    *bytes = layout_narrow(layout, size);
    if (room < *bytes)
        return ERROR_BUFFER_TOO_SMALL;
    layout_narrowed(layout, narrowed, &wide, size);
    return code;
}

/* ---- lists */

typedef DWORD (*list_call)(const void *context, void *list, DWORD *bytes, DWORD *count);

/* Null = no memory. */
static void *read_list(list_call call, const void *context, DWORD size, DWORD *count, DWORD *code)
{
    DWORD bytes = 16 * size;
    void *list = NULL, *more;

    do {
        more = realloc(list, bytes ? bytes : 1);
        if (!more) {
            free(list);
            return NULL;
        }
        list = more;
        memset(list, 0, bytes);
        memcpy(list, &size, sizeof size <= bytes ? sizeof size : 0);
        *code = call(context, list, &bytes, count);
    } while (*code == ERROR_BUFFER_TOO_SMALL); /* something has come meanwhile */
    return list;
}

static DWORD narrowed_list(const struct layout *layout, list_call call, const void *context,
                           void *narrowed, DWORD *bytes, DWORD *count)
{
    DWORD room = narrowed && bytes ? *bytes : 0, code = 0, size, step, found = 0, i;
    BYTE *list;

    if (!bytes || !count)
        return call(context, NULL, bytes, count);
    size = room < NARROWEST ? layout->sizes[0] : layout_wide(layout, size_in(narrowed));
    list = read_list(call, context, size, &found, &code);
    if (!list)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (!code) {
        step = layout_narrow(layout, size);
        *count = found;
        *bytes = found * step;
        if (room < *bytes)
            code = ERROR_BUFFER_TOO_SMALL;
        for (i = 0; !code && i < found; i++)
            layout_narrowed(layout, (BYTE *)narrowed + i * step, list + i * size, size);
    }
    free(list);
    return code;
}

static DWORD connections_of(const void *context, void *list, DWORD *bytes, DWORD *count)
{
    (void)context;
    return RasEnumConnectionsW(list, bytes, count);
}

DWORD RAS_CALL RasEnumConnectionsA(void *list, DWORD *bytes, DWORD *count)
{
    return narrowed_list(&connection_layout, connections_of, NULL, list, bytes, count);
}

struct entries_context {
    const WCHAR *reserved, *phonebook;
};

static DWORD entries_of(const void *context, void *list, DWORD *bytes, DWORD *count)
{
    const struct entries_context *names = context;

    return RasEnumEntriesW(names->reserved, names->phonebook, list, bytes, count);
}

DWORD RAS_CALL RasEnumEntriesA(const char *reserved, const char *path, void *list, DWORD *bytes,
                               DWORD *count)
{
    WIDE(phonebook, path);
    struct entries_context context = {(const WCHAR *)(const void *)reserved, phonebook};

    return narrowed_list(&entry_name_layout, entries_of, &context, list, bytes, count);
}

static DWORD devices_of(const void *context, void *list, DWORD *bytes, DWORD *count)
{
    (void)context;
    return RasEnumDevicesW(list, bytes, count);
}

DWORD RAS_CALL RasEnumDevicesA(void *list, DWORD *bytes, DWORD *count)
{
    RASDEVINFOW sizeless = {.dwSize = 0};

    if (list && bytes && count && *bytes < sizeof sizeless.dwSize &&
        layout_wide(&device_layout, size_in(list)) != sizeof sizeless)
        return RasEnumDevicesW(&sizeless, bytes, count);
    return narrowed_list(&device_layout, devices_of, NULL, list, bytes, count);
}

/* ---- entries */

/* A list of texts, with one more terminator behind the last. */
static DWORD narrow_texts(char *to, DWORD room, const WCHAR *list)
{
    DWORD used = 0;

    while (*list) {
        used += (DWORD)narrow(used < room ? to + used : NULL, used < room ? room - used : 0, list);
        list += text_length(list, SIZE_MAX) + 1;
    }
    if (used < room)
        to[used] = 0;
    return used + 1;
}

/* Bytes; 0 = the list has no end within `room`. */
static DWORD widen_texts(WCHAR *to, const char *list, DWORD room)
{
    DWORD used = 0, at = 0;

    while (at < room && list[at]) {
        DWORD length = 0;

        while (at + length < room && list[at + length])
            length++;
        if (at + length == room)
            return 0;
        widen(to + used, length + 1, list + at);
        used += (DWORD)text_length(to + used, SIZE_MAX) + 1;
        at += length + 1;
    }
    if (at == room)
        return 0;
    to[used++] = 0;
    return used * (DWORD)sizeof(WCHAR);
}

typedef DWORD (*get_call)(const WCHAR *phonebook, const WCHAR *entry, DWORD number, void *structure,
                          DWORD *bytes);
typedef DWORD (*set_call)(const WCHAR *phonebook, const WCHAR *entry, DWORD number, void *structure,
                          DWORD bytes);

/* A structure with alternate numbers behind it, whose offset it has at `offset_at`. */
static DWORD get_with_tail(const struct layout *layout, DWORD offset_at, get_call call,
                           const WCHAR *phonebook, const WCHAR *entry, DWORD number, void *narrowed,
                           DWORD *bytes)
{
    DWORD room = narrowed && bytes ? *bytes : 0, size, step, tail = 0, offset, code, needed;
    BYTE *wide;

    if (!bytes || (narrowed && room < NARROWEST))
        return call(phonebook, entry, number, narrowed, bytes);
    size = narrowed ? layout_wide(layout, size_in(narrowed)) : layout->sizes[0];
    needed = 65536;
    wide = calloc(1, needed);
    if (!wide)
        return ERROR_NOT_ENOUGH_MEMORY;
    memcpy(wide, &size, sizeof size);
    code = call(phonebook, entry, number, wide, &needed);
    if (!code) {
        step = layout_narrow(layout, size);
        memcpy(&offset, wide + offset_at, sizeof offset);
        if (offset)
            tail = narrow_texts(NULL, 0, (const WCHAR *)(const void *)(wide + offset));
        *bytes = step + tail;
        if (room < *bytes)
            code = ERROR_BUFFER_TOO_SMALL;
    }
    if (!code) {
        offset = offset ? step : 0;
        if (tail)
            narrow_texts((char *)narrowed + step, tail,
                         (const WCHAR *)(const void *)(wide + size_in(wide + offset_at)));
        memcpy(wide + offset_at, &offset, sizeof offset);
        layout_narrowed(layout, narrowed, wide, size);
    }
    free(wide);
    return code;
}

static DWORD set_with_tail(const struct layout *layout, DWORD offset_at, set_call call,
                           const WCHAR *phonebook, const WCHAR *entry, DWORD number, void *narrowed,
                           DWORD bytes)
{
    DWORD size, step, offset, tail = 0, code;
    BYTE *wide;

    if (!narrowed || bytes < NARROWEST)
        return call(phonebook, entry, number, narrowed, bytes);
    size = layout_wide(layout, size_in(narrowed));
    step = layout_narrow(layout, size);
    if (!size_in(narrowed) || bytes < step) /* for the other one to refuse, too */
        return call(phonebook, entry, number, narrowed, size_in(narrowed) ? NARROWEST - 1 : bytes);
    wide = calloc(1, size + sizeof(WCHAR) * ((size_t)bytes + 2) + NARROWEST);
    if (!wide)
        return ERROR_NOT_ENOUGH_MEMORY;
    layout_widen(layout, wide, size, narrowed);
    if (size > offset_at) {
        memcpy(&offset, wide + offset_at, sizeof offset);
        if (offset >= step && offset < bytes)
            tail = widen_texts((WCHAR *)(void *)(wide + size), (char *)narrowed + offset,
                               bytes - offset);
        if (offset)
            offset = tail ? size : 1; /* 1: no list, which is for the other one to refuse */
        memcpy(wide + offset_at, &offset, sizeof offset);
    }
    code = call(phonebook, entry, number, wide, size + tail);
    free(wide);
    return code;
}

static DWORD get_entry(const WCHAR *phonebook, const WCHAR *entry, DWORD number, void *structure,
                       DWORD *bytes)
{
    (void)number;
    return RasGetEntryPropertiesW(phonebook, entry, structure, bytes, NULL, NULL);
}

static DWORD set_entry(const WCHAR *phonebook, const WCHAR *entry, DWORD number, void *structure,
                       DWORD bytes)
{
    (void)number;
    return RasSetEntryPropertiesW(phonebook, entry, structure, bytes, NULL, 0);
}

static DWORD get_sub_entry(const WCHAR *phonebook, const WCHAR *entry, DWORD number,
                           void *structure, DWORD *bytes)
{
    return RasGetSubEntryPropertiesW(phonebook, entry, number, structure, bytes, NULL, NULL);
}

static DWORD set_sub_entry(const WCHAR *phonebook, const WCHAR *entry, DWORD number,
                           void *structure, DWORD bytes)
{
    return RasSetSubEntryPropertiesW(phonebook, entry, number, structure, bytes, NULL, 0);
}

DWORD RAS_CALL RasGetEntryPropertiesA(const char *path, const char *name, void *entry,
                                      DWORD *bytes, BYTE *reserved, DWORD *reserved_bytes)
{
    WIDE(phonebook, path);
    WIDE(wide_name, name);

    (void)reserved, (void)reserved_bytes;
    return get_with_tail(&entry_layout, offsetof(RASENTRYW, dwAlternateOffset), get_entry,
                         phonebook, wide_name, 0, entry, bytes);
}

DWORD RAS_CALL RasSetEntryPropertiesA(const char *path, const char *name, void *entry, DWORD bytes,
                                      BYTE *reserved, DWORD reserved_bytes)
{
    WIDE(phonebook, path);
    WIDE(wide_name, name);

    (void)reserved, (void)reserved_bytes;
    return set_with_tail(&entry_layout, offsetof(RASENTRYW, dwAlternateOffset), set_entry,
                         phonebook, wide_name, 0, entry, bytes);
}

DWORD RAS_CALL RasGetSubEntryPropertiesA(const char *path, const char *name, DWORD number,
                                         void *sub_entry, DWORD *bytes, BYTE *reserved,
                                         DWORD *reserved_bytes)
{
    WIDE(phonebook, path);
    WIDE(wide_name, name);

    (void)reserved, (void)reserved_bytes;
    return get_with_tail(&sub_entry_layout, offsetof(RASSUBENTRYW, dwAlternateOffset),
                         get_sub_entry, phonebook, wide_name, number, sub_entry, bytes);
}

DWORD RAS_CALL RasSetSubEntryPropertiesA(const char *path, const char *name, DWORD number,
                                         void *sub_entry, DWORD bytes, BYTE *reserved,
                                         DWORD reserved_bytes)
{
    WIDE(phonebook, path);
    WIDE(wide_name, name);

    (void)reserved, (void)reserved_bytes;
    return set_with_tail(&sub_entry_layout, offsetof(RASSUBENTRYW, dwAlternateOffset),
                         set_sub_entry, phonebook, wide_name, number, sub_entry, bytes);
}

DWORD RAS_CALL RasDeleteEntryA(const char *path, const char *name)
{
    WIDE(phonebook, path);
    WIDE(wide_name, name);

    return RasDeleteEntryW(phonebook, wide_name);
}

DWORD RAS_CALL RasDeleteSubEntryA(const char *path, const char *name, DWORD number)
{
    WIDE(phonebook, path);
    WIDE(wide_name, name);

    return RasDeleteSubEntryW(phonebook, wide_name, number);
}

DWORD RAS_CALL RasRenameEntryA(const char *path, const char *name, const char *new_name)
{
    WIDE(phonebook, path);
    WIDE(wide_name, name);
    WIDE(wide_new, new_name);

    return RasRenameEntryW(phonebook, wide_name, wide_new);
}

DWORD RAS_CALL RasValidateEntryNameA(const char *path, const char *name)
{
    WIDE(phonebook, path);
    WIDE(wide_name, name);

    return RasValidateEntryNameW(phonebook, wide_name);
}

DWORD RAS_CALL RasGetCountryInfoA(RASCTRYINFO *info, DWORD *bytes)
{
    struct {
        RASCTRYINFO info;
        WCHAR name[LONG_TEXT];
    } wide;
    DWORD room = bytes ? *bytes : 0, size = sizeof wide, code;

    if (!info || !bytes || room < sizeof *info)
        return RasGetCountryInfoW(info, bytes);
    wide.info = *info;
    code = RasGetCountryInfoW(&wide.info, &size);
    if (code)
        return code;
    *bytes = (DWORD)(sizeof *info + narrow(NULL, 0, wide.name));
    if (room < *bytes)
        return ERROR_BUFFER_TOO_SMALL;
    *info = wide.info;
    narrow((char *)(info + 1), room - sizeof *info, wide.name);
    return ERROR_SUCCESS;
}

/* ---- credentials */

DWORD RAS_CALL RasGetCredentialsA(const char *path, const char *name, void *narrowed)
{
    RASCREDENTIALSW credentials;
    WIDE(phonebook, path);
    WIDE(wide_name, name);
    DWORD code;

    if (!narrowed)
        return RasGetCredentialsW(phonebook, wide_name, NULL);
    layout_widen(&credentials_layout, &credentials,
                 layout_wide(&credentials_layout, size_in(narrowed)), narrowed);
    code = RasGetCredentialsW(phonebook, wide_name, &credentials);
    if (!code)
        layout_narrowed(&credentials_layout, narrowed, &credentials, credentials.dwSize);
    wipe(&credentials, sizeof credentials);
    return code;
}

DWORD RAS_CALL RasSetCredentialsA(const char *path, const char *name, const void *narrowed,
                                  BOOL clear)
{
    RASCREDENTIALSW credentials;
    WIDE(phonebook, path);
    WIDE(wide_name, name);
    DWORD code;

    if (!narrowed)
        return RasSetCredentialsW(phonebook, wide_name, NULL, clear);
    layout_widen(&credentials_layout, &credentials,
                 layout_wide(&credentials_layout, size_in(narrowed)), narrowed);
    code = RasSetCredentialsW(phonebook, wide_name, &credentials, clear);
    wipe(&credentials, sizeof credentials);
    return code;
}

DWORD RAS_CALL RasGetEntryDialParamsA(const char *path, void *narrowed, BOOL *password)
{
    RASDIALPARAMSW params;
    WIDE(phonebook, path);
    DWORD code;

    if (!narrowed)
        return RasGetEntryDialParamsW(phonebook, NULL, password);
    layout_widen(&dial_params, &params, layout_wide(&dial_params, size_in(narrowed)), narrowed);
    code = RasGetEntryDialParamsW(phonebook, &params, password);
    if (!code)
        layout_narrowed(&dial_params, narrowed, &params, params.dwSize);
    wipe(&params, sizeof params);
    return code;
}

DWORD RAS_CALL RasSetEntryDialParamsA(const char *path, const void *narrowed, BOOL remove_password)
{
    RASDIALPARAMSW params;
    WIDE(phonebook, path);
    DWORD code;

    if (!narrowed)
        return RasSetEntryDialParamsW(phonebook, NULL, remove_password);
    layout_widen(&dial_params, &params, layout_wide(&dial_params, size_in(narrowed)), narrowed);
    code = RasSetEntryDialParamsW(phonebook, &params, remove_password);
    wipe(&params, sizeof params);
    return code;
}

/* ---- EAP */

struct narrow_identity { /* RASEAPUSERIDENTITYA */
    char user_name[RAS_UNLEN + 1];
    DWORD info_bytes;
    BYTE info[1];
};

DWORD RAS_CALL RasGetEapUserIdentityA(const char *path, const char *name, DWORD flags, HWND window,
                                      struct narrow_identity **identity)
{
    RASEAPUSERIDENTITYW *wide = NULL;
    WIDE(phonebook, path);
    WIDE(wide_name, name);
    DWORD code = RasGetEapUserIdentityW(phonebook, wide_name, flags, window,
                                        identity ? &wide : NULL);

    if (identity)
        *identity = NULL;
    if (code)
        return code;
    *identity = calloc(1, sizeof **identity + wide->dwSizeofEapInfo);
    if (*identity) {
        narrow((*identity)->user_name, RAS_UNLEN + 1, wide->szUserName);
        (*identity)->info_bytes = wide->dwSizeofEapInfo;
        memcpy((*identity)->info, wide->pbEapInfo, wide->dwSizeofEapInfo);
    }
    RasFreeEapUserIdentityW(wide);
    return *identity ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

void RAS_CALL RasFreeEapUserIdentityA(struct narrow_identity *identity)
{
    if (identity)
        wipe(identity->info, identity->info_bytes);
    free(identity);
}

DWORD RAS_CALL RasGetEapUserDataA(HANDLE token, const char *path, const char *name, BYTE *data,
                                  DWORD *bytes)
{
    WIDE(phonebook, path);
    WIDE(wide_name, name);

    return RasGetEapUserDataW(token, phonebook, wide_name, data, bytes);
}

DWORD RAS_CALL RasSetEapUserDataA(HANDLE token, const char *path, const char *name, BYTE *data,
                                  DWORD bytes)
{
    WIDE(phonebook, path);
    WIDE(wide_name, name);

    return RasSetEapUserDataW(token, phonebook, wide_name, data, bytes);
}

DWORD RAS_CALL RasGetCustomAuthDataA(const char *path, const char *name, BYTE *data, DWORD *bytes)
{
    WIDE(phonebook, path);
    WIDE(wide_name, name);

    return RasGetCustomAuthDataW(phonebook, wide_name, data, bytes);
}

DWORD RAS_CALL RasSetCustomAuthDataA(const char *path, const char *name, BYTE *data, DWORD bytes)
{
    WIDE(phonebook, path);
    WIDE(wide_name, name);

    return RasSetCustomAuthDataW(phonebook, wide_name, data, bytes);
}

/* ---- AutoDial */

static DWORD mapped_to(const void *context, void *list, DWORD *bytes, DWORD *count)
{
    return RasGetAutodialAddressW(context, NULL, list, bytes, count);
}

DWORD RAS_CALL RasGetAutodialAddressA(const char *address, DWORD *reserved, void *list,
                                      DWORD *bytes, DWORD *count)
{
    WIDE(wide, address);

    if (reserved)
        return RasGetAutodialAddressW(wide, reserved, NULL, bytes, count);
    return narrowed_list(&autodial_layout, mapped_to, wide, list, bytes, count);
}

DWORD RAS_CALL RasSetAutodialAddressA(const char *address, DWORD reserved, const void *list,
                                      DWORD bytes, DWORD count)
{
    WIDE(wide, address);
    DWORD size, step, code, i;
    RASAUTODIALENTRYW *entries;

    if (!list || bytes < NARROWEST)
        return RasSetAutodialAddressW(wide, reserved, NULL, bytes, count);
    size = layout_wide(&autodial_layout, size_in(list));
    step = layout_narrow(&autodial_layout, sizeof *entries);
    if (count > bytes / step) /* for the other one to refuse, too */
        count = bytes / step + 1;
    entries = calloc((size_t)count + 1, sizeof *entries);
    if (!entries)
        return ERROR_NOT_ENOUGH_MEMORY;
    for (i = 0; i < count && (i + 1) * step <= bytes; i++)
        layout_widen(&autodial_layout, &entries[i], size, (const BYTE *)list + i * step);
    code = RasSetAutodialAddressW(wide, reserved, entries, bytes / step * (DWORD)sizeof *entries,
                                  count);
    free(entries);
    return code;
}

static DWORD addresses_of(const void *context, void *list, DWORD *bytes, DWORD *count)
{
    (void)context;
    return RasEnumAutodialAddressesW(list, bytes, count);
}

DWORD RAS_CALL RasEnumAutodialAddressesA(char **addresses, DWORD *bytes, DWORD *count)
{
    DWORD room = addresses && bytes ? *bytes : 0, code = 0, used, i, found = 0;
    WCHAR **list;

    if (!bytes || !count)
        return RasEnumAutodialAddressesW(NULL, bytes, count);
    list = read_list(addresses_of, NULL, 64, &found, &code);
    if (!list)
        return ERROR_NOT_ENOUGH_MEMORY;
    used = found * (DWORD)sizeof *addresses;
    for (i = 0; !code && i < found; i++)
        used += (DWORD)narrow(NULL, 0, list[i]);
    if (!code) {
        *count = found;
        *bytes = used;
        code = room < used ? ERROR_BUFFER_TOO_SMALL : ERROR_SUCCESS;
    }
    used = found * (DWORD)sizeof *addresses;
    for (i = 0; !code && i < found; i++) {
        addresses[i] = (char *)addresses + used;
        used += (DWORD)narrow(addresses[i], room - used, list[i]);
    }
    free(list);
    return code;
}

DWORD RAS_CALL RasGetAutodialEnableA(DWORD location, BOOL *enabled)
{
    return RasGetAutodialEnableW(location, enabled);
}

DWORD RAS_CALL RasSetAutodialEnableA(DWORD location, BOOL enabled)
{
    return RasSetAutodialEnableW(location, enabled);
}

DWORD RAS_CALL RasGetAutodialParamA(DWORD key, void *value, DWORD *bytes)
{
    return RasGetAutodialParamW(key, value, bytes);
}

DWORD RAS_CALL RasSetAutodialParamA(DWORD key, void *value, DWORD bytes)
{
    return RasSetAutodialParamW(key, value, bytes);
}
