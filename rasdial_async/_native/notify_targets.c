/* SPDX-License-Identifier: MIT
 *
 * The functions that RAS calls: for each target a RasDialFunc1 and, for entries with several links, a
 * RasDialFunc2, each with a twin that holds errors. They differ in nothing but what RAS hands them.
 */
#include <string.h>

#include "notify.h"

#define TARGET(n)                                                                                  \
    static void RAS_CALL one_##n(HRASCONN connection, UINT message, DWORD state, DWORD error,      \
                                 DWORD extended_error)                                             \
    {                                                                                              \
        notify_announce(n, 0, 0, connection, message, state, error, extended_error);               \
    }                                                                                              \
    static void RAS_CALL one_held_##n(HRASCONN connection, UINT message, DWORD state, DWORD error, \
                                      DWORD extended_error)                                        \
    {                                                                                              \
        notify_announce(n, 1, 0, connection, message, state, error, extended_error);               \
    }                                                                                              \
    static DWORD RAS_CALL link_##n(ULONG_PTR id, DWORD sub_entry, HRASCONN connection,             \
                                   UINT message, DWORD state, DWORD error, DWORD extended_error)   \
    {                                                                                              \
        (void)id;                                                                                  \
        return (DWORD)notify_announce(n, 0, sub_entry, connection, message, state, error,          \
                                      extended_error);                                             \
    }                                                                                              \
    static DWORD RAS_CALL link_held_##n(ULONG_PTR id, DWORD sub_entry, HRASCONN connection,        \
                                        UINT message, DWORD state, DWORD error,                    \
                                        DWORD extended_error)                                      \
    {                                                                                              \
        (void)id;                                                                                  \
        return (DWORD)notify_announce(n, 1, sub_entry, connection, message, state, error,          \
                                      extended_error);                                             \
    }
#define EIGHT(X, t) X(t##0) X(t##1) X(t##2) X(t##3) X(t##4) X(t##5) X(t##6) X(t##7)
#define EACH_TARGET(X)                                                                             \
    EIGHT(X, 0) EIGHT(X, 01) EIGHT(X, 02) EIGHT(X, 03) EIGHT(X, 04) EIGHT(X, 05) EIGHT(X, 06)      \
    EIGHT(X, 07) /* octal: 00 to 077 are the numbers 0 to 63 */

EACH_TARGET(TARGET)

static const struct {
    RASDIALFUNC1 one[2];
    RASDIALFUNC2 link[2];
} functions[NOTIFY_TARGETS] = {
#define FUNCTIONS(n) {{one_##n, one_held_##n}, {link_##n, link_held_##n}},
    EACH_TARGET(FUNCTIONS)};

void *notify_callback(int target, int hold_errors, int links)
{
    void *address;

    /* ISO C has no cast from a function pointer to void *. */
    if (links)
        memcpy(&address, &functions[target].link[hold_errors != 0], sizeof address);
    else
        memcpy(&address, &functions[target].one[hold_errors != 0], sizeof address);
    return address;
}
