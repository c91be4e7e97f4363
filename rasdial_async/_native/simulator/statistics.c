/* SPDX-License-Identifier: MIT
 *
 * What went over each link. A simulated link carries nothing, so its counters say what the caller
 * of sim_set_statistics wants; they are 32 bits wide and wrap. Only the duration runs by itself.
 */
#include "calls.h"

#include <string.h>

enum { COUNTERS = sizeof(RAS_STATS) / sizeof(DWORD) - 1 }; /* all but dwSize */

static void unpack(const RAS_STATS *from, DWORD counters[COUNTERS])
{
    memcpy(counters, &from->dwBytesXmited, COUNTERS * sizeof *counters);
}

static void add(RAS_STATS *sum, const RAS_STATS *more)
{
    DWORD left[COUNTERS], right[COUNTERS];
    size_t i;

    unpack(sum, left);
    unpack(more, right);
    for (i = 0; i < COUNTERS; i++)
        left[i] += right[i];
    memcpy(&sum->dwBytesXmited, left, sizeof left);
}

static DWORD age(const struct connection *link)
{
    return (DWORD)((os_now() - link->up_at) / OS_MILLISECOND);
}

static RAS_STATS statistics_of(const struct connection *link)
{
    RAS_STATS now = link->statistics;

    now.dwSize = sizeof now;
    now.dwConnectDuration += age(link);
    return now;
}

/* What has been counted goes; how fast and how old the link is stays. */
static void clear(struct connection *link)
{
    RAS_STATS fresh = {.dwBps = link->statistics.dwBps,
                       .dwConnectDuration = link->statistics.dwConnectDuration};

    link->statistics = fresh;
}

static DWORD links_of(const struct connection *connection)
{
    return connection->link_count ? connection->link_count : 1;
}

/* All links as one: the counters together, the ratios of the first, the age of the oldest. */
static RAS_STATS together(struct connection *connection)
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
        one = statistics_of(link);
        if (one.dwConnectDuration > oldest)
            oldest = one.dwConnectDuration;
        if (!first)
            one.dwCompressionRatioIn = one.dwCompressionRatioOut = 0;
        first = 0;
        add(&sum, &one);
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

DWORD ras_get_connection_statistics(struct sim *engine, HRASCONN handle, RAS_STATS *statistics)
{
    struct connection *connection;
    DWORD error;

    if (!statistics || statistics->dwSize != sizeof *statistics)
        return E_INVALIDARG;
    os_lock(&engine->lock);
    connection = connection_find(engine, handle);
    error = up(connection, E_INVALIDARG);
    if (!error)
        *statistics = together(connection);
    os_unlock(&engine->lock);
    return error;
}

DWORD ras_get_link_statistics(struct sim *engine, HRASCONN handle, DWORD number,
                              RAS_STATS *statistics)
{
    struct connection *connection, *link = NULL;
    DWORD error = E_INVALIDARG;

    if (!statistics || statistics->dwSize != sizeof *statistics)
        return E_INVALIDARG;
    os_lock(&engine->lock);
    connection = connection_find(engine, handle);
    if (connection) {
        link = connection_link(connection, number);
        error = up(link, number && number <= links_of(connection) ? ERROR_NO_CONNECTION
                                                                  : E_INVALIDARG);
    }
    if (!error)
        *statistics = statistics_of(link);
    os_unlock(&engine->lock);
    return error;
}

DWORD ras_clear_connection_statistics(struct sim *engine, HRASCONN handle)
{
    struct connection *connection, *link;
    DWORD number, error;

    os_lock(&engine->lock);
    connection = connection_find(engine, handle);
    error = up(connection, ERROR_INVALID_HANDLE);
    for (number = 1; !error && number <= links_of(connection); number++)
        if ((link = connection_link(connection, number)) != NULL)
            clear(link);
    os_unlock(&engine->lock);
    return error;
}

DWORD ras_clear_link_statistics(struct sim *engine, HRASCONN handle, DWORD number)
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
            clear(link);
    }
    os_unlock(&engine->lock);
    return error;
}

DWORD sim_set_statistics(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                         uint32_t number, const RAS_STATS *values, int more)
{
    struct connection *link;
    struct line *line;
    DWORD error;

    if (!values)
        return ERROR_INVALID_PARAMETER;
    line = line_enter(engine, phonebook, name, &error);
    if (!line)
        return error;
    link = line->current ? connection_link(line->current, number) : NULL;
    error = up(link, ERROR_NO_CONNECTION);
    if (!error && more) {
        add(&link->statistics, values);
    } else if (!error) {
        link->statistics = *values;
        link->statistics.dwConnectDuration -= age(link);
    }
    line_leave(engine);
    return error;
}
