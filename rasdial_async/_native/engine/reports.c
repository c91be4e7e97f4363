/* SPDX-License-Identifier: MIT
 *
 * The way from a carrier's own thread to a notifier: what it reports waits here, in order, until a
 * worker announces it.
 */
#include "carrier.h"

#include <stdlib.h>

void carrier_report(struct engine *engine, struct connection *connection, DWORD state, DWORD error,
                    DWORD extended_error)
{
    struct report **end = &connection->reports;
    struct report *report;

    if (connection->phase == UP && (error || state == RASCS_Disconnected))
        connection_end(engine, connection, error);
    if (connection->phase != DIALING)
        return;
    report = malloc(sizeof *report);
    if (!report) {
        dial_fail(engine, connection, error ? error : ERROR_NOT_ENOUGH_MEMORY);
        return;
    }
    *report = (struct report){NULL, state, error, extended_error};
    while (*end)
        end = &(*end)->next;
    *end = report;
    carrier_wake(engine, connection);
}

uint64_t carrier_play_reports(struct engine *engine, struct connection *connection)
{
    struct report *report = connection->reports;
    struct report now;

    if (!report)
        return OS_FOREVER;
    connection->reports = report->next;
    now = *report;
    free(report);
    if (connection->phase == UP && (now.error || now.state == RASCS_Disconnected)) {
        connection_end(engine, connection, now.error);
    } else if (connection->phase == DIALING) {
        DWORD state = now.state == CARRIER_SAME_STATE ? connection->state : now.state;

        dial_announce(engine, connection, state, now.error, now.extended_error);
    }
    return CARRIER_AT_ONCE;
}
