/* SPDX-License-Identifier: MIT
 *
 * The login, and what comes of it: a far end that is not content, or that wants to know more,
 * pauses the dial of a caller who accepts that and fails any other one. A paused dial goes on with
 * the next RasDialW that brings its handle, first through a detour, then with its script.
 */
#include "engine.h"

#define MS(n) ((n)*1000u)

static const struct sim_step once_more[] = {
    {SIM_STEP, RASCS_AuthRetry, 0, 0, MS(5)},
    {SIM_LOGIN, RASCS_AuthNotify, 0, 0, MS(200)},
};
static const struct sim_step changed[] = {
    {SIM_STEP, RASCS_AuthChangePassword, 0, 0, MS(5)},
    {SIM_LOGIN, RASCS_AuthNotify, 0, 0, MS(200)},
};
static const struct sim_step not_changed[] = {
    {SIM_STEP, RASCS_AuthChangePassword, 0, 0, MS(5)},
    {SIM_FAIL, RASCS_AuthChangePassword, ERROR_CHANGING_PASSWORD, 0, MS(200)},
};
static const struct sim_step called_back[] = {
    {SIM_STEP, RASCS_PrepareForCallback, 0, 0, MS(20)},
    {SIM_STEP, RASCS_WaitForModemReset, 0, 0, MS(50)},
    {SIM_STEP, RASCS_WaitForCallback, 0, 0, MS(50)},
    {SIM_STEP, RASCS_ReAuthenticate, 0, 0, MS(400)},
    {SIM_STEP, RASCS_AuthNotify, 0, 0, MS(200)},
};
static const struct sim_step no_window[] = {
    {SIM_FAIL, RASCS_AuthNotify, ERROR_INTERACTIVE_MODE, 0, 0},
};

#define DETOUR(engine, connection, steps)                                                          \
    detour(engine, connection, steps, sizeof(steps) / sizeof *(steps))

static void detour(struct sim *engine, struct connection *connection, const struct sim_step *steps,
                   uint32_t count)
{
    connection->detour = steps;
    connection->detour_steps = count;
    connection->detour_at = 0;
    connection->detour_pace = engine->pace;
}

static struct line *line_of(const struct connection *connection)
{
    return connection->whole ? connection->whole->line : connection->line;
}

/* ---- the login */

int login_right(const struct line *line, const struct entry *entry,
                const struct dial_request *request)
{
    static const WCHAR stored[] = {'*', 0};

    if (request->skips_login)
        return 1; /* and the far end takes any cookie */
    if (!eap_info_right(line, &request->eap))
        return 0;
    if (!entry->password[0])
        return 1;
    return text_equal(password_meant(line, request->password), entry->password) &&
           (!entry->user_name[0] || text_equal(request->user_name, entry->user_name)) &&
           (!entry->domain[0] || text_equal(request->domain, stored) ||
            text_same(request->domain, entry->domain));
}

static void call_back(struct sim *engine, struct connection *connection)
{
    static const WCHAR ask_me[] = {'*', 0};
    int set_by_caller = line_of(connection)->callback == SIM_CALLBACK_SET_BY_CALLER;

    if (set_by_caller && !connection->callback_number[0])
        return;
    if (set_by_caller)
        dial_announce(engine, connection, RASCS_AuthCallback, 0, 0);
    if (connection->phase != DIALING)
        return;
    if (set_by_caller && text_equal(connection->callback_number, ask_me))
        dial_pause(engine, connection, RASCS_CallbackSetByCaller, 0, 0);
    else
        DETOUR(engine, connection, called_back);
}

void dial_login(struct sim *engine, struct connection *connection, DWORD extended_error)
{
    const struct line *line = line_of(connection);

    if (!connection->login_right)
        dial_pause(engine, connection, RASCS_RetryAuthentication, 0, extended_error);
    else if (line && line->password_expired)
        dial_pause(engine, connection, RASCS_PasswordExpired, 0, extended_error);
    else if (line && line->eap && line->eap->window && !connection->eap_shown)
        dial_pause(engine, connection, RASCS_InvokeEapUI, 0, extended_error);
    else if (line && line->callback)
        call_back(engine, connection);
}

/* ---- pausing */

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

void dial_pause(struct sim *engine, struct connection *connection, DWORD state, DWORD error,
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

/* ---- going on */

/* The far end takes the new password, unless it is the old one or none at all. */
static DWORD change_password(struct sim *engine, struct connection *connection,
                             const struct dial_request *request)
{
    struct line *line = line_of(connection);
    const WCHAR *password = password_meant(line, request->password);

    if (!password[0] || text_equal(password, connection->entry->password)) {
        DETOUR(engine, connection, not_changed);
        return ERROR_SUCCESS;
    }
    if (line && line->entry->password[0]) {
        struct sim_entry texts = entry_texts(line->entry);
        struct entry *entry;

        texts.password = password;
        entry = entry_changed(line->entry, line->entry->device, &texts);
        if (!entry)
            return ERROR_NOT_ENOUGH_MEMORY;
        line_set_entry(line, entry);
    }
    connection->login_right = 1;
    if (line)
        line->password_expired = 0;
    DETOUR(engine, connection, changed);
    return ERROR_SUCCESS;
}

static DWORD answer(struct sim *engine, struct connection *connection,
                    const struct dial_request *request)
{
    if (connection->script_answers)
        return ERROR_SUCCESS;
    switch (connection->paused) {
    case RASCS_RetryAuthentication:
        connection->login_right =
            (char)login_right(line_of(connection), connection->entry, request);
        DETOUR(engine, connection, once_more);
        break;
    case RASCS_PasswordExpired:
        return change_password(engine, connection, request);
    case RASCS_CallbackSetByCaller:
        text_copy(connection->callback_number, RAS_MaxCallbackNumber + 1,
                  request->callback_number);
        if (connection->callback_number[0])
            DETOUR(engine, connection, called_back);
        break;
    case RASCS_InvokeEapUI:
        if (!connection->eap_shown)
            DETOUR(engine, connection, no_window);
        break;
    default: /* nothing is needed */
        break;
    }
    return ERROR_SUCCESS;
}

DWORD dial_resume(struct sim *engine, struct connection *connection,
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
    error = answer(engine, connection, request);
    if (error)
        return error;
    connection->paused = 0;
    connection->script_answers = 0;
    if (!connection->owned)
        job_start(engine, &connection->job, os_now());
    return ERROR_SUCCESS;
}
