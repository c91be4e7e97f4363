/* SPDX-License-Identifier: MIT
 *
 * IPv4 and IPv6 addresses as text.
 */
#include "text.h"

#include <stdio.h>
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

int ipv4_from_text(BYTE bytes[4], const WCHAR *text)
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

int ipv6_from_text(BYTE bytes[16], const WCHAR *text)
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
        if (!*end && groups <= 6 && *end_of_part(text, '.')) { /* the last 32 bits as IPv4 */
            if (!ipv4_from_text(bytes + 2 * groups, text))
                return 0;
            groups += 2;
            text = end;
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

void ipv4_to_text(WCHAR text[IP_LONGEST], const BYTE bytes[4])
{
    char digits[IP_LONGEST];

    snprintf(digits, sizeof digits, "%d.%d.%d.%d", bytes[0], bytes[1], bytes[2], bytes[3]);
    text_from_ascii(text, IP_LONGEST, digits);
}

void ipv6_to_text(WCHAR text[IP_LONGEST], const BYTE bytes[16])
{
    char digits[IP_LONGEST] = "::";
    size_t used = 0;
    int i, any = 0;

    for (i = 0; i < 16; i++)
        any |= bytes[i];
    for (i = 0; any && i < 16; i += 2)
        used += (size_t)snprintf(digits + used, sizeof digits - used, "%s%x", i ? ":" : "",
                                 bytes[i] * 256 + bytes[i + 1]);
    text_from_ascii(text, IP_LONGEST, digits);
}
