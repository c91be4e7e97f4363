/* SPDX-License-Identifier: MIT
 *
 * The login at a simulated far end, and what comes of it. A dial that has paused goes on through a
 * detour first, then with its script.
 */
#include "scripted.h"

#define MS(n) ((n)*1000u)
#define EAP_MSCHAP2 26

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

static void detour(struct engine *engine, struct connection *connection,
                   const struct sim_step *steps, uint32_t count)
{
    struct run *run = connection->run;

    run->detour = steps;
    run->detour_steps = count;
    run->detour_at = 0;
    run->detour_pace = scripted_of(engine)->pace;
}

/* ---- the login */

/* EAP needs what RasGetEapUserIdentity returns, or at least a user name. Only MS-CHAPv2, the Windows logon
 * and a window in the middle of the dial do without. */
static int lacks_identity(const struct line *line, const struct dial_request *request)
{
    DWORD method = line ? eap_type(line) : 0;
    int by_logon = line && line->properties &&
                   (line->properties->entry.dwfOptions & RASEO_UseLogonCredentials);
    int asks = line && line->eap && line->eap->window;

    return method && method != EAP_MSCHAP2 && !by_logon && !asks &&
           !request->eap.dwSizeofEapInfo && !request->user_name[0];
}

static int login_right(const struct line *line, const struct entry *entry,
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

enum login login_of(const struct line *line, const struct entry *entry,
                    const struct dial_request *request)
{
    if (!request->skips_login && lacks_identity(line, request))
        return LOGIN_WITHOUT_IDENTITY;
    return login_right(line, entry, request) ? LOGIN_RIGHT : LOGIN_WRONG;
}

static void call_back(struct engine *engine, struct connection *connection)
{
    static const WCHAR ask_me[] = {'*', 0};
    int set_by_caller = far_end_of(connection)->callback == SIM_CALLBACK_SET_BY_CALLER;

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

void scripted_login(struct engine *engine, struct connection *connection, DWORD extended_error)
{
    const struct run *run = connection->run;
    const struct line *line = line_of(connection);
    const struct far_end *far_end = far_end_of(connection);

    if (run->login == LOGIN_WITHOUT_IDENTITY)
        dial_announce(engine, connection, connection->state, ERROR_INTERACTIVE_MODE, extended_error);
    else if (run->login == LOGIN_WRONG)
        dial_pause(engine, connection, RASCS_RetryAuthentication, 0, extended_error);
    else if (far_end && far_end->password_expired)
        dial_pause(engine, connection, RASCS_PasswordExpired, 0, extended_error);
    else if (line && line->eap && line->eap->window && !connection->eap_shown)
        dial_pause(engine, connection, RASCS_InvokeEapUI, 0, extended_error);
    else if (far_end && far_end->callback)
        call_back(engine, connection);
}

/* ---- going on */

/* The far end takes the new password, unless it is the old one or none at all. */
static DWORD change_password(struct engine *engine, struct connection *connection,
                             const struct dial_request *request)
{
    struct run *run = connection->run;
    struct line *line = line_of(connection);
    struct far_end *far_end = far_end_of(connection);
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
    run->login = LOGIN_RIGHT;
    if (far_end)
        far_end->password_expired = 0;
    DETOUR(engine, connection, changed);
    return ERROR_SUCCESS;
}

DWORD scripted_resume(struct engine *engine, struct connection *connection,
                      const struct dial_request *request)
{
    struct run *run = connection->run;
    int script_answers = run->script_answers;

    run->script_answers = 0;
    if (script_answers)
        return ERROR_SUCCESS;
    switch (connection->paused) {
    case RASCS_RetryAuthentication:
        run->login = (char)login_of(line_of(connection), connection->entry, request);
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
