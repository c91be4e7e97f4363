/* SPDX-License-Identifier: MIT
 *
 * The functions that end in A: entries and their names.
 */
#include "ansi.h"

#include <stdlib.h>

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
static const DWORD sub_entry_sizes[] = {sizeof(RASSUBENTRYW), 0};

LAYOUT(entry_layout, entry_sizes, FIELD(RASENTRYW, szAreaCode), FIELD(RASENTRYW, szLocalPhoneNumber),
       FIELD(RASENTRYW, szScript), FIELD(RASENTRYW, szAutodialDll), FIELD(RASENTRYW, szAutodialFunc),
       FIELD(RASENTRYW, szDeviceType), FIELD(RASENTRYW, szDeviceName), FIELD(RASENTRYW, szX25PadType),
       FIELD(RASENTRYW, szX25Address), FIELD(RASENTRYW, szX25Facilities),
       FIELD(RASENTRYW, szX25UserData), FIELD(RASENTRYW, szCustomDialDll),
       FIELD(RASENTRYW, szDnsSuffix), FIELD(RASENTRYW, szPrerequisitePbk),
       FIELD(RASENTRYW, szPrerequisiteEntry), FIELD(RASENTRYW, szIDi), FIELD(RASENTRYW, szIDr))
LAYOUT(sub_entry_layout, sub_entry_sizes, FIELD(RASSUBENTRYW, szDeviceType),
       FIELD(RASSUBENTRYW, szDeviceName), FIELD(RASSUBENTRYW, szLocalPhoneNumber))

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
