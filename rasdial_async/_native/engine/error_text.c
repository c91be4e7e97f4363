/* SPDX-License-Identifier: MIT
 *
 * The texts of RasGetErrorStringW. The build writes error_text.inc: lines { code, "UTF-8 text", and
 * the text for links of pppd }.
 */
#include "core.h"

#define LONGEST 1024

struct error_line {
    uint32_t code;
    const char *text;
    const char *of_pppd;
};

static const struct error_line sim_error_texts[] = {
#include "error_text.inc"
};

DWORD error_text(int of_pppd, UINT code, WCHAR *text, DWORD characters)
{
    const struct error_line *line = sim_error_texts;
    const struct error_line *end = line + sizeof sim_error_texts / sizeof *sim_error_texts;
    WCHAR whole[LONGEST];

    while (line < end && line->code != code)
        line++;
    if (line == end || code < 600 || code > 899)
        return ERROR_INVALID_PARAMETER;
    if (!characters)
        return ERROR_INSUFFICIENT_BUFFER;
    text_from_utf8(whole, LONGEST, of_pppd ? line->of_pppd : line->text);
    text[0] = 0; /* nothing is better than half a text */
    if (text_length(whole, LONGEST) >= characters)
        return ERROR_INSUFFICIENT_BUFFER;
    text_copy(text, characters, whole);
    return ERROR_SUCCESS;
}
