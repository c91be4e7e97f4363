/* SPDX-License-Identifier: MIT
 *
 * Reads a log of pppd from stdin and writes what the table says of each line it knows:
 * fact, state, error, error of a link that is up, number, text; a tab between them.
 */
#include "../../rasdial_async/_native/engine/pppd/log_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **arguments)
{
    char line[8192];

    if (count == 2) { /* an exit status */
        printf("%u\n", (unsigned)log_exit_error(atoi(arguments[1])));
        return 0;
    }
    while (fgets(line, sizeof line, stdin)) {
        struct log_news news;

        line[strcspn(line, "\r\n")] = 0;
        news = log_read(line);
        if (news.fact == LOG_SCRIPT)
            news = chat_read(line);
        if (news.fact != LOG_UNKNOWN)
            printf("%d\t%u\t%u\t%u\t%u\t%s\n", news.fact, (unsigned)news.state,
                   (unsigned)news.error, (unsigned)news.error_up, (unsigned)news.number, news.text);
    }
    return 0;
}
