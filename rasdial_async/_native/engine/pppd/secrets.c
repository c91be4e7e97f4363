/* SPDX-License-Identifier: MIT
 *
 * Stored logins outlive the program, in a file that its owner alone may read. It has the form of pppd's
 * own secrets, a line for each entry: the login, the entry, the password. This engine alone reads the
 * file, and hands the password to pppd like one that was given with the dial.
 */
#ifdef __linux__
#define _GNU_SOURCE

#include "pppd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../os/files.h"

#define LOGIN (RASCM_UserName | RASCM_Password | RASCM_Domain)
#define LARGEST (1024 * 1024)
#define WORD_BYTES 2048 /* a login, an entry or a password in UTF-8 */

static const char header[] = "# Logins kept by rasdial_async, as pppd writes secrets: login, entry, password.\n";
static const char nobody[] = "*"; /* a password without a user name */

struct place {
    char folder[PATH_MAX];
    char file[PATH_MAX];
};

/* The line of an entry: where it stands, and its words. */
struct login {
    const char *start;
    const char *end; /* behind the end of the line */
    char name[WORD_BYTES];
    char password[WORD_BYTES];
};

static int find_place(struct place *place)
{
    const char *config = secure_getenv("XDG_CONFIG_HOME");
    const char *home = secure_getenv("HOME");
    char folder[PATH_MAX - 64];
    int length;

    if (config && config[0] == '/')
        length = snprintf(folder, sizeof folder, "%s", config);
    else if (home && home[0] == '/')
        length = snprintf(folder, sizeof folder, "%s/.config", home);
    else if (geteuid() == 0) /* systemd gives its services no HOME */
        length = snprintf(folder, sizeof folder, "/root/.config");
    else
        return -1;
    if (length < 0 || (size_t)length >= sizeof folder)
        return -1;
    snprintf(place->folder, sizeof place->folder, "%s/rasdial-async", folder);
    snprintf(place->file, sizeof place->file, "%s/rasdial-async/ppp-secrets", folder);
    return 0;
}

static int make_folder(const char *folder)
{
    char above[PATH_MAX];

    snprintf(above, sizeof above, "%s", folder);
    *strrchr(above, '/') = 0;
    if (above[0] && mkdir(above, 0700) != 0 && errno == ENOENT && make_folder(above) != 0)
        return -1;
    return mkdir(folder, 0700) == 0 || errno == EEXIST ? 0 : -1;
}

static void key_of(const struct engine *engine, const struct entry *entry, char key[WORD_BYTES])
{
    if (is_peer(engine, entry))
        text_to_utf8(key, WORD_BYTES, entry->name);
    else
        link_name(entry, key);
}

/* ---- the words of a line */

static char escaped(const char **at, const char *end)
{
    const char *c = *at;
    int digits = 0, value = 0;

    while (digits < 3 && c + digits < end && c[digits] >= '0' && c[digits] <= '7')
        value = value * 8 + (c[digits++] - '0');
    *at = c + (digits ? digits : 1);
    if (digits)
        return (char)value;
    return *c == 'n' ? '\n' : *c == 't' ? '\t' : *c == 'r' ? '\r' : *c == 's' ? ' ' : *c;
}

/* 1 with a word, else 0: the line has no more, or the word is too long. */
static int next_word(const char **at, const char *end, char word[WORD_BYTES])
{
    size_t length = 0;
    char quote = 0;

    while (*at < end && (**at == ' ' || **at == '\t'))
        (*at)++;
    if (*at == end || **at == '#')
        return 0;
    if (**at == '"' || **at == '\'')
        quote = *(*at)++;
    while (*at < end && (quote ? **at != quote : **at != ' ' && **at != '\t')) {
        char c = *(*at)++;

        if (c == '\\' && *at < end)
            c = escaped(at, end);
        if (length == WORD_BYTES - 1)
            return 0;
        word[length++] = c;
    }
    if (quote && *at < end)
        (*at)++;
    word[length] = 0;
    return 1;
}

static int read_line(const char *start, const char *end, const char *key, struct login *login)
{
    char entry[WORD_BYTES];
    const char *at = start;

    return next_word(&at, end, login->name) && next_word(&at, end, entry) &&
           strcmp(entry, key) == 0 && next_word(&at, end, login->password);
}

static int find_login(const char *bytes, size_t size, const char *key, struct login *login)
{
    const char *start = bytes, *end = bytes + size;

    while (start < end) {
        const char *newline = memchr(start, '\n', (size_t)(end - start));
        const char *line_end = newline ? newline : end;

        if (read_line(start, line_end, key, login)) {
            login->start = start;
            login->end = newline ? newline + 1 : end;
            return 1;
        }
        start = line_end + 1;
    }
    return 0;
}

/* ---- the file */

static void free_secret(char **bytes, size_t size)
{
    if (*bytes)
        wipe(*bytes, size);
    free(*bytes);
    *bytes = NULL;
}

/* Nobody else may have read it, or written it. */
static int is_private(const struct stat *status)
{
    return S_ISREG(status->st_mode) && (status->st_mode & 077) == 0 &&
           (status->st_uid == geteuid() || geteuid() == 0);
}

/* 0 with the bytes, which have to be wiped; no file is an empty one. Else the error of RAS. */
static DWORD read_secrets(const struct place *place, char **bytes, size_t *size)
{
    int file = open(place->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    DWORD error = ERROR_SUCCESS;
    struct stat status = {.st_size = 0};

    *bytes = NULL;
    *size = 0;
    if (file < 0)
        return errno == ENOENT || errno == ENOTDIR ? ERROR_SUCCESS : ERROR_CANNOT_OPEN_PHONEBOOK;
    if (fstat(file, &status) != 0 || !is_private(&status) || status.st_size > LARGEST)
        error = ERROR_CANNOT_OPEN_PHONEBOOK;
    else if (!(*bytes = malloc((size_t)status.st_size + 1)))
        error = ERROR_NOT_ENOUGH_MEMORY;
    else if (read(file, *bytes, (size_t)status.st_size) != status.st_size)
        error = ERROR_CANNOT_OPEN_PHONEBOOK;
    else
        *size = (size_t)status.st_size;
    close(file);
    if (error)
        free_secret(bytes, (size_t)status.st_size);
    return error;
}

static char *put_bytes(char *to, const char *from, size_t count)
{
    memcpy(to, from, count);
    return to + count;
}

static char *put_word(char *to, const char *word, char behind)
{
    *to++ = '"';
    for (; *word; word++)
        to += quote_byte((unsigned char)*word, to);
    *to++ = '"';
    *to++ = behind;
    return to;
}

/* The file with other words for one entry, or without it where `login` has none. */
static DWORD write_secrets(const struct place *place, const char *key, const struct login *login)
{
    const size_t line_room = 3 * (4 * WORD_BYTES + 3);
    struct login old = {.start = NULL};
    char *bytes, *made, *end;
    size_t size, room;
    DWORD error = read_secrets(place, &bytes, &size);

    if (error)
        return error;
    room = size + sizeof header + 1 + line_room;
    made = end = malloc(room);
    if (!made) {
        free_secret(&bytes, size);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    if (!size)
        end = put_bytes(end, header, sizeof header - 1);
    else if (!find_login(bytes, size, key, &old))
        end = put_bytes(end, bytes, size);
    else
        end = put_bytes(put_bytes(end, bytes, (size_t)(old.start - bytes)), old.end,
                        (size_t)(bytes + size - old.end));
    if (login) {
        if (end > made && end[-1] != '\n')
            *end++ = '\n';
        end = put_word(put_word(put_word(end, login->name, ' '), key, ' '), login->password, '\n');
    }
    if (end == made + sizeof header - 1 && memcmp(made, header, sizeof header - 1) == 0)
        error = unlink(place->file) == 0 || errno == ENOENT ? 0 : ERROR_CANNOT_WRITE_PHONEBOOK;
    else if (os_file_replace(place->file, made, (size_t)(end - made)) != 0)
        error = ERROR_CANNOT_WRITE_PHONEBOOK;
    wipe(&old, sizeof old);
    free_secret(&bytes, size);
    free_secret(&made, room);
    return error;
}

/* ---- what the core asks for */

static void keep_words(struct stored *stored, const struct login *login)
{
    const char *behind = strchr(login->name, '\\');
    char domain[WORD_BYTES];

    snprintf(domain, sizeof domain, "%.*s", behind ? (int)(behind - login->name) : 0, login->name);
    text_from_utf8(stored->domain, RAS_DNLEN + 1, domain);
    text_from_utf8(stored->user_name, RAS_UNLEN + 1,
                   strcmp(login->name, nobody) == 0 ? "" : behind ? behind + 1 : login->name);
    text_from_utf8(stored->password, RAS_PWLEN + 1, login->password);
    stored->mask |= (stored->user_name[0] ? RASCM_UserName | RASCM_Domain : 0) |
                    (stored->password[0] ? RASCM_Password : 0);
}

DWORD secrets_load(struct engine *engine, struct line *line)
{
    struct login login;
    char key[WORD_BYTES], *bytes;
    struct place place;
    size_t size;
    DWORD error;
    int found;

    if (find_place(&place) != 0)
        return ERROR_SUCCESS;
    error = read_secrets(&place, &bytes, &size);
    if (error)
        return error;
    key_of(engine, line->entry, key);
    found = size && find_login(bytes, size, key, &login);
    free_secret(&bytes, size);
    if (line->stored) {
        wipe(line->stored->password, sizeof line->stored->password);
        line->stored->user_name[0] = line->stored->domain[0] = 0;
        line->stored->mask &= ~(DWORD)LOGIN;
    }
    if (found && !line->stored && !(line->stored = calloc(1, sizeof *line->stored)))
        error = ERROR_NOT_ENOUGH_MEMORY;
    else if (found)
        keep_words(line->stored, &login);
    wipe(&login, sizeof login);
    return error;
}

/* DOMAIN\user. A user name with a backslash in it has one in front as well. */
static void words_of(const struct stored *stored, struct login *login)
{
    size_t length = text_to_utf8(login->name, WORD_BYTES, stored->domain) - 1;

    if (stored->domain[0] || text_contains(stored->user_name, "\\"))
        login->name[length++] = '\\';
    text_to_utf8(login->name + length, WORD_BYTES - length, stored->user_name);
    if (!login->name[0])
        memcpy(login->name, nobody, sizeof nobody);
    text_to_utf8(login->password, WORD_BYTES, stored->password);
}

DWORD secrets_save(struct engine *engine, const struct entry *entry, const struct stored *stored)
{
    int is_kept = stored && (stored->user_name[0] || stored->password[0]);
    struct place place;
    struct login login;
    char key[WORD_BYTES];
    DWORD error;
    int lock;

    if (find_place(&place) != 0 || (is_kept && make_folder(place.folder) != 0))
        return is_kept ? ERROR_CANNOT_WRITE_PHONEBOOK : ERROR_SUCCESS;
    lock = open(place.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0)
        return is_kept ? ERROR_CANNOT_WRITE_PHONEBOOK : ERROR_SUCCESS;
    while (flock(lock, LOCK_EX) != 0 && errno == EINTR)
        ;
    key_of(engine, entry, key);
    if (is_kept)
        words_of(stored, &login);
    error = write_secrets(&place, key, is_kept ? &login : NULL);
    wipe(&login, sizeof login);
    close(lock);
    return error;
}

#endif
