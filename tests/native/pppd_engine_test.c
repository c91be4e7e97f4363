/* SPDX-License-Identifier: MIT
 *
 * The engine on pppd, with fake_pppd in the place of pppd and the logs of real ones as its entries: each is
 * dialed to its end, some are hung up in every state, the engine is closed under others. Before that the
 * readers of lines get mutations of those logs. Writes an entry and its outcome a line.
 */
#define _GNU_SOURCE

#include "../../rasdial_async/_native/engine/pppd/pppd.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_ENTRIES 128
#define AT_ONCE 8
#define START_AUTHENTICATION 19 /* RASCS_StartAuthentication */
#define ROUNDS 200 /* mutations of each line */
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* ---- lines */

static uint64_t seed = 88172645463325252u;

static size_t below(size_t limit)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (size_t)(seed % limit);
}

/* A copy of its own size, so that a sanitizer sees a byte too many. */
static void read_mutation(const char *line, const char *other)
{
    static const char special[] = "*?'\"\\()[]{}% \t0123456789=ABORT-f";
    size_t length = strlen(line), other_length = strlen(other), from = below(other_length + 1);
    size_t keep = below(length + 1), changes = below(4);
    char *mutation = malloc(keep + other_length - from + 1);

    CHECK(mutation);
    memcpy(mutation, line, keep);
    strcpy(mutation + keep, other + from);
    length = strlen(mutation);
    while (changes-- && length)
        mutation[below(length)] =
            below(2) ? special[below(sizeof special - 1)] : (char)(1 + below(255));
    CHECK(log_read(mutation).fact <= LOG_SCRIPT);
    CHECK(chat_read(mutation).fact <= LOG_SCRIPT);
    free(mutation);
}

/* Whether its link was hung up before it was up. */
static int read_lines(const char *name)
{
    static char other[LONGEST_LINE] = "Script chat ABORT BUSY finished (pid 1), status = 0x4";
    static struct journal journal;
    char path[512], line[LONGEST_LINE];
    int i, is_up = 0, waits = 0;
    FILE *file;

    snprintf(path, sizeof path, PEERS "/%s", name);
    file = fopen(path, "r");
    CHECK(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        for (i = 0; i < ROUNDS; i++)
            read_mutation(line, other);
        journal_add(&journal, 1, line);
        is_up |= log_read(line).fact == LOG_IPV4 || log_read(line).fact == LOG_IPV6;
        waits |= !is_up && strncmp(line, "Terminating on signal", 21) == 0;
        memcpy(other, line, sizeof other);
    }
    CHECK(journal.bytes && journal.bytes <= PPPD_LINES && journal.text[journal.bytes - 1] == '\n');
    fclose(file);
    return waits;
}

/* ---- dials */

struct dial {
    char name[64];
    HRASCONN handle;
    DWORD stop_at; /* hung up once this state is announced; 0xFFFF = never */
    DWORD state, error;
    int stop, over;
    int waits; /* its log goes on only when it is hung up */
};

static os_mutex lock = OS_MUTEX_INIT;
static os_cond changed;
static struct dial dials[MOST_ENTRIES];
static size_t dial_count;
static const struct ras_api *ras;

static void RAS_CALL on_event(HRASCONN handle, UINT message, DWORD state, DWORD error, DWORD extended)
{
    size_t i;

    (void)message, (void)extended;
    os_lock(&lock);
    for (i = 0; i < dial_count; i++)
        if (dials[i].handle == handle && !dials[i].over) {
            if (!dials[i].stop)
                dials[i].state = state;
            dials[i].error = error;
            dials[i].stop |= state == dials[i].stop_at;
            dials[i].over = error || state == RASCS_Connected;
        }
    os_broadcast(&changed);
    os_unlock(&lock);
}

static DWORD begin(struct dial *dial)
{
    RASDIALPARAMSW params = {.dwSize = sizeof params};
    HRASCONN handle = NULL;
    DWORD error;
    size_t i;

    for (i = 0; dial->name[i]; i++)
        params.szEntryName[i] = (unsigned char)dial->name[i];
    params.szUserName[0] = 'a';
    params.szPassword[0] = 'b';
    os_lock(&lock); /* the first callback may come before the handle is stored */
    dial->state = dial->error = 0;
    dial->over = dial->stop = 0;
    error = ras->RasDialW(NULL, NULL, &params, 1, (void *)on_event, &handle);
    dial->handle = handle;
    os_unlock(&lock);
    return error;
}

static void hang_up(struct dial *dial)
{
    RASCONNSTATUSW status = {.dwSize = sizeof status};

    DWORD error = ras->RasHangUpW(dial->handle);

    /* A pppd that has ended has given its handle back. */
    CHECK(error == 0 || error == ERROR_INVALID_HANDLE || error == ERROR_NO_CONNECTION);
    while (ras->RasGetConnectStatusW(dial->handle, &status) == 0)
        usleep(2000);
}

static void wait_for(const struct dial *dial)
{
    os_lock(&lock);
    while (!dial->over && !dial->stop)
        os_wait(&changed, &lock);
    os_unlock(&lock);
}

/* Some at once, each with an outcome of its own. */
static void dial_all(DWORD stop_at)
{
    size_t first, i;

    for (first = 0; first < dial_count; first += AT_ONCE) {
        size_t end = first + AT_ONCE < dial_count ? first + AT_ONCE : dial_count;

        for (i = first; i < end; i++) {
            dials[i].stop_at = stop_at;
            if (dials[i].waits && stop_at > START_AUTHENTICATION)
                dials[i].stop_at = START_AUTHENTICATION;
            CHECK(begin(&dials[i]) == 0);
        }
        for (i = first; i < end; i++) {
            wait_for(&dials[i]);
            hang_up(&dials[i]);
        }
    }
}

static int is_log(const struct dirent *file)
{
    return strstr(file->d_name, ".log") != NULL;
}

static void find_entries(void)
{
    struct dirent **files;
    int i, count = scandir(PEERS, &files, is_log, alphasort);

    CHECK(count > 0 && count <= MOST_ENTRIES);
    for (i = 0; i < count; i++) {
        snprintf(dials[dial_count].name, sizeof dials->name, "%.63s", files[i]->d_name);
        dials[dial_count++].waits = read_lines(files[i]->d_name);
        free(files[i]);
    }
    free(files);
}

int main(void)
{
    static const DWORD stops[] = {RASCS_OpenPort, RASCS_ConnectDevice, RASCS_AllDevicesConnected};
    struct engine *engine;
    size_t i;

    CHECK(os_cond_init(&changed) == 0);
    CHECK(pppd_missing() == 0);
    find_entries();
    engine = pppd_open();
    CHECK(engine);
    ras = sim_api(engine);
    dial_all(0xFFFF);
    for (i = 0; i < dial_count; i++)
        printf("%s %u %u\n", dials[i].name, (unsigned)dials[i].state, (unsigned)dials[i].error);
    for (i = 0; i < sizeof stops / sizeof *stops; i++)
        dial_all(stops[i]);
    for (i = 0; i < AT_ONCE; i++)
        CHECK(begin(&dials[i]) == 0);
    sim_close(engine);
    return 0;
}
