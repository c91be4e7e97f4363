/* SPDX-License-Identifier: MIT */
#include "text.h"

static const WCHAR nothing[1] = {0};

/* Case of ASCII and Latin-1 only: enough for device types, names and paths. */
static WCHAR folded(WCHAR c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7))
        return (WCHAR)(c + 32);
    return c;
}

size_t text_length(const WCHAR *text, size_t room)
{
    size_t length = 0;

    if (text)
        while (length < room && text[length])
            length++;
    return length;
}

int text_fits(const WCHAR *text, size_t room)
{
    return text_length(text, room) < room;
}

int text_equal(const WCHAR *left, const WCHAR *right)
{
    left = left ? left : nothing;
    right = right ? right : nothing;
    while (*left && *left == *right)
        left++, right++;
    return *left == *right;
}

int text_same(const WCHAR *left, const WCHAR *right)
{
    left = left ? left : nothing;
    right = right ? right : nothing;
    while (*left && folded(*left) == folded(*right))
        left++, right++;
    return *left == *right;
}

int text_contains(const WCHAR *text, const char *part)
{
    size_t i;

    for (; text && *text; text++) {
        for (i = 0; part[i] && folded(text[i]) == (unsigned char)part[i]; i++)
            ;
        if (!part[i])
            return 1;
    }
    return 0;
}

uint64_t text_hash(uint64_t seed, const WCHAR *text)
{
    uint64_t hash = seed ^ UINT64_C(0xCBF29CE484222325);

    for (; text && *text; text++)
        hash = (hash ^ folded(*text)) * UINT64_C(0x100000001B3);
    hash ^= hash >> 31;
    return hash * UINT64_C(0x9E3779B97F4A7C15);
}

void text_copy(WCHAR *target, size_t room, const WCHAR *source)
{
    size_t length = text_length(source, room - 1);
    size_t i;

    for (i = 0; i < length; i++)
        target[i] = source[i];
    target[length] = 0;
}

void text_from_ascii(WCHAR *target, size_t room, const char *source)
{
    size_t i;

    for (i = 0; i + 1 < room && source[i]; i++)
        target[i] = (unsigned char)source[i];
    target[i] = 0;
}
