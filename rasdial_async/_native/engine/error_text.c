/* SPDX-License-Identifier: MIT
 *
 * The texts of RasGetErrorStringW. The build writes error_text.inc: lines { code, "UTF-8 text" },
 */
#include "core.h"

struct error_line {
    uint32_t code;
    const char *text;
};

static const struct error_line sim_error_texts[] = {
#include "error_text.inc"
};

/* The next character of valid UTF-8, as one or two UTF-16 units. */
static const unsigned char *decode(const unsigned char *from, WCHAR *units, int *count)
{
    uint32_t c = *from++;
    int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;

    if (more)
        c &= 0x3Fu >> more;
    for (; more && *from; more--)
        c = c << 6 | (*from++ & 0x3Fu);
    *count = 1;
    units[0] = (WCHAR)c;
    if (c > 0xFFFF) {
        c -= 0x10000;
        units[0] = (WCHAR)(0xD800 + (c >> 10));
        units[1] = (WCHAR)(0xDC00 + (c & 0x3FF));
        *count = 2;
    }
    return from;
}

DWORD error_text(UINT code, WCHAR *text, DWORD characters)
{
    const struct error_line *line = sim_error_texts;
    const struct error_line *end = line + sizeof sim_error_texts / sizeof *sim_error_texts;
    const unsigned char *from;
    DWORD used = 0;

    while (line < end && line->code != code)
        line++;
    if (line == end || code < 600 || code > 899)
        return ERROR_INVALID_PARAMETER;
    if (!characters)
        return ERROR_INSUFFICIENT_BUFFER;
    for (from = (const unsigned char *)line->text; *from;) {
        WCHAR units[2];
        int count, i;

        from = decode(from, units, &count);
        if (characters - used <= (DWORD)count) {
            text[0] = 0; /* nothing is better than half a text */
            return ERROR_INSUFFICIENT_BUFFER;
        }
        for (i = 0; i < count; i++)
            text[used++] = units[i];
    }
    text[used] = 0;
    return ERROR_SUCCESS;
}
