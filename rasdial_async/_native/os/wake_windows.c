/* SPDX-License-Identifier: MIT */
#ifdef _WIN32

#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>

#include "wake.h"

int os_wake_open(os_wake *wake)
{
    *wake = CreateEventW(NULL, FALSE, FALSE, NULL);
    return *wake == NULL ? -1 : 0;
}

void os_wake_close(os_wake *wake)
{
    CloseHandle(*wake);
    *wake = NULL;
}

void os_wake_signal(const os_wake *wake)
{
    DWORD kept = GetLastError();

    SetEvent(*wake);
    SetLastError(kept);
}

void os_wake_clear(const os_wake *wake)
{
    ResetEvent(*wake);
}

void os_wake_wait(const os_wake *wake)
{
    WaitForSingleObject(*wake, INFINITE);
}

int os_wake_descriptor(const os_wake *wake)
{
    (void)wake;
    return -1;
}

uintptr_t os_wake_handle(const os_wake *wake)
{
    return (uintptr_t)*wake;
}

void os_send_byte(uintptr_t socket)
{
    static const char byte = 1;

    send((SOCKET)socket, &byte, 1, 0);
}

#else
typedef int wake_windows_is_for_windows; /* C wants a declaration in every file */
#endif
