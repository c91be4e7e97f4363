/* SPDX-License-Identifier: MIT */
#include "watch_event.h"

#include "os/atomics.h"
#include "os/wake.h"

#include <stdlib.h>

struct watch_event {
    os_wake wake;
#ifdef _WIN32
    HANDLE wait;
    uintptr_t socket;
    atomic32 taken; /* the wait has reset the event, and no loop has seen the signal yet */
#endif
};

struct watch_event *watch_event_open(void)
{
    struct watch_event *event = calloc(1, sizeof *event);

    if (event != NULL && os_wake_open(&event->wake) != 0) {
        free(event);
        return NULL;
    }
    return event;
}

void watch_event_close(struct watch_event *event)
{
    watch_event_stop(event);
    os_wake_close(&event->wake);
    free(event);
}

int watch_event_descriptor(const struct watch_event *event)
{
    return os_wake_descriptor(&event->wake);
}

uintptr_t watch_event_handle(const struct watch_event *event)
{
    return os_wake_handle(&event->wake);
}

#ifdef _WIN32

static VOID CALLBACK relay(PVOID argument, BOOLEAN timed_out)
{
    struct watch_event *event = argument;

    (void)timed_out;
    atomic32_store(&event->taken, 1);
    os_send_byte(event->socket);
}

int watch_event_relay_to_socket(struct watch_event *event, uintptr_t socket)
{
    event->socket = socket;
    return RegisterWaitForSingleObject(&event->wait, event->wake, relay, event, INFINITE,
                                       WT_EXECUTEINWAITTHREAD)
               ? 0
               : -1;
}

void watch_event_stop(struct watch_event *event)
{
    if (event->wait != NULL)
        UnregisterWaitEx(event->wait, INVALID_HANDLE_VALUE);
    event->wait = NULL;
    if (atomic32_exchange(&event->taken, 0)) /* the next loop sees it, as it does a descriptor */
        os_wake_signal(&event->wake);
}

/* The wait has reset the event. What comes in before the byte is read needs a byte of its own. */
void watch_event_clear(struct watch_event *event) { atomic32_store(&event->taken, 0); }

#else

int watch_event_relay_to_socket(struct watch_event *event, uintptr_t socket)
{
    (void)event;
    (void)socket;
    return -1;
}

void watch_event_stop(struct watch_event *event) { (void)event; }
void watch_event_clear(struct watch_event *event) { os_wake_clear(&event->wake); }

#endif
