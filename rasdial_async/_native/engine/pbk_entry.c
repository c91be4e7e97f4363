/* SPDX-License-Identifier: MIT */
#include "pbk_entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum kind { NUMBER, FLAG, FLAG2, AUTHENTICATION, ENCRYPTION, EXCLUDED, IDLE, MINUTES, METRIC };
enum { OWN = 0, FIRST_DEVICE = 1 };

/* A key whose value is a number. NUMBER: the DWORD at `what`; FLAG and FLAG2: `on` where the option
 * `what` of dwfOptions or dwfOptions2 is set, else `off`; MINUTES: seconds of the DWORD at `what`; METRIC:
 * the DWORD at `what`, which counts where the option `on` of dwfOptions2 is set; the others stand for
 * themselves. */
static const struct row_of {
    const char *key;
    DWORD place;
    enum kind kind;
    DWORD what, on, off;
} rows[] = {
    {"Type", OWN, NUMBER, offsetof(RASENTRYW, dwType), 0, 0},
    {"VpnStrategy", OWN, NUMBER, offsetof(RASENTRYW, dwVpnStrategy), 0, 0},
    {"ExcludedProtocols", OWN, EXCLUDED, 0, 0, 0},
    {"LcpExtensions", OWN, FLAG, 0x20, 0, 1},
    {"DataEncryption", OWN, ENCRYPTION, 0, 0, 0},
    {"SwCompression", OWN, FLAG, 0x200, 1, 0},
    {"NegotiateMultilinkAlways", OWN, FLAG2, 0x4, 0, 1},
    {"DialMode", OWN, NUMBER, offsetof(RASENTRYW, dwDialMode), 0, 0},
    {"RedialAttempts", OWN, NUMBER, offsetof(RASENTRYW, dwRedialCount), 0, 0},
    {"RedialSeconds", OWN, NUMBER, offsetof(RASENTRYW, dwRedialPause), 0, 0},
    {"IdleDisconnectSeconds", OWN, IDLE, 0, 0, 0},
    {"RedialOnLinkFailure", OWN, FLAG2, RASEO2_ReconnectIfDropped, 1, 0},
    {"DisableIKENameEkuCheck", OWN, FLAG2, 0x40000, 1, 0},
    {"ShareMsFilePrint", OWN, FLAG2, 0x1, 0, 1},
    {"BindMsNetClient", OWN, FLAG2, 0x2, 0, 1},
    {"SharedPhoneNumbers", OWN, FLAG, 0x800000, 1, 0},
    {"CustomAuthKey", OWN, NUMBER, offsetof(RASENTRYW, dwCustomAuthKey), 0, 0},
    {"AuthRestrictions", OWN, AUTHENTICATION, 0, 0, 0},
    {"IpPrioritizeRemote", OWN, FLAG, RASEO_RemoteDefaultGateway, 1, 0},
    {"IpInterfaceMetric", OWN, METRIC, offsetof(RASENTRYW, dwIPv4InterfaceMetric), 0x10000, 0},
    {"IpHeaderCompression", OWN, FLAG, 0x8, 1, 0},
    {"IpAssign", OWN, FLAG, 0x2, 2, 1},
    {"IpNameAssign", OWN, FLAG, 0x4, 2, 1},
    {"IpNBTFlags", OWN, FLAG2, 0x40, 0, 1},
    {"IpSecFlags", OWN, FLAG2, 0x10, 1, 0},
    {"Ipv6PrioritizeRemote", OWN, FLAG2, RASEO2_IPv6RemoteDefaultGateway, 1, 0},
    {"Ipv6InterfaceMetric", OWN, METRIC, offsetof(RASENTRYW, dwIPv6InterfaceMetric), 0x20000, 0},
    {"DisableMobility", OWN, FLAG2, RASEO2_DisableMobility, 1, 0},
    {"CacheCredentials", OWN, FLAG2, 0x2000000, 1, 0},
    {"AutoLogon", OWN, FLAG, RASEO_UseLogonCredentials, 1, 0},
    {"UseRasCredentials", OWN, FLAG2, 0x8, 0, 1},
    {"Ipv6Assign", OWN, FLAG2, 0x100000, 2, 1},
    {"Ipv6NameAssign", OWN, FLAG2, 0x1000, 2, 1},
    {"Ipv6PrefixLength", OWN, NUMBER, offsetof(RASENTRYW, dwIPv6PrefixLength), 0, 0},
    {"DisableClassBasedDefaultRoute", OWN, FLAG2, 0x80000, 1, 0},
    {"NetworkOutageTime", OWN, MINUTES, offsetof(RASENTRYW, dwNetworkOutageTime), 0, 0},
    {"PromoteAlternates", FIRST_DEVICE, FLAG, 0x8000, 1, 0},
    {"UseDialingRules", FIRST_DEVICE, FLAG, 0x1, 1, 0},
    {"CountryCode", FIRST_DEVICE, NUMBER, offsetof(RASENTRYW, dwCountryCode), 0, 0},
    {"CountryID", FIRST_DEVICE, NUMBER, offsetof(RASENTRYW, dwCountryID), 0, 0},
};

#define TEXT_OF(key, place, member)                                                                \
    {key, place, offsetof(RASENTRYW, member), sizeof(((RASENTRYW *)0)->member) / sizeof(WCHAR)}
static const struct {
    const char *key;
    DWORD place;
    size_t at, room;
} texts[] = {
    TEXT_OF("PrerequisiteEntry", OWN, szPrerequisiteEntry),
    TEXT_OF("PrerequisitePbk", OWN, szPrerequisitePbk),
    TEXT_OF("IpDnsSuffix", OWN, szDnsSuffix),
    TEXT_OF("AreaCode", FIRST_DEVICE, szAreaCode),
};

static const struct {
    DWORD option, bit;
} logins[] = {
    {0x40000, 8},      {0x80000, 16},           {0x8000000, 32},
    {0x10000000, 64},  {RASEO_RequireEAP, 128}, {RASEO_RequireMsCHAP2, 512},
};
/* By RASENTRY's ET_... */
static const DWORD encryption[] = {0, 256, 512, 8};

#define ADDRESS_OF(key, member)                                                                    \
    {key, offsetof(RASENTRYW, member), sizeof(((RASENTRYW *)0)->member)}
static const struct {
    const char *key;
    size_t at, bytes; /* 4 or 16 */
} addresses[] = {
    ADDRESS_OF("IpAddress", ipaddr),
    ADDRESS_OF("IpDnsAddress", ipaddrDns),
    ADDRESS_OF("IpDns2Address", ipaddrDnsAlt),
    ADDRESS_OF("IpWinsAddress", ipaddrWins),
    ADDRESS_OF("IpWins2Address", ipaddrWinsAlt),
    ADDRESS_OF("Ipv6Address", ipv6addr),
    ADDRESS_OF("Ipv6DnsAddress", ipv6addrDns),
    ADDRESS_OF("Ipv6Dns2Address", ipv6addrDnsAlt),
};

#define MACHINE_CERTIFICATES 0x400000u /* of dwfOptions2 */
#define MACHINE_CERTIFICATES_BIT 2048u
#define KNOWN_LOGINS (760u | MACHINE_CERTIFICATES_BIT)

#define COUNT(array) (sizeof(array) / sizeof *(array))

static DWORD *dword_at(const RASENTRYW *entry, size_t at)
{
    return (DWORD *)(void *)((BYTE *)entry + at);
}

static DWORD *options_of(const RASENTRYW *entry, enum kind kind)
{
    return dword_at(entry, kind == FLAG ? offsetof(RASENTRYW, dwfOptions)
                                        : offsetof(RASENTRYW, dwfOptions2));
}

/* The number that stands for the entry; of AuthRestrictions the bits that are known. */
static DWORD number_of(const struct row_of *row, const RASENTRYW *entry)
{
    DWORD number = 0;
    size_t i;

    switch (row->kind) {
    case NUMBER:
        return *dword_at(entry, row->what);
    case FLAG:
    case FLAG2:
        return *options_of(entry, row->kind) & row->what ? row->on : row->off;
    case AUTHENTICATION:
        for (i = 0; i < COUNT(logins); i++)
            if (entry->dwfOptions & logins[i].option)
                number |= logins[i].bit;
        return entry->dwfOptions2 & MACHINE_CERTIFICATES ? number | MACHINE_CERTIFICATES_BIT : number;
    case ENCRYPTION:
        return encryption[entry->dwEncryptionType % COUNT(encryption)];
    case EXCLUDED:
        return (RASNP_Ip | RASNP_Ipv6) & ~entry->dwfNetProtocols;
    case MINUTES:
        return *dword_at(entry, row->what) * 60;
    case METRIC:
        return entry->dwfOptions2 & row->on ? *dword_at(entry, row->what) : 0;
    default:
        return entry->dwIdleDisconnectSeconds == RASIDS_Disabled ? 0
                                                                 : entry->dwIdleDisconnectSeconds;
    }
}

static void set_bits(DWORD *options, DWORD option, int on)
{
    *options = on ? *options | option : *options & ~option;
}

static void say(const struct row_of *row, RASENTRYW *entry, DWORD number)
{
    DWORD i;

    switch (row->kind) {
    case NUMBER:
        *dword_at(entry, row->what) = number;
        break;
    case FLAG:
    case FLAG2:
        if (number == row->on || number == row->off)
            set_bits(options_of(entry, row->kind), row->what, number == row->on);
        break;
    case AUTHENTICATION:
        for (i = 0; i < COUNT(logins); i++)
            set_bits(&entry->dwfOptions, logins[i].option, (number & logins[i].bit) != 0);
        set_bits(&entry->dwfOptions2, MACHINE_CERTIFICATES, (number & MACHINE_CERTIFICATES_BIT) != 0);
        break;
    case ENCRYPTION:
        for (i = 0; i < COUNT(encryption); i++)
            if (encryption[i] == number)
                entry->dwEncryptionType = i;
        break;
    case EXCLUDED:
        set_bits(&entry->dwfNetProtocols, RASNP_Ip, !(number & RASNP_Ip));
        set_bits(&entry->dwfNetProtocols, RASNP_Ipv6, !(number & RASNP_Ipv6));
        break;
    case MINUTES:
        *dword_at(entry, row->what) = number / 60;
        break;
    case METRIC:
        *dword_at(entry, row->what) = number;
        set_bits(&entry->dwfOptions2, row->on, number != 0);
        break;
    default:
        entry->dwIdleDisconnectSeconds = number ? number : RASIDS_Disabled;
    }
}

static int number_in(const WCHAR *text, DWORD *number)
{
    uint64_t value = 0;

    if (!text[0])
        return 0;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return 0;
        value = value * 10 + (DWORD)(*text - '0');
        if (value > 0xFFFFFFFF)
            return 0;
    }
    *number = (DWORD)value;
    return 1;
}

/* ---- reading */

static void read_guid(const WCHAR *text, GUID *guid)
{
    BYTE bytes[16];
    size_t i;

    for (i = 0; i < 32; i++) {
        WCHAR c = text[i] | 0x20;
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;

        if (digit < 0)
            return;
        bytes[i / 2] = (BYTE)(i % 2 ? bytes[i / 2] << 4 | digit : digit);
    }
    if (!text[32])
        memcpy(guid, bytes, sizeof bytes);
}

static int is_key(const struct pbk_line *line, const char *key)
{
    return !strncmp(key, line->key, line->key_length) && !key[line->key_length];
}

/* The first line of a key counts. `said` has a place for each. */
static void read_line(const struct pbk *pbk, const struct pbk_line *line, DWORD place, char *said,
                      RASENTRYW *entry)
{
    char *said_texts = said + COUNT(rows), *said_addresses = said_texts + COUNT(texts);
    WCHAR value[PBK_LONGEST];
    BYTE bytes[16] = {0};
    DWORD number;
    size_t i;

    for (i = 0; i < COUNT(rows); i++)
        if (rows[i].place == place && !said[i] && is_key(line, rows[i].key)) {
            said[i] = 1;
            pbk_value(pbk, line, value);
            if (number_in(value, &number))
                say(&rows[i], entry, number);
            return;
        }
    for (i = 0; i < COUNT(texts); i++)
        if (texts[i].place == place && !said_texts[i] && is_key(line, texts[i].key)) {
            said_texts[i] = 1;
            pbk_value(pbk, line, value);
            text_copy((WCHAR *)(void *)((BYTE *)entry + texts[i].at), texts[i].room, value);
            return;
        }
    for (i = 0; place == OWN && i < COUNT(addresses); i++)
        if (!said_addresses[i] && is_key(line, addresses[i].key)) {
            said_addresses[i] = 1;
            pbk_value(pbk, line, value);
            if (addresses[i].bytes == 4 ? ipv4_from_text(bytes, value) : ipv6_from_text(bytes, value))
                memcpy((BYTE *)entry + addresses[i].at, bytes, addresses[i].bytes);
            return;
        }
    if (place == OWN && is_key(line, "Guid")) {
        pbk_value(pbk, line, value);
        read_guid(value, &entry->guidId);
    }
}

void pbk_read_entry(const struct pbk *pbk, struct pbk_span section, RASENTRYW *entry)
{
    char said[COUNT(rows) + COUNT(texts) + COUNT(addresses)] = {0};
    DWORD place;

    for (place = OWN; place <= FIRST_DEVICE; place++) {
        struct pbk_span span = pbk_place(pbk, section, place);
        struct pbk_line line;
        size_t at = span.start;

        while (pbk_next_line(pbk, span, &at, &line))
            read_line(pbk, &line, place, said, entry);
    }
}

int pbk_read_device(const struct pbk *pbk, struct pbk_span section, DWORD number,
                    RASSUBENTRYW *device)
{
    struct pbk_span place = pbk_place(pbk, section, number);
    WCHAR value[PBK_LONGEST];

    memset(device, 0, sizeof *device);
    device->dwSize = sizeof *device;
    if (pbk_get(pbk, place, "DEVICE", 0, value))
        text_copy(device->szDeviceType, RAS_MaxDeviceType + 1, value);
    if (pbk_get(pbk, place, "Device", 0, value))
        text_copy(device->szDeviceName, RAS_MaxDeviceName + 1, value);
    if (pbk_get(pbk, place, "PhoneNumber", 0, value))
        text_copy(device->szLocalPhoneNumber, RAS_MaxPhoneNumber + 1, value);
    return device->szDeviceType[0] || device->szDeviceName[0];
}

DWORD pbk_read_alternates(const struct pbk *pbk, struct pbk_span section, DWORD number, BYTE *list,
                          size_t room)
{
    struct pbk_span place = pbk_place(pbk, section, number);
    WCHAR value[PBK_LONGEST], *to = (WCHAR *)(void *)list;
    size_t used = 0, length;
    DWORD nth;

    for (nth = 1; pbk_get(pbk, place, "PhoneNumber", nth, value); nth++) {
        length = text_length(value, PBK_LONGEST) + 1;
        if (length == 1 || (used + length + 1) * sizeof(WCHAR) > room)
            continue;
        text_copy(to + used, length, value);
        used += length;
    }
    if (!used)
        return 0;
    to[used++] = 0;
    return (DWORD)(used * sizeof(WCHAR));
}

/* ---- writing */

static int set(struct pbk *pbk, const WCHAR *name, DWORD place, const char *key, DWORD nth,
               const WCHAR *value)
{
    WCHAR now[PBK_LONGEST];
    struct pbk_span section, span;

    if (!pbk_find(pbk, name, &section))
        return -1;
    span = pbk_place(pbk, section, place);
    if (pbk_get(pbk, span, key, nth, now) ? text_equal(now, value) : !value[0])
        return 0;
    return pbk_set(pbk, span, key, nth, value);
}

static int set_number(struct pbk *pbk, const WCHAR *name, const struct row_of *row, DWORD number)
{
    WCHAR value[PBK_LONGEST];
    struct pbk_span section;
    char digits[16];
    DWORD now;

    if (!pbk_find(pbk, name, &section))
        return -1;
    if (row->kind == AUTHENTICATION && /* bits that RASENTRY does not have stay */
        pbk_get(pbk, pbk_place(pbk, section, row->place), row->key, 0, value) &&
        number_in(value, &now))
        number |= now & ~KNOWN_LOGINS;
    snprintf(digits, sizeof digits, "%lu", (unsigned long)number);
    text_from_ascii(value, PBK_LONGEST, digits);
    return set(pbk, name, row->place, row->key, 0, value);
}

static const WCHAR *text_at(const RASENTRYW *entry, size_t at)
{
    return (const WCHAR *)(const void *)((const BYTE *)entry + at);
}

static int begin_section(struct pbk *pbk, const WCHAR *name, const RASENTRYW *entry)
{
    static const char fresh[] = "Encoding=1\nPBVersion=4\n";
    WCHAR guid[33];
    size_t i;

    for (i = 0; i < 16; i++) {
        char digits[3];

        snprintf(digits, sizeof digits, "%02X", ((const BYTE *)&entry->guidId)[i]);
        text_from_ascii(guid + 2 * i, 3, digits);
    }
    return pbk_add_section(pbk, name, fresh) || set(pbk, name, OWN, "Guid", 0, guid) ? -1 : 0;
}

int pbk_write_entry(struct pbk *pbk, const WCHAR *name, const RASENTRYW *entry,
                    const RASENTRYW *before)
{
    WCHAR address[IP_LONGEST];
    static const char rest[] = "\nNETCOMPONENTS=\nms_msclient=1\nms_server=1\n";
    struct pbk_span section;
    size_t i;

    if (!before && begin_section(pbk, name, entry) != 0)
        return -1;
    for (i = 0; i < COUNT(rows); i++)
        if (before ? number_of(&rows[i], before) != number_of(&rows[i], entry)
                   : rows[i].place == OWN)
            if (set_number(pbk, name, &rows[i], number_of(&rows[i], entry)) != 0)
                return -1;
    for (i = 0; i < COUNT(texts); i++)
        if (before ? !text_equal(text_at(before, texts[i].at), text_at(entry, texts[i].at))
                   : texts[i].place == OWN)
            if (set(pbk, name, texts[i].place, texts[i].key, 0, text_at(entry, texts[i].at)) != 0)
                return -1;
    for (i = 0; i < COUNT(addresses); i++) {
        const BYTE *now = (const BYTE *)entry + addresses[i].at;

        if (before && !memcmp((const BYTE *)before + addresses[i].at, now, addresses[i].bytes))
            continue;
        if (addresses[i].bytes == 4)
            ipv4_to_text(address, now);
        else
            ipv6_to_text(address, now);
        if (set(pbk, name, OWN, addresses[i].key, 0, address) != 0)
            return -1;
    }
    if (!before && pbk_find(pbk, name, &section))
        return pbk_insert(pbk, section.end, rest);
    return 0;
}

static int write_numbers(struct pbk *pbk, const WCHAR *name, DWORD place, const WCHAR *first,
                         const BYTE *alternates)
{
    const WCHAR *number = (const WCHAR *)(const void *)alternates;
    struct pbk_span section;
    DWORD nth = 0;

    if (set(pbk, name, place, "PhoneNumber", nth++, first) != 0)
        return -1;
    for (; number && *number; number += text_length(number, SIZE_MAX) + 1)
        if (set(pbk, name, place, "PhoneNumber", nth++, number) != 0)
            return -1;
    if (!pbk_find(pbk, name, &section))
        return -1;
    return pbk_cut(pbk, pbk_place(pbk, section, place), "PhoneNumber", nth);
}

int pbk_write_device(struct pbk *pbk, const WCHAR *name, DWORD number, const RASSUBENTRYW *device,
                     const BYTE *alternates)
{
    int tunnel = text_contains(device->szDeviceType, "vpn") ||
                 text_contains(device->szDeviceType, "pppoe");
    struct pbk_span section;

    if (!pbk_find(pbk, name, &section))
        return -1;
    if (number > pbk_devices(pbk, section) &&
        pbk_insert(pbk, section.end, tunnel ? "\nMEDIA=rastapi\nPort=VPN2-0\nDevice=\n\nDEVICE=\n"
                                            : "\nMEDIA=serial\nPort=COM1\nDevice=\n\nDEVICE=\n"))
        return -1;
    if (set(pbk, name, number, "Device", 0, device->szDeviceName) != 0 ||
        set(pbk, name, number, "DEVICE", 0, device->szDeviceType) != 0)
        return -1;
    return write_numbers(pbk, name, number, device->szLocalPhoneNumber, alternates);
}

int pbk_cut_devices(struct pbk *pbk, const WCHAR *name, DWORD left)
{
    struct pbk_span section;

    while (pbk_find(pbk, name, &section) && pbk_devices(pbk, section) > left)
        if (pbk_remove(pbk, pbk_place(pbk, section, pbk_devices(pbk, section))) != 0)
            return -1;
    return 0;
}
