/* SPDX-License-Identifier: MIT
 *
 * What threads wait with, and for: the lock, the clock, threads on both systems; gates and counters.
 */
#ifndef _WIN32
#define _GNU_SOURCE
#endif
#include "odd_ras.h"

#include <stdlib.h>
#include <string.h>

#ifdef _WIN32

static SRWLOCK mutex = SRWLOCK_INIT;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;

void lock(void) { AcquireSRWLockExclusive(&mutex); }
void unlock(void) { ReleaseSRWLockExclusive(&mutex); }
void change(void) { WakeAllConditionVariable(&changed); }

int wait_for_change(int64_t milliseconds)
{
    return SleepConditionVariableSRW(&changed, &mutex, milliseconds < 0 ? INFINITE : (DWORD)milliseconds,
                                     0);
}

int64_t now_ms(void) { return (int64_t)GetTickCount64(); }

int64_t now_ns(void)
{
    LARGE_INTEGER ticks, per_second;

    QueryPerformanceCounter(&ticks);
    QueryPerformanceFrequency(&per_second);
    return (int64_t)((double)ticks.QuadPart * 1e9 / (double)per_second.QuadPart);
}

caller_id this_caller(void)
{
    HANDLE thread = NULL;

    DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &thread, 0, FALSE,
                    DUPLICATE_SAME_ACCESS);
    return thread;
}

int is_alive(caller_id caller) { return WaitForSingleObject(caller, 0) == WAIT_TIMEOUT; }

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

thread_id start_thread(void (*run)(void *), void *argument)
{
    struct start *start = malloc(sizeof *start);

    *start = (struct start){run, argument};
    return CreateThread(NULL, 256 * 1024, thread_main, start, 0, NULL);
}

void join_thread(thread_id thread)
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

void detach_thread(thread_id thread) { CloseHandle(thread); }
void pause_a_moment(void) { Sleep(1); }
void pause_us(uint32_t microseconds) { Sleep((microseconds + 999) / 1000); }

/* A DLL's own exit handlers run when Windows has ended every other thread; those of the C runtime that
 * python.exe uses run before that. */
void at_process_exit(void (*run)(void))
{
    HMODULE runtime = GetModuleHandleW(L"ucrtbase.dll");
    int (*register_exit)(void (*)(void)) =
        (int (*)(void (*)(void)))(uintptr_t)GetProcAddress(runtime, "_crt_atexit");

    register_exit(run);
}

#else

#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

void lock(void) { pthread_mutex_lock(&mutex); }
void unlock(void) { pthread_mutex_unlock(&mutex); }
void change(void) { pthread_cond_broadcast(&changed); }

int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int wait_for_change(int64_t milliseconds)
{
    int64_t until = now_ms() + milliseconds;
    struct timespec deadline = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};

    if (milliseconds < 0)
        return pthread_cond_wait(&changed, &mutex) == 0;
    return pthread_cond_timedwait(&changed, &mutex, &deadline) == 0;
}

caller_id this_caller(void) { return syscall(SYS_gettid); }
int is_alive(caller_id caller) { return syscall(SYS_tgkill, getpid(), caller, 0) == 0; }

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

thread_id start_thread(void (*run)(void *), void *argument)
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

void join_thread(thread_id thread) { pthread_join(thread, NULL); }
void detach_thread(thread_id thread) { pthread_detach(thread); }
void pause_a_moment(void) { nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL); }

void pause_us(uint32_t microseconds)
{
    struct timespec time = {.tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000};

    if (microseconds > 0)
        nanosleep(&time, NULL);
}

void at_process_exit(void (*run)(void)) { atexit(run); }

#endif

/* --- Gates ---------------------------------------------------------------------------------- */

#define MAX_GATES 64

static struct {
    char name[32];
    int open;
} gates[MAX_GATES];

int *gate(const char *name, size_t length)
{
    for (int i = 0; i < MAX_GATES; i++) {
        if (gates[i].name[0] == 0 && length < sizeof gates[i].name)
            memcpy(gates[i].name, name, length);
        if (strlen(gates[i].name) == length && memcmp(gates[i].name, name, length) == 0)
            return &gates[i].open;
    }
    abort();
}

void forget_gates(void) { memset(gates, 0, sizeof gates); }

void open_gate(const char *name)
{
    *gate(name, strlen(name)) = 1;
    change();
}

void wait_for_gate(const char *name)
{
    while (!*gate(name, strlen(name)))
        wait_for_change(-1);
}

EXPORT void odd_open(const char *name)
{
    lock();
    open_gate(name);
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

/* --- Counters ------------------------------------------------------------------------------- */

struct counters counters;

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
