/* SPDX-License-Identifier: MIT
 *
 * The contract of carrier.h: a carrier that reports from a thread of its own.
 */
#include "../../rasdial_async/_native/engine/carrier.h"

#include "simulator_harness.h"

static const struct carrier reporting;

struct run {
    uintptr_t handle;
};

/* What the carrier was asked for; guarded by the engine's lock. */
static struct {
    unsigned began, hung_up, released, looked, closed;
    int releases_late; /* carrier_released() comes later */
    DWORD refuses;
} asked;

static int reporting_open(struct engine *engine)
{
    memset(&asked, 0, sizeof asked);
    engine->carried = &asked;
    return 0;
}

static void reporting_close(struct engine *engine)
{
    (void)engine;
    asked.closed++;
}

static void reporting_look(struct engine *engine, enum carrier_look what)
{
    (void)engine;
    asked.looked += what == LOOK_CONNECTIONS;
}

static DWORD reporting_begin(struct engine *engine, struct connection *connection,
                             struct line *line, const struct dial_request *request)
{
    struct run *run;

    (void)engine;
    CHECK(line && request->entry_name[0]);
    if (asked.refuses)
        return asked.refuses;
    run = calloc(1, sizeof *run);
    CHECK(run);
    run->handle = connection->handle;
    connection->run = run;
    asked.began++;
    return 0;
}

static uint64_t reporting_hang_up(struct engine *engine, struct connection *connection)
{
    (void)engine, (void)connection;
    asked.hung_up++;
    return asked.releases_late ? OS_FOREVER : os_now();
}

static void reporting_release(struct engine *engine, struct connection *connection)
{
    (void)engine;
    free(connection->run);
    asked.released++;
}

static void reporting_statistics(struct engine *engine, const struct connection *connection,
                                 RAS_STATS *totals)
{
    (void)engine, (void)connection;
    totals->dwBytesRcved = 1000;
    totals->dwBps = 64000;
}

static void reporting_projection(struct engine *engine, const struct connection *connection,
                                 struct projection *projection)
{
    (void)engine, (void)connection;
    memcpy(projection->ipv4_address, "\xC6\x33\x64\x07", 4);
    projection->ipv6_error = 731;
}

static void reporting_free(void *far_end)
{
    (void)far_end;
}

static const struct carrier reporting = {
    .open = reporting_open,
    .close = reporting_close,
    .look = reporting_look,
    .begin = reporting_begin,
    .move = carrier_play_reports,
    .hang_up = reporting_hang_up,
    .release = reporting_release,
    .free_far_end = reporting_free,
    .statistics = reporting_statistics,
    .projection = reporting_projection,
};

/* The carrier's own thread: it reports what a test has written down. */
struct telling {
    HRASCONN handle;
    size_t count;
    struct {
        DWORD state, error;
    } reports[8];
};

static void tell(void *argument)
{
    const struct telling *telling = argument;
    size_t i;

    for (i = 0; i < telling->count; i++) {
        struct connection *connection;

        os_lock(&sim->lock);
        connection = connection_find(sim, telling->handle);
        if (connection)
            carrier_report(sim, connection, telling->reports[i].state, telling->reports[i].error,
                           0);
        os_unlock(&sim->lock);
    }
}

static void report(HRASCONN handle, DWORD first, DWORD second, DWORD error)
{
    struct telling telling = {handle, 2, {{first, 0}, {second, error}}};
    os_thread thread;

    CHECK(os_thread_start(&thread, tell, &telling) == 0);
    os_thread_join(thread);
}

static void reopen(void)
{
    sim_close(sim);
    sim = engine_open(&reporting);
    CHECK(sim);
    ras = sim_api(sim);
    forget();
    add_vpn();
}

static struct entry *office(struct line **line)
{
    *line = entry_find(sim, NULL, w("Office"));
    return (*line)->entry;
}

static void reports_become_callbacks_in_their_order(void)
{
    HRASCONN handle;

    reopen();
    handle = dial_entry("Office", 0);
    report(handle, RASCS_ConnectDevice, RASCS_DeviceConnected, 0);
    report(handle, RASCS_Projected, RASCS_Connected, 0);
    WAIT_FOR(connected_count == 1);
    STATES(RASCS_ConnectDevice, RASCS_DeviceConnected, RASCS_Projected, RASCS_Connected);
    hang_up(handle);
    IS(asked.began, 1);
    IS(asked.hung_up, 1);
    IS(asked.released, 1);
}

static void a_held_notifier_holds_no_report_up(void)
{
    HRASCONN handle;

    reopen();
    gate(1);
    handle = dial_entry("Office", 0);
    report(handle, RASCS_ConnectDevice, RASCS_DeviceConnected, 0);
    WAIT_FOR(inside == 1);
    report(handle, RASCS_Projected, RASCS_Connected, 0); /* returns while the notifier stays */
    gate(0);
    WAIT_FOR(connected_count == 1);
    hang_up(handle);
}

static void an_error_ends_the_dial_in_the_state_it_is_in(void)
{
    HRASCONN handle;

    reopen();
    handle = dial_entry("Office", 0);
    report(handle, RASCS_ConnectDevice, CARRIER_SAME_STATE, 676);
    WAIT_FOR(event_count == 2);
    IS(events[1].state, RASCS_ConnectDevice);
    IS(events[1].error, 676);
    report(handle, RASCS_Projected, RASCS_Connected, 0); /* nobody hears of it */
    hang_up(handle);
    IS(event_count, 2);
}

static void an_error_behind_connected_ends_the_link(void)
{
    HRASCONN handle;

    reopen();
    handle = dial_entry("Office", 0);
    report(handle, RASCS_Connected, RASCS_Disconnected, 629);
    UNTIL(gone(handle));
    STATES(RASCS_Connected);
    IS(asked.hung_up, 1);
    IS(counts().open_ports, 0);
}

static void a_port_is_free_when_its_carrier_says_so(void)
{
    struct connection *connection;
    HRASCONN handle;

    reopen();
    asked.releases_late = 1;
    handle = dial_entry("Office", 0);
    report(handle, RASCS_ConnectDevice, RASCS_Connected, 0);
    WAIT_FOR(connected_count == 1);
    IS(ras->RasHangUpW(handle), 0);
    IS(state_of(handle, NULL), RASCS_Disconnected);
    pause_ms(5);
    IS(counts().open_ports, 1);
    os_lock(&sim->lock);
    connection = connection_find(sim, handle);
    CHECK(connection);
    carrier_released(sim, connection);
    os_unlock(&sim->lock);
    UNTIL(gone(handle));
    IS(counts().open_ports, 0);
}

static void tell_success(void *argument)
{
    struct telling telling = {0};

    (void)argument;
    while (!telling.handle) {
        os_lock(&sim->lock);
        if (sim->connections.first)
            telling.handle = (HRASCONN)sim->connections.first->handle;
        os_unlock(&sim->lock);
    }
    report(telling.handle, RASCS_ConnectDevice, RASCS_Connected, 0);
}

static void a_synchronous_dial_waits_for_reports(void)
{
    RASDIALPARAMSW params = params_of("Office");
    HRASCONN handle = NULL;
    os_thread thread;

    reopen();
    CHECK(os_thread_start(&thread, tell_success, NULL) == 0);
    IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, &handle), 0);
    os_thread_join(thread);
    IS(state_of(handle, NULL), RASCS_Connected);
    hang_up(handle);
}

static void what_begin_refuses_has_no_handle(void)
{
    HRASCONN handle;

    reopen();
    asked.refuses = 5;
    handle = dial_entry("Office", 5);
    CHECK(!handle);
    IS(counts().connections, 0);
    IS(counts().open_ports, 0);
}

static void a_link_of_somebody_else_is_listed_and_can_be_hung_up(void)
{
    DWORD bytes = 0, count = 0;
    HRASCONN handle, again;
    RASCONNW element;
    struct line *line;
    struct entry *entry;
    struct connection *adopted;
    struct run *run;

    reopen();
    run = calloc(1, sizeof *run);
    CHECK(run);
    os_lock(&sim->lock);
    entry = office(&line);
    adopted = carrier_adopt(sim, entry, line, os_now(), run);
    CHECK(adopted);
    handle = (HRASCONN)adopted->handle;
    os_unlock(&sim->lock);
    IS(ras->RasEnumConnectionsW(NULL, &bytes, &count), 603);
    IS(count, 1);
    CHECK(asked.looked > 0);
    element.dwSize = bytes = sizeof element;
    IS(ras->RasEnumConnectionsW(&element, &bytes, &count), 0);
    CHECK(element.hrasconn == handle && same(element.szEntryName, "Office"));
    again = dial_entry("Office", 0); /* finds it connected */
    CHECK(again == handle);
    WAIT_FOR(connected_count == 1);
    IS(ras->RasHangUpW(handle), 0);
    IS(state_of(handle, NULL), RASCS_Connected); /* the other reference is left */
    hang_up(handle);
    IS(asked.hung_up, 1);
}

static void counters_are_cleared_above_the_carrier(void)
{
    RAS_STATS statistics = {.dwSize = sizeof statistics};
    HRASCONN handle;

    reopen();
    handle = dial_entry("Office", 0);
    report(handle, RASCS_ConnectDevice, RASCS_Connected, 0);
    WAIT_FOR(connected_count == 1);
    IS(ras->RasGetConnectionStatistics(handle, &statistics), 0);
    IS(statistics.dwBytesRcved, 1000);
    IS(ras->RasClearConnectionStatistics(handle), 0);
    IS(ras->RasGetConnectionStatistics(handle, &statistics), 0);
    IS(statistics.dwBytesRcved, 0);
    IS(statistics.dwBps, 64000);
    hang_up(handle);
}

static void scripts_are_for_the_scripted_carrier(void)
{
    const struct sim_step step = {.kind = SIM_SILENCE};

    reopen();
    IS(sim_script(sim, NULL, w("Office"), &step, 1), 120);
    IS(sim_set_callback(sim, NULL, w("Office"), SIM_CALLBACK_PRESET), 120);
    sim_set_pace(sim, 2.0); /* does nothing */
}

static void closing_leaves_links_to_their_carrier(void)
{
    HRASCONN handle;

    reopen();
    handle = dial_entry("Office", 0);
    report(handle, RASCS_ConnectDevice, RASCS_Connected, 0);
    WAIT_FOR(connected_count == 1);
    sim_close(sim);
    IS(asked.hung_up, 0);
    IS(asked.closed, 1);
    IS(asked.released, 1);
    open_engine();
}

const struct test carrier_tests[] = {
    TEST(reports_become_callbacks_in_their_order),
    TEST(a_held_notifier_holds_no_report_up),
    TEST(an_error_ends_the_dial_in_the_state_it_is_in),
    TEST(an_error_behind_connected_ends_the_link),
    TEST(a_port_is_free_when_its_carrier_says_so),
    TEST(a_synchronous_dial_waits_for_reports),
    TEST(what_begin_refuses_has_no_handle),
    TEST(a_link_of_somebody_else_is_listed_and_can_be_hung_up),
    TEST(counters_are_cleared_above_the_carrier),
    TEST(scripts_are_for_the_scripted_carrier),
    TEST(closing_leaves_links_to_their_carrier),
    {NULL, NULL},
};
