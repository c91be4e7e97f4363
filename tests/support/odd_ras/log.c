/* SPDX-License-Identifier: MIT
 *
 * The log of the library: every dial, callback and hang-up, in order. A replay repeats an earlier log:
 * each thread waits before its next record until the record's turn has come. A thread that waits longer
 * than PATIENCE skips the planned record, so a replay that diverges still goes on.
 */
#include "odd_ras.h"

#include <stdlib.h>
#include <string.h>

#define MAX_RECORDS 65536
#define PATIENCE 100 /* milliseconds */

struct record {
    int64_t at; /* now_ns() */
    uint32_t kind, serial, tag, nth, handle, state, error, value;
};

static struct record records[MAX_RECORDS]; /* under the lock, as all of this */
static uint32_t count;
static struct record *order;
static uint32_t order_length, turn, skips;

static int is_of(const struct record *planned, const struct record *record)
{
    return planned->kind == record->kind && planned->tag == record->tag &&
           planned->nth == record->nth && planned->value == record->value;
}

static int has_a_turn(const struct record *record)
{
    for (uint32_t i = turn; i < order_length; i++)
        if (is_of(&order[i], record))
            return 1;
    return 0;
}

static void wait_for_turn(const struct record *record)
{
    uint32_t before = turn;
    int64_t until = now_ms() + PATIENCE;

    while (has_a_turn(record) && !is_of(&order[turn], record)) {
        int64_t now = now_ms();

        if (turn != before) {
            before = turn;
            until = now + PATIENCE;
        }
        if (now < until) {
            wait_for_change(until - now);
        } else {
            turn++;
            skips++;
            change();
        }
    }
    if (turn < order_length && is_of(&order[turn], record)) {
        turn++;
        change();
    }
}

static void keep(struct record *record)
{
    if (record->tag)
        wait_for_turn(record);
    record->at = now_ns();
    if (count < MAX_RECORDS)
        records[count] = *record;
    count++;
}

static struct record record_of(enum happening kind, const struct line *line, uint32_t value)
{
    struct record record = {.kind = kind, .value = value};

    if (line != NULL) {
        record.serial = line->serial;
        record.tag = line->tag;
        record.nth = line->nth;
        record.handle = (uint32_t)(uintptr_t)line->handle;
        record.state = line->state;
        record.error = line->error;
    }
    return record;
}

void record(enum happening kind, const struct line *line, uint32_t value)
{
    struct record record = record_of(kind, line, value);

    keep(&record);
}

/* With what the callback tells: a hang-up may have changed the line's state meanwhile. */
void record_callback(enum happening kind, const struct line *line, uint32_t state, uint32_t error,
                     uint32_t value)
{
    struct record record = record_of(kind, line, value);

    record.state = state;
    record.error = error;
    keep(&record);
}

void record_handle(const struct line *line)
{
    if (count <= MAX_RECORDS)
        records[count - 1].handle = (uint32_t)(uintptr_t)line->handle;
}

void forget_log(void)
{
    count = 0;
    free(order);
    order = NULL;
    order_length = turn = skips = 0;
}

EXPORT void odd_note(uint32_t tag, uint32_t value)
{
    struct record record = {.kind = NOTED, .tag = tag, .value = value};

    lock();
    keep(&record);
    unlock();
}

/* Copies the records from `first` on; returns how many there are, which may be more than fit. */
EXPORT uint32_t odd_log(struct record *to, uint32_t first, uint32_t room)
{
    uint32_t all;

    lock();
    all = count;
    for (uint32_t i = first; i < all && i < MAX_RECORDS && i - first < room; i++)
        to[i - first] = records[i];
    unlock();
    return all;
}

/* What happens from now on is to happen in this order. */
EXPORT void odd_replay(const struct record *planned, uint32_t length)
{
    lock();
    free(order);
    order = malloc(length * sizeof *order + 1);
    if (order == NULL)
        abort();
    memcpy(order, planned, length * sizeof *order);
    order_length = length;
    turn = skips = 0;
    unlock();
}

/* How many records of the order did not come in time. */
EXPORT uint32_t odd_skips(void)
{
    uint32_t found;

    lock();
    found = skips;
    unlock();
    return found;
}

EXPORT int64_t odd_now(void) { return now_ns(); }
