/* SPDX-License-Identifier: MIT
 *
 * Phonebooks that are files: the lines of the engine say what the file says, and a change of a line
 * changes its lines in the file. The file is read again when it has changed.
 */
#include "core.h"

#include <stdlib.h>
#include <string.h>

#include "pbk_entry.h"

#define MOST_ALTERNATES 4096 /* bytes */

/* 8-bit text, as [MS-RRASM] has it. */
static int read_pbk(const os_path_char *path, struct pbk *pbk)
{
    if (os_file_read(path, &pbk->bytes, &pbk->size) != 0)
        return -1;
    pbk->bytes[pbk->size] = 0;
    if (!memchr(pbk->bytes, 0, pbk->size))
        return 0;
    pbk_free(pbk);
    return -1;
}

/* ---- reading */

static struct device *device_in(struct engine *engine, const struct pbk *pbk,
                                struct pbk_span section, RASSUBENTRYW *first)
{
    pbk_read_device(pbk, section, 1, first);
    if (!first->szDeviceType[0]) /* an old section has the name alone */
        text_from_ascii(first->szDeviceType, RAS_MaxDeviceType + 1,
                        text_contains(first->szDeviceName, "pppoe")      ? "PPPoE"
                        : text_contains(first->szDeviceName, "miniport") ? "vpn"
                        : text_contains(first->szDeviceName, "modem")    ? "modem"
                                                                         : "vpn");
    return device_usual(engine, first->szDeviceType, first->szDeviceName);
}

static DWORD read_sub_entries(struct engine *engine, const struct pbk *pbk,
                              struct pbk_span section, struct line *line)
{
    BYTE alternates[MOST_ALTERNATES];
    DWORD number, bytes, error = ERROR_SUCCESS, count = pbk_devices(pbk, section);

    if (line->sub_entry_count > count || count < 2)
        sub_entries_release(engine, line);
    for (number = 1; !error && count > 1 && number <= count; number++) {
        RASSUBENTRYW from;
        struct device *device;

        pbk_read_device(pbk, section, number, &from);
        device = device_usual(engine, from.szDeviceType, from.szDeviceName);
        bytes = pbk_read_alternates(pbk, section, number, alternates, sizeof alternates);
        error = device ? sub_entry_put(line, number, device, &from, alternates, bytes)
                       : ERROR_NOT_ENOUGH_MEMORY;
    }
    return error;
}

static DWORD read_section(struct engine *engine, const struct phonebook *book,
                          const struct pbk *pbk, const WCHAR *name, struct pbk_span section)
{
    struct line *line = line_in(engine, book->path, name);
    BYTE alternates[MOST_ALTERNATES];
    RASSUBENTRYW first;
    RASENTRYW properties;
    struct device *device = device_in(engine, pbk, section, &first);
    struct sim_entry texts = {.phonebook = book->path, .name = name};
    struct entry *entry;
    DWORD error, bytes;

    if (!device)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (line && line->in_file) /* the first one of that name counts */
        return ERROR_SUCCESS;
    texts.phone_number = first.szLocalPhoneNumber;
    entry = line ? entry_changed(line->entry, device, &texts) : entry_new(device, &texts);
    if (!entry)
        return ERROR_NOT_ENOUGH_MEMORY;
    properties_usual(&properties, device);
    memset(&properties.guidId, 0, sizeof properties.guidId);
    pbk_read_entry(pbk, section, &properties);
    if (line)
        line_set_entry(line, entry);
    else
        line = line_new(engine, entry);
    if (!line) {
        entry_release(entry);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    if (properties.guidId.Data1 || properties.guidId.Data2 || properties.guidId.Data3)
        entry->guid = properties.guidId;
    line->in_file = 1;
    bytes = pbk_read_alternates(pbk, section, 1, alternates, sizeof alternates);
    error = properties_set(line, &properties, alternates, bytes);
    return error ? error : read_sub_entries(engine, pbk, section, line);
}

static struct line *next_in(const struct phonebook *book, struct line *line)
{
    while (line && !text_same(line->entry->phonebook, book->path))
        line = line->next;
    return line;
}

/* Every section is a line of the phonebook. 0, or a code: not all of them are. */
static DWORD read_sections(struct engine *engine, const struct phonebook *book, const struct pbk *pbk)
{
    WCHAR name[PBK_LONGEST];
    struct pbk_span section;
    struct line *line;
    DWORD first_error = ERROR_SUCCESS, error;
    size_t at = 0;

    for (line = next_in(book, engine->entries.first); line; line = next_in(book, line->next))
        line->in_file = 0;
    while (pbk_next(pbk, &at, name, &section)) {
        if (!name[0] || !text_fits(name, RAS_MaxEntryName + 1))
            continue;
        error = read_section(engine, book, pbk, name, section);
        first_error = first_error ? first_error : error;
    }
    return first_error;
}

int book_file_read(struct engine *engine, struct phonebook *book)
{
    NATIVE_PATH(path, book->path);
    struct os_stamp stamp = os_file_stamp(path);
    struct pbk pbk;
    struct line *line, *next;

    if (!stamp.identity)
        return -1;
    if (os_same_stamp(stamp, book->stamp))
        return 0;
    if (read_pbk(path, &pbk) != 0)
        return -1;
    book->stamp = stamp;
    if (read_sections(engine, book, &pbk) != 0)
        memset(&book->stamp, 0, sizeof book->stamp); /* without memory: once more next time */
    for (line = next_in(book, engine->entries.first); line; line = next) {
        next = next_in(book, line->next);
        if (!line->in_file && !line->added)
            line_free(engine, line);
    }
    pbk_free(&pbk);
    return 0;
}

DWORD sim_read_phonebook(struct engine *engine, const WCHAR *path, const char *text, size_t bytes)
{
    struct pbk pbk = {(char *)text, bytes}; /* is not changed */
    struct phonebook *book;
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    if (!text_length(path, 1) || !text_fits(path, RAS_MAX_PATH) || !text)
        return ERROR_INVALID_PARAMETER;
    if (!engine_enter(engine))
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    os_lock(&engine->lock);
    book = phonebook_made(engine, path);
    if (book)
        error = read_sections(engine, book, &pbk);
    os_unlock(&engine->lock);
    engine_leave(engine);
    return error;
}

DWORD sim_entry_guid(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, BYTE guid[16])
{
    DWORD error;
    struct line *line = line_enter(engine, phonebook, name, &error);

    if (!line)
        return error;
    memcpy(guid, &line->entry->guid, 16);
    line_leave(engine);
    return ERROR_SUCCESS;
}

/* ---- writing */

static int write_devices(struct pbk *pbk, const struct line *line)
{
    DWORD number;

    for (number = 1; number <= sub_entries_counted(line); number++) {
        const struct sub_entry from = sub_entry_of(line, number);
        RASSUBENTRYW device = {.dwSize = sizeof device};

        text_copy(device.szDeviceType, RAS_MaxDeviceType + 1, from.device->type);
        text_copy(device.szDeviceName, RAS_MaxDeviceName + 1, from.device->name);
        text_copy(device.szLocalPhoneNumber, RAS_MaxPhoneNumber + 1, from.phone_number);
        if (pbk_write_device(pbk, line->entry->name, number, &device,
                             from.tail_bytes ? from.tail : NULL) != 0)
            return -1;
    }
    return pbk_cut_devices(pbk, line->entry->name, sub_entries_counted(line));
}

static int write_line(struct engine *engine, struct pbk *pbk, const WCHAR *old_name,
                      const struct line *line)
{
    struct pbk_span section;
    RASENTRYW now, before;
    RASSUBENTRYW first;
    int there = pbk_find(pbk, old_name, &section);

    if (!line)
        return there ? pbk_remove(pbk, section) : 0;
    if (there && !text_equal(old_name, line->entry->name) &&
        pbk_rename(pbk, section, line->entry->name) != 0)
        return -1;
    properties_describe(line, &now);
    if (there) {
        const struct device *device;

        if (!pbk_find(pbk, line->entry->name, &section))
            return -1;
        device = device_in(engine, pbk, section, &first);
        if (!device)
            return -1;
        properties_usual(&before, device);
        pbk_read_entry(pbk, section, &before);
    }
    if (pbk_write_entry(pbk, line->entry->name, &now, there ? &before : NULL) != 0)
        return -1;
    return write_devices(pbk, line);
}

DWORD book_file_write(struct engine *engine, const WCHAR *phonebook, const WCHAR *old_name,
                      const struct line *line)
{
    struct phonebook *book = phonebook_of(engine, phonebook);
    struct pbk pbk = {NULL, 0};
    int failed = 0;

    if (!engine->uses_files || (book && !book->is_file && !book->may_be_file))
        return ERROR_SUCCESS;
    book = phonebook_made(engine, phonebook);
    if (!book)
        return ERROR_NOT_ENOUGH_MEMORY;
    book->is_file = 1;
    NATIVE_PATH(path, book->path);
    if (os_file_stamp(path).identity)
        failed = read_pbk(path, &pbk);
    failed = failed || write_line(engine, &pbk, old_name, line) ||
             os_file_replace(path, pbk.bytes ? pbk.bytes : "", pbk.size);
    pbk_free(&pbk);
    memset(&book->stamp, 0, sizeof book->stamp);
    if (!failed)
        book->stamp = os_file_stamp(path);
    if (!failed)
        return ERROR_SUCCESS;
    phonebook_known(engine, phonebook); /* the lines are as the file again */
    return ERROR_CANNOT_WRITE_PHONEBOOK;
}
