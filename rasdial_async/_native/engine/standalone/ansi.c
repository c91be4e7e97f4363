/* SPDX-License-Identifier: MIT
 *
 * The functions that end in A: dialing, and what a connection tells.
 */
#include "ansi.h"

#include <stdlib.h>

static const DWORD dial_params_sizes[] = {
    sizeof(RASDIALPARAMSW),
    offsetof(RASDIALPARAMSW, szEncPassword),
    offsetof(RASDIALPARAMSW, dwIfIndex),
    offsetof(RASDIALPARAMSW, dwSubEntry),
    0,
};
static const DWORD status_sizes[] = {
    sizeof(RASCONNSTATUSW),
    offsetof(RASCONNSTATUSW, localEndPoint),
    offsetof(RASCONNSTATUSW, szPhoneNumber),
    0,
};
static const DWORD ip_sizes[] = {sizeof(RASPPPIPW), offsetof(RASPPPIPW, dwOptions), 0};
static const DWORD lcp_sizes[] = {sizeof(RASPPPLCPW), offsetof(RASPPPLCPW, dwError), 0};

LAYOUT(dial_params, dial_params_sizes, FIELD(RASDIALPARAMSW, szEntryName),
       FIELD(RASDIALPARAMSW, szPhoneNumber), FIELD(RASDIALPARAMSW, szCallbackNumber),
       FIELD(RASDIALPARAMSW, szUserName), FIELD(RASDIALPARAMSW, szPassword),
       FIELD(RASDIALPARAMSW, szDomain))
LAYOUT(status_layout, status_sizes, FIELD(RASCONNSTATUSW, szDeviceType),
       FIELD(RASCONNSTATUSW, szDeviceName), FIELD(RASCONNSTATUSW, szPhoneNumber))
LAYOUT(ip_layout, ip_sizes, FIELD(RASPPPIPW, szIpAddress), FIELD(RASPPPIPW, szServerIpAddress))
LAYOUT(lcp_layout, lcp_sizes, FIELD(RASPPPLCPW, szReplyMessage))

const struct layout *const dial_params_layout = &dial_params;

/* ---- dialing */

DWORD RAS_CALL RasDialA(RASDIALEXTENSIONS *extensions, const char *path, void *narrowed,
                        DWORD notifier_type, void *notifier, HRASCONN *connection)
{
    RASDIALPARAMSW params;
    WIDE(phonebook, path);
    DWORD code;

    if (!narrowed)
        return RasDialW(extensions, phonebook, NULL, notifier_type, notifier, connection);
    layout_widen(&dial_params, &params, layout_wide(&dial_params, size_in(narrowed)), narrowed);
    code = RasDialW(extensions, phonebook, &params, notifier_type, notifier, connection);
    wipe(&params, sizeof params);
    return code;
}

DWORD RAS_CALL RasHangUpA(HRASCONN connection)
{
    return RasHangUpW(connection);
}

DWORD RAS_CALL RasGetConnectStatusA(HRASCONN connection, void *narrowed)
{
    RASCONNSTATUSW status;
    DWORD code;

    if (!narrowed)
        return RasGetConnectStatusW(connection, NULL);
    layout_widen(&status_layout, &status, layout_wide(&status_layout, size_in(narrowed)), narrowed);
    code = RasGetConnectStatusW(connection, &status);
    if (!code)
        layout_narrowed(&status_layout, narrowed, &status, status.dwSize);
    return code;
}

DWORD RAS_CALL RasGetErrorStringA(UINT error, char *text, DWORD characters)
{
    WCHAR wide[LONG_TEXT];
    DWORD code = RasGetErrorStringW(error, text ? wide : NULL, LONG_TEXT);

    if (!code && narrow(text, characters, wide) > characters) {
        if (characters)
            text[0] = 0; /* nothing is better than half a text */
        code = os_last_error(ERROR_INSUFFICIENT_BUFFER);
    }
    return code;
}

DWORD RAS_CALL RasConnectionNotificationA(HRASCONN connection, HANDLE event, DWORD flags)
{
    return RasConnectionNotificationW(connection, event, flags);
}

DWORD RAS_CALL RasGetSubEntryHandleA(HRASCONN connection, DWORD number, HRASCONN *link)
{
    return RasGetSubEntryHandleW(connection, number, link);
}

DWORD RAS_CALL RasGetProjectionInfoA(HRASCONN connection, DWORD protocol, void *narrowed,
                                     DWORD *bytes)
{
    const struct layout *layout = protocol == RASP_PppIp    ? &ip_layout
                                  : protocol == RASP_PppLcp ? &lcp_layout
                                                            : NULL;
    union {
        RASPPPIPW ip;
        RASPPPLCPW lcp;
    } wide;
    DWORD room = narrowed && bytes ? *bytes : 0, size, code;

    if (!layout || !bytes)
        return RasGetProjectionInfoW(connection, protocol, narrowed, bytes);
    size = layout->sizes[0];
    if (room >= NARROWEST)
        size = layout_wide(layout, size_in(narrowed));
    memset(&wide, 0, sizeof wide);
    memcpy(&wide, &size, sizeof size);
    *bytes = sizeof wide;
    code = RasGetProjectionInfoW(connection, protocol, &wide, bytes);
    if (code && code != ERROR_BUFFER_TOO_SMALL)
        return code;
    *bytes = layout_narrow(layout, size);
    if (room < *bytes)
        return ERROR_BUFFER_TOO_SMALL;
    layout_narrowed(layout, narrowed, &wide, size);
    return code;
}
