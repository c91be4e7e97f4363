/* SPDX-License-Identifier: MIT
 *
 * notify.c under fire. One argument: how much of everything, in percent.
 *
 * A consumer sleeps without a time-out until it is woken, so a lost wake stops it for good; the
 * watchdog, which serves nothing else, then tells which test stands still and aborts.
 *
 * What ThreadSanitizer sees. It does not model stand-alone fences; notify.c has none, only atomic
 * operations, and these it follows. It also takes every descriptor for a synchronization, so a
 * missing order between a producer and the consumer that it woke by a descriptor would go unseen
 * here: the plain build, and events that are drained without a wake, have to show that. And on
 * x86-64 no build meets the reorderings that weaker processors allow.
 */
#include "notify_stress.h"

/* --- Storm: nothing lost, doubled or out of order, every sleeper woken, holds hold ----------- */

static unsigned storm_events;
static atomic_uint foreign_sent[NOTIFY_TARGETS];

static void *produce(void *argument)
{
    unsigned producer = *(unsigned *)argument, seed = producer + 1;

    steps_to_stumble = producer % 2 * 11;

    for (unsigned event = 0; event < storm_events; event++)
        for (unsigned number = producer * WAYS; number < (producer + 1) * WAYS; number++) {
            struct dial *dial = &dials[number];

            if (event + 1 < storm_events && any(&seed) % 64 == 0) {
                atomic_fetch_add(&foreign_sent[dial->target], 1);
                announce_as(number, RAS_WM_RASDIALEVENT + 1, event % 25, 0);
            } else if (event + 1 < storm_events) {
                announce_next(number, event % 25, 0);
            } else if (number / WAYS % 2) {
                announce_next(number, 5, DIAL_ERROR);
                CHECK(atomic_load(&dial->released)); /* held until then */
            } else {
                announce_next(number, RASCS_Connected, 0);
            }
            gap(&seed);
        }
    return NULL;
}

static void storm(void)
{
    struct consumer consumers[WAYS];
    unsigned producers[PRODUCERS];
    pthread_t threads[PRODUCERS + WAYS];
    struct notify_counters counters;

    running = "storm";
    for (unsigned round = 0; round < scaled(40); round++) {
        storm_events = round % 4 == 0 ? 400 : 20; /* long dials, and ends that come together */
        atomic_store(&delivered, 0);
        memset(dials, 0, sizeof dials);
        for (int way = 0; way < WAYS; way++) {
            consumers[way] = (struct consumer){.target = open_target(), .way = way};
            atomic_store(&foreign_sent[consumers[way].target], 0);
            prepare(&consumers[way]);
        }
        for (unsigned number = 0; number < DIALS; number++) {
            begin_dial(&dials[number], consumers[number % WAYS].target, number / WAYS % 2);
            dials[number].expected = 1;
            CHECK(notify_reserve(dials[number].target) == 0);
        }
        for (int way = 0; way < WAYS; way++)
            threads[way] = start(consume, &consumers[way]);
        for (unsigned producer = 0; producer < PRODUCERS; producer++) {
            producers[producer] = producer;
            threads[WAYS + producer] = start(produce, &producers[producer]);
        }
        for (int thread = 0; thread < WAYS + PRODUCERS; thread++)
            join(threads[thread]);
        CHECK(atomic_load(&delivered) == DIALS * storm_events);
        for (unsigned number = 0; number < DIALS; number++)
            notify_dial_over(dials[number].number);
        for (int way = 0; way < WAYS; way++) {
            int target = consumers[way].target;

            notify_count(target, &counters);
            CHECK(counters.foreign_messages == atomic_load(&foreign_sent[target]));
            CHECK(counters.lost == 0 && counters.rejected == 0);
            CHECK(drain(target) == 0 && targets[target].reserve == NULL);
            notify_close(target);
            close_pair(consumers[way].ends);
        }
    }
}

/* --- Gate: closed and opened again under fire ------------------------------------------------ */

static atomic_int gate_over;

/* Every second dial is held at an error now and then: by a release or by the close it goes on. */
static void *hammer(void *argument)
{
    unsigned number = *(unsigned *)argument, seed = number + 1;

    steps_to_stumble = number + 1;
    while (!atomic_load_explicit(&gate_over, memory_order_relaxed)) {
        int hold = number % 2 && any(&seed) % 32 == 0;

        announce_next(number, any(&seed) % 5, hold ? DIAL_ERROR : 0);
        gap(&seed);
    }
    return NULL;
}

static int open_first(void)
{
    int target;

    while ((target = open_target()) != 0) { /* 0 has a late callback inside */
        notify_close(target);
        sched_yield();
    }
    return target;
}

/* Nobody is inside any more, so nobody can begin to be held. */
static void check_all_released(int target)
{
    os_lock(&targets[target].lock);
    for (struct hold *hold = targets[target].holds; hold != NULL; hold = hold->next)
        CHECK(hold->released);
    os_unlock(&targets[target].lock);
}

static void gate(void)
{
    unsigned numbers[PRODUCERS], seed = 7, rounds = scaled(600);
    pthread_t threads[PRODUCERS];
    int64_t longest = 0;
    unsigned late = 0;

    running = "gate";
    memset(dials, 0, sizeof dials);
    atomic_store(&gate_over, 0);
    atomic_store(&delivered, 0);
    for (unsigned number = 0; number < PRODUCERS; number++) {
        numbers[number] = number;
        dials[number].callback = callback_of(0, (int)number % 2);
        threads[number] = start(hammer, &numbers[number]);
    }
    for (unsigned round = 0; round < rounds; round++) {
        int target = open_first();
        int64_t begun;

        /* Somebody always fires, so that the sleep ends; a dial's events come without a gap for as
         * long as the gate is open, from whichever is the first to be let in. */
        for (unsigned wake = 0; wake < any(&seed) % 4; wake++) {
            await_wake(target);
            drain(target);
            for (unsigned number = 0; number < PRODUCERS; number++) {
                if (dials[number].ended && any(&seed) % 2)
                    notify_release(dials[number].hold);
                dials[number].ended = 0;
            }
        }
        if (round % 2) {
            shut_and_settle(target);
            /* Who calls from now on is turned away without being counted as inside. */
            for (int look = 0; look < 10; look++, sched_yield())
                late += notify_busy(target) > 0;
            check_all_released(target);
            for (unsigned number = 0; number < PRODUCERS; number++)
                dials[number].ended = 0;
            drain(target);
            CHECK(drain(target) == 0);
        }
        begun = notify_clock();
        notify_close(target);
        if (notify_clock() - begun > longest)
            longest = notify_clock() - begun;
        for (unsigned number = 0; number < PRODUCERS; number++) {
            dials[number].expected = 0;
            dials[number].ended = 0;
        }
    }
    CHECK(late < rounds / 2);
    CHECK(longest < LONGEST_CLOSE);
    atomic_store(&gate_over, 1);
    for (unsigned number = 0; number < PRODUCERS; number++)
        join(threads[number]); /* also who was held when the gate closed */
    CHECK(targets[0].holds == NULL && notify_busy(0) == 0);
    printf("gate: %u rounds, %llu events, longest close %.3f ms\n", rounds,
           (unsigned long long)atomic_load(&delivered), (double)longest / MILLISECOND);
}

/* Exact accounts: what was sent before the gate closed arrives, and the rest is counted. */
static void *send_some(void *argument)
{
    unsigned number = *(unsigned *)argument, seed = number + 1;

    steps_to_stumble = number + 1;
    for (unsigned event = 0; event < 200; event++) {
        announce_next(number, 9, 0);
        gap(&seed);
    }
    return NULL;
}

static void accounts(void)
{
    unsigned numbers[PRODUCERS];
    pthread_t threads[PRODUCERS];

    running = "accounts";
    for (unsigned round = 0; round < scaled(40); round++) {
        int target = open_target();
        struct notify_counters counters;

        memset(dials, 0, sizeof dials);
        atomic_store(&delivered, 0);
        for (unsigned number = 0; number < PRODUCERS; number++) {
            numbers[number] = number;
            dials[number].target = target;
            dials[number].expected = 1;
            dials[number].callback = callback_of(target, 0);
            threads[number] = start(send_some, &numbers[number]);
        }
        while (atomic_load(&delivered) < round * 32 % (PRODUCERS * 200))
            drain(target);
        shut_and_settle(target);
        drain(target);
        for (unsigned number = 0; number < PRODUCERS; number++)
            join(threads[number]);
        notify_count(target, &counters);
        CHECK(drain(target) == 0 && counters.lost == 0);
        CHECK(atomic_load(&delivered) + counters.rejected == PRODUCERS * 200);
        notify_close(target);
    }
}

/* --- Owners: many open and close at once; a target has one owner ------------------------------ */

static atomic_int owned[NOTIFY_TARGETS];
static unsigned owner_rounds;

/* Nothing older than the target, which says that it wants no more. */
static int take_young(int target, const struct notify_event *events, int count)
{
    for (int event = 0; event < count; event++)
        CHECK(events[event].at >= opened_at[target]);
    return 0;
}

static void *own(void *argument)
{
    (void)argument;
    for (unsigned round = 0; round < owner_rounds; round++) {
        int target = open_target();

        CHECK(atomic_exchange(&owned[target], 1) == 0);
        callback_of(target, 0)(handle_of(0), RAS_WM_RASDIALEVENT, 9, 0, 0);
        CHECK(notify_drain(target, take_young) > 0);
        CHECK(atomic_exchange(&owned[target], 0) == 1);
        notify_close(target);
        atomic_fetch_add(&progress, 1);
    }
    return NULL;
}

static void *shoot_at_all(void *argument)
{
    unsigned seed = 3;

    (void)argument;
    while (!atomic_load(&gate_over))
        callback_of((int)(any(&seed) % 6), 0)(handle_of(1), RAS_WM_RASDIALEVENT, 9, 0, 0);
    return NULL;
}

static void owners(void)
{
    pthread_t threads[6];

    running = "owners";
    owner_rounds = scaled(3000);
    atomic_store(&gate_over, 0);
    for (int thread = 0; thread < 6; thread++)
        threads[thread] = start(thread < 4 ? own : shoot_at_all, NULL);
    for (int thread = 0; thread < 6; thread++) {
        if (thread == 4)
            atomic_store(&gate_over, 1);
        join(threads[thread]);
    }
}

/* --- Dials: functions go round, and an event is that of the dial that had them ------------------ */

static atomic_ullong young; /* the number of a dial that began a moment ago */
static uint64_t mine_now;

static int take_mine(int target, const struct notify_event *events, int count)
{
    (void)target;
    for (int event = 0; event < count; event++)
        CHECK(events[event].dial == mine_now || events[event].extended_error != FIRST);
    return 1;
}

/* RAS calls the functions of dials that are over, or are somebody else's by now. */
static void *call_late(void *argument)
{
    (void)argument;
    while (!atomic_load(&gate_over))
        function_of(atomic_load(&young))(handle_of(1), RAS_WM_RASDIALEVENT, 9, 0, FIRST + 1);
    return NULL;
}

static void functions_go_round(void)
{
    int target = open_target();
    uint64_t numbers[NOTIFY_DIALS];
    pthread_t late;
    int taken = 0;

    running = "functions go round";
    atomic_store(&gate_over, 0);
    late = start(call_late, NULL);
    for (unsigned round = 0; round < scaled(20 * NOTIFY_DIALS); round++) {
        uint64_t before = mine_now;

        mine_now = notify_dial(target, 0);
        CHECK(mine_now > before);
        atomic_store(&young, mine_now);
        function_of(mine_now)(handle_of(0), RAS_WM_RASDIALEVENT, 9, 0, FIRST);
        CHECK(notify_drain(target, take_mine) > 0);
        notify_dial_over(mine_now);
        atomic_fetch_add(&progress, 1);
    }
    atomic_store(&gate_over, 1);
    join(late);
    notify_drain(target, take_mine);
    while (taken < NOTIFY_DIALS && (numbers[taken] = notify_dial(target, 0)) != 0)
        taken++;
    CHECK(taken > 0 && (taken == NOTIFY_DIALS || numbers[taken] == 0));
    CHECK(notify_dial(target, 0) == 0);
    notify_dial_over(numbers[taken / 2]);
    CHECK((numbers[taken / 2] = notify_dial(target, 0)) != 0);
    while (taken > 0)
        notify_dial_over(numbers[--taken]);
    notify_close(target);
}

/* --- Memory: it fails, and every dial's terminal event arrives all the same ------------------- */

static void fail(int first, int each)
{
    atomic_store(&fail_each, each);
    atomic_store(&fail_at, first);
}

/* Eight dials of twelve events, from one thread, drained now and then. */
static unsigned dial_without_memory(int first, int each)
{
    struct notify_counters counters;
    int target = open_target();
    unsigned lost;

    memset(dials, 0, sizeof dials);
    atomic_store(&delivered, 0);
    fail(first, each);
    for (unsigned number = 0; number < 8; number++) {
        dials[number].target = target;
        dials[number].callback = callback_of(target, 0);
        if (notify_reserve(target) != 0) {
            CHECK(first != 0);
            fail(0, 0);
            CHECK(notify_reserve(target) == 0); /* it was not counted as one */
            fail(each, each);
        }
    }
    for (unsigned event = 1; event <= 12; event++)
        for (unsigned number = 0; number < 8; number++) {
            int last = event == 12, error = last && number % 2;

            dials[number].expected = 0; /* a lost one is allowed: it is counted */
            announce_next(number, last && !error ? RASCS_Connected : event, error ? DIAL_ERROR : 0);
            if ((event * 8 + number) % 7 == 0)
                drain(target);
        }
    drain(target);
    fail(0, 0);
    notify_count(target, &counters);
    lost = (unsigned)counters.lost;
    CHECK(atomic_load(&delivered) + lost == 8 * 12);
    for (unsigned number = 0; number < 8; number++) {
        CHECK(dials[number].ended);
        notify_unreserve(target);
    }
    CHECK(targets[target].reserve == NULL);
    notify_close(target);
    return lost;
}

/* A dial that is given up while its terminal event waits takes no other dial's memory along. */
static void unreserve_before_drain(void)
{
    int target = open_target();

    memset(dials, 0, sizeof dials);
    for (unsigned number = 0; number < 2; number++) {
        dials[number].target = target;
        dials[number].callback = callback_of(target, 0);
        CHECK(notify_reserve(target) == 0);
    }
    fail(1, 1);
    for (unsigned event = 0; event < NOTIFY_POOL; event++)
        announce_next(1, 9, 0);
    announce_next(0, RASCS_Disconnected, 0);
    notify_unreserve(target);
    announce_next(1, RASCS_Connected, 0);
    CHECK(drain(target) == NOTIFY_POOL + 2 && dials[0].ended && dials[1].ended);
    notify_unreserve(target);
    CHECK(targets[target].reserve == NULL);
    fail(0, 0);
    notify_close(target);
}

static void memory(void)
{
    unsigned lost = 0;

    running = "memory";
    CHECK(dial_without_memory(0, 0) == 0);
    for (int each = 1; each < 110; each++)
        lost += dial_without_memory(each, each);
    for (int once = 1; once < 110; once++) {
        unsigned missing = dial_without_memory(once, 1000000);

        CHECK(missing <= 1);
        lost += missing;
    }
    CHECK(lost > 100);
    unreserve_before_drain();
    printf("memory: %u events lost and counted, no terminal one\n", lost);
}

int main(int count, char **arguments)
{
#ifdef _WIN32
    WSADATA data;

    CHECK(WSAStartup(MAKEWORD(2, 2), &data) == 0);
#endif
    if (count > 1)
        percent = (unsigned)strtoul(arguments[1], NULL, 10);
    start(watchdog, NULL);
    memory();
    accounts();
    gate();
    owners();
    functions_go_round();
    storm();
    running = "end";
    printf("%llu steps\n", (unsigned long long)atomic_load(&progress));
    return 0;
}
