/* SPDX-License-Identifier: MIT
 *
 * The operating system, as the benchmarks' library needs it.
 */
#ifndef RASDIAL_BENCHMARK_PLATFORM_H
#define RASDIAL_BENCHMARK_PLATFORM_H

#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>

#ifdef _WIN32

#include <winsock2.h>

#include <windows.h>

#define EXPORT __declspec(dllexport)

/* As time.perf_counter_ns of Python. */
static inline int64_t now(void)
{
    LARGE_INTEGER count, frequency;

    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return count.QuadPart / frequency.QuadPart * 1000000000 +
           count.QuadPart % frequency.QuadPart * 1000000000 / frequency.QuadPart;
}

static inline uint32_t pushed_off(void) { return 0; } /* Windows does not count it for a thread */

static inline int start_thread(void *(*run)(void *), void *argument, int processor)
{
    HANDLE thread;

    (void)processor;
    /* The result is ignored, and x86-64 has one convention for calls. */
    thread = CreateThread(NULL, 0, (LPTHREAD_START_ROUTINE)(uintptr_t)run, argument, 0, NULL);
    if (thread == NULL)
        return -1;
    CloseHandle(thread);
    return 0;
}

/* Sleep() has steps of a millisecond and more; a waitable timer has 100 ns. */
static inline void sleep_until(int64_t due)
{
    HANDLE timer = CreateWaitableTimerExW(NULL, NULL, 0, TIMER_ALL_ACCESS);
    LARGE_INTEGER left;

    while ((left.QuadPart = (now() - due) / 100) < 0) {
        if (timer == NULL || !SetWaitableTimer(timer, &left, 0, NULL, NULL, FALSE))
            abort();
        WaitForSingleObject(timer, INFINITE);
    }
    CloseHandle(timer);
}

static inline void signal_descriptor(uintptr_t descriptor)
{
    static const char one = 1;

    if (send((SOCKET)descriptor, &one, 1, 0) < 0)
        abort();
}

#else

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static inline int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Involuntary context switches of this thread so far. */
static inline uint32_t pushed_off(void)
{
    struct rusage usage;

    getrusage(RUSAGE_THREAD, &usage);
    return (uint32_t)usage.ru_nivcsw;
}

static inline int start_thread(void *(*run)(void *), void *argument, int processor)
{
    pthread_t thread;
    pthread_attr_t attributes;
    int failed;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (processor >= 0) {
        cpu_set_t there;

        CPU_ZERO(&there);
        CPU_SET(processor, &there);
        pthread_attr_setaffinity_np(&attributes, sizeof there, &there);
    }
    failed = pthread_create(&thread, &attributes, run, argument);
    pthread_attr_destroy(&attributes);
    return failed;
}

static inline void sleep_until(int64_t due)
{
    struct timespec time = {due / 1000000000, due % 1000000000};

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) != 0) {
    }
}

static inline void signal_descriptor(uintptr_t descriptor)
{
    static const uint64_t one = 1;

    if (write((int)descriptor, &one, sizeof one) < 0)
        abort();
}

#endif

#endif
