/* SPDX-License-Identifier: MIT
 *
 * Scenario files: what a simulator is to be like, in TOML. docs/how-to/scenario-file.md lists the keys.
 * The file is gone through twice: first everything is checked, then it is applied.
 */
#include "scenario_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_EAP_BYTES 1024
#define COUNT(array) (sizeof(array) / sizeof *(array))

struct load {
    struct engine *engine;
    int applying;
    DWORD error; /* of the engine; 0 so far */
    struct reading reading;
};

struct texts {
    WCHAR phonebook[RAS_MAX_PATH];
    WCHAR name[RAS_MaxEntryName + 1];
    WCHAR device_type[RAS_MaxDeviceType + 1];
    WCHAR device[RAS_MaxDeviceName + 1];
    WCHAR phone_number[RAS_MaxPhoneNumber + 1];
    WCHAR user_name[RAS_UNLEN + 1];
    WCHAR password[RAS_PWLEN + 1];
    WCHAR domain[RAS_DNLEN + 1];
};

#define TEXT_OF(place, key, text) scenario_text(place, key, text, sizeof(text) / sizeof *(text))

static int has(const struct place *place, const char *key)
{
    return toml_get(place->table, key).type != TOML_UNKNOWN;
}

/* The engine's answer; nonzero = go on. */
static int done(struct load *load, const struct place *place, const char *key, DWORD error)
{
    if (!error)
        return 1;
    load->error = error;
    return scenario_wrong(place, key ? toml_get(place->table, key).lineno : place->table.lineno, key,
                          "the simulator refuses it with error %lu", (unsigned long)error);
}

/* A name must not be absent or empty. */
static int named(const struct place *place, const char *key, const WCHAR *text)
{
    return text[0] || scenario_wrong(place, place->table.lineno, key, "the name is missing or empty");
}

/* ---- scripts */

/* A step that is a table; exactly one of these keys says its kind, else `state` does. */
static int read_step_table(const struct place *place, struct sim_step *step)
{
    static const char *const keys[] = {"state",  "login", "fail",     "pause",    "silence",
                                       "drop",   "after", "extended", "scripted", NULL};
    static const struct {
        const char *key;
        enum sim_step_kind kind;
    } kinds[] = {{"login", SIM_LOGIN}, {"fail", SIM_FAIL},       {"pause", SIM_PAUSE},
                 {"drop", SIM_DROP},   {"silence", SIM_SILENCE}, {"state", SIM_STEP}};
    const char *key = NULL;
    int silent = 1, scripted = 0;
    size_t i;

    if (!scenario_keys(place, keys) || !scenario_seconds(place, "after", &step->delay_us) ||
        !scenario_number(place, "extended", 0, 0xFFFFFFFF, &step->extended_error) ||
        !scenario_flag(place, "scripted", &scripted) || !scenario_flag(place, "silence", &silent))
        return 0;
    for (i = 0; i < COUNT(kinds); i++) {
        if (!has(place, kinds[i].key) || (key && kinds[i].kind == SIM_STEP && step->kind == SIM_FAIL))
            continue;
        if (key)
            return scenario_wrong(place, place->table.lineno, kinds[i].key,
                                  "the step is a \"%s\" already", key);
        key = kinds[i].key;
        step->kind = kinds[i].kind;
    }
    if (!key)
        return scenario_wrong(place, place->table.lineno, NULL,
                              "the step needs one of state, login, fail, pause, silence, drop");
    switch (step->kind) {
    case SIM_FAIL:
        step->state = SIM_SAME_STATE;
        return scenario_number(place, key, 1, 0xFFFFFFFF, &step->error) &&
               scenario_state(place, "state", &step->state);
    case SIM_DROP:
        return scenario_number(place, key, 0, 0xFFFFFFFF, &step->error);
    case SIM_SILENCE:
        return silent || scenario_wrong(place, place->table.lineno, key, "it can only be true");
    default:
        if (!scenario_state(place, key, &step->state))
            return 0;
    }
    if (step->kind != SIM_PAUSE)
        return 1;
    if (scripted)
        step->kind = SIM_PAUSE_SCRIPTED;
    return (step->state & RASCS_PAUSED) ||
           scenario_wrong(place, place->table.lineno, key, "RAS does not pause in this state");
}

static int read_step(const struct place *around, toml_datum_t value, struct sim_step *step)
{
    struct place place = {around->reading, value, "entry.script"};

    memset(step, 0, sizeof *step);
    if (value.type == TOML_TABLE)
        return read_step_table(&place, step);
    return scenario_state_of(value, &step->state) ||
           scenario_wrong(around, value.lineno, "script", "a step is a state of RAS or a table");
}

static int read_script(struct load *load, const struct place *place, const struct texts *texts,
                       uint32_t link)
{
    struct sim_step *steps;
    toml_datum_t list;
    uint32_t i, count;
    int right = 1;

    if (!scenario_list(place, "script", &list))
        return 0;
    if (list.type == TOML_UNKNOWN)
        return 1;
    count = (uint32_t)list.u.arr.size;
    steps = malloc((count + 1) * sizeof *steps);
    if (!steps)
        return done(load, place, "script", ERROR_NOT_ENOUGH_MEMORY);
    for (i = 0; right && i < count; i++)
        right = read_step(place, list.u.arr.elem[i], &steps[i]);
    if (right && load->applying)
        right = done(load, place, "script",
                     sim_script_link(load->engine, texts->phonebook, texts->name, link, steps, count));
    free(steps);
    return right;
}

/* ---- entries */

/* What the phonebook says of the entry stays, as far as the scenario does not say anything else. */
static DWORD put_entry(struct engine *engine, const struct place *place, const struct texts *from)
{
    struct sim_entry texts = {from->phonebook,    from->name,      from->device_type, from->device,
                              from->phone_number, from->user_name, from->password,    from->domain};
    struct device *device;
    struct entry *entry;
    struct line *line;
    DWORD error;

    if (!engine_enter(engine))
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    os_lock(&engine->lock);
    phonebook_known(engine, from->phonebook);
    line = line_in(engine, phonebook_meant(engine, from->phonebook), from->name);
    if (line) {
        struct sim_entry now = entry_texts(line->entry);

        texts.phonebook = now.phonebook;
        texts.name = now.name;
        texts.device_type = has(place, "device_type") ? texts.device_type : now.device_type;
        texts.device_name = has(place, "device") ? texts.device_name : now.device_name;
        texts.phone_number = has(place, "phone_number") ? texts.phone_number : now.phone_number;
        device = device_usual(engine, texts.device_type, texts.device_name);
        entry = device ? entry_changed(line->entry, device, &texts) : NULL;
        error = entry ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
        if (entry)
            line_set_entry(line, entry);
    }
    os_unlock(&engine->lock);
    if (!line)
        error = sim_add_entry(engine, &texts);
    engine_leave(engine);
    return error;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static int read_eap(struct load *load, const struct place *around, const struct texts *texts)
{
    static const char *const keys[] = {"method",      "username", "data",
                                       "interactive", "window",   NULL};
    struct place place = {around->reading, {0}, "entry.eap"};
    BYTE data[MOST_EAP_BYTES];
    WCHAR hex[2 * MOST_EAP_BYTES + 1] = {0}, user_name[RAS_UNLEN + 1] = {0};
    struct sim_eap eap = {.type = 13, .user_name = user_name, .info = data};
    size_t i;

    if (!scenario_table(around, "eap", &place.table))
        return 0;
    if (place.table.type == TOML_UNKNOWN)
        return 1;
    if (!scenario_keys(&place, keys) || !scenario_number(&place, "method", 1, 255, &eap.type) ||
        !TEXT_OF(&place, "username", user_name) || !TEXT_OF(&place, "data", hex) ||
        !scenario_flag(&place, "interactive", &eap.interactive) ||
        !scenario_flag(&place, "window", &eap.window))
        return 0;
    for (i = 0; hex[i]; i += 2) {
        int high = hex_digit((char)hex[i]), low = hex_digit((char)hex[i + 1]);

        if (high < 0 || low < 0 || hex[i] > 127 || hex[i + 1] > 127)
            return scenario_wrong(&place, toml_get(place.table, "data").lineno, "data",
                                  "the bytes must be pairs of hexadecimal digits");
        data[eap.info_bytes++] = (BYTE)(high * 16 + low);
    }
    return !load->applying ||
           done(load, around, "eap",
                sim_set_eap(load->engine, texts->phonebook, texts->name, &eap));
}

static int read_addresses(struct load *load, const struct place *place, const struct texts *texts)
{
    const WCHAR **addresses;
    WCHAR (*copies)[SIM_ADDRESS];
    toml_datum_t list;
    uint32_t i, count;
    int right = 1;

    if (!scenario_list(place, "addresses", &list))
        return 0;
    if (list.type == TOML_UNKNOWN)
        return 1;
    count = (uint32_t)list.u.arr.size;
    copies = malloc((count + 1) * sizeof *copies);
    addresses = malloc((count + 1) * sizeof *addresses);
    if (!copies || !addresses)
        right = done(load, place, "addresses", ERROR_NOT_ENOUGH_MEMORY);
    for (i = 0; right && i < count; i++) {
        toml_datum_t value = list.u.arr.elem[i];

        if (value.type == TOML_STRING)
            text_from_utf8(copies[i], SIM_ADDRESS, value.u.str.ptr);
        if (value.type != TOML_STRING || strlen(value.u.str.ptr) >= SIM_ADDRESS ||
            !sim_is_address(copies[i]))
            right = scenario_wrong(place, value.lineno, "addresses",
                                   "each must be an IPv4 or IPv6 address in quotation marks");
        addresses[i] = copies[i];
    }
    if (right && load->applying)
        right = done(load, place, "addresses",
                     sim_set_addresses(load->engine, texts->phonebook, texts->name, addresses, count));
    free(copies);
    free(addresses);
    return right;
}

static int read_login(struct load *load, const struct place *place, const struct texts *texts)
{
    static const char *const modes[] = {"none", "set-by-caller", "preset"};
    WCHAR mode[16] = {0};
    char wanted[16];
    uint32_t callback = 0;
    int expired = 0;

    if (!scenario_flag(place, "password_expired", &expired) || !TEXT_OF(place, "callback", mode))
        return 0;
    text_to_utf8(wanted, sizeof wanted, mode);
    while (callback < COUNT(modes) && mode[0] && strcmp(modes[callback], wanted) != 0)
        callback++;
    if (callback == COUNT(modes))
        return scenario_wrong(place, toml_get(place->table, "callback").lineno, "callback",
                              "it may be \"none\", \"set-by-caller\" or \"preset\"");
    if (!load->applying)
        return 1;
    return (!expired || done(load, place, "password_expired",
                             sim_expire_password(load->engine, texts->phonebook, texts->name))) &&
           (!mode[0] || done(load, place, "callback",
                             sim_set_callback(load->engine, texts->phonebook, texts->name, callback)));
}

static int read_refusal(struct load *load, const struct place *place, const struct texts *texts)
{
    uint32_t code = 0, delay = 0;
    int handle = 0;

    return scenario_number(place, "refuse", 0, 0xFFFFFFFF, &code) &&
           scenario_flag(place, "refuse_with_handle", &handle) &&
           scenario_seconds(place, "return_delay", &delay) &&
           (!load->applying || (!code && !delay) ||
            done(load, place, "refuse",
                 sim_refuse(load->engine, texts->phonebook, texts->name, code, handle, delay)));
}

/* The number of the sub-entry that was added last. */
static uint32_t last_link(struct engine *engine, const struct texts *texts)
{
    DWORD error;
    struct line *line = line_enter(engine, texts->phonebook, texts->name, &error);
    uint32_t number = 0;

    if (line) {
        number = line->sub_entry_count;
        line_leave(engine);
    }
    return number;
}

static int read_links(struct load *load, const struct place *around, const struct texts *texts)
{
    static const char *const keys[] = {"device", "device_type", "phone_number", "script", NULL};
    toml_datum_t list;
    int i;

    if (!scenario_list(around, "link", &list))
        return 0;
    for (i = 0; list.type == TOML_ARRAY && i < list.u.arr.size; i++) {
        struct place place = {around->reading, list.u.arr.elem[i], "entry.link"};
        struct texts link = {.device_type = {'i', 's', 'd', 'n'}};

        if (!scenario_is_table(around, "link", place.table) || !scenario_keys(&place, keys) ||
            !TEXT_OF(&place, "device", link.device) || !named(&place, "device", link.device) ||
            !TEXT_OF(&place, "device_type", link.device_type) ||
            !TEXT_OF(&place, "phone_number", link.phone_number))
            return 0;
        if (load->applying &&
            !done(load, &place, NULL,
                  sim_add_link(load->engine, texts->phonebook, texts->name, link.device_type,
                               link.device, link.phone_number)))
            return 0;
        if (!read_script(load, &place, texts, load->applying ? last_link(load->engine, texts) : 0))
            return 0;
    }
    return 1;
}

static int read_entry(struct load *load, const struct place *place, struct texts *texts)
{
    static const char *const keys[] = {
        "name",     "phonebook", "device",           "device_type",  "phone_number",
        "username", "password",  "domain",           "script",       "addresses",
        "refuse",   "eap",       "password_expired", "callback",     "refuse_with_handle",
        "link",     "return_delay", NULL};

    if (!scenario_keys(place, keys) || !TEXT_OF(place, "name", texts->name) ||
        !named(place, "name", texts->name) || !TEXT_OF(place, "phonebook", texts->phonebook) ||
        !TEXT_OF(place, "device", texts->device) || !TEXT_OF(place, "device_type", texts->device_type) ||
        !TEXT_OF(place, "phone_number", texts->phone_number) ||
        !TEXT_OF(place, "username", texts->user_name) || !TEXT_OF(place, "password", texts->password) ||
        !TEXT_OF(place, "domain", texts->domain))
        return 0;
    if (load->applying && !done(load, place, "name", put_entry(load->engine, place, texts)))
        return 0;
    return read_links(load, place, texts) && read_script(load, place, texts, 0) &&
           read_eap(load, place, texts) && read_addresses(load, place, texts) &&
           read_login(load, place, texts) && read_refusal(load, place, texts);
}

static int read_one_entry(struct load *load, const struct place *place)
{
    struct texts texts;
    int right;

    memset(&texts, 0, sizeof texts);
    right = read_entry(load, place, &texts);
    wipe(&texts, sizeof texts);
    return right;
}

/* ---- phonebooks, devices, functions */

static int read_phonebook(struct load *load, const struct place *place)
{
    static const char *const keys[] = {"path", "all_users", NULL};
    WCHAR path[RAS_MAX_PATH] = {0};
    int all_users = 0;

    return scenario_keys(place, keys) && TEXT_OF(place, "path", path) && named(place, "path", path) &&
           scenario_flag(place, "all_users", &all_users) &&
           (!load->applying ||
            done(load, place, "path", sim_add_phonebook(load->engine, path, all_users)));
}

static int read_device(struct load *load, const struct place *place)
{
    static const char *const keys[] = {"name", "type", "ports", "present", NULL};
    WCHAR name[RAS_MaxDeviceName + 1] = {0}, type[RAS_MaxDeviceType + 1] = {'v', 'p', 'n'};
    uint32_t ports = 0;
    int present = 1;

    if (!scenario_keys(place, keys) || !TEXT_OF(place, "name", name) || !named(place, "name", name) ||
        !TEXT_OF(place, "type", type) || !named(place, "type", type) ||
        !scenario_number(place, "ports", 0, 0xFFFF, &ports) ||
        !scenario_flag(place, "present", &present))
        return 0;
    if (!load->applying)
        return 1;
    return done(load, place, "name", sim_set_device(load->engine, type, name, present)) &&
           (!has(place, "ports") ||
            done(load, place, "ports", sim_set_ports(load->engine, name, ports)));
}

static const struct {
    const char *name;
    uint32_t place;
} functions[] = {
#define FUNCTION(name, parameters) {#name, RAS_PLACE(name)},
    RAS_FUNCTIONS(FUNCTION)
#undef FUNCTION
};

/* With or without the W; RAS_PLACES = there is no such function. */
static uint32_t function_named(const char *name)
{
    size_t length = strlen(name), i;

    for (i = 0; i < COUNT(functions); i++)
        if (strncmp(functions[i].name, name, length) == 0 &&
            (!functions[i].name[length] || strcmp(functions[i].name + length, "W") == 0))
            return functions[i].place;
    return RAS_PLACES;
}

static int read_answers(struct load *load, const struct place *whole)
{
    struct place place = {whole->reading, {0}, "answers"};
    uint32_t code = 0;
    int i;

    if (!scenario_table(whole, "answers", &place.table))
        return 0;
    for (i = 0; place.table.type == TOML_TABLE && i < place.table.u.tab.size; i++) {
        const char *name = place.table.u.tab.key[i];
        uint32_t function = function_named(name);

        if (function == RAS_PLACES)
            return scenario_wrong(&place, place.table.u.tab.value[i].lineno, name,
                                  "there is no such function of RAS");
        if (!scenario_number(&place, name, 0, 0xFFFFFFFF, &code) ||
            (load->applying && !done(load, &place, name, sim_answer(load->engine, function, code))))
            return 0;
    }
    return 1;
}

static const char *const questions[SIM_QUESTIONS] = {
    [SIM_HANG_UP_GONE] = "hang_up_gone",         [SIM_DEVICES_SIZE] = "devices_size",
    [SIM_NULL_PHONEBOOK] = "null_phonebook",     [SIM_DEVICE_TYPE] = "device_type",
    [SIM_WINDOW_NOTIFIER] = "window_notifier",   [SIM_STALE_STATISTICS] = "stale_statistics",
    [SIM_SECOND_PPPOE] = "second_pppoe",         [SIM_DIALING_LISTED] = "dialing_listed",
};

static int read_otherwise(struct load *load, const struct place *whole)
{
    struct place place = {whole->reading, {0}, "otherwise"};
    const char *keys[SIM_QUESTIONS + 1] = {NULL};
    uint32_t i;

    memcpy(keys, questions, sizeof questions);
    if (!scenario_table(whole, "otherwise", &place.table))
        return 0;
    if (place.table.type == TOML_UNKNOWN)
        return 1;
    if (!scenario_keys(&place, keys))
        return 0;
    for (i = 0; i < SIM_QUESTIONS; i++) {
        int otherwise = 0;

        if (!has(&place, questions[i]))
            continue;
        if (!scenario_flag(&place, questions[i], &otherwise) ||
            (load->applying &&
             !done(load, &place, questions[i], sim_settle(load->engine, i, otherwise))))
            return 0;
    }
    return 1;
}

/* ---- the whole */

static int each(struct load *load, const struct place *whole, const char *key,
                int (*read)(struct load *, const struct place *))
{
    toml_datum_t list;
    int i;

    if (!scenario_list(whole, key, &list))
        return 0;
    for (i = 0; list.type == TOML_ARRAY && i < list.u.arr.size; i++) {
        struct place place = {whole->reading, list.u.arr.elem[i], key};

        if (!scenario_is_table(whole, key, place.table) || !read(load, &place))
            return 0;
    }
    return 1;
}

static int read_scenario(struct load *load, const struct place *whole)
{
    static const char *const keys[] = {"pace",   "release_delay", "administrator", "phonebook", "device",
                                       "entry",  "answers",       "otherwise",     NULL};
    double pace = 1.0;
    uint32_t release_delay = 0;
    int administrator = 1;

    if (!scenario_keys(whole, keys) || !scenario_factor(whole, "pace", &pace) ||
        !scenario_seconds(whole, "release_delay", &release_delay) ||
        !scenario_flag(whole, "administrator", &administrator) ||
        !each(load, whole, "phonebook", read_phonebook) ||
        !each(load, whole, "device", read_device) || !each(load, whole, "entry", read_one_entry) ||
        !read_answers(load, whole) || !read_otherwise(load, whole))
        return 0;
    if (load->applying && has(whole, "pace"))
        sim_set_pace(load->engine, pace);
    if (load->applying && has(whole, "release_delay"))
        sim_set_release_delay(load->engine, release_delay);
    if (load->applying && has(whole, "administrator"))
        sim_set_administrator(load->engine, administrator);
    return 1;
}

/* "(line 12) what" of the TOML reader, or what alone. */
static void say_no_toml(struct reading *reading, const char *message)
{
    struct place whole = {reading, {0}, "no TOML"};
    int line = 1;

    if (sscanf(message, "(line %d) ", &line) == 1)
        message = strchr(message, ')') + 2;
    scenario_wrong(&whole, line, NULL, "%s", message);
}

static DWORD load_text(struct load *load, const char *text, size_t size)
{
    static os_mutex options = OS_MUTEX_INIT; /* they are the reader's, for all threads */
    toml_option_t option = toml_default_option();
    struct place whole = {&load->reading, {0}, ""};
    toml_result_t toml;

    option.check_utf8 = 1;
    os_lock(&options);
    toml_set_option(option);
    os_unlock(&options);
    toml = toml_parse(text, (int)size);
    whole.table = toml.toptab;
    if (!toml.ok) {
        say_no_toml(&load->reading, toml.errmsg);
    } else if (read_scenario(load, &whole)) {
        load->applying = 1;
        read_scenario(load, &whole);
    }
    toml_free(toml);
    if (load->error)
        return load->error;
    return load->reading.problem[0] ? ERROR_INVALID_DATA : ERROR_SUCCESS;
}

DWORD sim_load_scenario(struct engine *engine, const WCHAR *path, char *problem, uint32_t room)
{
    char shown[4 * RAS_MAX_PATH], kept[SIM_PROBLEM] = "", *text = NULL;
    struct load load = {engine, 0, 0, {shown, kept, sizeof kept}};
    DWORD error = ERROR_SUCCESS;
    size_t size = 0;

    if (!text_length(path, 1) || !text_fits(path, RAS_MAX_PATH) || (room && !problem))
        return ERROR_INVALID_PARAMETER;
    if (!engine_enter(engine))
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    NATIVE_PATH(native, path);
    text_to_utf8(shown, sizeof shown, path);
    if (!is_scripted(engine)) {
        error = ERROR_CALL_NOT_IMPLEMENTED;
        snprintf(kept, sizeof kept, "%s: a scenario is for simulated lines; these are real", shown);
    } else if (os_file_read(native, &text, &size) != 0) {
        error = ERROR_FILE_NOT_FOUND;
        snprintf(kept, sizeof kept, "%s: the file cannot be read", shown);
    } else {
        text[size] = 0;
        error = load_text(&load, text, size);
    }
    engine_leave(engine);
    free(text);
    if (room)
        snprintf(problem, room, "%s", kept);
    return error;
}
