/* SPDX-License-Identifier: MIT
 *
 * A RAS library of our own that behaves unlike the simulator. It has the ABI of ras.h and no line
 * behind it: the entry name is the program of a dial, so a test says in one string what happens.
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
 *                                                                      takes a reference, silently
 *
 * A hang-up ends the words at the next one; a callback that is held keeps the port. A handle is the
 * lowest that is free, so values are used again at once.
 *
 * Built with -DNO_DIAL, -DNO_STATUS or -DNO_HANG_UP it lacks that function.
 */
#ifndef _WIN32
#define _GNU_SOURCE
#endif

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32

#include <windows.h>
#include <ras.h>
#define EXPORT __declspec(dllexport)
#define RAS_CALL WINAPI
typedef DWORD STATE;

static SRWLOCK mutex = SRWLOCK_INIT;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
#define lock() AcquireSRWLockExclusive(&mutex)
#define unlock() ReleaseSRWLockExclusive(&mutex)
#define change() WakeAllConditionVariable(&changed)
typedef HANDLE caller_id;
typedef HANDLE thread_id;

static int wait_for_change(int64_t milliseconds)
{
    return SleepConditionVariableSRW(&changed, &mutex, milliseconds < 0 ? INFINITE : (DWORD)milliseconds,
                                     0);
}

static int64_t now_ms(void) { return (int64_t)GetTickCount64(); }

static caller_id this_caller(void)
{
    HANDLE thread = NULL;

    DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &thread, 0, FALSE,
                    DUPLICATE_SAME_ACCESS);
    return thread;
}

static int is_alive(caller_id caller) { return WaitForSingleObject(caller, 0) == WAIT_TIMEOUT; }

struct start {
    void (*run)(void *);
    void *argument;
};

static DWORD WINAPI thread_main(LPVOID argument)
{
    struct start start = *(struct start *)argument;

    free(argument);
    start.run(start.argument);
    return 0;
}

static thread_id start_thread(void (*run)(void *), void *argument)
{
    struct start *start = malloc(sizeof *start);

    *start = (struct start){run, argument};
    return CreateThread(NULL, 256 * 1024, thread_main, start, 0, NULL);
}

static void join_thread(thread_id thread)
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

static void detach_thread(thread_id thread) { CloseHandle(thread); }
#define pause_a_moment() Sleep(1)

#else

#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define RAS_CALL
#define WINAPI
typedef uint32_t DWORD, UINT, STATE;
typedef uint16_t WCHAR;
typedef uint8_t BYTE;
typedef struct HRASCONN__ *HRASCONN;

/* The structures as far as this library reads and writes them: laid out by hand from ras.h. */
#pragma pack(push, 4)
typedef struct {
    DWORD dwSize;
    WCHAR szEntryName[257];
    WCHAR szPhoneNumber[129];
    WCHAR szCallbackNumber[129];
    WCHAR szUserName[257];
    WCHAR szPassword[257];
    WCHAR szDomain[16];
} RASDIALPARAMSW;
typedef struct {
    DWORD dwSize;
} RASDIALEXTENSIONS;
typedef struct {
    DWORD dwSize;
    STATE rasconnstate;
    DWORD dwError;
    WCHAR szDeviceType[17];
    WCHAR szDeviceName[129];
} RASCONNSTATUSW;
typedef struct {
    DWORD dwSize;
    HRASCONN hrasconn;
    WCHAR szEntryName[257];
    WCHAR szDeviceType[17];
    WCHAR szDeviceName[129];
} RASCONNW;
typedef struct {
    DWORD dwSize;
    WCHAR szEntryName[257];
} RASENTRYNAMEW;
#pragma pack(pop)

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
#define lock() pthread_mutex_lock(&mutex)
#define unlock() pthread_mutex_unlock(&mutex)
#define change() pthread_cond_broadcast(&changed)
typedef long caller_id;
typedef pthread_t thread_id;

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int wait_for_change(int64_t milliseconds)
{
    int64_t until = now_ms() + milliseconds;
    struct timespec deadline = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};

    if (milliseconds < 0)
        return pthread_cond_wait(&changed, &mutex) == 0;
    return pthread_cond_timedwait(&changed, &mutex, &deadline) == 0;
}

static caller_id this_caller(void) { return syscall(SYS_gettid); }
static int is_alive(caller_id caller) { return syscall(SYS_tgkill, getpid(), caller, 0) == 0; }

struct start {
    void (*run)(void *);
    void *argument;
};

static void *thread_main(void *argument)
{
    struct start start = *(struct start *)argument;

    free(argument);
    start.run(start.argument);
    return NULL;
}

static thread_id start_thread(void (*run)(void *), void *argument)
{
    struct start *start = malloc(sizeof *start);
    sigset_t all, before;
    thread_id thread;

    *start = (struct start){run, argument};
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&thread, NULL, thread_main, start) != 0)
        abort();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return thread;
}

static void join_thread(thread_id thread) { pthread_join(thread, NULL); }
static void detach_thread(thread_id thread) { pthread_detach(thread); }
#define pause_a_moment() nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL)

#endif

#define DIAL_EVENT 0xCCCDu
#define CONNECTED 0x2000u
#define DISCONNECTED 0x2001u
#define NEWEST_STATUS 608u /* 64-bit; what is accepted is set by odd_accept */
#define MAX_LINES 512
#define MAX_GATES 64
#define MAX_SIZES 64

typedef void(RAS_CALL *notifier)(HRASCONN, UINT, DWORD, DWORD, DWORD);

/* One dial and what became of it. Its place in `lines` is its handle. */
struct line {
    int used;       /* has a thread, or a valid handle */
    int valid;      /* the handle is valid, and its port open */
    int references; /* hang-ups that it takes */
    int hung_up;
    int late;
    int each_new;
    int endless; /* calls back for ever: the handle is invalid as soon as it is hung up */
    int has_thread;
    uint32_t refusal;
    uint32_t state, error;
    UINT message;
    notifier notify;
    HRASCONN handle;
    HRASCONN *cell;
    int stored;
    DWORD answer;
    caller_id caller;
    int dialing;
    char entry[257];
    char port_gate[32];
    const char *words;
};

struct counters {
    int64_t dials, hang_ups, null_hang_ups, invalid_hang_ups, callbacks, inside, most_inside;
    int64_t threads, lost_callers, refused_sizes;
};

static struct line lines[MAX_LINES];
static struct counters counters;
static struct {
    char name[32];
    int open;
} gates[MAX_GATES];
static struct {
    DWORD size, code;
    DWORD seen[MAX_SIZES];
    int count;
} accepted[5]; /* RASDIALPARAMS, RASDIALEXTENSIONS, RASCONNSTATUS, RASCONN, RASENTRYNAME */
enum { PARAMS, EXTENSIONS, STATUS, CONNECTION, ENTRY };
static RASDIALPARAMSW *kept_params;
static char seen_password[257];
static int64_t forever[MAX_LINES];
static int lists_held, lists_asked;

/* --- Under the lock ------------------------------------------------------------------------- */

static int *gate(const char *name, size_t length)
{
    for (int i = 0; i < MAX_GATES; i++) {
        if (gates[i].name[0] == 0 && length < sizeof gates[i].name)
            memcpy(gates[i].name, name, length);
        if (strlen(gates[i].name) == length && memcmp(gates[i].name, name, length) == 0)
            return &gates[i].open;
    }
    abort();
}

static struct line *find(HRASCONN handle)
{
    for (struct line *line = lines; line < lines + MAX_LINES; line++)
        if (line->valid && line->handle == handle)
            return line;
    return NULL;
}

static int accepts(int kind, DWORD size)
{
    if (accepted[kind].count < MAX_SIZES)
        accepted[kind].seen[accepted[kind].count++] = size;
    return accepted[kind].size == 0 || accepted[kind].size == size;
}

static void check_caller(struct line *line)
{
    if (line->dialing && !is_alive(line->caller))
        counters.lost_callers++;
}

static void put_ascii(WCHAR *target, const char *text)
{
    while ((*target++ = (WCHAR)(unsigned char)*text++) != 0) {
    }
}

/* --- A line --------------------------------------------------------------------------------- */

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
    counters.callbacks++;
    if (++counters.inside > counters.most_inside)
        counters.most_inside = counters.inside;
    change();
    unlock();
    line->notify(line->handle, call->message, call->state, call->error, call->extended_error);
    lock();
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
    lock();
    line->valid = 0;
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
static int run_words(struct line *line)
{
    struct call call = {.message = DIAL_EVENT};

    for (;;) {
        const char *word = line->words, *value;
        size_t length;
        char *end;

        word += strspn(word, " ");
        length = strcspn(word, " ");
        line->words = word + length;
        if (length == 0 || is(word, length, "|"))
            return 1;
        lock();
        if (line->hung_up && !line->late) {
            unlock();
            return 0;
        }
        unlock();
        if (is(word, length, "handle") || is(word, length, "nothing")) {
            lock();
            line->stored = 1;
            if (word[0] == 'h')
                *line->cell = line->handle;
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
            memcpy(line->port_gate, value, (size_t)(word + length - value));
            line->port_gate[word + length - value] = 0;
        } else if ((value = after(word, "refuse:")) != NULL) {
            line->refusal = (uint32_t)strtoul(value, NULL, 10);
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
            report(line, &call);
        }
    }
}

static void line_main(void *argument)
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

/* --- ras.h ---------------------------------------------------------------------------------- */

#ifndef NO_DIAL
static DWORD add_reference(const char *entry, HRASCONN *cell)
{
    if (strncmp(entry, "shared", 6) != 0)
        return 0;
    for (struct line *line = lines; line < lines + MAX_LINES; line++)
        if (line->valid && !line->hung_up && line->state == CONNECTED &&
            strcmp(line->entry, entry) == 0) {
            line->references++;
            *cell = line->handle;
            return 1;
        }
    return 0;
}

static struct line *new_line(void)
{
    for (struct line *line = lines; line < lines + MAX_LINES; line++) {
        int taken = line->used || line->valid;

        if (taken)
            continue;
        memset(line, 0, sizeof *line);
        return line;
    }
    abort();
}

static HRASCONN free_handle(void)
{
    uintptr_t value = 0x5100;

    while (find((HRASCONN)value) != NULL)
        value += 0x10;
    return (HRASCONN)value;
}

EXPORT DWORD WINAPI RasDialW(RASDIALEXTENSIONS *extensions, const WCHAR *phonebook,
                             RASDIALPARAMSW *params, DWORD notifier_type, void *notify,
                             HRASCONN *cell)
{
    struct line *line;
    DWORD answer;
    int i;

    (void)phonebook;
    if (notifier_type != 1 || *cell != NULL)
        return 87;
    lock();
    counters.dials++;
    change();
    if (extensions != NULL && !accepts(EXTENSIONS, extensions->dwSize)) {
        answer = accepted[EXTENSIONS].code;
        goto refused;
    }
    if (!accepts(PARAMS, params->dwSize)) {
        answer = accepted[PARAMS].code;
        goto refused;
    }
    kept_params = params;
    for (i = 0; i < 257; i++)
        seen_password[i] = (char)params->szPassword[i];
    line = new_line();
    for (i = 0; i < 256 && params->szEntryName[i] != 0; i++)
        line->entry[i] = (char)params->szEntryName[i];
    if (add_reference(line->entry, cell)) {
        unlock();
        return 0;
    }
    line->used = line->valid = line->references = line->dialing = 1;
    line->message = DIAL_EVENT;
    memcpy(&line->notify, &notify, sizeof notify);
    line->handle = free_handle();
    line->cell = cell;
    line->caller = this_caller();
    line->words = line->entry;
    unlock();

    run_words(line);
    lock();
    if (!line->stored)
        *cell = line->handle;
    answer = line->answer;
    line->words += strspn(line->words, " |");
    if (answer != 0 && *cell == NULL) { /* it never was */
        line->used = line->valid = line->dialing = 0;
        unlock();
        return answer;
    }
    if (*cell == NULL) /* nobody can hang it up */
        line->hung_up = 1;
    line->has_thread = 1;
    counters.threads++;
    change();
    unlock();
    detach_thread(start_thread(line_main, line));
    return answer;

refused:
    counters.refused_sizes++;
    unlock();
    return answer;
}
#endif

#ifndef NO_HANG_UP
EXPORT DWORD WINAPI RasHangUpW(HRASCONN handle)
{
    struct line *line;
    DWORD answer = 0;

    lock();
    counters.hang_ups++;
    change();
    line = find(handle);
    if (handle == NULL) {
        counters.null_hang_ups++;
        answer = 6;
    } else if (line == NULL || line->hung_up) {
        counters.invalid_hang_ups++;
        answer = 6;
    } else if (line->refusal != 0) {
        answer = line->refusal;
    } else if (--line->references == 0) {
        line->hung_up = 1;
        line->dialing = 0;
        line->state = DISCONNECTED;
        if (line->endless)
            line->valid = 0;
        change();
    }
    unlock();
    return answer;
}
#endif

#ifndef NO_STATUS
EXPORT DWORD WINAPI RasGetConnectStatusW(HRASCONN handle, RASCONNSTATUSW *status)
{
    struct line *line;
    DWORD answer = 0;

    lock();
    line = find(handle);
    if (!accepts(STATUS, status->dwSize)) {
        counters.refused_sizes++;
        answer = accepted[STATUS].code;
    } else if (line == NULL) {
        answer = 6;
    } else {
        status->rasconnstate = line->state;
        status->dwError = line->error;
        put_ascii(status->szDeviceType, "odd");
        put_ascii(status->szDeviceName, "Odd Device");
    }
    unlock();
    return answer;
}
#endif

static DWORD enumerate(int kind, void *rows, DWORD *bytes, DWORD *count)
{
    DWORD size, needed = 0, room = *bytes;
    DWORD answer = 0;

    memcpy(&size, rows, sizeof size);
    if (!accepts(kind, size)) {
        counters.refused_sizes++;
        return accepted[kind].code;
    }
    *count = 0;
    for (struct line *line = lines; line < lines + MAX_LINES; line++) {
        BYTE *row = (BYTE *)rows + needed;

        if (!line->valid || line->hung_up || line->state != CONNECTED)
            continue;
        needed += size;
        ++*count;
        if (needed > room) {
            answer = 603;
            continue;
        }
        memset(row, 0, size);
        memcpy(row, &size, sizeof size);
        if (kind == ENTRY) {
            put_ascii(((RASENTRYNAMEW *)row)->szEntryName, line->entry);
        } else {
            ((RASCONNW *)row)->hrasconn = line->handle;
            put_ascii(((RASCONNW *)row)->szEntryName, line->entry);
            put_ascii(((RASCONNW *)row)->szDeviceType, "odd");
            put_ascii(((RASCONNW *)row)->szDeviceName, "Odd Device");
        }
    }
    *bytes = needed;
    return answer;
}

EXPORT DWORD WINAPI RasEnumConnectionsW(RASCONNW *rows, DWORD *bytes, DWORD *count)
{
    DWORD answer;

    lock();
    lists_asked = 1;
    change();
    while (lists_held)
        wait_for_change(-1);
    answer = enumerate(CONNECTION, rows, bytes, count);
    unlock();
    return answer;
}

/* The entries of this library are the programs that are running. */
EXPORT DWORD WINAPI RasEnumEntriesW(const WCHAR *reserved, const WCHAR *phonebook, RASENTRYNAMEW *rows,
                                    DWORD *bytes, DWORD *count)
{
    DWORD answer;

    (void)reserved;
    (void)phonebook;
    lock();
    answer = enumerate(ENTRY, rows, bytes, count);
    unlock();
    return answer;
}

EXPORT DWORD WINAPI RasGetErrorStringW(UINT code, WCHAR *text, DWORD characters)
{
    char line[64];

    snprintf(line, sizeof line, "Odd text for %u.", (unsigned)code);
    if (strlen(line) >= characters)
        return 603;
    put_ascii(text, line);
    return 0;
}

/* --- For the tests -------------------------------------------------------------------------- */

EXPORT void odd_open(const char *name)
{
    lock();
    *gate(name, strlen(name)) = 1;
    change();
    unlock();
}

/* 1 once the gate is open; 0 = not within that time. */
EXPORT int odd_wait(const char *name, int milliseconds)
{
    int64_t deadline = now_ms() + milliseconds;
    int *open, answer;

    lock();
    open = gate(name, strlen(name));
    while (!*open && now_ms() < deadline)
        wait_for_change(deadline - now_ms());
    answer = *open;
    unlock();
    return answer;
}

static int64_t count(const char *name)
{
    int64_t found = 0;

    if (strcmp(name, "handles") == 0) {
        for (struct line *line = lines; line < lines + MAX_LINES; line++)
            found += line->valid;
        return found;
    }
#define COUNTER(n)                                                                                 \
    if (strcmp(name, #n) == 0)                                                                     \
        return counters.n;
    COUNTER(dials)
    COUNTER(hang_ups)
    COUNTER(null_hang_ups)
    COUNTER(invalid_hang_ups)
    COUNTER(callbacks)
    COUNTER(inside)
    COUNTER(most_inside)
    COUNTER(threads)
    COUNTER(lost_callers)
    COUNTER(refused_sizes)
    return -1;
}

EXPORT int64_t odd_count(const char *name)
{
    int64_t found;

    lock();
    found = count(name);
    unlock();
    return found;
}

/* Waits until a count has this value, or any value from it on; 0 = not within that time. */
EXPORT int odd_wait_count(const char *name, int64_t value, int or_more, int milliseconds)
{
    int64_t deadline = now_ms() + milliseconds, found;

    lock();
    while (found = count(name), !(found == value || (or_more && found > value)) && now_ms() < deadline)
        wait_for_change(deadline - now_ms());
    unlock();
    return found == value || (or_more && found > value);
}

/* Only this dwSize from now on, else `code`; 0 = any. */
EXPORT void odd_accept(int kind, DWORD size, DWORD code)
{
    lock();
    accepted[kind].size = size;
    accepted[kind].code = code;
    unlock();
}

EXPORT int odd_sizes(int kind, DWORD *sizes)
{
    int found;

    lock();
    found = accepted[kind].count;
    memcpy(sizes, accepted[kind].seen, (size_t)found * sizeof *sizes);
    unlock();
    return found;
}

/* The line goes dead: the handle is invalid at once, and its value free. */
EXPORT int odd_drop(const char *entry)
{
    int found = 0;

    lock();
    for (struct line *line = lines; line < lines + MAX_LINES; line++)
        if (line->valid && strcmp(line->entry, entry) == 0) {
            line->valid = line->dialing = 0;
            line->hung_up = 1;
            found++;
        }
    change();
    unlock();
    return found;
}

/* RasEnumConnectionsW takes its time, until this is called with 0. */
EXPORT void odd_hold_lists(int held)
{
    lock();
    lists_held = held;
    lists_asked = 0;
    change();
    unlock();
}

/* Waits until RasEnumConnectionsW has been called; 0 = not within that time. */
EXPORT int odd_wait_lists(int milliseconds)
{
    int64_t deadline = now_ms() + milliseconds;
    int asked;

    lock();
    while (!lists_asked && now_ms() < deadline)
        wait_for_change(deadline - now_ms());
    asked = lists_asked;
    unlock();
    return asked;
}

EXPORT void odd_allow_hang_up(void)
{
    lock();
    for (struct line *line = lines; line < lines + MAX_LINES; line++)
        line->refusal = 0;
    unlock();
}

/* The structure of the last dial: whoever reads it has kept its memory alive. */
EXPORT void *odd_params(void) { return kept_params; }
EXPORT const char *odd_password(void) { return seen_password; }

/* Forgets counts, gates and sizes. 0 = lines are still at work. */
EXPORT int odd_reset(void)
{
    int busy = 0;

    lock();
    for (struct line *line = lines; line < lines + MAX_LINES; line++)
        busy |= line->used || line->valid;
    if (!busy) {
        memset(&counters, 0, sizeof counters);
        memset(gates, 0, sizeof gates);
        memset(accepted, 0, sizeof accepted);
        kept_params = NULL;
    }
    unlock();
    return !busy;
}

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
static int report_at_exit;

EXPORT void odd_report_at_exit(void) { report_at_exit = 1; }

#ifndef _WIN32
__attribute__((destructor))
#endif
void odd_at_exit(void)
{
    int64_t before[MAX_LINES], deadline = now_ms() + 5000;
    int calling = 0, alive = 0;

    if (!report_at_exit)
        return;
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

#ifdef _WIN32
BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved)
{
    (void)module;
    (void)reserved;
    if (reason == DLL_PROCESS_DETACH)
        odd_at_exit();
    return TRUE;
}
#endif
