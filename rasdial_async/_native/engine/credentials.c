/* SPDX-License-Identifier: MIT
 *
 * Stored credentials. A password never leaves the engine: a stand-in does, which RasDial and the
 * functions that store take for the password it stands for.
 */
#include "calls.h"
#include "carrier.h"

#include <stdlib.h>
#include <string.h>

#define KEYS (RASCM_PreSharedKey | RASCM_ServerPreSharedKey | RASCM_DDMPreSharedKey)
#define LOGIN (RASCM_UserName | RASCM_Password | RASCM_Domain)

static const WCHAR stand_in[] = {'*', '*', '*', '*', '*', '*', '*', '*', '*',
                                 '*', '*', '*', '*', '*', '*', '*', 0};

void stored_release(struct stored *stored)
{
    if (stored)
        wipe(stored, sizeof *stored);
    free(stored);
}

const WCHAR *password_meant(const struct line *line, const WCHAR *given)
{
    if (line && line->stored && (line->stored->mask & RASCM_Password) &&
        text_equal(given, stand_in))
        return line->stored->password;
    if (line && line->shared && (line->shared->mask & RASCM_Password) &&
        text_equal(given, stand_in))
        return line->shared->password;
    return given;
}

static struct stored *made(struct stored **place)
{
    if (!*place)
        *place = calloc(1, sizeof **place);
    return *place;
}

static WCHAR *key(struct stored *stored, DWORD kind)
{
    return stored->keys[kind == RASCM_PreSharedKey ? 0 : kind == RASCM_ServerPreSharedKey ? 1 : 2];
}

/* Of the three kinds of key one at a time, and nothing else with it. */
static int mask_fits(DWORD mask)
{
    DWORD keys = mask & KEYS;

    if (mask & ~(KEYS | LOGIN | RASCM_DefaultCreds))
        return 0;
    return !keys || (mask == keys && !(keys & (keys - 1)));
}

/* ---- RasGetCredentials, RasSetCredentials */

static DWORD get_credentials(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                             RASCREDENTIALSW *credentials)
{
    DWORD mask = credentials->dwMask;
    const struct stored *stored;
    struct line *line;
    DWORD error = entry_find_named(engine, phonebook, name, &line);

    if (!error)
        error = login_load(engine, line);
    if (error)
        return error;
    stored = mask & RASCM_DefaultCreds ? line->shared : line->stored;
    memset(&credentials->dwMask, 0, sizeof *credentials - offsetof(RASCREDENTIALSW, dwMask));
    if (!stored)
        return ERROR_SUCCESS;
    mask &= stored->mask | RASCM_DefaultCreds;
    credentials->dwMask = mask;
    if (mask & RASCM_UserName)
        text_copy(credentials->szUserName, RAS_UNLEN + 1, stored->user_name);
    if (mask & (RASCM_Password | KEYS))
        text_copy(credentials->szPassword, RAS_PWLEN + 1, stand_in);
    if (mask & RASCM_Domain)
        text_copy(credentials->szDomain, RAS_DNLEN + 1, stored->domain);
    return ERROR_SUCCESS;
}

DWORD ras_get_credentials(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                          RASCREDENTIALSW *credentials)
{
    DWORD error;

    if (!credentials || !names_fit(phonebook, name))
        return ERROR_INVALID_PARAMETER;
    if (credentials->dwSize != sizeof *credentials)
        return ERROR_INVALID_SIZE;
    if (!mask_fits(credentials->dwMask))
        return ERROR_INVALID_PARAMETER;
    os_lock(&engine->lock);
    error = get_credentials(engine, phonebook, name, credentials);
    os_unlock(&engine->lock);
    return error;
}

static void store(struct stored *stored, const RASCREDENTIALSW *from, int clear)
{
    DWORD mask = from->dwMask & ~RASCM_DefaultCreds;
    DWORD keys = mask & KEYS;
    int unchanged = !clear && text_equal(from->szPassword, stand_in);

    if (unchanged)
        mask &= ~(RASCM_Password | KEYS);
    if (mask & RASCM_UserName)
        text_copy(stored->user_name, RAS_UNLEN + 1, clear ? NULL : from->szUserName);
    if (mask & RASCM_Domain)
        text_copy(stored->domain, RAS_DNLEN + 1, clear ? NULL : from->szDomain);
    if (mask & RASCM_Password)
        text_copy(stored->password, RAS_PWLEN + 1, clear ? NULL : from->szPassword);
    if (mask & KEYS)
        text_copy(key(stored, keys), RAS_PWLEN + 1, clear ? NULL : from->szPassword);
    stored->mask = clear ? stored->mask & ~mask : stored->mask | mask;
}

static DWORD set_credentials(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                             const RASCREDENTIALSW *credentials, int clear)
{
    struct stored *stored;
    struct line *line;
    DWORD error = entry_find_named(engine, phonebook, name, &line);
    int shared = (credentials->dwMask & RASCM_DefaultCreds) != 0;

    if (error)
        return error == ERROR_CANNOT_FIND_PHONEBOOK_ENTRY ? ERROR_INVALID_PARAMETER : error;
    if (shared && !phonebook_for_all(engine, line->entry->phonebook))
        return ERROR_ACCESS_DENIED;
    if ((shared || (credentials->dwMask & KEYS)) && !engine->administrator)
        return ERROR_ACCESS_DENIED;
    error = login_load(engine, line);
    if (error)
        return error;
    stored = made(shared ? &line->shared : &line->stored);
    if (!stored)
        return ERROR_NOT_ENOUGH_MEMORY;
    store(stored, credentials, clear);
    return shared ? ERROR_SUCCESS : login_save(engine, line->entry, stored);
}

DWORD ras_set_credentials(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                          RASCREDENTIALSW *credentials, BOOL clear)
{
    DWORD error;

    if (!credentials || !names_fit(phonebook, name))
        return ERROR_INVALID_PARAMETER;
    if (credentials->dwSize != sizeof *credentials)
        return ERROR_INVALID_SIZE;
    if (!mask_fits(credentials->dwMask) || !text_fits(credentials->szUserName, RAS_UNLEN + 1) ||
        !text_fits(credentials->szPassword, RAS_PWLEN + 1) ||
        !text_fits(credentials->szDomain, RAS_DNLEN + 1))
        return ERROR_INVALID_PARAMETER;
    os_lock(&engine->lock);
    error = set_credentials(engine, phonebook, name, credentials, clear != 0);
    os_unlock(&engine->lock);
    return error;
}

/* ---- RasGetEntryDialParams, RasSetEntryDialParams */

static DWORD check_dial_params(const WCHAR *phonebook, const RASDIALPARAMSW *params)
{
    if (!params)
        return ERROR_BUFFER_INVALID;
    if (!dial_params_known(params->dwSize))
        return ERROR_INVALID_SIZE;
    return names_fit(phonebook, params->szEntryName) ? ERROR_SUCCESS : ERROR_BUFFER_INVALID;
}

static DWORD get_dial_params(struct engine *engine, const WCHAR *phonebook, RASDIALPARAMSW *params,
                             BOOL *password)
{
    const size_t kept = offsetof(RASDIALPARAMSW, szPhoneNumber);
    const struct stored *stored;
    struct line *line;
    DWORD error = entry_find_named(engine, phonebook, params->szEntryName, &line);

    if (!error)
        error = login_load(engine, line);
    if (error)
        return error;
    memset((BYTE *)params + kept, 0, params->dwSize - kept);
    stored = line->stored ? line->stored : line->shared;
    *password = stored && (stored->mask & RASCM_Password);
    if (!stored)
        return ERROR_SUCCESS;
    text_copy(params->szUserName, RAS_UNLEN + 1, stored->user_name);
    text_copy(params->szDomain, RAS_DNLEN + 1, stored->domain);
    text_copy(params->szCallbackNumber, RAS_MaxCallbackNumber + 1, stored->callback_number);
    if (*password)
        text_copy(params->szPassword, RAS_PWLEN + 1, stand_in);
    return ERROR_SUCCESS;
}

DWORD ras_get_entry_dial_params(struct engine *engine, const WCHAR *phonebook, RASDIALPARAMSW *params,
                                BOOL *password)
{
    DWORD error = check_dial_params(phonebook, params);

    if (error)
        return error;
    if (!password)
        return ERROR_BUFFER_INVALID;
    os_lock(&engine->lock);
    error = get_dial_params(engine, phonebook, params, password);
    os_unlock(&engine->lock);
    return error;
}

static DWORD set_dial_params(struct engine *engine, const WCHAR *phonebook,
                             const RASDIALPARAMSW *params, int remove_password)
{
    struct stored *stored;
    struct line *line;
    DWORD error = entry_find_named(engine, phonebook, params->szEntryName, &line);

    if (!error)
        error = login_load(engine, line);
    if (error)
        return error;
    stored = made(&line->stored);
    if (!stored)
        return ERROR_NOT_ENOUGH_MEMORY;
    text_copy(stored->callback_number, RAS_MaxCallbackNumber + 1, params->szCallbackNumber);
    if (params->szUserName[0]) {
        text_copy(stored->user_name, RAS_UNLEN + 1, params->szUserName);
        text_copy(stored->domain, RAS_DNLEN + 1, params->szDomain);
        stored->mask |= RASCM_UserName | RASCM_Domain;
        if (!text_equal(params->szPassword, stand_in)) {
            text_copy(stored->password, RAS_PWLEN + 1, params->szPassword);
            stored->mask |= RASCM_Password;
        }
    }
    if (remove_password) {
        wipe(stored->password, sizeof stored->password);
        stored->mask &= ~RASCM_Password;
    }
    return login_save(engine, line->entry, stored);
}

DWORD ras_set_entry_dial_params(struct engine *engine, const WCHAR *phonebook, RASDIALPARAMSW *params,
                                BOOL remove_password)
{
    DWORD error = check_dial_params(phonebook, params);

    if (error)
        return error;
    if (!text_fits(params->szUserName, RAS_UNLEN + 1) ||
        !text_fits(params->szPassword, RAS_PWLEN + 1) ||
        !text_fits(params->szDomain, RAS_DNLEN + 1) ||
        !text_fits(params->szCallbackNumber, RAS_MaxCallbackNumber + 1))
        return ERROR_BUFFER_INVALID;
    os_lock(&engine->lock);
    error = set_dial_params(engine, phonebook, params, remove_password != 0);
    os_unlock(&engine->lock);
    return error;
}
