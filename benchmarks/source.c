/* SPDX-License-Identifier: MIT
 *
 * The RAS that the benchmarks dial: see source.h. It keeps RAS's rule that a dial stands still during
 * its callback: the next event is due at a fixed time, but comes only after the callback before it.
 */
#include "platform.h" /* first: it asks the system's headers for more */

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>

#include "ras_api.h"
#include "source.h"

#define DIALS 65536u /* handles are used again after so many */
#define RECORDS 2000000u

enum stage { FREE, DIALING, CONNECTED };

struct dial {
    atomic_int stage;
    RASDIALFUNC1 callback;
    uint32_t sent;
    uint32_t seed;
};

static struct dial dials[DIALS];
static bench_record *records;
static atomic_uint record_count, dial_count, running;
static uint32_t plan_events, plan_shortest, plan_longest;
static uint32_t fire_first, fire_events, fire_threads;
static int fire_connect;
static int processor = -1;

static HRASCONN handle_of(const struct dial *dial)
{
    return (HRASCONN)(uintptr_t)((dial - dials + 1) * 16);
}

static struct dial *dial_of(uintptr_t handle)
{
    uintptr_t index = handle / 16 - 1;

    return handle % 16 == 0 && index < DIALS && dials[index].stage != FREE ? &dials[index] : NULL;
}

/* The states of a dial of twelve events; longer ones go round before they connect. */
static const DWORD states[] = {0, 1, 2, 3, 4, 5, 6, 12, 14, 18, 24};

/* due: 0 = now. */
static void call_back(struct dial *dial, int last, int first, int64_t due)
{
    DWORD state = last ? RASCS_Connected : states[dial->sent % (sizeof states / sizeof *states)];
    uint32_t number = atomic_fetch_add(&record_count, 1);
    bench_record *record = &records[number % RECORDS];

    dial->sent++;
    record->first = (uint32_t)first;
    record->pushed = pushed_off();
    if (last)
        dial->stage = CONNECTED;
    record->left = 0;
    record->entered = now();
    record->due = due != 0 ? due : record->entered;
    dial->callback(handle_of(dial), RAS_WM_RASDIALEVENT, state, 0, number);
    record->left = now();
    record->pushed = pushed_off() - record->pushed;
}

static void start(void *(*run)(void *), void *argument)
{
    atomic_fetch_add(&running, 1);
    if (start_thread(run, argument, processor) != 0)
        abort();
}

static void *paced(void *argument)
{
    struct dial *dial = argument;
    uint32_t events = plan_events;
    int64_t due = now();

    for (uint32_t event = 0; event < events && dial->stage != FREE; event++) {
        int late;

        dial->seed = dial->seed * 1664525 + 1013904223;
        due += 1000 * (int64_t)(plan_shortest +
                                (dial->seed >> 8) % (plan_longest - plan_shortest + 1));
        late = now() > due;
        sleep_until(due);
        call_back(dial, event + 1 == events, event == 0, late ? due : 0);
    }
    atomic_fetch_sub(&running, 1);
    return NULL;
}

static void *fire(void *argument)
{
    uint32_t mine = (uint32_t)(uintptr_t)argument, end = dial_count;

    for (uint32_t event = 0; event < fire_events; event++)
        for (uint32_t index = fire_first + mine; index < end; index += fire_threads)
            call_back(&dials[index % DIALS], fire_connect && event + 1 == fire_events, 0,
                      0);
    atomic_fetch_sub(&running, 1);
    return NULL;
}

/* --- For the benchmarks --- */

void bench_plan(uint32_t events, uint32_t shortest_gap, uint32_t longest_gap)
{
    if (records == NULL) {
        records = malloc(RECORDS * sizeof *records);
        if (records == NULL)
            abort();
        memset(records, 0xff, RECORDS * sizeof *records); /* so that their memory is no dial's later */
    }
    plan_events = events;
    plan_shortest = shortest_gap;
    plan_longest = longest_gap;
    atomic_store(&record_count, 0);
}

void bench_fire(uint32_t youngest, uint32_t events, uint32_t threads, int connect)
{
    fire_first = dial_count - youngest;
    fire_events = events;
    fire_threads = threads;
    fire_connect = connect;
    for (uint32_t thread = 0; thread < threads; thread++)
        start(fire, (void *)(uintptr_t)thread);
}

void bench_run_on(int number) { processor = number; }
uint32_t bench_dialed(void) { return dial_count; }
uint32_t bench_running(void) { return running; }
uint32_t bench_count(void) { return record_count; }
const bench_record *bench_records(void) { return records; }

static void RAS_CALL do_nothing(HRASCONN connection, UINT message, DWORD state, DWORD error,
                                DWORD extended_error)
{
    (void)connection, (void)message, (void)state, (void)error, (void)extended_error;
}

static uintptr_t wake_descriptor;

static void RAS_CALL only_wake(HRASCONN connection, UINT message, DWORD state, DWORD error,
                               DWORD extended_error)
{
    (void)connection, (void)message, (void)state, (void)error, (void)extended_error;
    signal_descriptor(wake_descriptor);
}

void *bench_empty(void) { return (void *)(uintptr_t)do_nothing; }

void *bench_wake(uintptr_t descriptor)
{
    wake_descriptor = descriptor;
    return (void *)(uintptr_t)only_wake;
}

/* --- For whoever dials --- */

EXPORT DWORD RAS_CALL RasDialW(RASDIALEXTENSIONS *extensions, const WCHAR *phonebook,
                               RASDIALPARAMSW *params, DWORD notifier_type, void *notifier,
                               HRASCONN *connection)
{
    uint32_t index = atomic_fetch_add(&dial_count, 1);
    struct dial *dial = &dials[index % DIALS];

    (void)extensions, (void)phonebook, (void)params, (void)notifier_type;
    dial->callback = (RASDIALFUNC1)(uintptr_t)notifier;
    dial->sent = 0;
    dial->seed = index;
    dial->stage = DIALING;
    *connection = handle_of(dial);
    if (plan_events > 0)
        start(paced, dial);
    return 0;
}

EXPORT DWORD RAS_CALL RasHangUpW(HRASCONN connection)
{
    struct dial *dial = dial_of((uintptr_t)connection);

    if (dial == NULL)
        return 6;
    dial->stage = FREE;
    return 0;
}

EXPORT DWORD RAS_CALL RasGetConnectStatusW(HRASCONN connection, RASCONNSTATUSW *status)
{
    struct dial *dial = dial_of((uintptr_t)connection);

    if (dial == NULL)
        return 6;
    status->rasconnstate = dial->stage == CONNECTED ? RASCS_Connected : 5;
    memcpy(status->szDeviceType, u"vpn", sizeof u"vpn");
    memcpy(status->szDeviceName, u"Bench (1)", sizeof u"Bench (1)");
    return 0;
}

EXPORT DWORD RAS_CALL RasEnumConnectionsW(RASCONNW *rows, DWORD *bytes, DWORD *count)
{
    (void)rows;
    *bytes = *count = 0;
    return 0;
}

uint32_t bench_dial(void *callback, uintptr_t *handle)
{
    HRASCONN connection = NULL;
    uint32_t code = RasDialW(NULL, NULL, NULL, RAS_NOTIFIER_FUNC1, callback, &connection);

    *handle = (uintptr_t)connection;
    return code;
}

void bench_hang_up(uintptr_t handle) { RasHangUpW((HRASCONN)handle); }
