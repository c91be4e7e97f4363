/* SPDX-License-Identifier: MIT
 *
 * The engines of the process. They are static, since a RAS function carries no context: each has
 * its own set of functions, and a call that comes too late must still find the engine closed.
 */
#include "carrier.h"

#include <stdlib.h>
#include <string.h>

#define IN_USE UINT64_MAX /* in place of the number of a closing */

static struct engine engines[SIM_ENGINES];
static os_mutex pool_lock = OS_MUTEX_INIT;
static os_cond pool_changed = OS_COND_INIT;
static uint64_t closings;

struct engine *engine_numbered(int number)
{
    return &engines[number];
}

int engine_enter(struct engine *engine)
{
    /* The first look keeps late callers from holding up sim_close, the second one is the check. */
    if (!engine || !atomic32_load(&engine->open))
        return 0;
    atomic32_add(&engine->users, 1);
    if (atomic32_load(&engine->open))
        return 1;
    engine_leave(engine);
    return 0;
}

void engine_leave(struct engine *engine)
{
    if (atomic32_add(&engine->users, (uint32_t)-1) == 1 && !atomic32_load(&engine->open)) {
        os_lock(&pool_lock);
        os_broadcast(&pool_changed);
        os_unlock(&pool_lock);
    }
}

/* Everything but the gate and the place in the order of closings starts from zero. */
static int prepare(struct engine *engine, const struct carrier *carrier)
{
    size_t gate = offsetof(struct engine, lock);

    memset((char *)engine + gate, 0, sizeof *engine - gate);
    if (os_cond_init(&engine->changed) != 0)
        return -1;
    if (os_cond_init(&engine->dismissed) != 0) {
        os_cond_destroy(&engine->changed);
        return -1;
    }
    os_mutex_init(&engine->lock);
    engine->carrier = carrier;
    engine->administrator = 1;
    return 0;
}

static void discard(struct engine *engine)
{
    connections_close(engine);
    watches_close(engine);
    autodial_close(engine);
    entries_close(engine);
    free(engine->heap);
    engine->heap = NULL;
    os_cond_destroy(&engine->changed);
    os_cond_destroy(&engine->dismissed);
    os_mutex_destroy(&engine->lock);
}

struct engine *engine_open(const struct carrier *carrier)
{
    struct engine *engine = NULL;
    int i;

    os_lock(&pool_lock);
    /* The one closed longest ago, so that a stale caller hardly ever meets another engine. */
    for (i = 0; i < SIM_ENGINES; i++)
        if (engines[i].closed_at != IN_USE &&
            (!engine || engines[i].closed_at < engine->closed_at))
            engine = &engines[i];
    if (engine && prepare(engine, carrier) != 0)
        engine = NULL;
    if (engine && (entries_open(engine) != 0 || carrier->open(engine) != 0)) {
        discard(engine);
        engine = NULL;
    }
    if (engine) {
        engine->closed_at = IN_USE;
        atomic32_store(&engine->open, 1);
    }
    os_unlock(&pool_lock);
    return engine;
}

void sim_close(struct engine *engine)
{
    struct connection *connection;

    if (!engine || !atomic32_exchange(&engine->open, 0))
        return;
    os_lock(&engine->lock);
    engine->closing = 1;
    for (connection = engine->connections.first; connection; connection = connection->next) {
        connection->hung_up = 1;
        if (connection->phase != CLOSING)
            connection_end(engine, connection, 0);
    }
    os_broadcast(&engine->changed);
    workers_dismiss(engine);
    os_unlock(&engine->lock);

    os_lock(&pool_lock);
    while (atomic32_load(&engine->users))
        os_wait(&pool_changed, &pool_lock);
    engine->carrier->close(engine);
    discard(engine);
    engine->closed_at = ++closings;
    os_unlock(&pool_lock);
}

void sim_after_fork(void)
{
    static const os_mutex fresh_lock = OS_MUTEX_INIT;
    static const os_cond fresh_cond = OS_COND_INIT;
    int i;

    /* What the parent's engines own may be half changed, so it is forgotten, not freed. */
    memcpy(&pool_lock, &fresh_lock, sizeof pool_lock);
    memcpy(&pool_changed, &fresh_cond, sizeof pool_changed);
    for (i = 0; i < SIM_ENGINES; i++) {
        atomic32_store(&engines[i].users, 0);
        if (atomic32_exchange(&engines[i].open, 0) || engines[i].closed_at == IN_USE)
            engines[i].closed_at = ++closings;
    }
}

const struct ras_api *sim_api(const struct engine *engine)
{
    return &simulated_api[engine - engines];
}

void sim_count(struct engine *engine, struct sim_counts *counts)
{
    memset(counts, 0, sizeof *counts);
    if (!engine_enter(engine))
        return;
    os_lock(&engine->lock);
    counts->connections = (uint32_t)engine->connections.count;
    counts->open_ports = engine->open_ports;
    counts->threads = engine->workers;
    counts->callbacks = engine->callbacks;
    counts->dials = engine->dials;
    counts->registered = watches_count(engine);
    counts->registrations = engine->registrations;
    os_unlock(&engine->lock);
    engine_leave(engine);
}
