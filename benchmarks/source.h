/* SPDX-License-Identifier: MIT
 *
 * A library with the ABI of ras.h whose own threads call back at a pace, and write down for how long
 * each callback held them. The part of it that the benchmarks call themselves; read by cffi too.
 */
typedef struct {
    int64_t due;     /* when RAS had it to tell: before `entered` where a callback was held too long */
    int64_t entered; /* nanoseconds: before the callback ... */
    int64_t left;    /* ... and after it; 0 = it has not returned */
    uint32_t first;  /* the first callback of a new thread */
    uint32_t pushed; /* how often the thread was pushed off its processor meanwhile */
} bench_record;

/* Later dials: each on a thread of its own, `events` callbacks, the last one connected, so many
 * microseconds apart. Without events a dial waits for bench_fire. Forgets all records. */
void bench_plan(uint32_t events, uint32_t shortest_gap, uint32_t longest_gap);
/* The youngest dials get so many callbacks, from so many threads, as fast as they can. The last
 * one connects where `connect` says so. */
void bench_fire(uint32_t youngest, uint32_t events, uint32_t threads, int connect);
/* Where the threads that call back run from now on; -1 = anywhere. */
void bench_run_on(int processor);
uint32_t bench_dialed(void);  /* calls of RasDialW so far */
uint32_t bench_running(void); /* threads that call back */
/* Event n has n as its extended error. */
uint32_t bench_count(void);
const bench_record *bench_records(void);

/* Two callbacks in C: one that does nothing, one that writes to an eventfd, on Windows to a socket. */
void *bench_empty(void);
void *bench_wake(uintptr_t descriptor);

uint32_t bench_dial(void *callback, uintptr_t *handle); /* RasDialW, without the rest */
void bench_hang_up(uintptr_t handle);
