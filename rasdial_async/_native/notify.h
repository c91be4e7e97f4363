/* SPDX-License-Identifier: MIT
 *
 * The way from RAS's threads to an event loop. notify.c tells how it works.
 */
#ifndef RASDIAL_ASYNC_NOTIFY_H
#define RASDIAL_ASYNC_NOTIFY_H

#include "device_table.h"
#include "ras_api.h"

/* cdef: from here */
#define NOTIFY_TARGETS 64
#define NOTIFY_DIALS 512 /* at a time, of all targets */

/* What was odd about the calls of a target since it was opened; modulo 2^32. */
struct notify_counters {
    uint64_t foreign_messages; /* delivered, though unMsg was not WM_RASDIALEVENT */
    uint64_t lost;             /* no memory for an event that was not terminal */
    uint64_t rejected;         /* came while the gate was closed */
};

/* One RasDialFunc1 or RasDialFunc2 invocation. */
struct notify_event {
    uint64_t dial;               /* whose it is: of notify_dial */
    uintptr_t connection;        /* the HRASCONN */
    const struct device *device; /* null unless RAS was asked */
    int64_t at;                  /* notify_clock() inside the callback */
    uint64_t hold;               /* for notify_release; 0 = RAS is not held */
    DWORD state;
    DWORD error;
    DWORD extended_error;
    DWORD sub_entry; /* which one tells; 0 = RasDialFunc1 does not know */
    uint64_t thread; /* notify_thread() inside the callback */
};
/* cdef: to here */
typedef void (*notify_python_wake)(int target);
/* Zero: no more events of this target, which may be somebody else's by now. */
typedef int (*notify_sink)(int target, const struct notify_event *events, int count);

/* cdef: from here */
/* Monotonic nanoseconds. */
int64_t notify_clock(void);
/* The calling thread: no other one has this number while it lives. */
uint64_t notify_thread(void);

/* A free target for the dials of one loop over one library, its gate open; -1 when all are taken. */
int notify_open(const struct ras_api *api);

/* Closes the gate and lets every held callback go: later callbacks return at once. */
void notify_shut(int target);
/* Shuts the target and gives it back, with what was not drained. It is taken again only after the
 * last callback inside it has left. */
void notify_close(int target);

/* A number for a dial of this target, which no other dial has before or after it; 0 when all functions
 * are taken. */
uint64_t notify_dial(int target, int hold_errors);
/* What to hand to RasDialW: a RasDialFunc1, or for several sub-entries a RasDialFunc2. */
void *notify_function(uint64_t dial, int several);
/* When RAS called back for this dial for the first time, by notify_clock; 0 = not yet. */
int64_t notify_first_called(uint64_t dial);
/* The dial is over. Its functions go to another dial, those that were used longest ago first. */
void notify_dial_over(uint64_t dial);
/* cdef: to here */
/* What either of the functions does. Zero: RAS need not call this dial's RasDialFunc2 again. */
int notify_announce(int function, DWORD sub_entry, HRASCONN connection, UINT message, DWORD state,
                    DWORD error, DWORD extended_error);

/* cdef: from here */
/* Memory for the terminal event of a sub-entry, set aside before it can come and given back after. */
int notify_reserve(int target); /* 0, or -1 without memory */
void notify_unreserve(int target);
/* cdef: to here */
/* Hands over what waits, oldest first and all at once, and says how many waited. Without memory for so
 * many a few at a time, for as long as the sink wants more. One thread at a time. */
int notify_drain(int target, notify_sink sink);

/* cdef: from here */
/* Lets the callback that holds RAS under this number go on. */
void notify_release(uint64_t hold);

/* How the loop is woken. A descriptor to watch for reading (POSIX), else -1 ... */
int notify_descriptor(int target);
/* ... or a thread of ours that waits and sends one byte to a connected socket, or calls `wake`. */
int notify_relay_to_socket(int target, uintptr_t socket);
/* cdef: to here */
int notify_relay_to_python(int target, notify_python_wake wake);

/* cdef: from here */
void notify_count(int target, struct notify_counters *counters);
int notify_busy(int target); /* callbacks inside the target right now */

/* In a forked child: every target afresh, the parent's descriptors left alone. */
void notify_after_fork(void);
/* cdef: to here */

#endif
