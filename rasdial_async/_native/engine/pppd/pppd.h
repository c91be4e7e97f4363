/* SPDX-License-Identifier: MIT
 *
 * What the files of this carrier share. Everything is guarded by the lock of the engine, and every
 * function is called with it held, unless said otherwise. One thread starts all pppd processes, reads
 * what they write, and learns of their ends and of the kernel's interfaces.
 */
#ifndef RASDIAL_ASYNC_PPPD_H
#define RASDIAL_ASYNC_PPPD_H

#include <net/if.h>
#include <sys/types.h>

#include "../carrier.h"
#include "log_lines.h"
#include "open.h"

#ifndef PPPD /* tests have others */
#define PPPD "/usr/sbin/pppd"
#define PEERS "/etc/ppp/peers"
#define PPP_DEVICE "/dev/ppp"
#endif
#define CHAT "/usr/sbin/chat"
/* pppd and the name of its entry, for who looks at a list of processes: no secrets. */
#define MOST_ARGUMENTS 8
#define LONGEST_LINE 1024

/* What a pppd is started with. */
struct launch {
    const char *arguments[MOST_ARGUMENTS + 1]; /* the first is "pppd"; they lie in `words` */
    size_t argument_count;
    size_t word_bytes;
    char words[2048];
    size_t option_bytes;
    char overflow;
    char options[8192]; /* handed over by a pipe, then wiped: the password is in here */
};

/* A pppd process that this engine has started or adopted. `run` of a connection. */
struct ppp_link {
    struct ppp_link *next;
    uintptr_t handle;      /* 0: the connection has been freed */
    struct launch *launch; /* not started yet */
    char wanted;           /* it is to be started */
    char starting;         /* the thread is at it, without the lock */
    char hang_up;          /* asked for */
    char over;             /* the process has ended, or never began */
    char adopted;
    pid_t pid;
    int pidfd;
    int log; /* -1 where somebody else has started it */
    uint64_t kill_at;
    uint64_t give_up_at; /* no server for PPPoE has answered until then */
    DWORD said; /* the first error that pppd has told */
    uint32_t announced; /* bits of RASCS_... */
    char called; /* a modem has dialed a number */
    char ipv4_expected, ipv4_up, ipv6_up;
    DWORD authentication, authentication_data;
    DWORD bps;
    char interface[IFNAMSIZ];
    size_t line_bytes;
    char line[LONGEST_LINE];
};

struct journal {
    size_t bytes;
    char text[PPPD_LINES];
};

struct pppd {
    struct ppp_link *links;
    struct journal journal;
    os_thread thread;
    int wake;    /* an eventfd */
    int netlink; /* told of interfaces and addresses; -1 = the kernel has none */
    char stop;
};

static inline struct pppd *pppd_of(const struct engine *engine)
{
    return engine->carried;
}

/* ---- options.c */

/* 0, or why the entry can't be dialed by this caller. `peer` is the name of a file in PEERS, or null. */
DWORD launch_new(const struct connection *connection, const struct line *line, const char *peer,
                 const struct dial_request *request, struct launch **launch);
void launch_free(struct launch *launch);
/* The name of a link of an entry that is in no file of PEERS. */
void link_name(const struct entry *entry, char name[32]);
/* A byte of a word in double quotes as pppd reads it; what it might take for something else goes by its
 * number. The length. */
size_t quote_byte(unsigned char byte, char quoted[4]);

/* ---- process.c */

/* Without the lock. The error of RAS, or 0 with `pid`, `pidfd` and `log`. */
DWORD process_start(struct launch *launch, pid_t *pid, int *pidfd, int *log);
int process_open(pid_t pid); /* a descriptor that can be waited for, or -1 */
/* Of one that has ended; -1 = the kernel does not tell, or a signal ended it. */
int process_exit_status(int pidfd);
int process_signal(const struct ppp_link *link, int signal); /* 0, or -1 with errno */
/* SIGTERM or SIGKILL for pppd, and for the programs by which it connects the device: pppd ends the shell of
 * a connect script, but no chat that this shell waits for. Such a chat would keep the modem, and read what
 * it answers to the next call. A link that has begun is left to pppd, which says goodbye to the far end. */
void process_end(const struct ppp_link *link, int signal);

/* ---- journal.c */

void journal_add(struct journal *journal, pid_t pid, const char *line);

/* ---- secrets.c */

DWORD secrets_load(struct engine *engine, struct line *line);
DWORD secrets_save(struct engine *engine, const struct entry *entry, const struct stored *stored);

/* ---- watch.c */

void watch_main(void *engine);
void watch_wake(const struct pppd *pppd);
void link_free(struct ppp_link *link);

/* ---- links.c */

/* Adopts what has come up beside this engine. */
void links_look(struct engine *engine);
int links_open_netlink(void);
/* Nonzero: the set of interfaces or addresses has changed. Never waits. */
int links_read_netlink(int netlink);
void link_counters(const struct ppp_link *link, RAS_STATS *totals);
void link_addresses(const struct ppp_link *link, struct projection *projection);

/* ---- peers.c */

int peers_open(struct engine *engine); /* 0, or -1 */
void peers_look(struct engine *engine);
void devices_look(struct engine *engine);
int is_peer(const struct engine *engine, const struct entry *entry);

#endif
