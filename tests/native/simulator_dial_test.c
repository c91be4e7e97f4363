/* SPDX-License-Identifier: MIT */
#include "simulator_harness.h"

/* ---- tests: dialing */

static void default_scripts(void)
{
    static const struct {
        const char *type, *name;
        size_t count;
        DWORD states[16];
    } lines[] = {
        {"vpn", "WAN Miniport (IKEv2)", 12, {0, 1, 2, 3, 4, 5, 6, 18, 6, 14, 24, 0x2000}},
        {"vpn", "WAN Miniport (SSTP)", 13, {0, 1, 2, 3, 4, 5, 6, 12, 10, 6, 18, 14, 0x2000}},
        {"VPN", "wan miniport (l2tp)", 13, {0, 1, 2, 3, 4, 5, 6, 12, 10, 6, 18, 14, 0x2000}},
        {"vpn", "WAN Miniport (PPTP)", 13, {0, 1, 2, 3, 4, 5, 6, 12, 10, 6, 18, 14, 0x2000}},
        {"PPPoE", "", 13, {0, 1, 2, 3, 4, 5, 6, 12, 10, 6, 18, 14, 0x2000}},
        {"modem", "", 14, {0, 1, 2, 3, 4, 5, 6, 11, 12, 10, 6, 18, 14, 0x2000}},
        {"vpn", "Some tunnel", 13, {0, 1, 2, 3, 4, 5, 6, 12, 10, 6, 18, 14, 0x2000}},
    };
    size_t i;

    for (i = 0; i < LENGTH(lines); i++) {
        HRASCONN handle;
        DWORD error;

        forget();
        add("Line", lines[i].type, lines[i].name);
        handle = dial_entry("Line", 0);
        WAIT_FOR(connected_count == 1);
        heard_states(lines[i].states, lines[i].count);
        IS(state_of(handle, &error), RASCS_Connected);
        IS(error, 0);
        CHECK(events[0].handle == handle);
        hang_up(handle);
    }
    IS(counts().dials, LENGTH(lines));
}

static void pace_of_default_script(void)
{
    uint64_t start = os_now(), took;
    HRASCONN handle;

    add_vpn();
    sim_set_pace(sim, 0.1);
    handle = dial_entry("Office", 0);
    WAIT_FOR(connected_count == 1);
    took = os_now() - start;
    CHECK(took > 80 * OS_MILLISECOND);
    hang_up(handle);
}

static void failure_repeats_the_state(void)
{
    HRASCONN handle;
    DWORD error;

    add_vpn();
    SCRIPT("Office", {.state = 0}, {.state = 2}, {SIM_FAIL, SIM_SAME_STATE, 809, 5, 1000});
    handle = dial_entry("Office", 0);
    WAIT_FOR(event_count == 3 && !inside);
    STATES(0, 2, 2);
    IS(events[1].error, 0);
    IS(events[2].error, 809);
    IS(events[2].extended, 5);
    IS(state_of(handle, &error), 2);
    IS(error, 809);
    IS(counts().open_ports, 1);
    IS(ras->RasHangUpW(handle), 0);
    UNTIL(gone(handle));
    IS(counts().open_ports, 0);
    IS(ras->RasHangUpW(handle), 668);
    IS(event_count, 3);

    forget();
    SCRIPT("Office", {.state = 2}, {SIM_FAIL, 6, 691, 0, 0}, {.state = 7});
    handle = dial_entry("Office", 0);
    WAIT_FOR(event_count == 2 && !inside);
    STATES(2, 6);
    IS(state_of(handle, &error), 6);
    sim_set_release_delay(sim, 300000);
    IS(ras->RasHangUpW(handle), 0);
    IS(state_of(handle, &error), RASCS_Disconnected);
    IS(error, 691);
}

static void disconnected_state_ends_a_dial(void)
{
    HRASCONN handle;
    DWORD error;

    add_vpn();
    SCRIPT("Office", {.state = 2}, {.state = RASCS_Disconnected}, {.state = 7});
    handle = dial_entry("Office", 0);
    WAIT_FOR(event_count == 2 && !inside);
    STATES(2, RASCS_Disconnected);
    IS(state_of(handle, &error), RASCS_Disconnected);
    IS(error, 0);
    hang_up(handle);
}

static void unknown_states_and_silence(void)
{
    HRASCONN handle;

    add_vpn();
    SCRIPT("Office", {.state = 777}, {.kind = SIM_SILENCE}, {.state = 1});
    handle = dial_entry("Office", 0);
    WAIT_FOR(event_count == 1 && !inside);
    dial_entry("Office", 756);
    pause_ms(20);
    hang_up(handle);
    SCRIPT("Office", {.state = 3});
    handle = dial_entry("Office", 0);
    WAIT_FOR(event_count == 2 && !inside);
    hang_up(handle);
    STATES(777, 3);
}

static DWORD login(const char *user, const char *password, const char *domain)
{
    RASDIALPARAMSW params = params_of("Login");
    HRASCONN handle = NULL;
    DWORD error;

    memcpy(params.szUserName, w(user), 2 * strlen(user));
    memcpy(params.szPassword, w(password), 2 * strlen(password));
    memcpy(params.szDomain, w(domain), 2 * strlen(domain));
    error = ras->RasDialW(NULL, NULL, &params, 0, NULL, &handle);
    hang_up(handle);
    return error;
}

static void logins(void)
{
    struct sim_entry entry = {.name = w("Login"),
                              .device_type = w("vpn"),
                              .user_name = w("ada"),
                              .password = w("secret"),
                              .domain = w("CORP")};

    IS(sim_add_entry(sim, &entry), 0);
    IS(login("ada", "secret", "corp"), 0);
    IS(login("ada", "secret", "*"), 0);
    IS(login("ada", "Secret", "corp"), 691);
    IS(login("bob", "secret", "corp"), 691);
    IS(login("ada", "secret", ""), 691);
    entry.user_name = entry.domain = NULL;
    IS(sim_add_entry(sim, &entry), 0);
    IS(login("anybody", "secret", "anywhere"), 0);
    entry.password = NULL;
    IS(sim_add_entry(sim, &entry), 0);
    IS(login("", "", ""), 0);
}

static void wrong_login_is_announced_twice(void)
{
    struct sim_entry entry = {.name = w("Login"), .device_type = w("vpn"), .password = w("x")};

    IS(sim_add_entry(sim, &entry), 0);
    dial_entry("Login", 0);
    WAIT_FOR(event_count == 8);
    STATES(0, 1, 2, 3, 4, 5, 6, 6);
    IS(events[6].error, 0);
    IS(events[7].error, 691);
}

static void notifier_types(void)
{
    RASDIALPARAMSW params = params_of("Office");
    HRASCONN handle = NULL;

    add_vpn();
    params.dwCallbackId = 0x12345678;
    IS(ras->RasDialW(NULL, NULL, &params, 0, (void *)func, &handle), 0);
    WAIT_FOR(event_count == 12);
    hang_up(handle);

    forget();
    handle = NULL;
    IS(ras->RasDialW(NULL, NULL, &params, 2, (void *)func2, &handle), 0);
    WAIT_FOR(event_count == 12);
    IS(events[11].id, 0x12345678);
    CHECK(events[11].handle == handle);
    hang_up(handle);

    forget();
    handle = NULL;
    params.dwSize = offsetof(RASDIALPARAMSW, dwSubEntry); /* it has no dwCallbackId */
    answer = 0;
    IS(ras->RasDialW(NULL, NULL, &params, 2, (void *)func2, &handle), 0);
    UNTIL(state_of(handle, NULL) == RASCS_Connected);
    hang_up(handle);
    IS(event_count, 1);
    IS(events[0].id, 0);
    answer = 1;
}

static void synchronous(void)
{
    RASDIALPARAMSW params = params_of("Office");
    HRASCONN handle = NULL, failed = NULL;
    DWORD error;

    add_vpn();
    sim_set_pace(sim, 0.01);
    IS(ras->RasDialW(NULL, NULL, &params, 0xFFFFFFFF, NULL, &handle), 0);
    IS(state_of(handle, NULL), RASCS_Connected);
    failed = NULL;
    IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, &failed), 0);
    CHECK(failed == handle);
    IS(ras->RasHangUpW(handle), 0);
    IS(state_of(handle, NULL), RASCS_Connected);
    hang_up(handle);
    SCRIPT("Office", {.state = 2}, {SIM_FAIL, SIM_SAME_STATE, 868, 0, 1000});
    failed = NULL;
    IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, &failed), 868);
    CHECK(failed);
    IS(state_of(failed, &error), 2);
    IS(error, 868);
    hang_up(failed);
    IS(event_count, 0);
}

/* A thread that makes one synchronous call to RasDialW. */
static struct {
    HRASCONN handle;
    DWORD result;
    int done;
} caller;

static void call_dial(void *name)
{
    RASDIALPARAMSW params = params_of(name);
    DWORD result = ras->RasDialW(NULL, NULL, &params, 0, NULL, &caller.handle);

    os_lock(&lock);
    caller.result = result;
    caller.done = 1;
    os_broadcast(&changed);
    os_unlock(&lock);
}

static void synchronous_ends_early(void)
{
    os_thread thread;
    HRASCONN dropped = NULL;
    enum { DROP, HANG_UP, CLOSE } how;

    for (how = DROP; how <= CLOSE; how++) {
        add_vpn();
        SCRIPT("Office", {.state = 2}, {.kind = SIM_SILENCE});
        memset(&caller, 0, sizeof caller);
        CHECK(os_thread_start(&thread, call_dial, "Office") == 0);
        UNTIL(counts().connections == 1);
        if (how == DROP)
            IS(sim_drop(sim, NULL, w("office"), 829), 0);
        else if (how == HANG_UP)
            IS(ras->RasHangUpW((HRASCONN)((uintptr_t)dropped + 4)), 0); /* the next handle */
        else
            sim_close(sim);
        os_thread_join(thread);
        IS(caller.result, how == DROP ? 829 : 631);
        if (how == DROP)
            hang_up(dropped = caller.handle);
        else if (how == HANG_UP)
            UNTIL(gone(caller.handle));
    }
    open_engine();
}

static void already_connected(void)
{
    HRASCONN first, second;

    add_vpn();
    first = dial_entry("Office", 0);
    WAIT_FOR(connected_count == 1);
    second = dial_entry("OFFICE", 0);
    CHECK(first == second);
    WAIT_FOR(connected_count == 2);
    IS(event_count, 13);
    IS(ras->RasHangUpW(first), 0);
    IS(state_of(first, NULL), RASCS_Connected);
    hang_up(first);
    IS(counts().dials, 1);
}

static void ports(void)
{
    HRASCONN handle;

    add("One", "modem", "COM modem");
    add("Two", "modem", "com MODEM");
    handle = dial_entry("One", 0);
    dial_entry("Two", 633);
    IS(sim_set_ports(sim, w("COM modem"), 2), 0);
    WAIT_FOR(connected_count == 1);
    hang_up(dial_entry("Two", 0));
    sim_set_ports(sim, w("COM modem"), 1);
    sim_set_release_delay(sim, 50000);
    IS(ras->RasHangUpW(handle), 0);
    dial_entry("One", 633); /* the port takes a while */
    UNTIL(gone(handle));
    sim_set_release_delay(sim, 0);
    hang_up(dial_entry("One", 0));
    IS(counts().open_ports, 0);
}

static void numbers(void)
{
    RASDIALPARAMSW params = params_of("");
    HRASCONN handle = NULL, second = NULL;
    RASCONNW list[2];
    DWORD bytes = sizeof list, count;

    IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, &handle), 87);
    memcpy(params.szPhoneNumber, w("555-0100"), 18);
    IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, &handle), 0);
    list[0].dwSize = sizeof *list;
    IS(ras->RasEnumConnectionsW(list, &bytes, &count), 0);
    IS(count, 1);
    CHECK(same(list[0].szEntryName, ".555-0100"));
    CHECK(same(list[0].szDeviceType, "modem"));
    IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, &second), 633);
    CHECK(!second);
    hang_up(handle);
}

static void refusals(void)
{
    HRASCONN handle;
    uint64_t start;
    DWORD error;

    add_vpn();
    IS(sim_refuse(sim, NULL, w("Office"), 703, 0, 0), 0);
    CHECK(!dial_entry("Office", 703));
    IS(sim_refuse(sim, NULL, w("Office"), 797, 1, 20000), 0);
    start = os_now();
    handle = dial_entry("Office", 797);
    CHECK(os_now() - start >= 20 * OS_MILLISECOND);
    CHECK(handle);
    state_of(handle, &error);
    IS(error, 797);
    hang_up(handle);
    IS(counts().dials, 0);
    IS(sim_refuse(sim, NULL, w("Office"), 0, 0, 20000), 0);
    handle = dial_entry("Office", 0);
    WAIT_FOR(connected_count == 1); /* it need not wait: RasDialW has taken that long */
    hang_up(handle);
    IS(sim_refuse(sim, NULL, w("Nowhere"), 1, 0, 0), 623);
}

/* ---- tests: hanging up */

static void hang_up_inside_a_callback(void)
{
    HRASCONN handle;

    add_vpn();
    hang_up_inside = ras;
    handle = dial_entry("Office", 0);
    UNTIL(gone(handle));
    hang_up_inside = NULL;
    STATES(0, 1, 2);
    IS(counts().open_ports, 0);
}

static void hang_up_does_not_wait(void)
{
    HRASCONN handle;
    DWORD error;

    add_vpn();
    gate(1);
    handle = dial_entry("Office", 0);
    WAIT_FOR(event_count == 1);
    IS(counts().callbacks, 1);
    IS(ras->RasHangUpW(handle), 0);
    IS(state_of(handle, &error), RASCS_Disconnected);
    IS(error, 0);
    IS(ras->RasHangUpW(handle), 668);
    pause_ms(20); /* longer than the release delay: the callback holds the port */
    CHECK(!gone(handle));
    IS(counts().open_ports, 1);
    gate(0);
    UNTIL(gone(handle));
    IS(event_count, 1);
    IS(counts().open_ports, 0);
}

static void hang_up_between_steps(void)
{
    HRASCONN handle;

    add_vpn();
    SCRIPT("Office", {.state = 2}, {.state = 3, .delay_us = 30000}, {.state = RASCS_Connected});
    handle = dial_entry("Office", 0);
    WAIT_FOR(event_count == 1 && !inside);
    hang_up(handle);
    pause_ms(50);
    IS(event_count, 1);
}

static void a_callback_suspends_its_dial_only(void)
{
    HRASCONN first, second;

    add_vpn();
    add("Home", "vpn", "");
    gate(1);
    first = dial_entry("Office", 0);
    second = dial_entry("Home", 0);
    WAIT_FOR(inside == 2);
    pause_ms(20);
    STATES(0, 0);
    gate(0);
    WAIT_FOR(connected_count == 2);
    hang_up(first);
    hang_up(second);
}

static void drops(void)
{
    HRASCONN handle;
    DWORD error;

    add_vpn();
    IS(sim_drop(sim, NULL, w("Office"), 1), 668);
    IS(sim_drop(sim, NULL, w("Nowhere"), 1), 623);
    SCRIPT("Office", {.state = RASCS_Connected}, {.state = 3}, {SIM_DROP, 0, 828, 0, 20000});
    handle = dial_entry("Office", 0);
    UNTIL(gone(handle));
    IS(ras->RasHangUpW(handle), 668);
    STATES(RASCS_Connected);

    forget();
    sim_set_release_delay(sim, 100000);
    SCRIPT("Office", {.state = RASCS_Connected});
    handle = dial_entry("Office", 0);
    WAIT_FOR(event_count == 1 && !inside);
    IS(sim_drop(sim, NULL, w("Office"), 829), 0);
    IS(state_of(handle, &error), RASCS_Disconnected);
    IS(error, 829);
    sim_set_release_delay(sim, 0);
    UNTIL(gone(handle));

    forget();
    SCRIPT("Office", {.state = 4}, {.kind = SIM_SILENCE});
    handle = dial_entry("Office", 0);
    WAIT_FOR(event_count == 1 && !inside);
    IS(sim_drop(sim, NULL, w("Office"), 0), 0);
    WAIT_FOR(event_count == 2 && !inside);
    STATES(4, 4);
    IS(events[1].error, 619);
    hang_up(handle);

    forget();
    gate(1);
    handle = dial_entry("Office", 0);
    WAIT_FOR(event_count == 1);
    IS(sim_drop(sim, NULL, w("Office"), 721), 0);
    IS(event_count, 1);
    gate(0);
    WAIT_FOR(event_count == 2);
    IS(events[1].error, 721);
    hang_up(handle);
}

const struct test dial_tests[] = {
    TEST(default_scripts), TEST(pace_of_default_script), TEST(failure_repeats_the_state),
    TEST(disconnected_state_ends_a_dial), TEST(unknown_states_and_silence), TEST(logins),
    TEST(wrong_login_is_announced_twice), TEST(notifier_types), TEST(synchronous),
    TEST(synchronous_ends_early), TEST(already_connected), TEST(ports), TEST(numbers),
    TEST(refusals), TEST(hang_up_inside_a_callback), TEST(hang_up_does_not_wait),
    TEST(hang_up_between_steps), TEST(a_callback_suspends_its_dial_only), TEST(drops), {NULL, NULL},
};
