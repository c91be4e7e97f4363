/* SPDX-License-Identifier: MIT
 *
 * What a section of a phonebook file and a RASENTRY say of each other: [MS-RRASM] 2.2.2 as far as
 * RASENTRY has the same.
 */
#ifndef RASDIAL_ASYNC_PBK_ENTRY_H
#define RASDIAL_ASYNC_PBK_ENTRY_H

#include "pbk.h"

/* Changes what the section says; the rest of `entry` stays. */
void pbk_read_entry(const struct pbk *pbk, struct pbk_span section, RASENTRYW *entry);
/* A device, from 1: its type, name and number; 0 = it has neither type nor name. */
int pbk_read_device(const struct pbk *pbk, struct pbk_span section, DWORD number,
                    RASSUBENTRYW *device);
/* The numbers behind the first one, as a list of strings; bytes, 0 = there are none. */
DWORD pbk_read_alternates(const struct pbk *pbk, struct pbk_span section, DWORD number, BYTE *list,
                          size_t room);

/* 0, or -1 without memory; then some lines may have changed. */
/* The lines that say something else than `before`; without it, a new section. Devices not included. */
int pbk_write_entry(struct pbk *pbk, const WCHAR *name, const RASENTRYW *entry,
                    const RASENTRYW *before);
int pbk_write_device(struct pbk *pbk, const WCHAR *name, DWORD number, const RASSUBENTRYW *device,
                     const BYTE *alternates);
int pbk_cut_devices(struct pbk *pbk, const WCHAR *name, DWORD left);

#endif
