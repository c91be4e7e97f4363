/* SPDX-License-Identifier: MIT
 *
 * What the files of the engine share. Unless said otherwise a function is called with the engine's
 * lock held and returns with it held, and each structure is guarded by that lock. No notifier ever
 * runs under the lock.
 */
#ifndef RASDIAL_ASYNC_ENGINE_CORE_H
#define RASDIAL_ASYNC_ENGINE_CORE_H

#include "../os/atomics.h"
#include "../os/files.h"
#include "../os/os.h"
#include "codes.h"
#include "engine.h"
#include "text.h"

/* ---- workers.c: threads that run jobs when they are due */

struct job {
    void (*run)(struct engine *engine, struct job *job);
    uint64_t due;
    uint64_t order; /* of equally due jobs the older one comes first */
    size_t place;   /* in the heap, from 1; 0 = not waiting */
};

int jobs_reserve(struct engine *engine, size_t jobs); /* room for so many at a time; 0, or -1 */
void job_start(struct engine *engine, struct job *job, uint64_t due); /* moves it if it waits */
/* The same from inside a job, whose worker is about to look at the heap again anyway. */
void job_again(struct engine *engine, struct job *job, uint64_t due);
void job_cancel(struct engine *engine, struct job *job);
int workers_ready(struct engine *engine);   /* there is at least one, or -1 */
void workers_dismiss(struct engine *engine); /* waits for all; the lock is open meanwhile */

/* ---- devices.c */

struct device {
    struct device *next;
    uint32_t ports; /* 0 = as many as wanted */
    uint32_t used;
    char absent;
    WCHAR type[RAS_MaxDeviceType + 1];
    WCHAR name[RAS_MaxDeviceName + 1];
};

int devices_open(struct engine *engine); /* the usual ones; 0, or -1 */
void devices_close(struct engine *engine);
struct device *device_named(struct engine *engine, const WCHAR *name);
/* Made if there is none; null = no memory. An empty type means "vpn", an empty name that type's. */
struct device *device_usual(struct engine *engine, const WCHAR *type, const WCHAR *name);
/* The same without making one; null = there is none. */
struct device *device_known(struct engine *engine, const WCHAR *type, const WCHAR *name);
struct device *device_free_modem(struct engine *engine);
int device_is_modem(const WCHAR *type);
int device_is_ikev2(const struct device *device);

/* ---- entries.c: the phonebook */

/* Does not change any more once it is made; the texts lie behind it. */
struct entry {
    uint32_t references;
    struct device *device;
    GUID guid;
    const WCHAR *phonebook;
    const WCHAR *name;
    const WCHAR *phone_number;
    const WCHAR *user_name;
    const WCHAR *password;
    const WCHAR *domain;
    WCHAR texts[];
};

struct phonebook {
    struct phonebook *next;
    char all_users;
    char is_file;
    char may_be_file; /* it becomes one with the first change */
    struct os_stamp stamp; /* of the file, as it was read or written last */
    WCHAR path[];
};

/* What RasSetCredentials has kept. */
struct stored {
    DWORD mask; /* RASCM_... of what there is */
    WCHAR user_name[RAS_UNLEN + 1];
    WCHAR password[RAS_PWLEN + 1];
    WCHAR domain[RAS_DNLEN + 1];
    WCHAR callback_number[RAS_MaxCallbackNumber + 1];
    WCHAR keys[3][RAS_PWLEN + 1]; /* pre-shared: the user's, the server's, the demand-dial one */
};

/* What RasSetEntryProperties has kept. */
struct properties {
    RASENTRYW entry;
    DWORD tail_bytes;
    BYTE tail[]; /* the alternate numbers */
};

struct eap {
    DWORD type;
    char interactive;
    char window;
    DWORD info_bytes;
    WCHAR user_name[RAS_UNLEN + 1];
    BYTE info[];
};

struct blob {
    DWORD size;
    BYTE bytes[];
};

/* A link of a multilink entry. */
struct sub_entry {
    DWORD flags;
    struct device *device;
    void *far_end; /* the carrier's; null = that of the line */
    WCHAR phone_number[RAS_MaxPhoneNumber + 1];
    DWORD tail_bytes;
    BYTE *tail; /* the alternate numbers */
};

/* A place in the phonebook. */
struct line {
    struct line *in_bucket;
    struct line *previous;
    struct line *next;
    uint64_t hash;
    struct entry *entry;
    void *far_end;              /* the carrier's; null = nothing special */
    struct connection *current; /* being dialed, or connected */
    DWORD refusal;
    int refusal_handle;
    struct eap *eap; /* all of these may be null */
    struct blob *eap_user_data;
    struct blob *custom_auth_data;
    char in_file; /* seen by the reading that is going on */
    char added;   /* by sim_add_entry: it stays where the file does not have it */
    struct stored *stored;
    struct stored *shared; /* for all users */
    struct properties *properties;
    struct sub_entry *sub_entries;
    DWORD sub_entry_count;
    uint64_t return_delay;
};

struct entries {
    struct line *first;
    struct line *last;
    struct line **buckets;
    size_t bucket_count;
    size_t count;
    uint32_t ever; /* added so far */
    struct device *devices;
    struct phonebook *phonebooks;
};

int entries_open(struct engine *engine); /* with the usual devices; 0, or -1 */
void entries_close(struct engine *engine);
/* Without a phonebook, the first entry of that name in any. */
struct line *entry_find(struct engine *engine, const WCHAR *phonebook, const WCHAR *name);
/* The same with the reason why there is none: 621 or 623. */
DWORD entry_find_named(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                       struct line **line);
struct entry *entry_of_number(struct device *modem, const WCHAR *phonebook, const WCHAR *number);
void guid_make(GUID *guid, uint64_t left, uint64_t right);
struct entry *entry_new(struct device *device, const struct sim_entry *from); /* null = no memory */
struct sim_entry entry_texts(const struct entry *entry);
/* What has other texts, or another device, but is the same entry to Windows. */
struct entry *entry_changed(const struct entry *entry, struct device *device,
                            const struct sim_entry *texts);
struct line *line_new(struct engine *engine, struct entry *entry); /* null = no memory */
struct line *line_in(struct engine *engine, const WCHAR *phonebook, const WCHAR *name);
void line_free(struct engine *engine, struct line *line);
void line_rename(struct engine *engine, struct line *line, struct entry *entry);
void line_set_entry(struct line *line, struct entry *entry); /* takes it over */
void entry_release(struct entry *entry);
void far_end_release(struct engine *engine, void **far_end);
/* The line with the engine's lock held, or null with nothing held; the reason in `error`, else 0. */
struct line *line_enter(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                        DWORD *error);
void line_leave(struct engine *engine);
DWORD entries_list(struct engine *engine, const WCHAR *phonebook, RASENTRYNAMEW *list, DWORD *bytes,
                   DWORD *count);

/* The buffer protocol of the Ras…Enum functions: 0 = fill in `count` elements, `size` apart. */
DWORD list_room(const void *list, const DWORD *sizes, size_t *size, DWORD *bytes, DWORD *count,
                size_t found);

/* A path for os/files.h. */
#ifdef _WIN32
#define NATIVE_PATH(name, path) const WCHAR *name = path
#else
#define NATIVE_PATH(name, path)                                                                         \
    char name[4 * RAS_MAX_PATH];                                                                   \
    text_to_utf8(name, sizeof name, path)
#endif

/* ---- phonebooks.c: which there are */

/* The one that is meant: the user's own where none is named; a full path where they are files. */
const WCHAR *phonebook_meant(struct engine *engine, const WCHAR *path);
/* There is such a phonebook; one that is a file is read if it has changed. */
int phonebook_known(struct engine *engine, const WCHAR *path);
/* There is one, or a file of that name can be made. */
int phonebook_possible(struct engine *engine, const WCHAR *path);
int phonebook_for_all(struct engine *engine, const WCHAR *path);
int phonebook_may_change(struct engine *engine, const WCHAR *path);
DWORD phonebook_keep(struct engine *engine, const WCHAR *path); /* it stays without entries */
struct phonebook *phonebook_of(struct engine *engine, const WCHAR *path); /* null = unknown */
struct phonebook *phonebook_made(struct engine *engine, const WCHAR *path); /* null = no memory */
void phonebooks_close(struct engine *engine);

/* ---- book_file.c: phonebooks that are files */

/* 0, or -1: it can't be read. */
int book_file_read(struct engine *engine, struct phonebook *book);
/* What has changed in memory goes into the file, where the phonebook is one: 0, or 624, and then the
 * memory is as the file. `old_name` as in the file; the line may be null: it was deleted. */
DWORD book_file_write(struct engine *engine, const WCHAR *phonebook, const WCHAR *old_name,
                      const struct line *line);

/* ---- names.c */

int name_valid(const WCHAR *name);

/* ---- credentials.c */

void stored_release(struct stored *stored);
/* The stand-in that RAS hands out becomes the password it stands for; any other stays. */
const WCHAR *password_meant(const struct line *line, const WCHAR *given);

/* ---- properties.c */

void properties_release(struct properties *properties);
/* The alternate numbers of an entry: a list of strings. */
DWORD properties_set_tail(struct line *line, const BYTE *tail, DWORD bytes);
/* As of an entry on that device that nobody has set any of. */
void properties_usual(RASENTRYW *entry, const struct device *device);
void properties_describe(const struct line *line, RASENTRYW *entry);
DWORD properties_set(struct line *line, const RASENTRYW *entry, const BYTE *tail, DWORD bytes);
/* The options of the entry that a dial goes by. */
void properties_apply(struct connection *connection, const struct line *line);

/* ---- eap.c */

void eap_release(struct line *line);
DWORD eap_type(const struct line *line); /* 0 = it does not log in by EAP */
int eap_info_right(const struct line *line, const RASEAPINFO *info);

/* ---- autodial.c */

struct autodial;
void autodial_close(struct engine *engine);

/* ---- connection.c: handles, status, hang-up */

enum phase { DIALING, UP, FAILED, CLOSING };

struct sink { /* whom to notify, and how */
    DWORD type;
    void *notifier; /* null = nobody */
    ULONG_PTR id;
};

/* A RasDialW that found its entry connected is told so. */
struct notice {
    struct job job;
    struct notice *next;
    struct connection *connection; /* null once that is gone */
    struct sink sink;
};

struct connection {
    struct job job; /* the next move, or the release of the port; first member */
    struct connection *in_bucket;
    struct connection *previous;
    struct connection *next;
    uintptr_t handle;
    struct connection *links; /* of a multilink entry, else null; they are connections too */
    struct connection *next_link;
    struct connection *whole; /* what a link is a part of */
    DWORD sub_entry;          /* its number, 1 for what has no links */
    DWORD link_count;         /* that the entry has */
    struct entry *entry;
    struct line *line;   /* while it is the line's current connection */
    struct device *port; /* null where none is taken */
    void *run;           /* the carrier's */
    struct report *reports; /* that the carrier has handed in and nobody has announced, oldest first */
    struct sink sink;
    struct notice *notices;
    uint64_t release_at;
    uint32_t references; /* RasDialW calls without their RasHangUpW */
    enum phase phase;
    DWORD state;
    DWORD error;
    DWORD failure;      /* set from outside: to be announced next */
    DWORD paused;       /* the state in which it waits for RasDialW, 0 = it does not */
    char pausing;       /* the caller accepts paused states */
    char eap_shown;
    char projected;
    char mobile;        /* IKEv2 may move it to another interface */
    DWORD protocols;    /* RASNP_... */
    DWORD eap_type;     /* 0 = none */
    DWORD substate;
    RASTUNNELENDPOINT local, remote; /* of an IKEv2 tunnel */
    BYTE eap_info[8];   /* what RasInvokeEapUI hands out */
    RAS_STATS cleared; /* the totals at the last RasClear...Statistics */
    uint64_t up_at;
    char was_up;        /* a link: its end is to be announced */
    char owned;         /* a thread is inside the dial; `job` does not wait */
    char synchronous;
    char woken;         /* its carrier wants to move; for a synchronous dial */
    char muted;         /* a RasDialFunc2 has returned 0 */
    char hung_up;
    char release_waits; /* for the last link */
    char hung_up_inside; /* by its own notifier, which may wait for the port */
    char gone;          /* the handle is invalid; the owner frees what is left */
    WCHAR phone_number[RAS_MaxPhoneNumber + 1];
    WCHAR callback_number[RAS_MaxCallbackNumber + 1];
};

/* A state or an error that a carrier has handed in. */
struct report {
    struct report *next;
    DWORD state;
    DWORD error;
    DWORD extended_error;
};

struct connections {
    struct connection *first;
    struct connection *last;
    struct connection **buckets;
    size_t bucket_count;
    size_t count;
    size_t notices;
};

struct connection *connection_new(struct engine *engine, struct entry *entry); /* null = no memory */
int connection_was_made(HRASCONN handle); /* by any engine of this process */
struct connection *connection_find(struct engine *engine, HRASCONN handle);
/* Undone without ceremony: nobody has heard of it. */
void connection_discard(struct engine *engine, struct connection *connection);
int connection_take_port(struct engine *engine, struct connection *connection);
void connection_leave_line(struct connection *connection);
/* The link is gone; the port follows when its carrier says so. */
void connection_end(struct engine *engine, struct connection *connection, DWORD error);
/* The port is free and the handle invalid, or as soon as the last link is. A thread that is still
 * inside the notifier frees what is left. */
void connection_release(struct engine *engine, struct connection *connection);
/* What is left of a connection that is gone. */
void connection_free(struct engine *engine, struct connection *connection);
void connections_close(struct engine *engine);
/* One of its links, from 1; null where there is none of that number. */
struct connection *connection_link(struct connection *connection, DWORD link);
DWORD connection_hang_up(struct engine *engine, HRASCONN handle);
DWORD connection_status(struct engine *engine, HRASCONN handle, RASCONNSTATUSW *status);
DWORD connections_list(struct engine *engine, RASCONNW *list, DWORD *bytes, DWORD *count);

/* ---- notification.c */

struct watch {
    struct watch *next;
    HRASCONN handle;
    HANDLE event; /* as the caller knows it */
    os_event signal;
    DWORD flags;
};

void watches_tell(struct engine *engine, const struct connection *connection, DWORD what);
void watches_forget(struct engine *engine, const struct connection *connection);
uint32_t watches_count(const struct engine *engine);
void watches_close(struct engine *engine);

/* ---- statistics.c */

/* All members but dwSize, modulo 2^32. */
void counters_add(RAS_STATS *sum, const RAS_STATS *more);
void counters_subtract(RAS_STATS *sum, const RAS_STATS *less);

/* ---- subentries.c */

void sub_entries_release(struct engine *engine, struct line *line);
DWORD sub_entries_counted(const struct line *line); /* at least 1 */
struct sub_entry sub_entry_of(const struct line *line, DWORD number);
DWORD sub_entry_put(struct line *line, DWORD number, struct device *device,
                    const RASSUBENTRYW *from, const BYTE *tail, DWORD tail_bytes);

/* ---- links.c: the dials of multilink entries */

struct dial_request;

DWORD links_begin(struct engine *engine, const struct dial_request *request, struct line *line,
                  HRASCONN *handle);
/* A link or the whole: does the notifier hear of this? */
int link_is_heard(const struct connection *link, DWORD state, DWORD error);
void link_connected(struct engine *engine, struct connection *link);
void link_moved(struct engine *engine, struct connection *link); /* to another state, or failed */
void link_ended(struct engine *engine, struct connection *link, int was_up, DWORD error);
/* It is none of the whole's links any more; they may have been all that the whole waited for. */
void link_gone(struct engine *engine, struct connection *whole, struct connection *link);
void links_fail(struct engine *engine, struct connection *whole, DWORD error);

/* ---- dial.c */

/* What a RasDialW brings; its texts are never null. */
struct dial_request {
    const WCHAR *phonebook;
    const WCHAR *entry_name;
    const WCHAR *phone_number;
    const WCHAR *user_name;
    const WCHAR *password;
    const WCHAR *domain;
    const WCHAR *callback_number;
    DWORD sub_entry; /* that is to be dialed first */
    RASEAPINFO eap;
    struct sink sink;
    char pausing;
    char skips_login; /* by PPP: the cookie of RASDIALEXTENSIONS stands for it */
};

DWORD dial(struct engine *engine, const struct dial_request *request, HRASCONN *handle);
void dial_job(struct engine *engine, struct job *job);
/* A dial in progress is to fail with this error. */
void dial_fail(struct engine *engine, struct connection *connection, DWORD error);
/* A dial that has not begun; null = no memory. */
struct connection *dial_prepare(struct engine *engine, const struct dial_request *request,
                                struct line *line, struct entry *entry);
/* Until it is connected or has failed, on the thread of the caller. */
DWORD dial_here(struct engine *engine, struct connection *connection);
void dial_tell(struct engine *engine, struct connection *connection, DWORD state, DWORD error,
               DWORD extended_error);
/* By the thread that owns the dial; the lock is open while the notifier runs. */
void dial_announce(struct engine *engine, struct connection *connection, DWORD state, DWORD error,
                   DWORD extended_error);
int dial_inside_notifier(const struct engine *engine); /* the calling thread runs one */
/* RasHangUpW has ended this connection. */
void dial_hung_up(struct engine *engine, struct connection *connection);

/* ---- pause.c: the dials that wait for more */

/* Pauses the dial of a caller who accepts that, and fails any other one; by the thread that owns it.
 * Error 0 = the usual one of that state. */
void dial_pause(struct engine *engine, struct connection *connection, DWORD state, DWORD error,
                DWORD extended_error);
DWORD dial_resume(struct engine *engine, struct connection *connection,
                  const struct dial_request *request);

/* ---- error_text.c */

/* No lock needed. `of_pppd`: in the words for links of pppd. */
DWORD error_text(int of_pppd, UINT code, WCHAR *text, DWORD characters);

/* ---- answers.c: what only Windows can settle */

DWORD answer_hang_up_gone(const struct engine *engine, HRASCONN handle);
DWORD answer_devices_size(const struct engine *engine, int has_room);
int answer_null_is_any_phonebook(const struct engine *engine);
void answer_device_type(const struct engine *engine, WCHAR *type);
int answer_takes_windows(const struct engine *engine);
DWORD answer_stale_statistics(const struct engine *engine);
DWORD answer_second_pppoe(const struct engine *engine);
int answer_lists(const struct engine *engine, const struct connection *connection);

/* ---- engine.c */

#define RAS_PLACE(name) (offsetof(struct ras_api, name) / sizeof(void (*)(void)))
#define RAS_PLACES (sizeof(struct ras_api) / sizeof(void (*)(void)))

struct engine {
    atomic32 open;
    atomic32 users; /* threads inside a function of this engine */
    uint64_t closed_at; /* in the order of closings */

    os_mutex lock;
    os_cond changed; /* for threads that wait inside RasDialW */
    int closing;

    struct job **heap;
    size_t jobs;
    size_t job_room;
    uint64_t job_order;
    struct worker *leader;
    struct worker *idle;
    os_cond dismissed;
    os_thread finished; /* the worker that ended last, to be joined */
    int has_finished;
    uint32_t workers;
    uint32_t coming;
    uint32_t running;
    uint64_t progress_at;
    uint64_t joined_at;

    struct entries entries;
    struct connections connections;
    struct watch *watches;
    uint64_t registrations;
    struct autodial *autodial;
    const struct carrier *carrier;
    void *carried; /* the carrier's */
    uint32_t open_ports;
    uint32_t callbacks;
    uint64_t dials;
    int administrator;
    char otherwise[SIM_QUESTIONS]; /* the other answer */
    char uses_files;               /* a phonebook's path is a file */
    WCHAR user_book[RAS_MAX_PATH]; /* the default phonebooks; "" = they have no path */
    WCHAR all_users_book[RAS_MAX_PATH];
    WCHAR full_path[RAS_MAX_PATH]; /* of the phonebook that was asked for last */
    atomic32 answers[RAS_PLACES]; /* that functions give instead of doing their work; 0 = none */
};

/* A user of an open engine until engine_leave; 0 when it is closed. Both without the lock. */
int engine_enter(struct engine *engine);
void engine_leave(struct engine *engine);
struct engine *engine_numbered(int number);

/* ---- api.c */

extern const struct ras_api simulated_api[SIM_ENGINES];

#endif
