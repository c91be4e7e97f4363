/* SPDX-License-Identifier: MIT
 *
 * What the stand-alone library exports beside the RAS functions of api.c: its engine, and the
 * functions that clients link against but that the simulator does not have.
 */
#include "standalone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../os/files.h"
#include "../calls.h"
#include "../pppd/open.h"
#include "../scripted/simulator.h"

/* ---- where its phonebooks are */

#ifdef _WIN32

static size_t variable(const WCHAR *name, WCHAR value[RAS_MAX_PATH])
{
    DWORD length = GetEnvironmentVariableW(name, value, RAS_MAX_PATH);

    return length < RAS_MAX_PATH ? length : 0;
}

static int phonebook_file(WCHAR path[RAS_MAX_PATH])
{
    WCHAR value[RAS_MAX_PATH];

    return variable(L"RASDIAL_SIMULATOR_PHONEBOOK", value) &&
           os_full_path(value, path, RAS_MAX_PATH);
}

/* Where Windows has it; but nothing is read or written there. */
static void usual_path(int all_users, WCHAR path[RAS_MAX_PATH])
{
    static const WCHAR behind[] = L"\\Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk";
    size_t length = variable(all_users ? L"ProgramData" : L"APPDATA", path);

    text_copy(path + length, RAS_MAX_PATH - length, behind);
}

#else

static int phonebook_file(WCHAR path[RAS_MAX_PATH])
{
    const char *value = getenv("RASDIAL_SIMULATOR_PHONEBOOK");
    char full[4 * RAS_MAX_PATH];

    if (!value || !value[0] || !os_full_path(value, full, sizeof full))
        return 0;
    text_from_utf8(path, RAS_MAX_PATH, full);
    return 1;
}

/* As a user of Linux would look for it; but nothing is read or written there. */
static void usual_path(int all_users, WCHAR path[RAS_MAX_PATH])
{
    const char *home = getenv("HOME");
    char text[4 * RAS_MAX_PATH];

    snprintf(text, sizeof text, "%s/rasphone.pbk", all_users ? "/etc/ras" : home ? home : "");
    text_from_utf8(path, RAS_MAX_PATH, text);
}

#endif

static struct engine *open_simulator(void)
{
    struct engine *engine = sim_open();
    WCHAR user[RAS_MAX_PATH], all_users[RAS_MAX_PATH];
    int is_file = phonebook_file(user);

    if (!engine)
        return NULL;
    if (!is_file)
        usual_path(0, user);
    usual_path(1, all_users);
    sim_settle(engine, SIM_NULL_PHONEBOOK, 0);
    if (sim_use_files(engine, user, is_file ? NULL : all_users, is_file) == ERROR_SUCCESS)
        return engine;
    sim_close(engine);
    return NULL;
}

int sim_makes_links(void)
{
    const char *wanted = getenv("RASDIAL_ENGINE");

    return wanted && strcmp(wanted, "pppd") == 0;
}

static struct engine *open_pppd(void)
{
    struct engine *engine = pppd_open();

    if (engine)
        sim_settle(engine, SIM_NULL_PHONEBOOK, 0);
    return engine;
}

struct engine *sim_standalone(void)
{
    static os_mutex lock = OS_MUTEX_INIT;
    static struct engine *engine;

    os_lock(&lock);
    if (engine == NULL)
        engine = sim_makes_links() ? open_pppd() : open_simulator();
    os_unlock(&lock);
    return engine;
}

/* ---- functions without a file of their own */

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
