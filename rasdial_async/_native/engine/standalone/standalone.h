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
 * It is opened when first used. The path of a phonebook is that of a file. The default one is the file
 * that the environment variable RASDIAL_SIMULATOR_PHONEBOOK names: it is read, and changed like any
 * other. Without the variable the default ones, the user's and that of all users, are empty, have the
 * paths that Windows gives them, and stay in memory: a simulator does not touch real phonebooks that
 * nobody has named. Entries of files accept any credentials.
 *
 * The environment variable RASDIAL_SIMULATOR_SCRIPT names a scenario file, else rasapi32.toml beside the
 * library is one: sim_load_scenario. With a scenario that is wrong nothing starts: this is null then, every RAS
 * function returns 711, and stderr says what is wrong. */
struct engine *sim_standalone(void);
/* Why the scenario keeps the library from starting, in UTF-8; "" = it does not. */
const char *sim_standalone_problem(void);
/* Nonzero: the environment variable RASDIAL_ENGINE is "pppd", and the engine is that of pppd/open.h: its
 * dials make real links, and its default phonebook is /etc/ppp/peers. Where there is no pppd, RasDial
 * returns 711; without PPP in the kernel, 633. */
int sim_makes_links(void);

/* The RAS functions under their own names: api.c, and exports.c where they need a desktop. The files
 * ansi*.c have those that end in A. */
#define RAS_EXPORTED(name, parameters) DWORD RAS_CALL name parameters;
RAS_FUNCTIONS(RAS_EXPORTED)
#undef RAS_EXPORTED
void RAS_CALL RasFreeEapUserIdentityW(RASEAPUSERIDENTITYW *identity);

#endif
