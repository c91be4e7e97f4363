/* SPDX-License-Identifier: MIT
 *
 * RasGetCountryInfo: some of the countries that Windows knows, by their TAPI number.
 */
#include "calls.h"

#include <string.h>

static const struct {
    uint16_t id, code;
    const char *name;
} countries[] = {
    {1, 1, "United States"}, {7, 7, "Russia"},          {33, 33, "France"},
    {34, 34, "Spain"},       {39, 39, "Italy"},         {41, 41, "Switzerland"},
    {44, 44, "United Kingdom"}, {49, 49, "Germany"},    {55, 55, "Brazil"},
    {61, 61, "Australia"},   {81, 81, "Japan"},         {86, 86, "China"},
    {91, 91, "India"},       {107, 1, "Canada"},
};
enum { COUNTRIES = sizeof countries / sizeof *countries };

DWORD ras_get_country_info(struct engine *engine, RASCTRYINFO *info, DWORD *bytes)
{
    DWORD room, needed;
    size_t i = 0;

    (void)engine;
    if (!info || !bytes)
        return ERROR_INVALID_PARAMETER;
    room = *bytes;
    if (room < sizeof *info) {
        *bytes = sizeof *info;
        return ERROR_BUFFER_TOO_SMALL;
    }
    if (info->dwSize != sizeof *info)
        return ERROR_INVALID_USER_BUFFER;
    while (i < COUNTRIES && countries[i].id != info->dwCountryID)
        i++;
    if (i == COUNTRIES)
        return ERROR_INVALID_PARAMETER;
    needed = (DWORD)(sizeof *info + (strlen(countries[i].name) + 1) * sizeof(WCHAR));
    *bytes = needed;
    if (room < needed)
        return ERROR_BUFFER_TOO_SMALL;
    info->dwNextCountryID = i + 1 < COUNTRIES ? countries[i + 1].id : 0;
    info->dwCountryCode = countries[i].code;
    info->dwCountryNameOffset = sizeof *info;
    text_from_ascii((WCHAR *)(void *)(info + 1), (needed - sizeof *info) / sizeof(WCHAR),
                    countries[i].name);
    return ERROR_SUCCESS;
}
