/* SPDX-License-Identifier: MIT
 *
 * The simulator: an engine whose dials run by scripts, and whose far ends do as a caller wants.
 * Every function is safe from any thread. All that tell a far end what to do answer 120
 * (ERROR_CALL_NOT_IMPLEMENTED) where the engine makes real links.
 */
#ifndef RASDIAL_ASYNC_SIMULATOR_H
#define RASDIAL_ASYNC_SIMULATOR_H

#include "../engine.h"

/* cdef: from here */
/* One line of a script. */
enum sim_step_kind {
    SIM_STEP = 0,    /* announce `state` */
    SIM_FAIL = 1,    /* announce `error`, in `state` or, where that is SIM_SAME_STATE, the last one */
    SIM_SILENCE = 2, /* say nothing more until the dial is hung up */
    SIM_DROP = 3,    /* after Connected: the link dies with `error` */
    SIM_LOGIN = 4,   /* announce `state`; then, if the far end is not content, as SIM_PAUSE */
    SIM_PAUSE = 5,   /* wait in the paused state `state` for the RasDialW that goes on; without
                      * RDEOPT_PausedStates announce the last state with `error` (0: what RAS says
                      * for that state: 691, 704, 648, else 703) */
    SIM_PAUSE_SCRIPTED = 6, /* as SIM_PAUSE, but the answer is not looked at: what comes of it is
                             * in the steps behind */
};
#define SIM_SAME_STATE 0xFFFFFFFFu

struct sim_step {
    uint32_t kind;
    uint32_t state;
    uint32_t error;
    uint32_t extended_error;
    uint32_t delay_us; /* before the step */
};

/* An engine with an empty phonebook and the usual devices; null when SIM_ENGINES are open. */
struct engine *sim_open(void);
/* All of these: 0, or a code of raserror.h / winerror.h (8 = out of memory, 623 = no such entry). */
/* How every later dial of the entry runs; no steps = the default script of its device again. */
DWORD sim_script(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                 const struct sim_step *steps, uint32_t count);
/* The same for one link (from 1) of a multilink entry; 0 = all that have no script of their own. */
DWORD sim_script_link(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, uint32_t link,
                      const struct sim_step *steps, uint32_t count);
/* The password that the entry's far end accepts has to be changed at the next login. */
DWORD sim_expire_password(struct engine *engine, const WCHAR *phonebook, const WCHAR *name);
/* Whether the far end calls back after the login. */
enum sim_callback {
    SIM_CALLBACK_NONE = 0,
    SIM_CALLBACK_SET_BY_CALLER = 1, /* for who names a number: the user has the permission */
    SIM_CALLBACK_PRESET = 2,        /* always, at the administrator's number */
};
DWORD sim_set_callback(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                       uint32_t mode);
/* The addresses that later dials of the entry get, in turn and over again, IPv4 and IPv6 ones each for
 * themselves; none = the usual ones. 87: one of them is no address. */
DWORD sim_set_addresses(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                        const WCHAR *const *addresses, uint32_t count);
#define SIM_ADDRESS 46 /* characters of the longest address, with the terminator */
int sim_is_address(const WCHAR *text);
/* Counters of a connected entry's link (from 1): these, or these more, modulo 2^32. */
DWORD sim_set_statistics(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                         uint32_t link, const RAS_STATS *values, int add);
/* The RASCONNSUBSTATE of a connected IKEv2 entry: dormant, reconnecting, reconnected. */
DWORD sim_set_substate(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                       DWORD substate);
/* Default scripts run with their delays multiplied by this (1.0 at first, 0 = none), and a port
 * is released this long after its hang-up (20 ms at first). */
void sim_set_pace(struct engine *engine, double factor);
void sim_set_release_delay(struct engine *engine, uint32_t microseconds);
/* All that a scenario file says, or nothing of it: entries, logins, scripts, devices, answers. Not 0:
 * `problem`, which has that room, says in UTF-8 what is wrong, with file, line and key; 2 = the file
 * can't be read, 13 = something in it is wrong. */
DWORD sim_load_scenario(struct engine *engine, const WCHAR *path, char *problem, uint32_t room);
#define SIM_PROBLEM 2048 /* bytes of the longest problem, with the terminator */
/* cdef: to here */

#endif
