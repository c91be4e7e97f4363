/* SPDX-License-Identifier: MIT
 *
 * The carrier of the simulator: a dial plays the steps of a script, each after its delay.
 */
#include "scripted.h"

#include <stdlib.h>

static int scripted_open(struct engine *engine)
{
    struct scripted *scripted = calloc(1, sizeof *scripted);

    if (!scripted)
        return -1;
    scripted->pace = 1.0;
    scripted->release_delay = 20 * OS_MILLISECOND;
    engine->carried = scripted;
    return 0;
}

static void scripted_close(struct engine *engine)
{
    free(engine->carried);
    engine->carried = NULL;
}

void script_release(struct script *script)
{
    if (script && --script->references == 0)
        free(script);
}

static void free_far_end(void *far_end)
{
    script_release(((struct far_end *)far_end)->script);
    free(((struct far_end *)far_end)->addresses);
    free(far_end);
}

/* ---- a dial */

static struct script *script_of(const struct connection *connection, const struct line *line)
{
    const struct far_end *far_end = NULL;

    if (line && connection->whole)
        far_end = line->sub_entries[connection->sub_entry - 1].far_end;
    if (line && !(far_end && far_end->script))
        far_end = line->far_end;
    return far_end ? far_end->script : NULL;
}

static DWORD scripted_begin(struct engine *engine, struct connection *connection,
                            struct line *line, const struct dial_request *request)
{
    struct run *run = calloc(1, sizeof *run);

    if (!run)
        return ERROR_NOT_ENOUGH_MEMORY;
    run->login = (char)login_of(line, connection->entry, request);
    run->script = script_of(connection, line);
    if (run->script) {
        run->script->references++;
        run->steps = run->script->steps;
        run->step_count = run->script->count;
        run->pace = 1.0;
    } else {
        run->steps = default_script(connection->entry->device, &run->step_count);
        run->pace = scripted_of(engine)->pace;
    }
    connection->run = run;
    link_begin(connection);
    return ERROR_SUCCESS;
}

static void scripted_release(struct engine *engine, struct connection *connection)
{
    struct run *run = connection->run;

    (void)engine;
    script_release(run->script);
    free(run);
}

static uint64_t scripted_hang_up(struct engine *engine, struct connection *connection)
{
    (void)connection;
    return os_now() + scripted_of(engine)->release_delay;
}

/* ---- steps */

static uint64_t delay_of(const struct run *run, const struct sim_step *step)
{
    double pace = run->detour ? run->detour_pace : run->pace;

    return (uint64_t)((double)step->delay_us * 1000.0 * pace);
}

/* Null: nothing is to come, or not before somebody has gone on with the dial. */
static const struct sim_step *next_step(struct run *run)
{
    if (run->detour_at < run->detour_steps)
        return &run->detour[run->detour_at];
    run->detour = NULL;
    return run->at < run->step_count ? &run->steps[run->at] : NULL;
}

static void play(struct engine *engine, struct connection *connection, const struct sim_step *step)
{
    struct run *run = connection->run;
    DWORD state = step->state;
    int goes_on = step->kind == SIM_STEP || step->kind == SIM_LOGIN;

    if (goes_on && (state == RASCS_Projected || state == RASCS_Connected))
        link_address(connection);
    switch (step->kind) {
    case SIM_STEP:
        dial_announce(engine, connection, state, 0, step->extended_error);
        break;
    case SIM_LOGIN:
        dial_announce(engine, connection, state, 0, 0);
        if (connection->phase == DIALING)
            scripted_login(engine, connection, step->extended_error);
        break;
    case SIM_PAUSE:
    case SIM_PAUSE_SCRIPTED:
        run->script_answers = step->kind == SIM_PAUSE_SCRIPTED;
        dial_pause(engine, connection, state, step->error, step->extended_error);
        break;
    case SIM_FAIL:
        if (state == SIM_SAME_STATE)
            state = connection->state;
        dial_announce(engine, connection, state, step->error, step->extended_error);
        break;
    case SIM_DROP:
        connection->failure = step->error ? step->error : ERROR_PORT_DISCONNECTED;
        break;
    default: /* SIM_SILENCE, also for all the steps behind it */
        run->at = run->step_count;
    }
}

/* Nonzero: a delay of this step has just begun, and ends then. */
static uint64_t wait_for(struct run *run, const struct sim_step *step)
{
    uint64_t delay = delay_of(run, step);

    if (run->waited || !delay) {
        run->waited = 0;
        return 0;
    }
    run->waited = 1;
    return os_now() + delay;
}

/* Of a link that is up nothing but its end can come. */
static uint64_t drop(struct engine *engine, struct connection *connection)
{
    struct run *run = connection->run;
    uint64_t due;

    while (run->at < run->step_count && run->steps[run->at].kind != SIM_DROP)
        run->at++;
    if (run->at == run->step_count)
        return OS_FOREVER;
    due = wait_for(run, &run->steps[run->at]);
    if (!due)
        connection_end(engine, connection, run->steps[run->at].error);
    return due;
}

static uint64_t scripted_move(struct engine *engine, struct connection *connection)
{
    struct run *run = connection->run;
    const struct sim_step *step;
    uint64_t due;

    if (connection->phase == UP)
        return drop(engine, connection);
    step = next_step(run);
    if (!step)
        return OS_FOREVER;
    due = wait_for(run, step);
    if (due)
        return due;
    if (run->detour)
        run->detour_at++;
    else
        run->at++;
    play(engine, connection, step);
    return CARRIER_AT_ONCE;
}

static const struct carrier scripted_carrier = {
    .open = scripted_open,
    .close = scripted_close,
    .begin = scripted_begin,
    .move = scripted_move,
    .resume = scripted_resume,
    .hang_up = scripted_hang_up,
    .release = scripted_release,
    .free_far_end = free_far_end,
    .statistics = scripted_statistics,
    .projection = scripted_projection,
};

struct engine *sim_open(void)
{
    struct engine *engine = engine_open(&scripted_carrier);

    if (engine)
        sim_settle(engine, SIM_NULL_PHONEBOOK, 1);
    return engine;
}

int is_scripted(const struct engine *engine)
{
    return engine->carrier == &scripted_carrier;
}
