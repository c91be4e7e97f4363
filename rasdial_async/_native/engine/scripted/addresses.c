/* SPDX-License-Identifier: MIT
 *
 * The addresses that the dials of an entry get, one after the other.
 */
#include "scripted.h"

#include <stdlib.h>
#include <string.h>

/* The number in [start, end), at most `most`; -1 = it is none. */
static long number_in(const WCHAR *start, const WCHAR *end, unsigned base, long most)
{
    long number = 0;

    if (start == end || end - start > 4)
        return -1;
    for (; start < end; start++) {
        long digit = *start >= '0' && *start <= '9'   ? *start - '0'
                     : *start >= 'a' && *start <= 'f' ? *start - 'a' + 10
                     : *start >= 'A' && *start <= 'F' ? *start - 'A' + 10
                                                      : 16;

        if (digit >= (long)base)
            return -1;
        number = number * (long)base + digit;
    }
    return number <= most ? number : -1;
}

static const WCHAR *end_of_part(const WCHAR *text, WCHAR separator)
{
    while (*text && *text != separator)
        text++;
    return text;
}

static int ipv4_in(const WCHAR *text, BYTE bytes[4])
{
    int i;

    for (i = 0; i < 4; i++) {
        const WCHAR *end = end_of_part(text, '.');
        long number = number_in(text, end, 10, 255);

        if (number < 0 || (end - text > 1 && *text == '0') || (i < 3) != (*end == '.'))
            return 0;
        bytes[i] = (BYTE)number;
        text = end + (i < 3);
    }
    return !*text;
}

static int ipv6_in(const WCHAR *text, BYTE bytes[16])
{
    int groups = 0, gap = -1;

    if (text[0] == ':' && text[1] != ':')
        return 0;
    memset(bytes, 0, 16);
    while (*text && groups < 8) {
        const WCHAR *end = end_of_part(text, ':');
        long number;

        if (text == end) { /* the second colon of the gap; of one at the start, the first */
            if (gap >= 0)
                return 0;
            gap = groups;
            text += groups ? 1 : 2;
            continue;
        }
        number = number_in(text, end, 16, 0xFFFF);
        if (number < 0 || (*end && !end[1]))
            return 0;
        bytes[2 * groups] = (BYTE)(number >> 8);
        bytes[2 * groups + 1] = (BYTE)number;
        groups++;
        text = end + (*end == ':');
    }
    if (*text || (gap < 0) != (groups == 8))
        return 0;
    if (gap >= 0) {
        memmove(bytes + 16 - 2 * (groups - gap), bytes + 2 * gap, 2 * (size_t)(groups - gap));
        memset(bytes + 2 * gap, 0, 2 * (size_t)(8 - groups));
    }
    return 1;
}

static int address_in(const WCHAR *text, struct address *address)
{
    if (!text || !text_fits(text, SIM_ADDRESS))
        return 0;
    address->is_ipv6 = (char)(*end_of_part(text, ':') == ':');
    return address->is_ipv6 ? ipv6_in(text, address->bytes) : ipv4_in(text, address->bytes);
}

int sim_is_address(const WCHAR *text)
{
    struct address address;

    return address_in(text, &address);
}

struct addresses *addresses_new(const WCHAR *const *texts, uint32_t count, DWORD *error)
{
    struct addresses *addresses = malloc(sizeof *addresses + count * sizeof *addresses->all);
    uint32_t i;

    *error = addresses ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    for (i = 0; addresses && i < count; i++)
        if (!address_in(texts[i], &addresses->all[i]))
            *error = ERROR_INVALID_PARAMETER;
    if (*error) {
        free(addresses);
        return NULL;
    }
    addresses->count = count;
    addresses->dials = 0;
    return addresses;
}

/* Of the IPv4 ones or the IPv6 ones, in turn; null = there is none. */
static const BYTE *turn_of(const struct addresses *addresses, char is_ipv6)
{
    uint32_t of_kind = 0, turn, i;

    for (i = 0; i < addresses->count; i++)
        of_kind += addresses->all[i].is_ipv6 == is_ipv6;
    if (!of_kind)
        return NULL;
    turn = addresses->dials % of_kind;
    for (i = 0; addresses->all[i].is_ipv6 != is_ipv6 || turn--; i++)
        ;
    return addresses->all[i].bytes;
}

void addresses_take(struct addresses *addresses, struct run *run)
{
    const BYTE *ipv4 = turn_of(addresses, 0), *ipv6 = turn_of(addresses, 1);

    if (ipv4)
        memcpy(run->ipv4_address, ipv4, 4);
    if (ipv6)
        memcpy(run->ipv6_address, ipv6, 16);
    run->has_ipv4 = ipv4 != NULL;
    run->has_ipv6 = ipv6 != NULL;
    addresses->dials++;
}
