/* SPDX-License-Identifier: MIT
 *
 * The RAS functions as callers see them: what they are handed is checked here, before any lock is
 * taken, and each engine gets its own set, since RAS functions carry no context.
 */
#include "calls.h"
#include "carrier.h"

#include <string.h>

/* The sizes that a structure had in some Windows; a caller of any of them is served. */
static int size_known(DWORD size, const DWORD *sizes, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (sizes[i] == size)
            return 1;
    return 0;
}

static const DWORD dial_params_sizes[] = {
    sizeof(RASDIALPARAMSW),
    offsetof(RASDIALPARAMSW, szEncPassword),
    offsetof(RASDIALPARAMSW, dwIfIndex),
    offsetof(RASDIALPARAMSW, dwSubEntry),
};

int dial_params_known(DWORD size)
{
    return size_known(size, dial_params_sizes,
                      sizeof dial_params_sizes / sizeof *dial_params_sizes);
}

static const DWORD dial_extensions_sizes[] = {
    sizeof(RASDIALEXTENSIONS),
    offsetof(RASDIALEXTENSIONS, fSkipPppAuth),
    offsetof(RASDIALEXTENSIONS, reserved1),
    0, /* some clients never set it */
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

int dial_extensions_known(DWORD size)
{
    return size_known(size, dial_extensions_sizes, COUNT(dial_extensions_sizes));
}

static DWORD check_dial(const RASDIALEXTENSIONS *extensions, const WCHAR *phonebook,
                        const RASDIALPARAMSW *params, DWORD notifier_type, void *notifier,
                        HRASCONN *connection)
{
    if (!params || !connection)
        return ERROR_INVALID_PARAMETER;
    if (!dial_params_known(params->dwSize))
        return ERROR_INVALID_SIZE;
    if (extensions && !dial_extensions_known(extensions->dwSize))
        return ERROR_INVALID_SIZE;
    if (notifier && notifier_type > RAS_NOTIFIER_FUNC2 && notifier_type != RAS_NOTIFIER_WINDOW)
        return ERROR_INVALID_PARAMETER;
    if (!text_fits(phonebook, RAS_MAX_PATH) ||
        !text_fits(params->szEntryName, RAS_MaxEntryName + 1) ||
        !text_fits(params->szPhoneNumber, RAS_MaxPhoneNumber + 1) ||
        !text_fits(params->szCallbackNumber, RAS_MaxCallbackNumber + 1) ||
        !text_fits(params->szUserName, RAS_UNLEN + 1) ||
        !text_fits(params->szPassword, RAS_PWLEN + 1) ||
        !text_fits(params->szDomain, RAS_DNLEN + 1))
        return ERROR_INVALID_PARAMETER;
    if (!*connection && !params->szEntryName[0] && !params->szPhoneNumber[0])
        return ERROR_INVALID_PARAMETER;
    return ERROR_SUCCESS;
}

static DWORD ras_dial(struct engine *engine, RASDIALEXTENSIONS *extensions, const WCHAR *phonebook,
                      RASDIALPARAMSW *params, DWORD notifier_type, void *notifier,
                      HRASCONN *connection)
{
    struct dial_request request;
    DWORD error = check_dial(extensions, phonebook, params, notifier_type, notifier, connection);

    if (error)
        return error;
    request.phonebook = phonebook;
    request.entry_name = params->szEntryName;
    request.phone_number = params->szPhoneNumber;
    request.user_name = params->szUserName;
    request.password = params->szPassword;
    request.domain = params->szDomain;
    request.callback_number = params->szCallbackNumber;
    request.pausing = extensions && (extensions->dwfOptions & RDEOPT_PausedStates) != 0;
    request.sink.type = notifier_type;
    request.sink.notifier = notifier;
    memset(&request.eap, 0, sizeof request.eap);
    if (extensions && extensions->dwSize > offsetof(RASDIALEXTENSIONS, RasEapInfo))
        request.eap = extensions->RasEapInfo;
    request.skips_login = extensions &&
                          extensions->dwSize > offsetof(RASDIALEXTENSIONS, RasDevSpecificInfo) &&
                          extensions->fSkipPppAuth;
    request.sink.id = 0;
    request.sub_entry = 0;
    if (params->dwSize > offsetof(RASDIALPARAMSW, dwSubEntry)) {
        request.sub_entry = params->dwSubEntry;
        request.sink.id = params->dwCallbackId;
    }
    os_lock(&engine->lock);
    if (notifier && notifier_type == RAS_NOTIFIER_WINDOW && !answer_takes_windows(engine)) {
        error = ERROR_INVALID_PARAMETER;
    } else if (*connection) {
        struct connection *paused = connection_find(engine, *connection);

        error = paused ? dial_resume(engine, paused, &request) : ERROR_INVALID_HANDLE;
    } else {
        error = dial(engine, &request, connection);
    }
    os_unlock(&engine->lock);
    return error;
}

static DWORD ras_hang_up(struct engine *engine, HRASCONN connection)
{
    DWORD error;

    os_lock(&engine->lock);
    error = connection_hang_up(engine, connection);
    os_unlock(&engine->lock);
    return os_last_error(error);
}

static DWORD ras_get_connect_status(struct engine *engine, HRASCONN connection, RASCONNSTATUSW *status)
{
    DWORD error;

    if (!status)
        return ERROR_INVALID_PARAMETER;
    os_lock(&engine->lock);
    error = connection_status(engine, connection, status);
    os_unlock(&engine->lock);
    return error;
}

static DWORD ras_enum_connections(struct engine *engine, RASCONNW *list, DWORD *bytes, DWORD *count)
{
    DWORD error;

    if (!bytes || !count)
        return ERROR_INVALID_PARAMETER;
    os_lock(&engine->lock);
    error = connections_list(engine, list, bytes, count);
    os_unlock(&engine->lock);
    return error;
}

static DWORD ras_enum_entries(struct engine *engine, const WCHAR *reserved, const WCHAR *phonebook,
                              RASENTRYNAMEW *list, DWORD *bytes, DWORD *count)
{
    DWORD error;

    if (reserved || !bytes || !count || !text_fits(phonebook, RAS_MAX_PATH))
        return ERROR_INVALID_PARAMETER;
    os_lock(&engine->lock);
    error = entries_list(engine, phonebook, list, bytes, count);
    os_unlock(&engine->lock);
    return error;
}

static DWORD ras_get_error_string(struct engine *engine, UINT code, WCHAR *text, DWORD characters)
{
    int of_pppd = engine->carrier->is_pppd;

    return os_last_error(text ? error_text(of_pppd, code, text, characters) : ERROR_INVALID_PARAMETER);
}

/* X(engine, RAS name, own name, (parameters), (arguments)); what is missing here stays null. */
#define SIMULATED(X, n)                                                                            \
    X(n, RasDialW, ras_dial,                                                                       \
      (RASDIALEXTENSIONS * a, const WCHAR *b, RASDIALPARAMSW *c, DWORD d, void *e, HRASCONN *f),   \
      (engine, a, b, c, d, e, f))                                                                  \
    X(n, RasHangUpW, ras_hang_up, (HRASCONN a), (engine, a))                                       \
    X(n, RasGetConnectStatusW, ras_get_connect_status, (HRASCONN a, RASCONNSTATUSW *b),            \
      (engine, a, b))                                                                              \
    X(n, RasEnumConnectionsW, ras_enum_connections, (RASCONNW * a, DWORD *b, DWORD *c),            \
      (engine, a, b, c))                                                                           \
    X(n, RasEnumEntriesW, ras_enum_entries,                                                        \
      (const WCHAR *a, const WCHAR *b, RASENTRYNAMEW *c, DWORD *d, DWORD *e),                      \
      (engine, a, b, c, d, e))                                                                     \
    X(n, RasGetErrorStringW, ras_get_error_string, (UINT a, WCHAR * b, DWORD c), (engine, a, b, c))\
    X(n, RasEnumDevicesW, ras_enum_devices, (RASDEVINFOW * a, DWORD *b, DWORD *c),                 \
      (engine, a, b, c))                                                                           \
    X(n, RasGetConnectionStatistics, ras_get_connection_statistics, (HRASCONN a, RAS_STATS *b),    \
      (engine, a, b))                                                                              \
    X(n, RasGetLinkStatistics, ras_get_link_statistics, (HRASCONN a, DWORD b, RAS_STATS *c),       \
      (engine, a, b, c))                                                                           \
    X(n, RasClearConnectionStatistics, ras_clear_connection_statistics, (HRASCONN a), (engine, a)) \
    X(n, RasClearLinkStatistics, ras_clear_link_statistics, (HRASCONN a, DWORD b), (engine, a, b)) \
    X(n, RasGetProjectionInfoW, ras_get_projection_info,                                           \
      (HRASCONN a, DWORD b, void *c, DWORD *d), (engine, a, b, c, d))                              \
    X(n, RasGetProjectionInfoEx, ras_get_projection_info_ex,                                       \
      (HRASCONN a, RAS_PROJECTION_INFO *b, DWORD *c), (engine, a, b, c))                           \
    X(n, RasConnectionNotificationW, ras_connection_notification,                                  \
      (HRASCONN a, HANDLE b, DWORD c), (engine, a, b, c))                                          \
    X(n, RasGetSubEntryHandleW, ras_get_sub_entry_handle, (HRASCONN a, DWORD b, HRASCONN *c),      \
      (engine, a, b, c))                                                                           \
    X(n, RasGetSubEntryPropertiesW, ras_get_sub_entry_properties,                                  \
      (const WCHAR *a, const WCHAR *b, DWORD c, RASSUBENTRYW *d, DWORD *e, BYTE *f, DWORD *g),     \
      (engine, a, b, c, d, e, f, g))                                                               \
    X(n, RasSetSubEntryPropertiesW, ras_set_sub_entry_properties,                                  \
      (const WCHAR *a, const WCHAR *b, DWORD c, RASSUBENTRYW *d, DWORD e, BYTE *f, DWORD g),       \
      (engine, a, b, c, d, e, f, g))                                                               \
    X(n, RasDeleteSubEntryW, ras_delete_sub_entry, (const WCHAR *a, const WCHAR *b, DWORD c),      \
      (engine, a, b, c))                                                                           \
    X(n, RasInvokeEapUI, ras_invoke_eap_ui,                                                        \
      (HRASCONN a, DWORD b, RASDIALEXTENSIONS *c, HWND d), (engine, a, b, c, d))                   \
    X(n, RasGetEapUserIdentityW, ras_get_eap_user_identity,                                        \
      (const WCHAR *a, const WCHAR *b, DWORD c, HWND d, RASEAPUSERIDENTITYW **e),                  \
      (engine, a, b, c, d, e))                                                                     \
    X(n, RasGetEapUserDataW, ras_get_eap_user_data,                                                 \
      (HANDLE a, const WCHAR *b, const WCHAR *c, BYTE *d, DWORD *e), (engine, a, b, c, d, e))      \
    X(n, RasSetEapUserDataW, ras_set_eap_user_data,                                                 \
      (HANDLE a, const WCHAR *b, const WCHAR *c, BYTE *d, DWORD e), (engine, a, b, c, d, e))       \
    X(n, RasGetCustomAuthDataW, ras_get_custom_auth_data,                                          \
      (const WCHAR *a, const WCHAR *b, BYTE *c, DWORD *d), (engine, a, b, c, d))                   \
    X(n, RasSetCustomAuthDataW, ras_set_custom_auth_data,                                          \
      (const WCHAR *a, const WCHAR *b, BYTE *c, DWORD d), (engine, a, b, c, d))                    \
    X(n, RasGetCountryInfoW, ras_get_country_info, (RASCTRYINFO * a, DWORD *b), (engine, a, b))    \
    X(n, RasGetAutodialAddressW, ras_get_autodial_address,                                         \
      (const WCHAR *a, DWORD *b, RASAUTODIALENTRYW *c, DWORD *d, DWORD *e),                        \
      (engine, a, b, c, d, e))                                                                     \
    X(n, RasSetAutodialAddressW, ras_set_autodial_address,                                         \
      (const WCHAR *a, DWORD b, RASAUTODIALENTRYW *c, DWORD d, DWORD e), (engine, a, b, c, d, e))  \
    X(n, RasEnumAutodialAddressesW, ras_enum_autodial_addresses,                                   \
      (WCHAR * *a, DWORD *b, DWORD *c), (engine, a, b, c))                                         \
    X(n, RasGetAutodialEnableW, ras_get_autodial_enable, (DWORD a, BOOL * b), (engine, a, b))      \
    X(n, RasSetAutodialEnableW, ras_set_autodial_enable, (DWORD a, BOOL b), (engine, a, b))        \
    X(n, RasGetAutodialParamW, ras_get_autodial_param, (DWORD a, void *b, DWORD *c),               \
      (engine, a, b, c))                                                                           \
    X(n, RasSetAutodialParamW, ras_set_autodial_param, (DWORD a, void *b, DWORD c),                \
      (engine, a, b, c))                                                                           \
    X(n, RasUpdateConnection, ras_update_connection, (HRASCONN a, RASUPDATECONN *b),               \
      (engine, a, b))                                                                              \
    X(n, RasGetEntryDialParamsW, ras_get_entry_dial_params,                                        \
      (const WCHAR *a, RASDIALPARAMSW *b, BOOL *c), (engine, a, b, c))                             \
    X(n, RasSetEntryDialParamsW, ras_set_entry_dial_params,                                        \
      (const WCHAR *a, RASDIALPARAMSW *b, BOOL c), (engine, a, b, c))                              \
    X(n, RasGetCredentialsW, ras_get_credentials,                                                  \
      (const WCHAR *a, const WCHAR *b, RASCREDENTIALSW *c), (engine, a, b, c))                     \
    X(n, RasSetCredentialsW, ras_set_credentials,                                                  \
      (const WCHAR *a, const WCHAR *b, RASCREDENTIALSW *c, BOOL d), (engine, a, b, c, d))          \
    X(n, RasGetEntryPropertiesW, ras_get_entry_properties,                                         \
      (const WCHAR *a, const WCHAR *b, RASENTRYW *c, DWORD *d, BYTE *e, DWORD *f),                 \
      (engine, a, b, c, d, e, f))                                                                  \
    X(n, RasSetEntryPropertiesW, ras_set_entry_properties,                                         \
      (const WCHAR *a, const WCHAR *b, RASENTRYW *c, DWORD d, BYTE *e, DWORD f),                   \
      (engine, a, b, c, d, e, f))                                                                  \
    X(n, RasDeleteEntryW, ras_delete_entry, (const WCHAR *a, const WCHAR *b), (engine, a, b))      \
    X(n, RasRenameEntryW, ras_rename_entry,                                                        \
      (const WCHAR *a, const WCHAR *b, const WCHAR *c), (engine, a, b, c))                         \
    X(n, RasValidateEntryNameW, ras_validate_entry_name, (const WCHAR *a, const WCHAR *b),         \
      (engine, a, b))

#define BODY(engine_of_it, name, own, arguments)                                                    \
    {                                                                                              \
        struct engine *engine = engine_of_it;                                                      \
        DWORD result;                                                                              \
        if (!engine_enter(engine))                                                                 \
            return ERROR_RASMAN_CANNOT_INITIALIZE;                                                 \
        result = atomic32_load(&engine->answers[RAS_PLACE(name)]);                                 \
        if (!result)                                                                               \
            result = own arguments;                                                                \
        engine_leave(engine);                                                                      \
        return result;                                                                             \
    }
#define FUNCTION(n, name, own, parameters, arguments)                                              \
    static DWORD RAS_CALL name##_##n parameters BODY(engine_numbered(n), name, own, arguments)
#define MEMBER(n, name, own, parameters, arguments) .name = name##_##n,

#define ENGINES(X)                                                                                 \
    X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)          \
    X(16) X(17) X(18) X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31)
_Static_assert(SIM_ENGINES == 32, "ENGINES lists every engine");

#define FUNCTIONS(n) SIMULATED(FUNCTION, n)
ENGINES(FUNCTIONS)

#define TABLE(n)                                                                                   \
    [n] = {SIMULATED(MEMBER, n).RasFreeEapUserIdentityW = ras_free_eap_user_identity},
const struct ras_api simulated_api[SIM_ENGINES] = {ENGINES(TABLE)};

#ifdef SIM_STANDALONE /* the same under RAS's own names, over the engine of standalone/exports.c */
#include "standalone/standalone.h"

#define EXPORT(n, name, own, parameters, arguments)                                                \
    DWORD RAS_CALL name parameters BODY(sim_standalone(), name, own, arguments)

SIMULATED(EXPORT, 0)
#endif
