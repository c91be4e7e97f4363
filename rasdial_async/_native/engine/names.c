/* SPDX-License-Identifier: MIT
 *
 * The names of entries: checked, changed, deleted.
 */
#include "calls.h"
#include "carrier.h"

int names_fit(const WCHAR *phonebook, const WCHAR *name)
{
    return name && text_fits(name, RAS_MaxEntryName + 1) && text_fits(phonebook, RAS_MAX_PATH);
}

static int forbidden(WCHAR c)
{
    const char *all = "|><?*\\/:\"";

    while (*all && (unsigned char)*all != c)
        all++;
    return *all || c < ' ';
}

/* Half of a surrogate pair. */
static int lone(const WCHAR *at, const WCHAR *start)
{
    int first = *at >= 0xD800 && *at < 0xDC00, second = *at >= 0xDC00 && *at < 0xE000;

    return (first && (at[1] < 0xDC00 || at[1] >= 0xE000)) ||
           (second && (at == start || at[-1] < 0xD800 || at[-1] >= 0xDC00));
}

int name_valid(const WCHAR *name)
{
    const WCHAR *start = name;
    int readable = 0;

    if (!name[0] || name[0] == '.' || !text_fits(name, RAS_MaxEntryName + 1))
        return 0;
    for (; *name; name++) {
        WCHAR letter = *name | 0x20;

        if (forbidden(*name) || lone(name, start))
            return 0;
        readable |= (letter >= 'a' && letter <= 'z') || (*name >= '0' && *name <= '9') ||
                    *name >= 0x80;
    }
    return readable;
}

static DWORD validate(struct engine *engine, const WCHAR *phonebook, const WCHAR *name)
{
    engine_look(engine, LOOK_ENTRIES);
    if (!phonebook_possible(engine, phonebook))
        return ERROR_CANNOT_OPEN_PHONEBOOK;
    return entry_find(engine, phonebook, name) ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS;
}

DWORD ras_validate_entry_name(struct engine *engine, const WCHAR *phonebook, const WCHAR *name)
{
    DWORD error;

    if (!name || !text_fits(phonebook, RAS_MAX_PATH))
        return ERROR_INVALID_PARAMETER;
    if (!name_valid(name))
        return ERROR_INVALID_NAME;
    os_lock(&engine->lock);
    error = validate(engine, phonebook, name);
    os_unlock(&engine->lock);
    return error;
}

static DWORD rename_entry(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                          const WCHAR *new_name)
{
    struct sim_entry texts;
    struct entry *entry, *old;
    struct line *line, *other;
    DWORD error = entry_find_named(engine, phonebook, name, &line);

    if (error)
        return error;
    if (!phonebook_may_change(engine, line->entry->phonebook))
        return ERROR_ACCESS_DENIED;
    other = entry_find(engine, line->entry->phonebook, new_name);
    if (other && other != line)
        return ERROR_ALREADY_EXISTS;
    error = login_load(engine, line);
    if (error)
        return error;
    texts = entry_texts(line->entry);
    texts.name = new_name;
    entry = entry_changed(line->entry, line->entry->device, &texts);
    if (!entry)
        return ERROR_NOT_ENOUGH_MEMORY;
    old = line->entry;
    old->references++;
    line_rename(engine, line, entry);
    error = book_file_write(engine, entry->phonebook, old->name, line);
    if (!error && line->stored)
        error = login_save(engine, entry, line->stored);
    if (!error && line->stored)
        error = login_save(engine, old, NULL);
    entry_release(old);
    return error;
}

DWORD ras_rename_entry(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                       const WCHAR *new_name)
{
    DWORD error;

    if (!names_fit(phonebook, name) || !new_name)
        return ERROR_INVALID_PARAMETER;
    if (!name_valid(new_name))
        return ERROR_INVALID_NAME;
    os_lock(&engine->lock);
    error = rename_entry(engine, phonebook, name, new_name);
    os_unlock(&engine->lock);
    return error;
}

static DWORD delete_entry(struct engine *engine, const WCHAR *phonebook, const WCHAR *name)
{
    struct line *line;
    DWORD error = entry_find_named(engine, phonebook, name, &line);

    if (error) /* RAS has this code for it, unlike anywhere else */
        return error == ERROR_CANNOT_FIND_PHONEBOOK_ENTRY ? ERROR_INVALID_NAME : error;
    if (!phonebook_may_change(engine, line->entry->phonebook))
        return ERROR_ACCESS_DENIED;
    if (line->current)
        return ERROR_CANNOT_DELETE;
    error = phonebook_keep(engine, line->entry->phonebook); /* an empty file is still a file */
    if (error)
        return error;
    error = login_save(engine, line->entry, NULL);
    if (!error)
        error = book_file_write(engine, line->entry->phonebook, line->entry->name, NULL);
    if (!error)
        line_free(engine, line);
    return error;
}

DWORD ras_delete_entry(struct engine *engine, const WCHAR *phonebook, const WCHAR *name)
{
    DWORD error;

    if (!names_fit(phonebook, name))
        return ERROR_INVALID_PARAMETER;
    os_lock(&engine->lock);
    error = delete_entry(engine, phonebook, name);
    os_unlock(&engine->lock);
    return error;
}
