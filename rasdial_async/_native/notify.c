/* SPDX-License-Identifier: MIT
 *
 * What RAS's threads run while a dial is suspended.
 *
 * Purpose. RAS calls back on a thread of its own and keeps the dial standing still until the call
 * returns. So the callback does the least there is: read the clock, take a node, push it, wake the
 * event loop if nobody has done so since its last drain, return. It never takes the GIL, runs no
 * Python, and takes no lock but in the two cases named below.
 *
 * RasDialFunc1 carries no user data. A target is therefore a number known at compile time, for which
 * notify_targets.c has the functions that RAS calls; here it has its queue and its function table.
 * One target serves all dials of one loop over one library, for as long as any of them runs.
 *
 * Nodes come from a pool in the target, which is a stack as well, and from the allocator only when
 * that is used up: the first malloc of a new thread takes 60 to 250 microseconds on Linux, and RAS
 * calls back from new threads. For the same reason no variable here is one of the thread: in a library
 * that is loaded at run time the first look at it is such a malloc.
 *
 * Guarantees.
 *  - Every event that was let in is handed over exactly once, and the events of one dial in RAS's
 *    order: its callbacks are sequential, pushes are totally ordered by the CAS on `stack`, and
 *    notify_drain turns the chain around.
 *  - No wake is lost: whoever pushes onto an empty stack signals; notify_drain clears the signal before
 *    it takes the stack, so that a push after the taking finds the stack empty and signals again.
 *  - Without memory the terminal event of every dial still arrives: each dial sets a node aside
 *    beforehand for each of its links (notify_reserve), and a link has one. Only then is the lock taken.
 *  - After notify_close has returned, a callback touches nothing but two words of static memory,
 *    also after the interpreter is gone. Targets, gates and wake handles are never freed.
 *
 * The gate. `accepting` is read first and turns late callers away without counting them: were they
 * counted, threads that keep calling would keep `in_flight` above zero for ever. It is read once
 * more after counting, because the gate may have closed in between. A closed target is taken again
 * only when `in_flight` is zero.
 *
 * Holding. For a dial with `hold_errors` the callback of an error stays until it is released, so
 * that RAS stays where it is. It registers under the lock before its event is pushed (a fast
 * consumer must find it), leaves `in_flight` and then waits: a held callback keeps no gate open.
 * Closing releases every hold that is registered, and none registers once the gate is shut.
 *
 * Assumptions. RAS does not call the callback of one link from two threads at a time. A library is never
 * unloaded. One thread drains a target at a time.
 */
#include "notify.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

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
    atomic_uint_least32_t below; /* 1 + its index; 0 = none */
};

struct hold {
    struct hold *next;
    uint64_t number;
    int released;
};

enum relay { RELAY_NONE, RELAY_SOCKET, RELAY_PYTHON };

struct target {
    /* What each callback needs, on one line. */
    _Alignas(LINE) _Atomic(struct node *) stack;
    atomic_uint_least64_t pool_top; /* 1 + an index; above it a count that makes each value new */
    atomic_int accepting;
    atomic_int in_flight;
    host_wake wake;
    /* What few of them need. */
    atomic_uint status_size;
    atomic_uint_least64_t foreign_messages;
    atomic_uint_least64_t lost;
    atomic_uint_least64_t rejected;
    struct pooled pool[NOTIFY_POOL];
    struct ras_api api;
    /* The owner's. */
    atomic_int taken;
    uint64_t last_used;
    struct node *ready; /* off the stack, oldest first, and not handed over */
    int ready_count;
    int has_wake;
    enum relay relay;
    atomic_int relay_stop;
    host_thread relay_thread;
    uintptr_t relay_socket;
    notify_python_wake relay_python;
    /* Under the lock. */
    host_lock lock;
    int has_lock; /* and a pool */
    struct node *reserve;
    int lent; /* reserved nodes that carry an event */
    int owed; /* of these, those whose dial has given its own back: freed when they return */
    struct hold *holds;
    uint64_t last_hold;
};

static struct target targets[NOTIFY_TARGETS];
static host_lock opening = HOST_LOCK_INIT; /* around choosing a target and making it ready */
static uint64_t uses;

int64_t notify_clock(void) { return host_clock(); }
uint64_t notify_thread(void) { return host_thread_id(); }

/* --- On RAS's threads ----------------------------------------------------------------------- */

static struct node *take_pooled(struct target *target)
{
    uint64_t top = atomic_load(&target->pool_top), below;

    do {
        if ((uint32_t)top == 0)
            return NULL;
        below = atomic_load_explicit(&target->pool[(uint32_t)top - 1].below, memory_order_relaxed);
    } while (!atomic_compare_exchange_weak(&target->pool_top, &top,
                                           ((top >> 32) + 1) << 32 | below));
    return &target->pool[(uint32_t)top - 1].node;
}

static struct node *take_reserved(struct target *target)
{
    struct node *node;

    host_lock_take(&target->lock);
    node = target->reserve;
    if (node != NULL) {
        target->reserve = node->next;
        target->lent++;
    }
    host_lock_give(&target->lock);
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
    DWORD size = atomic_load_explicit(&target->status_size, memory_order_relaxed), code;
    RASCONNSTATUSW status;

    if (target->api.RasGetConnectStatusW == NULL)
        return NULL;
    code = ras_connect_status(&target->api, connection, &status, &size);
    atomic_store_explicit(&target->status_size, size, memory_order_relaxed);
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

    host_lock_take(&target->lock);
    registered = atomic_load(&target->accepting);
    if (registered) {
        hold->number = ++target->last_hold * NOTIFY_TARGETS + (uint64_t)(target - targets);
        hold->released = 0;
        hold->next = target->holds;
        target->holds = hold;
    }
    host_lock_give(&target->lock);
    return registered;
}

static void stay_held(struct target *target, struct hold *hold)
{
    struct hold **link;

    host_lock_take(&target->lock);
    while (!hold->released)
        host_lock_wait(&target->lock);
    for (link = &target->holds; *link != hold; link = &(*link)->next) {
    }
    *link = hold->next;
    host_lock_give(&target->lock);
}

static void push(struct target *target, struct node *node)
{
    struct node *head = atomic_load_explicit(&target->stack, memory_order_relaxed);

    do {
        node->next = head;
    } while (!atomic_compare_exchange_weak(&target->stack, &head, node));
    if (head == NULL)
        host_wake_signal(&target->wake);
}

static void announce(struct target *target, int hold_errors, DWORD sub_entry, HRASCONN connection,
                     UINT message, DWORD state, DWORD error, DWORD extended_error)
{
    struct hold hold = {0};

    if (!atomic_load_explicit(&target->accepting, memory_order_acquire)) {
        atomic_fetch_add_explicit(&target->rejected, 1, memory_order_relaxed);
        return;
    }
    atomic_fetch_add(&target->in_flight, 1);
    if (!atomic_load(&target->accepting)) {
        atomic_fetch_add_explicit(&target->rejected, 1, memory_order_relaxed);
    } else if (message != RAS_WM_RASDIALEVENT) {
        atomic_fetch_add_explicit(&target->foreign_messages, 1, memory_order_relaxed);
    } else {
        int64_t at = host_clock();
        int ask = state == RASCS_ConnectDevice || state == RASCS_DeviceConnected;
        const struct device *device = ask ? ask_device(target, connection) : NULL;
        struct node *node = new_node(target, state, error);

        if (node == NULL) {
            atomic_fetch_add_explicit(&target->lost, 1, memory_order_relaxed);
        } else {
            if (hold_errors && error != 0 && !register_hold(target, &hold))
                hold.number = 0;
            node->event = (struct notify_event){
                (uintptr_t)connection, device,    at, hold.number, state, error,
                extended_error,        sub_entry, host_thread_id()};
            push(target, node);
        }
    }
    atomic_fetch_sub_explicit(&target->in_flight, 1, memory_order_release);
    if (hold.number != 0)
        stay_held(target, &hold);
}

/* After a terminal state the links of a multilink dial that are on their way are nobody's business:
 * https://learn.microsoft.com/windows/win32/api/ras/nc-ras-rasdialfunc2 */
int notify_announce(int number, int hold_errors, DWORD sub_entry, HRASCONN connection, UINT message,
                    DWORD state, DWORD error, DWORD extended_error)
{
    struct target *target = &targets[number];

    announce(target, hold_errors, sub_entry, connection, message, state, error, extended_error);
    return (state & RASCS_DONE) == 0 && atomic_load_explicit(&target->accepting, memory_order_relaxed);
}

/* --- On the owner's side -------------------------------------------------------------------- */

static void put_pooled(struct target *target, struct node *node)
{
    struct pooled *pooled = (struct pooled *)node;
    uint64_t index = (uint64_t)(pooled - target->pool) + 1, top = atomic_load(&target->pool_top);

    do {
        atomic_store_explicit(&pooled->below, (uint32_t)top, memory_order_relaxed);
    } while (!atomic_compare_exchange_weak(&target->pool_top, &top,
                                           ((top >> 32) + 1) << 32 | index));
}

static void put_reserved(struct target *target, struct node *node)
{
    node->next = target->reserve;
    target->reserve = node;
}

static void return_reserved(struct target *target, struct node *node)
{
    host_lock_take(&target->lock);
    if (target->lent > 0) /* else the target was closed and opened meanwhile */
        target->lent--;
    if (target->owed > 0) {
        target->owed--;
    } else {
        put_reserved(target, node);
        node = NULL;
    }
    host_lock_give(&target->lock);
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
    struct node *newest = atomic_exchange(&target->stack, NULL), *oldest = NULL;

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
    return atomic_load(&target->taken) == 0 && atomic_load(&target->in_flight) == 0;
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

/* 0, or -1 without a wake handle. */
static int make_ready(struct target *target, const struct ras_api *api)
{
    if (!target->has_lock) {
        host_lock_init(&target->lock);
        for (uint32_t index = 0; index < NOTIFY_POOL; index++) {
            target->pool[index].node.origin = POOLED;
            put_pooled(target, &target->pool[index].node);
        }
        target->has_lock = 1;
    }
    if (!target->has_wake) {
        if (host_wake_open(&target->wake) != 0)
            return -1;
        target->has_wake = 1;
    }
    host_wake_clear(&target->wake);
    discard(target);
    target->api = *api;
    target->last_used = ++uses;
    target->lent = target->owed = 0;
    atomic_store(&target->status_size, 0);
    atomic_store(&target->foreign_messages, 0);
    atomic_store(&target->lost, 0);
    atomic_store(&target->rejected, 0);
    atomic_store(&target->taken, 1);
    atomic_store(&target->accepting, 1);
    return 0;
}

int notify_open(const struct ras_api *api)
{
    struct target *target;

    host_lock_take(&opening);
    target = choose(api);
    if (target != NULL && make_ready(target, api) != 0)
        target = NULL;
    host_lock_give(&opening);
    return target == NULL ? -1 : (int)(target - targets);
}

static void stop_relay(struct target *target)
{
    if (target->relay == RELAY_NONE)
        return;
    atomic_store(&target->relay_stop, 1);
    host_wake_signal(&target->wake);
    host_thread_join(target->relay_thread);
    target->relay = RELAY_NONE;
}

void notify_shut(int number)
{
    struct target *target = &targets[number];

    atomic_store(&target->accepting, 0);
    host_lock_take(&target->lock);
    for (struct hold *hold = target->holds; hold != NULL; hold = hold->next)
        hold->released = 1;
    host_lock_wake_all(&target->lock);
    host_lock_give(&target->lock);
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
    atomic_store(&target->taken, 0);
}

int notify_reserve(int number)
{
    struct node *node = allocate();

    if (node == NULL)
        return -1;
    node->origin = RESERVED;
    host_lock_take(&targets[number].lock);
    put_reserved(&targets[number], node);
    host_lock_give(&targets[number].lock);
    return 0;
}

/* A node that carries an event may be the caller's, so that one is given up first: what is left in
 * reserve is enough for the other dials, whoever of them has had its terminal event. */
void notify_unreserve(int number)
{
    struct target *target = &targets[number];
    struct node *node = NULL;

    host_lock_take(&target->lock);
    if (target->owed < target->lent) {
        target->owed++;
    } else if ((node = target->reserve) != NULL) {
        target->reserve = node->next;
    }
    host_lock_give(&target->lock);
    free(node);
}

/* The events are copied so that their memory is RAS's again before anybody looks at them. */
int notify_drain(int number, notify_sink sink)
{
    struct target *target = &targets[number];
    struct notify_event few[NOTIFY_FEW], *all = NULL, *events = few;
    int room = NOTIFY_FEW, waited, count;

    if (target->ready == NULL) {
        host_wake_clear(&target->wake);
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

    host_lock_take(&target->lock);
    for (struct hold *held = target->holds; held != NULL; held = held->next)
        if (held->number == hold)
            held->released = 1;
    host_lock_wake_all(&target->lock);
    host_lock_give(&target->lock);
}

int notify_descriptor(int number) { return host_wake_descriptor(&targets[number].wake); }

static void relay_main(void *argument)
{
    struct target *target = argument;

    host_thread_relay_priority();
    for (;;) {
        host_wake_wait(&target->wake);
        if (atomic_load(&target->relay_stop))
            return;
        if (target->relay == RELAY_SOCKET)
            host_send_byte(target->relay_socket);
        else
            target->relay_python((int)(target - targets));
    }
}

static int start_relay(struct target *target, enum relay relay)
{
    target->relay = relay;
    atomic_store(&target->relay_stop, 0);
    if (host_thread_start(&target->relay_thread, relay_main, target) == 0)
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

    counters->foreign_messages = atomic_load(&target->foreign_messages);
    counters->lost = atomic_load(&target->lost);
    counters->rejected = atomic_load(&target->rejected);
}

int notify_busy(int number) { return atomic_load(&targets[number].in_flight); }

void notify_after_fork(void)
{
    for (struct target *target = targets; target < targets + NOTIFY_TARGETS; target++) {
        if (target->has_wake)
            host_wake_close(&target->wake); /* this process's copies */
        if (target->has_lock)
            memset(target, 0, sizeof *target);
    }
    host_lock_init(&opening);
}
