/* SPDX-License-Identifier: MIT
 *
 * What the tests of the simulator share: checks, a notifier that writes down what it is told, and
 * one engine in use.
 */
#ifndef SIMULATOR_HARNESS_H
#define SIMULATOR_HARNESS_H

#include "../../rasdial_async/_native/os/os.h"
#include "../../rasdial_async/_native/engine/scripted/simulator.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)
#define IS(left, right)                                                                            \
    do {                                                                                           \
        unsigned long long l = (unsigned long long)(left), r = (unsigned long long)(right);        \
        if (l != r) {                                                                              \
            fprintf(stderr, "%s:%d: %s is %llu, not %llu\n", __FILE__, __LINE__, #left, l, r);     \
            abort();                                                                               \
        }                                                                                          \
    } while (0)
#define SECONDS(n) ((n)*1000 * OS_MILLISECOND)
#define LENGTH(array) (sizeof(array) / sizeof *(array))

struct event {
    HRASCONN handle;
    ULONG_PTR id;
    DWORD state, error, extended;
    DWORD sub_entry; /* of func2; else 0 */
};

extern os_mutex lock; /* of all that follows */
extern os_cond changed;
extern struct event events[400000];
extern size_t event_count, connected_count, inside;
extern DWORD answer;                         /* of func2 */
extern const struct ras_api *hang_up_inside; /* set: func1 hangs up at ConnectDevice */

/* Counts down; the allocation that finds 1 fails. For builds with malloc=test_malloc and so on. */
extern atomic_int allocations_left;

extern struct engine *sim;
extern const struct ras_api *ras;

/* UTF-16 of ASCII; good for the next 63 calls. */
const WCHAR *w(const char *text);
int same(const WCHAR *wide, const char *text);
void RAS_CALL func(UINT message, DWORD state, DWORD error);
void RAS_CALL func1(HRASCONN handle, UINT message, DWORD state, DWORD error, DWORD extended);
DWORD RAS_CALL func2(ULONG_PTR id, DWORD sub_entry, HRASCONN handle, UINT message, DWORD state,
                     DWORD error, DWORD extended);
void forget(void);
/* While it is closed notifiers do not return. */
void gate(int closed);
void pause_ms(unsigned ms);
/* These and no others. */
void heard_states(const DWORD *states, size_t count);
void open_engine(void);
void add(const char *name, const char *device_type, const char *device_name);
void script(const char *name, const struct sim_step *steps, size_t count);
RASDIALPARAMSW params_of(const char *name);
/* With func1; the result has to be as expected. */
HRASCONN dial_entry(const char *name, DWORD expected);
DWORD state_of(HRASCONN handle, DWORD *error);
/* The handle is invalid. */
int gone(HRASCONN handle);
/* ... and waits for that. */
void hang_up(HRASCONN handle);
struct sim_counts counts(void);
void add_vpn(void);

#define WAIT_FOR(condition)                                                                        \
    do {                                                                                           \
        uint64_t end = os_now() + SECONDS(10);                                                     \
        os_lock(&lock);                                                                            \
        while (!(condition)) {                                                                     \
            CHECK(os_now() < end);                                                                 \
            os_wait_until(&changed, &lock, end);                                                   \
        }                                                                                          \
        os_unlock(&lock);                                                                          \
    } while (0)

#define UNTIL(condition)                                                                           \
    do {                                                                                           \
        uint64_t end = os_now() + SECONDS(10);                                                     \
        while (!(condition)) {                                                                     \
            CHECK(os_now() < end);                                                                 \
            pause_ms(1);                                                                           \
        }                                                                                          \
    } while (0)

#define SCRIPT(name, ...)                                                                          \
    do {                                                                                           \
        const struct sim_step steps[] = {__VA_ARGS__};                                             \
        script(name, steps, LENGTH(steps));                                                        \
    } while (0)
#define STATES(...)                                                                                \
    do {                                                                                           \
        const DWORD expected[] = {__VA_ARGS__};                                                    \
        heard_states(expected, LENGTH(expected));                                                  \
    } while (0)

/* The tests, by the file they are in. */
struct test {
    const char *name;
    void (*run)(void);
};
/* A null name ends each. */
extern const struct test dial_tests[], call_tests[], pause_tests[], link_tests[], entry_tests[],
    multilink_tests[], eap_tests[], carrier_tests[], inside_tests[], settle_tests[], file_tests[],
    engine_tests[], scenario_tests[];

#define TEST(name) {#name, name}

#endif
