/* SPDX-License-Identifier: MIT
 *
 * A carrier moves the dials of an engine on: `scripted/` plays scripts, others make real links. The
 * core keeps handles, references, ports, entries, credentials, states and notifications, runs every
 * notifier, and knows a carrier through this header only. Carriers do not know one another.
 *
 * Two ways to move a dial on, which a carrier may mix:
 *  - It is asked: `move` is called by the thread that owns the dial, announces what is due and
 *    returns the time of the next call. `scripted/` does that.
 *  - It tells: from a thread of its own it hands carrier_report() each state and error as it
 *    happens, and uses carrier_play_reports as its `move`. A worker of the core announces them, in
 *    that order, so the carrier's thread never runs a notifier and never waits for one.
 *
 * Locks. Every function of struct carrier but `open` and `close` is called with the engine's lock
 * held, returns with it held, and must not wait: no process, no network, no other lock that is held
 * while the engine's is wanted. A thread of the carrier's own takes the lock (os_lock(&engine->lock))
 * around every call of a function below. The functions below say if they open the lock meanwhile.
 *
 * What is whose. `engine->carried`, `connection->run` and the `far_end` of a line or of a sub-entry
 * belong to the carrier; the core only keeps them and hands them back to be freed. All other members
 * in core.h are the core's: a carrier reads them under the lock, and writes none but `local`, `remote`,
 * `substate` and `callback_number` of a connection. A pointer to a connection is good for as long as
 * the lock is held. Between, keep `connection->handle` and ask connection_find() again: null says that
 * the connection is gone. Handles never come twice in a process.
 */
#ifndef RASDIAL_ASYNC_CARRIER_H
#define RASDIAL_ASYNC_CARRIER_H

#include "core.h"

#define CARRIER_AT_ONCE 0
/* In a report: the state that the dial is in anyway. */
#define CARRIER_SAME_STATE 0xFFFFFFFFu

enum carrier_look { LOOK_CONNECTIONS, LOOK_ENTRIES, LOOK_DEVICES };

/* What was agreed for a connection; all zero at first. */
struct projection {
    DWORD ipv4_error; /* 0, or why there is none: 731 = not wanted */
    DWORD ipv6_error;
    BYTE ipv4_address[4], ipv4_server[4], ipv4_second_server[4];
    BYTE ipv6_identifier[8], ipv6_server_identifier[8]; /* of PPP */
    BYTE ipv6_address[16], ipv6_server[16];             /* of IKEv2 */
    DWORD authentication; /* RASLCPAP_... */
    DWORD authentication_data;
    DWORD eap_type;
    char encrypts; /* PPP does, by MPPE with 128 bits */
};

struct carrier {
    char is_pppd; /* its errors have causes and remedies of their own */

    /* Before anybody else can reach the engine. 0, or -1. */
    int (*open)(struct engine *engine);
    /* The last call but `release` and `free_far_end`: nobody else is inside the engine, and all dials
     * have ended. No lock is held. Ends the carrier's threads and frees `engine->carried`. Links that
     * were up when the engine was closed have not been hung up: whether they stay is decided here. */
    void (*close)(struct engine *engine);

    /* May be null. The caller wants a list of connections, entries or devices, or to find something
     * in it: the carrier adds and removes what has come and gone beside this engine, with
     * carrier_adopt(), carrier_report(), carrier_released(), line_new(), line_free(), device_usual().
     * May read files of /proc and /sys, does not wait for anything else. */
    void (*look)(struct engine *engine, enum carrier_look what);

    /* RasDialW, before it stores the handle: get ready, make `connection->run`, but start nothing
     * before the first `move`, which follows at once; or `release` does, where something else is in
     * the way. Not 0: RasDialW answers that, and has no handle. `line` is null where only a number is dialed. The
     * request and its secrets last until this returns; password_meant() turns the stand-in of a stored
     * password into it. Of a multilink entry each sub-entry is a
     * connection of its own, `connection->sub_entry` its number; the whole has no `begin`. */
    DWORD (*begin)(struct engine *engine, struct connection *connection, struct line *line,
                   const struct dial_request *request);

    /* By the thread that owns the dial, while it is DIALING and not paused, and again once it is UP:
     * do what is due, and return when to be called next: a time of os_now(), CARRIER_AT_ONCE, or
     * OS_FOREVER for not before carrier_wake() or carrier_report(). May call dial_announce(),
     * dial_pause() and, once it is UP, connection_end(). Open the lock for nothing else. */
    uint64_t (*move)(struct engine *engine, struct connection *connection);

    /* RasDialW with the handle of a dial that has paused in `connection->paused`: take what the
     * caller brings. Not 0: RasDialW answers that, and the dial stays paused. Null: dials never
     * pause. */
    DWORD (*resume)(struct engine *engine, struct connection *connection,
                    const struct dial_request *request);

    /* May be null. RasHangUpW, before anything else: not 0 = the caller may not hang it up; RasHangUpW
     * answers that, and the connection stays as it is. */
    DWORD (*may_hang_up)(struct engine *engine, const struct connection *connection);

    /* The connection has ended: hung up, dropped, or reported as gone (it is CLOSING now, and was
     * DIALING, UP or FAILED). Called once. Let go of the line, and return when its port is free: a
     * time of os_now(), or OS_FOREVER for as soon as carrier_released() says so. Until then the handle
     * stays valid and says Disconnected. */
    uint64_t (*hang_up)(struct engine *engine, struct connection *connection);

    /* The connection is about to be freed: free `connection->run`. */
    void (*release)(struct engine *engine, struct connection *connection);
    /* A line or sub-entry is gone, and this was its `far_end`; never null. */
    void (*free_far_end)(void *far_end);

    /* Of a connection that is up and no multilink whole: the totals since it is, duration (in
     * milliseconds) and speed. RasClear... is the core's: it subtracts. */
    void (*statistics)(struct engine *engine, const struct connection *connection,
                       RAS_STATS *totals);
    /* Of a connection that has been projected; a multilink whole stands for its sub-entries. */
    void (*projection)(struct engine *engine, const struct connection *connection,
                       struct projection *projection);

    /* May be null, both or neither: then stored logins end with the engine. May read and write a small
     * file. `load_login` brings user name, domain and password in `line->stored` up to date;
     * `save_login` keeps those of `stored`, and forgets them where it is null or has none. 0, or the error
     * that RAS answers. */
    DWORD (*load_login)(struct engine *engine, struct line *line);
    DWORD (*save_login)(struct engine *engine, const struct entry *entry,
                        const struct stored *stored);
};

static inline void engine_look(struct engine *engine, enum carrier_look what)
{
    if (engine->carrier->look)
        engine->carrier->look(engine, what);
}

static inline DWORD login_load(struct engine *engine, struct line *line)
{
    return engine->carrier->load_login ? engine->carrier->load_login(engine, line) : 0;
}

static inline DWORD login_save(struct engine *engine, const struct entry *entry,
                               const struct stored *stored)
{
    return engine->carrier->save_login ? engine->carrier->save_login(engine, entry, stored) : 0;
}

/* ---- what the core does for a carrier; all of these with the lock held, from any thread ---- */

/* An engine on this carrier; null when SIM_ENGINES are open, or without memory. No lock. */
struct engine *engine_open(const struct carrier *carrier);

/* It has happened: a state (error 0), or an error, which ends the dial in that state. Kept until a
 * worker announces it. RASCS_Connected brings it up; whatever is reported after that with an error,
 * or as RASCS_Disconnected, ends the connection: `hang_up` follows. Nothing happens once it is
 * CLOSING or FAILED. Without memory the dial fails with 8, except that errors still arrive. */
void carrier_report(struct engine *engine, struct connection *connection, DWORD state, DWORD error,
                    DWORD extended_error);
/* A `move` for carriers that report. */
uint64_t carrier_play_reports(struct engine *engine, struct connection *connection);
/* `move` is to be called soon. */
void carrier_wake(struct engine *engine, struct connection *connection);
/* After `hang_up` has returned OS_FOREVER: the port is free, the handle becomes invalid. */
void carrier_released(struct engine *engine, struct connection *connection);
/* A link that something else has dialed, up already: it gets a handle, is listed, can be hung up, and
 * is what a dial of its entry finds connected. `up_at` by os_now(), `entry` is shared. `run` becomes
 * the connection's. Null without memory, or when the engine is closing. */
struct connection *carrier_adopt(struct engine *engine, struct entry *entry, struct line *line,
                                 uint64_t up_at, void *run);

#endif
