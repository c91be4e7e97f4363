/* SPDX-License-Identifier: MIT
 *
 * The operating system as the package's C code needs it: a clock, locks, threads, and events that a
 * caller has made. Outside of this folder all is plain C11.
 */
#ifndef RASDIAL_ASYNC_OS_H
#define RASDIAL_ASYNC_OS_H

#include "../ras_types.h"

#ifdef _WIN32
typedef SRWLOCK os_mutex;
typedef CONDITION_VARIABLE os_cond;
typedef HANDLE os_thread;
typedef HANDLE os_event;
#define OS_MUTEX_INIT SRWLOCK_INIT
#define OS_COND_INIT CONDITION_VARIABLE_INIT
#else
#include <pthread.h>
typedef pthread_mutex_t os_mutex;
typedef pthread_cond_t os_cond;
typedef pthread_t os_thread;
typedef int os_event; /* a descriptor to be written to */
#define OS_MUTEX_INIT PTHREAD_MUTEX_INITIALIZER
#define OS_COND_INIT PTHREAD_COND_INITIALIZER /* for os_wait only */
#endif

#define OS_FOREVER UINT64_MAX
#define OS_MILLISECOND UINT64_C(1000000)

/* Monotonic nanoseconds. */
uint64_t os_now(void);

/* Ready also if another process's thread held the lock at a fork. */
void os_mutex_init(os_mutex *mutex);
void os_mutex_destroy(os_mutex *mutex);
void os_lock(os_mutex *mutex);
void os_unlock(os_mutex *mutex);

int os_cond_init(os_cond *cond); /* 0, or -1 */
void os_cond_destroy(os_cond *cond);
void os_wait(os_cond *cond, os_mutex *mutex);
/* `due` is a time of os_now(); may return early. */
void os_wait_until(os_cond *cond, os_mutex *mutex, uint64_t due);
void os_signal(os_cond *cond);
void os_broadcast(os_cond *cond);

/* A joinable thread, deaf to signals of the process, with the system's usual stack: it may run a caller's code. 0, or
 * -1. */
int os_thread_start(os_thread *thread, void (*run)(void *), void *argument);
void os_thread_join(os_thread thread);
/* The calling thread: no other one has this number while it lives. */
uint64_t os_thread_id(void);
/* The calling thread never preempts the one that woke it. */
void os_thread_relay_priority(void);

/* A second handle of a caller's event. 0, or -1: it is none. */
int os_event_share(os_event *event, HANDLE handle);
void os_event_set(os_event event); /* never waits */
void os_event_drop(os_event event);

#ifdef _MSC_VER
#define OS_THREAD_LOCAL __declspec(thread)
#else
#define OS_THREAD_LOCAL _Thread_local
#endif

/* What a callback must leave as its caller had it: errno and, on Windows, GetLastError(). */
struct os_errors {
    int c;
    DWORD system;
};
struct os_errors os_errors_keep(void);
void os_errors_restore(struct os_errors errors);

/* SetLastError where there is such a thing; returns `code`. */
DWORD os_last_error(DWORD code);

#endif
