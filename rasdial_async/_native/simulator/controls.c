/* SPDX-License-Identifier: MIT
 *
 * How the far end of an entry behaves, as the caller wants it.
 */
#include "engine.h"

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

DWORD sim_script_link(struct sim *engine, const WCHAR *phonebook, const WCHAR *name, uint32_t link,
                      const struct sim_step *steps, uint32_t count)
{
    struct script *script, **place;
    struct line *line;
    DWORD error = script_new(steps, count, &script);

    if (error)
        return error;
    line = line_enter(engine, phonebook, name, &error);
    if (!line) {
        free(script);
        return error;
    }
    if (link > line->sub_entry_count) {
        free(script);
        line_leave(engine);
        return ERROR_NO_MORE_ITEMS;
    }
    place = link ? &line->sub_entries[link - 1].script : &line->script;
    script_release(*place);
    *place = script;
    line_leave(engine);
    return ERROR_SUCCESS;
}

DWORD sim_script(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                 const struct sim_step *steps, uint32_t count)
{
    return sim_script_link(engine, phonebook, name, 0, steps, count);
}

DWORD sim_refuse(struct sim *engine, const WCHAR *phonebook, const WCHAR *name, DWORD error,
                 int handle, uint32_t delay_us)
{
    DWORD missing;
    struct line *line = line_enter(engine, phonebook, name, &missing);

    if (!line)
        return missing;
    line->refusal = error;
    line->refusal_handle = handle;
    line->return_delay = (uint64_t)delay_us * 1000;
    line_leave(engine);
    return ERROR_SUCCESS;
}

DWORD sim_answer(struct sim *engine, uint32_t place, DWORD code)
{
    if (place >= RAS_PLACES)
        return ERROR_INVALID_PARAMETER;
    if (!sim_enter(engine))
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    atomic_store(&engine->answers[place], code);
    sim_leave(engine);
    return ERROR_SUCCESS;
}

DWORD sim_expire_password(struct sim *engine, const WCHAR *phonebook, const WCHAR *name)
{
    DWORD error;
    struct line *line = line_enter(engine, phonebook, name, &error);

    if (!line)
        return error;
    line->password_expired = 1;
    line_leave(engine);
    return ERROR_SUCCESS;
}

DWORD sim_set_callback(struct sim *engine, const WCHAR *phonebook, const WCHAR *name, uint32_t mode)
{
    struct line *line;
    DWORD error;

    if (mode > SIM_CALLBACK_PRESET)
        return ERROR_INVALID_PARAMETER;
    line = line_enter(engine, phonebook, name, &error);
    if (!line)
        return error;
    line->callback = mode;
    line_leave(engine);
    return ERROR_SUCCESS;
}
