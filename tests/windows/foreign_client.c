/* A RAS client in C as anybody writes one: the compiler's own ras.h, which stands at Windows XP's
 * structures, and its own import library. It dials its argument, hangs up, and tells what it saw. */
#include <windows.h>
#include <ras.h>
#include <raserror.h>
#include <stdio.h>

static HANDLE over;
static DWORD outcome;

static VOID WINAPI on_event(HRASCONN connection, UINT message, RASCONNSTATE state, DWORD error,
                            DWORD extended_error)
{
    (void)connection;
    printf("event %s %d %lu %lu\n", message == WM_RASDIALEVENT ? "ras" : "foreign", (int)state, error,
           extended_error);
    outcome = error;
    if (error || (state & RASCS_DONE))
        SetEvent(over);
}

int wmain(int count, wchar_t **arguments)
{
    RASDIALPARAMSW params = {.dwSize = sizeof params};
    RASCONNSTATUSW status = {.dwSize = sizeof status};
    RASCONNW connections[4] = {{.dwSize = sizeof *connections}};
    RASENTRYNAMEW entries[4] = {{.dwSize = sizeof *entries}};
    DWORD bytes = sizeof entries, found = 0, code;
    WCHAR text[512];
    HRASCONN connection = NULL;

    if (count != 2)
        return 2;
    printf("pointer %d\n", (int)sizeof(void *));
    code = RasEnumEntriesW(NULL, NULL, entries, &bytes, &found);
    printf("entries %lu %lu\n", code, found);
    over = CreateEventW(NULL, TRUE, FALSE, NULL);
    lstrcpynW(params.szEntryName, arguments[1], RAS_MaxEntryName + 1);
    code = RasDialW(NULL, NULL, &params, 1, (LPVOID)on_event, &connection);
    printf("dial %lu %s\n", code, connection ? "handle" : "null");
    if (code) {
        printf("text %lu\n", RasGetErrorStringW(code, text, 512));
    } else {
        if (WaitForSingleObject(over, 20000) != WAIT_OBJECT_0)
            return 3;
        bytes = sizeof connections;
        code = RasEnumConnectionsW(connections, &bytes, &found);
        printf("connections %lu %lu %s\n", code, found,
               found && connections[0].hrasconn == connection ? "same" : "other");
        code = RasGetConnectStatusW(connection, &status);
        printf("status %lu %d\n", code, (int)status.rasconnstate);
    }
    if (connection) {
        printf("hangup %lu\n", RasHangUpW(connection));
        while (RasGetConnectStatusW(connection, &status) != ERROR_INVALID_HANDLE)
            Sleep(1);
        printf("released\n");
    }
    return 0;
}
