/* SPDX-License-Identifier: MIT
 *
 * The functions that end in A: lists of connections, entries and devices; AutoDial.
 */
#include "ansi.h"

#include <stdlib.h>

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
static const DWORD device_sizes[] = {sizeof(RASDEVINFOW), 0};
static const DWORD autodial_sizes[] = {sizeof(RASAUTODIALENTRYW), 0};

LAYOUT(connection_layout, connection_sizes, FIELD(RASCONNW, szEntryName),
       FIELD(RASCONNW, szDeviceType), FIELD(RASCONNW, szDeviceName), FIELD(RASCONNW, szPhonebook))
LAYOUT(entry_name_layout, entry_name_sizes, FIELD(RASENTRYNAMEW, szEntryName),
       FIELD(RASENTRYNAMEW, szPhonebookPath))
LAYOUT(device_layout, device_sizes, FIELD(RASDEVINFOW, szDeviceType),
       FIELD(RASDEVINFOW, szDeviceName))
LAYOUT(autodial_layout, autodial_sizes, FIELD(RASAUTODIALENTRYW, szEntry))

/* ---- lists */

void *read_list(list_call call, const void *context, DWORD size, DWORD *count, DWORD *code)
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

DWORD narrowed_list(const struct layout *layout, list_call call, const void *context, void *narrowed,
                    DWORD *bytes, DWORD *count)
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
