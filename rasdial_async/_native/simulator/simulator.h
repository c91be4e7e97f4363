/* SPDX-License-Identifier: MIT
 *
 * The built-in RAS engine: what a caller can do with it besides the RAS functions themselves.
 * Every function is safe from any thread. Strings are UTF-16, zero-terminated; null means "".
 */
#ifndef RASDIAL_ASYNC_SIMULATOR_H
#define RASDIAL_ASYNC_SIMULATOR_H

#include "../ras_api.h"

#define SIM_ENGINES 32 /* engines that can be open in one process at a time */

struct sim;

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

struct sim_entry {
    const WCHAR *phonebook; /* path it is found under; "" = the default phonebook */
    const WCHAR *name;
    const WCHAR *device_type; /* RASDT_...: "vpn", "modem", "PPPoE" */
    const WCHAR *device_name;
    const WCHAR *phone_number;
    const WCHAR *user_name; /* with `password`, what the far end accepts; "" = anything */
    const WCHAR *password;
    const WCHAR *domain;
};

/* How an entry logs in by EAP. */
struct sim_eap {
    uint32_t type;          /* of the method; 0 = not by EAP */
    const WCHAR *user_name; /* what RasGetEapUserIdentity tells */
    const BYTE *info;       /* ... and RasDialW has to bring in RasEapInfo; none = anything */
    uint32_t info_bytes;
    int interactive;        /* the identity has to be asked for: 703 where that is forbidden */
    int window;             /* the dial pauses in InvokeEapUI */
};

struct sim_counts {
    uint32_t connections; /* handles that are valid, dials in progress and links included */
    uint32_t open_ports;
    uint32_t threads;
    uint32_t callbacks;   /* notifiers running right now */
    uint64_t dials;       /* RasDialW calls that began a dial, ever */
};

/* An engine with an empty phonebook and the usual devices; null when SIM_ENGINES are open. */
struct sim *sim_open(void);
/* Ends every connection, waits for its threads, frees it. Handles stay invalid for ever. Not from
 * inside a notifier of the same engine: that would wait for itself. */
void sim_close(struct sim *engine);
/* In the child of a fork: the parent's engines count as closed there, new ones can be opened. */
void sim_after_fork(void);
const struct ras_api *sim_api(const struct sim *engine);

/* All of these: 0, or a code of raserror.h / winerror.h (8 = out of memory, 623 = no such entry). */
DWORD sim_add_entry(struct sim *engine, const struct sim_entry *entry); /* replaces one of the same name */
/* A phone book that is there without any entry, for all users or for this one. Changes for all
 * users need an administrator, which the caller is unless told otherwise. */
DWORD sim_add_phonebook(struct sim *engine, const WCHAR *path, int all_users);
void sim_set_administrator(struct sim *engine, int administrator);
DWORD sim_remove_entry(struct sim *engine, const WCHAR *phonebook, const WCHAR *name);
/* How every later dial of the entry runs; no steps = the default script of its device again. */
DWORD sim_script(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                 const struct sim_step *steps, uint32_t count);
/* The same for one link (from 1) of a multilink entry; 0 = all that have no script of their own. */
DWORD sim_script_link(struct sim *engine, const WCHAR *phonebook, const WCHAR *name, uint32_t link,
                      const struct sim_step *steps, uint32_t count);
/* One more link for the entry, on a device of its own. */
DWORD sim_add_link(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                   const WCHAR *device_type, const WCHAR *device_name, const WCHAR *phone_number);
/* The line of a connected entry goes dead (every connection of that name). */
DWORD sim_drop(struct sim *engine, const WCHAR *phonebook, const WCHAR *name, DWORD error);
/* RasDialW of that entry answers `error` at once (0 = dial normally); where `handle` is set a
 * handle is stored all the same. RasDialW takes `delay_us` before it returns. */
DWORD sim_refuse(struct sim *engine, const WCHAR *phonebook, const WCHAR *name, DWORD error,
                 int handle, uint32_t delay_us);
/* The RAS function at this place of struct ras_api answers `code` and does nothing; 0 = it works. */
DWORD sim_answer(struct sim *engine, uint32_t place, DWORD code);
/* The password that the entry's far end accepts has to be changed at the next login. */
DWORD sim_expire_password(struct sim *engine, const WCHAR *phonebook, const WCHAR *name);
DWORD sim_set_eap(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                  const struct sim_eap *eap);
/* Whether the far end calls back after the login. */
enum sim_callback {
    SIM_CALLBACK_NONE = 0,
    SIM_CALLBACK_SET_BY_CALLER = 1, /* for who names a number: the user has the permission */
    SIM_CALLBACK_PRESET = 2,        /* always, at the administrator's number */
};
DWORD sim_set_callback(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                       uint32_t mode);
/* Ports of a device: 0 = as many as wanted. Modems start with 1, everything else with 0. */
DWORD sim_set_ports(struct sim *engine, const WCHAR *device_name, uint32_t ports);
/* A device comes (a modem with 1 port) or goes: it is not listed, a dial on it gets 633. */
DWORD sim_set_device(struct sim *engine, const WCHAR *type, const WCHAR *name, int present);
/* Counters of a connected entry's link (from 1): these, or these more, modulo 2^32. */
DWORD sim_set_statistics(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                         uint32_t link, const RAS_STATS *values, int add);
/* The RASCONNSUBSTATE of a connected IKEv2 entry: dormant, reconnecting, reconnected. */
DWORD sim_set_substate(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                       DWORD substate);
/* A link (from 1) of a connected multilink entry goes up, through a dial of its own, or dead. */
DWORD sim_set_link(struct sim *engine, const WCHAR *phonebook, const WCHAR *name, uint32_t link,
                   int up);
/* RasConnectionNotification signals for ever; RAS has no way to end that, this is one. Outside
 * Windows the HANDLE is the descriptor of an eventfd or of a pipe: a signal writes 8 bytes, the
 * number 1, unless that would block. The engine has its own duplicate. */
void sim_forget_event(struct sim *engine, HANDLE event);
/* Default scripts run with their delays multiplied by this (1.0 at first, 0 = none), and a port
 * is released this long after its hang-up (20 ms at first). */
void sim_set_pace(struct sim *engine, double factor);
void sim_set_release_delay(struct sim *engine, uint32_t microseconds);
void sim_count(struct sim *engine, struct sim_counts *counts);

#endif
