/* SPDX-License-Identifier: MIT
 *
 * Jobs wait in a heap ordered by time; workers run them. One idle worker, the leader, sleeps until
 * the first job is due; the others sleep until called, the one that came last first, and end when
 * nobody has called for a second. Whoever takes a job sees to it that somebody leads, since a
 * callback may block for as long as it likes.
 *
 * More workers than EAGER join only where those at work have come to a stop (or fall far behind):
 * a burst of short steps is done sooner by few threads than by hundreds.
 */
#include "core.h"

#include <stdlib.h>

#define WORKER_LIMIT 256
#define EAGER 4
#define LINGER (1000 * OS_MILLISECOND)
#define STALL OS_MILLISECOND
#define LATE (10 * OS_MILLISECOND)

struct worker {
    struct worker *next; /* in the stack of idle workers */
    struct engine *engine;
    os_thread thread;
    os_cond wake;
    int called;
};

static int before(const struct job *left, const struct job *right)
{
    return left->due != right->due ? left->due < right->due : left->order < right->order;
}

static void put(struct engine *engine, size_t place, struct job *job)
{
    engine->heap[place - 1] = job;
    job->place = place;
}

static void sift(struct engine *engine, struct job *job, size_t place)
{
    struct job **heap = engine->heap;

    while (place > 1 && before(job, heap[place / 2 - 1])) {
        put(engine, place, heap[place / 2 - 1]);
        place /= 2;
    }
    for (;;) {
        size_t child = place * 2;

        if (child > engine->jobs)
            break;
        if (child < engine->jobs && before(heap[child], heap[child - 1]))
            child++;
        if (!before(heap[child - 1], job))
            break;
        put(engine, place, heap[child - 1]);
        place = child;
    }
    put(engine, place, job);
}

int jobs_reserve(struct engine *engine, size_t jobs)
{
    size_t room = engine->job_room ? engine->job_room : 64;
    struct job **heap;

    if (jobs <= engine->job_room)
        return 0;
    while (room < jobs)
        room *= 2;
    heap = realloc(engine->heap, room * sizeof *heap);
    if (!heap)
        return -1;
    engine->heap = heap;
    engine->job_room = room;
    return 0;
}

void job_cancel(struct engine *engine, struct job *job)
{
    size_t place = job->place;
    struct job *last;

    if (!place)
        return;
    last = engine->heap[--engine->jobs];
    job->place = 0;
    if (last != job)
        sift(engine, last, place);
}

static void worker_main(void *argument);

static int start_worker(struct engine *engine)
{
    struct worker *worker = calloc(1, sizeof *worker);

    if (!worker)
        return -1;
    worker->engine = engine;
    if (os_cond_init(&worker->wake) == 0) {
        /* Under the lock, so that the new thread finds `thread` filled in. */
        if (os_thread_start(&worker->thread, worker_main, worker) == 0) {
            engine->workers++;
            engine->coming++;
            return 0;
        }
        os_cond_destroy(&worker->wake);
    }
    free(worker);
    return -1;
}

static void call_worker(struct engine *engine)
{
    struct worker *worker = engine->idle;

    if (engine->leader) {
        os_signal(&engine->leader->wake);
    } else if (engine->coming) {
        /* It will look at the heap as soon as it has the lock. */
    } else if (worker) {
        engine->idle = worker->next;
        engine->coming++;
        worker->called = 1;
        os_signal(&worker->wake);
    } else if (engine->workers < WORKER_LIMIT) {
        start_worker(engine); /* where that fails, the ones at work get to it later */
    }
}

static int became_first(struct engine *engine, struct job *job, uint64_t due)
{
    job->due = due;
    job->order = engine->job_order++;
    sift(engine, job, job->place ? job->place : ++engine->jobs);
    return engine->heap[0] == job;
}

void job_start(struct engine *engine, struct job *job, uint64_t due)
{
    if (became_first(engine, job, due) && !engine->closing)
        call_worker(engine);
}

void job_again(struct engine *engine, struct job *job, uint64_t due)
{
    if (became_first(engine, job, due) && engine->leader)
        os_signal(&engine->leader->wake);
}

int workers_ready(struct engine *engine)
{
    return engine->workers ? 0 : start_worker(engine);
}

static int may_take(struct engine *engine, uint64_t due, uint64_t now)
{
    if (engine->running < EAGER || now - engine->progress_at >= STALL)
        return 1;
    if (now - due < LATE || now - engine->joined_at < STALL)
        return 0;
    engine->joined_at = now;
    return 1;
}

static void run(struct engine *engine, struct job *job)
{
    job_cancel(engine, job);
    engine->running++;
    if (engine->jobs && !engine->leader)
        call_worker(engine);
    job->run(engine, job);
    engine->running--;
    if (!engine->connections.count && engine->leader)
        os_signal(&engine->leader->wake); /* it may linger and go, like the others */
}

static void lead(struct engine *engine, struct worker *worker, uint64_t until)
{
    engine->leader = worker;
    os_wait_until(&worker->wake, &engine->lock, until);
    engine->leader = NULL;
}

static void follow(struct engine *engine, struct worker *worker, uint64_t until)
{
    struct worker **link;

    worker->called = 0;
    worker->next = engine->idle;
    engine->idle = worker;
    while (!worker->called && !engine->closing && os_now() < until)
        os_wait_until(&worker->wake, &engine->lock, until);
    if (worker->called) {
        engine->coming--;
        return;
    }
    for (link = &engine->idle; *link != worker; link = &(*link)->next)
        ;
    *link = worker->next;
}

static void work(struct engine *engine, struct worker *worker)
{
    uint64_t idle_since = os_now();

    while (!engine->closing) {
        uint64_t now = os_now();
        uint64_t until = engine->jobs ? engine->heap[0]->due : OS_FOREVER;

        if (until <= now) {
            if (may_take(engine, until, now)) {
                run(engine, engine->heap[0]);
                engine->progress_at = idle_since = os_now();
                continue;
            }
            until = now + STALL;
        }
        if (engine->leader) {
            follow(engine, worker, idle_since + LINGER);
            if (worker->called)
                idle_since = os_now();
            else if (engine->workers > 1)
                return;
        } else {
            /* Somebody stays for as long as there are connections: they may have to end. */
            int needed = engine->connections.count || engine->jobs;

            if (!needed && now - idle_since >= LINGER)
                return;
            if (!needed)
                until = idle_since + LINGER;
            lead(engine, worker, until);
        }
    }
}

static void worker_main(void *argument)
{
    struct worker *worker = argument;
    struct engine *engine = worker->engine;
    os_thread previous;
    int has_previous;

    os_lock(&engine->lock);
    engine->coming--;
    work(engine, worker);
    engine->workers--;
    previous = engine->finished;
    has_previous = engine->has_finished;
    engine->finished = worker->thread;
    engine->has_finished = 1;
    if (!engine->workers)
        os_broadcast(&engine->dismissed);
    os_unlock(&engine->lock);
    os_cond_destroy(&worker->wake);
    free(worker);
    if (has_previous) /* each joins the one before it, so that the last one stands for all */
        os_thread_join(previous);
}

void workers_dismiss(struct engine *engine)
{
    struct worker *worker;

    if (engine->leader)
        os_signal(&engine->leader->wake);
    for (worker = engine->idle; worker; worker = worker->next)
        os_signal(&worker->wake);
    while (engine->workers)
        os_wait(&engine->dismissed, &engine->lock);
    if (engine->has_finished) {
        engine->has_finished = 0;
        os_unlock(&engine->lock);
        os_thread_join(engine->finished);
        os_lock(&engine->lock);
    }
}
