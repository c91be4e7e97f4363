/* SPDX-License-Identifier: MIT
 *
 * What only Windows can settle: each question in both answers.
 */
#include "simulator_harness.h"

static void otherwise(enum sim_question question, int other)
{
    IS(sim_settle(sim, question, other), 0);
}

static void gone_handles(void)
{
    RAS_STATS now = {.dwSize = sizeof now};
    HRASCONN handle;

    add_vpn();
    handle = dial_entry("Office", 0);
    hang_up(handle);
    IS(ras->RasHangUpW(handle), 668);
    IS(ras->RasHangUpW((HRASCONN)(uintptr_t)1), 6); /* never was one */
    IS(ras->RasGetConnectionStatistics(handle, &now), 6);
    otherwise(SIM_HANG_UP_GONE, 1);
    otherwise(SIM_STALE_STATISTICS, 1);
    IS(ras->RasHangUpW(handle), 6);
    IS(ras->RasGetConnectionStatistics(handle, &now), 0x80070057);
    IS(ras->RasGetLinkStatistics(handle, 1, &now), 0x80070057);
}

static void device_list_sizes(void)
{
    RASDEVINFOW list[9] = {{.dwSize = 5}};
    DWORD bytes = sizeof list, count;

    IS(ras->RasEnumDevicesW(list, &bytes, &count), 632);
    otherwise(SIM_DEVICES_SIZE, 1);
    IS(ras->RasEnumDevicesW(list, &bytes, &count), 1784);
}

static void null_phonebooks(void)
{
    struct sim_entry elsewhere = {.phonebook = w("C:\\other.pbk"), .name = w("Far")};
    DWORD bytes = 0, count;

    add_vpn();
    IS(sim_add_entry(sim, &elsewhere), 0);
    IS(ras->RasEnumEntriesW(NULL, NULL, NULL, &bytes, &count), 603);
    IS(count, 2);
    hang_up(dial_entry("Far", 0));
    otherwise(SIM_NULL_PHONEBOOK, 0);
    bytes = 0;
    IS(ras->RasEnumEntriesW(NULL, NULL, NULL, &bytes, &count), 603);
    IS(count, 1);
    dial_entry("Far", 623);
    hang_up(dial_entry("Office", 0));
}

static RASCONNW only_connection(DWORD expected)
{
    RASCONNW list[2] = {{.dwSize = sizeof *list}};
    DWORD bytes = sizeof list, count = 9;

    IS(ras->RasEnumConnectionsW(list, &bytes, &count), 0);
    IS(count, expected);
    return list[0];
}

static void listed_connections(void)
{
    RASCONNW listed;
    HRASCONN handle;

    add_vpn();
    SCRIPT("Office", {.state = 2}, {.kind = SIM_SILENCE});
    handle = dial_entry("Office", 0);
    WAIT_FOR(event_count == 1);
    only_connection(0);
    otherwise(SIM_DIALING_LISTED, 1);
    listed = only_connection(1);
    CHECK(listed.hrasconn == handle && same(listed.szDeviceType, "vpn"));
    otherwise(SIM_DEVICE_TYPE, 1);
    listed = only_connection(1);
    CHECK(same(listed.szDeviceType, "VPN"));
    hang_up(handle);
    only_connection(0);
}

static void windows_as_notifiers(void)
{
    RASDIALPARAMSW params = params_of("Office");
    HRASCONN handle = NULL;

    add_vpn();
    IS(ras->RasDialW(NULL, NULL, &params, 0xFFFFFFFF, &params, &handle), 87);
    CHECK(!handle);
    otherwise(SIM_WINDOW_NOTIFIER, 1);
    IS(ras->RasDialW(NULL, NULL, &params, 0xFFFFFFFF, &params, &handle), 0);
    UNTIL(state_of(handle, NULL) == RASCS_Connected);
    IS(event_count, 0);
    hang_up(handle);
}

static void second_pppoe_lines(void)
{
    HRASCONN handle;

    add("One", "PPPoE", "");
    add("Two", "PPPoE", "");
    handle = dial_entry("One", 0);
    dial_entry("Two", 813);
    otherwise(SIM_SECOND_PPPOE, 1);
    dial_entry("Two", 756);
    hang_up(handle);
    hang_up(dial_entry("Two", 0));
}

static void questions_that_are_none(void)
{
    IS(sim_settle(sim, SIM_QUESTIONS, 1), 87);
}

const struct test settle_tests[] = {
    TEST(gone_handles),         TEST(device_list_sizes),  TEST(null_phonebooks),
    TEST(listed_connections),   TEST(windows_as_notifiers), TEST(second_pppoe_lines),
    TEST(questions_that_are_none), {NULL, NULL},
};
