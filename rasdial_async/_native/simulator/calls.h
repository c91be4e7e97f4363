/* SPDX-License-Identifier: MIT
 *
 * The RAS functions that stand in the file of their subject, with the engine in place of the "Ras":
 * what they are handed is checked first, then they take the lock themselves.
 */
#ifndef SIMULATOR_CALLS_H
#define SIMULATOR_CALLS_H

#include "engine.h"

DWORD ras_enum_devices(struct sim *engine, RASDEVINFOW *list, DWORD *bytes, DWORD *count);

DWORD ras_get_connection_statistics(struct sim *engine, HRASCONN connection, RAS_STATS *statistics);
DWORD ras_get_link_statistics(struct sim *engine, HRASCONN connection, DWORD link,
                              RAS_STATS *statistics);
DWORD ras_clear_connection_statistics(struct sim *engine, HRASCONN connection);
DWORD ras_clear_link_statistics(struct sim *engine, HRASCONN connection, DWORD link);

DWORD ras_get_projection_info(struct sim *engine, HRASCONN connection, DWORD protocol, void *info,
                              DWORD *bytes);
DWORD ras_get_projection_info_ex(struct sim *engine, HRASCONN connection,
                                 RAS_PROJECTION_INFO *info, DWORD *bytes);

DWORD ras_connection_notification(struct sim *engine, HRASCONN connection, HANDLE event,
                                  DWORD flags);

#endif
