/* SPDX-License-Identifier: MIT
 *
 * What the files of the functions that end in A share: each function turns its texts into WCHAR, calls the
 * one that ends in W, and turns back what that tells. A pointer that the other one refuses is handed on
 * for it to refuse.
 */
#ifndef RASDIAL_ASYNC_ENGINE_ANSI_H
#define RASDIAL_ASYNC_ENGINE_ANSI_H

#include "layout.h"
#include "standalone.h"

#include <string.h>

#include "../../os/os.h"
#include "../codes.h"
#include "../text.h"

#define LONG_TEXT 1100 /* more than RAS takes anywhere */
#define NARROWEST 4    /* a dwSize can be read */
#define FIELD(type, member) {offsetof(type, member), sizeof(((type *)0)->member) / sizeof(WCHAR)}
#define LAYOUT(name, size_list, ...)                                                               \
    static const struct text_at name##_texts[] = {__VA_ARGS__};                                    \
    static const struct layout name = {size_list, sizeof name##_texts / sizeof *name##_texts,      \
                                       name##_texts};

#define WIDE(name, text)                                                                           \
    WCHAR name##_wide[LONG_TEXT];                                                                  \
    const WCHAR *name = widen(name##_wide, LONG_TEXT, text)

extern const struct layout *const dial_params_layout;

static inline DWORD size_in(const void *structure)
{
    DWORD size;

    memcpy(&size, structure, sizeof size);
    return size;
}

/* ---- ansi_lists.c */

typedef DWORD (*list_call)(const void *context, void *list, DWORD *bytes, DWORD *count);

/* Null = no memory. */
void *read_list(list_call call, const void *context, DWORD size, DWORD *count, DWORD *code);
DWORD narrowed_list(const struct layout *layout, list_call call, const void *context, void *narrowed,
                    DWORD *bytes, DWORD *count);

#endif
