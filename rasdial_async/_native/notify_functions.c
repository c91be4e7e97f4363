/* SPDX-License-Identifier: MIT
 *
 * The functions that RAS calls: for each dial a RasDialFunc1 and, for entries with several sub-entries, a
 * RasDialFunc2. They differ in nothing but what RAS hands them.
 */
#include <string.h>

#include "notify.h"

#define DIAL(n)                                                                                    \
    static void RAS_CALL one_##n(HRASCONN connection, UINT message, DWORD state, DWORD error,      \
                                 DWORD extended_error)                                             \
    {                                                                                              \
        notify_announce(n, 0, connection, message, state, error, extended_error);                  \
    }                                                                                              \
    static DWORD RAS_CALL several_##n(ULONG_PTR id, DWORD sub_entry, HRASCONN connection,          \
                                   UINT message, DWORD state, DWORD error, DWORD extended_error)   \
    {                                                                                              \
        (void)id;                                                                                  \
        return (DWORD)notify_announce(n, sub_entry, connection, message, state, error,             \
                                      extended_error);                                             \
    }
#define EIGHT(X, t) X(t##0) X(t##1) X(t##2) X(t##3) X(t##4) X(t##5) X(t##6) X(t##7)
#define SIXTY_FOUR(X, t)                                                                           \
    EIGHT(X, t##0) EIGHT(X, t##1) EIGHT(X, t##2) EIGHT(X, t##3) EIGHT(X, t##4) EIGHT(X, t##5)      \
    EIGHT(X, t##6) EIGHT(X, t##7)
#define EACH_DIAL(X)                                                                               \
    SIXTY_FOUR(X, 00) SIXTY_FOUR(X, 01) SIXTY_FOUR(X, 02) SIXTY_FOUR(X, 03) SIXTY_FOUR(X, 04)      \
    SIXTY_FOUR(X, 05) SIXTY_FOUR(X, 06) SIXTY_FOUR(X, 07) /* octal: 0000 to 0777, 0 to 511 */

EACH_DIAL(DIAL)

static const struct {
    RASDIALFUNC1 one;
    RASDIALFUNC2 several;
} functions[NOTIFY_DIALS] = {
#define FUNCTIONS(n) {one_##n, several_##n},
    EACH_DIAL(FUNCTIONS)};

void *notify_function(uint64_t dial, int several)
{
    void *address;

    /* ISO C has no cast from a function pointer to void *. */
    if (several)
        memcpy(&address, &functions[dial % NOTIFY_DIALS].several, sizeof address);
    else
        memcpy(&address, &functions[dial % NOTIFY_DIALS].one, sizeof address);
    return address;
}
