/* SPDX-License-Identifier: MIT
 *
 * RasConnectionNotification: events that are set when connections come and go. A registration
 * lasts until its connection is gone; the same event registered anew replaces it.
 */
#include "calls.h"

#include <stdlib.h>

#define EVERY_CONNECTION ((HRASCONN)(intptr_t)-1) /* INVALID_HANDLE_VALUE */
#define FLAGS 0x7Fu

void watches_tell(struct engine *engine, const struct connection *connection, DWORD what)
{
    const struct watch *watch;

    for (watch = engine->watches; watch; watch = watch->next)
        if ((watch->flags & what) && (watch->handle == EVERY_CONNECTION ||
                                      watch->handle == (HRASCONN)connection->handle))
            os_event_set(watch->signal);
}

static void remove_watch(struct watch **link)
{
    struct watch *watch = *link;

    *link = watch->next;
    os_event_drop(watch->signal);
    free(watch);
}

void watches_forget(struct engine *engine, const struct connection *connection)
{
    struct watch **link = &engine->watches;

    while (*link) {
        if ((*link)->handle == (HRASCONN)connection->handle)
            remove_watch(link);
        else
            link = &(*link)->next;
    }
}

uint32_t watches_count(const struct engine *engine)
{
    const struct watch *watch;
    uint32_t count = 0;

    for (watch = engine->watches; watch; watch = watch->next)
        count++;
    return count;
}

void watches_close(struct engine *engine)
{
    while (engine->watches)
        remove_watch(&engine->watches);
}

void sim_forget_event(struct engine *engine, HANDLE event)
{
    struct watch **link;

    if (!engine_enter(engine))
        return;
    os_lock(&engine->lock);
    link = &engine->watches;
    while (*link) {
        if ((*link)->event == event)
            remove_watch(link);
        else
            link = &(*link)->next;
    }
    os_unlock(&engine->lock);
    engine_leave(engine);
}

static DWORD watch_for(struct engine *engine, HRASCONN handle, HANDLE event, DWORD flags)
{
    const struct connection *connection = connection_find(engine, handle);
    struct watch **link = &engine->watches;
    struct watch *watch;

    if (engine->closing)
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    if (handle != EVERY_CONNECTION) {
        if (!connection)
            return ERROR_INVALID_HANDLE;
        if (connection->phase == CLOSING)
            return ERROR_NO_CONNECTION;
        flags &= ~RASCN_Connection;
    }
    if (!flags)
        return ERROR_INVALID_PARAMETER;
    watch = malloc(sizeof *watch);
    if (!watch)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (os_event_share(&watch->signal, event) != 0) {
        free(watch);
        return ERROR_INVALID_HANDLE;
    }
    watch->next = NULL;
    watch->handle = handle;
    watch->event = event;
    watch->flags = flags;
    while (*link) {
        if ((*link)->event == event && (*link)->handle == handle)
            remove_watch(link);
        else
            link = &(*link)->next;
    }
    *link = watch;
    engine->registrations++;
    return ERROR_SUCCESS;
}

DWORD ras_connection_notification(struct engine *engine, HRASCONN handle, HANDLE event, DWORD flags)
{
    DWORD error;

    if (!event || !flags || (flags & ~FLAGS))
        return ERROR_INVALID_PARAMETER;
    os_lock(&engine->lock);
    error = watch_for(engine, handle, event, flags);
    os_unlock(&engine->lock);
    return error;
}
