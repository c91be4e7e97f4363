/* SPDX-License-Identifier: MIT
 *
 * What went over each link, by its carrier, since the counters were last cleared. They are 32 bits
 * wide and wrap.
 */
#include "calls.h"
#include "carrier.h"

#include <string.h>

enum { COUNTERS = sizeof(RAS_STATS) / sizeof(DWORD) - 1 }; /* all but dwSize */

static void unpack(const RAS_STATS *from, DWORD counters[COUNTERS])
{
    memcpy(counters, &from->dwBytesXmited, COUNTERS * sizeof *counters);
}

static void combine(RAS_STATS *sum, const RAS_STATS *more, DWORD factor)
{
    DWORD left[COUNTERS], right[COUNTERS];
    size_t i;

    unpack(sum, left);
    unpack(more, right);
    for (i = 0; i < COUNTERS; i++)
        left[i] += right[i] * factor; /* modulo 2^32, also for -1 */
    memcpy(&sum->dwBytesXmited, left, sizeof left);
}

void counters_add(RAS_STATS *sum, const RAS_STATS *more)
{
    combine(sum, more, 1);
}

void counters_subtract(RAS_STATS *sum, const RAS_STATS *less)
{
    combine(sum, less, (DWORD)-1);
}

static RAS_STATS totals_of(struct engine *engine, const struct connection *link)
{
    RAS_STATS totals = {0};

    engine->carrier->statistics(engine, link, &totals);
    return totals;
}

static RAS_STATS statistics_of(struct engine *engine, const struct connection *link)
{
    RAS_STATS now = totals_of(engine, link);

    counters_subtract(&now, &link->cleared);
    now.dwSize = sizeof now;
    return now;
}

/* What has been counted goes; how fast and how old the link is stays. */
static void clear(struct engine *engine, struct connection *link)
{
    if (link->phase != UP)
        return;
    link->cleared = totals_of(engine, link);
    link->cleared.dwBps = link->cleared.dwConnectDuration = 0;
}

static DWORD links_of(const struct connection *connection)
{
    return connection->link_count ? connection->link_count : 1;
}

/* All links as one: the counters together, the ratios of the first, the age of the oldest. */
static RAS_STATS together(struct engine *engine, struct connection *connection)
{
    RAS_STATS sum = {0};
    struct connection *link;
    DWORD number, oldest = 0;
    int first = 1;

    for (number = 1; number <= links_of(connection); number++) {
        RAS_STATS one;

        link = connection_link(connection, number);
        if (!link || link->phase != UP)
            continue;
        one = statistics_of(engine, link);
        if (one.dwConnectDuration > oldest)
            oldest = one.dwConnectDuration;
        if (!first)
            one.dwCompressionRatioIn = one.dwCompressionRatioOut = 0;
        first = 0;
        counters_add(&sum, &one);
    }
    sum.dwSize = sizeof sum;
    sum.dwConnectDuration = oldest;
    return sum;
}

static DWORD up(const struct connection *connection, DWORD missing)
{
    if (!connection)
        return missing;
    return connection->phase == UP ? ERROR_SUCCESS : ERROR_NO_CONNECTION;
}

DWORD ras_get_connection_statistics(struct engine *engine, HRASCONN handle, RAS_STATS *statistics)
{
    struct connection *connection;
    DWORD error;

    if (!statistics || statistics->dwSize != sizeof *statistics)
        return E_INVALIDARG;
    os_lock(&engine->lock);
    connection = connection_find(engine, handle);
    error = up(connection, answer_stale_statistics(engine));
    if (!error)
        *statistics = together(engine, connection);
    os_unlock(&engine->lock);
    return error;
}

DWORD ras_get_link_statistics(struct engine *engine, HRASCONN handle, DWORD number,
                              RAS_STATS *statistics)
{
    struct connection *connection, *link = NULL;
    DWORD error;

    if (!statistics || statistics->dwSize != sizeof *statistics)
        return E_INVALIDARG;
    os_lock(&engine->lock);
    connection = connection_find(engine, handle);
    error = answer_stale_statistics(engine);
    if (connection) {
        link = connection_link(connection, number);
        error = up(link, number && number <= links_of(connection) ? ERROR_NO_CONNECTION
                                                                  : E_INVALIDARG);
    }
    if (!error)
        *statistics = statistics_of(engine, link);
    os_unlock(&engine->lock);
    return error;
}

DWORD ras_clear_connection_statistics(struct engine *engine, HRASCONN handle)
{
    struct connection *connection, *link;
    DWORD number, error;

    os_lock(&engine->lock);
    connection = connection_find(engine, handle);
    error = up(connection, ERROR_INVALID_HANDLE);
    for (number = 1; !error && number <= links_of(connection); number++)
        if ((link = connection_link(connection, number)) != NULL)
            clear(engine, link);
    os_unlock(&engine->lock);
    return error;
}

DWORD ras_clear_link_statistics(struct engine *engine, HRASCONN handle, DWORD number)
{
    struct connection *connection, *link;
    DWORD error = ERROR_INVALID_PARAMETER;

    os_lock(&engine->lock);
    connection = connection_find(engine, handle);
    if (!connection) {
        error = ERROR_INVALID_HANDLE;
    } else if (number) {
        link = connection_link(connection, number);
        error = up(link, ERROR_NO_CONNECTION);
        if (!error)
            clear(engine, link);
    }
    os_unlock(&engine->lock);
    return error;
}
