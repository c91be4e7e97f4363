/* SPDX-License-Identifier: MIT
 *
 * A RAS library with nothing but AutoDial, countries and RasUpdateConnection. Every answer can be decided by
 * a test; its lists grow between the question for their size and the answer, names lie at odd places, and
 * countries go round in a ring.
 *
 * Built with -DNO_AUTODIAL it lacks all of these.
 */
#include "ras_types.h"

#include <stddef.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif
enum { ADDRESSES, GET, SET, IS_ENABLED, ENABLE, GET_PARAMETER, SET_PARAMETER, COUNTRY, UPDATE, FUNCTIONS };

static DWORD codes[FUNCTIONS]; /* what a function answers; 0 = what it should */
static DWORD growth;           /* so many questions find the list grown */
static DWORD stored_bytes, stored_count, parameters[5], enabled_location;
static RASAUTODIALENTRYW stored[4];
static WCHAR stored_address[64];
static RASUPDATECONN updated;
static DWORD round_trip;

EXPORT void autodial_code(int function, DWORD code) { codes[function] = code; }
EXPORT void autodial_growth(DWORD times) { growth = times; }
EXPORT DWORD autodial_stored_bytes(void) { return stored_bytes; }
EXPORT const RASUPDATECONN *autodial_updated(void) { return &updated; }
EXPORT void autodial_ring(DWORD on) { round_trip = on; }
EXPORT void autodial_reset(void)
{
    memset(codes, 0, sizeof codes);
    memset(stored, 0, sizeof stored);
    memset(&updated, 0, sizeof updated);
    growth = stored_count = round_trip = 0;
}

EXPORT DWORD RasDialW(void *a, void *b, void *c, DWORD d, void *e, HRASCONN *handle)
{
    (void)a, (void)b, (void)c, (void)d, (void)e;
    *handle = (HRASCONN)(size_t)0x20;
    return 0;
}

EXPORT DWORD RasHangUpW(HRASCONN handle) { (void)handle; return 0; }

EXPORT DWORD RasGetConnectStatusW(HRASCONN handle, RASCONNSTATUSW *status)
{
    status->rasconnstate = 0x2000;
    return 0;
}

EXPORT DWORD RasEnumConnectionsW(RASCONNW *rows, DWORD *bytes, DWORD *count)
{
    if (*bytes < sizeof *rows) {
        *bytes = sizeof *rows;
        return 603;
    }
    rows->hrasconn = (HRASCONN)(size_t)0x20;
    *count = 1;
    return 0;
}

#ifndef NO_AUTODIAL

static void put(WCHAR *to, const char *from)
{
    while ((*to++ = (WCHAR)*from++))
        ;
}

EXPORT DWORD RasEnumAutodialAddressesW(WCHAR **addresses, DWORD *bytes, DWORD *count)
{
    DWORD needed = 2 * sizeof(WCHAR *) + 100;
    WCHAR *last;

    if (codes[ADDRESSES])
        return codes[ADDRESSES];
    if (growth) {
        growth--;
        *bytes = (addresses ? *bytes : 0) + 8;
        return 603;
    }
    if (!addresses || *bytes < needed) {
        *bytes = needed;
        return 603;
    }
    last = (WCHAR *)(void *)((BYTE *)addresses + *bytes) - 10; /* not right behind the pointers */
    put(last, "second");
    put(last - 10, "first");
    addresses[0] = last - 10;
    addresses[1] = last;
    *count = 2;
    return 0;
}

EXPORT DWORD RasGetAutodialAddressW(const WCHAR *address, DWORD *reserved, RASAUTODIALENTRYW *list,
                                    DWORD *bytes, DWORD *count)
{
    DWORD needed = stored_count * (DWORD)sizeof *list;

    (void)address;
    if (codes[GET])
        return codes[GET];
    if (reserved)
        return 87;
    if (list->dwSize != sizeof *list)
        return 632;
    if (growth || *bytes < needed) {
        *bytes = growth ? *bytes + 8 : needed;
        growth -= growth > 0;
        return 603;
    }
    memcpy(list, stored, needed);
    *count = stored_count;
    return 0;
}

EXPORT DWORD RasSetAutodialAddressW(const WCHAR *address, DWORD reserved, RASAUTODIALENTRYW *list, DWORD bytes,
                                    DWORD count)
{
    size_t i = 0;

    if (codes[SET])
        return codes[SET];
    if (reserved || count > 4 || (list && list->dwSize != sizeof *list))
        return 87;
    while (address && address[i] && i < 63)
        stored_address[i] = address[i], i++;
    stored_address[i] = 0;
    if (count)
        memcpy(stored, list, count * sizeof *list);
    stored_count = count;
    stored_bytes = bytes;
    return 0;
}

EXPORT DWORD RasGetAutodialEnableW(DWORD location, int *enabled)
{
    *enabled = location == enabled_location ? -1 : 0; /* a BOOL that is not 1 */
    return codes[IS_ENABLED];
}

EXPORT DWORD RasSetAutodialEnableW(DWORD location, int enabled)
{
    enabled_location = enabled ? location : 0;
    return codes[ENABLE];
}

EXPORT DWORD RasGetAutodialParamW(DWORD key, void *value, DWORD *bytes)
{
    if (codes[GET_PARAMETER])
        return codes[GET_PARAMETER];
    if (key > 4)
        return 87;
    if (*bytes != 4)
        return 632;
    memcpy(value, &parameters[key], 4);
    return 0;
}

EXPORT DWORD RasSetAutodialParamW(DWORD key, void *value, DWORD bytes)
{
    if (codes[SET_PARAMETER])
        return codes[SET_PARAMETER];
    if (key > 4)
        return 87;
    if (bytes != 4)
        return 632;
    memcpy(&parameters[key], value, 4);
    return 0;
}

/* 1 -> 300 -> 5, whose name lies far behind, and 5 -> 1 in a ring. */
EXPORT DWORD RasGetCountryInfoW(RASCTRYINFO *info, DWORD *bytes)
{
    DWORD offset = info->dwCountryID == 5 ? 301 : sizeof *info + 2;
    DWORD needed = offset + 20;

    if (codes[COUNTRY])
        return codes[COUNTRY];
    if (info->dwSize != sizeof *info)
        return 1784;
    if (growth || *bytes < needed) {
        *bytes = growth ? *bytes + 8 : needed;
        growth -= growth > 0;
        return 603;
    }
    info->dwCountryCode = info->dwCountryID + 1000;
    info->dwNextCountryID = info->dwCountryID == 1 ? 300 : info->dwCountryID == 300 ? 5 : round_trip;
    info->dwCountryNameOffset = info->dwCountryID == 300 ? 0xFFFFFF00u : offset;
    if (info->dwCountryID != 300) {
        WCHAR name[10];

        put(name, info->dwCountryID == 1 ? "One" : "Five");
        memcpy((BYTE *)info + offset, name, sizeof name);
    }
    return 0;
}

EXPORT DWORD RasUpdateConnection(HRASCONN handle, RASUPDATECONN *update)
{
    (void)handle;
    updated = *update;
    return codes[UPDATE];
}

#endif
