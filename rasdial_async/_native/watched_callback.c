/* SPDX-License-Identifier: MIT */
#include "watched_callback.h"

#include "notify.h"
#include "os/atomics.h"
#include "os/os.h"

#include <string.h>

static struct {
    struct watched_callback call;
    atomic32 returned;
} calls[WATCHED_CALLBACKS];
static atomic32 count;
static RASDIALFUNC1 passed_on_to;

static void RAS_CALL watch(HRASCONN connection, UINT message, DWORD state, DWORD error,
                           DWORD extended_error)
{
    int64_t entered = notify_clock();
    uint32_t number = atomic32_add(&count, 1);

    passed_on_to(connection, message, state, error, extended_error);
    if (number >= WATCHED_CALLBACKS)
        return;
    calls[number].call =
        (struct watched_callback){(uintptr_t)connection, entered, notify_clock(), os_thread_id(), message,
                                  state, error, extended_error};
    atomic32_store(&calls[number].returned, 1);
}

void *watched_callback_for(void *function)
{
    RASDIALFUNC1 watching = watch;
    void *address;

    for (uint32_t number = 0; number < WATCHED_CALLBACKS; number++)
        atomic32_store(&calls[number].returned, 0);
    atomic32_store(&count, 0);
    memcpy(&passed_on_to, &function, sizeof function); /* ISO C has no cast from one to the other */
    memcpy(&address, &watching, sizeof address);
    return address;
}

int watched_callback_read(uint32_t number, struct watched_callback *call)
{
    if (number >= WATCHED_CALLBACKS || !atomic32_load(&calls[number].returned))
        return 0;
    *call = calls[number].call;
    return 1;
}
