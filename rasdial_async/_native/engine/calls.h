/* SPDX-License-Identifier: MIT
 *
 * The RAS functions that stand in the file of their subject, with the engine in place of the "Ras":
 * what they are handed is checked first, then they take the lock themselves.
 */
#ifndef RASDIAL_ASYNC_ENGINE_CALLS_H
#define RASDIAL_ASYNC_ENGINE_CALLS_H

#include "core.h"

DWORD ras_enum_devices(struct engine *engine, RASDEVINFOW *list, DWORD *bytes, DWORD *count);

DWORD ras_get_connection_statistics(struct engine *engine, HRASCONN connection, RAS_STATS *statistics);
DWORD ras_get_link_statistics(struct engine *engine, HRASCONN connection, DWORD link,
                              RAS_STATS *statistics);
DWORD ras_clear_connection_statistics(struct engine *engine, HRASCONN connection);
DWORD ras_clear_link_statistics(struct engine *engine, HRASCONN connection, DWORD link);

DWORD ras_get_projection_info(struct engine *engine, HRASCONN connection, DWORD protocol, void *info,
                              DWORD *bytes);
DWORD ras_get_projection_info_ex(struct engine *engine, HRASCONN connection,
                                 RAS_PROJECTION_INFO *info, DWORD *bytes);

DWORD ras_connection_notification(struct engine *engine, HRASCONN connection, HANDLE event,
                                  DWORD flags);

DWORD ras_get_sub_entry_handle(struct engine *engine, HRASCONN connection, DWORD number,
                               HRASCONN *link);
DWORD ras_get_sub_entry_properties(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                                   DWORD number, RASSUBENTRYW *sub_entry, DWORD *bytes,
                                   BYTE *reserved, DWORD *reserved_bytes);
DWORD ras_set_sub_entry_properties(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                                   DWORD number, RASSUBENTRYW *sub_entry, DWORD bytes,
                                   BYTE *reserved, DWORD reserved_bytes);
DWORD ras_delete_sub_entry(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                           DWORD number);

DWORD ras_invoke_eap_ui(struct engine *engine, HRASCONN connection, DWORD number,
                        RASDIALEXTENSIONS *extensions, HWND window);
DWORD ras_get_eap_user_identity(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                                DWORD flags, HWND window, RASEAPUSERIDENTITYW **identity);
void RAS_CALL ras_free_eap_user_identity(RASEAPUSERIDENTITYW *identity); /* of any engine */
DWORD ras_get_eap_user_data(struct engine *engine, HANDLE token, const WCHAR *phonebook,
                            const WCHAR *name, BYTE *data, DWORD *bytes);
DWORD ras_set_eap_user_data(struct engine *engine, HANDLE token, const WCHAR *phonebook,
                            const WCHAR *name, BYTE *data, DWORD bytes);
DWORD ras_get_custom_auth_data(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                               BYTE *data, DWORD *bytes);
DWORD ras_set_custom_auth_data(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                               BYTE *data, DWORD bytes);

DWORD ras_get_country_info(struct engine *engine, RASCTRYINFO *info, DWORD *bytes);

DWORD ras_get_autodial_address(struct engine *engine, const WCHAR *address, DWORD *reserved,
                               RASAUTODIALENTRYW *list, DWORD *bytes, DWORD *count);
DWORD ras_set_autodial_address(struct engine *engine, const WCHAR *address, DWORD reserved,
                               RASAUTODIALENTRYW *list, DWORD bytes, DWORD count);
DWORD ras_enum_autodial_addresses(struct engine *engine, WCHAR **addresses, DWORD *bytes,
                                  DWORD *count);
DWORD ras_get_autodial_enable(struct engine *engine, DWORD location, BOOL *enabled);
DWORD ras_set_autodial_enable(struct engine *engine, DWORD location, BOOL enabled);
DWORD ras_get_autodial_param(struct engine *engine, DWORD key, void *value, DWORD *bytes);
DWORD ras_set_autodial_param(struct engine *engine, DWORD key, void *value, DWORD bytes);

DWORD ras_update_connection(struct engine *engine, HRASCONN connection, RASUPDATECONN *update);

/* Names that a caller handed over can be read to their end. */
int names_fit(const WCHAR *phonebook, const WCHAR *name);
/* The bytes of a list of strings that lies behind a structure; 87 = it is none. */
DWORD alternates_size(const void *structure, DWORD size, DWORD offset, DWORD bytes, DWORD *tail);
int dial_params_known(DWORD size);
int dial_extensions_known(DWORD size);

DWORD ras_validate_entry_name(struct engine *engine, const WCHAR *phonebook, const WCHAR *name);
DWORD ras_rename_entry(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                       const WCHAR *new_name);
DWORD ras_delete_entry(struct engine *engine, const WCHAR *phonebook, const WCHAR *name);

DWORD ras_get_credentials(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                          RASCREDENTIALSW *credentials);
DWORD ras_set_credentials(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                          RASCREDENTIALSW *credentials, BOOL clear);
DWORD ras_get_entry_dial_params(struct engine *engine, const WCHAR *phonebook, RASDIALPARAMSW *params,
                                BOOL *password);
DWORD ras_set_entry_dial_params(struct engine *engine, const WCHAR *phonebook, RASDIALPARAMSW *params,
                                BOOL remove_password);

DWORD ras_get_entry_properties(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                               RASENTRYW *entry, DWORD *bytes, BYTE *reserved,
                               DWORD *reserved_bytes);
DWORD ras_set_entry_properties(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                               RASENTRYW *entry, DWORD bytes, BYTE *reserved,
                               DWORD reserved_bytes);

#endif
