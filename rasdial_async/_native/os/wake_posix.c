/* SPDX-License-Identifier: MIT */
#ifndef _WIN32
#define _GNU_SOURCE

#include "wake.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/eventfd.h>
#endif

int os_wake_open(os_wake *wake)
{
#ifdef __linux__
    wake->read_end = wake->write_end = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return wake->read_end < 0 ? -1 : 0;
#else
    int ends[2];

    if (pipe(ends) != 0)
        return -1;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    }
    wake->read_end = ends[0];
    wake->write_end = ends[1];
    return 0;
#endif
}

void os_wake_close(os_wake *wake)
{
    close(wake->read_end);
    if (wake->write_end != wake->read_end)
        close(wake->write_end);
    wake->read_end = wake->write_end = -1;
}

void os_wake_signal(const os_wake *wake)
{
    static const uint64_t one = 1; /* eventfd wants eight bytes; a pipe does not mind */
    int kept = errno;

    if (write(wake->write_end, &one, sizeof one) < 0) {
        /* Full: it is readable already, and that is all a wake says. */
    }
    errno = kept;
}

void os_wake_clear(const os_wake *wake)
{
    uint64_t taken[16];

    while (read(wake->read_end, taken, sizeof taken) == (ssize_t)sizeof taken) {
    }
}

void os_wake_wait(const os_wake *wake)
{
    struct pollfd watched = {.fd = wake->read_end, .events = POLLIN};

    while (poll(&watched, 1, -1) < 0 && errno == EINTR) {
    }
    os_wake_clear(wake);
}

int os_wake_descriptor(const os_wake *wake)
{
    return wake->read_end;
}

uintptr_t os_wake_handle(const os_wake *wake)
{
    return (uintptr_t)wake->write_end;
}

void os_send_byte(uintptr_t socket)
{
    static const char byte = 1;
    int flags = MSG_DONTWAIT;

#ifdef MSG_NOSIGNAL
    flags |= MSG_NOSIGNAL;
#endif
    if (send((int)socket, &byte, 1, flags) < 0) {
        /* Full, so unread bytes will wake the loop; or closed, so there is no loop to wake. */
    }
}

#else
typedef int wake_posix_is_for_other_systems; /* C wants a declaration in every file */
#endif
