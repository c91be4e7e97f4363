/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "simulator_harness.h"

#ifndef _WIN32
#include <sys/wait.h>
#include <unistd.h>
#endif

static void closed_engine(void)
{
    struct engine *all[SIM_ENGINES];
    const struct ras_api *old = ras;
    RASDIALPARAMSW params = params_of("Office");
    RASCONNSTATUSW status = {.dwSize = sizeof status};
    HRASCONN handle, none = NULL;
    WCHAR text[512];
    int i;

    add_vpn();
    handle = dial_entry("Office", 0);
    sim_close(sim);
    sim_close(sim);
    IS(old->RasDialW(NULL, NULL, &params, 0, NULL, &none), 711);
    IS(old->RasHangUpW(handle), 711);
    IS(old->RasGetConnectStatusW(handle, &status), 711);
    IS(old->RasGetErrorStringW(691, text, 512), 711);
    for (i = 0; i < SIM_ENGINES; i++) {
        all[i] = sim_open();
        CHECK(all[i]);
    }
    CHECK(!sim_open());
    for (i = 0; i < SIM_ENGINES; i++)
        sim_close(all[i]);
    open_engine();
    IS(ras->RasHangUpW(handle), 668);
}

static void close_waits_for_callbacks(void)
{
    os_thread thread;

    add_vpn();
    gate(1);
    dial_entry("Office", 0);
    WAIT_FOR(event_count == 1);
    CHECK(os_thread_start(&thread, (void (*)(void *))sim_close, sim) == 0);
    UNTIL(ras->RasHangUpW(NULL) == 711);
    pause_ms(10);
    IS(inside, 1);
    gate(0);
    os_thread_join(thread);
    IS(inside, 0);
    IS(event_count, 1);
    open_engine();
}

static atomic_int stop;

static void hammer(void *unused)
{
    (void)unused;
    while (!atomic_load(&stop)) {
        RASDIALPARAMSW params = params_of("Office");
        RASCONNW list = {.dwSize = sizeof list};
        DWORD bytes = sizeof list, count, error;
        HRASCONN handle = NULL;

        error = ras->RasDialW(NULL, NULL, &params, 0, NULL, &handle);
        CHECK(error == 0 || error == 756 || error == 711 || error == 631);
        ras->RasEnumConnectionsW(&list, &bytes, &count);
        state_of(handle, NULL);
        if (handle)
            ras->RasHangUpW(handle);
    }
}

static void close_under_fire(void)
{
    os_thread threads[4];
    int round, i;

    atomic_store(&stop, 0);
    add_vpn();
    for (i = 0; i < 4; i++)
        CHECK(os_thread_start(&threads[i], hammer, NULL) == 0);
    for (round = 0; round < 3; round++) {
        pause_ms(15);
        sim_close(sim);
    }
    atomic_store(&stop, 1);
    for (i = 0; i < 4; i++)
        os_thread_join(threads[i]);
    open_engine();
}

static void many_dials(void)
{
    enum { DIALS = 10000 };
    HRASCONN *handles = calloc(DIALS, sizeof *handles);
    static const struct sim_step steps[] = {{.state = 0},
                                            {.state = 2, .delay_us = 50000},
                                            {.state = 3, .delay_us = 50000},
                                            {.state = RASCS_Connected, .delay_us = 50000}};
    char name[20];
    int i;

    for (i = 0; i < DIALS; i++) {
        snprintf(name, sizeof name, "Line %d", i);
        add(name, "vpn", "");
        script(name, steps, LENGTH(steps));
    }
    for (i = 0; i < DIALS; i++) {
        snprintf(name, sizeof name, "Line %d", i);
        handles[i] = dial_entry(name, 0);
    }
    WAIT_FOR(connected_count == DIALS);
    IS(event_count, 4 * DIALS);
    CHECK(counts().threads <= 256);
    IS(counts().connections, DIALS);
    for (i = 0; i < DIALS; i++)
        IS(ras->RasHangUpW(handles[i]), 0);
    UNTIL(counts().connections == 0);
    IS(counts().open_ports, 0);
    free(handles);
}

static void many_blocked_callbacks(void)
{
    enum { DIALS = 100 };
    char name[20];
    int i;

    gate(1);
    for (i = 0; i < DIALS; i++) {
        snprintf(name, sizeof name, "Line %d", i);
        add(name, "vpn", "");
        dial_entry(name, 0);
    }
    WAIT_FOR(inside == DIALS);
    CHECK(counts().threads >= DIALS);
    gate(0);
    WAIT_FOR(connected_count == DIALS);
}

static void idle_threads_end(void)
{
    HRASCONN first, second;

    add_vpn();
    add("Home", "vpn", "");
    gate(1);
    first = dial_entry("Office", 0);
    second = dial_entry("Home", 0);
    WAIT_FOR(inside == 2);
    gate(0);
    WAIT_FOR(connected_count == 2);
    hang_up(first);
    UNTIL(counts().threads == 1); /* one stays with the other connection */
    hang_up(second);
    UNTIL(counts().threads == 0);
    hang_up(dial_entry("Office", 0));
}

static void handles_never_come_again(void)
{
    uintptr_t last = 0;
    int i;

    add_vpn();
    for (i = 0; i < 200; i++) {
        HRASCONN handle = dial_entry("Office", 0);

        CHECK((uintptr_t)handle > last);
        last = (uintptr_t)handle;
        if (i % 50 == 0) {
            sim_close(sim);
            open_engine();
            add_vpn();
        } else {
            hang_up(handle);
        }
    }
}

static void after_fork(void)
{
#if !defined(_WIN32) && !defined(__SANITIZE_THREAD__) /* which has no threads after a fork */
    pid_t child;
    int result;

    add_vpn();
    gate(1);
    dial_entry("Office", 0);
    WAIT_FOR(inside == 1);
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        const struct ras_api *old = ras;
        HRASCONN handle = NULL;
        RASDIALPARAMSW params = params_of("Office");

        sim_after_fork();
        if (old->RasHangUpW(NULL) != 711)
            _exit(1);
        sim_close(sim);
        sim = sim_open();
        if (!sim || sim_api(sim) == old)
            _exit(2);
        ras = sim_api(sim);
        sim_set_pace(sim, 0);
        add_vpn();
        if (ras->RasDialW(NULL, NULL, &params, 0, NULL, &handle) != 0)
            _exit(3);
        sim_close(sim);
        _exit(0);
    }
    CHECK(waitpid(child, &result, 0) == child);
    gate(0);
    IS(result, 0);
#endif
}

/* Every allocation in turn fails: error 8 or no harm, nothing leaks, nothing hangs. */
static void out_of_memory(void)
{
#ifdef malloc
    static const struct sim_step steps[] = {{.state = 2}, {.state = RASCS_Connected}};
    struct sim_entry entry = {.name = w("Office"), .device_name = w("New device")};
    int failing, left = 0;

    for (failing = 1; left == 0; failing++) {
        HRASCONN handle = NULL, again = NULL;
        RASDIALPARAMSW params = params_of("Office");
        struct engine *usual = sim;
        DWORD error;

        forget();
        atomic_store(&allocations_left, failing);
        sim = sim_open();
        if (sim) {
            ras = sim_api(sim);
            sim_set_pace(sim, 0);
            sim_set_release_delay(sim, 0);
            error = sim_add_entry(sim, &entry);
            CHECK(error == 0 || error == 8);
            error = sim_script(sim, NULL, entry.name, steps, LENGTH(steps));
            CHECK(error == 0 || error == 8 || error == 623);
            error = ras->RasDialW(NULL, NULL, &params, 1, (void *)func1, &handle);
            CHECK(error == 0 || error == 8 || error == 623);
            CHECK((error == 0) == (handle != NULL));
            if (handle) {
                WAIT_FOR(connected_count == 1);
                error = ras->RasDialW(NULL, NULL, &params, 1, (void *)func1, &again);
                CHECK(error == 0 || error == 8);
                if (error == 0) {
                    WAIT_FOR(connected_count == 2);
                    IS(ras->RasHangUpW(again), 0);
                }
                hang_up(handle);
                IS(counts().open_ports, 0);
            }
            left = atomic_load(&allocations_left);
            sim_close(sim);
        }
        sim = usual;
        ras = sim_api(sim);
    }
    atomic_store(&allocations_left, 0);
    CHECK(failing > 15);
#endif
}

const struct test engine_tests[] = {
    TEST(closed_engine), TEST(close_waits_for_callbacks), TEST(close_under_fire), TEST(many_dials),
    TEST(many_blocked_callbacks), TEST(idle_threads_end), TEST(handles_never_come_again),
    TEST(after_fork), TEST(out_of_memory), {NULL, NULL},
};
