/* SPDX-License-Identifier: MIT */
#ifndef _WIN32
#define _GNU_SOURCE
#endif

#include "host.h"

#include <stdlib.h>

struct start {
    void (*run)(void *);
    void *argument;
};

#ifdef _WIN32

int64_t host_clock(void)
{
    LARGE_INTEGER now, frequency;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&now);
    return now.QuadPart / frequency.QuadPart * 1000000000 +
           now.QuadPart % frequency.QuadPart * 1000000000 / frequency.QuadPart;
}

uint64_t host_thread_id(void) { return GetCurrentThreadId(); }

void host_lock_init(host_lock *lock)
{
    InitializeSRWLock(&lock->mutex);
    InitializeConditionVariable(&lock->changed);
}

void host_lock_take(host_lock *lock) { AcquireSRWLockExclusive(&lock->mutex); }
void host_lock_give(host_lock *lock) { ReleaseSRWLockExclusive(&lock->mutex); }
void host_lock_wake_all(host_lock *lock) { WakeAllConditionVariable(&lock->changed); }

void host_lock_wait(host_lock *lock)
{
    SleepConditionVariableSRW(&lock->changed, &lock->mutex, INFINITE, 0);
}

int host_wake_open(host_wake *wake)
{
    *wake = CreateEventW(NULL, FALSE, FALSE, NULL);
    return *wake == NULL ? -1 : 0;
}

void host_wake_close(host_wake *wake)
{
    CloseHandle(*wake);
    *wake = HOST_NO_WAKE;
}

void host_wake_signal(const host_wake *wake)
{
    DWORD kept = GetLastError();

    SetEvent(*wake);
    SetLastError(kept);
}

void host_wake_clear(const host_wake *wake) { ResetEvent(*wake); }
void host_wake_wait(const host_wake *wake) { WaitForSingleObject(*wake, INFINITE); }

int host_wake_descriptor(const host_wake *wake)
{
    (void)wake;
    return -1;
}

static DWORD WINAPI thread_main(LPVOID argument)
{
    struct start start = *(struct start *)argument;

    free(argument);
    start.run(start.argument);
    return 0;
}

int host_thread_start(host_thread *thread, void (*run)(void *), void *argument)
{
    struct start *start = malloc(sizeof *start);

    if (start == NULL)
        return -1;
    *start = (struct start){run, argument};
    *thread = CreateThread(NULL, 64 * 1024, thread_main, start, STACK_SIZE_PARAM_IS_A_RESERVATION,
                           NULL);
    if (*thread == NULL)
        free(start);
    return *thread == NULL ? -1 : 0;
}

void host_thread_join(host_thread thread)
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

/* Windows lifts a thread's priority when its wait ends, which would let it push RAS's thread off
 * the processor in the middle of the callback. */
void host_thread_relay_priority(void) { SetThreadPriorityBoost(GetCurrentThread(), TRUE); }

void host_send_byte(uintptr_t socket)
{
    static const char byte = 1;

    send((SOCKET)socket, &byte, 1, 0);
}

#else

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/eventfd.h>
#endif

int64_t host_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

uint64_t host_thread_id(void) { return (uint64_t)(uintptr_t)pthread_self(); }

void host_lock_init(host_lock *lock)
{
    pthread_mutex_init(&lock->mutex, NULL);
    pthread_cond_init(&lock->changed, NULL);
}

void host_lock_take(host_lock *lock) { pthread_mutex_lock(&lock->mutex); }
void host_lock_give(host_lock *lock) { pthread_mutex_unlock(&lock->mutex); }
void host_lock_wait(host_lock *lock) { pthread_cond_wait(&lock->changed, &lock->mutex); }
void host_lock_wake_all(host_lock *lock) { pthread_cond_broadcast(&lock->changed); }

int host_wake_open(host_wake *wake)
{
#ifdef __linux__
    wake->read_end = wake->write_end = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return wake->read_end < 0 ? -1 : 0;
#else
    int ends[2];

    if (pipe(ends) != 0)
        return -1;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    }
    wake->read_end = ends[0];
    wake->write_end = ends[1];
    return 0;
#endif
}

void host_wake_close(host_wake *wake)
{
    close(wake->read_end);
    if (wake->write_end != wake->read_end)
        close(wake->write_end);
    wake->read_end = wake->write_end = -1;
}

void host_wake_signal(const host_wake *wake)
{
    static const uint64_t one = 1; /* eventfd wants eight bytes; a pipe does not mind */
    int kept = errno;

    if (write(wake->write_end, &one, sizeof one) < 0) {
        /* Full: it is readable already, and that is all a wake says. */
    }
    errno = kept;
}

void host_wake_clear(const host_wake *wake)
{
    uint64_t taken[16];

    while (read(wake->read_end, taken, sizeof taken) == (ssize_t)sizeof taken) {
    }
}

void host_wake_wait(const host_wake *wake)
{
    struct pollfd watched = {.fd = wake->read_end, .events = POLLIN};

    while (poll(&watched, 1, -1) < 0 && errno == EINTR) {
    }
    host_wake_clear(wake);
}

int host_wake_descriptor(const host_wake *wake) { return wake->read_end; }

static void *thread_main(void *argument)
{
    struct start start = *(struct start *)argument;

    free(argument);
    start.run(start.argument);
    return NULL;
}

int host_thread_start(host_thread *thread, void (*run)(void *), void *argument)
{
    struct start *start = malloc(sizeof *start);
    sigset_t all, before;
    int failed;

    if (start == NULL)
        return -1;
    *start = (struct start){run, argument};
    sigfillset(&all); /* signals belong to Python's threads */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    failed = pthread_create(thread, NULL, thread_main, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed)
        free(start);
    return failed ? -1 : 0;
}

void host_thread_join(host_thread thread) { pthread_join(thread, NULL); }

void host_thread_relay_priority(void)
{
#ifdef SCHED_BATCH
    struct sched_param parameters = {0};

    pthread_setschedparam(pthread_self(), SCHED_BATCH, &parameters);
#endif
}

void host_send_byte(uintptr_t socket)
{
    static const char byte = 1;
    int flags = MSG_DONTWAIT;

#ifdef MSG_NOSIGNAL
    flags |= MSG_NOSIGNAL;
#endif
    if (send((int)socket, &byte, 1, flags) < 0) {
        /* Full, so unread bytes will wake the loop; or closed, so there is no loop to wake. */
    }
}

#endif
