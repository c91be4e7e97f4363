/* SPDX-License-Identifier: MIT */
#undef malloc
#undef calloc
#undef realloc
#include "simulator_harness.h"

/* ---- memory that runs out */

void *test_malloc(size_t size);
void *test_calloc(size_t count, size_t size);
void *test_realloc(void *old, size_t size);

atomic_int allocations_left;

static int fails(void)
{
    return atomic_load(&allocations_left) > 0 && atomic_fetch_sub(&allocations_left, 1) == 1;
}

void *test_malloc(size_t size)
{
    return fails() ? NULL : malloc(size);
}

void *test_calloc(size_t count, size_t size)
{
    return fails() ? NULL : calloc(count, size);
}

void *test_realloc(void *old, size_t size)
{
    return fails() ? NULL : realloc(old, size);
}

/* ---- texts */

const WCHAR *w(const char *text)
{
    static _Thread_local WCHAR ring[64][300];
    static _Thread_local int next;
    WCHAR *place = ring[next++ % 64];
    size_t i;

    for (i = 0; text[i]; i++)
        place[i] = (unsigned char)text[i];
    place[i] = 0;
    return place;
}

int same(const WCHAR *wide, const char *text)
{
    while (*text && *wide == (unsigned char)*text)
        wide++, text++;
    return *wide == (unsigned char)*text;
}

/* ---- what notifiers were told */

os_mutex lock = OS_MUTEX_INIT;
os_cond changed;
struct event events[400000];
size_t event_count, connected_count, inside;
static int gate_closed; /* callbacks wait for it to open */
DWORD answer = 1;
const struct ras_api *hang_up_inside;

static void heard(HRASCONN handle, ULONG_PTR id, DWORD sub_entry, UINT message, DWORD state,
                  DWORD error, DWORD extended)
{
    IS(message, 0xCCCD);
    if (hang_up_inside && state == 2)
        IS(hang_up_inside->RasHangUpW(handle), 0);
    os_lock(&lock);
    CHECK(event_count < LENGTH(events));
    events[event_count++] = (struct event){handle, id, state, error, extended, sub_entry};
    connected_count += state == RASCS_Connected && !error;
    inside++;
    os_broadcast(&changed);
    while (gate_closed)
        os_wait(&changed, &lock);
    inside--;
    os_broadcast(&changed);
    os_unlock(&lock);
}

void RAS_CALL func(UINT message, DWORD state, DWORD error)
{
    heard(NULL, 0, 0, message, state, error, 0);
}

void RAS_CALL func1(HRASCONN handle, UINT message, DWORD state, DWORD error, DWORD extended)
{
    heard(handle, 0, 0, message, state, error, extended);
}

DWORD RAS_CALL func2(ULONG_PTR id, DWORD sub_entry, HRASCONN handle, UINT message, DWORD state,
                     DWORD error, DWORD extended)
{
    heard(handle, id, sub_entry, message, state, error, extended);
    return answer;
}

void forget(void)
{
    os_lock(&lock);
    event_count = connected_count = 0;
    os_unlock(&lock);
}

void gate(int closed)
{
    os_lock(&lock);
    gate_closed = closed;
    os_broadcast(&changed);
    os_unlock(&lock);
}

void pause_ms(unsigned ms)
{
    uint64_t end = os_now() + ms * OS_MILLISECOND;

    os_lock(&lock);
    while (os_now() < end)
        os_wait_until(&changed, &lock, end);
    os_unlock(&lock);
}

void heard_states(const DWORD *states, size_t count)
{
    size_t i;

    os_lock(&lock);
    IS(event_count, count);
    for (i = 0; i < count; i++)
        IS(events[i].state, states[i]);
    os_unlock(&lock);
}

/* ---- an engine in use */

struct engine *sim;
const struct ras_api *ras;

void open_engine(void)
{
    sim = sim_open();
    CHECK(sim);
    ras = sim_api(sim);
    sim_set_pace(sim, 0);
    sim_set_release_delay(sim, 1000);
    forget();
}

void add(const char *name, const char *device_type, const char *device_name)
{
    struct sim_entry entry = {.name = w(name),
                              .device_type = w(device_type),
                              .device_name = w(device_name),
                              .phone_number = w("vpn.example.org")};

    IS(sim_add_entry(sim, &entry), 0);
}

void script(const char *name, const struct sim_step *steps, size_t count)
{
    IS(sim_script(sim, NULL, w(name), steps, (uint32_t)count), 0);
}
RASDIALPARAMSW params_of(const char *name)
{
    RASDIALPARAMSW params;

    memset(&params, 0, sizeof params);
    params.dwSize = sizeof params;
    memcpy(params.szEntryName, w(name), 2 * (strlen(name) + 1));
    return params;
}

HRASCONN dial_entry(const char *name, DWORD expected)
{
    RASDIALPARAMSW params = params_of(name);
    HRASCONN handle = NULL;

    IS(ras->RasDialW(NULL, NULL, &params, 1, (void *)func1, &handle), expected);
    return handle;
}

DWORD state_of(HRASCONN handle, DWORD *error)
{
    RASCONNSTATUSW status;
    DWORD result;

    memset(&status, 0, sizeof status);
    status.dwSize = sizeof status;
    result = ras->RasGetConnectStatusW(handle, &status);
    if (error)
        *error = result ? result : status.dwError;
    return status.rasconnstate;
}

int gone(HRASCONN handle)
{
    DWORD error;

    state_of(handle, &error);
    return error == 6;
}

void hang_up(HRASCONN handle)
{
    IS(ras->RasHangUpW(handle), 0);
    UNTIL(gone(handle));
}

struct sim_counts counts(void)
{
    struct sim_counts now;

    sim_count(sim, &now);
    return now;
}

void add_vpn(void)
{
    add("Office", "vpn", "WAN Miniport (IKEv2)");
}

int main(int argc, char **argv)
{
    const struct test *suites[] = {dial_tests,  call_tests,      pause_tests, link_tests,
                                   entry_tests, multilink_tests, eap_tests,   engine_tests,
                                   carrier_tests, inside_tests,   settle_tests, file_tests,
                                   scenario_tests};
    const struct test *test;
    size_t i;

    CHECK(os_cond_init(&changed) == 0);
    for (i = 0; i < LENGTH(suites); i++) {
        for (test = suites[i]; test->name; test++) {
            uint64_t start = os_now();

            if (argc > 1 && strcmp(argv[1], test->name) != 0)
                continue;
            open_engine();
            test->run();
            sim_close(sim);
            printf("%s %.1f ms\n", test->name, (double)(os_now() - start) / 1e6);
            fflush(stdout);
        }
    }
    return 0;
}
