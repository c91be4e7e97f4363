/* SPDX-License-Identifier: MIT
 *
 * The lines that pppd, its PPPoE plugin and chat write, as RAS says the same: a state, an error, or
 * a fact about the link. One table, for pppd 2.4 and 2.5. It needs no operating system.
 */
#ifndef RASDIAL_ASYNC_PPPD_LOG_LINES_H
#define RASDIAL_ASYNC_PPPD_LOG_LINES_H

#include "../../ras_types.h"

enum log_fact {
    LOG_UNKNOWN,   /* the table has no such line, or the line says nothing to RAS */
    LOG_STATE,     /* `state` is reached, and with it all the states before */
    LOG_ERROR,     /* `error` where the link is still being dialed, `error_up` where it is up */
    LOG_INTERFACE, /* `text` is the name of the interface; `state` is reached */
    LOG_IPV4,      /* the link has both its IPv4 addresses */
    LOG_IPV6,      /* the link has both its IPv6 addresses */
    LOG_NO_IPV4,   /* the far end wants no IPv4 */
    LOG_PAP,       /* `state` is reached; how the login goes */
    LOG_CHAP,
    LOG_MSCHAP2,
    LOG_EAP,
    LOG_SPEED,     /* `number` bits in a second */
    LOG_DISCOVERY, /* `state` is reached: a server for PPPoE is looked for */
    LOG_CALLED,    /* `state` is reached: the modem dials */
    LOG_TIME_OUT,  /* `error`: the modem does not answer; 678 where it has dialed */
    LOG_SCRIPT,    /* a script has ended: chat_read() knows more */
};

#define LOG_TEXT 64

struct log_news {
    enum log_fact fact;
    DWORD state;
    DWORD error;
    DWORD error_up;
    DWORD number;
    char text[LOG_TEXT];
};

/* Of one line without its end. */
struct log_news log_read(const char *line);
/* What a pppd that has said nothing else means by its exit status; 619 where it means nothing. */
DWORD log_exit_error(int status);

/* chat.c. Of a LOG_SCRIPT: the failure of a chat, also of one that writes no log (no -v, or no -s). */
struct log_news chat_read(const char *line);

#endif
