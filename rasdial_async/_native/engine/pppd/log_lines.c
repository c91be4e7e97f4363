/* SPDX-License-Identifier: MIT */
#include "log_lines.h"

#include <stdlib.h>
#include <string.h>

enum { /* RASCS_... */
    CONNECT_DEVICE = 2,
    DEVICE_CONNECTED = 3,
    ALL_DEVICES_CONNECTED = 4,
    AUTHENTICATE = 5,
    AUTH_PROJECT = 10,
    AUTHENTICATED = 14,
    START_AUTHENTICATION = 19,
};

/* A `*` stands for any text, a `?` for the text that `log_news` takes over. The first pattern that
 * fits counts. `up` is the error of a link that is up, where that is another one. */
static const struct pattern {
    const char *pattern;
    enum log_fact fact;
    DWORD value;
    DWORD up;
} patterns[] = {
    /* PPPoE discovery */
    {"Send PPPOE Discovery * PADI *", LOG_DISCOVERY, CONNECT_DEVICE, 0},
    {"PPP session is *", LOG_STATE, DEVICE_CONNECTED, 0},
    {"Connected to * via interface *", LOG_STATE, ALL_DEVICES_CONNECTED, 0},
    {"Timeout waiting for PADO packets", LOG_ERROR, 815, 0},
    {"Timeout waiting for PADS packets", LOG_ERROR, 815, 0},
    {"Unable to complete PPPoE Discovery*", LOG_ERROR, 815, 0},

    /* A modem and chat; without -v chat says only why it failed */
    {"send (ATD*", LOG_CALLED, CONNECT_DEVICE, 0},
    {"send (AT*", LOG_STATE, CONNECT_DEVICE, 0},
    {"chat: * CONNECT ?", LOG_SPEED, 0, 0},
    {"Serial connection established.", LOG_STATE, ALL_DEVICES_CONNECTED, 0},
    {"Failed (*BUSY*)", LOG_ERROR, 676, 0},
    {"Failed (*VOICE*)", LOG_ERROR, 677, 0},
    {"Failed (*NO ANSWER*)", LOG_ERROR, 678, 0},
    {"Failed (*NO CARRIER*)", LOG_ERROR, 679, 0},
    {"Failed (*NO DIAL*)", LOG_ERROR, 680, 0},
    {"Failed (*)", LOG_ERROR, 651, 0},
    {"Failed", LOG_TIME_OUT, 651, 0},
    {"Script * finished (pid *), status = 0x*", LOG_SCRIPT, 0, 0},
    {"Connect script failed", LOG_ERROR, 651, 0},
    {"Initializer script failed", LOG_ERROR, 651, 0},
    {"Device * is locked by pid *", LOG_ERROR, 602, 0},
    {"*Failed to open *: Permission denied", LOG_ERROR, 5, 0},
    {"*Failed to open *", LOG_ERROR, 615, 0},

    /* PPP: the link */
    {"Using interface ?", LOG_INTERFACE, ALL_DEVICES_CONNECTED, 0},
    {"Connect: ? <--> *", LOG_INTERFACE, START_AUTHENTICATION, 0},
    {"Serial line is looped back.", LOG_ERROR, 737, 0},
    {"LCP: timeout sending Config-Requests", LOG_ERROR, 721, 829},
    {"LCP terminated by peer*", LOG_ERROR, 734, 629},
    {"No response to * echo-requests", LOG_ERROR, 829, 0},
    {"Serial link appears to be disconnected.", LOG_ERROR, 829, 0},
    {"Modem hangup", LOG_ERROR, 628, 0},
    {"Hangup (SIGHUP)", LOG_ERROR, 628, 0},
    {"Terminating on signal *", LOG_ERROR, 631, 0},
    {"Terminating connection due to lack of activity.", LOG_ERROR, 828, 0},
    {"Connect time expired", LOG_ERROR, 828, 0},

    /* PPP: the login. The E= of MS-CHAP is a code of RAS: log_read() looks at it. */
    {"rcvd [CHAP Failure *", LOG_ERROR, 691, 0},
    {"MS-CHAP authentication failed*", LOG_ERROR, 691, 0},
    {"CHAP authentication failed*", LOG_ERROR, 691, 0},
    {"PAP authentication failed*", LOG_ERROR, 691, 0},
    {"EAP authentication failed*", LOG_ERROR, 691, 0},
    {"EAP: peer reports authentication failure*", LOG_ERROR, 691, 0},
    {"rcvd [LCP ConfReq *<auth chap MS-v2>*", LOG_MSCHAP2, START_AUTHENTICATION, 0},
    {"rcvd [CHAP Challenge *", LOG_CHAP, AUTHENTICATE, 0},
    {"sent [PAP AuthReq *", LOG_PAP, AUTHENTICATE, 0},
    {"rcvd [EAP Request *", LOG_EAP, AUTHENTICATE, 0},
    {"CHAP authentication succeeded*", LOG_STATE, AUTHENTICATED, 0},
    {"PAP authentication succeeded*", LOG_STATE, AUTHENTICATED, 0},
    {"EAP authentication succeeded*", LOG_STATE, AUTHENTICATED, 0},
    {"No response to PAP authenticate-requests", LOG_ERROR, 718, 0},
    {"Peer failed to respond to CHAP challenge*", LOG_ERROR, 718, 0},
    {"EAP: * timed out*", LOG_ERROR, 718, 0},
    {"peer refused to authenticate*", LOG_ERROR, 919, 0},
    {"*The remote system * is required to authenticate itself*", LOG_ERROR, 5, 0},
    {"*No auth is possible*", LOG_ERROR, 919, 0},
    {"MPPE required*", LOG_ERROR, 742, 0},

    /* PPP: the network protocols */
    {"sent [IPCP ConfReq *", LOG_STATE, AUTH_PROJECT, 0},
    {"sent [IPV6CP ConfReq *", LOG_STATE, AUTH_PROJECT, 0},
    {"remote IP address *", LOG_IPV4, 0, 0},
    {"remote LL address *", LOG_IPV6, 0, 0},
    {"rcvd [LCP ProtRej * 80 21 *", LOG_NO_IPV4, 0, 0},
    {"IPCP: timeout sending Config-Requests", LOG_NO_IPV4, 718, 0},
    {"IPCP terminated by peer*", LOG_NO_IPV4, 736, 0},
    {"Peer refused to agree to *", LOG_ERROR, 735, 0},
    {"Peer is not authorized to use *", LOG_ERROR, 735, 0},
    {"Could not determine *IP address*", LOG_ERROR, 735, 0},
    {"No network protocols running", LOG_ERROR, 720, 0},

    /* pppd could not begin */
    {"*No such device*", LOG_ERROR, 615, 829},
    {"*/dev/ppp*", LOG_ERROR, 633, 0},
    {"*kernel support for PPP*", LOG_ERROR, 633, 0},
    {"*PPP kernel support*", LOG_ERROR, 633, 0},
    {"*must be root to run*", LOG_ERROR, 5, 0},
    {"*requires root privilege*", LOG_ERROR, 5, 0},
    {"*option is not allowed*", LOG_ERROR, 5, 0},
    {"*an't open options file *: No such file*", LOG_ERROR, 623, 0},
    {"*an't open options file *", LOG_ERROR, 5, 0},
    {"*unrecognized option '/dev/*", LOG_ERROR, 615, 0}, /* there is no such line */
    {"*unrecognized option 'nic-*", LOG_ERROR, 615, 0},  /* ... or interface */
    {"*unrecognized option *", LOG_ERROR, 625, 0},
    {"*ouldn't load plugin *", LOG_ERROR, 625, 0},
};

/* Where `line` fits, the text for a `?` lies at *text. */
static int fits(const char *pattern, const char *line, const char **text, size_t *length)
{
    for (; *pattern; pattern++, line++) {
        if (*pattern == '*' || *pattern == '?') {
            const char *start = line;

            for (;; line++) {
                if (fits(pattern + 1, line, text, length)) {
                    if (*pattern == '?') {
                        *text = start;
                        *length = (size_t)(line - start);
                    }
                    return 1;
                }
                if (!*line)
                    return 0;
            }
        }
        if (*pattern != *line)
            return 0;
    }
    return !*line;
}

/* "E=648 R=0 …": the error of the line, if it is one of those that MS-CHAP knows. */
static DWORD mschap_error(const char *line)
{
    static const DWORD known[] = {646, 647, 648, 649, 691, 709};
    const char *place = strstr(line, "E=");
    unsigned long error = place ? strtoul(place + 2, NULL, 10) : 0;
    size_t i;

    for (i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i] == error)
            return known[i];
    return 0;
}

/* The far end decides what stands in these lines, so only a pattern that begins alike may fit. */
static int is_foreign(const char *line)
{
    return strncmp(line, "rcvd [", 6) == 0 || strncmp(line, "sent [", 6) == 0 ||
           strncmp(line, "Remote message", 14) == 0 || line[0] == ' ';
}

static int matches(const struct pattern *pattern, const char *line, const char **text,
                   size_t *length)
{
    if (pattern->pattern[0] == '*' && is_foreign(line))
        return 0;
    return fits(pattern->pattern, line, text, length);
}

struct log_news log_read(const char *line)
{
    struct log_news news = {LOG_UNKNOWN, 0, 0, 0, 0, ""};
    const char *text = "";
    size_t length = 0, i = 0;

    while (i < sizeof patterns / sizeof *patterns && !matches(&patterns[i], line, &text, &length))
        i++;
    if (i == sizeof patterns / sizeof *patterns)
        return news;
    news.fact = patterns[i].fact;
    if (length >= LOG_TEXT)
        length = LOG_TEXT - 1;
    memcpy(news.text, text, length);
    news.number = (DWORD)strtoul(news.text, NULL, 10);
    if (news.fact == LOG_ERROR || news.fact == LOG_TIME_OUT || news.fact == LOG_NO_IPV4) {
        news.error = patterns[i].value;
        if (news.error == 691 && mschap_error(line))
            news.error = mschap_error(line);
        news.error_up = patterns[i].up ? patterns[i].up : news.error;
    } else {
        news.state = patterns[i].value;
    }
    return news;
}

DWORD log_exit_error(int status)
{
    static const struct {
        int status;
        DWORD error;
    } meanings[] = {
        {2, 625}, {3, 5},   {4, 633}, {5, 631},  {6, 602},  {7, 615},  {8, 651},  {10, 720},
        {11, 919}, {12, 828}, {13, 828}, {15, 829}, {16, 628}, {17, 737}, {18, 651}, {19, 691},
    };
    size_t i;

    for (i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].status == status)
            return meanings[i].error;
    return 619;
}
