/* SPDX-License-Identifier: MIT */
#include "pbk.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

struct row { /* of the file: offsets, with and without its end */
    size_t start, stop, next;
};

void pbk_free(struct pbk *pbk)
{
    free(pbk->bytes);
    pbk->bytes = NULL;
    pbk->size = 0;
}

/* ---- lines */

static int row_at(const struct pbk *pbk, size_t at, size_t end, struct row *row)
{
    if (at >= end)
        return 0;
    row->start = at;
    while (at < end && pbk->bytes[at] != '\r' && pbk->bytes[at] != '\n')
        at++;
    row->stop = at;
    if (at < end && pbk->bytes[at] == '\r')
        at++;
    if (at < end && pbk->bytes[at] == '\n' && (at == row->stop || pbk->bytes[at - 1] == '\r'))
        at++;
    row->next = at;
    return 1;
}

static const char *line_end(const struct pbk *pbk)
{
    struct row row;

    if (!row_at(pbk, 0, pbk->size, &row) || row.next == row.stop)
        return "\r\n";
    return row.next - row.stop == 2 ? "\r\n" : pbk->bytes[row.stop] == '\r' ? "\r" : "\n";
}

static int blank(char c)
{
    return c == ' ' || c == '\t';
}

static void decode(const struct pbk *pbk, size_t start, size_t stop, WCHAR text[PBK_LONGEST])
{
    char bytes[4 * PBK_LONGEST];
    size_t length;

    while (start < stop && blank(pbk->bytes[start]))
        start++;
    while (start < stop && blank(pbk->bytes[stop - 1]))
        stop--;
    length = stop - start < sizeof bytes ? stop - start : sizeof bytes - 1;
    memcpy(bytes, pbk->bytes + start, length);
    bytes[length] = 0;
    text_from_utf8(text, PBK_LONGEST, bytes);
}

/* Where its value begins; 0 = it is no line of that key. */
static size_t value_of(const struct pbk *pbk, const struct row *row, const char *key)
{
    size_t length = strlen(key), at = row->start;

    while (at < row->stop && blank(pbk->bytes[at]))
        at++;
    if (row->stop - at <= length || memcmp(pbk->bytes + at, key, length) != 0)
        return 0;
    for (at += length; at < row->stop && blank(pbk->bytes[at]); at++)
        ;
    return at < row->stop && pbk->bytes[at] == '=' ? at + 1 : 0;
}

/* Where the name begins and ends; 0 = the line begins no section. */
static int name_of(const struct pbk *pbk, const struct row *row, size_t *start, size_t *stop)
{
    size_t at = row->start, end = row->stop;

    if (!row->start && end >= 3 && memcmp(pbk->bytes, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    while (at < end && blank(pbk->bytes[at]))
        at++;
    while (end > at && pbk->bytes[end - 1] != ']')
        end--;
    if (at == end || pbk->bytes[at] != '[')
        return 0;
    *start = at + 1;
    *stop = end - 1;
    return 1;
}

/* ---- sections */

int pbk_next(const struct pbk *pbk, size_t *at, WCHAR name[PBK_LONGEST], struct pbk_span *section)
{
    struct row row;
    size_t start, stop, place = *at;
    int found = 0;

    for (; row_at(pbk, place, pbk->size, &row); place = row.next) {
        if (!name_of(pbk, &row, &start, &stop))
            continue;
        if (found)
            break;
        found = 1;
        section->start = row.start;
        decode(pbk, start, stop, name);
    }
    section->end = *at = place;
    return found;
}

int pbk_find(const struct pbk *pbk, const WCHAR *name, struct pbk_span *section)
{
    WCHAR found[PBK_LONGEST];
    size_t at = 0;

    while (pbk_next(pbk, &at, found, section))
        if (text_same(found, name))
            return 1;
    return 0;
}

/* A device begins with MEDIA; the first one of an old section has only DEVICE. */
static int begins_device(const struct pbk *pbk, const struct row *row, DWORD so_far)
{
    return value_of(pbk, row, "MEDIA") || (!so_far && value_of(pbk, row, "DEVICE"));
}

DWORD pbk_devices(const struct pbk *pbk, struct pbk_span section)
{
    struct row row;
    DWORD count = 0;
    size_t at;

    for (at = section.start; row_at(pbk, at, section.end, &row); at = row.next)
        count += (DWORD)begins_device(pbk, &row, count);
    return count;
}

struct pbk_span pbk_place(const struct pbk *pbk, struct pbk_span section, DWORD place)
{
    struct pbk_span span = {section.end, section.end};
    struct row row;
    DWORD device = 0;
    size_t at;

    if (!place)
        span.start = section.start;
    for (at = section.start; row_at(pbk, at, section.end, &row); at = row.next) {
        int begins = begins_device(pbk, &row, device);

        device += (DWORD)begins;
        if (begins && device == place)
            span.start = row.start;
        if (place ? begins && device == place + 1 : begins || value_of(pbk, &row, "NETCOMPONENTS")) {
            span.end = row.start;
            return span;
        }
    }
    return span;
}

static int find_key(const struct pbk *pbk, struct pbk_span place, const char *key, DWORD nth,
                    struct row *row)
{
    size_t at;

    for (at = place.start; row_at(pbk, at, place.end, row); at = row->next)
        if (value_of(pbk, row, key) && !nth--)
            return 1;
    return 0;
}

int pbk_get(const struct pbk *pbk, struct pbk_span place, const char *key, DWORD nth,
            WCHAR value[PBK_LONGEST])
{
    struct row row;

    if (!find_key(pbk, place, key, nth, &row))
        return 0;
    decode(pbk, value_of(pbk, &row, key), row.stop, value);
    return 1;
}

int pbk_next_line(const struct pbk *pbk, struct pbk_span place, size_t *at, struct pbk_line *line)
{
    struct row row;

    while (row_at(pbk, *at, place.end, &row)) {
        size_t start = row.start, end = row.start;

        *at = row.next;
        while (start < row.stop && blank(pbk->bytes[start]))
            start++;
        while (end < row.stop && pbk->bytes[end] != '=')
            end++;
        line->value_start = end + 1;
        line->value_end = row.stop;
        if (end == row.stop)
            continue;
        while (end > start && blank(pbk->bytes[end - 1]))
            end--;
        line->key = pbk->bytes + start;
        line->key_length = end - start;
        return 1;
    }
    return 0;
}

void pbk_value(const struct pbk *pbk, const struct pbk_line *line, WCHAR value[PBK_LONGEST])
{
    decode(pbk, line->value_start, line->value_end, value);
}

/* ---- changes */

static int splice(struct pbk *pbk, size_t start, size_t end, const char *bytes, size_t size)
{
    char *whole = malloc(pbk->size - (end - start) + size + 1);

    if (!whole)
        return -1;
    if (start)
        memcpy(whole, pbk->bytes, start);
    if (size)
        memcpy(whole + start, bytes, size);
    if (end < pbk->size)
        memcpy(whole + start + size, pbk->bytes + end, pbk->size - end);
    pbk->size += size - (end - start);
    whole[pbk->size] = 0;
    free(pbk->bytes);
    pbk->bytes = whole;
    return 0;
}

/* Behind the last line that says something. */
static size_t end_of_settings(const struct pbk *pbk, struct pbk_span place)
{
    struct row row;
    size_t at, end = place.start;

    for (at = place.start; row_at(pbk, at, place.end, &row); at = row.next)
        if (row.stop > row.start)
            end = row.next;
    return end;
}

/* A file may end without a line end. */
static int end_the_line(struct pbk *pbk, size_t *at)
{
    const char *end = line_end(pbk);

    if (!*at || pbk->bytes[*at - 1] == '\n' || pbk->bytes[*at - 1] == '\r')
        return 0;
    if (splice(pbk, *at, *at, end, strlen(end)) != 0)
        return -1;
    *at += strlen(end);
    return 0;
}

int pbk_insert(struct pbk *pbk, size_t at, const char *lines)
{
    while (*lines) {
        size_t length = strcspn(lines, "\n");
        const char *end = line_end(pbk);

        if (end_the_line(pbk, &at) != 0 || splice(pbk, at, at, end, strlen(end)) != 0 ||
            splice(pbk, at, at, lines, length) != 0)
            return -1;
        at += length + strlen(end);
        lines += length + (lines[length] == '\n');
    }
    return 0;
}

int pbk_set(struct pbk *pbk, struct pbk_span place, const char *key, DWORD nth,
            const WCHAR *value)
{
    char line[5 * PBK_LONGEST];
    struct row row;
    size_t at;

    if (find_key(pbk, place, key, nth, &row)) {
        text_to_utf8(line, sizeof line, value);
        at = value_of(pbk, &row, key);
        while (at < row.stop && blank(pbk->bytes[at]))
            at++;
        return splice(pbk, at, row.stop, line, strlen(line));
    }
    at = nth && find_key(pbk, place, key, nth - 1, &row) ? row.next : end_of_settings(pbk, place);
    strcpy(line, key);
    strcat(line, "=");
    text_to_utf8(line + strlen(line), sizeof line - strlen(line), value);
    return pbk_insert(pbk, at, line);
}

int pbk_cut(struct pbk *pbk, struct pbk_span place, const char *key, DWORD nth)
{
    struct row row;

    while (find_key(pbk, place, key, nth, &row)) {
        if (splice(pbk, row.start, row.next, NULL, 0) != 0)
            return -1;
        place.end -= row.next - row.start;
    }
    return 0;
}

int pbk_remove(struct pbk *pbk, struct pbk_span span)
{
    return splice(pbk, span.start, span.end, NULL, 0);
}

int pbk_rename(struct pbk *pbk, struct pbk_span section, const WCHAR *name)
{
    char bytes[4 * PBK_LONGEST];
    size_t start, stop;
    struct row row;

    text_to_utf8(bytes, sizeof bytes, name);
    if (!row_at(pbk, section.start, section.end, &row) || !name_of(pbk, &row, &start, &stop))
        return -1;
    return splice(pbk, start, stop, bytes, strlen(bytes));
}

int pbk_add_section(struct pbk *pbk, const WCHAR *name, const char *lines)
{
    char title[4 * PBK_LONGEST + 2] = "[";
    size_t at;

    text_to_utf8(title + 1, sizeof title - 2, name);
    strcat(title, "]");
    if (pbk_insert(pbk, pbk->size, title) != 0)
        return -1;
    at = pbk->size;
    return pbk_insert(pbk, at, lines);
}
