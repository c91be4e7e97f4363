/* SPDX-License-Identifier: MIT
 *
 * The event that RasConnectionNotification sets. On Windows an auto-reset event; elsewhere the HANDLE
 * is a descriptor, of an eventfd or of a pipe's end for writing.
 */
#ifndef RASDIAL_ASYNC_WATCH_EVENT_H
#define RASDIAL_ASYNC_WATCH_EVENT_H

#include <stdint.h>

/* cdef: from here */
struct watch_event;

struct watch_event *watch_event_open(void); /* null: the system has none left */
/* Only once nothing is registered for it any more. */
void watch_event_close(struct watch_event *event);
/* What RasConnectionNotification gets. */
uintptr_t watch_event_handle(const struct watch_event *event);

/* How a loop learns of it. A descriptor to watch for reading, -1 on Windows ... */
int watch_event_descriptor(const struct watch_event *event);
/* ... or, on Windows, a byte on a connected socket; the wait is one of the system's thread pool, which
 * has one thread for 63 of them. 0, or -1 where there is no such wait. */
int watch_event_relay_to_socket(struct watch_event *event, uintptr_t socket);
/* No byte from now on; waits for one that is on its way. A signal that no loop has seen stays. */
void watch_event_stop(struct watch_event *event);
/* It was seen. */
void watch_event_clear(struct watch_event *event);
/* cdef: to here */

#endif
