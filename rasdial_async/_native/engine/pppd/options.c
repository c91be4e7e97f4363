/* SPDX-License-Identifier: MIT
 *
 * From an entry to the arguments and options of a pppd. The arguments name the entry; all options and
 * the login go through a pipe, which pppd reads as a file of options.
 */
#ifdef __linux__
#define _GNU_SOURCE

#include "pppd.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOGIN_BYTES 1024 /* of UTF-8: pppd takes 255 */
#define MOST_LOGIN_BYTES 255

void launch_free(struct launch *launch)
{
    if (launch)
        wipe(launch, sizeof *launch);
    free(launch);
}

static void add_argument(struct launch *launch, const char *word)
{
    size_t bytes = strlen(word) + 1;

    if (launch->argument_count == MOST_ARGUMENTS ||
        launch->word_bytes + bytes > sizeof launch->words) {
        launch->overflow = 1;
        return;
    }
    memcpy(launch->words + launch->word_bytes, word, bytes);
    launch->arguments[launch->argument_count++] = launch->words + launch->word_bytes;
    launch->word_bytes += bytes;
}

static void add_bytes(struct launch *launch, const char *bytes, size_t count)
{
    if (count > sizeof launch->options - launch->option_bytes) {
        launch->overflow = 1;
        return;
    }
    memcpy(launch->options + launch->option_bytes, bytes, count);
    launch->option_bytes += count;
}

static void add_option(struct launch *launch, const char *format, ...)
{
    char text[512];
    va_list values;
    int length;

    va_start(values, format);
    length = vsnprintf(text, sizeof text - 1, format, values);
    va_end(values);
    if (length < 0 || (size_t)length >= sizeof text - 1) {
        launch->overflow = 1;
        return;
    }
    text[length++] = '\n';
    add_bytes(launch, text, (size_t)length);
}

size_t quote_byte(unsigned char byte, char quoted[4])
{
    quoted[0] = (char)byte;
    if (byte >= ' ' && byte != '"' && byte != '\\' && byte != 0x7F)
        return 1;
    quoted[0] = '\\';
    quoted[1] = (char)('0' + (byte >> 6));
    quoted[2] = (char)('0' + (byte >> 3 & 7));
    quoted[3] = (char)('0' + (byte & 7));
    return 4;
}

/* An option and its value in quotes. */
static void add_quoted(struct launch *launch, const char *option, const char *value)
{
    char quoted[4];

    add_bytes(launch, option, strlen(option));
    add_bytes(launch, " \"", 2);
    for (; *value; value++)
        add_bytes(launch, quoted, quote_byte((unsigned char)*value, quoted));
    add_bytes(launch, "\"\n", 2);
}

/* ---- the login */

static int add_login(struct launch *launch, const char *option, const WCHAR *domain,
                     const WCHAR *value)
{
    char text[LOGIN_BYTES], *place = text;
    size_t room = sizeof text, needed;

    if (!value[0])
        return 0;
    if (domain && domain[0]) {
        needed = text_to_utf8(place, room - 1, domain);
        if (needed > room - 1)
            return -1;
        place += needed - 1;
        *place++ = '\\';
        room = sizeof text - (size_t)(place - text);
    }
    needed = text_to_utf8(place, room, value);
    if (needed > room || (size_t)(place - text) + needed - 1 > MOST_LOGIN_BYTES) {
        wipe(text, sizeof text);
        return -1;
    }
    add_quoted(launch, option, text);
    wipe(text, sizeof text);
    return 0;
}

static DWORD add_credentials(struct launch *launch, const struct line *line,
                             const struct dial_request *request)
{
    static const WCHAR stored_domain[] = {'*', 0};
    const WCHAR *domain = text_equal(request->domain, stored_domain) ? NULL : request->domain;

    if (add_login(launch, "user", domain, request->user_name) != 0 ||
        add_login(launch, "password", NULL, password_meant(line, request->password)) != 0)
        return ERROR_INVALID_PARAMETER;
    return ERROR_SUCCESS;
}

/* ---- entries that are in no file of pppd's */

void link_name(const struct entry *entry, char name[32])
{
    uint64_t hash = text_hash(text_hash(0, entry->phonebook), entry->name);

    snprintf(name, 32, "rasdial-%016llx", (unsigned long long)hash);
}

/* The phone number of a PPPoE entry is the name of a service. */
static DWORD add_pppoe(struct launch *launch, const char *device, const WCHAR *phone_number)
{
    char service[3 * RAS_MaxPhoneNumber + 1];

    if (if_nametoindex(device) == 0)
        return ERROR_PORT_NOT_FOUND;
    /* Before the interface, or pppd 2.4.9 overlooks them: three tries within 14 s, in place of 35 s. */
    add_option(launch, "plugin pppoe.so\npppoe-padi-timeout 2\npppoe-padi-attempts 3");
    text_to_utf8(service, sizeof service, phone_number);
    if (service[0])
        add_quoted(launch, "pppoe-service", service);
    add_option(launch, "nic-%s", device);
    return ERROR_SUCCESS;
}

/* Digits and what tells a modem how to dial them; nothing that a shell or chat would look at. */
static int number_fits(const char *number)
{
    return number[0] && number[strspn(number, "0123456789ABCDabcd*#,+WwTtPp")] == 0;
}

static DWORD add_modem(struct launch *launch, const char *device, const WCHAR *phone_number)
{
    char number[RAS_MaxPhoneNumber + 1], path[RAS_MaxDeviceName + 8];
    size_t from, to = 0;

    if (text_to_utf8(number, sizeof number, phone_number) > sizeof number)
        return ERROR_INVALID_PARAMETER;
    for (from = 0; number[from]; from++) /* what people write between the digits */
        if (!strchr(" -().", number[from]))
            number[to++] = number[from];
    number[to] = 0;
    if (!number_fits(number))
        return ERROR_INVALID_PARAMETER;
    snprintf(path, sizeof path, "%s%s", device[0] == '/' ? "" : "/dev/", device);
    if (access(path, F_OK) != 0)
        return ERROR_PORT_NOT_FOUND;
    add_quoted(launch, "", path);
    /* A pseudo-terminal has no carrier and no lines for a handshake. */
    add_option(launch, strncmp(path, "/dev/pts/", 9) == 0 ? "local\nnocrtscts" : "modem\ncrtscts");
    add_option(launch, "115200\nlock");
    add_option(launch,
               "connect \"exec " CHAT " -v -s -S TIMEOUT 60 ABORT BUSY ABORT 'NO CARRIER'"
               " ABORT 'NO DIALTONE' ABORT 'NO DIAL TONE' ABORT 'NO ANSWER' ABORT VOICE"
               " ABORT ERROR REPORT CONNECT '' ATZ OK-AT-OK ATDT%s CONNECT ''\"",
               number);
    return ERROR_SUCCESS;
}

/* What pppd agrees to of its own accord, and the entry does not allow. */
static void add_restrictions(struct launch *launch, const RASENTRYW *entry)
{
    static const struct {
        DWORD allows;
        const char *refusal;
    } logins[] = {
        {RASEO_RequirePAP, "refuse-pap"},
        {RASEO_RequireCHAP, "refuse-chap"},
        {RASEO_RequireEAP, "refuse-eap"},
        {RASEO_RequireMsCHAP, "refuse-mschap"},
        {RASEO_RequireMsCHAP2, "refuse-mschap-v2"},
    };
    DWORD options = entry->dwfOptions, restricted = RASEO_RequireSPAP;
    size_t i;

    for (i = 0; i < sizeof logins / sizeof *logins; i++)
        restricted |= logins[i].allows;
    for (i = 0; i < sizeof logins / sizeof *logins; i++)
        if ((options & restricted) && !(options & logins[i].allows))
            add_option(launch, "%s", logins[i].refusal);
    if (entry->dwEncryptionType != ET_Optional)
        add_option(launch, entry->dwEncryptionType == ET_None      ? "nomppe"
                           : entry->dwEncryptionType == ET_Require ? "require-mppe"
                                                                   : "require-mppe-128");
    if (!(options & RASEO_IpHeaderCompression))
        add_option(launch, "novj");
    if (!(options & RASEO_SwCompression))
        add_option(launch, "nobsdcomp\nnodeflate");
}

static void add_address(struct launch *launch, const RASENTRYW *entry)
{
    BYTE of[sizeof entry->ipaddr];

    memcpy(of, &entry->ipaddr, sizeof of);
    if (entry->dwfOptions & RASEO_SpecificIpAddr)
        add_option(launch, "%u.%u.%u.%u:", of[0], of[1], of[2], of[3]);
}

static void add_settings(struct launch *launch, const struct connection *connection,
                         const struct line *line)
{
    const RASENTRYW *entry = line && line->properties ? &line->properties->entry : NULL;

    add_option(launch, "noauth\nnoipdefault\nlcp-restart 1\nlcp-max-configure 15");
    if (!(connection->protocols & RASNP_Ip))
        add_option(launch, "noip");
    if (!(connection->protocols & RASNP_Ipv6))
        add_option(launch, "noipv6");
    if (!entry)
        return;
    add_restrictions(launch, entry);
    add_address(launch, entry);
    if (entry->dwfOptions & RASEO_RemoteDefaultGateway)
        add_option(launch, entry->dwfOptions & RASEO_SpecificNameServers ? "defaultroute"
                                                                         : "defaultroute\nusepeerdns");
    if (entry->dwIdleDisconnectSeconds && entry->dwIdleDisconnectSeconds != RASIDS_Disabled)
        add_option(launch, "idle %u", (unsigned)entry->dwIdleDisconnectSeconds);
}

static DWORD add_entry(struct launch *launch, const struct connection *connection,
                       const struct line *line)
{
    const struct entry *entry = connection->entry;
    char device[RAS_MaxDeviceName + 1], name[3 * RAS_MaxEntryName + 1], linked[32];

    if (geteuid() != 0)
        return ERROR_ACCESS_DENIED; /* pppd takes such options from root only */
    if (text_to_utf8(device, sizeof device, entry->device->name) > sizeof device ||
        strpbrk(device, "\"\\\n"))
        return ERROR_PORT_NOT_FOUND;
    text_to_utf8(name, sizeof name, entry->name);
    link_name(entry, linked);
    add_argument(launch, "linkname");
    add_argument(launch, linked);
    add_argument(launch, "ipparam");
    add_argument(launch, name);
    add_settings(launch, connection, line);
    if (device_is_modem(entry->device->type))
        return add_modem(launch, device, connection->phone_number);
    if (text_contains(entry->device->type, "pppoe"))
        return add_pppoe(launch, device, connection->phone_number);
    return ERROR_INVALID_FUNCTION_FOR_ENTRY; /* pppd makes no such tunnel by itself */
}

DWORD launch_new(const struct connection *connection, const struct line *line, const char *peer,
                 const struct dial_request *request, struct launch **result)
{
    struct launch *launch = calloc(1, sizeof *launch);
    DWORD error = ERROR_SUCCESS;

    if (!launch)
        return ERROR_NOT_ENOUGH_MEMORY;
    add_argument(launch, "pppd");
    if (peer) {
        add_argument(launch, "call");
        add_argument(launch, peer);
    } else {
        error = add_entry(launch, connection, line);
    }
    add_argument(launch, "file");
    add_argument(launch, "/proc/self/fd/3");
    /* Behind the options of the entry, since the last one counts. Each dial is one try: who wants more
     * redials. The log says the states of the login only with `debug`. */
    add_option(launch, "nodetach\ndebug\nlogfd 1\nnopersist\nmaxfail 1\nhide-password");
    if (!error)
        error = add_credentials(launch, line, request);
    if (!error && launch->overflow)
        error = ERROR_INVALID_PARAMETER;
    if (error)
        launch_free(launch);
    else
        *result = launch;
    return error;
}

#endif
