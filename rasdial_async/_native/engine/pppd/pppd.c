/* SPDX-License-Identifier: MIT
 *
 * The carrier that makes real links: each dial is a pppd process, and a state is announced when a line
 * of its log says so. watch.c has the thread, links.c what the kernel knows.
 */
#ifdef __linux__
#define _GNU_SOURCE

#include "pppd.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "open.h"

#define PATIENCE (8000 * OS_MILLISECOND)   /* from SIGTERM to SIGKILL: pppd waits 6 s for an answer */
#define LAST_PATIENCE 5000                 /* the same in milliseconds, of a dial that close() ends */

static int pppd_carrier_open(struct engine *engine)
{
    struct pppd *pppd = calloc(1, sizeof *pppd);

    if (!pppd)
        return -1;
    engine->carried = pppd;
    pppd->netlink = links_open_netlink();
    pppd->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (pppd->wake >= 0 && peers_open(engine) == 0 &&
        os_thread_start(&pppd->thread, watch_main, engine) == 0)
        return 0;
    if (pppd->wake >= 0)
        close(pppd->wake);
    if (pppd->netlink >= 0)
        close(pppd->netlink);
    free(pppd);
    return -1;
}

/* Only links that are up stay. */
static void end_dial(const struct ppp_link *link)
{
    struct pollfd over = {link->pidfd, POLLIN, 0};

    process_end(link, SIGTERM);
    if (poll(&over, 1, LAST_PATIENCE) == 0)
        process_end(link, SIGKILL);
}

static void pppd_carrier_close(struct engine *engine)
{
    struct pppd *pppd = pppd_of(engine);
    struct ppp_link *link;

    os_lock(&engine->lock);
    pppd->stop = 1;
    os_unlock(&engine->lock);
    watch_wake(pppd);
    os_thread_join(pppd->thread);
    while ((link = pppd->links) != NULL) {
        pppd->links = link->next;
        if (link->pidfd >= 0 && link->hang_up)
            end_dial(link);
        link_free(link);
    }
    close(pppd->wake);
    if (pppd->netlink >= 0)
        close(pppd->netlink);
    free(pppd);
    engine->carried = NULL;
}

static void pppd_look(struct engine *engine, enum carrier_look what)
{
    if (what == LOOK_CONNECTIONS)
        links_look(engine);
    else if (what == LOOK_ENTRIES)
        peers_look(engine);
    else
        devices_look(engine);
}

/* ---- a dial */

static DWORD pppd_begin(struct engine *engine, struct connection *connection, struct line *line,
                        const struct dial_request *request)
{
    struct pppd *pppd = pppd_of(engine);
    char peer[3 * RAS_MaxEntryName + 1];
    struct ppp_link *link;
    struct launch *launch;
    DWORD error = pppd_missing();

    if (error)
        return error;
    text_to_utf8(peer, sizeof peer, connection->entry->name);
    error = launch_new(connection, line, is_peer(engine, connection->entry) ? peer : NULL, request, &launch);
    if (error)
        return error;
    link = calloc(1, sizeof *link);
    if (!link) {
        launch_free(launch);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    link->handle = connection->handle;
    link->launch = launch;
    link->pidfd = link->log = -1;
    link->kill_at = link->give_up_at = OS_FOREVER;
    link->next = pppd->links;
    pppd->links = link;
    connection->run = link;
    return ERROR_SUCCESS;
}

static uint64_t pppd_move(struct engine *engine, struct connection *connection)
{
    struct ppp_link *link = connection->run;

    if (!link->wanted && !link->adopted) {
        link->wanted = 1;
        watch_wake(pppd_of(engine));
    }
    return carrier_play_reports(engine, connection);
}

static DWORD pppd_may_hang_up(struct engine *engine, const struct connection *connection)
{
    const struct ppp_link *link = connection->run;

    (void)engine;
    return link->pidfd >= 0 && process_signal(link, 0) != 0 && errno == EPERM ? ERROR_ACCESS_DENIED
                                                                              : ERROR_SUCCESS;
}

static uint64_t pppd_hang_up(struct engine *engine, struct connection *connection)
{
    struct ppp_link *link = connection->run;

    if (link->over || link->launch) /* never started */
        return os_now();
    link->hang_up = 1;
    link->kill_at = os_now() + PATIENCE;
    /* A pppd that has told its end waits for ip-down; a signal would keep it from that. */
    if (!link->starting && (!link->said || connection->hung_up))
        process_end(link, SIGTERM);
    watch_wake(pppd_of(engine));
    return OS_FOREVER;
}

static void pppd_release(struct engine *engine, struct connection *connection)
{
    struct ppp_link *link = connection->run;

    if (!engine->carried) /* closed: the links are gone */
        return;
    link->handle = 0;
    watch_wake(pppd_of(engine));
}

static void pppd_free_far_end(void *far_end)
{
    free(far_end);
}

static void pppd_statistics(struct engine *engine, const struct connection *connection,
                            RAS_STATS *totals)
{
    (void)engine;
    link_counters(connection->run, totals);
    totals->dwConnectDuration = (DWORD)((os_now() - connection->up_at) / OS_MILLISECOND);
}

static void pppd_projection(struct engine *engine, const struct connection *connection,
                            struct projection *projection)
{
    const struct ppp_link *link = connection->run;

    (void)engine;
    link_addresses(link, projection);
    projection->authentication = link->authentication;
    projection->authentication_data = link->authentication_data;
}

static const struct carrier pppd_carrier = {
    .is_pppd = 1,
    .open = pppd_carrier_open,
    .close = pppd_carrier_close,
    .look = pppd_look,
    .begin = pppd_begin,
    .move = pppd_move,
    .may_hang_up = pppd_may_hang_up,
    .hang_up = pppd_hang_up,
    .release = pppd_release,
    .free_far_end = pppd_free_far_end,
    .statistics = pppd_statistics,
    .projection = pppd_projection,
    .load_login = secrets_load,
    .save_login = secrets_save,
};

struct engine *pppd_open(void)
{
    return engine_open(&pppd_carrier);
}

DWORD pppd_missing(void)
{
    struct stat device;

    if (access(PPPD, F_OK) != 0)
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    if (access(PPPD, X_OK) != 0)
        return ERROR_ACCESS_DENIED;
    return stat(PPP_DEVICE, &device) != 0 ? ERROR_PORT_NOT_AVAILABLE : ERROR_SUCCESS;
}

#else

#include "../codes.h"
#include "open.h"

struct engine *pppd_open(void)
{
    return NULL;
}

size_t pppd_take_lines(struct engine *engine, char *lines, size_t room)
{
    (void)engine, (void)lines, (void)room;
    return 0;
}

DWORD pppd_missing(void)
{
    return ERROR_CALL_NOT_IMPLEMENTED;
}

#endif
