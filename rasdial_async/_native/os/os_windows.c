/* SPDX-License-Identifier: MIT */
#ifdef _WIN32

#include "os.h"

#include <errno.h>
#include <process.h>
#include <stdlib.h>

struct start {
    void (*run)(void *);
    void *argument;
};

uint64_t os_now(void)
{
    const uint64_t second = UINT64_C(1000000000);
    LARGE_INTEGER frequency, count;
    uint64_t per_second, ticks;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    per_second = (uint64_t)frequency.QuadPart;
    ticks = (uint64_t)count.QuadPart;
    return ticks / per_second * second + ticks % per_second * second / per_second;
}

void os_mutex_init(os_mutex *mutex)
{
    InitializeSRWLock(mutex);
}

void os_mutex_destroy(os_mutex *mutex)
{
    (void)mutex;
}

void os_lock(os_mutex *mutex)
{
    AcquireSRWLockExclusive(mutex);
}

void os_unlock(os_mutex *mutex)
{
    ReleaseSRWLockExclusive(mutex);
}

int os_cond_init(os_cond *cond)
{
    InitializeConditionVariable(cond);
    return 0;
}

void os_cond_destroy(os_cond *cond)
{
    (void)cond;
}

void os_wait(os_cond *cond, os_mutex *mutex)
{
    SleepConditionVariableSRW(cond, mutex, INFINITE, 0);
}

void os_wait_until(os_cond *cond, os_mutex *mutex, uint64_t due)
{
    uint64_t now, milliseconds;

    if (due == OS_FOREVER) {
        os_wait(cond, mutex);
        return;
    }
    now = os_now();
    milliseconds = due > now ? (due - now + OS_MILLISECOND - 1) / OS_MILLISECOND : 0;
    if (milliseconds > 0x7FFFFFFF)
        milliseconds = 0x7FFFFFFF;
    SleepConditionVariableSRW(cond, mutex, (DWORD)milliseconds, 0);
}

void os_signal(os_cond *cond)
{
    WakeConditionVariable(cond);
}

void os_broadcast(os_cond *cond)
{
    WakeAllConditionVariable(cond);
}

static unsigned __stdcall thread_main(void *argument)
{
    struct start start = *(struct start *)argument;

    free(argument);
    start.run(start.argument);
    return 0;
}

int os_thread_start(os_thread *thread, void (*run)(void *), void *argument)
{
    struct start *start = malloc(sizeof *start);

    if (!start)
        return -1;
    start->run = run;
    start->argument = argument;
    *thread = (HANDLE)_beginthreadex(NULL, 0, thread_main, start, 0, NULL);
    if (!*thread) {
        free(start);
        return -1;
    }
    return 0;
}

void os_thread_join(os_thread thread)
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

uint64_t os_thread_id(void)
{
    return GetCurrentThreadId();
}

/* Windows lifts a thread's priority when its wait ends, which would let it push RAS's thread off the
 * processor in the middle of the callback. */
void os_thread_relay_priority(void)
{
    SetThreadPriorityBoost(GetCurrentThread(), TRUE);
}

int os_event_share(os_event *event, HANDLE handle)
{
    HANDLE own = GetCurrentProcess();

    return DuplicateHandle(own, handle, own, event, 0, FALSE, DUPLICATE_SAME_ACCESS) ? 0 : -1;
}

void os_event_set(os_event event)
{
    SetEvent(event);
}

void os_event_drop(os_event event)
{
    CloseHandle(event);
}

struct os_errors os_errors_keep(void)
{
    return (struct os_errors){errno, GetLastError()};
}

void os_errors_restore(struct os_errors errors)
{
    errno = errors.c;
    SetLastError(errors.system);
}

DWORD os_last_error(DWORD code)
{
    if (code)
        SetLastError(code);
    return code;
}

#else
typedef int os_windows_is_for_windows; /* C wants a declaration in every file */
#endif
