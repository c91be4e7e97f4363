/* SPDX-License-Identifier: MIT
 *
 * What the stand-alone library exports beside the RAS functions of api.c: its engine, and the
 * functions that clients link against but that the simulator does not have.
 */
#include "standalone.h"

#include <stdlib.h>

#include "../calls.h"
#include "../scripted/simulator.h"

#define PHONEBOOK_VARIABLE "RASDIAL_SIMULATOR_PHONEBOOK"
#define LONGEST_PATH 4096

/* 0 = the variable is not set, or too long. */
static int phonebook_path(WCHAR *path)
{
#ifdef _WIN32
    DWORD length = GetEnvironmentVariableW(L"" PHONEBOOK_VARIABLE, path, LONGEST_PATH);

    return length > 0 && length < LONGEST_PATH;
#else
    const char *value = getenv(PHONEBOOK_VARIABLE);
    size_t i;

    if (value == NULL)
        return 0;
    for (i = 0; value[i] && i < LONGEST_PATH - 1; i++)
        path[i] = (unsigned char)value[i]; /* byte by byte: standalone_load turns it back */
    path[i] = 0;
    return i > 0 && !value[i];
#endif
}

struct engine *sim_standalone(void)
{
    static os_mutex lock = OS_MUTEX_INIT;
    static struct engine *engine;
    static WCHAR path[LONGEST_PATH];

    os_lock(&lock);
    if (engine == NULL) {
        engine = sim_open();
        if (engine != NULL && phonebook_path(path))
            standalone_load(engine, path); /* unreadable: no entries, and every dial says 623 */
    }
    os_unlock(&lock);
    return engine;
}

/* What is in Windows' ras.h and not here: two windows, and a register of mobile networks. */

DWORD RAS_CALL RasCreatePhonebookEntryW(HWND window, const WCHAR *phonebook)
{
    (void)window, (void)phonebook;
    return os_last_error(ERROR_CALL_NOT_IMPLEMENTED);
}

DWORD RAS_CALL RasCreatePhonebookEntryA(HWND window, const char *phonebook)
{
    (void)window, (void)phonebook;
    return os_last_error(ERROR_CALL_NOT_IMPLEMENTED);
}

DWORD RAS_CALL RasEditPhonebookEntryW(HWND window, const WCHAR *phonebook, const WCHAR *entry)
{
    (void)window, (void)phonebook, (void)entry;
    return os_last_error(ERROR_CALL_NOT_IMPLEMENTED);
}

DWORD RAS_CALL RasEditPhonebookEntryA(HWND window, const char *phonebook, const char *entry)
{
    (void)window, (void)phonebook, (void)entry;
    return os_last_error(ERROR_CALL_NOT_IMPLEMENTED);
}

DWORD RAS_CALL RasGetPCscf(WCHAR *address)
{
    (void)address;
    return os_last_error(ERROR_CALL_NOT_IMPLEMENTED);
}

void RAS_CALL RasFreeEapUserIdentityW(RASEAPUSERIDENTITYW *identity)
{
    ras_free_eap_user_identity(identity);
}
