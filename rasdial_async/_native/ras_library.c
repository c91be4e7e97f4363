/* SPDX-License-Identifier: MIT
 *
 * Fills a struct ras_api: from Windows' own rasapi32.dll, which is taken from System32 and from
 * nowhere else, or from a library of the caller's with the same ABI. A library stays loaded as long
 * as the process lives: RAS may call back late, and a thread of its own may be anywhere inside it.
 */
#ifndef _WIN32
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#endif

#include <stdio.h>
#include <string.h>

#include "ras_api.h"

#define ERROR_RAS_INVALID_SIZE 632u
#define ERROR_RAS_INVALID_USER_BUFFER 1784u

#ifdef _WIN32

static void *open_library(const char *path, const WCHAR *wide_path, int *error)
{
    HMODULE module;

    (void)path;
    if (wide_path == NULL)
        module = LoadLibraryExW(L"rasapi32.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
    else
        module = LoadLibraryExW(wide_path, NULL,
                                LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
    *error = module == NULL ? (int)GetLastError() : 0;
    return (void *)module;
}

static void describe(int error, char *message, size_t size)
{
    WCHAR text[512];

    if (ras_system_message((DWORD)error, text, 512) == 0 ||
        WideCharToMultiByte(CP_UTF8, 0, text, -1, message, (int)size, NULL, NULL) == 0)
        snprintf(message, size, "system error %d", error);
}

static void *find(void *library, const char *name)
{
    return (void *)(uintptr_t)GetProcAddress((HMODULE)library, name);
}

size_t ras_system_message(DWORD code, WCHAR *text, size_t characters)
{
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                                  code, 0, text, (DWORD)characters, NULL);

    while (length > 0 && text[length - 1] <= L' ')
        text[--length] = 0;
    return length;
}

#else

static void *open_library(const char *path, const WCHAR *wide_path, int *error)
{
    void *library = NULL;

    (void)wide_path;
    if (path != NULL)
        library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    *error = library == NULL ? -1 : 0;
    return library;
}

static void describe(int error, char *message, size_t size)
{
    const char *text = dlerror();

    (void)error;
    snprintf(message, size, "%s", text != NULL ? text : "no such library");
}

static void *find(void *library, const char *name)
{
    return dlsym(library, name);
}

size_t ras_system_message(DWORD code, WCHAR *text, size_t characters)
{
    (void)code;
    if (characters > 0)
        text[0] = 0;
    return 0;
}

#endif

int ras_library_open(const char *path, const WCHAR *wide_path, struct ras_api *api, void **library,
                     char *message, size_t message_size)
{
    int error;
    void *address;

    memset(api, 0, sizeof *api);
    *library = open_library(path, wide_path, &error);
    if (*library == NULL) {
        describe(error, message, message_size);
        return error;
    }
/* ISO C has no cast from void * to a function pointer; every system with dlsym has the bits. */
#define RAS_FIND(name, parameters)                                                                 \
    address = find(*library, #name);                                                               \
    memcpy(&api->name, &address, sizeof address);
    RAS_FUNCTIONS(RAS_FIND)
    RAS_FIND(RasFreeEapUserIdentityW, )
#undef RAS_FIND
    return 0;
}

int ras_library_is_pppd(void *library)
{
    void *address = find(library, "sim_makes_links");
    int (*makes_links)(void);

    memcpy(&makes_links, &address, sizeof address);
    return address != NULL && makes_links();
}

int ras_library_is_simulator(void *library)
{
    return find(library, "sim_standalone") != NULL && !ras_library_is_pppd(library);
}

DWORD ras_connect_status(const struct ras_api *api, HRASCONN connection, RASCONNSTATUSW *status,
                         DWORD *size)
{
    static const DWORD sizes[] = {sizeof(RASCONNSTATUSW), offsetof(RASCONNSTATUSW, localEndPoint),
                                  offsetof(RASCONNSTATUSW, szPhoneNumber)};
    DWORD code = ERROR_RAS_INVALID_SIZE;

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (*size != 0 && sizes[i] > *size)
            continue;
        memset(status, 0, sizeof *status);
        status->dwSize = sizes[i];
        code = api->RasGetConnectStatusW(connection, status);
        if (code != ERROR_RAS_INVALID_SIZE && code != ERROR_RAS_INVALID_USER_BUFFER) {
            *size = sizes[i];
            break;
        }
    }
    return code;
}
