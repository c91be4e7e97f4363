/* SPDX-License-Identifier: MIT */
#include "layout.h"

#include <string.h>

#include "../text.h"

#define NO_SIZE 1 /* no structure has it */

static DWORD aligned(DWORD offset)
{
    return (offset + 3) & ~3u;
}

/* ---- texts */

#ifdef _WIN32

const WCHAR *widen(WCHAR *to, size_t room, const char *text)
{
    if (!text)
        return NULL;
    if (!MultiByteToWideChar(CP_ACP, 0, text, -1, to, (int)room)) {
        size_t i;

        for (i = 0; i + 1 < room; i++)
            to[i] = '?';
        to[i] = 0;
    }
    return to;
}

size_t narrow(char *to, size_t room, const WCHAR *text)
{
    int needed = WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL);

    if (room && !WideCharToMultiByte(CP_ACP, 0, text, -1, to, (int)room, NULL, NULL))
        to[room - 1] = 0;
    return (size_t)needed;
}

#else

const WCHAR *widen(WCHAR *to, size_t room, const char *text)
{
    if (!text)
        return NULL;
    text_from_utf8(to, room, text);
    return to;
}

size_t narrow(char *to, size_t room, const WCHAR *text)
{
    return text_to_utf8(to, room, text);
}

#endif

/* ---- structures */

/* A place in both structures at once. */
struct walk {
    DWORD wide, narrow;
};

static void skip_to(struct walk *walk, DWORD wide)
{
    walk->narrow += wide - walk->wide;
    walk->wide = wide;
}

static void align(struct walk *walk)
{
    walk->wide = aligned(walk->wide);
    walk->narrow = aligned(walk->narrow);
}

DWORD layout_narrow(const struct layout *layout, DWORD wide_size)
{
    struct walk walk = {0, 0};
    DWORD i;

    for (i = 0; i < layout->text_count && layout->texts[i].at < wide_size; i++) {
        if (layout->texts[i].at != walk.wide) {
            align(&walk);
            skip_to(&walk, layout->texts[i].at);
        }
        walk.wide += layout->texts[i].count * (DWORD)sizeof(WCHAR);
        walk.narrow += layout->texts[i].count;
    }
    align(&walk);
    if (walk.wide < wide_size)
        skip_to(&walk, wide_size);
    return aligned(walk.narrow);
}

DWORD layout_wide(const struct layout *layout, DWORD narrow_size)
{
    const DWORD *size = layout->sizes;

    while (*size && layout_narrow(layout, *size) != narrow_size)
        size++;
    return *size ? *size : NO_SIZE;
}

static void convert(const struct layout *layout, BYTE *wide, BYTE *narrowed, DWORD wide_size,
                    int widening)
{
    struct walk walk = {0, 0};
    DWORD i;

    for (i = 0; i <= layout->text_count; i++) {
        int is_text = i < layout->text_count && layout->texts[i].at < wide_size;
        DWORD until = is_text ? layout->texts[i].at : wide_size;

        if (until != walk.wide) {
            align(&walk);
            if (until > walk.wide && widening)
                memcpy(wide + walk.wide, narrowed + walk.narrow, until - walk.wide);
            else if (until > walk.wide)
                memcpy(narrowed + walk.narrow, wide + walk.wide, until - walk.wide);
            if (until > walk.wide)
                skip_to(&walk, until);
        }
        if (!is_text)
            return;
        if (widening) {
            char copy[1100] = {0}; /* longer than any; the caller's need not be terminated */

            memcpy(copy, narrowed + walk.narrow, layout->texts[i].count);
            widen((WCHAR *)(void *)(wide + walk.wide), layout->texts[i].count, copy);
            if (memchr(copy, 0, layout->texts[i].count) == NULL) /* RAS is to see that it is too long */
                ((WCHAR *)(void *)(wide + walk.wide))[layout->texts[i].count - 1] = 'x';
            wipe(copy, sizeof copy);
        } else {
            narrow((char *)narrowed + walk.narrow, layout->texts[i].count,
                   (const WCHAR *)(const void *)(wide + walk.wide));
        }
        walk.wide += layout->texts[i].count * (DWORD)sizeof(WCHAR);
        walk.narrow += layout->texts[i].count;
    }
}

void layout_widen(const struct layout *layout, void *wide, DWORD wide_size, const void *narrowed)
{
    memset(wide, 0, wide_size);
    if (wide_size > NO_SIZE)
        convert(layout, wide, (BYTE *)narrowed, wide_size, 1);
    memcpy(wide, &wide_size, sizeof wide_size < wide_size ? sizeof wide_size : wide_size);
}

void layout_narrowed(const struct layout *layout, void *narrowed, const void *wide, DWORD wide_size)
{
    DWORD size = layout_narrow(layout, wide_size);

    memset(narrowed, 0, size);
    convert(layout, (BYTE *)wide, narrowed, wide_size, 0);
    memcpy(narrowed, &size, sizeof size);
}
