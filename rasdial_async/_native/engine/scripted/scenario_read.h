/* SPDX-License-Identifier: MIT
 *
 * The values of a scenario file, each with its checks. The first thing that is wrong is kept.
 */
#ifndef RASDIAL_ASYNC_SCENARIO_READ_H
#define RASDIAL_ASYNC_SCENARIO_READ_H

#include "../../tomlc17/tomlc17.h"
#include "scripted.h"

struct reading {
    const char *file; /* as it is named in messages */
    char *problem;    /* "" so far, or the first one */
    size_t room;
};

/* A table, and its name in messages, such as "entry.eap". */
struct place {
    struct reading *reading;
    toml_datum_t table;
    const char *name;
};

/* Always 0, as all that follow answer where something is wrong. `key` may be null. */
int scenario_wrong(const struct place *place, int line, const char *key, const char *format, ...);

/* Nonzero: what is there is right; an absent key leaves the target as it is. */
int scenario_keys(const struct place *place, const char *const *known); /* no others; null ends them */
int scenario_text(const struct place *place, const char *key, WCHAR *text, size_t room);
int scenario_flag(const struct place *place, const char *key, int *flag);
int scenario_number(const struct place *place, const char *key, uint32_t least, uint32_t most,
                    uint32_t *number);
int scenario_seconds(const struct place *place, const char *key, uint32_t *microseconds);
int scenario_factor(const struct place *place, const char *key, double *factor);
int scenario_state(const struct place *place, const char *key, uint32_t *state);
/* `list` becomes TOML_ARRAY or stays TOML_UNKNOWN. */
int scenario_list(const struct place *place, const char *key, toml_datum_t *list);
int scenario_table(const struct place *place, const char *key, toml_datum_t *table);
int scenario_is_table(const struct place *place, const char *key, toml_datum_t value);

/* A RASCONNSTATE by its name, RASCS_… or as Python spells it; SIM_SAME_STATE = there is none. */
uint32_t scenario_state_named(const char *name);
/* A number or a name; nonzero: `state` is set. */
int scenario_state_of(toml_datum_t value, uint32_t *state);

#endif
