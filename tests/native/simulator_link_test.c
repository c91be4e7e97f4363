/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "simulator_harness.h"

#ifndef _WIN32
#include <fcntl.h>
#include <unistd.h>
#endif

#define NOTHING ((HRASCONN)(uintptr_t)4) /* a handle that never was */
#define EVERYTHING ((HRASCONN)(intptr_t)-1)

static HRASCONN connect(const char *name)
{
    HRASCONN handle;
    size_t before;

    os_lock(&lock);
    before = connected_count;
    os_unlock(&lock);
    handle = dial_entry(name, 0);
    WAIT_FOR(connected_count == before + 1);
    return handle;
}

static void devices(void)
{
    RASDEVINFOW list[8];
    DWORD bytes = 0, count = 0;
    HRASCONN handle;

    IS(ras->RasEnumDevicesW(NULL, &bytes, &count), 603);
    IS(count, 6);
    IS(bytes, 6 * sizeof *list);
    IS(ras->RasEnumDevicesW(NULL, NULL, &count), 87);
    IS(ras->RasEnumDevicesW(NULL, &bytes, NULL), 87);
    list[0].dwSize = sizeof *list - 1;
    bytes = sizeof list;
    IS(ras->RasEnumDevicesW(list, &bytes, &count), 632);
    list[0].dwSize = sizeof *list;
    bytes = 5 * sizeof *list;
    IS(ras->RasEnumDevicesW(list, &bytes, &count), 603);
    IS(ras->RasEnumDevicesW(list, &bytes, &count), 0);
    CHECK(same(list[0].szDeviceType, "modem"));
    CHECK(same(list[1].szDeviceName, "WAN Miniport (IKEv2)"));
    IS(list[5].dwSize, sizeof *list);

    add_vpn();
    IS(sim_set_ports(sim, w("Not yet there"), 2), 0); /* no type: not listed */
    IS(sim_set_device(sim, w(""), w("x"), 1), 87);
    IS(sim_set_device(sim, w("isdn"), w("ISDN 1"), 1), 0);
    bytes = 0;
    IS(ras->RasEnumDevicesW(NULL, &bytes, &count), 603);
    IS(count, 7);
    IS(sim_set_device(sim, w("vpn"), w("WAN Miniport (IKEv2)"), 0), 0);
    IS(ras->RasEnumDevicesW(NULL, &bytes, &count), 603);
    IS(count, 6);
    dial_entry("Office", 633);
    IS(sim_set_device(sim, w("vpn"), w("wan miniport (ikev2)"), 1), 0);
    handle = connect("Office");
    hang_up(handle);
}

static void statistics(void)
{
    RAS_STATS now = {.dwSize = sizeof now};
    RAS_STATS values = {.dwBytesXmited = 1000, .dwBytesRcved = 0xFFFFFF00, .dwFramesRcved = 7,
                        .dwBps = 9600, .dwConnectDuration = 60000};
    HRASCONN handle;

    add("Home", "modem", "");
    IS(ras->RasGetConnectionStatistics(NOTHING, &now), 6);
    IS(ras->RasGetLinkStatistics(NOTHING, 1, &now), 6);
    IS(ras->RasClearConnectionStatistics(NOTHING), 6);
    IS(ras->RasClearLinkStatistics(NOTHING, 1), 6);
    IS(sim_set_statistics(sim, NULL, w("Home"), 1, &values, 0), 668);
    SCRIPT("Home", {.state = 3}, {.kind = SIM_SILENCE});
    handle = dial_entry("Home", 0);
    IS(ras->RasGetConnectionStatistics(handle, &now), 668);
    IS(ras->RasClearConnectionStatistics(handle), 668);
    IS(ras->RasClearLinkStatistics(handle, 1), 668);
    hang_up(handle);

    script("Home", NULL, 0);
    handle = connect("Home");
    IS(ras->RasGetConnectionStatistics(handle, NULL), 0x80070057);
    now.dwSize = 56;
    IS(ras->RasGetConnectionStatistics(handle, &now), 0x80070057);
    IS(ras->RasGetLinkStatistics(handle, 1, &now), 0x80070057);
    now.dwSize = sizeof now;
    IS(ras->RasGetLinkStatistics(handle, 0, &now), 0x80070057);
    IS(ras->RasGetLinkStatistics(handle, 2, &now), 0x80070057);
    IS(ras->RasGetLinkStatistics(handle, 1, NULL), 0x80070057);
    IS(ras->RasGetConnectionStatistics(handle, &now), 0);
    IS(now.dwBytesXmited, 0);
    IS(now.dwBps, 56000);
    pause_ms(20);
    IS(ras->RasGetLinkStatistics(handle, 1, &now), 0);
    CHECK(now.dwConnectDuration >= 20 && now.dwConnectDuration < 10000);

    IS(sim_set_statistics(sim, NULL, w("Nowhere"), 1, &values, 0), 623);
    IS(sim_set_statistics(sim, NULL, w("Home"), 1, NULL, 0), 87);
    IS(sim_set_statistics(sim, NULL, w("Home"), 2, &values, 0), 668);
    IS(sim_set_statistics(sim, NULL, w("Home"), 1, &values, 0), 0);
    IS(ras->RasGetConnectionStatistics(handle, &now), 0);
    IS(now.dwBytesRcved, 0xFFFFFF00);
    IS(now.dwBps, 9600);
    CHECK(now.dwConnectDuration >= 60000 && now.dwConnectDuration < 70000);
    memset(&values, 0, sizeof values);
    values.dwBytesRcved = 0x200;
    values.dwCrcErr = 1;
    IS(sim_set_statistics(sim, NULL, w("Home"), 1, &values, 1), 0);
    IS(ras->RasGetLinkStatistics(handle, 1, &now), 0);
    IS(now.dwBytesRcved, 0x100); /* round the corner */
    IS(now.dwBytesXmited, 1000);
    IS(now.dwCrcErr, 1);
    IS(ras->RasClearLinkStatistics(handle, 0), 87);
    IS(ras->RasClearLinkStatistics(handle, 2), 668);
    IS(ras->RasClearLinkStatistics(handle, 1), 0);
    IS(ras->RasGetConnectionStatistics(handle, &now), 0);
    IS(now.dwBytesRcved, 0);
    IS(now.dwCrcErr, 0);
    IS(now.dwBps, 9600);
    CHECK(now.dwConnectDuration >= 60000);
    IS(sim_set_statistics(sim, NULL, w("Home"), 1, &values, 1), 0);
    IS(ras->RasClearConnectionStatistics(handle), 0);
    IS(ras->RasGetConnectionStatistics(handle, &now), 0);
    IS(now.dwBytesRcved, 0);
    hang_up(handle);
}

static void ppp_projection(void)
{
    RASPPPIPW ip = {.dwSize = sizeof ip};
    RASPPPIPV6 ipv6 = {.dwSize = sizeof ipv6};
    RASPPPLCPW lcp = {.dwSize = sizeof lcp};
    RASPPPCCP ccp = {.dwSize = sizeof ccp};
    RAS_PROJECTION_INFO all = {.version = RASAPIVERSION_601};
    DWORD bytes = sizeof ip;
    HRASCONN handle;

    add("Home", "vpn", "WAN Miniport (PPTP)");
    IS(ras->RasGetProjectionInfoW(NOTHING, RASP_PppIp, &ip, &bytes), 6);
    SCRIPT("Home", {.state = 14}, {.kind = SIM_SILENCE});
    handle = dial_entry("Home", 0);
    WAIT_FOR(event_count == 1 && !inside);
    IS(ras->RasGetProjectionInfoW(handle, RASP_PppIp, &ip, &bytes), 730);
    IS(ras->RasGetProjectionInfoEx(handle, &all, &bytes), 731);
    hang_up(handle);
    SCRIPT("Home", {.state = RASCS_Projected}, {.kind = SIM_SILENCE});
    handle = dial_entry("Home", 0);
    WAIT_FOR(event_count == 2 && !inside);

    IS(ras->RasGetProjectionInfoW(handle, 1, &ip, &bytes), 87);
    IS(ras->RasGetProjectionInfoW(handle, RASP_PppIp, &ip, NULL), 87);
    IS(ras->RasGetProjectionInfoW(handle, 0x803F, &ip, &bytes), 731); /* NetBEUI */
    bytes = 0;
    IS(ras->RasGetProjectionInfoW(handle, RASP_PppIp, NULL, &bytes), 603);
    IS(bytes, 80);
    bytes = 79;
    IS(ras->RasGetProjectionInfoW(handle, RASP_PppIp, &ip, &bytes), 603);
    IS(bytes, 80);
    IS(ras->RasGetProjectionInfoW(handle, RASP_PppIp, &ip, &bytes), 0);
    CHECK(ip.szIpAddress[0] == '2' && same(ip.szServerIpAddress, "203.0.113.1"));
    IS(ip.dwError, 0);
    ip.dwSize = 71;
    IS(ras->RasGetProjectionInfoW(handle, RASP_PppIp, &ip, &bytes), 632);
    ip.dwSize = 72;
    ip.dwServerOptions = 77;
    IS(ras->RasGetProjectionInfoW(handle, RASP_PppIp, &ip, &bytes), 0);
    IS(bytes, 72);
    IS(ip.dwSize, 72);
    IS(ip.dwServerOptions, 77);
    bytes = sizeof ipv6;
    IS(ras->RasGetProjectionInfoW(handle, RASP_PppIpv6, &ipv6, &bytes), 0);
    CHECK(memcmp(ipv6.bLocalInterfaceIdentifier, ipv6.bPeerInterfaceIdentifier, 8));
    bytes = sizeof lcp;
    IS(ras->RasGetProjectionInfoW(handle, RASP_PppLcp, &lcp, &bytes), 0);
    IS(lcp.dwAuthenticationProtocol, 0xC223);
    IS(lcp.dwAuthenticationData, 0x81);
    IS(lcp.fMultilink, 0);
    bytes = sizeof ccp;
    IS(ras->RasGetProjectionInfoW(handle, RASP_PppCcp, &ccp, &bytes), 0);
    IS(ccp.dwCompressionAlgorithm, 6);

    bytes = 0;
    IS(ras->RasGetProjectionInfoEx(handle, NULL, &bytes), 603);
    IS(bytes, sizeof all);
    IS(ras->RasGetProjectionInfoEx(handle, &all, NULL), 87);
    IS(ras->RasGetProjectionInfoEx(NOTHING, &all, &bytes), 6);
    all.version = 5;
    IS(ras->RasGetProjectionInfoEx(handle, &all, &bytes), 632);
    all.version = RASAPIVERSION_601;
    bytes--;
    IS(ras->RasGetProjectionInfoEx(handle, &all, &bytes), 603);
    IS(ras->RasGetProjectionInfoEx(handle, &all, &bytes), 0);
    IS(all.type, PROJECTION_INFO_TYPE_PPP);
    IS(all.ppp.ipv4ServerAddress[0], 203);
    IS(all.ppp.dwCcpError, 0);
    hang_up(handle);

    add("Home", "PPPoE", "");
    handle = connect("Home");
    bytes = sizeof ccp;
    IS(ras->RasGetProjectionInfoW(handle, RASP_PppCcp, &ccp, &bytes), 731);
    bytes = sizeof all;
    IS(ras->RasGetProjectionInfoEx(handle, &all, &bytes), 0);
    IS(all.ppp.dwCcpError, 731);
    hang_up(handle);
}

static void ikev2_projection(void)
{
    RAS_PROJECTION_INFO *all;
    RASPPPIPW ip = {.dwSize = sizeof ip};
    DWORD bytes = sizeof ip;
    BYTE *buffer;
    HRASCONN handle;

    add_vpn();
    handle = connect("Office");
    IS(ras->RasGetProjectionInfoW(handle, RASP_PppIp, &ip, &bytes), 731);
    bytes = 0;
    IS(ras->RasGetProjectionInfoEx(handle, NULL, &bytes), 603);
    CHECK(bytes > sizeof *all);
    all = malloc(bytes);
    buffer = (BYTE *)all;
    all->version = RASAPIVERSION_601;
    IS(ras->RasGetProjectionInfoEx(handle, all, &bytes), 0);
    IS(all->type, PROJECTION_INFO_TYPE_IKEv2);
    IS(all->ikev2.numIPv4ServerAddresses, 2);
    CHECK((BYTE *)all->ikev2.ipv4ServerAddresses >= buffer + sizeof *all);
    CHECK((BYTE *)(all->ikev2.ipv6ServerAddresses + 1) <= buffer + bytes);
    IS(all->ikev2.ipv4ServerAddresses[1][3], 254);
    IS(all->ikev2.ipv6ServerAddresses[0][15], 1);
    IS(all->ikev2.ipv6Address[0], 0x20);
    IS(all->ikev2.dwFlags, RASIKEv2_FLAGS_MOBIKESUPPORTED);
    free(all);
    hang_up(handle);
}

#ifdef _WIN32
static HANDLE event_new(void)
{
    return CreateEventW(NULL, FALSE, FALSE, NULL);
}

static int event_was_set(HANDLE event)
{
    return WaitForSingleObject(event, 0) == WAIT_OBJECT_0;
}

static void event_close(HANDLE event)
{
    CloseHandle(event);
}
#else
/* A pipe, by its end for writing. */
static int reading_end[64];

static HANDLE event_new(void)
{
    int ends[2];

    CHECK(pipe(ends) == 0);
    CHECK(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
    CHECK(ends[1] < 64);
    reading_end[ends[1]] = ends[0];
    return (HANDLE)(intptr_t)ends[1];
}

static int event_was_set(HANDLE event)
{
    uint64_t value;
    int set = 0;

    while (read(reading_end[(intptr_t)event], &value, sizeof value) == sizeof value) {
        IS(value, 1);
        set = 1;
    }
    return set;
}

static void event_close(HANDLE event)
{
    close(reading_end[(intptr_t)event]);
    close((int)(intptr_t)event);
}
#endif

static void notifications(void)
{
    HANDLE all = event_new(), gone_event = event_new(), one = event_new();
    HRASCONN office, home;
    int i;

    add_vpn();
    add("Home", "PPPoE", "");
    IS(ras->RasConnectionNotificationW(EVERYTHING, NULL, 1), 87);
    IS(ras->RasConnectionNotificationW(EVERYTHING, all, 0), 87);
    IS(ras->RasConnectionNotificationW(EVERYTHING, all, 0x80), 87);
    IS(ras->RasConnectionNotificationW(NOTHING, all, 2), 6);
#ifndef _WIN32
    IS(ras->RasConnectionNotificationW(EVERYTHING, (HANDLE)(intptr_t)9999, 1), 6);
    IS(ras->RasConnectionNotificationW(EVERYTHING, (HANDLE)(intptr_t)-5, 1), 6);
#endif
    IS(ras->RasConnectionNotificationW(EVERYTHING, all, RASCN_Connection | RASCN_Disconnection), 0);
    IS(ras->RasConnectionNotificationW(EVERYTHING, gone_event, RASCN_Disconnection), 0);
    office = connect("Office");
    CHECK(event_was_set(all));
    CHECK(!event_was_set(gone_event));
    IS(ras->RasConnectionNotificationW(office, one, RASCN_Connection), 87);
    IS(ras->RasConnectionNotificationW(office, one, RASCN_Disconnection | RASCN_Dormant), 0);
    home = connect("Home");
    hang_up(home);
    CHECK(event_was_set(all) && event_was_set(gone_event) && !event_was_set(one));
    IS(sim_set_substate(sim, NULL, w("Nowhere"), RASCSS_Dormant), 623);
    IS(sim_set_substate(sim, NULL, w("Home"), RASCSS_Dormant), 668);
    IS(sim_set_substate(sim, NULL, w("Office"), RASCSS_Dormant), 0);
    CHECK(event_was_set(one));
    IS(sim_set_substate(sim, NULL, w("Office"), RASCSS_Reconnected), 0);
    CHECK(!event_was_set(one) && !event_was_set(all));
    for (i = 0; i < 5; i++) /* the same one again takes the place of the old one */
        IS(ras->RasConnectionNotificationW(office, one, RASCN_ReConnection | RASCN_Disconnection),
           0);
    IS(sim_set_substate(sim, NULL, w("Office"), RASCSS_Reconnected), 0);
    CHECK(event_was_set(one));
    sim_set_release_delay(sim, 200000);
    IS(sim_drop(sim, NULL, w("Office"), 0), 0);
    CHECK(event_was_set(all) && event_was_set(one) && event_was_set(gone_event));
    IS(ras->RasConnectionNotificationW(office, one, RASCN_Disconnection), 668);
    sim_set_release_delay(sim, 0);
    UNTIL(gone(office));
    IS(ras->RasConnectionNotificationW(office, one, RASCN_Disconnection), 6);

    /* The engine has its own duplicate: a closed event harms nobody. */
    event_close(all);
    sim_forget_event(sim, gone_event);
    office = connect("Office");
    hang_up(office);
    CHECK(!event_was_set(gone_event));
    event_close(gone_event);
    event_close(one);
}

static void substate(void)
{
    RASCONNSTATUSW now = {.dwSize = sizeof now};
    HRASCONN handle;

    add_vpn();
    add("Home", "PPPoE", "");
    handle = connect("Home");
    IS(sim_set_substate(sim, NULL, w("Home"), RASCSS_Dormant), 87); /* IKEv2 only */
    hang_up(handle);
    handle = connect("Office");
    IS(sim_set_substate(sim, NULL, w("Office"), RASCSS_Reconnecting), 0);
    IS(ras->RasGetConnectStatusW(handle, &now), 0);
    IS(now.rasconnsubstate, RASCSS_Reconnecting);
    hang_up(handle);
}

const struct test link_tests[] = {
    TEST(devices),          TEST(statistics),    TEST(ppp_projection),
    TEST(ikev2_projection), TEST(notifications), TEST(substate),
    {NULL, NULL},
};
