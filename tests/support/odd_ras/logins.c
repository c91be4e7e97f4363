/* SPDX-License-Identifier: MIT
 *
 * A RAS library for what stands around a login: identities, stored credentials, an entry's settings. A
 * test plans each RasDialW, which plays its events before it returns, on the thread that called it. It is
 * older than Windows 7, knows one dwSize of each structure, and tells what it was given.
 */
#include "ras_types.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif
#define HANDLE_VALUE ((HRASCONN)(uintptr_t)0x7700)
#define MOST 8
enum { IDENTITY, INVOKE, GET_USER, SET_USER, GET_CUSTOM, SET_CUSTOM, SET_CREDENTIALS, ENTRY };

struct planned {
    DWORD code; /* what RasDialW returns */
    DWORD states[MOST], errors[MOST];
    int count;
};

/* What a RasDialW was given. */
struct dial {
    char user_name[257], password[257], domain[16], callback[129];
    char eap[64], old_eap[64]; /* of this call; and of the one before, read once more */
    char cookie[64];           /* "" also where it does not skip the login by PPP */
    DWORD options;
    DWORD eap_bytes;
    int resumed;
};

static struct planned plan[MOST];
static struct dial dials[MOST];
static int dialed, up;
static DWORD codes[16], calls[16];
static DWORD extensions_size;
static RASEAPINFO last_eap;
static char eap_at_hang_up[64];
static int identities, freed_unwiped;
static DWORD identity_flags;
static BYTE kept[4000];
static DWORD kept_bytes;
static RASCREDENTIALSW credentials;
static DWORD redial_count, redial_pause;

static void narrow(char *to, size_t room, const WCHAR *from)
{
    size_t i = 0;

    for (; i + 1 < room && from[i]; i++)
        to[i] = (char)from[i];
    to[i] = 0;
}

static void widen(WCHAR *to, const char *from)
{
    while ((*to++ = (WCHAR)(unsigned char)*from++) != 0) {
    }
}

static void copy_eap(char *to, const RASEAPINFO *info)
{
    memset(to, 0, 64);
    if (info->pbEapInfo)
        memcpy(to, info->pbEapInfo, info->dwSizeofEapInfo < 63 ? info->dwSizeofEapInfo : 63);
}

static DWORD answer(int function)
{
    calls[function]++;
    return codes[function];
}

/* ---- ras.h */

EXPORT DWORD RAS_CALL RasDialW(RASDIALEXTENSIONS *extensions, const WCHAR *phonebook,
                               RASDIALPARAMSW *params, DWORD type, void *notifier, HRASCONN *handle)
{
    struct planned *planned = &plan[dialed < MOST ? dialed : MOST - 1];
    struct dial *dial = &dials[dialed < MOST ? dialed : MOST - 1];
    RASDIALFUNC1 notify;

    (void)phonebook, (void)type;
    if (extensions && extensions_size && extensions->dwSize != extensions_size)
        return 632;
    dialed++;
    memcpy(&notify, &notifier, sizeof notify);
    narrow(dial->user_name, sizeof dial->user_name, params->szUserName);
    narrow(dial->password, sizeof dial->password, params->szPassword);
    narrow(dial->domain, sizeof dial->domain, params->szDomain);
    narrow(dial->callback, sizeof dial->callback, params->szCallbackNumber);
    dial->resumed = *handle != NULL;
    if (dial->resumed)
        copy_eap(dial->old_eap, &last_eap);
    if (extensions) {
        dial->options = extensions->dwfOptions;
        if (extensions->dwSize > offsetof(RASDIALEXTENSIONS, RasEapInfo)) {
            dial->eap_bytes = extensions->RasEapInfo.dwSizeofEapInfo;
            copy_eap(dial->eap, &extensions->RasEapInfo);
            last_eap = extensions->RasEapInfo;
        }
        if (extensions->dwSize == sizeof *extensions && extensions->fSkipPppAuth)
            memcpy(dial->cookie, extensions->RasDevSpecificInfo.pbDevSpecificInfo,
                   extensions->RasDevSpecificInfo.dwSize);
    }
    if (planned->code)
        return planned->code;
    up = 1;
    *handle = HANDLE_VALUE;
    for (int i = 0; i < planned->count; i++)
        notify(HANDLE_VALUE, 0xCCCD, planned->states[i], planned->errors[i], 0);
    return 0;
}

EXPORT DWORD RAS_CALL RasHangUpW(HRASCONN handle)
{
    if (handle != HANDLE_VALUE || !up)
        return 6;
    copy_eap(eap_at_hang_up, &last_eap);
    up = 0;
    return 0;
}

EXPORT DWORD RAS_CALL RasGetConnectStatusW(HRASCONN handle, RASCONNSTATUSW *status)
{
    struct planned *planned = &plan[dialed ? dialed - 1 : 0];

    if (handle != HANDLE_VALUE || !up)
        return 6;
    status->rasconnstate = planned->count ? planned->states[planned->count - 1] : 0;
    return 0;
}

EXPORT DWORD RAS_CALL RasGetEapUserIdentityW(const WCHAR *phonebook, const WCHAR *entry, DWORD flags,
                                             HWND window, RASEAPUSERIDENTITYW **identity)
{
    static const char card[] = "card";
    DWORD code = answer(IDENTITY);

    (void)phonebook, (void)entry, (void)window;
    identity_flags = flags;
    if (code)
        return code; /* and `*identity` as the caller left it */
    *identity = calloc(1, sizeof **identity + sizeof card);
    if (!*identity)
        return 8;
    identities++;
    widen((*identity)->szUserName, "bob");
    (*identity)->dwSizeofEapInfo = sizeof card - 1;
    memcpy((*identity)->pbEapInfo, card, sizeof card - 1);
    return 0;
}

EXPORT void RAS_CALL RasFreeEapUserIdentityW(RASEAPUSERIDENTITYW *identity)
{
    DWORD i;

    if (!identity)
        return;
    identities--;
    for (i = 0; i < identity->dwSizeofEapInfo; i++)
        freed_unwiped |= identity->pbEapInfo[i];
    free(identity);
}

EXPORT DWORD RAS_CALL RasInvokeEapUI(HRASCONN handle, DWORD number, RASDIALEXTENSIONS *extensions,
                                     HWND window)
{
    static BYTE shown[] = "shown";
    DWORD code = answer(INVOKE);

    (void)number, (void)window;
    if (!handle)
        return 6;
    if (code)
        return code;
    extensions->RasEapInfo.pbEapInfo = shown;
    extensions->RasEapInfo.dwSizeofEapInfo = sizeof shown - 1;
    return 0;
}

static DWORD get(int function, BYTE *data, DWORD *bytes)
{
    DWORD code = answer(function), room = *bytes;

    if (code)
        return code;
    *bytes = kept_bytes;
    if (room < kept_bytes)
        return 603;
    memcpy(data, kept, kept_bytes);
    return 0;
}

static DWORD set(int function, const BYTE *data, DWORD bytes)
{
    DWORD code = answer(function);

    if (code)
        return code;
    kept_bytes = bytes < sizeof kept ? bytes : sizeof kept;
    memcpy(kept, data, kept_bytes);
    return 0;
}

EXPORT DWORD RAS_CALL RasGetEapUserDataW(HANDLE token, const WCHAR *phonebook, const WCHAR *entry, BYTE *data,
                                        DWORD *bytes)
{
    (void)phonebook, (void)entry;
    return token ? 87 : get(GET_USER, data, bytes);
}

EXPORT DWORD RAS_CALL RasSetEapUserDataW(HANDLE token, const WCHAR *phonebook, const WCHAR *entry, BYTE *data,
                                        DWORD bytes)
{
    (void)phonebook, (void)entry;
    return token ? 87 : set(SET_USER, data, bytes);
}

EXPORT DWORD RAS_CALL RasGetCustomAuthDataW(const WCHAR *phonebook, const WCHAR *entry, BYTE *data,
                                            DWORD *bytes)
{
    (void)phonebook, (void)entry;
    return get(GET_CUSTOM, data, bytes);
}

EXPORT DWORD RAS_CALL RasSetCustomAuthDataW(const WCHAR *phonebook, const WCHAR *entry, BYTE *data,
                                            DWORD bytes)
{
    (void)phonebook, (void)entry;
    return set(SET_CUSTOM, data, bytes);
}

EXPORT DWORD RAS_CALL RasSetCredentialsW(const WCHAR *phonebook, const WCHAR *entry, RASCREDENTIALSW *from,
                                         BOOL clear)
{
    DWORD code = answer(SET_CREDENTIALS);

    (void)phonebook, (void)entry;
    if (code || clear)
        return code ? code : 87;
    credentials = *from;
    return up ? 0 : 668; /* whoever stores too early is told */
}

EXPORT DWORD RAS_CALL RasGetEntryDialParamsW(const WCHAR *phonebook, RASDIALPARAMSW *params, BOOL *password)
{
    (void)phonebook;
    widen(params->szUserName, "a.stored.name");
    widen(params->szPassword, "****************");
    widen(params->szDomain, "LAB");
    widen(params->szCallbackNumber, "555-0100");
    *password = 1;
    return 0;
}

EXPORT DWORD RAS_CALL RasGetEntryPropertiesW(const WCHAR *phonebook, const WCHAR *entry, RASENTRYW *row,
                                             DWORD *bytes, BYTE *reserved, DWORD *reserved_bytes)
{
    static const DWORD size = offsetof(RASENTRYW, ipv6addrDns); /* Windows XP */
    DWORD code = answer(ENTRY);

    (void)phonebook, (void)entry, (void)reserved, (void)reserved_bytes;
    if (code)
        return code;
    if (!row || *bytes < size) {
        *bytes = size;
        return 603;
    }
    if (row->dwSize != size)
        return 632;
    memset(row, 0, size);
    row->dwSize = size;
    row->dwRedialCount = redial_count;
    row->dwRedialPause = redial_pause;
    return 0;
}

/* ---- for the tests */

EXPORT void logins_reset(void)
{
    memset(plan, 0, sizeof plan);
    memset(dials, 0, sizeof dials);
    memset(codes, 0, sizeof codes);
    memset(calls, 0, sizeof calls);
    memset(&credentials, 0, sizeof credentials);
    memset(&last_eap, 0, sizeof last_eap);
    memset(eap_at_hang_up, 0, sizeof eap_at_hang_up);
    dialed = up = identities = freed_unwiped = 0;
    extensions_size = kept_bytes = 0;
}

EXPORT void logins_code(int function, DWORD code) { codes[function] = code; }
EXPORT DWORD logins_calls(int function) { return calls[function]; }
EXPORT void logins_refuse(int number, DWORD code) { plan[number].code = code; }
EXPORT void logins_extensions_size(DWORD size) { extensions_size = size; }
EXPORT void logins_redial(DWORD count, DWORD pause) { redial_count = count, redial_pause = pause; }

EXPORT void logins_event(int number, DWORD state, DWORD error)
{
    struct planned *planned = &plan[number];

    planned->states[planned->count] = state;
    planned->errors[planned->count++] = error;
}

EXPORT int logins_dialed(void) { return dialed; }
EXPORT int logins_up(void) { return up; }
EXPORT const char *logins_text(int number, int which)
{
    const struct dial *dial = &dials[number];
    const char *texts[] = {dial->user_name, dial->password, dial->domain, dial->callback, dial->eap,
                           dial->old_eap, dial->cookie};

    return texts[which];
}
EXPORT int logins_resumed(int number) { return dials[number].resumed; }
EXPORT const char *logins_eap_at_hang_up(void) { return eap_at_hang_up; }
EXPORT int logins_identities(void) { return identities; }
EXPORT int logins_freed_unwiped(void) { return freed_unwiped; }
EXPORT DWORD logins_identity_flags(void) { return identity_flags; }
EXPORT DWORD logins_saved_mask(void) { return credentials.dwMask; }
EXPORT const char *logins_saved(int which)
{
    static char text[257];

    narrow(text, sizeof text, which == 0 ? credentials.szUserName
                              : which == 1 ? credentials.szPassword : credentials.szDomain);
    return text;
}
