/* SPDX-License-Identifier: MIT
 *
 * The phone books: one is there for as long as it has entries, or for ever where somebody said so, or
 * where the engine uses files for as long as its file is there.
 */
#include "core.h"

#include <stdlib.h>

struct phonebook *phonebook_of(struct engine *engine, const WCHAR *path)
{
    struct phonebook *book = engine->entries.phonebooks;

    path = phonebook_meant(engine, path);
    while (book && !text_same(book->path, path))
        book = book->next;
    return book;
}

static struct os_stamp path_stamp(const WCHAR *path)
{
    NATIVE_PATH(native, path);

    return os_file_stamp(native);
}

static int path_has_folder(const WCHAR *path)
{
    NATIVE_PATH(native, path);

    return os_file_has_folder(native);
}

static int full_path(const WCHAR *path, WCHAR full[RAS_MAX_PATH])
{
    os_path_char whole[4 * RAS_MAX_PATH];
    NATIVE_PATH(native, path);

    if (!os_full_path(native, whole, sizeof whole / sizeof *whole))
        return 0;
#ifdef _WIN32
    text_copy(full, RAS_MAX_PATH, whole);
#else
    text_from_utf8(full, RAS_MAX_PATH, whole);
#endif
    return 1;
}

/* The file is gone, and so are its entries; those that sim_add_entry has added are in memory. */
static void forget(struct engine *engine, struct phonebook *book)
{
    struct phonebook **place = &engine->entries.phonebooks;
    struct line *line, *next;
    char stays = 0;

    for (line = engine->entries.first; line; line = next) {
        next = line->next;
        if (!text_same(line->entry->phonebook, book->path))
            continue;
        if (line->added)
            stays = 1;
        else
            line_free(engine, line);
    }
    if (stays) {
        book->is_file = 0;
        book->may_be_file = 1;
        return;
    }
    while (*place != book)
        place = &(*place)->next;
    *place = book->next;
    free(book);
}

const WCHAR *phonebook_meant(struct engine *engine, const WCHAR *path)
{
    if (!text_length(path, 1))
        return engine->user_book;
    if (!engine->uses_files || path == engine->full_path)
        return path;
    return full_path(path, engine->full_path) ? engine->full_path : path;
}

/* It was read, or is read now. */
static int file_is_there(struct engine *engine, const WCHAR *path)
{
    struct phonebook *book = phonebook_of(engine, path);
    int is_new = !book;

    if (book && book->may_be_file && path_stamp(book->path).identity)
        book->is_file = 1;
    if (!engine->uses_files || (book && !book->is_file))
        return book != NULL;
    if (is_new && path_stamp(phonebook_meant(engine, path)).identity)
        book = phonebook_made(engine, path);
    if (!book)
        return 0;
    book->is_file = 1;
    if (book_file_read(engine, book) == 0)
        return 1;
    forget(engine, book);
    return 0;
}

int phonebook_known(struct engine *engine, const WCHAR *path)
{
    struct line *line;

    path = phonebook_meant(engine, path);
    if (file_is_there(engine, path) || text_equal(path, engine->user_book))
        return 1; /* the default one is always there */
    line = engine->entries.first;
    while (line && !text_same(line->entry->phonebook, path))
        line = line->next;
    return line != NULL;
}

int phonebook_possible(struct engine *engine, const WCHAR *path)
{
    return phonebook_known(engine, path) ||
           (engine->uses_files && path_has_folder(phonebook_meant(engine, path)));
}

int phonebook_for_all(struct engine *engine, const WCHAR *path)
{
    const struct phonebook *book = phonebook_of(engine, path);

    return book && book->all_users;
}

int phonebook_may_change(struct engine *engine, const WCHAR *path)
{
    return engine->administrator || !phonebook_for_all(engine, path);
}

struct phonebook *phonebook_made(struct engine *engine, const WCHAR *path)
{
    struct phonebook *book = phonebook_of(engine, path);
    size_t room;

    if (book)
        return book;
    path = phonebook_meant(engine, path);
    room = text_length(path, RAS_MAX_PATH) + 1;
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
    return phonebook_made(engine, path) ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

void phonebooks_close(struct engine *engine)
{
    struct phonebook *book;

    while ((book = engine->entries.phonebooks) != NULL) {
        engine->entries.phonebooks = book->next;
        free(book);
    }
}

static DWORD default_book(struct engine *engine, const WCHAR *path, WCHAR *place, int all_users,
                          int is_file)
{
    struct phonebook *book;

    text_copy(place, RAS_MAX_PATH, path);
    if (!place[0] || (is_file && path_stamp(place).identity))
        return ERROR_SUCCESS;
    book = phonebook_made(engine, place);
    if (book) {
        book->all_users = (char)all_users;
        book->may_be_file = (char)is_file;
    }
    return book ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

DWORD sim_use_files(struct engine *engine, const WCHAR *user_book, const WCHAR *all_users_book,
                    int files)
{
    DWORD error;

    if (!text_fits(user_book, RAS_MAX_PATH) || !text_fits(all_users_book, RAS_MAX_PATH))
        return ERROR_INVALID_PARAMETER;
    if (!engine_enter(engine))
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    os_lock(&engine->lock);
    engine->uses_files = 1;
    error = default_book(engine, user_book, engine->user_book, 0, files);
    if (!error)
        error = default_book(engine, all_users_book, engine->all_users_book, 1, files);
    os_unlock(&engine->lock);
    engine_leave(engine);
    return error;
}

DWORD sim_add_phonebook(struct engine *engine, const WCHAR *path, int all_users)
{
    struct phonebook *book;

    if (!text_fits(path, RAS_MAX_PATH))
        return ERROR_INVALID_PARAMETER;
    if (!engine_enter(engine))
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    os_lock(&engine->lock);
    book = phonebook_made(engine, path);
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
