/* SPDX-License-Identifier: MIT
 *
 * A wake handle: any thread may signal it without a lock, and it stays signalled until it is cleared.
 * And the byte that wakes a loop through a socket.
 */
#ifndef RASDIAL_ASYNC_WAKE_H
#define RASDIAL_ASYNC_WAKE_H

#include "../ras_types.h"

#ifdef _WIN32
typedef HANDLE os_wake; /* an auto-reset event */
#else
typedef struct {
    int read_end;
    int write_end;
} os_wake;
#endif

int os_wake_open(os_wake *wake); /* 0 or -1 */
void os_wake_close(os_wake *wake);
void os_wake_signal(const os_wake *wake); /* keeps errno and GetLastError() */
void os_wake_clear(const os_wake *wake);
void os_wake_wait(const os_wake *wake); /* until signalled; clears it */
int os_wake_descriptor(const os_wake *wake); /* readable while signalled; -1 on Windows */
/* What RasConnectionNotification gets. */
uintptr_t os_wake_handle(const os_wake *wake);

void os_send_byte(uintptr_t socket); /* never waits */

#endif
