/* SPDX-License-Identifier: MIT
 *
 * How the RAS functions themselves behave, as the caller wants it.
 */
#include "core.h"

DWORD sim_refuse(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, DWORD error,
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

DWORD sim_answer(struct engine *engine, uint32_t place, DWORD code)
{
    if (place >= RAS_PLACES)
        return ERROR_INVALID_PARAMETER;
    if (!engine_enter(engine))
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    atomic32_store(&engine->answers[place], code);
    engine_leave(engine);
    return ERROR_SUCCESS;
}
