/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <string.h>

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

void wipe(void *secret, size_t bytes)
{
    volatile BYTE *byte = secret;

    while (bytes--)
        *byte++ = 0;
}

void text_from_ascii(WCHAR *target, size_t room, const char *source)
{
    size_t i;

    for (i = 0; i + 1 < room && source[i]; i++)
        target[i] = (unsigned char)source[i];
    target[i] = 0;
}

/* One character; 0 = these bytes are no UTF-8. */
static int decode_one(const unsigned char **from, uint32_t *character)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    uint32_t c = *(*from)++;
    int more = c >= 0xF0 && c < 0xF8 ? 3 : c >= 0xE0 ? 2 : c >= 0xC2 ? 1 : 0;
    int i;

    if (c >= 0xF8 || (c >= 0x80 && !more))
        return 0;
    if (more)
        c &= 0x3Fu >> more;
    for (i = 0; i < more; i++) {
        if ((**from & 0xC0u) != 0x80)
            return 0;
        c = c << 6 | (*(*from)++ & 0x3Fu);
    }
    *character = c;
    return c >= least[more] && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

void text_from_utf8(WCHAR *target, size_t room, const char *source)
{
    const unsigned char *from = (const unsigned char *)source;
    size_t used = 0;
    uint32_t c;

    while (*from && used + 1 < room) {
        if (!decode_one(&from, &c)) {
            for (used = 0; used + 1 < room && source[used]; used++)
                target[used] = (unsigned char)source[used];
            break;
        }
        if (c > 0xFFFF && used + 2 < room) {
            target[used++] = (WCHAR)(0xD7C0 + (c >> 10));
            c = 0xDC00 + (c & 0x3FF);
        } else if (c > 0xFFFF) {
            break;
        }
        target[used++] = (WCHAR)c;
    }
    target[used] = 0;
}

static size_t encode_one(char bytes[4], uint32_t c)
{
    size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t i;

    for (i = length; i > 1; i--, c >>= 6)
        bytes[i - 1] = (char)(0x80 | (c & 0x3F));
    bytes[0] = (char)(first[length] | c);
    return length;
}

size_t text_to_utf8(char *target, size_t room, const WCHAR *source)
{
    size_t needed = 0, used = 0;

    while (*source) {
        uint32_t c = *source++;
        char bytes[4];
        size_t length;

        if (c >= 0xD800 && c < 0xDC00 && *source >= 0xDC00 && *source < 0xE000)
            c = 0x10000 + ((c - 0xD800) << 10) + (*source++ - 0xDC00u);
        length = encode_one(bytes, c);
        if (used == needed && used + length < room) {
            memcpy(target + used, bytes, length);
            used += length;
        }
        needed += length;
    }
    if (room)
        target[used] = 0;
    return needed + 1;
}
