/* SPDX-License-Identifier: MIT
 *
 * The last lines of all pppds of an engine, for a log: the oldest ones go where nobody takes them. What a
 * script sends and how a login is answered can be a secret, or tell one, and is left out.
 */
#ifdef __linux__
#define _GNU_SOURCE

#include "pppd.h"

#include <stdio.h>
#include <string.h>

/* How much of a line may be shown. */
static size_t harmless_bytes(const char *line)
{
    static const char *const starts[] = {"send (", "Script ", "Child process "};
    static const char *const parts[] = {"[CHAP Response", "[EAP Response", "[PAP AuthReq"};
    const char *place;
    size_t i;

    if (strncmp(line, "send (AT", 8) == 0) /* a modem's command */
        return strlen(line);
    for (i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(line, starts[i], strlen(starts[i])) == 0)
            return strlen(starts[i]);
    for (i = 0; i < sizeof parts / sizeof *parts; i++)
        if ((place = strstr(line, parts[i])) != NULL)
            return (size_t)(place - line) + strlen(parts[i]);
    return strlen(line);
}

static void drop_oldest(struct journal *journal)
{
    const char *end = memchr(journal->text, '\n', journal->bytes);
    size_t first = end ? (size_t)(end - journal->text) + 1 : journal->bytes;

    journal->bytes -= first;
    memmove(journal->text, journal->text + first, journal->bytes);
}

void journal_add(struct journal *journal, pid_t pid, const char *line)
{
    size_t harmless = harmless_bytes(line);
    char text[LONGEST_LINE + 64];
    size_t bytes;

    snprintf(text, sizeof text, "pppd[%d]: %.*s%s\n", (int)pid, (int)harmless, line,
             line[harmless] ? "..." : "");
    bytes = strlen(text);
    while (bytes > sizeof journal->text - journal->bytes)
        drop_oldest(journal);
    memcpy(journal->text + journal->bytes, text, bytes);
    journal->bytes += bytes;
}

size_t pppd_take_lines(struct engine *engine, char *lines, size_t room)
{
    struct journal *journal;
    size_t taken = 0;

    if (!engine_enter(engine))
        return 0;
    os_lock(&engine->lock);
    journal = &pppd_of(engine)->journal;
    if (journal->bytes <= room) {
        taken = journal->bytes;
        memcpy(lines, journal->text, taken);
        journal->bytes = 0;
    }
    os_unlock(&engine->lock);
    engine_leave(engine);
    return taken;
}

#endif
