/* SPDX-License-Identifier: MIT
 *
 * How the far end of an entry behaves, as the caller wants it.
 */
#include "scripted.h"

#include <stdlib.h>
#include <string.h>

static DWORD script_new(const struct sim_step *steps, uint32_t count, struct script **made)
{
    struct script *script;
    uint32_t i;

    for (i = 0; i < count; i++) {
        int pause = steps[i].kind == SIM_PAUSE || steps[i].kind == SIM_PAUSE_SCRIPTED;

        if (steps[i].kind > SIM_PAUSE_SCRIPTED || (steps[i].kind == SIM_FAIL && !steps[i].error) ||
            (pause && !(steps[i].state & RASCS_PAUSED)))
            return ERROR_INVALID_PARAMETER;
    }
    *made = NULL;
    if (!count)
        return ERROR_SUCCESS;
    script = malloc(sizeof *script + count * sizeof *steps);
    if (!script)
        return ERROR_NOT_ENOUGH_MEMORY;
    script->references = 1;
    script->count = count;
    memcpy(script->steps, steps, count * sizeof *steps);
    *made = script;
    return ERROR_SUCCESS;
}

/* As line_enter; the carrier of an engine that makes real links has no far end to tell. */
static struct line *enter(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                          DWORD *error)
{
    struct line *line = line_enter(engine, phonebook, name, error);

    if (!line || is_scripted(engine))
        return line;
    line_leave(engine);
    *error = ERROR_CALL_NOT_IMPLEMENTED;
    return NULL;
}

/* Null = no memory. */
static struct far_end *far_end_at(void **place)
{
    if (!*place)
        *place = calloc(1, sizeof(struct far_end));
    return *place;
}

DWORD sim_script_link(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, uint32_t link,
                      const struct sim_step *steps, uint32_t count)
{
    struct script *script;
    struct far_end *far_end;
    struct line *line;
    DWORD error = script_new(steps, count, &script);

    if (error)
        return error;
    line = enter(engine, phonebook, name, &error);
    if (!line) {
        free(script);
        return error;
    }
    if (link > line->sub_entry_count) {
        free(script);
        line_leave(engine);
        return ERROR_NO_MORE_ITEMS;
    }
    far_end = far_end_at(link ? &line->sub_entries[link - 1].far_end : &line->far_end);
    if (far_end) {
        script_release(far_end->script);
        far_end->script = script;
    } else {
        free(script);
        error = ERROR_NOT_ENOUGH_MEMORY;
    }
    line_leave(engine);
    return error;
}

DWORD sim_script(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                 const struct sim_step *steps, uint32_t count)
{
    return sim_script_link(engine, phonebook, name, 0, steps, count);
}

DWORD sim_expire_password(struct engine *engine, const WCHAR *phonebook, const WCHAR *name)
{
    DWORD error;
    struct line *line = enter(engine, phonebook, name, &error);
    struct far_end *far_end;

    if (!line)
        return error;
    far_end = far_end_at(&line->far_end);
    if (far_end)
        far_end->password_expired = 1;
    line_leave(engine);
    return far_end ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

DWORD sim_set_callback(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, uint32_t mode)
{
    struct far_end *far_end;
    struct line *line;
    DWORD error;

    if (mode > SIM_CALLBACK_PRESET)
        return ERROR_INVALID_PARAMETER;
    line = enter(engine, phonebook, name, &error);
    if (!line)
        return error;
    far_end = far_end_at(&line->far_end);
    if (far_end)
        far_end->callback = mode;
    line_leave(engine);
    return far_end ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

DWORD sim_set_addresses(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                        const WCHAR *const *texts, uint32_t count)
{
    struct addresses *addresses = NULL;
    struct far_end *far_end;
    struct line *line;
    DWORD error;

    if (count && !(addresses = addresses_new(texts, count, &error)))
        return error;
    line = enter(engine, phonebook, name, &error);
    if (!line) {
        free(addresses);
        return error;
    }
    far_end = far_end_at(&line->far_end);
    if (far_end) {
        free(far_end->addresses);
        far_end->addresses = addresses;
    } else {
        free(addresses);
    }
    line_leave(engine);
    return far_end ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

DWORD sim_set_statistics(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                         uint32_t number, const RAS_STATS *values, int more)
{
    struct connection *link;
    struct line *line;
    DWORD error;

    if (!values)
        return ERROR_INVALID_PARAMETER;
    line = enter(engine, phonebook, name, &error);
    if (!line)
        return error;
    link = line->current ? connection_link(line->current, number) : NULL;
    error = link && link->phase == UP ? ERROR_SUCCESS : ERROR_NO_CONNECTION;
    if (!error)
        link_set_statistics(link, values, more);
    line_leave(engine);
    return error;
}

DWORD sim_set_substate(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                       DWORD substate)
{
    struct connection *connection;
    DWORD error;
    struct line *line = enter(engine, phonebook, name, &error);

    if (!line)
        return error;
    connection = line->current;
    if (!connection || connection->phase != UP) {
        error = ERROR_NO_CONNECTION;
    } else if (!device_is_ikev2(connection->entry->device)) {
        error = ERROR_INVALID_PARAMETER;
    } else {
        error = ERROR_SUCCESS;
        connection->substate = substate;
        if (substate == RASCSS_Dormant)
            watches_tell(engine, connection, RASCN_Dormant);
        else if (substate == RASCSS_Reconnected)
            watches_tell(engine, connection, RASCN_ReConnection);
    }
    line_leave(engine);
    return error;
}

void sim_set_pace(struct engine *engine, double factor)
{
    if (!engine_enter(engine))
        return;
    os_lock(&engine->lock);
    if (is_scripted(engine))
        scripted_of(engine)->pace = factor > 0 ? factor : 0;
    os_unlock(&engine->lock);
    engine_leave(engine);
}

void sim_set_release_delay(struct engine *engine, uint32_t microseconds)
{
    if (!engine_enter(engine))
        return;
    os_lock(&engine->lock);
    if (is_scripted(engine))
        scripted_of(engine)->release_delay = (uint64_t)microseconds * 1000;
    os_unlock(&engine->lock);
    engine_leave(engine);
}
