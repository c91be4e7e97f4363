/* SPDX-License-Identifier: MIT
 *
 * A third RAS library: one connection with two links, every answer of which a test decides. It is older
 * than Windows 7: no RasGetProjectionInfoEx, projections without options, connections without a
 * correlation id, entries without IPv6 addresses. Its notifications come once only.
 *
 * A dial is connected at once; where its entry has several links, the test calls back itself.
 *
 * Built with -DNO_NOTIFICATION or -DNO_STATISTICS it lacks those.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "ras_types.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#include <unistd.h>
#define EXPORT __attribute__((visibility("default")))
#endif
#define WHOLE ((HRASCONN)(uintptr_t)0x10)
#define LINK(number) ((HRASCONN)(uintptr_t)(0x10 + (number)))
enum { STATISTICS, CLEAR, LINK_STATISTICS, CLEAR_LINK, PROJECTION, SUB_ENTRY, DEVICES, NOTIFICATION, LIST, HANG_UP, CHANGES, ENTRY, DIAL };

static DWORD codes[16];       /* what a function answers; 0 = what it should */
static DWORD calls[16];
static int up, link_up[2], lingering; /* a link that was hung up stays for so many questions */
static GUID entry_guid;
static intptr_t waiting = -1; /* what to signal, once: an event, elsewhere than on Windows a descriptor */
static intptr_t waiting_each = -1; /* the same for what happens to the connection */
static DWORD waiting_flags, sub_state, listed_link;
static DWORD entry_links, dial_mode; /* of every entry; 0 = there is none */
static int dialing;
static DWORD notifier_type, dialed_first;
static RASDIALFUNC1 one;
static RASDIALFUNC2 each;
static WCHAR address[2][16];
static DWORD projection_error;

EXPORT void links_code(int function, DWORD code) { codes[function] = code; }
EXPORT DWORD links_calls(int function) { return calls[function]; }
EXPORT void links_linger(int questions) { lingering = questions; }
EXPORT int links_is_waiting(void) { return waiting != -1; }

EXPORT void links_reset(void)
{
    memset(codes, 0, sizeof codes);
    memset(calls, 0, sizeof calls);
    memset(&entry_guid, 0, sizeof entry_guid);
    memset(address, 0, sizeof address);
    up = lingering = 0;
    projection_error = 0;
    waiting = waiting_each = -1;
    sub_state = listed_link = entry_links = dial_mode = 0;
    dialing = 0;
    link_up[1] = 0;
}

EXPORT void links_address(int which, const char *text)
{
    for (size_t i = 0; i < 16; i++)
        address[which][i] = (WCHAR)text[i < strlen(text) ? i : strlen(text)];
}

EXPORT void links_projection_error(DWORD error) { projection_error = error; }
EXPORT void links_entry(DWORD count, DWORD mode) { entry_links = count, dial_mode = mode; }
EXPORT void links_list_link(DWORD number) { listed_link = number; }
EXPORT DWORD links_notifier_type(void) { return notifier_type; }
EXPORT DWORD links_dialed_first(void) { return dialed_first; }

static void signal_once(intptr_t *event)
{
#ifdef _WIN32
    if (*event != -1)
        SetEvent((HANDLE)*event);
#else
    static const uint64_t number = 1;

    if (*event != -1 && write((int)*event, &number, sizeof number) < 0) {
        /* full */
    }
#endif
    *event = -1;
}

static void changed(void) { signal_once(&waiting); }

static void tell_each(DWORD flag)
{
    if (waiting_flags & flag)
        signal_once(&waiting_each);
}

EXPORT void links_up(int number, int is_up)
{
    link_up[number - 1] = is_up;
    tell_each(is_up ? 0x4 : 0x8);
}

EXPORT void links_substate(DWORD value, int quietly)
{
    sub_state = value;
    if (!quietly)
        tell_each(value == 1 ? 0x10 : 0x20);
}

/* Calls back as RAS does, on the thread of the test; what the RasDialFunc2 answers. */
EXPORT DWORD links_tell(DWORD link, DWORD state, DWORD error)
{
    if (state == 0x2000 && !error) {
        up = 1;
        dialing = 0;
    }
    if (notifier_type == 2)
        return each(7, link, WHOLE, 0xCCCD, state, error, 0);
    one(WHOLE, 0xCCCD, state, error, 0);
    return 1;
}

/* The connection comes or goes, `quietly` or not; the entry's id tells one from the next. */
EXPORT void links_set(int is_up, unsigned id, int quietly)
{
    up = is_up;
    link_up[0] = is_up;
    entry_guid.Data1 = id;
    if (!quietly)
        changed();
}

static DWORD answer(int function)
{
    calls[function]++;
    return codes[function];
}

EXPORT DWORD RasDialW(void *extensions, const WCHAR *phonebook, void *params, DWORD type, void *notifier,
                      HRASCONN *handle)
{
    (void)extensions, (void)phonebook;
    answer(DIAL);
    notifier_type = type;
    dialed_first = ((RASDIALPARAMSW *)params)->dwSubEntry;
    memcpy(&one, &notifier, sizeof one);
    memcpy(&each, &notifier, sizeof each);
    *handle = WHOLE;
    if (entry_links > 1)
        dialing = 1;
    else
        links_set(1, entry_guid.Data1, 0);
    return 0;
}

EXPORT DWORD RasGetEntryPropertiesW(const WCHAR *phonebook, const WCHAR *name, RASENTRYW *entry,
                                    DWORD *bytes, BYTE *reserved, DWORD *reserved_bytes)
{
    static const DWORD size = offsetof(RASENTRYW, ipv6addr);
    DWORD code = answer(ENTRY), room = *bytes;

    (void)phonebook, (void)name, (void)reserved, (void)reserved_bytes;
    *bytes = size;
    if (code || !entry_links)
        return code ? code : 623;
    if (!entry || room < size)
        return 603;
    if (entry->dwSize != size)
        return 632;
    memset(entry, 0, size);
    entry->dwSize = size;
    entry->dwSubEntries = entry_links;
    entry->dwDialMode = dial_mode;
    return 0;
}

EXPORT DWORD RasHangUpW(HRASCONN handle)
{
    DWORD code = answer(HANG_UP);

    if (code)
        return code;
    if (handle == WHOLE) {
        dialing = 0;
        links_set(0, entry_guid.Data1, 0);
        return 0;
    }
    for (int number = 1; number <= 2; number++)
        if (handle == LINK(number) && lingering == 0)
            link_up[number - 1] = 0;
    return 0;
}

EXPORT DWORD RasGetConnectStatusW(HRASCONN handle, RASCONNSTATUSW *status)
{
    int found = handle == WHOLE ? up || dialing : 0;

    for (int number = 1; number <= 2; number++)
        found |= handle == LINK(number) && up && link_up[number - 1];
    if (!found)
        return 6;
    status->rasconnstate = dialing ? 0 : 0x2000;
    status->rasconnsubstate = sub_state;
    return 0;
}

EXPORT DWORD RasEnumConnectionsW(RASCONNW *rows, DWORD *bytes, DWORD *count)
{
    static const DWORD size = offsetof(RASCONNW, luid) + sizeof(LUID);
    DWORD code = answer(LIST);

    if (code)
        return code;
    if (rows->dwSize != size)
        return 632;
    *count = up ? 1 : 0;
    if (*bytes < size)
        return 603;
    memset(rows, 0, size);
    rows->dwSize = size;
    rows->hrasconn = WHOLE;
    rows->szEntryName[0] = 'M';
    rows->guidEntry = entry_guid;
    rows->dwSubEntry = listed_link;
    return 0;
}

#ifndef NO_STATISTICS
static DWORD count(int function, HRASCONN handle, RAS_STATS *statistics, DWORD frames)
{
    DWORD code = answer(function);

    if (code)
        return code;
    if (handle != WHOLE || !up || statistics->dwSize != sizeof *statistics)
        return 0x80070057;
    statistics->dwFramesXmited = frames;
    return 0;
}

EXPORT DWORD RasGetConnectionStatistics(HRASCONN handle, RAS_STATS *statistics)
{
    return count(STATISTICS, handle, statistics, 100);
}

EXPORT DWORD RasGetLinkStatistics(HRASCONN handle, DWORD number, RAS_STATS *statistics)
{
    return count(LINK_STATISTICS, handle, statistics, number);
}

EXPORT DWORD RasClearConnectionStatistics(HRASCONN handle) { return handle ? answer(CLEAR) : 6; }

EXPORT DWORD RasClearLinkStatistics(HRASCONN handle, DWORD number)
{
    return handle && number ? answer(CLEAR_LINK) : 6;
}
#endif

EXPORT DWORD RasGetProjectionInfoW(HRASCONN handle, DWORD protocol, void *info, DWORD *bytes)
{
    RASPPPIPW *ip = info;
    DWORD code = answer(PROJECTION);

    if (code)
        return code;
    if (handle != WHOLE || !up)
        return 6;
    if (protocol != 0x8021)
        return 731;
    if (ip->dwSize != offsetof(RASPPPIPW, dwOptions) || *bytes < ip->dwSize)
        return 632;
    ip->dwError = projection_error;
    memcpy(ip->szIpAddress, address[0], sizeof address[0]);
    memcpy(ip->szServerIpAddress, address[1], sizeof address[1]);
    return 0;
}

EXPORT DWORD RasGetSubEntryHandleW(HRASCONN handle, DWORD number, HRASCONN *link)
{
    DWORD code = answer(SUB_ENTRY);

    if (code)
        return code;
    if (handle != WHOLE || !up)
        return 6;
    if (number < 1 || number > 2)
        return 259;
    if (!link_up[number - 1])
        return 618;
    if (lingering && calls[HANG_UP] && --lingering == 0)
        link_up[number - 1] = 0;
    *link = LINK(number);
    return 0;
}

EXPORT DWORD RasEnumDevicesW(RASDEVINFOW *list, DWORD *bytes, DWORD *count)
{
    DWORD code = answer(DEVICES);

    *count = 0;
    (void)list;
    if (!code)
        *bytes = 0;
    return code;
}

#ifndef NO_NOTIFICATION
EXPORT DWORD RasConnectionNotificationW(HRASCONN handle, HANDLE event, DWORD flags)
{
    int all = (intptr_t)handle == -1;
    DWORD code = answer(all ? NOTIFICATION : CHANGES);

    if (!all && (flags & 0x30) && code == 87)
        return code;
    if (all && !code)
        waiting = (intptr_t)event;
    if (!all) {
        waiting_each = (intptr_t)event;
        waiting_flags = flags;
    }
    return all ? code : 0;
}
#endif
