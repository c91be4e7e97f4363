/* SPDX-License-Identifier: MIT
 *
 * The dials that wait for more: a far end that is not content, or that wants to know more, pauses
 * the dial of a caller who accepts that and fails any other one. A paused dial goes on with the next
 * RasDialW that brings its handle.
 */
#include "carrier.h"

static DWORD usual_error(DWORD state)
{
    switch (state) {
    case RASCS_RetryAuthentication:
        return ERROR_AUTHENTICATION_FAILURE;
    case RASCS_CallbackSetByCaller:
        return ERROR_BAD_CALLBACK_NUMBER;
    case RASCS_PasswordExpired:
        return ERROR_PASSWD_EXPIRED;
    default:
        return ERROR_INTERACTIVE_MODE;
    }
}

void dial_pause(struct engine *engine, struct connection *connection, DWORD state, DWORD error,
                DWORD extended_error)
{
    if (!connection->pausing) {
        dial_announce(engine, connection, connection->state, error ? error : usual_error(state),
                      extended_error);
        return;
    }
    /* Before it is announced: another thread may go on while the notifier is still at it. */
    connection->paused = state;
    dial_announce(engine, connection, state, 0, 0);
}

DWORD dial_resume(struct engine *engine, struct connection *connection,
                  const struct dial_request *request)
{
    struct connection *link;
    DWORD error;

    if (connection->phase == CLOSING)
        return ERROR_NO_CONNECTION;
    for (link = connection->links; link; link = link->next_link)
        if (link->phase == DIALING && link->paused)
            connection = link;
    if (connection->phase != DIALING)
        return ERROR_INVALID_PARAMETER;
    if (!connection->paused || dial_inside_notifier(engine))
        return ERROR_DIAL_ALREADY_IN_PROGRESS;
    if (request->sink.type != connection->sink.type ||
        request->sink.notifier != connection->sink.notifier)
        return ERROR_INVALID_PARAMETER;
    error = engine->carrier->resume(engine, connection, request);
    if (error)
        return error;
    connection->paused = 0;
    if (!connection->owned)
        job_start(engine, &connection->job, os_now());
    return ERROR_SUCCESS;
}
