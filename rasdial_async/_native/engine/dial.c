/* SPDX-License-Identifier: MIT
 *
 * A dial, from RasDialW to Connected or to its failure.
 *
 * Purpose: tell a notifier how a dial goes, as RAS does. Its carrier knows how it goes.
 *
 * Guarantees
 * - Each state is announced with error 0; a failure announces its state with the error, and is the
 *   last that is announced. After Connected nothing is. (Links of a multilink entry: links.c)
 * - RAS blocks the dial while its notifier runs, however long that takes: its port stays taken too.
 *   Other dials go on. Only a notifier that hangs up its own dial may wait for the port itself.
 * - The notifier runs on a thread of the engine, without any lock, and may call every RAS function
 *   that RAS allows there. No notifier is entered anew once RasHangUpW has ended the dial, except
 *   by a thread that was already on its way.
 * - RasGetConnectStatusW tells the state of a notification from before the notifier is entered.
 *
 * Assumptions
 * - Everything in struct connection is guarded by the engine's lock, which is open in `notify` and
 *   in waits only. Whoever has set `owned` is the one thread that may move the dial on or free it;
 *   without an owner the connection's job waits in the heap, or nothing is to come.
 *
 * Steps
 * 1. `dial` finds the entry, refuses, or makes a connection with a port and starts its job.
 * 2. A worker (for a synchronous dial: the caller) owns the dial and lets the carrier move it, again
 *    and again, until nothing is due: it puts the job back into the heap and does something else.
 * 3. At the end of each stretch `settle` looks at what became of the dial meanwhile: hung up or
 *    dropped (the port is to be released), connected (perhaps with a drop to come), or failed (it
 *    waits for its RasHangUpW).
 * A dial that pauses stands in step 2 without a due time: pause.c goes on with it.
 */
#include "carrier.h"

#include <stdlib.h>

/* RASCS_OpenPort: where a dial is that has not announced anything */
#define FIRST_STATE 0

/* What the calling thread is telling; a notifier may dial and so be inside another one. */
struct telling {
    const struct engine *engine;
    struct connection *connection;
    const struct telling *outer;
};
static OS_THREAD_LOCAL const struct telling *telling;

int dial_inside_notifier(const struct engine *engine)
{
    return telling && telling->engine == engine;
}

void dial_hung_up(struct engine *engine, struct connection *connection)
{
    const struct telling *one;

    for (one = telling; one; one = one->outer)
        if (one->engine == engine && one->connection &&
            (one->connection == connection || one->connection->whole == connection))
            one->connection->hung_up_inside = 1;
}

/* Nonzero: the notifier wants to hear more. `owned` is the connection where this thread owns it. */
static int notify(struct engine *engine, const struct connection *connection,
                  struct connection *owned, struct sink sink, DWORD state, DWORD error,
                  DWORD extended_error)
{
    const struct connection *whole = connection->whole ? connection->whole : connection;
    HRASCONN handle = (HRASCONN)whole->handle;
    DWORD sub_entry = connection->sub_entry;
    struct telling now = {engine, owned, telling};
    DWORD more = 1;

    engine->callbacks++;
    os_unlock(&engine->lock);
    telling = &now;
    if (sink.type == RAS_NOTIFIER_FUNC)
        ((RASDIALFUNC)sink.notifier)(RAS_WM_RASDIALEVENT, state, error);
    else if (sink.type == RAS_NOTIFIER_FUNC1)
        ((RASDIALFUNC1)sink.notifier)(handle, RAS_WM_RASDIALEVENT, state, error, extended_error);
    else if (sink.type == RAS_NOTIFIER_FUNC2)
        more = ((RASDIALFUNC2)sink.notifier)(sink.id, sub_entry, handle, RAS_WM_RASDIALEVENT, state,
                                             error, extended_error);
    telling = now.outer;
    os_lock(&engine->lock);
    engine->callbacks--;
    return more != 0;
}

void dial_tell(struct engine *engine, struct connection *connection, DWORD state, DWORD error,
               DWORD extended_error)
{
    struct connection *whole = connection->whole ? connection->whole : connection;

    if (connection->sink.notifier && !whole->muted && link_is_heard(connection, state, error) &&
        !notify(engine, connection, connection, connection->sink, state, error, extended_error) &&
        !connection->gone)
        whole->muted = 1;
}

void dial_announce(struct engine *engine, struct connection *connection, DWORD state, DWORD error,
                   DWORD extended_error)
{
    if (connection->whole && state == RASCS_Connected && !error) {
        link_connected(engine, connection);
        return;
    }
    connection->state = state;
    connection->error = error;
    if (error || state == RASCS_Disconnected) {
        connection->phase = FAILED;
        connection_leave_line(connection);
    } else if (state == RASCS_Connected) {
        connection->phase = UP;
        connection->up_at = os_now();
        watches_tell(engine, connection, RASCN_Connection);
    }
    if (state == RASCS_Projected || state == RASCS_Connected)
        connection->projected = 1;
    if (connection->whole)
        link_moved(engine, connection);
    dial_tell(engine, connection, state, error, extended_error);
}

/* Nonzero: this thread goes on with the dial. Zero: it has given it back to the heap. */
static int wait_until(struct engine *engine, struct connection *connection, uint64_t due)
{
    if (!connection->synchronous) {
        connection->owned = 0;
        if (due != OS_FOREVER)
            job_again(engine, &connection->job, due);
        return 0;
    }
    while (connection->phase == DIALING && !connection->failure && !connection->woken &&
           os_now() < due)
        os_wait_until(&engine->changed, &engine->lock, due);
    connection->woken = 0;
    return 1;
}

/* When to look again. A multilink whole is moved by its sub-entries. */
static uint64_t move(struct engine *engine, struct connection *connection)
{
    if (connection->paused || connection->link_count)
        return OS_FOREVER;
    return engine->carrier->move(engine, connection);
}

/* Zero: the dial waits for its next move and no longer belongs to this thread. */
static int go_on(struct engine *engine, struct connection *connection)
{
    while (connection->phase == DIALING) {
        uint64_t due;

        if (connection->failure) {
            dial_announce(engine, connection, connection->state, connection->failure, 0);
            continue;
        }
        due = move(engine, connection);
        if (due != CARRIER_AT_ONCE && !wait_until(engine, connection, due))
            return 0;
    }
    return 1;
}

static void settle(struct engine *engine, struct connection *connection)
{
    void (*start)(struct engine *, struct job *, uint64_t) =
        connection->synchronous ? job_start : job_again;
    uint64_t due = OS_FOREVER;

    while (connection->phase == UP && (due = move(engine, connection)) == CARRIER_AT_ONCE)
        ;
    if (connection->phase == CLOSING && connection->was_up && !connection->gone) {
        connection->was_up = 0;
        dial_tell(engine, connection, RASCS_SubEntryDisconnected, 0, 0);
    }
    if (connection->gone) {
        connection_free(engine, connection);
        return;
    }
    connection->owned = 0;
    if (connection->phase == CLOSING)
        due = connection->release_at;
    else if (connection->phase != UP)
        due = OS_FOREVER;
    if (connection->phase == CLOSING && due <= os_now())
        connection_release(engine, connection);
    else if (due != OS_FOREVER)
        start(engine, &connection->job, due);
}

void dial_job(struct engine *engine, struct job *job)
{
    struct connection *connection = (struct connection *)job;

    if (connection->owned) { /* by a thread inside the notifier */
        if (connection->hung_up_inside)
            connection_release(engine, connection);
        return;
    }
    connection->owned = 1;
    if (connection->phase == DIALING && !go_on(engine, connection))
        return;
    settle(engine, connection);
}

void carrier_wake(struct engine *engine, struct connection *connection)
{
    connection->woken = 1;
    if (!connection->owned)
        job_start(engine, &connection->job, os_now());
    else if (connection->synchronous)
        os_broadcast(&engine->changed);
}

void dial_fail(struct engine *engine, struct connection *connection, DWORD error)
{
    connection->failure = error ? error : ERROR_PORT_DISCONNECTED;
    carrier_wake(engine, connection);
}

DWORD dial_here(struct engine *engine, struct connection *connection)
{
    DWORD error = ERROR_SUCCESS;

    connection->synchronous = 1;
    connection->owned = 1;
    go_on(engine, connection);
    if (connection->phase == CLOSING)
        error = connection->error ? connection->error : ERROR_USER_DISCONNECTION;
    else if (connection->phase == FAILED)
        error = connection->error ? connection->error : ERROR_PORT_DISCONNECTED;
    settle(engine, connection);
    return error;
}

/* ---- RasDialW */

static void notice_job(struct engine *engine, struct job *job)
{
    struct notice *notice = (struct notice *)job;
    struct notice **link;

    if (!notice->connection->hung_up)
        notify(engine, notice->connection, NULL, notice->sink, RASCS_Connected, 0, 0);
    if (notice->connection) {
        link = &notice->connection->notices;
        while (*link != notice)
            link = &(*link)->next;
        *link = notice->next;
    }
    free(notice);
    engine->connections.notices--;
}

static DWORD dial_again(struct engine *engine, struct connection *connection, struct sink sink,
                        HRASCONN *handle)
{
    if (connection->phase == DIALING)
        return ERROR_DIAL_ALREADY_IN_PROGRESS;
    if (sink.notifier) {
        struct notice *notice = calloc(1, sizeof *notice);

        if (!notice || jobs_reserve(engine, engine->connections.count +
                                                engine->connections.notices + 1) != 0) {
            free(notice);
            return ERROR_NOT_ENOUGH_MEMORY;
        }
        engine->connections.notices++;
        notice->job.run = notice_job;
        notice->connection = connection;
        notice->sink = sink;
        notice->next = connection->notices;
        connection->notices = notice;
        job_start(engine, &notice->job, os_now());
    }
    connection->references++;
    *handle = (HRASCONN)connection->handle;
    return ERROR_SUCCESS;
}

struct connection *dial_prepare(struct engine *engine, const struct dial_request *request,
                                struct line *line, struct entry *entry)
{
    struct connection *connection = connection_new(engine, entry);

    if (!connection)
        return NULL;
    connection->job.run = dial_job;
    connection->sink = request->sink;
    connection->state = FIRST_STATE;
    connection->sub_entry = 1;
    properties_apply(connection, line);
    connection->pausing = request->pausing && request->sink.notifier && engine->carrier->resume;
    text_copy(connection->callback_number, RAS_MaxCallbackNumber + 1, request->callback_number);
    text_copy(connection->phone_number, RAS_MaxPhoneNumber + 1,
              request->phone_number[0] ? request->phone_number : entry->phone_number);
    return connection;
}

static DWORD refuse(struct engine *engine, const struct dial_request *request, struct line *line,
                    HRASCONN *handle)
{
    DWORD error = line->refusal;

    if (line->refusal_handle) {
        struct connection *connection = dial_prepare(engine, request, line, line->entry);

        if (!connection)
            return ERROR_NOT_ENOUGH_MEMORY;
        connection->phase = FAILED;
        connection->error = error;
        *handle = (HRASCONN)connection->handle;
    }
    return error;
}

static DWORD begin(struct engine *engine, const struct dial_request *request, struct line *line,
                   struct entry *entry, HRASCONN *handle)
{
    struct connection *connection;
    DWORD error;

    if (entry->device->absent)
        return ERROR_PORT_NOT_AVAILABLE;
    if (entry->device->ports && entry->device->used >= entry->device->ports)
        return text_contains(entry->device->type, "pppoe") ? answer_second_pppoe(engine)
                                                           : ERROR_PORT_NOT_AVAILABLE;
    connection = dial_prepare(engine, request, line, entry);
    if (!connection)
        return ERROR_NOT_ENOUGH_MEMORY;
    error = engine->carrier->begin(engine, connection, line, request);
    if (error) {
        connection_discard(engine, connection);
        return error;
    }
    connection_take_port(engine, connection);
    connection->line = line;
    if (line)
        line->current = connection;
    engine->dials++;
    *handle = (HRASCONN)connection->handle;
    if (!request->sink.notifier)
        return dial_here(engine, connection);
    job_start(engine, &connection->job, os_now());
    return ERROR_SUCCESS;
}

/* The WAN miniport that the strategy of a VPN entry tries first, whatever the entry names. */
static struct device *device_to_dial(struct engine *engine, const struct line *line)
{
    static const char *const names[] = {"", "pptp", "pptp", "l2tp", "l2tp", "sstp", "sstp", "ikev2", "ikev2"};
    struct device *own = line->entry->device, *device = engine->entries.devices;
    DWORD strategy = line->properties ? line->properties->entry.dwVpnStrategy : 0;

    if (!strategy || strategy >= sizeof names / sizeof *names || !text_contains(own->type, "vpn") ||
        !text_contains(own->name, "wan miniport (") || text_contains(own->name, names[strategy]))
        return own;
    while (device && (device->absent || !text_contains(device->name, "wan miniport (") ||
                      !text_contains(device->name, names[strategy])))
        device = device->next;
    return device ? device : own;
}

static DWORD begin_line(struct engine *engine, const struct dial_request *request, struct line *line,
                        HRASCONN *handle)
{
    struct sim_entry texts = entry_texts(line->entry);
    struct device *device = device_to_dial(engine, line);
    struct entry *entry;
    DWORD error;

    if (device == line->entry->device)
        return begin(engine, request, line, line->entry, handle);
    entry = entry_changed(line->entry, device, &texts);
    if (!entry)
        return ERROR_NOT_ENOUGH_MEMORY;
    error = begin(engine, request, line, entry, handle);
    entry_release(entry);
    return error;
}

static DWORD dial_number(struct engine *engine, const struct dial_request *request, HRASCONN *handle)
{
    struct device *modem = device_free_modem(engine);
    struct entry *entry;
    DWORD error;

    if (!modem)
        return ERROR_PORT_NOT_AVAILABLE;
    entry = entry_of_number(modem, phonebook_meant(engine, request->phonebook),
                            request->phone_number);
    if (!entry)
        return ERROR_NOT_ENOUGH_MEMORY;
    error = begin(engine, request, NULL, entry, handle);
    entry_release(entry);
    return error;
}

DWORD dial(struct engine *engine, const struct dial_request *request, HRASCONN *handle)
{
    struct line *line;
    uint64_t until = 0;
    DWORD error;

    if (engine->closing)
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    engine_look(engine, LOOK_ENTRIES);
    engine_look(engine, LOOK_CONNECTIONS);
    if (!phonebook_known(engine, request->phonebook))
        return ERROR_CANNOT_OPEN_PHONEBOOK;
    line = entry_find(engine, request->phonebook, request->entry_name);
    if (!request->entry_name[0])
        return dial_number(engine, request, handle);
    if (!line)
        return ERROR_CANNOT_FIND_PHONEBOOK_ENTRY;
    if (line->return_delay)
        until = os_now() + line->return_delay;
    if (line->refusal)
        error = refuse(engine, request, line, handle);
    else if (line->current)
        error = dial_again(engine, line->current, request->sink, handle);
    else
        error = line->sub_entry_count ? links_begin(engine, request, line, handle)
                                      : begin_line(engine, request, line, handle);
    while (until && !engine->closing && os_now() < until)
        os_wait_until(&engine->changed, &engine->lock, until);
    return error;
}
