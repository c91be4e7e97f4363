/* SPDX-License-Identifier: MIT */
#ifndef _WIN32
#define _GNU_SOURCE

#include "os.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define SECOND UINT64_C(1000000000)

struct start {
    void (*run)(void *);
    void *argument;
};

uint64_t os_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

void os_mutex_init(os_mutex *mutex)
{
    static const os_mutex fresh = OS_MUTEX_INIT;

    *mutex = fresh;
}

void os_mutex_destroy(os_mutex *mutex)
{
    pthread_mutex_destroy(mutex);
}

void os_lock(os_mutex *mutex)
{
    pthread_mutex_lock(mutex);
}

void os_unlock(os_mutex *mutex)
{
    pthread_mutex_unlock(mutex);
}

int os_cond_init(os_cond *cond)
{
    pthread_condattr_t attributes;
    int failed;

    if (pthread_condattr_init(&attributes) != 0)
        return -1;
#ifndef __APPLE__
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
#endif
    failed = pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
    return failed ? -1 : 0;
}

void os_cond_destroy(os_cond *cond)
{
    pthread_cond_destroy(cond);
}

void os_wait(os_cond *cond, os_mutex *mutex)
{
    pthread_cond_wait(cond, mutex);
}

void os_wait_until(os_cond *cond, os_mutex *mutex, uint64_t due)
{
    struct timespec time;

    if (due == OS_FOREVER) {
        pthread_cond_wait(cond, mutex);
        return;
    }
#ifdef __APPLE__
    uint64_t now = os_now();
    uint64_t left = due > now ? due - now : 0;
    time.tv_sec = (time_t)(left / SECOND);
    time.tv_nsec = (long)(left % SECOND);
    pthread_cond_timedwait_relative_np(cond, mutex, &time);
#else
    time.tv_sec = (time_t)(due / SECOND);
    time.tv_nsec = (long)(due % SECOND);
    pthread_cond_timedwait(cond, mutex, &time);
#endif
}

void os_signal(os_cond *cond)
{
    pthread_cond_signal(cond);
}

void os_broadcast(os_cond *cond)
{
    pthread_cond_broadcast(cond);
}

static void *thread_main(void *argument)
{
    struct start start = *(struct start *)argument;

    free(argument);
    start.run(start.argument);
    return NULL;
}

/* Signals of the process are for the program's own threads. Left are the ones that a runtime sends to
 * one thread: the collectors of Mono and of others stop threads so, once they have run its code. */
static void block_signals(sigset_t *before)
{
    sigset_t blocked;
#ifdef SIGRTMIN
    int runtime;
#endif

    sigfillset(&blocked);
    sigdelset(&blocked, SIGXCPU);
#ifdef SIGPWR
    sigdelset(&blocked, SIGPWR);
#endif
#ifdef SIGRTMIN
    for (runtime = SIGRTMIN; runtime <= SIGRTMAX; runtime++)
        sigdelset(&blocked, runtime);
#endif
    pthread_sigmask(SIG_SETMASK, &blocked, before);
}

int os_thread_start(os_thread *thread, void (*run)(void *), void *argument)
{
    struct start *start = malloc(sizeof *start);
    sigset_t before;
    int failed;

    if (!start)
        return -1;
    start->run = run;
    start->argument = argument;
    block_signals(&before);
    failed = pthread_create(thread, NULL, thread_main, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed)
        free(start);
    return failed ? -1 : 0;
}

void os_thread_join(os_thread thread)
{
    pthread_join(thread, NULL);
}

uint64_t os_thread_id(void)
{
    return (uint64_t)(uintptr_t)pthread_self();
}

void os_thread_relay_priority(void)
{
#ifdef SCHED_BATCH
    struct sched_param parameters = {0};

    pthread_setschedparam(pthread_self(), SCHED_BATCH, &parameters);
#endif
}

int os_event_share(os_event *event, HANDLE handle)
{
    intptr_t descriptor = (intptr_t)handle;

    if (descriptor < 0 || descriptor > INT_MAX)
        return -1;
    *event = fcntl((int)descriptor, F_DUPFD_CLOEXEC, 3);
    return *event < 0 ? -1 : 0;
}

/* A pipe that nobody reads any more must not end the program. */
static void write_quietly(int descriptor)
{
    const uint64_t one = 1;
    sigset_t broken_pipe, before, waiting;
    int signal, waited;

    sigpending(&waiting);
    waited = sigismember(&waiting, SIGPIPE);
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
    if (write(descriptor, &one, sizeof one) < 0 && errno == EPIPE && !waited) {
        sigpending(&waiting);
        if (sigismember(&waiting, SIGPIPE))
            sigwait(&broken_pipe, &signal);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void os_event_set(os_event event)
{
    struct pollfd ready = {.fd = event, .events = POLLOUT};

    if (poll(&ready, 1, 0) == 1 && (ready.revents & POLLOUT))
        write_quietly(event);
}

void os_event_drop(os_event event)
{
    close(event);
}

struct os_errors os_errors_keep(void)
{
    return (struct os_errors){errno, 0};
}

void os_errors_restore(struct os_errors errors)
{
    errno = errors.c;
}

DWORD os_last_error(DWORD code)
{
    return code;
}

#else
typedef int os_posix_is_for_other_systems; /* C wants a declaration in every file */
#endif
