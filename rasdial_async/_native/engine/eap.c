/* SPDX-License-Identifier: MIT
 *
 * EAP: the identity that a caller fetches before the dial, the window in the middle of it, and the
 * data that are kept for a method without being understood.
 */
#include "calls.h"

#include <stdlib.h>
#include <string.h>

static void blob_release(struct blob *blob)
{
    if (blob)
        wipe(blob->bytes, blob->size);
    free(blob);
}

void eap_release(struct line *line)
{
    free(line->eap);
    blob_release(line->eap_user_data);
    blob_release(line->custom_auth_data);
    line->eap = NULL;
    line->eap_user_data = line->custom_auth_data = NULL;
}

DWORD eap_type(const struct line *line)
{
    if (line->eap)
        return line->eap->type;
    if (line->properties && (line->properties->entry.dwfOptions & RASEO_RequireEAP))
        return line->properties->entry.dwCustomAuthKey;
    return 0;
}

int eap_info_right(const struct line *line, const RASEAPINFO *info)
{
    if (!line || !line->eap || !line->eap->info_bytes)
        return 1;
    return info->pbEapInfo && info->dwSizeofEapInfo == line->eap->info_bytes &&
           !memcmp(info->pbEapInfo, line->eap->info, line->eap->info_bytes);
}

DWORD sim_set_eap(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                  const struct sim_eap *from)
{
    struct eap *eap = NULL;
    struct line *line;
    DWORD error;

    if (!from || !text_fits(from->user_name, RAS_UNLEN + 1) || (from->info_bytes && !from->info))
        return ERROR_INVALID_PARAMETER;
    if (from->type) {
        eap = calloc(1, sizeof *eap + from->info_bytes);
        if (!eap)
            return ERROR_NOT_ENOUGH_MEMORY;
        eap->type = from->type;
        eap->interactive = (char)(from->interactive != 0);
        eap->window = (char)(from->window != 0);
        eap->info_bytes = from->info_bytes;
        text_copy(eap->user_name, RAS_UNLEN + 1, from->user_name);
        if (from->info_bytes)
            memcpy(eap->info, from->info, from->info_bytes);
    }
    line = line_enter(engine, phonebook, name, &error);
    if (!line) {
        free(eap);
        return error;
    }
    free(line->eap);
    line->eap = eap;
    line_leave(engine);
    return ERROR_SUCCESS;
}

/* ---- RasGetEapUserIdentity */

static DWORD identify(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, DWORD flags,
                      RASEAPUSERIDENTITYW **identity)
{
    const struct eap *eap;
    struct line *line;
    DWORD bytes, asks = RASEAPF_Preview;
    DWORD error = entry_find_named(engine, phonebook, name, &line);

    if (error)
        return error;
    if (!eap_type(line))
        return ERROR_INVALID_FUNCTION_FOR_ENTRY;
    eap = line->eap;
    if ((flags & RASEAPF_NonInteractive) && ((flags & asks) || (eap && eap->interactive)))
        return ERROR_INTERACTIVE_MODE;
    bytes = eap ? eap->info_bytes : 0;
    *identity = calloc(1, sizeof **identity + bytes);
    if (!*identity)
        return ERROR_NOT_ENOUGH_MEMORY;
    (*identity)->dwSizeofEapInfo = bytes;
    if (eap)
        text_copy((*identity)->szUserName, RAS_UNLEN + 1, eap->user_name);
    else if (line->stored)
        text_copy((*identity)->szUserName, RAS_UNLEN + 1, line->stored->user_name);
    if (bytes)
        memcpy((*identity)->pbEapInfo, eap->info, bytes);
    return ERROR_SUCCESS;
}

DWORD ras_get_eap_user_identity(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                                DWORD flags, HWND window, RASEAPUSERIDENTITYW **identity)
{
    DWORD error;

    (void)window;
    if (!identity || !names_fit(phonebook, name) || !name[0])
        return E_INVALIDARG;
    *identity = NULL;
    os_lock(&engine->lock);
    error = identify(engine, phonebook, name, flags, identity);
    os_unlock(&engine->lock);
    return error;
}

void RAS_CALL ras_free_eap_user_identity(RASEAPUSERIDENTITYW *identity)
{
    if (identity)
        wipe(identity->pbEapInfo, identity->dwSizeofEapInfo);
    free(identity);
}

/* ---- RasInvokeEapUI: the user has closed the window at once */

static DWORD show(struct engine *engine, HRASCONN handle, DWORD number, RASDIALEXTENSIONS *extensions)
{
    static const BYTE answer[] = {'a', 'n', 's', 'w', 'e', 'r', 'e', 'd'};
    struct connection *connection = connection_find(engine, handle);

    if (!connection)
        return ERROR_INVALID_HANDLE;
    connection = connection_link(connection, number ? number : 1);
    if (!connection || connection->phase != DIALING || connection->paused != RASCS_InvokeEapUI)
        return ERROR_INVALID_PARAMETER;
    connection->eap_shown = 1;
    if (extensions->dwSize > offsetof(RASDIALEXTENSIONS, RasEapInfo)) {
        memcpy(connection->eap_info, answer, sizeof answer); /* lasts as long as the handle */
        extensions->RasEapInfo.pbEapInfo = connection->eap_info;
        extensions->RasEapInfo.dwSizeofEapInfo = sizeof connection->eap_info;
    }
    return ERROR_SUCCESS;
}

DWORD ras_invoke_eap_ui(struct engine *engine, HRASCONN handle, DWORD number,
                        RASDIALEXTENSIONS *extensions, HWND window)
{
    DWORD error;

    (void)window;
    if (!handle || !extensions)
        return ERROR_INVALID_HANDLE;
    if (!dial_extensions_known(extensions->dwSize))
        return ERROR_INVALID_SIZE;
    os_lock(&engine->lock);
    error = show(engine, handle, number, extensions);
    os_unlock(&engine->lock);
    return error;
}

/* ---- data of a method, per user and per entry */

static DWORD read_blob(const struct blob *blob, BYTE *data, DWORD *bytes)
{
    DWORD room = data ? *bytes : 0;

    *bytes = blob ? blob->size : 0;
    if (room < *bytes)
        return ERROR_BUFFER_TOO_SMALL;
    if (*bytes)
        memcpy(data, blob->bytes, *bytes);
    return ERROR_SUCCESS;
}

static DWORD write_blob(struct blob **place, const BYTE *data, DWORD bytes)
{
    struct blob *blob = malloc(sizeof *blob + bytes);

    if (!blob)
        return ERROR_NOT_ENOUGH_MEMORY;
    blob->size = bytes;
    memcpy(blob->bytes, data, bytes);
    blob_release(*place);
    *place = blob;
    return ERROR_SUCCESS;
}

enum owner { USER, ENTRY };

static struct blob **blob_of(struct line *line, enum owner owner)
{
    return owner == USER ? &line->eap_user_data : &line->custom_auth_data;
}

static DWORD get_data(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                      enum owner owner, BYTE *data, DWORD *bytes)
{
    struct line *line;
    DWORD error;

    if (!bytes || !names_fit(phonebook, name))
        return E_INVALIDARG;
    os_lock(&engine->lock);
    error = entry_find_named(engine, phonebook, name, &line);
    if (!error)
        error = read_blob(*blob_of(line, owner), data, bytes);
    os_unlock(&engine->lock);
    return error;
}

static DWORD set_data(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                      enum owner owner, const BYTE *data, DWORD bytes)
{
    struct line *line;
    DWORD error;

    if (!data || !bytes || !names_fit(phonebook, name))
        return E_INVALIDARG;
    os_lock(&engine->lock);
    error = entry_find_named(engine, phonebook, name, &line);
    if (!error && owner == ENTRY && !phonebook_may_change(engine, line->entry->phonebook))
        error = ERROR_ACCESS_DENIED;
    if (!error)
        error = write_blob(blob_of(line, owner), data, bytes);
    os_unlock(&engine->lock);
    return error;
}

DWORD ras_get_eap_user_data(struct engine *engine, HANDLE token, const WCHAR *phonebook,
                            const WCHAR *name, BYTE *data, DWORD *bytes)
{
    (void)token; /* the one user there is */
    return get_data(engine, phonebook, name, USER, data, bytes);
}

DWORD ras_set_eap_user_data(struct engine *engine, HANDLE token, const WCHAR *phonebook,
                            const WCHAR *name, BYTE *data, DWORD bytes)
{
    (void)token;
    return set_data(engine, phonebook, name, USER, data, bytes);
}

DWORD ras_get_custom_auth_data(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                               BYTE *data, DWORD *bytes)
{
    return get_data(engine, phonebook, name, ENTRY, data, bytes);
}

DWORD ras_set_custom_auth_data(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                               BYTE *data, DWORD bytes)
{
    return set_data(engine, phonebook, name, ENTRY, data, bytes);
}
