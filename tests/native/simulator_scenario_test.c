/* SPDX-License-Identifier: MIT
 *
 * Scenario files from C, under the sanitizers, without memory, and with any bytes in them.
 * tests/simulator/test_scenario.py has the keys and the messages.
 */
#define _POSIX_C_SOURCE 200809L

#include "simulator_harness.h"

#include <unistd.h>

static const char whole[] =
    "pace = 0.0\n"
    "release_delay = 1e-3\n"
    "administrator = true\n"
    "[[phonebook]]\npath = 'C:\\all.pbk'\nall_users = true\n"
    "[[device]]\nname = \"ISDN 1\"\ntype = \"isdn\"\nports = 2\n"
    "[[device]]\nname = \"WAN Miniport (SSTP)\"\npresent = false\n"
    "[[entry]]\nname = \"Busy\"\n"
    "script = [\"OPEN_PORT\", { state = 'RASCS_ConnectDevice', after = 0.001 }, { fail = 676 }]\n"
    "[[entry]]\nname = \"Shared\"\nphonebook = 'C:\\all.pbk'\ndevice = 'WAN Miniport (PPTP)'\nusername = \"ada\"\npassword = \"secret\"\n"
    "addresses = [\"198.51.100.7\", \"198.51.100.8\", \"2001:db8::7\"]\n"
    "[[entry]]\nname = \"Card\"\neap = { method = 13, username = \"ada\", data = \"00fF\" }\n"
    "[[entry]]\nname = \"Bundle\"\ndevice = \"ISDN 1\"\ndevice_type = \"isdn\"\n"
    "link = [{ device = \"ISDN 2\" }, { device = \"ISDN 1\", script = [\"OPEN_PORT\", { fail = 678 }] }]\n"
    "[[entry]]\nname = \"Taken\"\nrefuse = 633\nrefuse_with_handle = true\nreturn_delay = 0\n"
    "[[entry]]\nname = \"Old\"\npassword = \"old\"\npassword_expired = true\ncallback = \"none\"\n"
    "[answers]\nRasEnumDevices = 711\n"
    "[otherwise]\nstale_statistics = true\n";

static char path[200];

static const WCHAR *file_with(const char *text, size_t size)
{
    const char *folder = getenv("TMPDIR");
    FILE *file;

    snprintf(path, sizeof path, "%s/rasdial-%ld.toml", folder ? folder : "/tmp", (long)getpid());
    file = fopen(path, "wb");
    CHECK(file && fwrite(text, 1, size, file) == size && fclose(file) == 0);
    return w(path);
}

static DWORD load(const char *text, char problem[SIM_PROBLEM])
{
    return sim_load_scenario(sim, file_with(text, strlen(text)), problem, SIM_PROBLEM);
}

static BYTE last_of_address(HRASCONN handle)
{
    RASPPPIPW ip = {.dwSize = sizeof ip};
    DWORD bytes = sizeof ip;

    IS(ras->RasGetProjectionInfoW(handle, RASP_PppIp, &ip, &bytes), 0);
    CHECK(!memcmp(ip.szIpAddress, w("198.51.100."), 22));
    return (BYTE)(ip.szIpAddress[11] - '0');
}

static HRASCONN dial_shared(const char *password, DWORD expected)
{
    RASDIALPARAMSW params = params_of("Shared");
    HRASCONN handle = NULL;

    memcpy(params.szUserName, w("ada"), 8);
    memcpy(params.szPassword, w(password), 2 * (strlen(password) + 1));
    IS(ras->RasDialW(NULL, w("C:\\all.pbk"), &params, 0, NULL, &handle), expected);
    return handle;
}

static void scenario(void)
{
    char problem[SIM_PROBLEM];
    RASDIALPARAMSW params;
    RAS_STATS statistics = {.dwSize = sizeof statistics};
    HRASCONN handle = NULL;
    DWORD bytes = 0, count = 0;
    int i;

    IS(load(whole, problem), 0);
    CHECK(!problem[0]);
    params = params_of("Busy");
    IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, &handle), 676);
    IS(state_of(handle, NULL), 2);
    hang_up(handle);
    hang_up(dial_shared("wrong", 691));
    for (i = 0; i < 3; i++) {
        handle = dial_shared("secret", 0);
        IS(last_of_address(handle), 7 + i % 2);
        hang_up(handle);
    }
    params = params_of("Card");
    params.szUserName[0] = 0;
    handle = NULL;
    IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, &handle), 703);
    hang_up(handle);
    params = params_of("Taken");
    handle = NULL;
    IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, &handle), 633);
    CHECK(handle);
    hang_up(handle);
    IS(ras->RasEnumDevicesW(NULL, &bytes, &count), 711);
    IS(ras->RasGetConnectionStatistics((HRASCONN)0x7FFF0, &statistics), 0x80070057);
    unlink(path);
}

static void bad_arguments(void)
{
    char problem[SIM_PROBLEM] = "before", small[8];

    IS(sim_load_scenario(sim, NULL, problem, sizeof problem), 87);
    IS(sim_load_scenario(sim, w(""), problem, sizeof problem), 87);
    IS(sim_load_scenario(NULL, w("/x"), problem, sizeof problem), 711);
    IS(sim_load_scenario(sim, w("/nowhere/x.toml"), problem, sizeof problem), 2);
    CHECK(strstr(problem, "/nowhere/x.toml: the file cannot be read"));
    IS(sim_load_scenario(sim, w("/nowhere/x.toml"), small, sizeof small), 2);
    IS(strlen(small), sizeof small - 1);
    IS(sim_load_scenario(sim, w("/nowhere/x.toml"), NULL, 0), 2);
    IS(sim_load_scenario(sim, w("/nowhere/x.toml"), NULL, 8), 87);
}

static void set_addresses(void)
{
    static const char *const good[] = {"1.2.3.4", "255.255.255.255", "::",        "::1",
                                       "1::",     "1:2:3:4:5:6:7:8", "2001:DB8::7", "1:2:3:4:5:6:7::"};
    static const char *const bad[] = {"",        "1.2.3",   "1.2.3.256", "1.2.3.4.5", "01.2.3.4", "1.2.3.4 ",
                                      "1..3.4",  ":",       ":1",        "1:",        ":::",      "1::2::3",
                                      "1:2:3:4:5:6:7:8:9", "12345::",   "g::",       "1:2:3:4:5:6:7", "::1:"};
    const WCHAR *one;
    size_t i;

    add_vpn();
    for (i = 0; i < LENGTH(good); i++) {
        one = w(good[i]);
        IS(sim_set_addresses(sim, NULL, w("Office"), &one, 1), 0);
    }
    for (i = 0; i < LENGTH(bad); i++) {
        one = w(bad[i]);
        CHECK(!sim_is_address(one));
        IS(sim_set_addresses(sim, NULL, w("Office"), &one, 1), 87);
    }
    IS(sim_set_addresses(sim, NULL, w("Nowhere"), &one, 0), 623);
    IS(sim_set_addresses(sim, NULL, w("Office"), NULL, 0), 0);
}

static DWORD entries(void)
{
    DWORD bytes = 0, count = 0;

    ras->RasEnumEntriesW(NULL, NULL, NULL, &bytes, &count);
    return count;
}

static void without_memory(void)
{
    char problem[SIM_PROBLEM];
    int allocation;
    DWORD code = 1;

    for (allocation = 1; code; allocation++) {
        const WCHAR *name = file_with(whole, sizeof whole - 1);

        CHECK(allocation < 2000);
        atomic_store(&allocations_left, allocation);
        code = sim_load_scenario(sim, name, problem, sizeof problem);
        atomic_store(&allocations_left, 0);
        CHECK(code == 0 || code == 2 || code == 8 || code == 13);
        CHECK(!code == !problem[0]);
    }
    IS(entries(), 6);
    unlink(path);
}

/* Whatever a file holds: it is loaded, or refused with a message and without an effect. */
static void odd_scenarios(void)
{
    static const char *const pieces[] = {
        "[[entry]]\n", "name = \"a\"\n", "[", "]", "{", "}", "=", ",", "\"", "'", "\n", "#", ".", "-", "1e999",
        "script = [", "fail = 691", "after = 0.1", "\"OPEN_PORT\"", "pause = 4097", "true", "[answers]\n",
        "RasDial = 1\n", "addresses = [\"::1\"]\n", "eap = {data = \"0\"}\n", "\xFF", "\\u0000", "1979-05-27",
        "99999999999999999999", "[entry.eap]\n", "\"\"\"", "inf", "\t", "link = [{}]\n", "[otherwise]\n",
    };
    char problem[SIM_PROBLEM], text[2000];
    unsigned seed = 11, round, piece;

    for (round = 0; round < 3000; round++) {
        size_t size = 0;
        DWORD code, before = entries();

        if (round % 2) { /* a right one with some bytes changed */
            memcpy(text, whole, size = sizeof whole - 1);
            for (piece = 0; piece < 1 + round % 4; piece++) {
                seed = seed * 1103515245 + 12345;
                text[seed / 65536 % size] = (char)(seed / 256);
            }
        } else {
            for (piece = 0, text[0] = 0; piece < 40; piece++) {
                seed = seed * 1103515245 + 12345;
                strcat(text, pieces[seed / 65536 % LENGTH(pieces)]);
            }
            size = strlen(text);
        }
        code = sim_load_scenario(sim, file_with(text, size), problem, sizeof problem);
        CHECK(code == 0 || (code == 13 && strstr(problem, ", line ") && entries() == before));
    }
    unlink(path);
}

const struct test scenario_tests[] = {
    TEST(scenario),       TEST(bad_arguments), TEST(set_addresses),
    TEST(without_memory), TEST(odd_scenarios), {NULL, NULL},
};
