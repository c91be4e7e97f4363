/* SPDX-License-Identifier: MIT
 *
 * The engine of the stand-alone library: where its phonebooks are, and its scenario.
 */
#ifndef _WIN32
#define _GNU_SOURCE /* dladdr */
#include <dlfcn.h>
#endif

#include "standalone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../os/files.h"
#include "../calls.h"
#include "../pppd/open.h"
#include "../scripted/simulator.h"

#define SCENARIO_VARIABLE "RASDIAL_SIMULATOR_SCRIPT"
#define SCENARIO_FILE "rasapi32.toml" /* beside the library */

static char problem[SIM_PROBLEM];

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

static int scenario_named(WCHAR path[RAS_MAX_PATH])
{
    return variable(L"" SCENARIO_VARIABLE, path) > 0;
}

static int library_path(WCHAR path[RAS_MAX_PATH])
{
    DWORD how = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    HMODULE library;
    DWORD length;

    if (!GetModuleHandleExW(how, (LPCWSTR)(void *)problem, &library))
        return 0;
    length = GetModuleFileNameW(library, path, RAS_MAX_PATH);
    return length && length < RAS_MAX_PATH;
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

static int scenario_named(WCHAR path[RAS_MAX_PATH])
{
    const char *value = getenv(SCENARIO_VARIABLE);

    if (value && value[0])
        text_from_utf8(path, RAS_MAX_PATH, value);
    return value && value[0];
}

static int library_path(WCHAR path[RAS_MAX_PATH])
{
    Dl_info info;

    if (!dladdr(problem, &info) || !info.dli_fname || strlen(info.dli_fname) >= RAS_MAX_PATH)
        return 0;
    text_from_utf8(path, RAS_MAX_PATH, info.dli_fname);
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

/* A file of that name beside the library. */
static int scenario_beside(WCHAR path[RAS_MAX_PATH])
{
    size_t folder;

    if (!library_path(path))
        return 0;
    for (folder = text_length(path, RAS_MAX_PATH); folder; folder--)
        if (path[folder - 1] == '/' || path[folder - 1] == '\\')
            break;
    if (folder + sizeof SCENARIO_FILE > RAS_MAX_PATH)
        return 0;
    text_from_ascii(path + folder, RAS_MAX_PATH - folder, SCENARIO_FILE);
    NATIVE_PATH(native, path);
    return os_file_stamp(native).identity != 0;
}

static void tell_problem(void)
{
    char line[SIM_PROBLEM + 64];

    snprintf(line, sizeof line, "rasapi32 (simulated) does not start: %s\n", problem);
    fputs(line, stderr);
    fflush(stderr);
#ifdef _WIN32
    OutputDebugStringA(line);
#endif
}

static int play_scenario(struct engine *engine)
{
    WCHAR path[RAS_MAX_PATH];

    if (!scenario_named(path) && !scenario_beside(path))
        return 1;
    if (sim_load_scenario(engine, path, problem, sizeof problem) == ERROR_SUCCESS)
        return 1;
    tell_problem();
    return 0;
}

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
    if (sim_use_files(engine, user, is_file ? NULL : all_users, is_file) == ERROR_SUCCESS &&
        play_scenario(engine))
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
    if (!engine && !problem[0])
        engine = sim_makes_links() ? open_pppd() : open_simulator();
    os_unlock(&lock);
    return engine;
}

const char *sim_standalone_problem(void)
{
    sim_standalone();
    return problem;
}
