/* SPDX-License-Identifier: MIT */
#include "scenario_read.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LONGEST_DELAY 4000 /* seconds; a step counts microseconds in 32 bits */

int scenario_wrong(const struct place *place, int line, const char *key, const char *format, ...)
{
    struct reading *reading = place->reading;
    size_t used;
    va_list arguments;

    if (reading->problem[0])
        return 0;
    snprintf(reading->problem, reading->room, "%s, line %d: %s%s%s: ", reading->file,
             line > 0 ? line : 1, place->name, place->name[0] && key ? "." : "", key ? key : "");
    used = strlen(reading->problem);
    va_start(arguments, format);
    vsnprintf(reading->problem + used, reading->room - used, format, arguments);
    va_end(arguments);
    return 0;
}

static int line_of_key(const struct place *place, const char *key)
{
    return toml_get(place->table, key).lineno;
}

int scenario_keys(const struct place *place, const char *const *known)
{
    char list[400];
    int i, at;

    for (i = 0; i < place->table.u.tab.size; i++) {
        const char *key = place->table.u.tab.key[i];

        for (at = 0; known[at] && strcmp(known[at], key) != 0; at++)
            ;
        if (known[at])
            continue;
        for (list[0] = 0, at = 0; known[at]; at++) {
            strncat(list, at ? ", " : "", sizeof list - strlen(list) - 1);
            strncat(list, known[at], sizeof list - strlen(list) - 1);
        }
        return scenario_wrong(place, place->table.u.tab.value[i].lineno, key,
                              "there is no such key; it may be one of %s", list);
    }
    return 1;
}

/* 1: it is there, and of that type; 0: it is absent; -1: it is of another type. */
static int value_of(const struct place *place, const char *key, toml_type_t type,
                    const char *type_name, toml_datum_t *value)
{
    *value = toml_get(place->table, key);
    if (value->type == TOML_UNKNOWN)
        return 0;
    if (value->type == type)
        return 1;
    scenario_wrong(place, value->lineno, key, "the value must be %s", type_name);
    return -1;
}

int scenario_text(const struct place *place, const char *key, WCHAR *text, size_t room)
{
    toml_datum_t value;
    int found = value_of(place, key, TOML_STRING, "a text in quotation marks", &value);
    size_t units = 0;
    const char *c;

    if (found <= 0)
        return found == 0;
    if (strlen(value.u.str.ptr) != (size_t)value.u.str.len)
        return scenario_wrong(place, value.lineno, key, "the text has a NUL character");
    for (c = value.u.str.ptr; *c; c++) /* of UTF-16: one a character, two beyond the first 65,536 */
        units += (*c & 0xC0) != 0x80 ? 1u + ((*c & 0xF8) == 0xF0) : 0;
    if (units >= room)
        return scenario_wrong(place, value.lineno, key,
                              "the text has %lu characters; RAS allows %lu", (unsigned long)units,
                              (unsigned long)room - 1);
    text_from_utf8(text, room, value.u.str.ptr);
    return 1;
}

int scenario_flag(const struct place *place, const char *key, int *flag)
{
    toml_datum_t value;
    int found = value_of(place, key, TOML_BOOLEAN, "true or false", &value);

    if (found > 0)
        *flag = value.u.boolean;
    return found >= 0;
}

int scenario_number(const struct place *place, const char *key, uint32_t least, uint32_t most,
                    uint32_t *number)
{
    toml_datum_t value;
    int found = value_of(place, key, TOML_INT64, "a whole number", &value);

    if (found <= 0)
        return found == 0;
    if (value.u.int64 < (int64_t)least || value.u.int64 > (int64_t)most)
        return scenario_wrong(place, value.lineno, key, "the number must be between %lu and %lu",
                              (unsigned long)least, (unsigned long)most);
    *number = (uint32_t)value.u.int64;
    return 1;
}

int scenario_factor(const struct place *place, const char *key, double *factor)
{
    toml_datum_t value = toml_get(place->table, key);
    double number = value.type == TOML_INT64 ? (double)value.u.int64 : value.u.fp64;

    if (value.type == TOML_UNKNOWN)
        return 1;
    if (value.type != TOML_INT64 && value.type != TOML_FP64)
        return scenario_wrong(place, value.lineno, key, "the value must be a number");
    if (!(number >= 0 && number <= LONGEST_DELAY))
        return scenario_wrong(place, value.lineno, key, "the number must be between 0 and %d",
                              LONGEST_DELAY);
    *factor = number;
    return 1;
}

int scenario_seconds(const struct place *place, const char *key, uint32_t *microseconds)
{
    double seconds = *microseconds / 1e6;

    if (!scenario_factor(place, key, &seconds))
        return 0;
    *microseconds = (uint32_t)(seconds * 1e6 + 0.5);
    return 1;
}

int scenario_list(const struct place *place, const char *key, toml_datum_t *list)
{
    return value_of(place, key, TOML_ARRAY, "a list", list) >= 0;
}

int scenario_table(const struct place *place, const char *key, toml_datum_t *table)
{
    return value_of(place, key, TOML_TABLE, "a table", table) >= 0;
}

int scenario_is_table(const struct place *place, const char *key, toml_datum_t value)
{
    return value.type == TOML_TABLE ||
           scenario_wrong(place, value.lineno, key, "each of the list must be a table");
}

/* ---- states */

static const struct {
    const char *name;
    uint32_t state;
} states[] = {
    {"OpenPort", 0},
    {"PortOpened", 1},
    {"ConnectDevice", 2},
    {"DeviceConnected", 3},
    {"AllDevicesConnected", 4},
    {"Authenticate", 5},
    {"AuthNotify", 6},
    {"AuthRetry", 7},
    {"AuthCallback", 8},
    {"AuthChangePassword", 9},
    {"AuthProject", 10},
    {"AuthLinkSpeed", 11},
    {"AuthAck", 12},
    {"ReAuthenticate", 13},
    {"Authenticated", 14},
    {"PrepareForCallback", 15},
    {"WaitForModemReset", 16},
    {"WaitForCallback", 17},
    {"Projected", 18},
    {"StartAuthentication", 19},
    {"CallbackComplete", 20},
    {"LogonNetwork", 21},
    {"SubEntryConnected", 22},
    {"SubEntryDisconnected", 23},
    {"ApplySettings", 24},
    {"Interactive", RASCS_PAUSED},
    {"RetryAuthentication", RASCS_RetryAuthentication},
    {"CallbackSetByCaller", RASCS_CallbackSetByCaller},
    {"PasswordExpired", RASCS_PasswordExpired},
    {"InvokeEapUI", RASCS_InvokeEapUI},
    {"Connected", RASCS_Connected},
    {"Disconnected", RASCS_Disconnected},
};

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* Without case and underscores. */
static int same_name(const char *left, const char *right)
{
    for (;;) {
        while (*left == '_')
            left++;
        if (folded(*left) != folded(*right))
            return 0;
        if (!*left)
            return 1;
        left++, right++;
    }
}

uint32_t scenario_state_named(const char *name)
{
    size_t i;

    if (strncmp(name, "RASCS_", 6) == 0)
        name += 6;
    for (i = 0; i < sizeof states / sizeof *states; i++)
        if (same_name(name, states[i].name))
            return states[i].state;
    return SIM_SAME_STATE;
}

int scenario_state_of(toml_datum_t value, uint32_t *state)
{
    if (value.type == TOML_INT64 && value.u.int64 >= 0 && value.u.int64 < SIM_SAME_STATE)
        *state = (uint32_t)value.u.int64;
    else if (value.type == TOML_STRING)
        *state = scenario_state_named(value.u.str.ptr);
    else
        return 0;
    return *state != SIM_SAME_STATE;
}

int scenario_state(const struct place *place, const char *key, uint32_t *state)
{
    toml_datum_t value = toml_get(place->table, key);

    return value.type == TOML_UNKNOWN || scenario_state_of(value, state) ||
           scenario_wrong(place, line_of_key(place, key), key,
                          "no state of RAS: a name such as \"AUTHENTICATE\", or its number");
}
