/* SPDX-License-Identifier: MIT
 *
 * As much of a .pbk file as a simulated line needs. phonebook.py reads all of it.
 */
#include "standalone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../codes.h"
#include "../text.h"

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

/* The value of `key`, into `value` unless an earlier line filled it. */
static void keep(const char *line, const char *key, WCHAR *value)
{
    size_t length = strlen(key);

    if (!value[0] && strncmp(line, key, length) == 0 && line[length] == '=')
        text_from_utf8(value, LONGEST_TEXT, line + length + 1);
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
            text_from_utf8(section.name, LONGEST_TEXT, line + 1);
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
