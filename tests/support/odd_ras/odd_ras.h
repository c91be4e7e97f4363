/* SPDX-License-Identifier: MIT
 *
 * What the files of the library share: the types of ras.h, the lines, the log, and what threads wait with.
 */
#ifndef ODD_RAS_H
#define ODD_RAS_H

#include <stddef.h>
#include <stdint.h>

#ifdef _WIN32

#include <windows.h>
#include <ras.h>
#define EXPORT __declspec(dllexport)
#define RAS_CALL WINAPI
typedef DWORD STATE;
typedef HANDLE caller_id;
typedef HANDLE thread_id;

#else

#include <pthread.h>

#define EXPORT __attribute__((visibility("default")))
#define RAS_CALL
#define WINAPI
typedef long caller_id;
typedef pthread_t thread_id;
typedef uint32_t DWORD, UINT, STATE;
typedef uint16_t WCHAR;
typedef uint8_t BYTE;
typedef struct HRASCONN__ *HRASCONN;

/* The structures as far as this library reads and writes them: laid out by hand from ras.h. */
#pragma pack(push, 4)
typedef struct {
    DWORD dwSize;
    WCHAR szEntryName[257];
    WCHAR szPhoneNumber[129];
    WCHAR szCallbackNumber[129];
    WCHAR szUserName[257];
    WCHAR szPassword[257];
    WCHAR szDomain[16];
} RASDIALPARAMSW;
typedef struct {
    DWORD dwSize;
} RASDIALEXTENSIONS;
typedef struct {
    DWORD dwSize;
    STATE rasconnstate;
    DWORD dwError;
    WCHAR szDeviceType[17];
    WCHAR szDeviceName[129];
} RASCONNSTATUSW;
typedef struct {
    DWORD dwSize;
    HRASCONN hrasconn;
    WCHAR szEntryName[257];
    WCHAR szDeviceType[17];
    WCHAR szDeviceName[129];
} RASCONNW;
typedef struct {
    DWORD dwSize;
    WCHAR szEntryName[257];
} RASENTRYNAMEW;
#pragma pack(pop)

#endif

#define DIAL_EVENT 0xCCCDu
#define CONNECTED 0x2000u
#define DISCONNECTED 0x2001u
#define MAX_LINES 512

typedef void(RAS_CALL *notifier)(HRASCONN, UINT, DWORD, DWORD, DWORD);

/* One dial and what became of it. Its place in `lines` is its handle. */
struct line {
    int used;       /* has a thread, or a valid handle */
    int valid;      /* the handle is valid, and its port open */
    int references; /* hang-ups that it takes */
    int hung_up;
    int late;
    int each_new;
    int endless; /* calls back for ever: the handle is invalid as soon as it is hung up */
    int has_thread;
    uint32_t refusal;
    int refusals; /* so many more; negative = each time */
    uint32_t hang_up_pause, status_pause, free_pause, linger;
    int in_dial; /* RasDialW has not returned: the handle stays valid for as long */
    int unsure; /* every second question for the status fails */
    uint32_t questions;
    uint32_t serial;   /* no two dials have the same */
    uint32_t tag, nth; /* the number after # in the entry; earlier dials of that entry */
    uint32_t calls;
    uint32_t state, error;
    UINT message;
    notifier notify;
    HRASCONN handle;
    HRASCONN *cell;
    int stored;
    DWORD answer;
    caller_id caller;
    int dialing;
    char entry[257];
    char port_gate[32], asked_gate[32];
    const char *words;
};

struct counters {
    int64_t dials, hang_ups, null_hang_ups, invalid_hang_ups, callbacks, inside, most_inside;
    int64_t threads, lost_callers, refused_sizes;
};

/* --- gates.c -------------------------------------------------------------------------------- */

extern struct counters counters; /* under the lock */

void lock(void);
void unlock(void);
void change(void);                         /* wakes who waits; under the lock */
int wait_for_change(int64_t milliseconds); /* under the lock; negative = without an end */
int64_t now_ms(void);
int64_t now_ns(void); /* monotonic */
void pause_a_moment(void);
void pause_us(uint32_t microseconds);
void at_process_exit(void (*run)(void)); /* after the interpreter's end, while threads still run */
caller_id this_caller(void);
int is_alive(caller_id caller);
thread_id start_thread(void (*run)(void *), void *argument);
void join_thread(thread_id thread);
void detach_thread(thread_id thread);
int *gate(const char *name, size_t length); /* under the lock: whether it is open */
void forget_gates(void);                    /* under the lock */
void open_gate(const char *name);           /* under the lock */
void wait_for_gate(const char *name);       /* under the lock, which is let go of meanwhile */

/* --- script.c ------------------------------------------------------------------------------- */

extern struct line lines[MAX_LINES]; /* under the lock */

int run_words(struct line *line);
void line_main(void *line);
void take_handle(struct line *line); /* under the lock; in odd_ras.c */

/* --- log.c ---------------------------------------------------------------------------------- */

enum happening {
    DIAL_BEGAN,
    HANDLE_GIVEN,
    HANDLE_STORED,
    CALLBACK_BEGAN, /* value: counts the callbacks of the dial from 0 */
    CALLBACK_ENDED,
    DIAL_RETURNED, /* value: what RasDialW returns */
    HANG_UP_BEGAN,
    HANG_UP_ENDED, /* value: what RasHangUpW returns */
    PORT_FREED,
    LINE_DEAD,
    NOTED, /* by the test */
};

/* Under the lock, which is let go of while a replay waits for this one's turn. */
void record(enum happening kind, const struct line *line, uint32_t value);
void record_callback(enum happening kind, const struct line *line, uint32_t state, uint32_t error,
                     uint32_t value);
void record_handle(const struct line *line); /* of the last record: known only now */
void forget_log(void);

#endif
