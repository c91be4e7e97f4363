/* SPDX-License-Identifier: MIT
 *
 * What the files of the simulator share. Each structure is guarded by the lock of its engine, and
 * every function is called with that lock held.
 */
#ifndef RASDIAL_ASYNC_SCRIPTED_H
#define RASDIAL_ASYNC_SCRIPTED_H

#include "../carrier.h"
#include "simulator.h"

struct script {
    uint32_t references;
    uint32_t count;
    struct sim_step steps[];
};

/* What is special about the far end of a line or, where only the script counts, of a sub-entry. */
struct far_end {
    struct script *script; /* null = the default one of the device */
    char password_expired;
    uint32_t callback; /* SIM_CALLBACK_... */
};

/* A dial that runs by a script, and what its link carries. */
struct run {
    struct script *script; /* null = a default one, which is static */
    const struct sim_step *steps;
    uint32_t step_count;
    uint32_t at;
    double pace;
    const struct sim_step *detour; /* to be played before the script goes on */
    uint32_t detour_steps;
    uint32_t detour_at;
    double detour_pace;
    char waited;         /* the delay of the step is over */
    char login_right;
    char script_answers; /* this pause ends in the script, whatever RasDialW brings */
    RAS_STATS counters;  /* the duration: beyond the time since the link is up */
};

/* Of an engine. */
struct scripted {
    double pace;
    uint64_t release_delay;
};

static inline struct scripted *scripted_of(const struct engine *engine)
{
    return engine->carried;
}

static inline struct line *line_of(const struct connection *connection)
{
    return connection->whole ? connection->whole->line : connection->line;
}

/* Null where nothing is special. */
static inline struct far_end *far_end_of(const struct connection *connection)
{
    const struct line *line = line_of(connection);

    return line ? line->far_end : NULL;
}

/* ---- scripted.c */

void script_release(struct script *script);
int is_scripted(const struct engine *engine);

/* ---- scripts.c */

const struct sim_step *default_script(const struct device *device, uint32_t *count);

/* ---- login.c */

int login_right(const struct line *line, const struct entry *entry,
                const struct dial_request *request);
void scripted_login(struct engine *engine, struct connection *connection, DWORD extended_error);
DWORD scripted_resume(struct engine *engine, struct connection *connection,
                      const struct dial_request *request);

/* ---- link.c */

void link_begin(struct connection *connection);
void link_set_statistics(struct connection *link, const RAS_STATS *values, int more);
void scripted_statistics(struct engine *engine, const struct connection *connection,
                         RAS_STATS *totals);
void scripted_projection(struct engine *engine, const struct connection *connection,
                         struct projection *projection);

#endif
