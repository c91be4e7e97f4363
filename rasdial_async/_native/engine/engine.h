/* SPDX-License-Identifier: MIT
 *
 * The built-in RAS engine: what a caller can do with it besides the RAS functions themselves,
 * whatever carries its dials. Every function is safe from any thread. Strings are UTF-16,
 * zero-terminated; null means "".
 */
#ifndef RASDIAL_ASYNC_ENGINE_H
#define RASDIAL_ASYNC_ENGINE_H

#include "../ras_api.h"

/* cdef: from here */
#define SIM_ENGINES 32 /* engines that can be open in one process at a time */

struct engine;

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
    uint32_t registered;  /* notifications that signal now */
    uint64_t registrations; /* RasConnectionNotification calls that registered one, ever */
};

/* Ends every connection, waits for its threads, frees it. Handles stay invalid for ever. Not from
 * inside a notifier of the same engine: that would wait for itself. */
void sim_close(struct engine *engine);
/* In the child of a fork: the parent's engines count as closed there, new ones can be opened. */
void sim_after_fork(void);
const struct ras_api *sim_api(const struct engine *engine);

/* All of these: 0, or a code of raserror.h / winerror.h (8 = out of memory, 623 = no such entry). */
DWORD sim_add_entry(struct engine *engine, const struct sim_entry *entry); /* replaces one of the same name */
/* A phone book that is there without any entry, for all users or for this one. Changes for all
 * users need an administrator, which the caller is unless told otherwise. */
DWORD sim_add_phonebook(struct engine *engine, const WCHAR *path, int all_users);
/* The sections of a phonebook file, in UTF-8 with a zero behind them, become entries, as they would be of
 * a file of that path; nothing is written to one. */
DWORD sim_read_phonebook(struct engine *engine, const WCHAR *path, const char *text, size_t bytes);
/* What RASCONN.guidEntry is for this entry. */
DWORD sim_entry_guid(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, BYTE guid[16]);
/* From now on the path of a phonebook is that of a file, which is read, made and changed; the default
 * ones have these full paths, and are files where `files` is set, else in memory. */
DWORD sim_use_files(struct engine *engine, const WCHAR *user_book, const WCHAR *all_users_book,
                    int files);
void sim_set_administrator(struct engine *engine, int administrator);
DWORD sim_remove_entry(struct engine *engine, const WCHAR *phonebook, const WCHAR *name);
/* One more link for the entry, on a device of its own. */
DWORD sim_add_link(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                   const WCHAR *device_type, const WCHAR *device_name, const WCHAR *phone_number);
/* The line of a connected entry goes dead (every connection of that name). */
DWORD sim_drop(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, DWORD error);
/* RasDialW of that entry answers `error` at once (0 = dial normally); where `handle` is set a
 * handle is stored all the same. RasDialW takes `delay_us` before it returns. */
DWORD sim_refuse(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, DWORD error,
                 int handle, uint32_t delay_us);
/* The RAS function at this place of struct ras_api answers `code` and does nothing; 0 = it works. */
DWORD sim_answer(struct engine *engine, uint32_t place, DWORD code);
/* What the documentation leaves open or clients disagree about, so that only Windows can settle it. The
 * engine answers as most shipped clients rely on, or on demand the other way: the first answer named
 * here is the usual one. */
enum sim_question {
    SIM_HANG_UP_GONE = 0,     /* RasHangUp of a connection that is gone: 668, or 6 */
    SIM_DEVICES_SIZE = 1,     /* RasEnumDevices with a wrong dwSize: 632, or 1784 as on Windows 98 */
    SIM_NULL_PHONEBOOK = 2,   /* no phonebook: the default ones only, or any that is known; a simulator
                               * begins with the second answer, since its entries are few */
    SIM_DEVICE_TYPE = 3,      /* RASCONN.szDeviceType: "vpn", or "VPN" */
    SIM_WINDOW_NOTIFIER = 4,  /* a window as notifier: 87, or the dial goes on and tells nobody */
    SIM_STALE_STATISTICS = 5, /* statistics of a handle that is invalid: 6, or 0x80070057 */
    SIM_SECOND_PPPOE = 6,     /* a second PPPoE line on one device: 813, or 756 */
    SIM_DIALING_LISTED = 7,   /* a connection that is being dialed is listed: no, or yes */
};
#define SIM_QUESTIONS 8
DWORD sim_settle(struct engine *engine, uint32_t question, int otherwise);
DWORD sim_set_eap(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                  const struct sim_eap *eap);
/* Ports of a device: 0 = as many as wanted. Modems and PPPoE start with 1, everything else with 0. */
DWORD sim_set_ports(struct engine *engine, const WCHAR *device_name, uint32_t ports);
/* A device comes (a modem with 1 port) or goes: it is not listed, a dial on it gets 633. */
DWORD sim_set_device(struct engine *engine, const WCHAR *type, const WCHAR *name, int present);
/* A link (from 1) of a connected multilink entry goes up, through a dial of its own, or dead. */
DWORD sim_set_link(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, uint32_t link,
                   int up);
/* RasConnectionNotification signals for ever; RAS has no way to end that, this is one. Outside
 * Windows the HANDLE is the descriptor of an eventfd or of a pipe: a signal writes 8 bytes, the
 * number 1, unless that would block. The engine has its own duplicate. */
void sim_forget_event(struct engine *engine, HANDLE event);
void sim_count(struct engine *engine, struct sim_counts *counts);
/* cdef: to here */

#endif
