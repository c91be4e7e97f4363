/* SPDX-License-Identifier: MIT
 *
 * A RAS client in C over librasapi32.so: it dials its first argument as the user and with the password
 * that stdin brings, tells what it sees, and hangs up.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ras_api.h"

#define DECLARE(name, parameters) DWORD RAS_CALL name parameters;
RAS_FUNCTIONS(DECLARE)
#undef DECLARE

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int over;
static DWORD outcome;

static void RAS_CALL on_event(HRASCONN connection, UINT message, DWORD state, DWORD error,
                              DWORD extended_error)
{
    (void)connection, (void)message, (void)extended_error;
    printf("state %u %u\n", (unsigned)state, (unsigned)error);
    pthread_mutex_lock(&lock);
    outcome = error;
    over = error || state == RASCS_Connected;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

static void widen(WCHAR *to, const char *from)
{
    while ((*to++ = (unsigned char)*from++) != 0)
        ;
}

static void put(const WCHAR *text)
{
    for (; *text; text++)
        putchar((char)*text);
    putchar('\n');
}

static void explain(DWORD error)
{
    WCHAR text[512];

    if (RasGetErrorStringW(error, text, 512) == 0) {
        printf(": ");
        put(text);
    }
}

static void tell(HRASCONN connection)
{
    RASPPPIPW ip = {.dwSize = sizeof ip};
    RAS_STATS statistics = {.dwSize = sizeof statistics};
    DWORD bytes = sizeof ip;

    if (RasGetProjectionInfoW(connection, RASP_PppIp, &ip, &bytes) == 0) {
        printf("server ");
        put(ip.szServerIpAddress);
    }
    if (RasGetConnectionStatistics(connection, &statistics) == 0)
        printf("received %s\n", statistics.dwBytesRcved ? "some" : "none");
}

int main(int count, char **arguments)
{
    static RASDIALPARAMSW params = {.dwSize = sizeof params};
    RASCONNSTATUSW status = {.dwSize = sizeof status};
    HRASCONN connection = NULL;
    char password[128];
    DWORD error;

    if (count != 3 || !fgets(password, sizeof password, stdin))
        return 2;
    password[strcspn(password, "\n")] = 0;
    widen(params.szEntryName, arguments[1]);
    widen(params.szUserName, arguments[2]);
    widen(params.szPassword, password);
    error = RasDialW(NULL, NULL, &params, 1, (void *)on_event, &connection);
    printf("dial %u", (unsigned)error);
    if (error) {
        explain(error);
        return 0;
    }
    putchar('\n');
    pthread_mutex_lock(&lock);
    while (!over)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    if (!outcome)
        tell(connection);
    printf("hangup %u\n", (unsigned)RasHangUpW(connection));
    while (RasGetConnectStatusW(connection, &status) == 0)
        usleep(10000);
    printf("released\n");
    return 0;
}
