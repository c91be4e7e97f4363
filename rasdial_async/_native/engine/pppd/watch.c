/* SPDX-License-Identifier: MIT
 *
 * The one thread of this carrier: it starts pppd processes, turns their lines into reports, learns of
 * their ends, and looks again whenever the kernel's interfaces change.
 */
#ifdef __linux__
#define _GNU_SOURCE

#include "pppd.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void watch_wake(const struct pppd *pppd)
{
    const uint64_t one = 1;

    (void)!write(pppd->wake, &one, sizeof one);
}

void link_free(struct ppp_link *link)
{
    if (link->pidfd >= 0)
        close(link->pidfd);
    if (link->log >= 0)
        close(link->log);
    launch_free(link->launch);
    free(link);
}

/* ---- reports */

static void report(struct engine *engine, const struct ppp_link *link, DWORD state, DWORD error)
{
    struct connection *connection = connection_find(engine, (HRASCONN)link->handle);

    if (connection)
        carrier_report(engine, connection, state, error, 0);
}

static void announce(struct engine *engine, struct ppp_link *link, DWORD state)
{
    if (link->announced & 1u << state)
        return;
    link->announced |= 1u << state;
    report(engine, link, state, 0);
}

/* A line proves the states of the device that come before its own. */
static void reach(struct engine *engine, struct ppp_link *link, DWORD state)
{
    DWORD before;

    for (before = RASCS_PortOpened; before <= RASCS_AllDevicesConnected; before++)
        if (before < state || state > RASCS_AllDevicesConnected)
            announce(engine, link, before);
    announce(engine, link, state);
    if (state != RASCS_ConnectDevice)
        link->give_up_at = OS_FOREVER;
}

static void connected(struct engine *engine, struct ppp_link *link)
{
    reach(engine, link, RASCS_Projected);
    report(engine, link, RASCS_Connected, 0);
}

/* pppd asks for a server at 0, 5 and 15 s, but gives up at 35 s only. */
#define DISCOVERY_PATIENCE (20000 * OS_MILLISECOND)

#define REAPED_WITHIN 100 /* milliseconds */

static int is_up(const struct ppp_link *link)
{
    return link->adopted || link->ipv4_up || link->ipv6_up;
}

/* The first error counts: what pppd says after it follows from it. */
static void fail(struct engine *engine, struct ppp_link *link, DWORD error, DWORD error_up)
{
    if (link->said)
        return;
    link->said = is_up(link) ? error_up : error;
    report(engine, link, is_up(link) ? RASCS_Disconnected : CARRIER_SAME_STATE, link->said);
}

static void authenticates(struct engine *engine, struct ppp_link *link, DWORD state, DWORD how,
                          DWORD data)
{
    if (how != RASLCPAP_CHAP || link->authentication != how) { /* MS-CHAP v2 has said so before */
        link->authentication = how;
        link->authentication_data = data;
    }
    reach(engine, link, state);
}

static void take_line(struct engine *engine, struct ppp_link *link)
{
    struct log_news news = log_read(link->line);

    if (news.fact == LOG_SCRIPT && !is_up(link))
        news = chat_read(link->line);
    switch (news.fact) {
    case LOG_STATE:
        link->ipv4_expected |= strncmp(link->line, "sent [IPCP ", 11) == 0;
        reach(engine, link, news.state);
        break;
    case LOG_DISCOVERY:
        if (link->give_up_at == OS_FOREVER)
            link->give_up_at = os_now() + DISCOVERY_PATIENCE;
        reach(engine, link, news.state);
        break;
    case LOG_CALLED:
        link->called = 1;
        reach(engine, link, news.state);
        break;
    case LOG_ERROR:
        fail(engine, link, news.error, news.error_up);
        break;
    case LOG_TIME_OUT:
        fail(engine, link, link->called ? ERROR_NO_ANSWER : news.error, news.error_up);
        break;
    case LOG_INTERFACE:
        snprintf(link->interface, IFNAMSIZ, "%.*s", IFNAMSIZ - 1, news.text);
        reach(engine, link, news.state);
        break;
    case LOG_PAP:
        authenticates(engine, link, news.state, RASLCPAP_PAP, 0);
        break;
    case LOG_CHAP:
        authenticates(engine, link, news.state, RASLCPAP_CHAP, RASLCPAD_CHAP_MD5);
        break;
    case LOG_MSCHAP2:
        authenticates(engine, link, news.state, RASLCPAP_CHAP, RASLCPAD_CHAP_MSV2);
        break;
    case LOG_EAP:
        authenticates(engine, link, news.state, RASLCPAP_EAP, 0);
        break;
    case LOG_SPEED:
        link->bps = news.number;
        break;
    case LOG_IPV4:
        link->ipv4_up = 1;
        connected(engine, link);
        break;
    case LOG_IPV6:
        link->ipv6_up = 1;
        if (!link->ipv4_expected)
            connected(engine, link);
        break;
    case LOG_NO_IPV4:
        link->ipv4_expected = 0;
        if (link->ipv6_up)
            connected(engine, link);
        else if (news.error)
            fail(engine, link, news.error, news.error_up);
        break;
    case LOG_SCRIPT:
    case LOG_UNKNOWN:
        break;
    }
}

static void read_log(struct engine *engine, struct ppp_link *link)
{
    char bytes[4096];
    ssize_t got, i;

    while ((got = read(link->log, bytes, sizeof bytes)) > 0) {
        for (i = 0; i < got; i++) {
            if (bytes[i] != '\n' && bytes[i] != '\r') {
                if (link->line_bytes < LONGEST_LINE - 1)
                    link->line[link->line_bytes++] = bytes[i];
                continue;
            }
            link->line[link->line_bytes] = 0;
            if (link->line_bytes) {
                journal_add(&pppd_of(engine)->journal, link->pid, link->line);
                take_line(engine, link);
            }
            link->line_bytes = 0;
        }
    }
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    close(link->log);
    link->log = -1;
}

/* ---- processes */

/* The kernel tells how a process has ended once its parent, which is not us, has asked for that. */
static DWORD exit_error(struct engine *engine, const struct ppp_link *link)
{
    struct pollfd reaped = {link->pidfd, 0, 0};

    if (link->said || link->adopted || link->pidfd < 0)
        return ERROR_PORT_DISCONNECTED;
    os_unlock(&engine->lock);
    poll(&reaped, 1, REAPED_WITHIN);
    os_lock(&engine->lock);
    return log_exit_error(process_exit_status(link->pidfd));
}

static void ended(struct engine *engine, struct ppp_link *link)
{
    struct connection *connection;
    DWORD error;

    if (link->log >= 0)
        read_log(engine, link);
    error = exit_error(engine, link);
    link->over = 1;
    if (link->pidfd >= 0)
        close(link->pidfd);
    link->pidfd = -1;
    fail(engine, link, error, link->adopted ? 0 : error);
    connection = connection_find(engine, (HRASCONN)link->handle);
    if (connection)
        carrier_released(engine, connection);
}

static void start(struct engine *engine, struct ppp_link *link)
{
    struct launch *launch = link->launch;
    pid_t pid = 0;
    int pidfd, log;
    DWORD error;

    link->launch = NULL;
    link->starting = 1;
    os_unlock(&engine->lock);
    error = process_start(launch, &pid, &pidfd, &log);
    launch_free(launch);
    os_lock(&engine->lock);
    link->starting = 0;
    link->pid = pid;
    link->pidfd = pidfd;
    link->log = log;
    if (error) {
        fail(engine, link, error, error);
        ended(engine, link);
    } else {
        announce(engine, link, RASCS_OpenPort);
        if (link->hang_up)
            process_end(link, SIGTERM);
    }
}

static void insist(struct engine *engine, struct ppp_link *link, uint64_t now)
{
    if (link->give_up_at <= now && link->pidfd >= 0) {
        link->give_up_at = OS_FOREVER;
        fail(engine, link, ERROR_BROADBAND_TIMEOUT, 0);
        process_end(link, SIGTERM);
    }
    if (link->hang_up && link->pidfd >= 0 && link->kill_at <= now) {
        process_end(link, SIGKILL);
        link->kill_at = OS_FOREVER;
    }
}

/* ---- the thread */

struct waits {
    struct pollfd *on;
    struct ppp_link **links; /* whose they are, in pairs: its end, its log */
    size_t room;
};

enum { WAKE, NETLINK, FIRST_LINK };

static int make_room(struct waits *waits, size_t links)
{
    size_t room = FIRST_LINK + 2 * links;
    void *more;

    if (room <= waits->room)
        return 0;
    more = realloc(waits->on, room * sizeof *waits->on);
    if (!more)
        return -1;
    waits->on = more;
    more = realloc(waits->links, links * sizeof *waits->links);
    if (!more)
        return -1;
    waits->links = more;
    waits->room = room;
    return 0;
}

static size_t remove_forgotten(struct pppd *pppd)
{
    struct ppp_link **place = &pppd->links;
    size_t left = 0;

    while (*place) {
        struct ppp_link *link = *place;

        if (link->handle || (!link->over && !link->launch)) {
            place = &link->next;
            left++;
        } else {
            *place = link->next;
            link_free(link);
        }
    }
    return left;
}

static size_t collect(struct pppd *pppd, struct waits *waits, uint64_t *due)
{
    struct ppp_link *link;
    size_t links = remove_forgotten(pppd), count = FIRST_LINK, i = 0;

    if (make_room(waits, links) != 0)
        links = (waits->room - FIRST_LINK) / 2; /* the others wait */
    waits->on[WAKE] = (struct pollfd){pppd->wake, POLLIN, 0};
    waits->on[NETLINK] = (struct pollfd){pppd->netlink, POLLIN, 0};
    for (link = pppd->links; link && i < links; link = link->next, i++) {
        waits->links[i] = link;
        waits->on[count++] = (struct pollfd){link->pidfd, POLLIN, 0};
        waits->on[count++] = (struct pollfd){link->log, POLLIN, 0};
        if (link->pidfd >= 0 && link->hang_up && link->kill_at < *due)
            *due = link->kill_at;
        if (link->pidfd >= 0 && link->give_up_at < *due)
            *due = link->give_up_at;
    }
    return count;
}

static void pass_on(struct engine *engine, const struct waits *waits, size_t count)
{
    size_t i;

    for (i = FIRST_LINK; i < count; i += 2) {
        struct ppp_link *link = waits->links[(i - FIRST_LINK) / 2];

        insist(engine, link, os_now());
        if (waits->on[i + 1].revents && link->log >= 0)
            read_log(engine, link);
        if (waits->on[i].revents && link->pidfd >= 0)
            ended(engine, link);
    }
}

static int start_next(struct engine *engine, const struct pppd *pppd)
{
    struct ppp_link *link = pppd->links;

    while (link && !(link->wanted && link->launch))
        link = link->next;
    if (link)
        start(engine, link);
    return link != NULL;
}

static int wait_milliseconds(uint64_t due)
{
    uint64_t now = os_now();

    if (due == OS_FOREVER)
        return -1;
    return due <= now ? 0 : (int)((due - now) / OS_MILLISECOND + 1);
}

void watch_main(void *argument)
{
    struct engine *engine = argument;
    struct pppd *pppd = pppd_of(engine);
    struct waits waits = {NULL, NULL, 0};
    uint64_t woken;
    size_t count;

    os_lock(&engine->lock);
    while (!pppd->stop && make_room(&waits, 1) == 0) {
        uint64_t due = OS_FOREVER;

        if (start_next(engine, pppd))
            continue;
        count = collect(pppd, &waits, &due);
        os_unlock(&engine->lock);
        poll(waits.on, count, wait_milliseconds(due));
        os_lock(&engine->lock);
        if (waits.on[WAKE].revents)
            (void)!read(pppd->wake, &woken, sizeof woken);
        pass_on(engine, &waits, count);
        if (waits.on[NETLINK].revents && links_read_netlink(pppd->netlink) && !engine->closing)
            links_look(engine);
    }
    os_unlock(&engine->lock);
    free(waits.on);
    free(waits.links);
}

#endif
