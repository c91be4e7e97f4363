/* SPDX-License-Identifier: MIT
 *
 * Connections by handle: what RAS tells about them, and their end. A handle is valid from the
 * RasDialW that made it until its port is released; its value never comes again in the process.
 */
#include "carrier.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_HANDLE 0x10000
#define HANDLE_STEP 4

/* Counts what all engines of the process have handed out. */
static atomic32 handles_made;

static size_t bucket_of(const struct connections *connections, uintptr_t handle)
{
    return (handle / HANDLE_STEP) & (connections->bucket_count - 1);
}

static int more_buckets(struct connections *connections)
{
    size_t count = connections->bucket_count ? connections->bucket_count * 2 : 64;
    struct connection **buckets = calloc(count, sizeof *buckets);
    struct connection *connection;

    if (!buckets)
        return connections->bucket_count ? 0 : -1; /* longer chains will do */
    free(connections->buckets);
    connections->buckets = buckets;
    connections->bucket_count = count;
    for (connection = connections->first; connection; connection = connection->next) {
        struct connection **bucket = &buckets[bucket_of(connections, connection->handle)];

        connection->in_bucket = *bucket;
        *bucket = connection;
    }
    return 0;
}

struct connection *connection_new(struct engine *engine, struct entry *entry)
{
    struct connections *all = &engine->connections;
    struct connection *connection = calloc(1, sizeof *connection);
    struct connection **bucket;

    if (!connection)
        return NULL;
    if ((all->count >= all->bucket_count && more_buckets(all) != 0) ||
        jobs_reserve(engine, all->count + all->notices + 1) != 0 || workers_ready(engine) != 0) {
        free(connection);
        return NULL;
    }
    connection->handle = FIRST_HANDLE + (uintptr_t)atomic32_add(&handles_made, 1) * HANDLE_STEP;
    connection->entry = entry;
    entry->references++;
    connection->references = 1;
    bucket = &all->buckets[bucket_of(all, connection->handle)];
    connection->in_bucket = *bucket;
    *bucket = connection;
    connection->previous = all->last;
    if (all->last)
        all->last->next = connection;
    else
        all->first = connection;
    all->last = connection;
    all->count++;
    return connection;
}

/* Out of the table: nobody finds it by its handle any more. */
static void take_out(struct engine *engine, struct connection *connection)
{
    struct connections *all = &engine->connections;
    struct connection **link = &all->buckets[bucket_of(all, connection->handle)];

    while (*link != connection)
        link = &(*link)->in_bucket;
    *link = connection->in_bucket;
    if (connection->previous)
        connection->previous->next = connection->next;
    else
        all->first = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    else
        all->last = connection->previous;
    all->count--;
    watches_forget(engine, connection);
}

/* A notice that is being told belongs to the thread that does; all others are told no more. */
static void drop_notices(struct engine *engine, struct connection *connection)
{
    struct notice *notice;

    while ((notice = connection->notices) != NULL) {
        connection->notices = notice->next;
        notice->connection = NULL;
        if (notice->job.place) {
            job_cancel(engine, &notice->job);
            free(notice);
            engine->connections.notices--;
        }
    }
}

void connection_free(struct engine *engine, struct connection *connection)
{
    struct report *report;

    while ((report = connection->reports) != NULL) {
        connection->reports = report->next;
        free(report);
    }
    if (connection->run)
        engine->carrier->release(engine, connection);
    entry_release(connection->entry);
    free(connection);
}

void connection_discard(struct engine *engine, struct connection *connection)
{
    job_cancel(engine, &connection->job);
    drop_notices(engine, connection);
    take_out(engine, connection);
    connection_free(engine, connection);
}

void connections_close(struct engine *engine)
{
    while (engine->connections.first)
        connection_discard(engine, engine->connections.first);
    free(engine->connections.buckets);
}

int connection_was_made(HRASCONN handle)
{
    uintptr_t place = (uintptr_t)handle - FIRST_HANDLE;

    return (uintptr_t)handle >= FIRST_HANDLE && place % HANDLE_STEP == 0 &&
           place / HANDLE_STEP < atomic32_load(&handles_made);
}

struct connection *connection_find(struct engine *engine, HRASCONN handle)
{
    struct connections *all = &engine->connections;
    struct connection *connection;

    if (!all->bucket_count)
        return NULL;
    connection = all->buckets[bucket_of(all, (uintptr_t)handle)];
    while (connection && connection->handle != (uintptr_t)handle)
        connection = connection->in_bucket;
    return connection;
}

int connection_take_port(struct engine *engine, struct connection *connection)
{
    struct device *device = connection->entry->device;

    if (device->ports && device->used >= device->ports)
        return -1;
    device->used++;
    engine->open_ports++;
    connection->port = device;
    return 0;
}

struct connection *connection_link(struct connection *connection, DWORD link)
{
    if (!connection->link_count) /* has none, or is one */
        return link == 1 || link == connection->sub_entry ? connection : NULL;
    connection = connection->links;
    while (connection && connection->sub_entry != link)
        connection = connection->next_link;
    return connection;
}

void connection_leave_line(struct connection *connection)
{
    if (connection->line)
        connection->line->current = NULL;
    connection->line = NULL;
}

struct connection *carrier_adopt(struct engine *engine, struct entry *entry, struct line *line,
                                 uint64_t up_at, void *run)
{
    struct connection *connection = engine->closing ? NULL : connection_new(engine, entry);

    if (!connection)
        return NULL;
    connection->job.run = dial_job;
    connection->run = run;
    connection->sub_entry = 1;
    connection->phase = UP;
    connection->state = RASCS_Connected;
    connection->projected = 1;
    connection->up_at = up_at;
    text_copy(connection->phone_number, RAS_MaxPhoneNumber + 1, entry->phone_number);
    properties_apply(connection, line);
    connection_take_port(engine, connection);
    if (line && !line->current) {
        connection->line = line;
        line->current = connection;
    }
    watches_tell(engine, connection, RASCN_Connection);
    return connection;
}

/* ---- the end */

/* What an engine leaves up when it closes is its carrier's. */
static uint64_t port_free_at(struct engine *engine, struct connection *connection, int was_up)
{
    if (!connection->run) /* it stands for its links, or was refused */
        return os_now();
    return engine->closing && was_up ? OS_FOREVER : engine->carrier->hang_up(engine, connection);
}

void carrier_released(struct engine *engine, struct connection *connection)
{
    if (connection->phase != CLOSING)
        return;
    connection->release_at = os_now();
    job_start(engine, &connection->job, connection->release_at);
}

void connection_end(struct engine *engine, struct connection *connection, DWORD error)
{
    int was_up = connection->phase == UP;
    struct connection *link;

    connection->phase = CLOSING;
    connection->state = RASCS_Disconnected;
    if (error)
        connection->error = error;
    connection_leave_line(connection);
    connection->release_at = port_free_at(engine, connection, was_up);
    connection->was_up = connection->whole && was_up;
    job_start(engine, &connection->job,
              connection->was_up && !connection->owned ? os_now() /* its end is announced first */
                                                       : connection->release_at);
    if (connection->owned && connection->synchronous)
        os_broadcast(&engine->changed);
    for (link = connection->links; link; link = link->next_link) {
        link->hung_up |= connection->hung_up;
        if (link->phase != CLOSING)
            connection_end(engine, link, error);
    }
    if (connection->whole)
        link_ended(engine, connection, was_up, error);
    else if (was_up)
        watches_tell(engine, connection, RASCN_Disconnection);
}

void connection_release(struct engine *engine, struct connection *connection)
{
    struct connection *whole = connection->whole;

    job_cancel(engine, &connection->job);
    if (connection->links) {
        connection->release_waits = 1;
        return;
    }
    if (connection->port) {
        connection->port->used--;
        engine->open_ports--;
    }
    connection->gone = 1;
    connection->whole = NULL;
    if (whole)
        link_gone(engine, whole, connection);
    drop_notices(engine, connection);
    take_out(engine, connection);
    if (!connection->owned)
        connection_free(engine, connection);
}

DWORD connection_hang_up(struct engine *engine, HRASCONN handle)
{
    struct connection *connection = connection_find(engine, handle);
    DWORD error;

    if (!connection)
        return answer_hang_up_gone(engine, handle);
    if (connection->phase == CLOSING)
        return ERROR_NO_CONNECTION;
    if (connection->run && engine->carrier->may_hang_up) {
        error = engine->carrier->may_hang_up(engine, connection);
        if (error)
            return error;
    }
    if (--connection->references == 0) {
        connection->hung_up = 1;
        dial_hung_up(engine, connection);
        connection_end(engine, connection, 0);
    }
    return ERROR_SUCCESS;
}

DWORD sim_drop(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, DWORD error)
{
    struct connection *connection;
    struct line *line;
    int found = 0;

    if (!engine_enter(engine))
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    os_lock(&engine->lock);
    line = entry_find(engine, phonebook, name);
    if (line)
        phonebook = line->entry->phonebook;
    for (connection = engine->connections.first; connection; connection = connection->next) {
        if (connection->whole)
            continue;
        if ((!line || connection->line != line) &&
            (!text_same(connection->entry->name, name) ||
             !text_same(connection->entry->phonebook, phonebook)))
            continue;
        if (connection->phase == UP)
            connection_end(engine, connection, error);
        else if (connection->phase == DIALING && connection->links)
            links_fail(engine, connection, error);
        else if (connection->phase == DIALING)
            dial_fail(engine, connection, error);
        else
            continue;
        found = 1;
    }
    error = found  ? ERROR_SUCCESS
            : line ? ERROR_NO_CONNECTION
                   : ERROR_CANNOT_FIND_PHONEBOOK_ENTRY;
    os_unlock(&engine->lock);
    engine_leave(engine);
    return error;
}

/* ---- what RAS tells */

DWORD connection_status(struct engine *engine, HRASCONN handle, RASCONNSTATUSW *status)
{
    const struct connection *connection = connection_find(engine, handle);
    DWORD size = status->dwSize;

    if (size != sizeof *status && size != offsetof(RASCONNSTATUSW, localEndPoint) &&
        size != offsetof(RASCONNSTATUSW, szPhoneNumber))
        return ERROR_INVALID_SIZE;
    if (!connection)
        return ERROR_INVALID_HANDLE;
    status->rasconnstate = connection->state;
    status->dwError = connection->error;
    text_copy(status->szDeviceType, RAS_MaxDeviceType + 1, connection->entry->device->type);
    text_copy(status->szDeviceName, RAS_MaxDeviceName + 1, connection->entry->device->name);
    if (size > offsetof(RASCONNSTATUSW, szPhoneNumber))
        text_copy(status->szPhoneNumber, RAS_MaxPhoneNumber + 1, connection->phone_number);
    if (size > offsetof(RASCONNSTATUSW, localEndPoint)) {
        memset(&status->localEndPoint, 0, size - offsetof(RASCONNSTATUSW, localEndPoint));
        if (connection->phase == UP && device_is_ikev2(connection->entry->device)) {
            status->localEndPoint = connection->local;
            status->remoteEndPoint = connection->remote;
            status->rasconnsubstate = connection->substate;
        }
    }
    return ERROR_SUCCESS;
}

DWORD list_room(const void *list, const DWORD *sizes, size_t *size, DWORD *bytes, DWORD *count,
                size_t found)
{
    DWORD room = list ? *bytes : 0;
    DWORD given;

    *size = sizes[0];
    if (room >= sizeof given) {
        memcpy(&given, list, sizeof given);
        while (*sizes && *sizes != given)
            sizes++;
        if (!*sizes)
            return ERROR_INVALID_SIZE;
        *size = given;
    }
    *bytes = (DWORD)(found * *size);
    *count = (DWORD)found;
    return room < *bytes ? ERROR_BUFFER_TOO_SMALL : ERROR_SUCCESS;
}

/* The number of a link that is up, 1 where there are no links. */
static DWORD first_up(const struct connection *whole)
{
    const struct connection *link = whole->links;

    while (link && link->phase != UP)
        link = link->next_link;
    return link ? link->sub_entry : 1;
}

static void describe(struct engine *engine, const struct connection *connection, RASCONNW *element)
{
    const struct entry *entry = connection->entry;
    uint64_t path = text_hash(1, entry->phonebook);
    uint64_t name = text_hash(path, entry->name);

    memset(element, 0, sizeof *element);
    element->hrasconn = (HRASCONN)connection->handle;
    text_copy(element->szEntryName, RAS_MaxEntryName + 1, entry->name);
    text_copy(element->szDeviceType, RAS_MaxDeviceType + 1, entry->device->type);
    answer_device_type(engine, element->szDeviceType);
    text_copy(element->szDeviceName, RAS_MaxDeviceName + 1, entry->device->name);
    text_copy(element->szPhonebook, RAS_MAX_PATH, entry->phonebook);
    element->guidEntry = entry->guid;
    element->dwFlags = 0x4 | 0x8; /* RASCF_OwnerKnown, RASCF_OwnerMatch */
    if (phonebook_for_all(engine, entry->phonebook))
        element->dwFlags |= 0x1; /* RASCF_AllUsers */
    element->luid.LowPart = 0x3E8;
    element->dwSubEntry = first_up(connection);
    guid_make(&element->guidCorrelationId, name ^ connection->handle,
              connection->handle * UINT64_C(0x9E3779B97F4A7C15));
}

DWORD connections_list(struct engine *engine, RASCONNW *list, DWORD *bytes, DWORD *count)
{
    static const DWORD sizes[] = {
        sizeof(RASCONNW),
        offsetof(RASCONNW, guidCorrelationId),
        offsetof(RASCONNW, dwFlags),
        offsetof(RASCONNW, guidEntry),
        (offsetof(RASCONNW, szPhonebook) + 3) / 4 * 4,
        0,
    };
    const struct connection *connection;
    BYTE *place = (BYTE *)list;
    size_t size, found = 0;
    DWORD error;

    engine_look(engine, LOOK_CONNECTIONS);
    for (connection = engine->connections.first; connection; connection = connection->next)
        found += answer_lists(engine, connection) && !connection->whole;
    error = list_room(list, sizes, &size, bytes, count, found);
    if (error)
        return error;
    for (connection = found ? engine->connections.first : NULL; connection;
         connection = connection->next) {
        RASCONNW element;

        if (!answer_lists(engine, connection) || connection->whole)
            continue;
        describe(engine, connection, &element);
        element.dwSize = (DWORD)size;
        memcpy(place, &element, size);
        place += size;
    }
    return ERROR_SUCCESS;
}
