/* SPDX-License-Identifier: MIT
 *
 * The sub-entries of an entry, and the handles of the links that they become. Every entry has
 * sub-entry 1: as long as none is added, that is the entry's own device and number, and the line keeps
 * no list. The first one that is added is number 2, and begins the list.
 */
#include "calls.h"

#include <stdlib.h>
#include <string.h>

void sub_entries_release(struct engine *engine, struct line *line)
{
    DWORD i;

    for (i = 0; i < line->sub_entry_count; i++) {
        free(line->sub_entries[i].tail);
        far_end_release(engine, &line->sub_entries[i].far_end);
    }
    free(line->sub_entries);
    line->sub_entries = NULL;
    line->sub_entry_count = 0;
}

static DWORD find_handle(struct engine *engine, HRASCONN handle, DWORD number, HRASCONN *link_handle)
{
    struct connection *connection = connection_find(engine, handle), *link;

    if (!connection)
        return ERROR_INVALID_HANDLE;
    if (!number || number > (connection->link_count ? connection->link_count : 1))
        return ERROR_NO_MORE_ITEMS;
    link = connection_link(connection, number);
    if (!link || link->phase != UP)
        return ERROR_PORT_NOT_OPEN;
    *link_handle = (HRASCONN)link->handle;
    return ERROR_SUCCESS;
}

DWORD ras_get_sub_entry_handle(struct engine *engine, HRASCONN handle, DWORD number, HRASCONN *link)
{
    DWORD error;

    if (!link)
        return ERROR_INVALID_PARAMETER;
    os_lock(&engine->lock);
    error = find_handle(engine, handle, number, link);
    os_unlock(&engine->lock);
    return error;
}

/* ---- reading */

DWORD sub_entries_counted(const struct line *line)
{
    return line->sub_entry_count ? line->sub_entry_count : 1;
}

/* The entry itself as its only sub-entry; its tail is the entry's. */
static struct sub_entry only_one(const struct line *line)
{
    struct sub_entry one = {.device = line->entry->device};

    text_copy(one.phone_number, RAS_MaxPhoneNumber + 1, line->entry->phone_number);
    if (line->properties) {
        one.tail = line->properties->tail;
        one.tail_bytes = line->properties->tail_bytes;
    }
    return one;
}

struct sub_entry sub_entry_of(const struct line *line, DWORD number)
{
    return line->sub_entry_count ? line->sub_entries[number - 1] : only_one(line);
}

static DWORD get(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, DWORD number,
                 RASSUBENTRYW *target, DWORD *bytes)
{
    struct sub_entry from;
    struct line *line;
    DWORD room = target ? *bytes : 0;
    DWORD error = entry_find_named(engine, phonebook, name, &line);

    if (error)
        return error;
    if (!number || number > sub_entries_counted(line))
        return ERROR_INVALID_PARAMETER;
    from = sub_entry_of(line, number);
    *bytes = (DWORD)sizeof *target + from.tail_bytes;
    if (room < *bytes)
        return ERROR_BUFFER_TOO_SMALL;
    memset(target, 0, sizeof *target);
    target->dwSize = sizeof *target;
    target->dwfFlags = from.flags;
    text_copy(target->szDeviceType, RAS_MaxDeviceType + 1, from.device->type);
    text_copy(target->szDeviceName, RAS_MaxDeviceName + 1, from.device->name);
    text_copy(target->szLocalPhoneNumber, RAS_MaxPhoneNumber + 1, from.phone_number);
    if (from.tail_bytes) {
        target->dwAlternateOffset = sizeof *target;
        memcpy(target + 1, from.tail, from.tail_bytes);
    }
    return ERROR_SUCCESS;
}

DWORD ras_get_sub_entry_properties(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                                   DWORD number, RASSUBENTRYW *sub_entry, DWORD *bytes,
                                   BYTE *reserved, DWORD *reserved_bytes)
{
    DWORD error;

    (void)reserved;
    (void)reserved_bytes;
    if (!bytes || !names_fit(phonebook, name))
        return ERROR_INVALID_PARAMETER;
    if (sub_entry && *bytes < sizeof sub_entry->dwSize)
        return ERROR_BUFFER_INVALID;
    if (sub_entry && sub_entry->dwSize != sizeof *sub_entry)
        return ERROR_INVALID_SIZE;
    os_lock(&engine->lock);
    error = get(engine, phonebook, name, number, sub_entry, bytes);
    os_unlock(&engine->lock);
    return error;
}

/* ---- writing */

static struct sub_entry *place(struct line *line, DWORD number)
{
    struct sub_entry *more;

    if (number <= line->sub_entry_count)
        return &line->sub_entries[number - 1];
    more = realloc(line->sub_entries, number * sizeof *more);
    if (!more)
        return NULL;
    line->sub_entries = more;
    memset(&more[number - 1], 0, sizeof *more);
    return &more[number - 1];
}

DWORD sub_entry_put(struct line *line, DWORD number, struct device *device,
                    const RASSUBENTRYW *from, const BYTE *tail, DWORD tail_bytes)
{
    BYTE *copy = malloc(tail_bytes ? tail_bytes : 1);
    struct sub_entry *target = copy ? place(line, number) : NULL;

    if (!target) {
        free(copy);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    if (tail_bytes)
        memcpy(copy, tail, tail_bytes);
    free(target->tail);
    target->tail = copy;
    target->tail_bytes = tail_bytes;
    target->flags = from->dwfFlags;
    target->device = device;
    text_copy(target->phone_number, RAS_MaxPhoneNumber + 1, from->szLocalPhoneNumber);
    if (number > line->sub_entry_count)
        line->sub_entry_count = number;
    return ERROR_SUCCESS;
}

/* The entry becomes the first of several. */
static DWORD begin_list(struct line *line)
{
    const struct sub_entry one = only_one(line);
    RASSUBENTRYW first = {.dwfFlags = one.flags};

    text_copy(first.szLocalPhoneNumber, RAS_MaxPhoneNumber + 1, one.phone_number);
    return sub_entry_put(line, 1, one.device, &first, one.tail, one.tail_bytes);
}

static DWORD change_only_one(struct line *line, struct device *device, const RASSUBENTRYW *from,
                             DWORD tail_bytes)
{
    struct sim_entry texts = entry_texts(line->entry);
    struct entry *entry;
    DWORD error = ERROR_SUCCESS;

    if (tail_bytes)
        error = properties_set_tail(line, (const BYTE *)from + from->dwAlternateOffset, tail_bytes);
    if (error)
        return error;
    texts.phone_number = from->szLocalPhoneNumber;
    entry = entry_changed(line->entry, device, &texts);
    if (!entry)
        return ERROR_NOT_ENOUGH_MEMORY;
    line_set_entry(line, entry);
    return ERROR_SUCCESS;
}

static DWORD set(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, DWORD number,
                 const RASSUBENTRYW *from, DWORD bytes)
{
    struct device *device;
    struct line *line;
    DWORD tail, error = entry_find_named(engine, phonebook, name, &line);

    if (error)
        return error;
    if (!phonebook_may_change(engine, line->entry->phonebook))
        return ERROR_ACCESS_DENIED;
    device = device_named(engine, from->szDeviceName);
    if (!number || number > sub_entries_counted(line) + 1 || !device ||
        !text_same(device->type, from->szDeviceType) ||
        alternates_size(from, sizeof *from, from->dwAlternateOffset, bytes, &tail) != 0)
        return ERROR_INVALID_PARAMETER;
    if (!line->sub_entry_count && number == 1)
        error = change_only_one(line, device, from, tail);
    else if (!line->sub_entry_count)
        error = begin_list(line);
    if (!error && (line->sub_entry_count || number > 1))
        error = sub_entry_put(line, number, device, from,
                              (const BYTE *)from + from->dwAlternateOffset, tail);
    return error ? error
                 : book_file_write(engine, line->entry->phonebook, line->entry->name, line);
}

DWORD ras_set_sub_entry_properties(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                                   DWORD number, RASSUBENTRYW *sub_entry, DWORD bytes,
                                   BYTE *reserved, DWORD reserved_bytes)
{
    DWORD error;

    (void)reserved;
    (void)reserved_bytes;
    if (!names_fit(phonebook, name))
        return ERROR_INVALID_PARAMETER;
    if (!sub_entry || bytes < sizeof *sub_entry)
        return ERROR_BUFFER_INVALID;
    if (sub_entry->dwSize != sizeof *sub_entry)
        return ERROR_INVALID_SIZE;
    if (!text_fits(sub_entry->szDeviceType, RAS_MaxDeviceType + 1) ||
        !text_fits(sub_entry->szDeviceName, RAS_MaxDeviceName + 1) ||
        !text_fits(sub_entry->szLocalPhoneNumber, RAS_MaxPhoneNumber + 1))
        return ERROR_INVALID_PARAMETER;
    os_lock(&engine->lock);
    error = set(engine, phonebook, name, number, sub_entry, bytes);
    os_unlock(&engine->lock);
    return error;
}

DWORD sim_add_link(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                   const WCHAR *device_type, const WCHAR *device_name, const WCHAR *phone_number)
{
    RASSUBENTRYW sub_entry = {.dwSize = sizeof sub_entry};
    struct device *device;
    struct line *line;
    DWORD error;

    if (!text_fits(device_type, RAS_MaxDeviceType + 1) ||
        !text_fits(device_name, RAS_MaxDeviceName + 1) ||
        !text_fits(phone_number, RAS_MaxPhoneNumber + 1))
        return ERROR_INVALID_PARAMETER;
    line = line_enter(engine, phonebook, name, &error);
    if (!line)
        return error;
    device = device_usual(engine, device_type, device_name);
    if (phone_number)
        text_copy(sub_entry.szLocalPhoneNumber, RAS_MaxPhoneNumber + 1, phone_number);
    error = device ? sub_entry_put(line, line->sub_entry_count + 1, device, &sub_entry, NULL, 0)
                   : ERROR_NOT_ENOUGH_MEMORY;
    line_leave(engine);
    return error;
}

static DWORD delete_one(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, DWORD number)
{
    struct line *line;
    DWORD error = entry_find_named(engine, phonebook, name, &line);

    if (error)
        return error;
    if (!phonebook_may_change(engine, line->entry->phonebook))
        return ERROR_ACCESS_DENIED;
    if (!number || number > line->sub_entry_count)
        return ERROR_INVALID_PARAMETER;
    free(line->sub_entries[number - 1].tail);
    far_end_release(engine, &line->sub_entries[number - 1].far_end);
    memmove(&line->sub_entries[number - 1], &line->sub_entries[number],
            (line->sub_entry_count - number) * sizeof *line->sub_entries);
    line->sub_entry_count--;
    return book_file_write(engine, line->entry->phonebook, line->entry->name, line);
}

DWORD ras_delete_sub_entry(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                           DWORD number)
{
    DWORD error;

    if (!names_fit(phonebook, name))
        return ERROR_INVALID_PARAMETER;
    os_lock(&engine->lock);
    error = delete_one(engine, phonebook, name, number);
    os_unlock(&engine->lock);
    return error;
}
