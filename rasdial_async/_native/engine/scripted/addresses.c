/* SPDX-License-Identifier: MIT
 *
 * The addresses that the dials of an entry get, one after the other.
 */
#include "scripted.h"

#include <stdlib.h>
#include <string.h>

static int address_in(const WCHAR *text, struct address *address)
{
    if (!text || !text_fits(text, SIM_ADDRESS))
        return 0;
    address->is_ipv6 = (char)text_contains(text, ":");
    return address->is_ipv6 ? ipv6_from_text(address->bytes, text) : ipv4_from_text(address->bytes, text);
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
