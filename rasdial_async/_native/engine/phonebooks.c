/* SPDX-License-Identifier: MIT
 *
 * The phone books: one is there for as long as it has entries, or for ever where somebody said so.
 */
#include "core.h"

#include <stdlib.h>

static struct phonebook *find(struct engine *engine, const WCHAR *path)
{
    struct phonebook *book = engine->entries.phonebooks;

    while (book && !text_same(book->path, path))
        book = book->next;
    return book;
}

int phonebook_known(struct engine *engine, const WCHAR *path)
{
    struct line *line = engine->entries.first;

    if (!text_length(path, 1) || find(engine, path)) /* the default one is always there */
        return 1;
    while (line && !text_same(line->entry->phonebook, path))
        line = line->next;
    return line != NULL;
}

int phonebook_for_all(struct engine *engine, const WCHAR *path)
{
    const struct phonebook *book = find(engine, path);

    return book && book->all_users;
}

int phonebook_may_change(struct engine *engine, const WCHAR *path)
{
    return engine->administrator || !phonebook_for_all(engine, path);
}

static struct phonebook *keep(struct engine *engine, const WCHAR *path)
{
    struct phonebook *book = find(engine, path);
    size_t room = text_length(path, RAS_MAX_PATH) + 1;

    if (book)
        return book;
    book = calloc(1, sizeof *book + room * sizeof(WCHAR));
    if (book) {
        text_copy(book->path, room, path);
        book->next = engine->entries.phonebooks;
        engine->entries.phonebooks = book;
    }
    return book;
}

DWORD phonebook_keep(struct engine *engine, const WCHAR *path)
{
    return keep(engine, path) ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

void phonebooks_close(struct engine *engine)
{
    struct phonebook *book;

    while ((book = engine->entries.phonebooks) != NULL) {
        engine->entries.phonebooks = book->next;
        free(book);
    }
}

DWORD sim_add_phonebook(struct engine *engine, const WCHAR *path, int all_users)
{
    struct phonebook *book;

    if (!text_fits(path, RAS_MAX_PATH))
        return ERROR_INVALID_PARAMETER;
    if (!engine_enter(engine))
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    os_lock(&engine->lock);
    book = keep(engine, path);
    if (book)
        book->all_users = (char)(all_users != 0);
    os_unlock(&engine->lock);
    engine_leave(engine);
    return book ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

void sim_set_administrator(struct engine *engine, int administrator)
{
    if (!engine_enter(engine))
        return;
    os_lock(&engine->lock);
    engine->administrator = administrator;
    os_unlock(&engine->lock);
    engine_leave(engine);
}
