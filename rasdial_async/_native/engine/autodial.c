/* SPDX-License-Identifier: MIT
 *
 * The AutoDial settings. They are kept and told; nothing dials by itself.
 */
#include "calls.h"

#include <stdlib.h>
#include <string.h>

enum { PARAMS = 5, MAX_LOCATIONS = 64 };

static const WCHAR no_address[1] = {0};

struct mapping {
    struct mapping *next;
    DWORD count;
    WCHAR *address; /* "" = the default Internet connection, null for RAS */
    RASAUTODIALENTRYW entries[];
};

struct autodial {
    struct mapping *mappings;
    DWORD params[PARAMS];
    DWORD off[MAX_LOCATIONS]; /* the locations where it is switched off */
    DWORD off_count;
};

static struct autodial *autodial_of(struct engine *engine) /* null = no memory */
{
    static const DWORD usual[PARAMS] = {0, 0, 100, 5, 60};

    if (!engine->autodial) {
        engine->autodial = calloc(1, sizeof *engine->autodial);
        if (engine->autodial)
            memcpy(engine->autodial->params, usual, sizeof usual);
    }
    return engine->autodial;
}

static void remove_mapping(struct mapping **place)
{
    struct mapping *mapping = *place;

    *place = mapping->next;
    free(mapping->address);
    free(mapping);
}

void autodial_close(struct engine *engine)
{
    while (engine->autodial && engine->autodial->mappings)
        remove_mapping(&engine->autodial->mappings);
    free(engine->autodial);
    engine->autodial = NULL;
}

/* The place of the mapping of that address, or the end of the list. */
static struct mapping **find(struct autodial *autodial, const WCHAR *address)
{
    struct mapping **place = &autodial->mappings;

    while (*place && !text_same((*place)->address, address))
        place = &(*place)->next;
    return place;
}

/* ---- addresses */

static DWORD get_address(struct autodial *autodial, const WCHAR *address, RASAUTODIALENTRYW *list,
                         DWORD *bytes, DWORD *count)
{
    static const DWORD sizes[] = {sizeof *list, 0};
    const struct mapping *mapping = *find(autodial, address);
    size_t size;
    DWORD error;

    if (!mapping && address[0])
        return ERROR_FILE_NOT_FOUND;
    if (!mapping) {
        *bytes = *count = 0;
        return ERROR_SUCCESS;
    }
    error = list_room(list, sizes, &size, bytes, count, mapping->count);
    if (!error && mapping->count)
        memcpy(list, mapping->entries, mapping->count * sizeof *list);
    return error;
}

DWORD ras_get_autodial_address(struct engine *engine, const WCHAR *address, DWORD *reserved,
                               RASAUTODIALENTRYW *list, DWORD *bytes, DWORD *count)
{
    struct autodial *autodial;
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    if ((address && !address[0]) || reserved || !bytes || !count)
        return ERROR_INVALID_PARAMETER;
    if (!address)
        address = no_address;
    os_lock(&engine->lock);
    autodial = autodial_of(engine);
    if (autodial)
        error = get_address(autodial, address, list, bytes, count);
    os_unlock(&engine->lock);
    return error;
}

static struct mapping *mapping_new(const WCHAR *address, const RASAUTODIALENTRYW *list, DWORD count)
{
    size_t room = text_length(address, SIZE_MAX) + 1;
    struct mapping *mapping = calloc(1, sizeof *mapping + count * sizeof *list);

    if (!mapping)
        return NULL;
    mapping->address = malloc(room * sizeof(WCHAR));
    if (!mapping->address) {
        free(mapping);
        return NULL;
    }
    text_copy(mapping->address, room, address);
    mapping->count = count;
    memcpy(mapping->entries, list, count * sizeof *list);
    return mapping;
}

static DWORD set_address(struct engine *engine, const WCHAR *address, const RASAUTODIALENTRYW *list,
                         DWORD count)
{
    struct autodial *autodial = autodial_of(engine);
    struct mapping *mapping = NULL, **place;

    if (count)
        mapping = mapping_new(address, list, count);
    if (!autodial || (count && !mapping)) {
        if (mapping)
            free(mapping->address);
        free(mapping);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    place = find(autodial, address);
    if (*place)
        remove_mapping(place);
    if (mapping) {
        mapping->next = *place;
        *place = mapping;
    }
    return ERROR_SUCCESS;
}

DWORD ras_set_autodial_address(struct engine *engine, const WCHAR *address, DWORD reserved,
                               RASAUTODIALENTRYW *list, DWORD bytes, DWORD count)
{
    DWORD error = ERROR_SUCCESS, i;

    if (reserved || (!list && (bytes || count)) || bytes / sizeof *list < count ||
        (address ? !address[0] && count : !count))
        return ERROR_INVALID_PARAMETER;
    if (!address)
        address = no_address;
    for (i = 0; i < count; i++) {
        if (list[i].dwSize != sizeof *list)
            return ERROR_INVALID_SIZE;
        if (!text_fits(list[i].szEntry, RAS_MaxEntryName + 1))
            return ERROR_INVALID_PARAMETER;
    }
    os_lock(&engine->lock);
    for (i = 0; i < count && !error; i++)
        if (!entry_find(engine, NULL, list[i].szEntry))
            error = ERROR_CANNOT_FIND_PHONEBOOK_ENTRY;
    if (!error)
        error = set_address(engine, address, list, count);
    os_unlock(&engine->lock);
    return error;
}

/* An array of pointers, and behind it the texts they lead to. */
static DWORD list_addresses(const struct autodial *autodial, WCHAR **addresses, DWORD *bytes,
                            DWORD *count)
{
    const struct mapping *mapping;
    DWORD room = addresses ? *bytes : 0;
    WCHAR *text;

    *bytes = *count = 0;
    for (mapping = autodial->mappings; mapping; mapping = mapping->next) {
        if (!mapping->address[0])
            continue;
        *bytes += (DWORD)(sizeof(WCHAR *) +
                          (text_length(mapping->address, SIZE_MAX) + 1) * sizeof(WCHAR));
        ++*count;
    }
    if (room < *bytes)
        return ERROR_BUFFER_TOO_SMALL;
    if (!*count)
        return ERROR_SUCCESS;
    text = (WCHAR *)(void *)(addresses + *count);
    for (mapping = autodial->mappings; mapping; mapping = mapping->next) {
        size_t length = text_length(mapping->address, SIZE_MAX) + 1;

        if (length == 1)
            continue;
        text_copy(text, length, mapping->address);
        *addresses++ = text;
        text += length;
    }
    return ERROR_SUCCESS;
}

DWORD ras_enum_autodial_addresses(struct engine *engine, WCHAR **addresses, DWORD *bytes, DWORD *count)
{
    struct autodial *autodial;
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    if (!bytes || !count)
        return ERROR_INVALID_PARAMETER;
    os_lock(&engine->lock);
    autodial = autodial_of(engine);
    if (autodial)
        error = list_addresses(autodial, addresses, bytes, count);
    os_unlock(&engine->lock);
    return error;
}

/* ---- switches */

static DWORD *switched_off(struct autodial *autodial, DWORD location)
{
    DWORD i;

    for (i = 0; i < autodial->off_count; i++)
        if (autodial->off[i] == location)
            return &autodial->off[i];
    return NULL;
}

DWORD ras_get_autodial_enable(struct engine *engine, DWORD location, BOOL *enabled)
{
    struct autodial *autodial;

    if (!enabled)
        return ERROR_INVALID_PARAMETER;
    os_lock(&engine->lock);
    autodial = autodial_of(engine);
    if (autodial)
        *enabled = !switched_off(autodial, location);
    os_unlock(&engine->lock);
    return autodial ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

static DWORD enable(struct autodial *autodial, DWORD location, BOOL enabled)
{
    DWORD *off = switched_off(autodial, location);

    if (enabled && off) {
        *off = autodial->off[--autodial->off_count];
    } else if (!enabled && !off) {
        if (autodial->off_count == MAX_LOCATIONS)
            return ERROR_NOT_ENOUGH_MEMORY;
        autodial->off[autodial->off_count++] = location;
    }
    return ERROR_SUCCESS;
}

DWORD ras_set_autodial_enable(struct engine *engine, DWORD location, BOOL enabled)
{
    struct autodial *autodial;
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    os_lock(&engine->lock);
    autodial = autodial_of(engine);
    if (autodial)
        error = enable(autodial, location, enabled);
    os_unlock(&engine->lock);
    return error;
}

DWORD ras_get_autodial_param(struct engine *engine, DWORD key, void *value, DWORD *bytes)
{
    struct autodial *autodial;

    if (key >= PARAMS || !value || !bytes)
        return ERROR_INVALID_PARAMETER;
    if (*bytes != sizeof(DWORD))
        return ERROR_INVALID_SIZE;
    os_lock(&engine->lock);
    autodial = autodial_of(engine);
    if (autodial)
        memcpy(value, &autodial->params[key], sizeof(DWORD));
    os_unlock(&engine->lock);
    return autodial ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

DWORD ras_set_autodial_param(struct engine *engine, DWORD key, void *value, DWORD bytes)
{
    struct autodial *autodial;

    if (key >= PARAMS || !value)
        return ERROR_INVALID_PARAMETER;
    if (bytes != sizeof(DWORD))
        return ERROR_INVALID_SIZE;
    os_lock(&engine->lock);
    autodial = autodial_of(engine);
    if (autodial)
        memcpy(&autodial->params[key], value, sizeof(DWORD));
    os_unlock(&engine->lock);
    return autodial ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}
