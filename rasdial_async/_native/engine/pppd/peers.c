/* SPDX-License-Identifier: MIT
 *
 * The system's own entries, a file each in /etc/ppp/peers, and the devices that can be dialed on:
 * Ethernet interfaces for PPPoE, serial lines for modems.
 */
#ifdef __linux__
#define _GNU_SOURCE

#include "pppd.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ETHERNET 1 /* ARPHRD_ETHER */

static const WCHAR modem[] = {'m', 'o', 'd', 'e', 'm', 0};
static const WCHAR pppoe[] = {'P', 'P', 'P', 'o', 'E', 0};
static const WCHAR vpn[] = {'v', 'p', 'n', 0};
static const WCHAR ppp[] = {'p', 'p', 'p', 0}; /* its file names no device */

/* A number that is dialed without an entry belongs to the default phonebook, too. */
int is_peer(const struct engine *engine, const struct entry *entry)
{
    return text_equal(entry->phonebook, engine->user_book) && entry->name[0] != '.';
}

/* ---- what an entry dials on */

struct found {
    const WCHAR *type;
    char name[RAS_MaxDeviceName + 1];
};

static void set(struct found *found, const WCHAR *type, const char *name)
{
    found->type = type;
    snprintf(found->name, sizeof found->name, "%s", name);
}

static int is_tty(const char *word)
{
    return strncmp(word, "/dev/", 5) == 0 || strncmp(word, "tty", 3) == 0;
}

/* A line of options: its first word and the next, which lie in `line`. */
static void look_at_option(char *line, struct found *found)
{
    char *rest, *last, *word = strtok_r(line, " \t\r\n", &rest);
    char *value = word ? strtok_r(NULL, " \t\r\n\"'", &rest) : NULL;

    if (!word || word[0] == '#')
        return;
    if (strcmp(word, "pty") == 0 && value) {
        last = strrchr(value, '/');
        set(found, vpn, last ? last + 1 : value);
    } else if (strncmp(word, "nic-", 4) == 0) {
        set(found, pppoe, word + 4);
    } else if (strcmp(word, "plugin") == 0 && value && strstr(value, "pppoe.so")) {
        found->type = pppoe;
        if ((value = strtok_r(NULL, " \t\r\n\"'", &rest)) != NULL) /* an interface may stand behind it */
            set(found, pppoe, value);
    } else if (found->type == pppoe && !found->name[0] && if_nametoindex(word) != 0) {
        set(found, pppoe, word);
    } else if (is_tty(word) && found->type != pppoe) {
        set(found, modem, strncmp(word, "/dev/tty", 8) == 0 ? word + 5 : word);
    }
}

static struct device *device_of_file(struct engine *engine, const char *path)
{
    FILE *file = fopen(path, "re");
    struct found found = {ppp, ""};
    WCHAR name[RAS_MaxDeviceName + 1];
    char line[512];

    if (!file)
        return NULL;
    while (fgets(line, sizeof line, file))
        look_at_option(line, &found);
    fclose(file);
    if (!found.name[0])
        set(&found, found.type, "pppd");
    text_from_utf8(name, RAS_MaxDeviceName + 1, found.name);
    return device_usual(engine, found.type, name);
}

/* ---- entries */

static void add_peer(struct engine *engine, const char *file)
{
    WCHAR name[RAS_MaxEntryName + 1];
    struct sim_entry texts = {.phonebook = engine->user_book, .name = name};
    char path[sizeof PEERS + 256];
    struct device *device;
    struct entry *entry;
    struct line *line;

    text_from_utf8(name, RAS_MaxEntryName + 1, file);
    snprintf(path, sizeof path, PEERS "/%s", file);
    device = device_of_file(engine, path);
    if (!device)
        return;
    line = entry_find(engine, NULL, name);
    if (line && line->entry->device == device)
        return;
    if (line) {
        if ((entry = entry_changed(line->entry, device, &texts)) != NULL)
            line_set_entry(line, entry);
        return;
    }
    entry = entry_new(device, &texts);
    if (entry && !line_new(engine, entry))
        entry_release(entry);
}

static int is_entry_name(const char *file)
{
    size_t length = strlen(file);

    return file[0] != '.' && length && length <= RAS_MaxEntryName && file[length - 1] != '~';
}

static void drop_missing(struct engine *engine)
{
    struct line *line = engine->entries.first, *next;
    char name[3 * RAS_MaxEntryName + 1], path[sizeof PEERS + sizeof name];

    for (; line; line = next) {
        next = line->next;
        if (!is_peer(engine, line->entry))
            continue;
        text_to_utf8(name, sizeof name, line->entry->name);
        snprintf(path, sizeof path, PEERS "/%s", name);
        if (access(path, F_OK) != 0)
            line_free(engine, line);
    }
}

void peers_look(struct engine *engine)
{
    struct dirent **files;
    int i, count = scandir(PEERS, &files, NULL, alphasort);
    char path[sizeof PEERS + 256];
    struct stat status;

    drop_missing(engine);
    for (i = 0; i < count; i++) {
        snprintf(path, sizeof path, PEERS "/%s", files[i]->d_name);
        if (is_entry_name(files[i]->d_name) && stat(path, &status) == 0 && S_ISREG(status.st_mode))
            add_peer(engine, files[i]->d_name);
        free(files[i]);
    }
    if (count >= 0)
        free(files);
    devices_look(engine); /* a number alone is dialed on a modem that is there */
}

int peers_open(struct engine *engine)
{
    struct phonebook *peers;

    devices_close(engine); /* Windows' miniports, which are not here */
    engine->uses_files = 1;
    text_from_ascii(engine->user_book, RAS_MAX_PATH, PEERS);
    peers = phonebook_made(engine, engine->user_book);
    if (!peers)
        return -1;
    /* Its files are the system's: nothing is created or changed in there. */
    peers->all_users = 1;
    engine->administrator = 0;
    return 0;
}

/* ---- devices */

static void add_device(struct engine *engine, const WCHAR *type, const char *of)
{
    WCHAR name[RAS_MaxDeviceName + 1];

    text_from_utf8(name, RAS_MaxDeviceName + 1, of);
    device_usual(engine, type, name);
}

static long number_of(const char *folder, const char *name, const char *file)
{
    char path[512];
    long number = -1;
    FILE *opened;

    snprintf(path, sizeof path, "%s/%s/%s", folder, name, file);
    opened = fopen(path, "re");
    if (!opened)
        return -1;
    if (fscanf(opened, "%ld", &number) != 1)
        number = -1;
    fclose(opened);
    return number;
}

/* A tty has hardware behind it; a UART that was not found has type 0. */
static int is_serial_line(const char *name)
{
    char path[512];

    snprintf(path, sizeof path, "/sys/class/tty/%s/device", name);
    return access(path, F_OK) == 0 && number_of("/sys/class/tty", name, "type") != 0;
}

static int is_ethernet(const char *name)
{
    return number_of("/sys/class/net", name, "type") == ETHERNET;
}

static void look_into(struct engine *engine, const char *folder, const WCHAR *type,
                      int (*fits)(const char *))
{
    DIR *opened = opendir(folder);
    const struct dirent *file;

    if (!opened)
        return;
    while ((file = readdir(opened)) != NULL)
        if (file->d_name[0] != '.' && fits(file->d_name))
            add_device(engine, type, file->d_name);
    closedir(opened);
}

/* What has been pulled out is not listed any more; it comes back when it is put in again. */
static void mark_missing(struct engine *engine)
{
    struct device *device;
    char name[3 * RAS_MaxDeviceName + 1], path[sizeof name + 8];

    for (device = engine->entries.devices; device; device = device->next) {
        text_to_utf8(name, sizeof name, device->name);
        if (text_equal(device->type, pppoe)) {
            device->absent = if_nametoindex(name) == 0;
        } else if (device_is_modem(device->type)) {
            snprintf(path, sizeof path, "%s%s", name[0] == '/' ? "" : "/dev/", name);
            device->absent = access(path, F_OK) != 0;
        }
    }
}

void devices_look(struct engine *engine)
{
    look_into(engine, "/sys/class/net", pppoe, is_ethernet);
    look_into(engine, "/sys/class/tty", modem, is_serial_line);
    mark_missing(engine);
}

#endif
