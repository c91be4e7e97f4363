/* SPDX-License-Identifier: MIT
 *
 * The phonebook: lines by phonebook and name, without case, in the order they were added in.
 */
#include "carrier.h"

#include <stdlib.h>
#include <string.h>

/* ---- entries */

static size_t room_of(const WCHAR *text)
{
    return text_length(text, SIZE_MAX) + 1;
}

static const WCHAR *keep(WCHAR **place, const WCHAR *text)
{
    WCHAR *kept = *place;
    size_t room = room_of(text);

    text_copy(kept, room, text);
    *place += room;
    return kept;
}

void guid_make(GUID *guid, uint64_t left, uint64_t right)
{
    memcpy(guid, &left, 8);
    memcpy((BYTE *)guid + 8, &right, 8);
    guid->Data3 = (uint16_t)((guid->Data3 & 0x0FFF) | 0x4000);
    guid->Data4[0] = (BYTE)((guid->Data4[0] & 0x3F) | 0x80);
}

struct entry *entry_new(struct device *device, const struct sim_entry *from)
{
    size_t room = room_of(from->phonebook) + room_of(from->name) + room_of(from->phone_number) +
                  room_of(from->user_name) + room_of(from->password) + room_of(from->domain);
    struct entry *entry = malloc(sizeof *entry + room * sizeof(WCHAR));
    uint64_t path = text_hash(1, from->phonebook);
    uint64_t name = text_hash(path, from->name);
    WCHAR *place;

    if (!entry)
        return NULL;
    guid_make(&entry->guid, name, text_hash(name, from->name));
    place = entry->texts;
    entry->references = 1;
    entry->device = device;
    entry->phonebook = keep(&place, from->phonebook);
    entry->name = keep(&place, from->name);
    entry->phone_number = keep(&place, from->phone_number);
    entry->user_name = keep(&place, from->user_name);
    entry->password = keep(&place, from->password);
    entry->domain = keep(&place, from->domain);
    return entry;
}

struct entry *entry_changed(const struct entry *entry, struct device *device,
                            const struct sim_entry *texts)
{
    struct entry *changed = entry_new(device, texts);

    if (changed)
        changed->guid = entry->guid;
    return changed;
}

struct sim_entry entry_texts(const struct entry *entry)
{
    return (struct sim_entry){
        .phonebook = entry->phonebook,
        .name = entry->name,
        .device_type = entry->device->type,
        .device_name = entry->device->name,
        .phone_number = entry->phone_number,
        .user_name = entry->user_name,
        .password = entry->password,
        .domain = entry->domain,
    };
}

void line_set_entry(struct line *line, struct entry *entry)
{
    entry_release(line->entry); /* a dial in progress keeps its own */
    line->entry = entry;
}

struct entry *entry_of_number(struct device *modem, const WCHAR *phonebook, const WCHAR *number)
{
    WCHAR name[RAS_MaxPhoneNumber + 2] = {'.'};
    struct sim_entry entry = {.phonebook = phonebook, .name = name, .phone_number = number};

    text_copy(name + 1, RAS_MaxPhoneNumber + 1, number);
    return entry_new(modem, &entry);
}

void entry_release(struct entry *entry)
{
    if (entry && --entry->references == 0)
        free(entry);
}

void far_end_release(struct engine *engine, void **far_end)
{
    if (*far_end)
        engine->carrier->free_far_end(*far_end);
    *far_end = NULL;
}

/* ---- lines */

static uint64_t line_hash(const WCHAR *phonebook, const WCHAR *name)
{
    return text_hash(text_hash(0, phonebook), name);
}

struct line *line_in(struct engine *engine, const WCHAR *phonebook, const WCHAR *name)
{
    uint64_t hash = line_hash(phonebook, name);
    struct line *line = engine->entries.buckets[hash & (engine->entries.bucket_count - 1)];

    while (line && !(line->hash == hash && text_same(line->entry->name, name) &&
                     text_same(line->entry->phonebook, phonebook)))
        line = line->in_bucket;
    return line;
}

struct line *entry_find(struct engine *engine, const WCHAR *phonebook, const WCHAR *name)
{
    struct line *line = line_in(engine, phonebook_meant(engine, phonebook), name);

    if (!line && !text_length(phonebook, 1) && engine->all_users_book[0])
        line = line_in(engine, engine->all_users_book, name);
    if (line || text_length(phonebook, 1) || !answer_null_is_any_phonebook(engine))
        return line;
    line = engine->entries.first;
    while (line && !text_same(line->entry->name, name))
        line = line->next;
    return line;
}

DWORD entry_find_named(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                       struct line **line)
{
    engine_look(engine, LOOK_ENTRIES);
    if (!phonebook_known(engine, phonebook))
        return ERROR_CANNOT_OPEN_PHONEBOOK;
    *line = entry_find(engine, phonebook, name);
    return *line ? ERROR_SUCCESS : ERROR_CANNOT_FIND_PHONEBOOK_ENTRY;
}

static void more_buckets(struct entries *entries)
{
    size_t count = entries->bucket_count * 2;
    struct line **buckets = calloc(count, sizeof *buckets);
    struct line *line;

    if (!buckets)
        return; /* longer chains will do */
    for (line = entries->first; line; line = line->next) {
        struct line **bucket = &buckets[line->hash & (count - 1)];

        line->in_bucket = *bucket;
        *bucket = line;
    }
    free(entries->buckets);
    entries->buckets = buckets;
    entries->bucket_count = count;
}

static void put_in_bucket(struct entries *entries, struct line *line)
{
    struct line **bucket;

    line->hash = line_hash(line->entry->phonebook, line->entry->name);
    bucket = &entries->buckets[line->hash & (entries->bucket_count - 1)];
    line->in_bucket = *bucket;
    *bucket = line;
}

static void take_out_of_bucket(struct entries *entries, struct line *line)
{
    struct line **link = &entries->buckets[line->hash & (entries->bucket_count - 1)];

    while (*link != line)
        link = &(*link)->in_bucket;
    *link = line->in_bucket;
}

void line_rename(struct engine *engine, struct line *line, struct entry *entry)
{
    take_out_of_bucket(&engine->entries, line);
    line_set_entry(line, entry);
    put_in_bucket(&engine->entries, line);
}

/* What only the line knows of the entry. */
static void line_reset(struct engine *engine, struct line *line)
{
    far_end_release(engine, &line->far_end);
    stored_release(line->stored);
    stored_release(line->shared);
    properties_release(line->properties);
    sub_entries_release(engine, line);
    eap_release(line);
    line->stored = line->shared = NULL;
    line->properties = NULL;
    line->refusal = 0;
    line->return_delay = 0;
}

struct line *line_new(struct engine *engine, struct entry *entry)
{
    struct entries *entries = &engine->entries;
    struct line *line = calloc(1, sizeof *line);

    if (!line)
        return NULL;
    if (entries->count >= entries->bucket_count)
        more_buckets(entries);
    entry->guid.Data1 += entries->ever++; /* an earlier entry of that name is another one */
    line->entry = entry;
    put_in_bucket(entries, line);
    line->previous = entries->last;
    if (entries->last)
        entries->last->next = line;
    else
        entries->first = line;
    entries->last = line;
    entries->count++;
    return line;
}

void line_free(struct engine *engine, struct line *line)
{
    struct entries *entries = &engine->entries;

    take_out_of_bucket(entries, line);
    if (line->previous)
        line->previous->next = line->next;
    else
        entries->first = line->next;
    if (line->next)
        line->next->previous = line->previous;
    else
        entries->last = line->previous;
    entries->count--;
    if (line->current)
        connection_leave_line(line->current);
    entry_release(line->entry);
    line_reset(engine, line);
    free(line);
}

int entries_open(struct engine *engine)
{
    engine->entries.bucket_count = 16;
    engine->entries.buckets = calloc(16, sizeof *engine->entries.buckets);
    if (!engine->entries.buckets)
        return -1;
    return devices_open(engine);
}

void entries_close(struct engine *engine)
{
    while (engine->entries.first)
        line_free(engine, engine->entries.first);
    free(engine->entries.buckets);
    phonebooks_close(engine);
    devices_close(engine);
}

/* ---- the caller's side */

static DWORD add_entry(struct engine *engine, const struct sim_entry *from)
{
    struct device *device = device_usual(engine, from->device_type, from->device_name);
    struct entry *entry;
    struct line *line;

    entry = device ? entry_new(device, from) : NULL;
    if (!entry)
        return ERROR_NOT_ENOUGH_MEMORY;
    line = line_in(engine, from->phonebook, from->name);
    if (!line) {
        line = line_new(engine, entry);
        if (line)
            line->added = 1;
        else
            entry_release(entry);
        return line ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    }
    entry->guid = line->entry->guid;
    line_set_entry(line, entry);
    line_reset(engine, line);
    return ERROR_SUCCESS;
}

DWORD sim_add_entry(struct engine *engine, const struct sim_entry *entry)
{
    struct sim_entry in_book;
    DWORD error;

    if (!entry || !text_length(entry->name, 1) || !text_fits(entry->name, RAS_MaxEntryName + 1) ||
        !text_fits(entry->phonebook, RAS_MAX_PATH) ||
        !text_fits(entry->device_type, RAS_MaxDeviceType + 1) ||
        !text_fits(entry->device_name, RAS_MaxDeviceName + 1) ||
        !text_fits(entry->phone_number, RAS_MaxPhoneNumber + 1) ||
        !text_fits(entry->user_name, RAS_UNLEN + 1) || !text_fits(entry->password, RAS_PWLEN + 1) ||
        !text_fits(entry->domain, RAS_DNLEN + 1))
        return ERROR_INVALID_PARAMETER;
    if (!engine_enter(engine))
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    os_lock(&engine->lock);
    in_book = *entry;
    in_book.phonebook = phonebook_meant(engine, entry->phonebook);
    error = engine->uses_files ? phonebook_keep(engine, in_book.phonebook) : ERROR_SUCCESS;
    if (!error)
        error = add_entry(engine, &in_book);
    os_unlock(&engine->lock);
    engine_leave(engine);
    return error;
}

struct line *line_enter(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, DWORD *error)
{
    struct line *line;

    *error = ERROR_RASMAN_CANNOT_INITIALIZE;
    if (!engine_enter(engine))
        return NULL;
    os_lock(&engine->lock);
    line = entry_find(engine, phonebook, name);
    *error = line ? ERROR_SUCCESS : ERROR_CANNOT_FIND_PHONEBOOK_ENTRY;
    if (line)
        return line;
    os_unlock(&engine->lock);
    engine_leave(engine);
    return NULL;
}

void line_leave(struct engine *engine)
{
    os_unlock(&engine->lock);
    engine_leave(engine);
}

DWORD sim_remove_entry(struct engine *engine, const WCHAR *phonebook, const WCHAR *name)
{
    DWORD error;
    struct line *line = line_enter(engine, phonebook, name, &error);

    if (!line)
        return error;
    line_free(engine, line);
    line_leave(engine);
    return ERROR_SUCCESS;
}

static int listed(struct engine *engine, const struct line *line, const WCHAR *phonebook)
{
    if (!phonebook && (answer_null_is_any_phonebook(engine) ||
                       (engine->all_users_book[0] &&
                        text_same(line->entry->phonebook, engine->all_users_book))))
        return 1;
    return text_same(line->entry->phonebook, phonebook_meant(engine, phonebook));
}

DWORD entries_list(struct engine *engine, const WCHAR *phonebook, RASENTRYNAMEW *list, DWORD *bytes,
                   DWORD *count)
{
    static const DWORD sizes[] = {sizeof(RASENTRYNAMEW), offsetof(RASENTRYNAMEW, dwFlags), 0};
    struct line *line;
    BYTE *place = (BYTE *)list;
    size_t size, found = 0;
    DWORD error;

    engine_look(engine, LOOK_ENTRIES);
    if (!phonebook_known(engine, phonebook))
        return ERROR_CANNOT_OPEN_PHONEBOOK;
    for (line = engine->entries.first; line; line = line->next)
        found += listed(engine, line, phonebook);
    error = list_room(list, sizes, &size, bytes, count, found);
    if (error)
        return error;
    for (line = found ? engine->entries.first : NULL; line; line = line->next) {
        RASENTRYNAMEW element;

        if (!listed(engine, line, phonebook))
            continue;
        memset(&element, 0, sizeof element);
        element.dwSize = (DWORD)size;
        if (phonebook_for_all(engine, line->entry->phonebook))
            element.dwFlags = REN_AllUsers;
        text_copy(element.szEntryName, RAS_MaxEntryName + 1, line->entry->name);
        text_copy(element.szPhonebookPath, RAS_MAX_PATH + 1, line->entry->phonebook);
        memcpy(place, &element, size);
        place += size;
    }
    return ERROR_SUCCESS;
}
