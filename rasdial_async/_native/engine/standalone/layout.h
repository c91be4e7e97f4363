/* SPDX-License-Identifier: MIT
 *
 * Structures with CHAR texts, as the RAS functions that end in A have them, and the same with WCHAR.
 * Both have the same members; so a list of the texts in the wide structure says all about the narrow
 * one. What is not text is a multiple of 4 bytes long and aligned to 4 (ras.h packs so).
 *
 * CHAR is the ANSI code page on Windows, and UTF-8 elsewhere.
 */
#ifndef RASDIAL_ASYNC_STANDALONE_LAYOUT_H
#define RASDIAL_ASYNC_STANDALONE_LAYOUT_H

#include "../../ras_types.h"

struct text_at {
    DWORD at;    /* in the wide structure */
    DWORD count; /* characters */
};

struct layout {
    const DWORD *sizes; /* of the wide structure in every Windows, newest first; 0 ends them */
    DWORD text_count;
    const struct text_at *texts;
};

DWORD layout_narrow(const struct layout *layout, DWORD wide_size);
/* The wide size of a narrow dwSize. One that no Windows has becomes a wide one that none has. */
DWORD layout_wide(const struct layout *layout, DWORD narrow_size);
/* All but dwSize, which becomes that of the copy. The copy has room for its size. */
void layout_widen(const struct layout *layout, void *wide, DWORD wide_size, const void *narrow);
void layout_narrowed(const struct layout *layout, void *narrow, const void *wide, DWORD wide_size);

/* A text that a caller handed over; null stays null. What is too long for `room` is cut, and then too
 * long for RAS as well, if `room` is larger than what RAS takes. */
const WCHAR *widen(WCHAR *to, size_t room, const char *text);
/* Bytes needed with the terminator; as many as fit are written, the terminator always. */
size_t narrow(char *to, size_t room, const WCHAR *text);

#endif
