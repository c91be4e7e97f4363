/* SPDX-License-Identifier: MIT
 *
 * A RAS library of our own that behaves unlike the simulator. It has the ABI of ras.h and no line
 * behind it: the entry name is the program of a dial (script.c), so a test says in one string what
 * happens. This file has the functions of ras.h, and what the tests set and ask about them.
 *
 * A handle is the lowest that is free, so values are used again at once.
 *
 * Built with -DNO_DIAL, -DNO_STATUS or -DNO_HANG_UP it lacks that function.
 */
#include "odd_ras.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SIZES 64

static struct {
    DWORD size, code;
    DWORD seen[MAX_SIZES];
    int count;
} accepted[5]; /* RASDIALPARAMS, RASDIALEXTENSIONS, RASCONNSTATUS, RASCONN, RASENTRYNAME */
enum { PARAMS, EXTENSIONS, STATUS, CONNECTION, ENTRY };
static RASDIALPARAMSW *kept_params;
static char seen_password[257];
static int lists_held, lists_asked;
static struct {
    uint32_t tag, dials;
} seen[MAX_LINES]; /* of the last tags */
static uint32_t dials_so_far, list_pause;

/* --- Under the lock ------------------------------------------------------------------------- */

static struct line *find(HRASCONN handle)
{
    for (struct line *line = lines; line < lines + MAX_LINES; line++)
        if (line->valid && line->handle == handle)
            return line;
    return NULL;
}

/* The lowest value that is free. */
void take_handle(struct line *line)
{
    uintptr_t value = 0x5100;

    record(HANDLE_GIVEN, line, 0);
    while (find((HRASCONN)value) != NULL)
        value += 0x10;
    line->handle = (HRASCONN)value;
    line->valid = 1;
    record_handle(line);
}

static int accepts(int kind, DWORD size)
{
    if (accepted[kind].count < MAX_SIZES)
        accepted[kind].seen[accepted[kind].count++] = size;
    return accepted[kind].size == 0 || accepted[kind].size == size;
}

static void put_ascii(WCHAR *target, const char *text)
{
    while ((*target++ = (WCHAR)(unsigned char)*text++) != 0) {
    }
}

/* --- ras.h ---------------------------------------------------------------------------------- */

#ifndef NO_DIAL
static DWORD add_reference(const char *entry, HRASCONN *cell)
{
    if (strncmp(entry, "shared", 6) != 0)
        return 0;
    for (struct line *line = lines; line < lines + MAX_LINES; line++)
        if (line->valid && !line->hung_up && line->state == CONNECTED &&
            strcmp(line->entry, entry) == 0) {
            line->references++;
            *cell = line->handle;
            return 1;
        }
    return 0;
}

static struct line *new_line(void)
{
    for (struct line *line = lines; line < lines + MAX_LINES; line++) {
        int taken = line->used || line->valid;

        if (taken)
            continue;
        memset(line, 0, sizeof *line);
        line->serial = ++dials_so_far;
        return line;
    }
    abort();
}

/* Whether a word is in the program of this dial. */
static int has_word(const struct line *line, const char *wanted)
{
    const char *word = line->words;
    size_t length = strcspn(word += strspn(word, " "), " ");

    while (length > 0 && *word != '/') {
        if (length == strlen(wanted) && memcmp(word, wanted, length) == 0)
            return 1;
        word += length;
        word += strspn(word, " ");
        length = strcspn(word, " ");
    }
    return 0;
}

/* The program is that of the first dial; after each slash comes that of the next one. */
static void choose_program(struct line *line)
{
    const char *tag = strchr(line->entry, '#');
    uint32_t slot;

    line->words = line->entry;
    if (tag == NULL)
        return;
    line->tag = (uint32_t)strtoul(tag + 1, NULL, 10);
    slot = line->tag % MAX_LINES;
    if (seen[slot].tag != line->tag)
        seen[slot].dials = 0;
    seen[slot].tag = line->tag;
    line->nth = seen[slot].dials++;
    for (uint32_t skipped = 0; skipped < line->nth; skipped++) {
        const char *next = strchr(line->words, '/');

        if (next == NULL)
            return; /* the last one again */
        line->words = next + 1;
    }
}

static void store_handle(struct line *line)
{
    record(HANDLE_STORED, line, 0);
    line->stored = 1;
    *line->cell = line->handle;
}

EXPORT DWORD WINAPI RasDialW(RASDIALEXTENSIONS *extensions, const WCHAR *phonebook,
                             RASDIALPARAMSW *params, DWORD notifier_type, void *notify,
                             HRASCONN *cell)
{
    struct line *line;
    DWORD answer;
    int i;

    (void)phonebook;
    if (notifier_type != 1 || *cell != NULL)
        return 87;
    lock();
    counters.dials++;
    change();
    if (extensions != NULL && !accepts(EXTENSIONS, extensions->dwSize)) {
        answer = accepted[EXTENSIONS].code;
        goto refused;
    }
    if (!accepts(PARAMS, params->dwSize)) {
        answer = accepted[PARAMS].code;
        goto refused;
    }
    kept_params = params;
    for (i = 0; i < 257; i++)
        seen_password[i] = (char)params->szPassword[i];
    line = new_line();
    for (i = 0; i < 256 && params->szEntryName[i] != 0; i++)
        line->entry[i] = (char)params->szEntryName[i];
    if (add_reference(line->entry, cell)) {
        unlock();
        return 0;
    }
    line->used = line->references = line->dialing = line->in_dial = 1;
    line->message = DIAL_EVENT;
    memcpy(&line->notify, &notify, sizeof notify);
    line->cell = cell;
    line->caller = this_caller();
    choose_program(line);
    record(DIAL_BEGAN, line, 0);
    if (!has_word(line, "take"))
        take_handle(line);
    unlock();

    run_words(line);
    lock();
    answer = line->answer;
    line->words += strspn(line->words, " |");
    if (!line->stored && !line->linger)
        store_handle(line);
    if (answer != 0 && *cell == NULL) { /* it never was */
        record(PORT_FREED, line, 0);
        record(DIAL_RETURNED, line, answer);
        line->used = line->valid = line->dialing = line->in_dial = 0;
        unlock();
        return answer;
    }
    if (*cell == NULL && !line->linger) /* nobody can hang it up */
        line->hung_up = 1;
    line->has_thread = 1;
    counters.threads++;
    change();
    unlock();
    detach_thread(start_thread(line_main, line));
    pause_us(line->linger);
    lock();
    if (line->linger && !line->stored)
        store_handle(line);
    record(DIAL_RETURNED, line, answer);
    line->in_dial = 0;
    change();
    unlock();
    return answer;

refused:
    counters.refused_sizes++;
    unlock();
    return answer;
}
#endif

#ifndef NO_HANG_UP
EXPORT DWORD WINAPI RasHangUpW(HRASCONN handle)
{
    struct line *line;
    DWORD answer = 0;

    lock();
    counters.hang_ups++;
    change();
    line = find(handle);
    if (line != NULL) {
        uint32_t serial = line->serial, pause = line->hang_up_pause;

        record(HANG_UP_BEGAN, line, 0);
        unlock();
        pause_us(pause);
        lock();
        if (!line->valid || line->serial != serial)
            line = NULL;
    } else {
        record(HANG_UP_BEGAN, NULL, (uint32_t)(uintptr_t)handle);
    }
    if (handle == NULL) {
        counters.null_hang_ups++;
        answer = 6;
    } else if (line == NULL || line->hung_up) {
        counters.invalid_hang_ups++;
        answer = 6;
    } else if (line->refusal != 0 && line->refusals != 0) {
        answer = line->refusal;
        line->refusals -= line->refusals > 0;
    } else if (--line->references == 0) {
        line->hung_up = 1;
        line->dialing = 0;
        line->state = DISCONNECTED;
        if (line->endless)
            line->valid = 0;
        change();
    }
    record(HANG_UP_ENDED, line, answer);
    unlock();
    return answer;
}
#endif

#ifndef NO_STATUS
EXPORT DWORD WINAPI RasGetConnectStatusW(HRASCONN handle, RASCONNSTATUSW *status)
{
    struct line *line;
    DWORD answer = 0;
    uint32_t pause;

    lock();
    line = find(handle);
    if (line != NULL && line->asked_gate[0] != 0 && line->hung_up) {
        char name[32];

        memcpy(name, line->asked_gate, sizeof name);
        open_gate("asked");
        wait_for_gate(name);
        line = find(handle);
    }
    if (!accepts(STATUS, status->dwSize)) {
        counters.refused_sizes++;
        answer = accepted[STATUS].code;
    } else if (line == NULL) {
        answer = 6;
    } else if (line->unsure && line->questions++ % 2 == 0) {
        answer = 8; /* ERROR_NOT_ENOUGH_MEMORY */
    } else {
        status->rasconnstate = line->state;
        status->dwError = line->error;
        put_ascii(status->szDeviceType, "odd");
        put_ascii(status->szDeviceName, "Odd Device");
    }
    pause = line != NULL ? line->status_pause : 0;
    unlock();
    pause_us(pause);
    return answer;
}
#endif

static DWORD enumerate(int kind, void *rows, DWORD *bytes, DWORD *count)
{
    DWORD size, needed = 0, room = *bytes;
    DWORD answer = 0;

    memcpy(&size, rows, sizeof size);
    if (!accepts(kind, size)) {
        counters.refused_sizes++;
        return accepted[kind].code;
    }
    *count = 0;
    for (struct line *line = lines; line < lines + MAX_LINES; line++) {
        BYTE *row = (BYTE *)rows + needed;

        if (!line->valid || line->hung_up || line->state != CONNECTED)
            continue;
        needed += size;
        ++*count;
        if (needed > room) {
            answer = 603;
            continue;
        }
        memset(row, 0, size);
        memcpy(row, &size, sizeof size);
        if (kind == ENTRY) {
            put_ascii(((RASENTRYNAMEW *)row)->szEntryName, line->entry);
        } else {
            ((RASCONNW *)row)->hrasconn = line->handle;
            put_ascii(((RASCONNW *)row)->szEntryName, line->entry);
            put_ascii(((RASCONNW *)row)->szDeviceType, "odd");
            put_ascii(((RASCONNW *)row)->szDeviceName, "Odd Device");
        }
    }
    *bytes = needed;
    return answer;
}

EXPORT DWORD WINAPI RasEnumConnectionsW(RASCONNW *rows, DWORD *bytes, DWORD *count)
{
    DWORD answer;
    uint32_t pause;

    lock();
    lists_asked = 1;
    change();
    while (lists_held)
        wait_for_change(-1);
    pause = list_pause;
    unlock();
    pause_us(pause);
    lock();
    answer = enumerate(CONNECTION, rows, bytes, count);
    unlock();
    return answer;
}

/* The entries of this library are the programs that are running. */
EXPORT DWORD WINAPI RasEnumEntriesW(const WCHAR *reserved, const WCHAR *phonebook, RASENTRYNAMEW *rows,
                                    DWORD *bytes, DWORD *count)
{
    DWORD answer;

    (void)reserved;
    (void)phonebook;
    lock();
    answer = enumerate(ENTRY, rows, bytes, count);
    unlock();
    return answer;
}

EXPORT DWORD WINAPI RasGetErrorStringW(UINT code, WCHAR *text, DWORD characters)
{
    char line[64];

    snprintf(line, sizeof line, "Odd text for %u.", (unsigned)code);
    if (strlen(line) >= characters)
        return 603;
    put_ascii(text, line);
    return 0;
}

/* --- For the tests -------------------------------------------------------------------------- */

/* Only this dwSize from now on, else `code`; 0 = any. */
EXPORT void odd_accept(int kind, DWORD size, DWORD code)
{
    lock();
    accepted[kind].size = size;
    accepted[kind].code = code;
    unlock();
}

EXPORT int odd_sizes(int kind, DWORD *sizes)
{
    int found;

    lock();
    found = accepted[kind].count;
    memcpy(sizes, accepted[kind].seen, (size_t)found * sizeof *sizes);
    unlock();
    return found;
}

/* Under the lock: the handle is invalid at once, and its value free. */
static void drop(struct line *line)
{
    record(LINE_DEAD, line, 0);
    line->valid = line->dialing = 0;
    line->hung_up = 1;
    change();
}

/* The line goes dead. */
EXPORT int odd_drop(const char *entry)
{
    int found = 0;

    lock();
    for (struct line *line = lines; line < lines + MAX_LINES; line++)
        if (line->valid && strcmp(line->entry, entry) == 0) {
            drop(line);
            found++;
        }
    unlock();
    return found;
}

/* The same for every line of that tag. */
EXPORT void odd_drop_tag(uint32_t tag)
{
    lock();
    for (struct line *line = lines; line < lines + MAX_LINES; line++)
        if (line->valid && line->tag == tag)
            drop(line);
    unlock();
}

/* RasEnumConnectionsW takes its time, until this is called with 0. */
EXPORT void odd_hold_lists(int held)
{
    lock();
    lists_held = held;
    lists_asked = 0;
    change();
    unlock();
}

EXPORT void odd_pause_lists(uint32_t microseconds)
{
    lock();
    list_pause = microseconds;
    unlock();
}

/* Waits until RasEnumConnectionsW has been called; 0 = not within that time. */
EXPORT int odd_wait_lists(int milliseconds)
{
    int64_t deadline = now_ms() + milliseconds;
    int asked;

    lock();
    while (!lists_asked && now_ms() < deadline)
        wait_for_change(deadline - now_ms());
    asked = lists_asked;
    unlock();
    return asked;
}

EXPORT void odd_allow_hang_up(void)
{
    lock();
    for (struct line *line = lines; line < lines + MAX_LINES; line++)
        line->refusal = 0;
    unlock();
}

/* The structure of the last dial: whoever reads it has kept its memory alive. */
EXPORT void *odd_params(void) { return kept_params; }
EXPORT const char *odd_password(void) { return seen_password; }

/* Forgets counts, gates and sizes. 0 = lines are still at work. */
EXPORT int odd_reset(void)
{
    int busy = 0;

    lock();
    for (struct line *line = lines; line < lines + MAX_LINES; line++)
        busy |= line->used || line->valid;
    if (!busy) {
        memset(&counters, 0, sizeof counters);
        forget_gates();
        forget_log();
        memset(accepted, 0, sizeof accepted);
        memset(seen, 0, sizeof seen);
        kept_params = NULL;
    }
    unlock();
    return !busy;
}
