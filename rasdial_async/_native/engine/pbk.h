/* SPDX-License-Identifier: MIT
 *
 * A phonebook file as text: its sections, the settings in them, and changes of single lines. What
 * nobody changes stays byte for byte. Pure functions of the bytes: no lock, no file.
 *
 * A section is an entry: "[name]", its own settings, then for each device a block that begins with
 * "MEDIA=" and has the name of the device (Device=), its type (DEVICE=) and numbers (PhoneNumber=).
 * Case counts in keys. Texts are UTF-8, and a line that is none is Latin-1.
 */
#ifndef RASDIAL_ASYNC_PBK_H
#define RASDIAL_ASYNC_PBK_H

#include "../ras_types.h"

#define PBK_LONGEST 1024 /* characters of a name or value; the rest is cut off */

struct pbk {
    char *bytes; /* zero behind them; null = empty */
    size_t size;
};

struct pbk_span { /* whole lines */
    size_t start, end;
};

void pbk_free(struct pbk *pbk);
/* The section that begins at `*at` or behind; `*at` moves behind it. 0 = there is none. */
int pbk_next(const struct pbk *pbk, size_t *at, WCHAR name[PBK_LONGEST], struct pbk_span *section);
/* By name, without case. */
int pbk_find(const struct pbk *pbk, const WCHAR *name, struct pbk_span *section);

/* Where a setting belongs: 0 = the entry's own, 1 = its first device, and so on. An empty span at the
 * end of the section where there is no such device. */
DWORD pbk_devices(const struct pbk *pbk, struct pbk_span section);
struct pbk_span pbk_place(const struct pbk *pbk, struct pbk_span section, DWORD place);
/* The value of the key's line number `nth`, from 0. 0 = there is none. */
int pbk_get(const struct pbk *pbk, struct pbk_span place, const char *key, DWORD nth,
            WCHAR value[PBK_LONGEST]);

/* A line that says something; `*at` moves behind it. 0 = there is none in the place. */
struct pbk_line {
    const char *key; /* not terminated */
    size_t key_length;
    size_t value_start, value_end;
};
int pbk_next_line(const struct pbk *pbk, struct pbk_span place, size_t *at, struct pbk_line *line);
void pbk_value(const struct pbk *pbk, const struct pbk_line *line, WCHAR value[PBK_LONGEST]);

/* Changes: 0, or -1 without memory, and nothing has changed. Spans are to be found again after one. */
/* That line's value; a new line behind the last one of the key or of the settings. */
int pbk_set(struct pbk *pbk, struct pbk_span place, const char *key, DWORD nth,
            const WCHAR *value);
/* The lines of a key from number `nth` on go. */
int pbk_cut(struct pbk *pbk, struct pbk_span place, const char *key, DWORD nth);
/* Lines of ASCII, each ended by \n, behind the span; they get the line end of the file. */
int pbk_insert(struct pbk *pbk, size_t at, const char *lines);
int pbk_add_section(struct pbk *pbk, const WCHAR *name, const char *lines);
int pbk_rename(struct pbk *pbk, struct pbk_span section, const WCHAR *name);
int pbk_remove(struct pbk *pbk, struct pbk_span span);

#endif
