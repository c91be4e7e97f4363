/* SPDX-License-Identifier: MIT
 *
 * The engine as a library of its own: rasapi32.dll for Windows, librasapi32.so elsewhere. Any
 * program that calls RAS dials simulated lines with it. tools/build_engine.py makes it.
 */
#ifndef RASDIAL_ASYNC_ENGINE_STANDALONE_H
#define RASDIAL_ASYNC_ENGINE_STANDALONE_H

#include "../engine.h"

/* The library's engine, for all sim_… functions: they are exported too. That a rasapi32.dll exports
 * this name tells that it is this library and neither Windows' nor Wine's. Null without memory.
 *
 * It is opened when first used. Its lines are those of the phonebook file that the environment
 * variable RASDIAL_SIMULATOR_PHONEBOOK names, in the default phonebook; they accept any credentials.
 * Without the variable there are none. */
struct engine *sim_standalone(void);

/* The RAS functions under their own names: api.c, and exports.c where they need a desktop. ansi.c has
 * those that end in A. */
#define RAS_EXPORTED(name, parameters) DWORD RAS_CALL name parameters;
RAS_FUNCTIONS(RAS_EXPORTED)
#undef RAS_EXPORTED
void RAS_CALL RasFreeEapUserIdentityW(RASEAPUSERIDENTITYW *identity);

/* phonebook.c: the entries of a .pbk file: name, first device, its type and number; nothing else of
 * it. Bytes that are not UTF-8 are read as Latin-1. 0, 621 where it can't be read, or 8. */
DWORD standalone_load(struct engine *engine, const WCHAR *path);

#endif
