/* SPDX-License-Identifier: MIT
 *
 * What the stress tests of notify.c share: notify.c itself, taken in as text so that its allocator and
 * its timing can be disturbed; a RAS to ask; dials that number their events; and a sink that checks
 * them.
 */
#ifndef NOTIFY_STRESS_H
#define NOTIFY_STRESS_H

#define _GNU_SOURCE

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

/* Threads are made to stop where they hardly ever do: after the gate's first look and before its
 * second, before a push, before memory is taken. */
static void stumble(void);
static void *test_malloc(size_t size);
#define NOTIFY_MALLOC test_malloc
#define NOTIFY_POOL 3 /* so small that both it and the allocator are used all the time */
#define NOTIFY_FEW 5
#include "../../rasdial_async/_native/os/atomics.h"
#define atomic32_add(object, operand) (stumble(), atomic32_add(object, operand))
#define atomic32_load(object) (stumble(), atomic32_load(object))
#define atomic64_load(object) (stumble(), atomic64_load(object))
#define atomic64_replace(object, expected, value)                                                  \
    (stumble(), atomic64_replace(object, expected, value))
#define atomic_pointer_replace(object, expected, value)                                            \
    (stumble(), atomic_pointer_replace(object, expected, value))
#include "../../rasdial_async/_native/device_table.c"
#include "../../rasdial_async/_native/notify.c"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <time.h>

#ifdef _WIN32
#include <winsock2.h>
#else
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: in %s: %s\n", __FILE__, __LINE__, running, #condition);        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)
#define MILLISECOND INT64_C(1000000)
#define SECOND (1000 * MILLISECOND)
#define STANDSTILL (10 * SECOND)
#define LONGEST_CLOSE (2 * SECOND)

#define PRODUCERS 8
#define WAYS 4 /* to be woken; each is a target with a consumer of its own */
#define DIALS (PRODUCERS * WAYS)

/* Sequence numbers start where nothing else does, so that they are not taken for states. */
#define FIRST 1000u
#define DIAL_ERROR 678u

static const char *running = "start";
static atomic_ullong progress; /* changes while all is well */
static unsigned percent = 100;

static struct dial {
    RASDIALFUNC1 callback;
    uint64_t number; /* of notify_dial; 0 = it shares the functions of its target */
    int target;
    /* Of the producer. */
    unsigned sent;
    /* Of the consumer. */
    unsigned expected; /* 0 = whatever comes first */
    int ended;
    uint64_t hold;
    /* Of both. */
    atomic_int released;
} dials[DIALS];

static int64_t opened_at[NOTIFY_TARGETS];
static atomic_ullong delivered;

/* --- Helpers -------------------------------------------------------------------------------- */

static _Thread_local unsigned steps_to_stumble; /* 0 = this thread never does */

static void stumble(void)
{
    struct timespec time = {0, 50000};

    if (steps_to_stumble == 0 || --steps_to_stumble > 0)
        return;
    steps_to_stumble = 37; /* prime to the steps of one callback */
    nanosleep(&time, NULL);
}

static atomic_int fail_at; /* counts down; the allocation that finds 1 fails. 0 = none */
static atomic_int fail_each; /* ... and so does each one after so many more; 1 = all */

static void *test_malloc(size_t size)
{
    stumble();
    errno = ENOMEM; /* also where it works: the callback has to keep its caller's */
    if (atomic_load_explicit(&fail_at, memory_order_relaxed) > 0 &&
        atomic_fetch_sub(&fail_at, 1) == 1) {
        atomic_store(&fail_at, atomic_load(&fail_each));
        return NULL;
    }
    return malloc(size);
}

static unsigned scaled(unsigned count)
{
    unsigned result = count * percent / 100;

    return result > 2 ? result : 2;
}

static unsigned any(unsigned *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static void pause_ns(int64_t nanoseconds)
{
    struct timespec time = {nanoseconds / SECOND, nanoseconds % SECOND};

    nanosleep(&time, NULL);
}

/* Bursts with gaps: the stack is to be found empty as often as not. */
static void gap(unsigned *seed)
{
    unsigned number = any(seed) % 64;

    if (number == 0)
        pause_ns(1000 + any(seed) % 50000);
    else if (number < 6)
        sched_yield();
}

static void *watchdog(void *argument)
{
    unsigned long long last = 0;
    int64_t since = notify_clock();

    (void)argument;
    for (;;) {
        pause_ns(200 * MILLISECOND);
        if (atomic_load(&progress) != last) {
            last = atomic_load(&progress);
            since = notify_clock();
        } else if (notify_clock() - since > STANDSTILL) {
            fprintf(stderr, "%s stands still after %llu steps: a wake or a callback is lost\n",
                    running, last);
            abort();
        }
    }
    return NULL;
}

static pthread_t start(void *(*run)(void *), void *argument)
{
    pthread_t thread;

    CHECK(pthread_create(&thread, NULL, run, argument) == 0);
    return thread;
}

static void join(pthread_t thread) { CHECK(pthread_join(thread, NULL) == 0); }

static HRASCONN handle_of(unsigned dial) { return (HRASCONN)(uintptr_t)(dial + 1); }

static RASDIALFUNC1 function_of(uint64_t number)
{
    void *address = notify_function(number, 0);
    RASDIALFUNC1 callback;

    memcpy(&callback, &address, sizeof callback);
    return callback;
}

static void begin_dial(struct dial *dial, int target, int hold_errors)
{
    dial->target = target;
    dial->number = notify_dial(target, hold_errors);
    CHECK(dial->number != 0);
    dial->callback = function_of(dial->number);
}

/* The same function for all dials of a target, however often it is closed and opened. */
static RASDIALFUNC1 callback_of(int target, int hold_errors)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static uint64_t numbers[NOTIFY_TARGETS][2];
    uint64_t number;

    pthread_mutex_lock(&lock);
    if (numbers[target][hold_errors] == 0)
        numbers[target][hold_errors] = notify_dial(target, hold_errors);
    number = numbers[target][hold_errors];
    pthread_mutex_unlock(&lock);
    CHECK(number != 0);
    return function_of(number);
}

/* A RAS that knows only the oldest layout, and not every dial. */
static DWORD RAS_CALL connect_status(HRASCONN connection, RASCONNSTATUSW *status)
{
    unsigned dial = (unsigned)(uintptr_t)connection - 1;

    errno = 1; /* as a RAS may leave it */
    if (status->dwSize != offsetof(RASCONNSTATUSW, szPhoneNumber))
        return 632;
    if (dial % 5 == 0)
        return 6;
    status->szDeviceType[0] = 'v';
    status->szDeviceName[0] = (WCHAR)('A' + dial);
    return 0;
}

static const struct ras_api api = {.RasGetConnectStatusW = connect_status};

static int open_target(void)
{
    int64_t before = notify_clock();
    int target = notify_open(&api);

    CHECK(target >= 0);
    opened_at[target] = before;
    return target;
}

/* Shuts and waits for who is inside, which is never long: a held callback is not inside. */
static void shut_and_settle(int target)
{
    int64_t begun = notify_clock();

    notify_shut(target);
    while (notify_busy(target)) {
        CHECK(notify_clock() - begun < LONGEST_CLOSE);
        sched_yield();
    }
}

/* --- A dial and its consumer ---------------------------------------------------------------- */

static void announce_as(unsigned number, UINT message, DWORD state, DWORD error)
{
    struct dial *dial = &dials[number];

    dial->sent++;
    errno = 12345;
    dial->callback(handle_of(number), message, state, error, FIRST + dial->sent);
    CHECK(errno == 12345);
    atomic_fetch_add_explicit(&progress, 1, memory_order_relaxed);
}

/* One callback with the dial's next number; the last one of a dial is terminal. */
static void announce_next(unsigned number, DWORD state, DWORD error)
{
    announce_as(number, RAS_WM_RASDIALEVENT, state, error);
}

/* The sink: the right dial, its next event, let in since the target was opened, nothing mixed up. */
static void take(int target, const struct notify_event *event)
{
    unsigned number = (unsigned)(uintptr_t)event->connection - 1;
    struct dial *dial = &dials[number];
    unsigned sequence = event->extended_error - FIRST;
    int asked = event->state == RASCS_ConnectDevice || event->state == RASCS_DeviceConnected;

    CHECK(number < DIALS && dial->target == target);
    CHECK(dial->number == 0 || event->dial == dial->number);
    CHECK(dial->expected == 0 || sequence == dial->expected);
    dial->expected = sequence + 1;
    CHECK(event->at >= opened_at[target] && event->at <= notify_clock());
    if (event->device != NULL) {
        CHECK(asked && event->device->type[0] == 'v');
        CHECK(event->device->name[0] == 'A' + number && event->device->name[1] == 0);
    } else {
        CHECK(!asked || number % 5 == 0 || atomic_load(&fail_each));
    }
    CHECK(event->hold == 0 || event->error == DIAL_ERROR);
    if (event->error != 0 || event->state >= RASCS_DONE) {
        CHECK(!dial->ended);
        dial->ended = 1;
        dial->hold = event->hold;
        if (event->hold != 0 && number % 2) { /* the others are released after the drain */
            atomic_store(&dial->released, 1);
            notify_release(event->hold);
        }
    }
    atomic_fetch_add(&delivered, 1);
    atomic_fetch_add_explicit(&progress, 1, memory_order_relaxed);
}

static int take_all(int target, const struct notify_event *events, int count)
{
    for (int event = 0; event < count; event++)
        take(target, &events[event]);
    return 1;
}

static int drain(int target) { return notify_drain(target, take_all); }

/* --- What wakes a consumer ------------------------------------------------------------------- */

#ifdef _WIN32

/* Windows has no pair of sockets: one is connected to the other. */
static void open_pair(int ends[2])
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int size = sizeof address;
    SOCKET listening = socket(AF_INET, SOCK_STREAM, 0), near_end = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(bind(listening, (struct sockaddr *)&address, size) == 0 && listen(listening, 1) == 0);
    CHECK(getsockname(listening, (struct sockaddr *)&address, &size) == 0);
    CHECK(connect(near_end, (struct sockaddr *)&address, size) == 0);
    ends[0] = (int)near_end;
    ends[1] = (int)accept(listening, NULL, NULL);
    closesocket(listening);
}

static void close_pair(const int ends[2])
{
    closesocket((SOCKET)ends[0]);
    closesocket((SOCKET)ends[1]);
}

static void put_byte(int end) { CHECK(send((SOCKET)end, "!", 1, 0) == 1); }

static void take_bytes(int end)
{
    char bytes[64];

    CHECK(recv((SOCKET)end, bytes, sizeof bytes, 0) > 0);
}

/* No descriptor: the loops of Windows are woken by the other ways alone. */
static void await_wake(int target)
{
    CHECK(notify_descriptor(target) == -1);
    CHECK(WaitForSingleObject(targets[target].wake, INFINITE) == WAIT_OBJECT_0);
}

#else

static void open_pair(int ends[2]) { CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0); }

static void close_pair(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

static void put_byte(int end) { CHECK(write(end, "!", 1) == 1); }

static void take_bytes(int end)
{
    char bytes[64];

    CHECK(read(end, bytes, sizeof bytes) > 0);
}

static void await_wake(int target)
{
    struct pollfd watched = {.fd = notify_descriptor(target), .events = POLLIN};

    CHECK(poll(&watched, 1, -1) == 1 && watched.revents == POLLIN);
}

#endif

struct consumer {
    int target;
    int way;
    int ends[2];
};

static int python_wakes[NOTIFY_TARGETS]; /* write ends, for "Python" */

static void python_wake(int target) { put_byte(python_wakes[target]); }

static void prepare(struct consumer *consumer)
{
    open_pair(consumer->ends);
    if (consumer->way == 1) {
        CHECK(notify_relay_to_socket(consumer->target, (uintptr_t)consumer->ends[1]) == 0);
    } else if (consumer->way == 2) {
        python_wakes[consumer->target] = consumer->ends[1];
        CHECK(notify_relay_to_python(consumer->target, python_wake) == 0);
    }
}

static void sleep_until_woken(const struct consumer *consumer)
{
    if (consumer->way == 1 || consumer->way == 2)
        take_bytes(consumer->ends[0]);
    else
        await_wake(consumer->target);
}

static void *consume(void *argument)
{
    const struct consumer *consumer = argument;
    int left = PRODUCERS;

    while (left > 0) {
        sleep_until_woken(consumer);
        drain(consumer->target);
        left = 0;
        for (unsigned number = (unsigned)consumer->way; number < DIALS; number += WAYS) {
            struct dial *dial = &dials[number];

            if (dial->ended == 1) {
                dial->ended = 2;
                if (dial->hold != 0 && !atomic_exchange(&dial->released, 1))
                    notify_release(dial->hold);
                notify_unreserve(consumer->target);
            }
            left += dial->ended == 0;
        }
    }
    return NULL;
}

#endif
