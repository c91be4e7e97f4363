/* SPDX-License-Identifier: MIT
 *
 * What RAS's threads run while a dial is suspended.
 *
 * Purpose. RAS calls back on a thread of its own and blocks the dial until the call returns. So the
 * callback does the least there is: read the clock, take a node, push it, wake the event loop if
 * nobody has done so since its last drain, return. It never takes the GIL and runs no Python. It
 * takes a lock in two cases only: to hold an error, and to take a reserved node when memory has run
 * out. It leaves errno and GetLastError() as it found them.
 *
 * RasDialFunc1 carries no user data, and RAS gives the value of an HRASCONN again as soon as it is
 * free. So each dial gets functions of its own (notify_functions.c): an event is that of the dial whose
 * function RAS calls, whatever handle, thread and time it comes with. `in_use` tells which dial that is
 * at the moment. A target has the queue for all dials of one loop over one library, for as long as any
 * of them runs.
 *
 * Nodes come from a pool in the target, which is a stack as well, and from the allocator only when
 * that is used up: the first malloc of a new thread takes 60 to 250 microseconds on Linux, and RAS
 * calls back from new threads. For the same reason nothing here is thread-local: in a dlopened library
 * the first access to a thread-local variable calls malloc.
 *
 * Guarantees.
 *  - Every event that was let in is handed over exactly once, and the events of one dial in RAS's
 *    order: its callbacks are sequential, pushes are totally ordered by the CAS on `stack`, and
 *    notify_drain turns the chain around.
 *  - No wake is lost: whoever pushes onto an empty stack signals; notify_drain clears the signal before
 *    it takes the stack, so that a push after the taking finds the stack empty and signals again.
 *  - Without memory the terminal event of every dial still arrives: each dial sets a node aside
 *    beforehand for each of its sub-entries (notify_reserve). Only then is the lock taken.
 *  - An event names the dial that RAS reports it for, and no dial has the number of another. Functions
 *    that RAS calls when their dial is over do nothing; they go to a new dial after all others did.
 *  - After notify_close has returned, a callback touches nothing but three words of static memory,
 *    also after the interpreter is gone. Targets, gates and wake handles are never freed.
 *
 * The gate. `accepting` is read first and turns late callers away without counting them: were they
 * counted, threads that keep calling would keep `in_flight` above zero for ever. It is read once
 * more after counting, because the gate may have closed in between. A closed target is taken again
 * only when `in_flight` is zero.
 *
 * An unMsg other than WM_RASDIALEVENT is counted, and its event delivered all the same: shipped clients
 * never look at unMsg, so nothing holds a RAS to its documented value.
 *
 * Holding. For a dial with `hold_errors` the callback of an error stays until it is released, so
 * that RAS stays where it is. It registers under the lock before its event is pushed (a fast
 * consumer must find it), leaves `in_flight` and then waits: a held callback keeps no gate open.
 * Closing releases every hold that is registered, and none registers once the gate is shut.
 *
 * Assumptions. RAS does not call the callback of one sub-entry from two threads at a time. A library is never
 * unloaded. One thread drains a target at a time.
 */
#include "notify.h"

#include <stdlib.h>
#include <string.h>

#include "os/atomics.h"
#include "os/os.h"
#include "os/wake.h"

#ifndef NOTIFY_MALLOC /* the stress test lets it fail */
#define NOTIFY_MALLOC malloc
#endif

#ifndef NOTIFY_POOL /* nodes at hand in each target */
#define NOTIFY_POOL 64
#endif

#define LINE 64 /* bytes that processors hand to each other at once, or a multiple of them */

#ifndef NOTIFY_FEW /* events that are handed over together where there is no memory for all */
#define NOTIFY_FEW 64
#endif

enum origin { ALLOCATED, RESERVED, POOLED };

struct node {
    struct node *next;
    struct notify_event event;
    enum origin origin;
};

/* On lines of its own, and all that a callback writes on the first of them. */
struct pooled {
    _Alignas(LINE) struct node node;
    atomic32 below; /* 1 + its index; 0 = none */
};

struct hold {
    struct hold *next;
    uint64_t number;
    int released;
};

enum relay { RELAY_NONE, RELAY_SOCKET, RELAY_PYTHON };

struct target {
    /* What each callback needs, on one line. */
    _Alignas(LINE) atomic_pointer stack; /* of struct node */
    atomic64 pool_top; /* 1 + an index; above it a count that makes each value new */
    atomic32 accepting;
    atomic32 in_flight;
    os_wake wake;
    /* What few of them need. */
    atomic32 status_size;
    atomic32 foreign_messages;
    atomic32 lost;
    atomic32 rejected;
    struct pooled pool[NOTIFY_POOL];
    struct ras_api api;
    /* The owner's. */
    atomic32 taken;
    uint64_t last_used;
    struct node *ready; /* off the stack, oldest first, and not handed over */
    int ready_count;
    int has_wake;
    enum relay relay;
    atomic32 relay_stop;
    os_thread relay_thread;
    uintptr_t relay_socket;
    notify_python_wake relay_python;
    /* Under the lock. */
    os_mutex lock;
    os_cond released; /* a hold */
    int has_lock; /* and a pool */
    struct node *reserve;
    int lent; /* reserved nodes that carry an event */
    int owed; /* of these, those whose dial has given its own back: freed when they return */
    struct hold *holds;
    uint64_t last_hold;
};

static struct target targets[NOTIFY_TARGETS];
/* The dial that has these functions: its number << 8 | holds errors << 7 | its target + 1; 0 = none. */
static atomic64 in_use[NOTIFY_DIALS];
static atomic64 first_called[NOTIFY_DIALS]; /* when RAS first called them for that dial; 0 = not yet */
static uint64_t dials_begun; /* under `opening` */
static os_mutex opening = OS_MUTEX_INIT; /* around choosing a target and making it ready */
static uint64_t uses;

enum { TARGET = 0x7F, HOLDS = 0x80, NUMBER = 8 };

int64_t notify_clock(void) { return (int64_t)os_now(); }
uint64_t notify_thread(void) { return os_thread_id(); }

/* --- On RAS's threads ----------------------------------------------------------------------- */

static struct node *take_pooled(struct target *target)
{
    uint64_t top = atomic64_load(&target->pool_top), below;

    do {
        if ((uint32_t)top == 0)
            return NULL;
        below = atomic32_load(&target->pool[(uint32_t)top - 1].below);
    } while (!atomic64_replace(&target->pool_top, &top, ((top >> 32) + 1) << 32 | below));
    return &target->pool[(uint32_t)top - 1].node;
}

static struct node *take_reserved(struct target *target)
{
    struct node *node;

    os_lock(&target->lock);
    node = target->reserve;
    if (node != NULL) {
        target->reserve = node->next;
        target->lent++;
    }
    os_unlock(&target->lock);
    return node;
}

static struct node *allocate(void)
{
    struct node *node = NOTIFY_MALLOC(sizeof *node);

    if (node != NULL)
        node->origin = ALLOCATED;
    return node;
}

static const struct device *ask_device(struct target *target, HRASCONN connection)
{
    DWORD size = atomic32_load(&target->status_size), code;
    RASCONNSTATUSW status;

    if (target->api.RasGetConnectStatusW == NULL)
        return NULL;
    code = ras_connect_status(&target->api, connection, &status, &size);
    atomic32_store(&target->status_size, size);
    return code == 0 ? device_of(&status) : NULL;
}

static struct node *new_node(struct target *target, DWORD state, DWORD error)
{
    struct node *node = take_pooled(target);

    if (node == NULL)
        node = allocate();
    if (node == NULL && (error != 0 || (state & RASCS_DONE) != 0))
        node = take_reserved(target);
    return node;
}

static int register_hold(struct target *target, struct hold *hold)
{
    int registered;

    os_lock(&target->lock);
    registered = atomic32_load(&target->accepting) != 0;
    if (registered) {
        hold->number = ++target->last_hold * NOTIFY_TARGETS + (uint64_t)(target - targets);
        hold->released = 0;
        hold->next = target->holds;
        target->holds = hold;
    }
    os_unlock(&target->lock);
    return registered;
}

static void stay_held(struct target *target, struct hold *hold)
{
    struct hold **link;

    os_lock(&target->lock);
    while (!hold->released)
        os_wait(&target->released, &target->lock);
    for (link = &target->holds; *link != hold; link = &(*link)->next) {
    }
    *link = hold->next;
    os_unlock(&target->lock);
}

static void push(struct target *target, struct node *node)
{
    void *head = atomic_pointer_load(&target->stack);

    do {
        node->next = head;
    } while (!atomic_pointer_replace(&target->stack, &head, node));
    if (head == NULL)
        os_wake_signal(&target->wake);
}

static void announce(struct target *target, uint64_t use, DWORD sub_entry, HRASCONN connection,
                     UINT message, DWORD state, DWORD error, DWORD extended_error)
{
    struct hold hold = {0};

    if (!atomic32_load(&target->accepting)) {
        atomic32_add(&target->rejected, 1);
        return;
    }
    atomic32_add(&target->in_flight, 1);
    if (!atomic32_load(&target->accepting)) {
        atomic32_add(&target->rejected, 1);
    } else {
        int64_t at = notify_clock();
        int ask = state == RASCS_ConnectDevice || state == RASCS_DeviceConnected;
        const struct device *device = ask ? ask_device(target, connection) : NULL;
        struct node *node = new_node(target, state, error);

        if (message != RAS_WM_RASDIALEVENT)
            atomic32_add(&target->foreign_messages, 1);
        if (node == NULL) {
            atomic32_add(&target->lost, 1);
        } else {
            if ((use & HOLDS) != 0 && error != 0 && !register_hold(target, &hold))
                hold.number = 0;
            node->event = (struct notify_event){
                use >> NUMBER, (uintptr_t)connection, device,    at, hold.number, state,
                error,         extended_error,        sub_entry, os_thread_id()};
            push(target, node);
        }
    }
    atomic32_add(&target->in_flight, (uint32_t)-1);
    if (hold.number != 0)
        stay_held(target, &hold);
}

/* After a terminal state the sub-entries of a multilink dial that are on their way are nobody's business:
 * https://learn.microsoft.com/windows/win32/api/ras/nc-ras-rasdialfunc2 */
int notify_announce(int function, DWORD sub_entry, HRASCONN connection, UINT message, DWORD state,
                    DWORD error, DWORD extended_error)
{
    uint64_t use = atomic64_load(&in_use[function]);
    struct os_errors kept = os_errors_keep(); /* malloc and RasGetConnectStatus change them */
    struct target *target;

    if (use == 0)
        return 0;
    if (atomic64_load(&first_called[function]) == 0)
        atomic64_store(&first_called[function], (uint64_t)notify_clock());
    target = &targets[(use & TARGET) - 1];
    announce(target, use, sub_entry, connection, message, state, error, extended_error);
    os_errors_restore(kept);
    return (state & RASCS_DONE) == 0 && atomic32_load(&target->accepting);
}

/* --- On the owner's side -------------------------------------------------------------------- */

static void put_pooled(struct target *target, struct node *node)
{
    struct pooled *pooled = (struct pooled *)node;
    uint64_t index = (uint64_t)(pooled - target->pool) + 1, top = atomic64_load(&target->pool_top);

    do {
        atomic32_store(&pooled->below, (uint32_t)top);
    } while (!atomic64_replace(&target->pool_top, &top, ((top >> 32) + 1) << 32 | index));
}

static void put_reserved(struct target *target, struct node *node)
{
    node->next = target->reserve;
    target->reserve = node;
}

static void return_reserved(struct target *target, struct node *node)
{
    os_lock(&target->lock);
    if (target->lent > 0) /* else the target was closed and opened meanwhile */
        target->lent--;
    if (target->owed > 0) {
        target->owed--;
    } else {
        put_reserved(target, node);
        node = NULL;
    }
    os_unlock(&target->lock);
    free(node);
}

static void give_back(struct target *target, struct node *node)
{
    if (node->origin == POOLED)
        put_pooled(target, node);
    else if (node->origin == RESERVED)
        return_reserved(target, node);
    else
        free(node);
}

/* Turns around what has been pushed; nothing is ready so far. */
static void collect(struct target *target)
{
    struct node *newest = atomic_pointer_exchange(&target->stack, NULL), *oldest = NULL;

    while (newest != NULL) {
        struct node *next = newest->next;

        newest->next = oldest;
        oldest = newest;
        newest = next;
        target->ready_count++;
    }
    target->ready = oldest;
}

static void hand_over(struct target *target, struct notify_event *event)
{
    struct node *node = target->ready;

    if (event != NULL)
        *event = node->event;
    target->ready = node->next;
    target->ready_count--;
    give_back(target, node);
}

static void discard(struct target *target)
{
    do {
        while (target->ready != NULL)
            hand_over(target, NULL);
        collect(target);
    } while (target->ready != NULL);
}

static int is_free(struct target *target)
{
    return atomic32_load(&target->taken) == 0 && atomic32_load(&target->in_flight) == 0;
}

/* A target that served the same library before, else one that was never used, else the one whose
 * last use is longest ago: a late callback should not meet another library's dials. */
static struct target *choose(const struct ras_api *api)
{
    struct target *chosen = NULL;

    for (struct target *target = targets; target < targets + NOTIFY_TARGETS; target++) {
        if (!is_free(target))
            continue;
        if (memcmp(&target->api, api, sizeof *api) == 0)
            return target;
        if (chosen == NULL || target->last_used < chosen->last_used)
            chosen = target;
    }
    return chosen;
}

/* 0, or -1 where the system has no wake handle or lock left. */
static int make_ready(struct target *target, const struct ras_api *api)
{
    if (!target->has_lock) {
        if (os_cond_init(&target->released) != 0)
            return -1;
        os_mutex_init(&target->lock);
        for (uint32_t index = 0; index < NOTIFY_POOL; index++) {
            target->pool[index].node.origin = POOLED;
            put_pooled(target, &target->pool[index].node);
        }
        target->has_lock = 1;
    }
    if (!target->has_wake) {
        if (os_wake_open(&target->wake) != 0)
            return -1;
        target->has_wake = 1;
    }
    os_wake_clear(&target->wake);
    discard(target);
    target->api = *api;
    target->last_used = ++uses;
    target->lent = target->owed = 0;
    atomic32_store(&target->status_size, 0);
    atomic32_store(&target->foreign_messages, 0);
    atomic32_store(&target->lost, 0);
    atomic32_store(&target->rejected, 0);
    atomic32_store(&target->taken, 1);
    atomic32_store(&target->accepting, 1);
    return 0;
}

int notify_open(const struct ras_api *api)
{
    struct target *target;

    os_lock(&opening);
    target = choose(api);
    if (target != NULL && make_ready(target, api) != 0)
        target = NULL;
    os_unlock(&opening);
    return target == NULL ? -1 : (int)(target - targets);
}

/* Round and round, so that a late callback of a dial that is over finds nobody. */
uint64_t notify_dial(int target, int hold_errors)
{
    uint64_t number = 0;

    os_lock(&opening);
    for (int tried = 0; number == 0 && tried < NOTIFY_DIALS; tried++) {
        dials_begun++;
        if (atomic64_load(&in_use[dials_begun % NOTIFY_DIALS]) != 0)
            continue;
        number = dials_begun;
        atomic64_store(&first_called[number % NOTIFY_DIALS], 0);
        atomic64_store(&in_use[number % NOTIFY_DIALS],
                       number << NUMBER | (hold_errors ? HOLDS : 0) | (uint64_t)(target + 1));
    }
    os_unlock(&opening);
    return number;
}

int64_t notify_first_called(uint64_t dial)
{
    return (int64_t)atomic64_load(&first_called[dial % NOTIFY_DIALS]);
}

void notify_dial_over(uint64_t dial)
{
    uint64_t use = atomic64_load(&in_use[dial % NOTIFY_DIALS]);

    if (use >> NUMBER == dial) /* else a child of fork() has forgotten it */
        atomic64_store(&in_use[dial % NOTIFY_DIALS], 0);
}

static void stop_relay(struct target *target)
{
    if (target->relay == RELAY_NONE)
        return;
    atomic32_store(&target->relay_stop, 1);
    os_wake_signal(&target->wake);
    os_thread_join(target->relay_thread);
    target->relay = RELAY_NONE;
}

void notify_shut(int number)
{
    struct target *target = &targets[number];

    atomic32_store(&target->accepting, 0);
    os_lock(&target->lock);
    for (struct hold *hold = target->holds; hold != NULL; hold = hold->next)
        hold->released = 1;
    os_broadcast(&target->released);
    os_unlock(&target->lock);
}

void notify_close(int number)
{
    struct target *target = &targets[number];
    struct node *node;

    notify_shut(number);
    stop_relay(target);
    discard(target);
    while ((node = take_reserved(target)) != NULL)
        free(node);
    atomic32_store(&target->taken, 0);
}

int notify_reserve(int number)
{
    struct node *node = allocate();

    if (node == NULL)
        return -1;
    node->origin = RESERVED;
    os_lock(&targets[number].lock);
    put_reserved(&targets[number], node);
    os_unlock(&targets[number].lock);
    return 0;
}

/* A node that carries an event may be the caller's, so that one is given up first: what is left in
 * reserve is enough for the other dials, whoever of them has had its terminal event. */
void notify_unreserve(int number)
{
    struct target *target = &targets[number];
    struct node *node = NULL;

    os_lock(&target->lock);
    if (target->owed < target->lent) {
        target->owed++;
    } else if ((node = target->reserve) != NULL) {
        target->reserve = node->next;
    }
    os_unlock(&target->lock);
    free(node);
}

/* The events are copied so that their memory is RAS's again before anybody looks at them. */
int notify_drain(int number, notify_sink sink)
{
    struct target *target = &targets[number];
    struct notify_event few[NOTIFY_FEW], *all = NULL, *events = few;
    int room = NOTIFY_FEW, waited, count;

    if (target->ready == NULL) {
        os_wake_clear(&target->wake);
        collect(target);
    }
    waited = target->ready_count;
    if (waited > room && (all = NOTIFY_MALLOC((size_t)waited * sizeof *all)) != NULL) {
        events = all;
        room = waited;
    }
    do {
        for (count = 0; count < room && target->ready != NULL; count++)
            hand_over(target, &events[count]);
    } while (count > 0 && sink(number, events, count));
    free(all);
    return waited;
}

void notify_release(uint64_t hold)
{
    struct target *target = &targets[hold % NOTIFY_TARGETS];

    os_lock(&target->lock);
    for (struct hold *held = target->holds; held != NULL; held = held->next)
        if (held->number == hold)
            held->released = 1;
    os_broadcast(&target->released);
    os_unlock(&target->lock);
}

int notify_descriptor(int number) { return os_wake_descriptor(&targets[number].wake); }

static void relay_main(void *argument)
{
    struct target *target = argument;

    os_thread_relay_priority();
    for (;;) {
        os_wake_wait(&target->wake);
        if (atomic32_load(&target->relay_stop))
            return;
        if (target->relay == RELAY_SOCKET)
            os_send_byte(target->relay_socket);
        else
            target->relay_python((int)(target - targets));
    }
}

static int start_relay(struct target *target, enum relay relay)
{
    target->relay = relay;
    atomic32_store(&target->relay_stop, 0);
    if (os_thread_start(&target->relay_thread, relay_main, target) == 0)
        return 0;
    target->relay = RELAY_NONE;
    return -1;
}

int notify_relay_to_socket(int number, uintptr_t socket)
{
    targets[number].relay_socket = socket;
    return start_relay(&targets[number], RELAY_SOCKET);
}

int notify_relay_to_python(int number, notify_python_wake wake)
{
    targets[number].relay_python = wake;
    return start_relay(&targets[number], RELAY_PYTHON);
}

void notify_count(int number, struct notify_counters *counters)
{
    struct target *target = &targets[number];

    counters->foreign_messages = atomic32_load(&target->foreign_messages);
    counters->lost = atomic32_load(&target->lost);
    counters->rejected = atomic32_load(&target->rejected);
}

int notify_busy(int number) { return (int)atomic32_load(&targets[number].in_flight); }

void notify_after_fork(void)
{
    for (struct target *target = targets; target < targets + NOTIFY_TARGETS; target++) {
        if (target->has_wake)
            os_wake_close(&target->wake); /* this process's copies */
        if (target->has_lock)
            memset(target, 0, sizeof *target);
    }
    memset(in_use, 0, sizeof in_use);
    memset(first_called, 0, sizeof first_called);
    os_mutex_init(&opening);
}
