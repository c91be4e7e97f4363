/* SPDX-License-Identifier: MIT
 *
 * A dial and its program, which is the entry name.
 *
 *     "0 1 | handle 2 5!691/13"
 *
 * Words before the bar run inside RasDialW on the thread that called it, words after it on a thread
 * of the dial's own. RasDialW stores the handle when it returns, unless told otherwise.
 *
 *     5        calls back with state 5 (hexadecimal)         5!691/13  with an error, extended error
 *     message:N  the next callback has this unMsg            again:N   the last callback N more times
 *     handle   stores the handle now                         nothing   stores none
 *     return:N RasDialW returns N                            new       a new thread for each callback
 *     signal:G opens gate G                                  wait:G    waits for it
 *     late     a hang-up does not stop the words             hungup    waits for the hang-up
 *     gone     releases the port: the handle is invalid      forever   calls back for ever
 *     port:G   the port is released once gate G is open      refuse:N  RasHangUpW returns N
 *     storm:N  N callbacks; extended error counts from 0     shared    a dial while it is connected
 *     once:N   as refuse, for the next hang-up only                    takes a reference, silently
 *     pause:N  does nothing for N microseconds               slow:N    RasHangUpW takes so many
 *     ask:N    RasGetConnectStatusW takes so many            unsure    ... and fails every other time
 *     free:N   the port is released N microseconds later
 *     take     takes the handle now, not at first            linger:N  RasDialW stores the handle and
 *     status:N RasGetConnectStatusW has this state now                 returns N microseconds later
 *     asked:G  once the line is hung up, RasGetConnectStatusW opens the gate `asked` and waits for G
 *     #N       the tag of the dial in the log; the           dead      the handle is invalid, and its
 *              extended error counts its callbacks                     value free, from now on
 *
 * A hang-up ends the words at the next one; a callback that is held keeps the port.
 */
#include "odd_ras.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct line lines[MAX_LINES];
static int64_t forever[MAX_LINES];

static void check_caller(struct line *line)
{
    if (line->dialing && !is_alive(line->caller))
        counters.lost_callers++;
}

struct call {
    struct line *line;
    DWORD state, error, extended_error;
    UINT message;
};

static void call_back(void *argument)
{
    struct call *call = argument;
    struct line *line = call->line;

    lock();
    check_caller(line);
    record_callback(CALLBACK_BEGAN, line, call->state, call->error, call->extended_error);
    counters.callbacks++;
    if (++counters.inside > counters.most_inside)
        counters.most_inside = counters.inside;
    change();
    unlock();
    line->notify(line->handle, call->message, call->state, call->error, call->extended_error);
    lock();
    record_callback(CALLBACK_ENDED, line, call->state, call->error, call->extended_error);
    counters.inside--;
    change();
    unlock();
}

static void report(struct line *line, struct call *call)
{
    int each_new = line->each_new;

    call->line = line;
    lock();
    if (call->message == DIAL_EVENT) {
        line->state = call->state;
        line->error = call->error;
        if (call->error != 0 || call->state == CONNECTED || call->state == DISCONNECTED)
            line->dialing = 0;
    }
    unlock();
    if (each_new)
        join_thread(start_thread(call_back, call));
    else
        call_back(call);
}

static int wait_gate(struct line *line, const char *name, size_t length)
{
    int *open, going_on;

    lock();
    open = gate(name, length);
    while (!*open && (line == NULL || line->late || !line->hung_up))
        wait_for_change(-1);
    going_on = *open;
    unlock();
    return going_on;
}

static void release_port(struct line *line)
{
    if (line->port_gate[0] != 0) {
        int late = line->late;

        line->late = 1; /* only the gate counts */
        wait_gate(line, line->port_gate, strlen(line->port_gate));
        line->late = late;
    }
    pause_us(line->free_pause);
    lock();
    while (line->in_dial)
        wait_for_change(-1);
    if (line->valid) { /* else it went dead */
        record(PORT_FREED, line, 0);
        line->valid = 0;
        change();
    }
    unlock();
}

/* As when the server hangs up: RAS gives the handle to the next dial. */
static void die(struct line *line)
{
    lock();
    while (line->in_dial)
        wait_for_change(-1);
    record(LINE_DEAD, line, 0);
    line->valid = line->dialing = 0;
    line->hung_up = 1;
    change();
    unlock();
}

static void wait_hung_up(struct line *line)
{
    lock();
    while (!line->hung_up)
        wait_for_change(-1);
    unlock();
}

static int is(const char *word, size_t length, const char *name)
{
    return length == strlen(name) && memcmp(word, name, length) == 0;
}

static const char *after(const char *word, const char *name)
{
    size_t length = strlen(name);

    return strncmp(word, name, length) == 0 ? word + length : NULL;
}

static void copy_name(char *target, const char *name, size_t length)
{
    lock();
    memcpy(target, name, length);
    target[length] = 0;
    unlock();
}

static void call_for_ever(struct line *line)
{
    int number = (int)(line - lines);

    lock();
    line->endless = 1;
    unlock();
    for (;;) {
        line->notify(line->handle, DIAL_EVENT, 0x77, 0, 0);
        __atomic_add_fetch(&forever[number], 1, __ATOMIC_SEQ_CST);
        pause_a_moment();
    }
}

/* Runs words up to the bar or the end. 0 = a hang-up ended them. */
int run_words(struct line *line)
{
    struct call call = {.message = DIAL_EVENT};

    for (;;) {
        const char *word = line->words, *value;
        size_t length;
        char *end;

        word += strspn(word, " ");
        length = strcspn(word, " ");
        line->words = word + length;
        if (length == 0 || is(word, length, "|") || is(word, length, "/"))
            return 1;
        lock();
        if (line->hung_up && !line->late) {
            unlock();
            return 0;
        }
        unlock();
        if (is(word, length, "handle") || is(word, length, "nothing")) {
            lock();
            if (word[0] == 'h') {
                record(HANDLE_STORED, line, 0);
                *line->cell = line->handle;
            }
            line->stored = 1;
            unlock();
        } else if (word[0] == '#') {
            continue;
        } else if (is(word, length, "take")) {
            lock();
            take_handle(line);
            unlock();
        } else if (is(word, length, "dead")) {
            die(line);
        } else if (is(word, length, "unsure")) {
            line->unsure = 1;
        } else if ((value = after(word, "pause:")) != NULL) {
            pause_us((uint32_t)strtoul(value, NULL, 10));
        } else if ((value = after(word, "slow:")) != NULL) {
            line->hang_up_pause = (uint32_t)strtoul(value, NULL, 10);
        } else if ((value = after(word, "free:")) != NULL) {
            line->free_pause = (uint32_t)strtoul(value, NULL, 10);
        } else if ((value = after(word, "ask:")) != NULL) {
            line->status_pause = (uint32_t)strtoul(value, NULL, 10);
        } else if ((value = after(word, "linger:")) != NULL) {
            line->linger = (uint32_t)strtoul(value, NULL, 10);
        } else if ((value = after(word, "status:")) != NULL) {
            lock();
            line->state = (uint32_t)strtoul(value, NULL, 16);
            unlock();
        } else if ((value = after(word, "return:")) != NULL) {
            line->answer = (DWORD)strtoul(value, NULL, 10);
        } else if (is(word, length, "new")) {
            line->each_new = 1;
        } else if ((value = after(word, "message:")) != NULL) {
            line->message = (UINT)strtoul(value, NULL, 0);
        } else if ((value = after(word, "signal:")) != NULL) {
            lock();
            *gate(value, (size_t)(word + length - value)) = 1;
            change();
            unlock();
        } else if ((value = after(word, "wait:")) != NULL) {
            if (!wait_gate(line, value, (size_t)(word + length - value)))
                return 0;
        } else if (is(word, length, "late")) {
            line->late = 1;
        } else if (is(word, length, "hungup")) {
            wait_hung_up(line);
        } else if (is(word, length, "gone")) {
            release_port(line);
        } else if (is(word, length, "forever")) {
            call_for_ever(line);
        } else if ((value = after(word, "again:")) != NULL) {
            for (unsigned long left = strtoul(value, NULL, 10); left > 0; left--)
                report(line, &call);
        } else if ((value = after(word, "storm:")) != NULL) {
            unsigned long count = strtoul(value, NULL, 10);

            call = (struct call){.message = DIAL_EVENT, .state = 0x77};
            for (call.extended_error = 0; call.extended_error < count; call.extended_error++)
                report(line, &call);
        } else if ((value = after(word, "port:")) != NULL) {
            copy_name(line->port_gate, value, (size_t)(word + length - value));
        } else if ((value = after(word, "asked:")) != NULL) {
            copy_name(line->asked_gate, value, (size_t)(word + length - value));
        } else if ((value = after(word, "refuse:")) != NULL || (value = after(word, "once:")) != NULL) {
            line->refusal = (uint32_t)strtoul(value, NULL, 10);
            line->refusals = word[0] == 'r' ? -1 : 1;
        } else if (!is(word, length, "shared")) {
            call = (struct call){.message = line->message};
            line->message = DIAL_EVENT;
            call.state = (DWORD)strtoul(word, &end, 16);
            if (*end == '!')
                call.error = (DWORD)strtoul(end + 1, &end, 10);
            if (*end == '/')
                call.extended_error = (DWORD)strtoul(end + 1, &end, 10);
            if (end != word + length)
                abort(); /* a word that there is not */
            if (line->tag)
                call.extended_error = line->calls++;
            report(line, &call);
        }
    }
}

void line_main(void *argument)
{
    struct line *line = argument;

    run_words(line);
    wait_hung_up(line);
    release_port(line);
    lock();
    line->used = line->has_thread = 0;
    counters.threads--;
    change();
    unlock();
}

/* --- For the tests -------------------------------------------------------------------------- */

/* Calls a RasDialFunc1 for many dials at once, a thread for each; dwExtendedError counts from 0. */
struct storm {
    notifier notify;
    HRASCONN handle;
    unsigned events;
    DWORD error;
};

static void storm_main(void *argument)
{
    struct storm *storm = argument;

    for (DWORD i = 0; i < storm->events; i++)
        storm->notify(storm->handle, DIAL_EVENT, 0x77, storm->error, i);
}

EXPORT void odd_storm(void *notify, unsigned dials, unsigned events, DWORD error)
{
    struct storm *storms = calloc(dials, sizeof *storms);
    thread_id *threads = calloc(dials, sizeof *threads);

    for (unsigned i = 0; i < dials; i++) {
        memcpy(&storms[i].notify, &notify, sizeof notify);
        storms[i].handle = (HRASCONN)(uintptr_t)(0xA000 + i);
        storms[i].events = events;
        storms[i].error = error;
        threads[i] = start_thread(storm_main, &storms[i]);
    }
    for (unsigned i = 0; i < dials; i++)
        join_thread(threads[i]);
    free(storms);
    free(threads);
}

/* At the end of the process, past the interpreter's: which threads of `forever` still call back? */
static void tell_who_calls_back(void)
{
    int64_t before[MAX_LINES], deadline = now_ms() + 5000;
    int calling = 0, alive = 0;

    for (int i = 0; i < MAX_LINES; i++) {
        before[i] = __atomic_load_n(&forever[i], __ATOMIC_SEQ_CST);
        calling += before[i] != 0;
    }
    for (int i = 0; i < MAX_LINES; i++) {
        if (before[i] == 0)
            continue;
        while (__atomic_load_n(&forever[i], __ATOMIC_SEQ_CST) < before[i] + 20 && now_ms() < deadline)
            pause_a_moment();
        alive += __atomic_load_n(&forever[i], __ATOMIC_SEQ_CST) >= before[i] + 20;
    }
    printf("%d of %d still call back\n", alive, calling);
    fflush(stdout);
}

EXPORT void odd_report_at_exit(void) { at_process_exit(tell_who_calls_back); }
