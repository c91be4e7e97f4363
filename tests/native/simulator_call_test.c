/* SPDX-License-Identifier: MIT */
#include "simulator_harness.h"

/* ---- arguments */

static void bad_arguments(void)
{
    RASDIALPARAMSW params = params_of("Office"), broken;
    RASDIALEXTENSIONS extensions;
    HRASCONN handle = NULL;
    RASCONNSTATUSW status;
    WCHAR path[400];
    DWORD size, i;

    add_vpn();
    memset(&extensions, 0, sizeof extensions);
    IS(ras->RasDialW(NULL, NULL, NULL, 0, NULL, &handle), 87);
    IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, NULL), 87);
    IS(ras->RasDialW(NULL, NULL, &params, 3, (void *)func, &handle), 87);
    IS(ras->RasDialW(NULL, NULL, &params, 0xFFFFFFFF, (void *)func, &handle), 87);
    extensions.dwSize = 1;
    IS(ras->RasDialW(&extensions, NULL, &params, 0, NULL, &handle), 632);
    IS(ras->RasDialW(NULL, w("C:\\none.pbk"), &params, 0, NULL, &handle), 621);
    for (i = 0; i < 400; i++)
        path[i] = 'x';
    IS(ras->RasDialW(NULL, path, &params, 0, NULL, &handle), 87);
    broken = params;
    memcpy(broken.szEntryName, path, sizeof broken.szEntryName);
    IS(ras->RasDialW(NULL, NULL, &broken, 0, NULL, &handle), 87);
    broken = params;
    memcpy(broken.szDomain, path, sizeof broken.szDomain);
    IS(ras->RasDialW(NULL, NULL, &broken, 0, NULL, &handle), 87);
    broken = params_of("Elsewhere");
    IS(ras->RasDialW(NULL, NULL, &broken, 0, NULL, &handle), 623);
    CHECK(!handle);
    handle = (HRASCONN)(uintptr_t)4;
    IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, &handle), 6);
    handle = NULL;
    for (size = 0; size < 2300; size++) {
        int known = size == sizeof params || size == offsetof(RASDIALPARAMSW, szEncPassword) ||
                    size == offsetof(RASDIALPARAMSW, dwIfIndex) || size == 2096;

        params.dwSize = size;
        extensions.dwSize = 0;
        handle = NULL;
        IS(ras->RasDialW(&extensions, NULL, &params, 0, NULL, &handle), known ? 0 : 632);
        if (known) {
            HRASCONN again = handle;

            IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, &again), 87); /* nothing is paused */
            for (i = 0; i < 700; i++) {
                int ok = i == 304 || i == 564 || i == 608;

                memset(&status, 0xEE, sizeof status);
                status.dwSize = i;
                IS(ras->RasGetConnectStatusW(handle, &status), ok ? 0 : 632);
                if (ok && i < 608)
                    IS(((BYTE *)&status)[i], 0xEE);
            }
            hang_up(handle);
        }
    }
    IS(ras->RasGetConnectStatusW(handle, NULL), 87);
    status.dwSize = 608;
    IS(ras->RasGetConnectStatusW(NULL, &status), 6);
    IS(ras->RasHangUpW(NULL), 6);
}

/* ---- what RAS tells */

static void status(void)
{
    RASDIALPARAMSW params = params_of("Office");
    RASCONNSTATUSW now;
    HRASCONN handle = NULL;

    add_vpn();
    memcpy(params.szPhoneNumber, w("198.51.100.7"), 26);
    IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, &handle), 0);
    memset(&now, 0xEE, sizeof now);
    now.dwSize = sizeof now;
    IS(ras->RasGetConnectStatusW(handle, &now), 0);
    CHECK(same(now.szDeviceType, "vpn"));
    CHECK(same(now.szDeviceName, "WAN Miniport (IKEv2)"));
    CHECK(same(now.szPhoneNumber, "198.51.100.7"));
    IS(now.localEndPoint.dwType, 1);
    IS(now.remoteEndPoint.ipv4[0], 198);
    IS(now.rasconnsubstate, 0);
    hang_up(handle);
}

static void enumerate_connections(void)
{
    static const DWORD sizes[] = {sizeof(RASCONNW), offsetof(RASCONNW, guidCorrelationId),
                                  offsetof(RASCONNW, dwFlags), offsetof(RASCONNW, guidEntry),
                                  sizeof(void *) == 8 ? 820 : 816};
    BYTE buffer[3 * sizeof(RASCONNW)];
    RASCONNW first, second;
    DWORD bytes = 0, count = 9, size, i;
    HRASCONN office, home, silent;

    IS(ras->RasEnumConnectionsW(NULL, &bytes, &count), 0);
    IS(count, 0);
    IS(ras->RasEnumConnectionsW(NULL, NULL, &count), 87);
    add_vpn();
    add("Home", "PPPoE", "");
    add("Silent", "vpn", "");
    SCRIPT("Silent", {.state = 3});
    office = dial_entry("Office", 0);
    WAIT_FOR(connected_count == 1);
    silent = dial_entry("Silent", 0);
    home = dial_entry("Home", 0);
    WAIT_FOR(connected_count == 2);
    IS(ras->RasEnumConnectionsW(NULL, &bytes, &count), 603);
    IS(bytes, 2 * sizeof(RASCONNW));
    for (i = 0; i < LENGTH(sizes); i++) {
        memset(buffer, 0xEE, sizeof buffer);
        memcpy(buffer, &sizes[i], 4);
        bytes = sizes[i];
        IS(ras->RasEnumConnectionsW((RASCONNW *)buffer, &bytes, &count), 603);
        IS(bytes, 2 * sizes[i]);
        IS(ras->RasEnumConnectionsW((RASCONNW *)buffer, &bytes, &count), 0);
        IS(count, 2);
        memcpy(&size, buffer + sizes[i], 4);
        IS(size, sizes[i]);
        memcpy(&first, buffer, sizes[i]);
        memcpy(&second, buffer + sizes[i], sizes[i]);
        CHECK(first.hrasconn == office && second.hrasconn == home);
        CHECK(same(second.szEntryName, "Home"));
        IS(buffer[2 * sizes[i]], 0xEE);
        if (i == 0) {
            CHECK(first.luid.LowPart);
            CHECK(memcmp(&first.guidEntry, &second.guidEntry, sizeof(GUID)));
            CHECK(memcmp(&first.guidCorrelationId, &second.guidCorrelationId, sizeof(GUID)));
        }
    }
    size = 100;
    memcpy(buffer, &size, 4);
    bytes = sizeof buffer;
    IS(ras->RasEnumConnectionsW((RASCONNW *)buffer, &bytes, &count), 632);
    IS(ras->RasHangUpW(office), 0);
    IS(ras->RasEnumConnectionsW(NULL, &bytes, &count), 603);
    IS(count, 1);
    hang_up(home);
    hang_up(silent);
}

static void enumerate_entries(void)
{
    struct sim_entry entry = {.phonebook = w("C:\\team.pbk"), .name = w("Team")};
    RASENTRYNAMEW list[3];
    DWORD bytes = 0, count;
    RASDIALPARAMSW params = params_of("Team");
    HRASCONN handle = NULL;

    IS(ras->RasEnumEntriesW(NULL, NULL, NULL, &bytes, &count), 0);
    add_vpn();
    IS(sim_add_entry(sim, &entry), 0);
    bytes = 0;
    IS(ras->RasEnumEntriesW(NULL, NULL, NULL, &bytes, &count), 603);
    IS(bytes, 2 * sizeof *list);
    list[0].dwSize = sizeof *list;
    bytes = sizeof list;
    IS(ras->RasEnumEntriesW(NULL, NULL, list, &bytes, &count), 0);
    IS(count, 2);
    CHECK(same(list[1].szEntryName, "Team"));
    CHECK(same(list[1].szPhonebookPath, "C:\\team.pbk"));
    bytes = sizeof list;
    list[0].dwSize = 520;
    IS(ras->RasEnumEntriesW(NULL, w("c:\\TEAM.pbk"), list, &bytes, &count), 0);
    IS(count, 1);
    IS(bytes, 520);
    list[0].dwSize = 521;
    IS(ras->RasEnumEntriesW(NULL, NULL, list, &bytes, &count), 632);
    IS(ras->RasEnumEntriesW(NULL, w("C:\\none"), list, &bytes, &count), 621);
    IS(ras->RasDialW(NULL, w("C:\\team.pbk"), &params, 0, NULL, &handle), 0);
    IS(sim_remove_entry(sim, w("C:\\team.pbk"), w("team")), 0);
    IS(sim_remove_entry(sim, w("C:\\team.pbk"), w("team")), 623);
    hang_up(handle);
    handle = NULL;
    IS(ras->RasDialW(NULL, w("C:\\team.pbk"), &params, 0, NULL, &handle), 621);
}

static void error_strings(void)
{
    WCHAR text[512];
    size_t length = 0;

    IS(ras->RasGetErrorStringW(691, text, 512), 0);
    while (text[length])
        length++;
    CHECK(length > 3);
    IS(ras->RasGetErrorStringW(691, text, (DWORD)length), 122);
    IS(ras->RasGetErrorStringW(691, text, (DWORD)length + 1), 0);
    IS(ras->RasGetErrorStringW(691, text, 0), 122);
    IS(ras->RasGetErrorStringW(691, NULL, 9), 87);
    IS(ras->RasGetErrorStringW(5, text, 512), 87);
    IS(ras->RasGetErrorStringW(899, text, 512), 87);
}

const struct test call_tests[] = {
    TEST(bad_arguments), TEST(status), TEST(enumerate_connections), TEST(enumerate_entries),
    TEST(error_strings), {NULL, NULL},
};
