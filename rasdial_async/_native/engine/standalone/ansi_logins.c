/* SPDX-License-Identifier: MIT
 *
 * The functions that end in A: credentials and EAP.
 */
#include "ansi.h"

#include <stdlib.h>

static const DWORD credentials_sizes[] = {sizeof(RASCREDENTIALSW), 0};

LAYOUT(credentials_layout, credentials_sizes, FIELD(RASCREDENTIALSW, szUserName),
       FIELD(RASCREDENTIALSW, szPassword), FIELD(RASCREDENTIALSW, szDomain))

/* ---- credentials */

DWORD RAS_CALL RasGetCredentialsA(const char *path, const char *name, void *narrowed)
{
    RASCREDENTIALSW credentials;
    WIDE(phonebook, path);
    WIDE(wide_name, name);
    DWORD code;

    if (!narrowed)
        return RasGetCredentialsW(phonebook, wide_name, NULL);
    layout_widen(&credentials_layout, &credentials,
                 layout_wide(&credentials_layout, size_in(narrowed)), narrowed);
    code = RasGetCredentialsW(phonebook, wide_name, &credentials);
    if (!code)
        layout_narrowed(&credentials_layout, narrowed, &credentials, credentials.dwSize);
    wipe(&credentials, sizeof credentials);
    return code;
}

DWORD RAS_CALL RasSetCredentialsA(const char *path, const char *name, const void *narrowed,
                                  BOOL clear)
{
    RASCREDENTIALSW credentials;
    WIDE(phonebook, path);
    WIDE(wide_name, name);
    DWORD code;

    if (!narrowed)
        return RasSetCredentialsW(phonebook, wide_name, NULL, clear);
    layout_widen(&credentials_layout, &credentials,
                 layout_wide(&credentials_layout, size_in(narrowed)), narrowed);
    code = RasSetCredentialsW(phonebook, wide_name, &credentials, clear);
    wipe(&credentials, sizeof credentials);
    return code;
}

DWORD RAS_CALL RasGetEntryDialParamsA(const char *path, void *narrowed, BOOL *password)
{
    RASDIALPARAMSW params;
    WIDE(phonebook, path);
    DWORD code;

    if (!narrowed)
        return RasGetEntryDialParamsW(phonebook, NULL, password);
    layout_widen(dial_params_layout, &params, layout_wide(dial_params_layout, size_in(narrowed)), narrowed);
    code = RasGetEntryDialParamsW(phonebook, &params, password);
    if (!code)
        layout_narrowed(dial_params_layout, narrowed, &params, params.dwSize);
    wipe(&params, sizeof params);
    return code;
}

DWORD RAS_CALL RasSetEntryDialParamsA(const char *path, const void *narrowed, BOOL remove_password)
{
    RASDIALPARAMSW params;
    WIDE(phonebook, path);
    DWORD code;

    if (!narrowed)
        return RasSetEntryDialParamsW(phonebook, NULL, remove_password);
    layout_widen(dial_params_layout, &params, layout_wide(dial_params_layout, size_in(narrowed)), narrowed);
    code = RasSetEntryDialParamsW(phonebook, &params, remove_password);
    wipe(&params, sizeof params);
    return code;
}

/* ---- EAP */

struct narrow_identity { /* RASEAPUSERIDENTITYA */
    char user_name[RAS_UNLEN + 1];
    DWORD info_bytes;
    BYTE info[1];
};

DWORD RAS_CALL RasGetEapUserIdentityA(const char *path, const char *name, DWORD flags, HWND window,
                                      struct narrow_identity **identity)
{
    RASEAPUSERIDENTITYW *wide = NULL;
    WIDE(phonebook, path);
    WIDE(wide_name, name);
    DWORD code = RasGetEapUserIdentityW(phonebook, wide_name, flags, window,
                                        identity ? &wide : NULL);

    if (identity)
        *identity = NULL;
    if (code)
        return code;
    *identity = calloc(1, sizeof **identity + wide->dwSizeofEapInfo);
    if (*identity) {
        narrow((*identity)->user_name, RAS_UNLEN + 1, wide->szUserName);
        (*identity)->info_bytes = wide->dwSizeofEapInfo;
        memcpy((*identity)->info, wide->pbEapInfo, wide->dwSizeofEapInfo);
    }
    RasFreeEapUserIdentityW(wide);
    return *identity ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

void RAS_CALL RasFreeEapUserIdentityA(struct narrow_identity *identity)
{
    if (identity)
        wipe(identity->info, identity->info_bytes);
    free(identity);
}

DWORD RAS_CALL RasGetEapUserDataA(HANDLE token, const char *path, const char *name, BYTE *data,
                                  DWORD *bytes)
{
    WIDE(phonebook, path);
    WIDE(wide_name, name);

    return RasGetEapUserDataW(token, phonebook, wide_name, data, bytes);
}

DWORD RAS_CALL RasSetEapUserDataA(HANDLE token, const char *path, const char *name, BYTE *data,
                                  DWORD bytes)
{
    WIDE(phonebook, path);
    WIDE(wide_name, name);

    return RasSetEapUserDataW(token, phonebook, wide_name, data, bytes);
}

DWORD RAS_CALL RasGetCustomAuthDataA(const char *path, const char *name, BYTE *data, DWORD *bytes)
{
    WIDE(phonebook, path);
    WIDE(wide_name, name);

    return RasGetCustomAuthDataW(phonebook, wide_name, data, bytes);
}

DWORD RAS_CALL RasSetCustomAuthDataA(const char *path, const char *name, BYTE *data, DWORD bytes)
{
    WIDE(phonebook, path);
    WIDE(wide_name, name);

    return RasSetCustomAuthDataW(phonebook, wide_name, data, bytes);
}
