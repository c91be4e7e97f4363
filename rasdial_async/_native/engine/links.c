/* SPDX-License-Identifier: MIT
 *
 * Multilink: an entry with sub-entries is dialed over several links. Each link is a connection with
 * a handle, a port and a dial of its own; the whole is one that has neither port nor carrier. It is
 * up as soon as one link is, fails when all have failed, and ends with the last of them.
 *
 * The notifier hears all links under the handle of the whole. Only RasDialFunc2 can tell them
 * apart, so no other hears of a link's failure while the whole goes on, or of anything after
 * Connected.
 */
#include "carrier.h"

/* A link that has this phase, or the other one. */
static int any(const struct connection *whole, enum phase phase, enum phase other)
{
    const struct connection *link = whole->links;

    while (link && link->phase != phase && link->phase != other)
        link = link->next_link;
    return link != NULL;
}

int link_is_heard(const struct connection *link, DWORD state, DWORD error)
{
    const struct connection *whole = link->whole;

    if (!whole || link->sink.type == RAS_NOTIFIER_FUNC2)
        return !whole || (!whole->hung_up && whole->phase != CLOSING);
    if (error)
        return whole->phase == FAILED;
    return whole->phase == DIALING || (whole->phase == UP && state == RASCS_Connected);
}

static void woken(struct engine *engine, const struct connection *whole)
{
    if (whole->synchronous)
        os_broadcast(&engine->changed);
}

static void whole_fails(struct engine *engine, struct connection *whole, DWORD state, DWORD error)
{
    whole->phase = FAILED;
    whole->state = state;
    whole->error = error;
    connection_leave_line(whole);
    woken(engine, whole);
}

void link_moved(struct engine *engine, struct connection *link)
{
    struct connection *whole = link->whole;

    if (whole->phase != DIALING)
        return;
    if (link->phase != FAILED) {
        whole->state = link->state;
        whole->projected |= link->projected;
    } else if (!any(whole, DIALING, UP)) {
        whole_fails(engine, whole, link->state, link->error);
    }
}

static void set_up(struct connection *connection)
{
    connection->phase = UP;
    connection->state = RASCS_Connected;
    connection->error = 0;
    connection->projected = 1;
    connection->up_at = os_now();
}

void link_connected(struct engine *engine, struct connection *link)
{
    struct connection *whole = link->whole;

    set_up(link);
    if (whole->phase == UP)
        watches_tell(engine, whole, RASCN_BandwidthAdded);
    else
        whole->state = RASCS_SubEntryConnected;
    dial_tell(engine, link, RASCS_SubEntryConnected, 0, 0);
    if (link->phase != UP || whole->phase != DIALING)
        return;
    set_up(whole);
    watches_tell(engine, whole, RASCN_Connection);
    woken(engine, whole);
    dial_tell(engine, link, RASCS_Connected, 0, 0);
}

void link_ended(struct engine *engine, struct connection *link, int was_up, DWORD error)
{
    struct connection *whole = link->whole;

    if (whole->phase == DIALING && !any(whole, DIALING, UP))
        whole_fails(engine, whole, whole->state, error ? error : ERROR_USER_DISCONNECTION);
    if (whole->phase != UP)
        return;
    if (!any(whole, UP, DIALING))
        connection_end(engine, whole, error);
    else if (was_up)
        watches_tell(engine, whole, RASCN_BandwidthRemoved);
}

void link_gone(struct engine *engine, struct connection *whole, struct connection *link)
{
    struct connection **place = &whole->links;

    while (*place != link)
        place = &(*place)->next_link;
    *place = link->next_link;
    if (whole->release_waits && !whole->links)
        connection_release(engine, whole);
}

void links_fail(struct engine *engine, struct connection *whole, DWORD error)
{
    struct connection *link;

    for (link = whole->links; link; link = link->next_link)
        if (link->phase == DIALING)
            dial_fail(engine, link, error);
}

/* ---- dialing */

static int has_port(const struct device *device)
{
    return !device->absent && (!device->ports || device->used < device->ports);
}

static DWORD link_new(struct engine *engine, const struct dial_request *request,
                      struct line *line, struct connection *whole, DWORD number)
{
    const struct sub_entry *sub_entry = &line->sub_entries[number - 1];
    struct sim_entry texts = entry_texts(line->entry);
    struct connection *link, **end = &whole->links;
    struct entry *entry;
    DWORD error;

    texts.phone_number = sub_entry->phone_number;
    entry = entry_changed(line->entry, sub_entry->device, &texts);
    link = entry ? dial_prepare(engine, request, line, entry) : NULL;
    entry_release(entry);
    if (!link)
        return ERROR_NOT_ENOUGH_MEMORY;
    link->whole = whole;
    link->sub_entry = number;
    error = engine->carrier->begin(engine, link, line, request);
    if (error) {
        connection_discard(engine, link);
        return error;
    }
    if (has_port(sub_entry->device))
        connection_take_port(engine, link);
    else
        link->failure = ERROR_PORT_NOT_AVAILABLE;
    while (*end)
        end = &(*end)->next_link;
    *end = link;
    return ERROR_SUCCESS;
}

static void undo(struct engine *engine, struct connection *whole)
{
    struct connection *link;

    while ((link = whole->links) != NULL) {
        whole->links = link->next_link;
        if (link->port) {
            link->port->used--;
            engine->open_ports--;
        }
        connection_discard(engine, link);
    }
    connection_discard(engine, whole);
}

static int wanted(const struct line *line, DWORD number, DWORD first)
{
    int as_needed = line->properties && line->properties->entry.dwDialMode == RASEDM_DialAsNeeded;

    if (first < 1 || first > line->sub_entry_count)
        first = 1;
    return !as_needed || number == first;
}

DWORD links_begin(struct engine *engine, const struct dial_request *request, struct line *line,
                  HRASCONN *handle)
{
    struct connection *whole, *link;
    DWORD number, error = ERROR_SUCCESS;

    for (number = 1; number <= line->sub_entry_count; number++)
        if (wanted(line, number, request->sub_entry) &&
            has_port(line->sub_entries[number - 1].device))
            break;
    if (number > line->sub_entry_count)
        return ERROR_PORT_NOT_AVAILABLE;
    whole = dial_prepare(engine, request, line, line->entry);
    if (!whole)
        return ERROR_NOT_ENOUGH_MEMORY;
    whole->link_count = line->sub_entry_count;
    for (number = 1; !error && number <= line->sub_entry_count; number++)
        if (wanted(line, number, request->sub_entry))
            error = link_new(engine, request, line, whole, number);
    if (error) {
        undo(engine, whole);
        return error;
    }
    whole->line = line;
    line->current = whole;
    engine->dials++;
    *handle = (HRASCONN)whole->handle;
    for (link = whole->links; link; link = link->next_link)
        job_start(engine, &link->job, os_now());
    return request->sink.notifier ? ERROR_SUCCESS : dial_here(engine, whole);
}

static DWORD add_link(struct engine *engine, struct line *line, struct connection *whole, DWORD number)
{
    static const WCHAR nothing[1] = {0};
    const struct dial_request request = {
        .phone_number = nothing,
        .user_name = nothing,
        .password = nothing,
        .domain = nothing,
        .callback_number = nothing,
        .sink = whole->sink,
        .skips_login = 1, /* the far end knows the caller by now */
    };
    DWORD error = link_new(engine, &request, line, whole, number);

    if (!error)
        job_start(engine, &connection_link(whole, number)->job, os_now());
    return error;
}

DWORD sim_set_link(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, uint32_t number,
                   int up)
{
    struct connection *whole, *link;
    struct line *line;
    DWORD error;

    line = line_enter(engine, phonebook, name, &error);
    if (!line)
        return error;
    whole = line->current;
    error = ERROR_SUCCESS;
    if (!whole || whole->phase != UP) {
        error = ERROR_NO_CONNECTION;
    } else if (!number || number > whole->link_count || number > line->sub_entry_count) {
        error = ERROR_NO_MORE_ITEMS;
    } else {
        link = connection_link(whole, number);
        if (link && link->phase == UP && !up)
            connection_end(engine, link, ERROR_PORT_DISCONNECTED);
        else if (!link && up)
            error = add_link(engine, line, whole, number);
        else if (!link || link->phase != UP)
            error = ERROR_PORT_NOT_OPEN;
    }
    line_leave(engine);
    return error;
}
