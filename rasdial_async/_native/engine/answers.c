/* SPDX-License-Identifier: MIT
 *
 * How the RAS functions themselves behave, as the caller wants it, and the one place for each question
 * that only Windows can settle.
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

DWORD sim_settle(struct engine *engine, uint32_t question, int otherwise)
{
    if (question >= SIM_QUESTIONS)
        return ERROR_INVALID_PARAMETER;
    if (!engine_enter(engine))
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    os_lock(&engine->lock);
    engine->otherwise[question] = (char)(otherwise != 0);
    os_unlock(&engine->lock);
    engine_leave(engine);
    return ERROR_SUCCESS;
}

/* ---- the questions */

DWORD answer_hang_up_gone(const struct engine *engine, HRASCONN handle)
{
    if (!connection_was_made(handle))
        return ERROR_INVALID_HANDLE;
    return engine->otherwise[SIM_HANG_UP_GONE] ? ERROR_INVALID_HANDLE : ERROR_NO_CONNECTION;
}

DWORD answer_devices_size(const struct engine *engine, int has_room)
{
    if (!engine->otherwise[SIM_DEVICES_SIZE])
        return ERROR_INVALID_SIZE;
    return has_room ? ERROR_INVALID_USER_BUFFER : ERROR_BUFFER_TOO_SMALL;
}

int answer_null_is_any_phonebook(const struct engine *engine)
{
    return engine->otherwise[SIM_NULL_PHONEBOOK];
}

void answer_device_type(const struct engine *engine, WCHAR *type)
{
    if (engine->otherwise[SIM_DEVICE_TYPE])
        for (; *type; type++)
            if (*type >= 'a' && *type <= 'z')
                *type -= 'a' - 'A';
}

int answer_takes_windows(const struct engine *engine)
{
    return engine->otherwise[SIM_WINDOW_NOTIFIER];
}

DWORD answer_stale_statistics(const struct engine *engine)
{
    return engine->otherwise[SIM_STALE_STATISTICS] ? E_INVALIDARG : ERROR_INVALID_HANDLE;
}

DWORD answer_second_pppoe(const struct engine *engine)
{
    return engine->otherwise[SIM_SECOND_PPPOE] ? ERROR_DIAL_ALREADY_IN_PROGRESS
                                               : ERROR_BROADBAND_ACTIVE;
}

int answer_lists(const struct engine *engine, const struct connection *connection)
{
    return connection->phase == UP ||
           (connection->phase == DIALING && engine->otherwise[SIM_DIALING_LISTED]);
}
