/* SPDX-License-Identifier: MIT
 *
 * What the kernel knows of links: interfaces, addresses, counters. And the links that this engine has not
 * dialed: of other processes, of an earlier one that has ended, of NetworkManager or ifup. A PPP
 * interface that is up has a pppd, whose pid file bears the interface's name.
 */
#ifdef __linux__
#define _GNU_SOURCE

#include "pppd.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARPHRD_PPP_TYPE 512

/* The start of a small file of /proc, /sys or /run; its length, or -1. Zero-terminated. */
static ssize_t read_file(const char *path, char *bytes, size_t room)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, bytes, room - 1);

    if (file >= 0)
        close(file);
    bytes[length < 0 ? 0 : length] = 0;
    return length;
}

static unsigned long long read_number(const char *path, int base)
{
    char text[32];

    return read_file(path, text, sizeof text) > 0 ? strtoull(text, NULL, base) : 0;
}

static unsigned long long interface_number(const char *interface, const char *name, int base)
{
    char path[128];

    snprintf(path, sizeof path, "/sys/class/net/%s/%s", interface, name);
    return read_number(path, base);
}

/* ---- counters and addresses */

void link_counters(const struct ppp_link *link, RAS_STATS *totals)
{
    const char *of = link->interface;

    totals->dwBytesXmited = (DWORD)interface_number(of, "statistics/tx_bytes", 10);
    totals->dwBytesRcved = (DWORD)interface_number(of, "statistics/rx_bytes", 10);
    totals->dwFramesXmited = (DWORD)interface_number(of, "statistics/tx_packets", 10);
    totals->dwFramesRcved = (DWORD)interface_number(of, "statistics/rx_packets", 10);
    totals->dwCrcErr = (DWORD)interface_number(of, "statistics/rx_crc_errors", 10);
    totals->dwHardwareOverrunErr = (DWORD)interface_number(of, "statistics/rx_fifo_errors", 10);
    totals->dwFramingErr = (DWORD)interface_number(of, "statistics/rx_frame_errors", 10);
    totals->dwBufferOverrunErr = (DWORD)interface_number(of, "statistics/rx_over_errors", 10);
    totals->dwBps = link->bps;
}

static const BYTE *ipv4_of(const struct sockaddr *address)
{
    return (const BYTE *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;
}

static const BYTE *ipv6_of(const struct sockaddr *address)
{
    return (const BYTE *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
}

static void take_address(const struct ifaddrs *of, struct projection *projection)
{
    const struct sockaddr *peer = of->ifa_dstaddr;

    if (of->ifa_addr->sa_family == AF_INET) {
        projection->ipv4_error = 0;
        memcpy(projection->ipv4_address, ipv4_of(of->ifa_addr), 4);
        if (peer)
            memcpy(projection->ipv4_server, ipv4_of(peer), 4);
    } else if (of->ifa_addr->sa_family == AF_INET6) {
        const BYTE *own = ipv6_of(of->ifa_addr);
        int is_local = own[0] == 0xFE && (own[1] & 0xC0) == 0x80;

        projection->ipv6_error = 0;
        if (is_local) {
            memcpy(projection->ipv6_identifier, own + 8, 8);
            if (peer)
                memcpy(projection->ipv6_server_identifier, ipv6_of(peer) + 8, 8);
        }
        if (!is_local || !projection->ipv6_address[0])
            memcpy(projection->ipv6_address, own, 16);
        if (peer && (!is_local || !projection->ipv6_server[0]))
            memcpy(projection->ipv6_server, ipv6_of(peer), 16);
    }
}

void link_addresses(const struct ppp_link *link, struct projection *projection)
{
    struct ifaddrs *all = NULL, *one;

    projection->ipv4_error = projection->ipv6_error = ERROR_PROTOCOL_NOT_CONFIGURED;
    if (getifaddrs(&all) != 0)
        return;
    for (one = all; one; one = one->ifa_next)
        if (one->ifa_addr && strcmp(one->ifa_name, link->interface) == 0)
            take_address(one, projection);
    freeifaddrs(all);
}

/* ---- the links of others */

static int in_our_network(pid_t pid)
{
    struct stat ours, theirs;
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/ns/net", (int)pid);
    if (stat("/proc/self/ns/net", &ours) != 0 || stat(path, &theirs) != 0)
        return 1; /* another user's: not to be known */
    return ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev;
}

static int is_pppd(pid_t pid)
{
    char path[64], name[32];

    snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
    return read_file(path, name, sizeof name) > 0 && strcmp(name, "pppd\n") == 0;
}

/* The pppd of an interface, held by a descriptor; -1 = there is none. */
static int open_pppd(const char *interface, pid_t *pid)
{
    static const char *const folders[] = {"/run", "/run/pppd", "/var/run"};
    char path[128];
    size_t i;

    for (i = 0; i < sizeof folders / sizeof *folders; i++) {
        int descriptor;

        snprintf(path, sizeof path, "%s/%.*s.pid", folders[i], IFNAMSIZ - 1, interface);
        *pid = (pid_t)read_number(path, 10);
        if (*pid <= 0)
            continue;
        descriptor = process_open(*pid);
        /* Looked at only now: it stays the same process as long as we hold it. */
        if (descriptor >= 0 && is_pppd(*pid) && in_our_network(*pid))
            return descriptor;
        if (descriptor >= 0)
            close(descriptor);
    }
    return -1;
}

/* When a process began, by os_now(). */
static uint64_t began_at(pid_t pid)
{
    char path[64], text[1024], *place;
    double uptime, age;
    int field;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    if (read_file(path, text, sizeof text) <= 0 || (place = strrchr(text, ')')) == NULL)
        return os_now();
    for (field = 2; place && field < 22; field++)
        place = strchr(place + 1, ' ');
    if (!place)
        return os_now();
    age = strtod(place, NULL) / (double)sysconf(_SC_CLK_TCK);
    if (read_file("/proc/uptime", text, sizeof text) <= 0)
        return os_now();
    uptime = strtod(text, NULL);
    age = uptime > age ? uptime - age : 0;
    return os_now() - (uint64_t)(age * 1e9);
}

/* The value behind one of a process's arguments; "" = there is none. */
static void argument_after(const char *arguments, ssize_t bytes, const char *name, char *value,
                           size_t room)
{
    const char *place = arguments, *end = arguments + bytes;

    value[0] = 0;
    while (place < end) {
        const char *next = place + strlen(place) + 1;

        if (strcmp(place, name) == 0 && next < end) {
            snprintf(value, room, "%s", next);
            return;
        }
        place = next;
    }
}

/* By what it was started with: `call` names a file of PEERS, our own link name any other entry. */
static struct line *line_of_process(struct engine *engine, pid_t pid)
{
    char path[64], arguments[4096], peer[RAS_MaxEntryName + 1], linked[32], candidate[32];
    WCHAR name[RAS_MaxEntryName + 1];
    struct line *line;
    ssize_t bytes;

    snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
    bytes = read_file(path, arguments, sizeof arguments);
    argument_after(arguments, bytes, "call", peer, sizeof peer);
    argument_after(arguments, bytes, "linkname", linked, sizeof linked);
    text_from_utf8(name, RAS_MaxEntryName + 1, peer);
    for (line = engine->entries.first; line; line = line->next) {
        if (is_peer(engine, line->entry)) {
            if (peer[0] && text_equal(line->entry->name, name))
                return line;
        } else {
            link_name(line->entry, candidate);
            if (strcmp(candidate, linked) == 0)
                return line;
        }
    }
    return NULL;
}

/* An entry for a link that belongs to none: it has the interface's name. */
static struct entry *entry_of_interface(struct engine *engine, const char *interface)
{
    static const WCHAR modem[] = {'m', 'o', 'd', 'e', 'm', 0};
    WCHAR name[IFNAMSIZ];
    struct sim_entry entry = {.name = name, .device_type = modem, .device_name = name};
    struct device *device;

    text_from_utf8(name, IFNAMSIZ, interface);
    device = device_usual(engine, modem, name);
    if (!device)
        return NULL;
    device->absent = 1; /* it is no device to dial on */
    return entry_new(device, &entry);
}

/* We have dialed it, and have not read yet which interface it has. */
static int is_ours(const struct pppd *pppd, pid_t pid)
{
    const struct ppp_link *link = pppd->links;

    while (link && link->pid != pid)
        link = link->next;
    return link != NULL;
}

static void adopt(struct engine *engine, const char *interface)
{
    struct pppd *pppd = pppd_of(engine);
    struct ppp_link *link;
    struct entry *entry;
    struct line *line;
    struct connection *connection;
    pid_t pid;
    int pidfd = open_pppd(interface, &pid);

    if (pidfd < 0)
        return;
    link = is_ours(pppd, pid) ? NULL : calloc(1, sizeof *link);
    if (!link) {
        close(pidfd);
        return;
    }
    link->pid = pid;
    link->pidfd = pidfd;
    link->log = -1;
    link->adopted = 1;
    link->kill_at = link->give_up_at = OS_FOREVER;
    snprintf(link->interface, sizeof link->interface, "%.*s", IFNAMSIZ - 1, interface);
    peers_look(engine); /* nobody may have asked for entries so far */
    line = line_of_process(engine, pid);
    entry = line ? line->entry : entry_of_interface(engine, interface);
    connection = entry ? carrier_adopt(engine, entry, line, began_at(pid), link) : NULL;
    if (!line && entry)
        entry_release(entry);
    if (!connection) {
        link_free(link);
        return;
    }
    link->handle = connection->handle;
    link->next = pppd->links;
    pppd->links = link;
    watch_wake(pppd);
}

static int is_known(const struct pppd *pppd, const char *interface)
{
    const struct ppp_link *link;

    for (link = pppd->links; link; link = link->next)
        if (!link->over && strcmp(link->interface, interface) == 0)
            return 1;
    return 0;
}

static int is_up(const char *interface)
{
    return interface_number(interface, "type", 10) == ARPHRD_PPP_TYPE &&
           interface_number(interface, "flags", 16) & IFF_UP;
}

void links_look(struct engine *engine)
{
    DIR *folder = opendir("/sys/class/net");
    const struct dirent *file;

    if (!folder)
        return;
    while ((file = readdir(folder)) != NULL)
        if (file->d_name[0] != '.' && strlen(file->d_name) < IFNAMSIZ &&
            !is_known(pppd_of(engine), file->d_name) && is_up(file->d_name))
            adopt(engine, file->d_name);
    closedir(folder);
}

/* ---- news from the kernel */

int links_open_netlink(void)
{
    struct sockaddr_nl address = {.nl_family = AF_NETLINK};
    int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

    address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
    if (netlink >= 0 && bind(netlink, (const struct sockaddr *)(const void *)&address,
                             sizeof address) != 0) {
        close(netlink);
        netlink = -1;
    }
    return netlink;
}

int links_read_netlink(int netlink)
{
    char bytes[8192];
    int news = 0;

    /* What they say is read from /sys: a message that was lost (ENOBUFS) is news as well. */
    while (recv(netlink, bytes, sizeof bytes, 0) >= 0 || errno == ENOBUFS || errno == EINTR)
        news = 1;
    return news;
}

#endif
