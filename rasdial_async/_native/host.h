/* SPDX-License-Identifier: MIT
 *
 * What notify.c needs of the system: a lock that may be waited on, a thread, and a wake handle,
 * which any thread may signal without a lock and which stays signalled until it is cleared.
 */
#ifndef RASDIAL_ASYNC_HOST_H
#define RASDIAL_ASYNC_HOST_H

#include <stdint.h>

#ifdef _WIN32

#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <windows.h>

typedef struct {
    SRWLOCK mutex;
    CONDITION_VARIABLE changed;
} host_lock;
#define HOST_LOCK_INIT {SRWLOCK_INIT, CONDITION_VARIABLE_INIT}
typedef HANDLE host_thread;
typedef HANDLE host_wake;
#define HOST_NO_WAKE NULL

#else

#include <pthread.h>

typedef struct {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
} host_lock;
#define HOST_LOCK_INIT {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER}
typedef pthread_t host_thread;
typedef struct {
    int read_end;
    int write_end;
} host_wake;

#endif

int64_t host_clock(void); /* monotonic nanoseconds */
uint64_t host_thread_id(void);

void host_lock_init(host_lock *lock);
void host_lock_take(host_lock *lock);
void host_lock_give(host_lock *lock);
void host_lock_wait(host_lock *lock); /* gives the lock up while it waits */
void host_lock_wake_all(host_lock *lock);

int host_wake_open(host_wake *wake); /* 0 or -1 */
void host_wake_close(host_wake *wake);
void host_wake_signal(const host_wake *wake); /* keeps errno and GetLastError() */
void host_wake_clear(const host_wake *wake);
void host_wake_wait(const host_wake *wake); /* until signalled; clears it */
int host_wake_descriptor(const host_wake *wake); /* readable while signalled; -1 where there is none */

int host_thread_start(host_thread *thread, void (*run)(void *), void *argument); /* 0 or -1 */
void host_thread_join(host_thread thread);
void host_thread_relay_priority(void); /* the calling thread never preempts the one that woke it */

void host_send_byte(uintptr_t socket);

#endif
