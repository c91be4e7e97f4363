/* SPDX-License-Identifier: MIT */
#include "simulator_harness.h"

static RASDIALEXTENSIONS pausing = {.dwSize = sizeof pausing, .dwfOptions = RDEOPT_PausedStates};

static void set(WCHAR *target, const char *text)
{
    memcpy(target, w(text), 2 * (strlen(text) + 1));
}

static DWORD start(HRASCONN *handle, const char *password, const char *callback, int with_pauses)
{
    RASDIALPARAMSW params = params_of("Login");

    set(params.szUserName, "ada");
    set(params.szPassword, password);
    set(params.szCallbackNumber, callback);
    return ras->RasDialW(with_pauses ? &pausing : NULL, NULL, &params, 1, (void *)func1, handle);
}

static void add_login(void)
{
    struct sim_entry entry = {.name = w("Login"),
                              .device_type = w("vpn"),
                              .device_name = w("WAN Miniport (IKEv2)"),
                              .user_name = w("ada"),
                              .password = w("secret")};

    IS(sim_add_entry(sim, &entry), 0);
}

static void retry(void)
{
    HRASCONN handle = NULL;
    DWORD error;

    add_login();
    IS(start(&handle, "wrong", "", 1), 0);
    WAIT_FOR(event_count == 8);
    STATES(0, 1, 2, 3, 4, 5, 6, RASCS_RetryAuthentication);
    IS(events[7].error, 0);
    IS(state_of(handle, &error), RASCS_RetryAuthentication);
    IS(error, 0);
    dial_entry("Login", 756);
    IS(start(&handle, "still wrong", "", 1), 0);
    WAIT_FOR(event_count == 11);
    IS(start(&handle, "wrong again", "", 0), 0); /* the flag of the first call counts */
    WAIT_FOR(event_count == 14);
    IS(start(&handle, "secret", "", 1), 0);
    WAIT_FOR(connected_count == 1);
    STATES(0, 1, 2, 3, 4, 5, 6, RASCS_RetryAuthentication, 7, 6, RASCS_RetryAuthentication, 7, 6,
           RASCS_RetryAuthentication, 7, 6, 18, 6, 14, 24, RASCS_Connected);
    IS(counts().dials, 1);
    IS(start(&handle, "secret", "", 1), 87); /* it does not pause any more */
    hang_up(handle);
    IS(start(&handle, "secret", "", 1), 6);
}

static void wrong_resumes(void)
{
    RASDIALPARAMSW params = params_of("Login");
    HRASCONN handle = NULL;

    add_login();
    SCRIPT("Login", {.state = 5}, {SIM_PAUSE, RASCS_RetryAuthentication, 0, 0, 0});
    gate(1);
    IS(start(&handle, "wrong", "", 1), 0);
    WAIT_FOR(event_count == 1);
    IS(start(&handle, "secret", "", 1), 756); /* not there yet */
    gate(0);
    WAIT_FOR(event_count == 2 && !inside);
    IS(ras->RasDialW(&pausing, NULL, &params, 0, (void *)func, &handle), 87);
    IS(ras->RasDialW(&pausing, NULL, &params, 0, NULL, &handle), 87);
    IS(ras->RasDialW(&pausing, NULL, &params, 1, (void *)func2, &handle), 87);
    sim_set_release_delay(sim, 200000);
    IS(ras->RasHangUpW(handle), 0); /* while it is paused */
    IS(start(&handle, "secret", "", 1), 668);
    sim_set_release_delay(sim, 0);
    UNTIL(gone(handle));
    STATES(5, RASCS_RetryAuthentication);
}

/* Another thread may go on while the notifier has not yet returned; the notifier itself may not. */
static HRASCONN resumed;
static DWORD resume_result;

static void RAS_CALL resuming(HRASCONN handle, UINT message, DWORD state, DWORD error,
                              DWORD extended)
{
    if (state == RASCS_RetryAuthentication && !resumed) {
        RASDIALPARAMSW params = params_of("Login");

        resume_result = ras->RasDialW(&pausing, NULL, &params, 1, (void *)resuming, &handle);
        resumed = handle;
    }
    func1(handle, message, state, error, extended);
}

static void resume_and_callbacks(void)
{
    RASDIALPARAMSW params = params_of("Login");
    HRASCONN handle = NULL;

    add_login();
    SCRIPT("Login", {SIM_PAUSE, RASCS_RetryAuthentication, 0, 0, 0}, {.state = RASCS_Connected});
    resumed = NULL;
    gate(1);
    IS(ras->RasDialW(&pausing, NULL, &params, 1, (void *)resuming, &handle), 0);
    WAIT_FOR(event_count == 1);
    IS(resume_result, 756);
    CHECK(resumed == handle);
    set(params.szUserName, "ada");
    set(params.szPassword, "secret");
    IS(ras->RasDialW(&pausing, NULL, &params, 1, (void *)resuming, &handle), 0);
    pause_ms(5);
    IS(event_count, 1);
    gate(0);
    WAIT_FOR(connected_count == 1);
    STATES(RASCS_RetryAuthentication, 7, 6, RASCS_Connected);
    hang_up(handle);
}

static void without_the_flag(void)
{
    static const struct {
        DWORD state, error;
    } cases[] = {{RASCS_RetryAuthentication, 691}, {RASCS_CallbackSetByCaller, 704},
                 {RASCS_PasswordExpired, 648},     {RASCS_Interactive, 703},
                 {RASCS_InvokeEapUI, 703},         {RASCS_PAUSED | 9, 703}};
    const struct sim_step no_pause = {SIM_PAUSE, 6, 0, 0, 0};
    RASDIALPARAMSW params = params_of("Login");
    HRASCONN handle;
    size_t i;

    add_login();
    IS(sim_script(sim, NULL, w("Login"), &no_pause, 1), 87);
    for (i = 0; i < LENGTH(cases); i++) {
        SCRIPT("Login", {.state = 6}, {SIM_PAUSE, cases[i].state, 0, 0, 0});
        forget();
        handle = NULL;
        IS(start(&handle, "secret", "", 0), 0);
        WAIT_FOR(event_count == 2);
        STATES(6, 6);
        IS(events[1].error, cases[i].error);
        hang_up(handle);
        handle = NULL; /* nobody to be asked: the flag means nothing */
        IS(ras->RasDialW(&pausing, NULL, &params, 0, NULL, &handle), cases[i].error);
        hang_up(handle);
    }
    SCRIPT("Login", {.state = 6}, {SIM_PAUSE, RASCS_Interactive, 777, 0, 0});
    handle = NULL;
    IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, &handle), 777);
    hang_up(handle);
}

static void password_expired(void)
{
    HRASCONN handle = NULL;

    add_login();
    IS(sim_expire_password(sim, NULL, w("Nowhere")), 623);
    IS(sim_expire_password(sim, NULL, w("Login")), 0);
    IS(start(&handle, "secret", "", 0), 0);
    WAIT_FOR(event_count == 8);
    IS(events[7].state, 6);
    IS(events[7].error, 648);
    hang_up(handle);

    forget();
    handle = NULL;
    IS(start(&handle, "wrong", "", 1), 0); /* first the old one */
    WAIT_FOR(event_count == 8);
    IS(start(&handle, "secret", "", 1), 0);
    WAIT_FOR(event_count == 11);
    IS(start(&handle, "new secret", "", 1), 0);
    WAIT_FOR(connected_count == 1);
    STATES(0, 1, 2, 3, 4, 5, 6, RASCS_RetryAuthentication, 7, 6, RASCS_PasswordExpired, 9, 6, 18, 6,
           14, 24, RASCS_Connected);
    hang_up(handle);

    forget();
    handle = NULL;
    IS(start(&handle, "new secret", "", 0), 0);
    WAIT_FOR(connected_count == 1);
    hang_up(handle);

    forget();
    handle = NULL;
    IS(sim_expire_password(sim, NULL, w("Login")), 0);
    IS(start(&handle, "new secret", "", 1), 0);
    WAIT_FOR(event_count == 8);
    IS(start(&handle, "new secret", "", 1), 0); /* used before */
    WAIT_FOR(event_count == 10);
    STATES(0, 1, 2, 3, 4, 5, 6, RASCS_PasswordExpired, 9, 9);
    IS(events[9].error, 709);
    hang_up(handle);
}

static void callbacks_of_the_server(void)
{
    HRASCONN handle = NULL;

    add_login();
    IS(start(&handle, "secret", "*", 1), 0); /* without permission it means nothing */
    WAIT_FOR(connected_count == 1);
    hang_up(handle);

    IS(sim_set_callback(sim, NULL, w("Login"), 3), 87);
    IS(sim_set_callback(sim, NULL, w("Nowhere"), 1), 623);
    IS(sim_set_callback(sim, NULL, w("Login"), SIM_CALLBACK_SET_BY_CALLER), 0);
    forget();
    handle = NULL;
    IS(start(&handle, "secret", "*", 1), 0);
    WAIT_FOR(event_count == 9);
    IS(start(&handle, "secret", "555-0199", 1), 0);
    WAIT_FOR(connected_count == 1);
    STATES(0, 1, 2, 3, 4, 5, 6, 8, RASCS_CallbackSetByCaller, 15, 16, 17, 13, 6, 18, 6, 14, 24,
           RASCS_Connected);
    hang_up(handle);

    forget();
    handle = NULL;
    IS(start(&handle, "secret", "*", 1), 0);
    WAIT_FOR(event_count == 9);
    IS(start(&handle, "secret", "", 1), 0); /* no callback after all */
    WAIT_FOR(connected_count == 1);
    IS(event_count, 14);
    hang_up(handle);

    forget();
    handle = NULL;
    IS(start(&handle, "secret", "*", 0), 0);
    WAIT_FOR(event_count == 9);
    IS(events[8].error, 704);
    hang_up(handle);

    forget();
    handle = NULL;
    IS(start(&handle, "secret", "555-0199", 0), 0); /* known beforehand: no pause */
    WAIT_FOR(connected_count == 1);
    STATES(0, 1, 2, 3, 4, 5, 6, 8, 15, 16, 17, 13, 6, 18, 6, 14, 24, RASCS_Connected);
    hang_up(handle);

    forget();
    handle = NULL;
    IS(start(&handle, "secret", "", 0), 0);
    WAIT_FOR(connected_count == 1);
    IS(event_count, 12);
    hang_up(handle);

    IS(sim_set_callback(sim, NULL, w("Login"), SIM_CALLBACK_PRESET), 0);
    forget();
    handle = NULL;
    IS(start(&handle, "secret", "", 0), 0);
    WAIT_FOR(connected_count == 1);
    STATES(0, 1, 2, 3, 4, 5, 6, 15, 16, 17, 13, 6, 18, 6, 14, 24, RASCS_Connected);
    hang_up(handle);
}

static void scripted_pauses(void)
{
    HRASCONN handle = NULL;

    add_login();
    SCRIPT("Login", {.state = 5}, {SIM_PAUSE, RASCS_Interactive, 0, 0, 0}, {.state = 14},
           {SIM_PAUSE, RASCS_PasswordExpired, 0, 0, 0}, {.state = 18}, {.state = RASCS_Connected});
    IS(start(&handle, "wrong", "", 1), 0);
    WAIT_FOR(event_count == 2);
    IS(start(&handle, "", "", 1), 0);
    WAIT_FOR(event_count == 4);
    IS(start(&handle, "new", "", 1), 0);
    WAIT_FOR(connected_count == 1);
    STATES(5, RASCS_Interactive, 14, RASCS_PasswordExpired, 9, 6, 18, RASCS_Connected);
    hang_up(handle);

    forget();
    SCRIPT("Login", {SIM_PAUSE, RASCS_InvokeEapUI, 0, 0, 0}, {.state = RASCS_Connected});
    handle = NULL;
    IS(start(&handle, "new", "", 1), 0);
    WAIT_FOR(event_count == 1);
    IS(start(&handle, "new", "", 1), 0); /* nobody has called RasInvokeEapUI */
    WAIT_FOR(event_count == 2);
    STATES(RASCS_InvokeEapUI, 6);
    IS(events[1].error, 703);
    hang_up(handle);
}

/* The answer is not looked at, and a pause behind it that is not scripted has its own again. */
static void answered_by_the_script(void)
{
    HRASCONN handle = NULL;

    add_login();
    SCRIPT("Login", {SIM_PAUSE_SCRIPTED, RASCS_PasswordExpired, 0, 0, 0},
           {SIM_PAUSE_SCRIPTED, RASCS_InvokeEapUI, 0, 0, 0}, {.state = 14},
           {SIM_PAUSE, RASCS_PasswordExpired, 0, 0, 0}, {.state = RASCS_Connected});
    IS(start(&handle, "wrong", "", 1), 0);
    WAIT_FOR(event_count == 1);
    IS(start(&handle, "", "", 1), 0);
    WAIT_FOR(event_count == 2);
    IS(start(&handle, "", "", 1), 0);
    WAIT_FOR(event_count == 4);
    IS(start(&handle, "new", "", 1), 0);
    WAIT_FOR(connected_count == 1);
    STATES(RASCS_PasswordExpired, RASCS_InvokeEapUI, 14, RASCS_PasswordExpired, 9, 6, RASCS_Connected);
    hang_up(handle);

    forget();
    SCRIPT("Login", {.state = 6}, {SIM_PAUSE_SCRIPTED, RASCS_PasswordExpired, 0, 0, 0});
    handle = NULL;
    IS(start(&handle, "wrong", "", 0), 0); /* without RDEOPT_PausedStates it fails as ever */
    WAIT_FOR(event_count == 2);
    IS(events[1].error, 648);
    hang_up(handle);
}

static void drop_while_paused(void)
{
    HRASCONN handle = NULL;

    add_login();
    IS(start(&handle, "wrong", "", 1), 0);
    WAIT_FOR(event_count == 8 && !inside);
    IS(sim_drop(sim, NULL, w("Login"), 629), 0); /* the far end has lost its patience */
    WAIT_FOR(event_count == 9);
    IS(events[8].state, RASCS_RetryAuthentication);
    IS(events[8].error, 629);
    IS(start(&handle, "secret", "", 1), 87);
    hang_up(handle);

    forget();
    handle = NULL;
    IS(start(&handle, "wrong", "", 1), 0);
    WAIT_FOR(event_count == 8 && !inside);
    IS(sim_remove_entry(sim, NULL, w("Login")), 0);
    IS(start(&handle, "secret", "", 1), 0); /* it has its own copy */
    WAIT_FOR(connected_count == 1);
    hang_up(handle);
}

const struct test pause_tests[] = {
    TEST(retry),
    TEST(wrong_resumes),
    TEST(resume_and_callbacks),
    TEST(without_the_flag),
    TEST(password_expired),
    TEST(callbacks_of_the_server),
    TEST(scripted_pauses),
    TEST(answered_by_the_script),
    TEST(drop_while_paused),
    {NULL, NULL},
};
