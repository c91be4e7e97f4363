/* SPDX-License-Identifier: MIT
 *
 * The properties of an entry as RASENTRY has them. A caller of an older layout changes what it
 * knows and leaves the rest as it was.
 */
#include "calls.h"

#include <stdlib.h>
#include <string.h>

static const DWORD layouts[] = {
    sizeof(RASENTRYW),
    offsetof(RASENTRYW, fDisableIKEv2Fragmentation),
    offsetof(RASENTRYW, szIDi),
    offsetof(RASENTRYW, ipv6addr),
    offsetof(RASENTRYW, ipv6addrDns),
    offsetof(RASENTRYW, dwfOptions2),
    offsetof(RASENTRYW, dwType),
    offsetof(RASENTRYW, dwSubEntries),
};

static int layout_known(DWORD size)
{
    size_t i;

    for (i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (layouts[i] == size)
            return 1;
    return 0;
}

void properties_release(struct properties *properties)
{
    free(properties);
}

/* ---- the properties of an entry that nobody has set any of */

static DWORD strategy_of(const struct device *device)
{
    return text_contains(device->name, "ikev2")  ? VS_Ikev2Only
           : text_contains(device->name, "sstp") ? VS_SstpOnly
           : text_contains(device->name, "l2tp") ? VS_L2tpOnly
           : text_contains(device->name, "pptp") ? VS_PptpOnly
                                                 : 0;
}

static DWORD type_of(const struct device *device)
{
    return device_is_modem(device->type)            ? RASET_Phone
           : text_contains(device->type, "pppoe") ? RASET_Broadband
                                                    : RASET_Vpn;
}

static void usual_options(RASENTRYW *entry)
{
    memset(entry, 0, sizeof *entry);
    entry->dwfOptions = RASEO_RemoteDefaultGateway | RASEO_RequireMsCHAP2;
    entry->dwfOptions2 = RASEO2_ReconnectIfDropped | RASEO2_IPv6RemoteDefaultGateway;
    entry->dwfNetProtocols = RASNP_Ip | RASNP_Ipv6;
    entry->dwFramingProtocol = RASFP_Ppp;
    entry->dwDialMode = RASEDM_DialAll;
    entry->dwIdleDisconnectSeconds = RASIDS_Disabled;
    entry->dwEncryptionType = ET_Optional;
    entry->dwRedialCount = 3;
    entry->dwRedialPause = 60;
}

void properties_usual(RASENTRYW *entry, const struct device *device)
{
    usual_options(entry);
    entry->dwType = type_of(device);
    entry->dwVpnStrategy = strategy_of(device);
}

void properties_describe(const struct line *line, RASENTRYW *entry)
{
    const struct entry *from = line->entry;

    if (line->properties) {
        *entry = line->properties->entry;
    } else {
        properties_usual(entry, from->device);
    }
    if (eap_type(line)) {
        entry->dwfOptions |= RASEO_RequireEAP;
        entry->dwCustomAuthKey = eap_type(line);
    }
    text_copy(entry->szLocalPhoneNumber, RAS_MaxPhoneNumber + 1, from->phone_number);
    text_copy(entry->szDeviceType, RAS_MaxDeviceType + 1, from->device->type);
    text_copy(entry->szDeviceName, RAS_MaxDeviceName + 1, from->device->name);
    entry->guidId = from->guid;
    entry->dwSubEntries = sub_entries_counted(line);
}

void properties_apply(struct connection *connection, const struct line *line)
{
    const RASENTRYW *entry = line && line->properties ? &line->properties->entry : NULL;

    connection->mobile = (char)device_is_ikev2(connection->entry->device);
    connection->protocols = RASNP_Ip | RASNP_Ipv6;
    connection->eap_type = line ? eap_type(line) : 0;
    if (!entry)
        return;
    connection->protocols = entry->dwfNetProtocols;
    if (entry->dwfOptions2 & RASEO2_DisableMobility)
        connection->mobile = 0;
}

DWORD properties_set(struct line *line, const RASENTRYW *entry, const BYTE *tail, DWORD bytes)
{
    struct properties *properties = malloc(sizeof *properties + bytes);

    if (!properties)
        return ERROR_NOT_ENOUGH_MEMORY;
    properties->entry = *entry;
    properties->tail_bytes = bytes;
    if (bytes)
        memcpy(properties->tail, tail, bytes);
    properties_release(line->properties);
    line->properties = properties;
    return ERROR_SUCCESS;
}

DWORD properties_set_tail(struct line *line, const BYTE *tail, DWORD bytes)
{
    RASENTRYW entry;

    properties_describe(line, &entry);
    return properties_set(line, &entry, tail, bytes);
}

/* ---- RasGetEntryProperties */

static DWORD get_properties(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                            RASENTRYW *target, DWORD *bytes)
{
    DWORD given = target ? target->dwSize : sizeof *target;
    DWORD room = target ? *bytes : 0, tail = 0;
    struct line *line = NULL;
    RASENTRYW entry;

    if (text_length(name, 1)) {
        DWORD error = entry_find_named(engine, phonebook, name, &line);

        if (error)
            return error;
        if (line->properties)
            tail = line->properties->tail_bytes;
    }
    *bytes = given + tail;
    if (room < *bytes)
        return ERROR_BUFFER_TOO_SMALL;
    if (line)
        properties_describe(line, &entry);
    else
        usual_options(&entry);
    entry.dwSize = given;
    entry.dwAlternateOffset = tail ? given : 0;
    memcpy(target, &entry, given);
    if (tail)
        memcpy((BYTE *)target + given, line->properties->tail, tail);
    return ERROR_SUCCESS;
}

DWORD ras_get_entry_properties(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                               RASENTRYW *entry, DWORD *bytes, BYTE *reserved,
                               DWORD *reserved_bytes)
{
    DWORD error;

    (void)reserved;
    (void)reserved_bytes;
    if (!bytes || (name && !names_fit(phonebook, name)))
        return ERROR_INVALID_PARAMETER;
    if (entry && *bytes < sizeof entry->dwSize)
        return ERROR_BUFFER_INVALID;
    if (entry && !layout_known(entry->dwSize))
        return ERROR_INVALID_SIZE;
    os_lock(&engine->lock);
    error = get_properties(engine, phonebook, name, entry, bytes);
    os_unlock(&engine->lock);
    return error;
}

/* ---- RasSetEntryProperties */

DWORD alternates_size(const void *structure, DWORD size, DWORD offset, DWORD bytes, DWORD *tail)
{
    const BYTE *start = (const BYTE *)structure + offset;
    WCHAR before = 1, now;
    DWORD at;

    *tail = 0;
    if (!offset)
        return ERROR_SUCCESS;
    if (offset < size || offset > bytes)
        return ERROR_INVALID_PARAMETER;
    for (at = 0; bytes - offset - at >= sizeof now; at += sizeof now) {
        memcpy(&now, start + at, sizeof now);
        if (!now && (!before || !at)) {
            *tail = at + (DWORD)sizeof now;
            return ERROR_SUCCESS;
        }
        before = now;
    }
    return ERROR_INVALID_PARAMETER; /* the list has no end */
}

#define TEXT_FITS(text) text_fits(text, sizeof(text) / sizeof *(text))

static int texts_fit(const RASENTRYW *entry)
{
    return TEXT_FITS(entry->szAreaCode) && TEXT_FITS(entry->szLocalPhoneNumber) &&
           TEXT_FITS(entry->szScript) && TEXT_FITS(entry->szAutodialDll) &&
           TEXT_FITS(entry->szAutodialFunc) && TEXT_FITS(entry->szDeviceType) &&
           TEXT_FITS(entry->szDeviceName) && TEXT_FITS(entry->szX25PadType) &&
           TEXT_FITS(entry->szX25Address) && TEXT_FITS(entry->szX25Facilities) &&
           TEXT_FITS(entry->szX25UserData) && TEXT_FITS(entry->szCustomDialDll) &&
           TEXT_FITS(entry->szDnsSuffix) && TEXT_FITS(entry->szPrerequisitePbk) &&
           TEXT_FITS(entry->szPrerequisiteEntry) && TEXT_FITS(entry->szIDi) &&
           TEXT_FITS(entry->szIDr);
}

/* What RAS wants to have; PPPoE needs no service name, and shipped clients leave out the name of the
 * device and the type of the entry. */
static int complete(const RASENTRYW *entry)
{
    return entry->szDeviceType[0] && entry->dwFramingProtocol &&
           (entry->szLocalPhoneNumber[0] || text_contains(entry->szDeviceType, "pppoe"));
}

/* The device that is named or, where only its type is, the usual one of that type and strategy. */
static struct device *device_wanted(struct engine *engine, const RASENTRYW *entry)
{
    static const struct {
        DWORD strategy;
        const char *name;
    } tunnels[] = {
        {VS_PptpOnly, "WAN Miniport (PPTP)"}, {VS_PptpFirst, "WAN Miniport (PPTP)"},
        {VS_L2tpOnly, "WAN Miniport (L2TP)"}, {VS_L2tpFirst, "WAN Miniport (L2TP)"},
        {VS_SstpOnly, "WAN Miniport (SSTP)"}, {VS_SstpFirst, "WAN Miniport (SSTP)"},
    };
    WCHAR name[RAS_MaxDeviceName + 1] = {0};
    size_t i;

    if (entry->szDeviceName[0])
        return device_named(engine, entry->szDeviceName);
    if (text_contains(entry->szDeviceType, "vpn"))
        for (i = 0; i < sizeof tunnels / sizeof *tunnels; i++)
            if (tunnels[i].strategy == entry->dwVpnStrategy)
                text_from_ascii(name, RAS_MaxDeviceName + 1, tunnels[i].name);
    return device_known(engine, entry->szDeviceType, name);
}

static DWORD apply(struct engine *engine, struct line *line, const WCHAR *phonebook,
                   const WCHAR *name, struct device *device, const RASENTRYW *properties)
{
    struct sim_entry texts = {.phonebook = phonebook_meant(engine, phonebook), .name = name};
    struct entry *entry;

    if (line)
        texts = entry_texts(line->entry);
    texts.phone_number = properties->szLocalPhoneNumber;
    entry = line ? entry_changed(line->entry, device, &texts) : entry_new(device, &texts);
    if (!entry)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (line) {
        line_set_entry(line, entry);
    } else if (!line_new(engine, entry)) {
        entry_release(entry);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    return ERROR_SUCCESS;
}

static DWORD set_properties(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                            const RASENTRYW *from, DWORD bytes)
{
    struct properties *properties;
    struct device *device;
    struct line *line = NULL;
    DWORD given = from->dwSize, tail;
    DWORD error = entry_find_named(engine, phonebook, name, &line);

    if (error == ERROR_CANNOT_OPEN_PHONEBOOK && !phonebook_possible(engine, phonebook))
        return error;
    if (!phonebook_may_change(engine, line ? line->entry->phonebook : phonebook))
        return ERROR_ACCESS_DENIED;
    error = alternates_size(from, given, from->dwAlternateOffset, bytes, &tail);
    if (error || (!line && !name_valid(name)))
        return ERROR_INVALID_PARAMETER;
    properties = malloc(sizeof *properties + tail);
    if (!properties)
        return ERROR_NOT_ENOUGH_MEMORY;
    properties->tail_bytes = tail;
    memcpy(properties->tail, (const BYTE *)from + (tail ? from->dwAlternateOffset : 0), tail);
    if (line)
        properties_describe(line, &properties->entry);
    else
        usual_options(&properties->entry);
    memcpy(&properties->entry, from, given);
    device = NULL;
    if (texts_fit(&properties->entry) && complete(&properties->entry))
        device = device_wanted(engine, &properties->entry);
    if (!device || !text_same(device->type, properties->entry.szDeviceType))
        error = ERROR_INVALID_PARAMETER;
    else
        error = apply(engine, line, phonebook, name, device, &properties->entry);
    if (error) {
        free(properties);
        return error;
    }
    if (!properties->entry.dwType)
        properties->entry.dwType = type_of(device);
    if (!line)
        line = entry_find(engine, phonebook, name);
    properties_release(line->properties);
    line->properties = properties;
    return book_file_write(engine, line->entry->phonebook, line->entry->name, line);
}

DWORD ras_set_entry_properties(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                               RASENTRYW *entry, DWORD bytes, BYTE *reserved,
                               DWORD reserved_bytes)
{
    DWORD error;

    (void)reserved;
    (void)reserved_bytes;
    if (!names_fit(phonebook, name) || !name[0])
        return ERROR_INVALID_PARAMETER;
    if (!entry || bytes < sizeof entry->dwSize)
        return ERROR_BUFFER_INVALID;
    if (!entry->dwSize)
        return ERROR_INVALID_PARAMETER;
    if (!layout_known(entry->dwSize))
        return ERROR_INVALID_SIZE;
    if (bytes < entry->dwSize)
        return ERROR_BUFFER_INVALID;
    os_lock(&engine->lock);
    error = set_properties(engine, phonebook, name, entry, bytes);
    os_unlock(&engine->lock);
    return error;
}
