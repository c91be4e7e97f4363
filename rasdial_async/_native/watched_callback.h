/* SPDX-License-Identifier: MIT
 *
 * A RasDialFunc1 that writes down each of its calls as it is, and passes the call on to another one. For a
 * diagnosis: one dial of the process at a time, and of its calls the first WATCHED_CALLBACKS.
 */
#ifndef RASDIAL_ASYNC_WATCHED_CALLBACK_H
#define RASDIAL_ASYNC_WATCHED_CALLBACK_H

#include "ras_types.h"

#include <stdint.h>

/* cdef: from here */
#define WATCHED_CALLBACKS 256

struct watched_callback {
    uintptr_t connection;
    int64_t entered; /* notify_clock() before the other function ... */
    int64_t left;    /* ... and after it */
    uint64_t thread;
    UINT message;
    DWORD state;
    DWORD error;
    DWORD extended_error;
};

/* What to hand to RasDialW, with a RasDialFunc1 as notifier. Forgets the calls of the dial before. */
void *watched_callback_for(void *function);
/* Call number n, from 0: 1 and the call, or 0 where it did not come yet or has not returned. */
int watched_callback_read(uint32_t number, struct watched_callback *call);
/* cdef: to here */

#endif
