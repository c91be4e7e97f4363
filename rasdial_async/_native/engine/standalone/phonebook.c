/* SPDX-License-Identifier: MIT
 *
 * As much of a .pbk file as a simulated line needs. phonebook.py reads all of it.
 */
#include "standalone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../codes.h"

#define LONGEST_LINE 1024
#define LONGEST_TEXT 512

struct section {
    WCHAR name[LONGEST_TEXT];
    WCHAR device_type[LONGEST_TEXT];
    WCHAR device_name[LONGEST_TEXT];
    WCHAR phone_number[LONGEST_TEXT];
};

static FILE *open_file(const WCHAR *path)
{
#ifdef _WIN32
    return _wfopen(path, L"rb");
#else
    char *bytes;
    size_t i, length = 0;
    FILE *file;

    while (path[length])
        length++;
    bytes = malloc(length + 1);
    if (bytes == NULL)
        return NULL;
    for (i = 0; i <= length; i++)
        bytes[i] = (char)path[i];
    file = fopen(bytes, "rb");
    free(bytes);
    return file;
#endif
}

/* One character; 0 = these bytes are no UTF-8. */
static int decode_one(const unsigned char **from, uint32_t *character)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    uint32_t c = *(*from)++;
    int more = c >= 0xF0 && c < 0xF8 ? 3 : c >= 0xE0 ? 2 : c >= 0xC2 ? 1 : 0;
    int i;

    if (c >= 0xF8 || (c >= 0x80 && !more))
        return 0;
    if (more)
        c &= 0x3Fu >> more;
    for (i = 0; i < more; i++) {
        if ((**from & 0xC0u) != 0x80)
            return 0;
        c = c << 6 | (*(*from)++ & 0x3Fu);
    }
    *character = c;
    return c >= least[more] && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

static void decode(WCHAR *to, const char *bytes)
{
    const unsigned char *from = (const unsigned char *)bytes;
    size_t used = 0;
    uint32_t c;

    while (*from && used < LONGEST_TEXT - 2) {
        if (!decode_one(&from, &c)) { /* then the whole line is Latin-1 */
            for (used = 0; used < LONGEST_TEXT - 1 && bytes[used]; used++)
                to[used] = (unsigned char)bytes[used];
            break;
        }
        if (c > 0xFFFF) {
            to[used++] = (WCHAR)(0xD7C0 + (c >> 10));
            c = 0xDC00 + (c & 0x3FF);
        }
        to[used++] = (WCHAR)c;
    }
    to[used] = 0;
}

/* The value of `key`, into `value` unless an earlier line filled it. */
static void keep(const char *line, const char *key, WCHAR *value)
{
    size_t length = strlen(key);

    if (!value[0] && strncmp(line, key, length) == 0 && line[length] == '=')
        decode(value, line + length + 1);
}

static DWORD add(struct engine *engine, const struct section *section)
{
    struct sim_entry entry = {
        .name = section->name,
        .device_type = section->device_type,
        .device_name = section->device_name,
        .phone_number = section->phone_number,
    };
    DWORD error = section->name[0] ? sim_add_entry(engine, &entry) : ERROR_SUCCESS;

    return error == ERROR_NOT_ENOUGH_MEMORY ? error : ERROR_SUCCESS;
}

DWORD standalone_load(struct engine *engine, const WCHAR *path)
{
    FILE *file = open_file(path);
    struct section section = {0};
    char line[LONGEST_LINE];
    DWORD error = ERROR_SUCCESS;
    size_t end;

    if (file == NULL)
        return ERROR_CANNOT_OPEN_PHONEBOOK;
    while (!error && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\r\n")] = 0;
        end = strlen(line);
        if (line[0] == '[' && line[end - 1] == ']') {
            error = add(engine, &section);
            memset(&section, 0, sizeof section);
            line[end - 1] = 0;
            decode(section.name, line + 1);
        }
        keep(line, "DEVICE", section.device_type);
        keep(line, "Device", section.device_name);
        keep(line, "PhoneNumber", section.phone_number);
    }
    if (!error)
        error = add(engine, &section);
    fclose(file);
    return error;
}
