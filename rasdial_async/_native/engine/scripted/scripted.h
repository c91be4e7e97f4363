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

struct address {
    char is_ipv6;
    BYTE bytes[16];
};

struct addresses {
    uint32_t dials; /* that have had one */
    uint32_t count;
    struct address all[];
};

/* What is special about the far end of a line or, where only the script counts, of a sub-entry. */
struct far_end {
    struct script *script; /* null = the default one of the device */
    char password_expired;
    uint32_t callback; /* SIM_CALLBACK_... */
    struct addresses *addresses; /* null = the usual ones */
};

enum login { LOGIN_WRONG, LOGIN_RIGHT, LOGIN_WITHOUT_IDENTITY };

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
    char login; /* enum login */
    char addressed; /* the far end has told the addresses, if it has any */
    char has_ipv4; /* an address that the entry's far end was told */
    char has_ipv6;
    BYTE ipv4_address[4];
    BYTE ipv6_address[16];
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

enum login login_of(const struct line *line, const struct entry *entry,
                    const struct dial_request *request);
void scripted_login(struct engine *engine, struct connection *connection, DWORD extended_error);
DWORD scripted_resume(struct engine *engine, struct connection *connection,
                      const struct dial_request *request);

/* ---- addresses.c */

/* Null: no memory, or one of them is no address. */
struct addresses *addresses_new(const WCHAR *const *texts, uint32_t count, DWORD *error);
void addresses_take(struct addresses *addresses, struct run *run); /* for one dial */

/* ---- link.c */

void link_begin(struct connection *connection);
void link_address(struct connection *connection);
void link_set_statistics(struct connection *link, const RAS_STATS *values, int more);
void scripted_statistics(struct engine *engine, const struct connection *connection,
                         RAS_STATS *totals);
void scripted_projection(struct engine *engine, const struct connection *connection,
                         struct projection *projection);

#endif
