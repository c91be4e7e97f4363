/* SPDX-License-Identifier: MIT
 *
 * An engine whose links are real: pppd makes them. Linux only.
 */
#ifndef RASDIAL_ASYNC_PPPD_OPEN_H
#define RASDIAL_ASYNC_PPPD_OPEN_H

#include "../engine.h"

/* cdef: from here */
/* 0, or why this system or this user can't dial: 120 = no Linux, 711 = there is no pppd, 5 = the user
 * may not start it, 633 = there is no /dev/ppp. */
DWORD pppd_missing(void);
/* The entries are those of /etc/ppp/peers, and what is added. Links that are up when the engine is
 * closed stay. Null: no Linux, no memory, or SIM_ENGINES are open. */
struct engine *pppd_open(void);
#define PPPD_LINES 32768
/* The lines of its pppds since the last call, the newest PPPD_LINES bytes of them; each has its end, and
 * no secret in it. Their bytes; 0 where `room` is too small. */
size_t pppd_take_lines(struct engine *engine, char *lines, size_t room);
/* cdef: to here */

#endif
