/* SPDX-License-Identifier: MIT
 *
 * Why a chat failed that does not say so itself: its exit status counts the ABORT words of its script, which
 * stand in the command that pppd logs, or in the file that this command names. It runs in no shell, so
 * only words and quotes are read.
 */
#define _GNU_SOURCE

#include "log_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef _WIN32
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

#define LONGEST_SCRIPT 4096
#define LONGEST_WORD 128

enum { TIMED_OUT = 3, FIRST_ABORT = 4 }; /* exit statuses of chat */

/* The next word as a shell and chat read it: 1, or 0 at the end. A longer one is cut. */
static int next_word(const char **at, char word[LONGEST_WORD])
{
    size_t length = 0;
    char quote = 0;

    *at += strspn(*at, " \t\r\n");
    if (!**at)
        return 0;
    for (; **at && (quote || !strchr(" \t\r\n", **at)); (*at)++) {
        if (quote ? **at == quote : **at == '"' || **at == '\'')
            quote = quote ? 0 : **at;
        else if (length < LONGEST_WORD - 1)
            word[length++] = **at;
    }
    word[length] = 0;
    return 1;
}

static int is_chat(const char *word)
{
    const char *name = strrchr(word, '/');

    return strcmp(name ? name + 1 : word, "chat") == 0;
}

/* The ABORT word of that number, from 0. A CLR_ABORT changes the numbers, so that none is known. */
static int abort_word(const char *script, int number, char word[LONGEST_WORD])
{
    const char *at = script;

    if (strstr(script, "CLR_ABORT"))
        return 0;
    while (next_word(&at, word))
        if (strcmp(word, "ABORT") == 0 && next_word(&at, word) && number-- == 0)
            return 1;
    return 0;
}

static void read_script(const char *path, char script[LONGEST_SCRIPT])
{
    long length = -1;

    script[0] = 0;
#ifndef _WIN32
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (file < 0)
        return;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode))
        length = (long)read(file, script, LONGEST_SCRIPT - 1);
    close(file);
#else
    (void)path;
#endif
    script[length > 0 ? length : 0] = 0;
}

/* What follows the word "chat" in the command; null = it runs something else. */
static const char *arguments_of_chat(const char *command)
{
    char word[LONGEST_WORD];

    while (next_word(&command, word))
        if (is_chat(word))
            return command;
    return NULL;
}

/* The script is what stands behind the options, or in the file of the option -f. */
static void script_of(const char *arguments, char script[LONGEST_SCRIPT])
{
    const char *at = arguments;
    char word[LONGEST_WORD];

    snprintf(script, LONGEST_SCRIPT, "%s", arguments);
    while (next_word(&at, word) && word[0] == '-')
        if (strcmp(word, "-f") == 0 && next_word(&at, word)) {
            read_script(word, script);
            return;
        }
}

struct log_news chat_read(const char *line)
{
    static const char start[] = "Script ", end[] = " finished (pid ", status_is[] = "status = 0x";
    const char *finished = strstr(line, end), *arguments;
    const char *place = finished ? strstr(finished, status_is) : NULL;
    long status = place ? strtol(place + sizeof status_is - 1, NULL, 16) : 0;
    char command[LONGEST_SCRIPT], script[LONGEST_SCRIPT], word[LONGEST_WORD];
    char said[LONGEST_WORD + sizeof "Failed ()"];

    if (strncmp(line, start, sizeof start - 1) != 0 || !finished || status < TIMED_OUT)
        return log_read("");
    line += sizeof start - 1;
    snprintf(command, sizeof command, "%.*s", (int)(finished - line), line);
    arguments = arguments_of_chat(command);
    if (!arguments)
        return log_read("");
    if (status == TIMED_OUT)
        return log_read("Failed");
    script_of(arguments, script);
    if (!abort_word(script, (int)status - FIRST_ABORT, word))
        return log_read("");
    snprintf(said, sizeof said, "Failed (%s)", word);
    return log_read(said);
}
