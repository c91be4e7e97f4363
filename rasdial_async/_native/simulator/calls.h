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

DWORD ras_get_sub_entry_handle(struct sim *engine, HRASCONN connection, DWORD number,
                               HRASCONN *link);
DWORD ras_get_sub_entry_properties(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                                   DWORD number, RASSUBENTRYW *sub_entry, DWORD *bytes,
                                   BYTE *reserved, DWORD *reserved_bytes);
DWORD ras_set_sub_entry_properties(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                                   DWORD number, RASSUBENTRYW *sub_entry, DWORD bytes,
                                   BYTE *reserved, DWORD reserved_bytes);
DWORD ras_delete_sub_entry(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                           DWORD number);

/* Names that a caller handed over can be read to their end. */
int names_fit(const WCHAR *phonebook, const WCHAR *name);
/* The bytes of a list of strings that lies behind a structure; 87 = it is none. */
DWORD alternates_size(const void *structure, DWORD size, DWORD offset, DWORD bytes, DWORD *tail);
int dial_params_known(DWORD size);

DWORD ras_validate_entry_name(struct sim *engine, const WCHAR *phonebook, const WCHAR *name);
DWORD ras_rename_entry(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                       const WCHAR *new_name);
DWORD ras_delete_entry(struct sim *engine, const WCHAR *phonebook, const WCHAR *name);

DWORD ras_get_credentials(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                          RASCREDENTIALSW *credentials);
DWORD ras_set_credentials(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                          RASCREDENTIALSW *credentials, BOOL clear);
DWORD ras_get_entry_dial_params(struct sim *engine, const WCHAR *phonebook, RASDIALPARAMSW *params,
                                BOOL *password);
DWORD ras_set_entry_dial_params(struct sim *engine, const WCHAR *phonebook, RASDIALPARAMSW *params,
                                BOOL remove_password);

DWORD ras_get_entry_properties(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                               RASENTRYW *entry, DWORD *bytes, BYTE *reserved,
                               DWORD *reserved_bytes);
DWORD ras_set_entry_properties(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                               RASENTRYW *entry, DWORD bytes, BYTE *reserved,
                               DWORD reserved_bytes);

#endif
