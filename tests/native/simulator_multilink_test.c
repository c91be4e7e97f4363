/* SPDX-License-Identifier: MIT */
#include "simulator_harness.h"

static void set(WCHAR *target, const char *text)
{
    memcpy(target, w(text), 2 * (strlen(text) + 1));
}

static RASSUBENTRYW on_device(const char *type, const char *name)
{
    RASSUBENTRYW sub_entry = {.dwSize = sizeof sub_entry};

    set(sub_entry.szDeviceType, type);
    set(sub_entry.szDeviceName, name);
    set(sub_entry.szLocalPhoneNumber, "555-0100");
    return sub_entry;
}

static DWORD put(DWORD number, RASSUBENTRYW *sub_entry)
{
    return ras->RasSetSubEntryPropertiesW(NULL, w("Bundle"), number, sub_entry, sizeof *sub_entry,
                                          NULL, 0);
}

/* An entry with two ISDN channels. */
static void add_bundle(void)
{
    RASSUBENTRYW channel = on_device("isdn", "ISDN 1");

    add("Bundle", "isdn", "ISDN 1");
    IS(put(1, &channel), 0);
    IS(sim_set_device(sim, w("isdn"), w("ISDN 2"), 1), 0);
    channel = on_device("isdn", "ISDN 2");
    IS(put(2, &channel), 0);
}

static HRASCONN dial_bundle(DWORD expected)
{
    RASDIALPARAMSW params = params_of("Bundle");
    HRASCONN handle = NULL;

    params.dwCallbackId = 5;
    params.dwSubEntry = 2;
    IS(ras->RasDialW(NULL, NULL, &params, 2, (void *)func2, &handle), expected);
    return handle;
}

static size_t told(DWORD state, DWORD sub_entry)
{
    size_t i, found = 0;

    for (i = 0; i < event_count; i++)
        found += events[i].state == state && (!sub_entry || events[i].sub_entry == sub_entry);
    return found;
}

static HRASCONN link_of(HRASCONN whole, DWORD number, DWORD expected)
{
    HRASCONN link = NULL;

    IS(ras->RasGetSubEntryHandleW(whole, number, &link), expected);
    return link;
}

static void sub_entries(void)
{
    RASSUBENTRYW channel = on_device("isdn", "ISDN 1"), own = channel, broken;
    RASENTRYW entry = {.dwSize = sizeof entry};
    struct {
        RASSUBENTRYW entry;
        WCHAR numbers[4];
    } both = {.numbers = {'7', 0, 0, 0}};
    DWORD bytes = sizeof channel, entry_bytes = sizeof entry;

    add("Bundle", "isdn", "ISDN 1");
#define GET(name, number, to, size)                                                                \
    ras->RasGetSubEntryPropertiesW(NULL, w(name), number, to, size, NULL, NULL)
    IS(GET("Bundle", 1, &own, &bytes), 0); /* the entry itself */
    CHECK(same(own.szDeviceName, "ISDN 1") && same(own.szDeviceType, "isdn"));
    IS(GET("Bundle", 2, &own, &bytes), 87);
    IS(ras->RasGetEntryPropertiesW(NULL, w("Bundle"), &entry, &entry_bytes, NULL, NULL), 0);
    IS(entry.dwSubEntries, 1);
    IS(put(0, &channel), 87);
    IS(put(3, &channel), 87); /* the first one that is added is number 2 */
    IS(put(1, NULL), 610);
    IS(ras->RasSetSubEntryPropertiesW(NULL, w("Bundle"), 1, &channel, 9, NULL, 0), 610);
    broken = channel;
    broken.dwSize = 9;
    IS(put(1, &broken), 632);
    broken = on_device("isdn", "ISDN 9");
    IS(put(1, &broken), 87);
    broken = channel;
    broken.dwAlternateOffset = 9;
    IS(put(1, &broken), 87);
    memset(broken.szDeviceName, 'x', sizeof broken.szDeviceName);
    IS(put(1, &broken), 87);
    IS(ras->RasSetSubEntryPropertiesW(NULL, w("Nowhere"), 1, &channel, bytes, NULL, 0), 623);
    IS(ras->RasSetSubEntryPropertiesW(w("C:\\none"), w("Bundle"), 1, &channel, bytes, NULL, 0),
       621);
    IS(put(1, &channel), 0);
    both.entry = channel;
    both.entry.dwAlternateOffset = sizeof channel;
    IS(ras->RasSetSubEntryPropertiesW(NULL, w("Bundle"), 2, &both.entry, sizeof both, NULL, 0), 0);

    bytes = 0;
    IS(GET("Bundle", 2, NULL, &bytes), 603);
    IS(bytes, sizeof channel + 6);
    IS(GET("Bundle", 2, &both.entry, NULL), 87);
    bytes = 2;
    IS(GET("Bundle", 2, &both.entry, &bytes), 610);
    bytes = sizeof both;
    IS(GET("Nowhere", 2, &both.entry, &bytes), 623);
    IS(ras->RasGetSubEntryPropertiesW(w("C:\\none"), w("x"), 1, &both.entry, &bytes, NULL, NULL),
       621);
    IS(GET("Bundle", 3, &both.entry, &bytes), 87);
    IS(GET("Bundle", 2, &both.entry, &bytes), 0);
    IS(both.entry.dwAlternateOffset, sizeof channel);
    CHECK(both.numbers[0] == '7' && same(both.entry.szLocalPhoneNumber, "555-0100"));
    both.entry.dwSize--;
    IS(GET("Bundle", 2, &both.entry, &bytes), 632);

    bytes = sizeof entry;
    IS(ras->RasGetEntryPropertiesW(NULL, w("Bundle"), &entry, &bytes, NULL, NULL), 0);
    IS(entry.dwSubEntries, 2);
    IS(ras->RasDeleteSubEntryW(NULL, w("Bundle"), 3), 87);
    IS(ras->RasDeleteSubEntryW(NULL, w("Nowhere"), 1), 623);
    IS(ras->RasDeleteSubEntryW(w("C:\\none"), w("Bundle"), 1), 621);
    IS(ras->RasDeleteSubEntryW(NULL, w("Bundle"), 1), 0);
    bytes = 0;
    IS(GET("Bundle", 1, NULL, &bytes), 603);
    IS(bytes, sizeof channel + 6); /* the second one has moved up */
    IS(sim_add_phonebook(sim, NULL, 1), 0);
    sim_set_administrator(sim, 0);
    IS(put(1, &channel), 5);
    IS(ras->RasDeleteSubEntryW(NULL, w("Bundle"), 1), 5);
}

static void all_links(void)
{
    HRASCONN whole, first, second, third = NULL;
    RASPPPLCPW lcp = {.dwSize = sizeof lcp};
    RASCONNW list = {.dwSize = sizeof list};
    DWORD bytes = sizeof list, count, error;
    RAS_STATS sum = {.dwSize = sizeof sum}, values = {.dwBytesRcved = 100, .dwBps = 64000};
    size_t i;

    add_bundle();
    whole = dial_bundle(0);
    WAIT_FOR(told(RASCS_SubEntryConnected, 0) == 2 && connected_count == 1 && !inside);
    IS(told(RASCS_SubEntryConnected, 1), 1);
    IS(told(RASCS_SubEntryConnected, 2), 1);
    IS(told(5, 1), 1);
    IS(told(5, 2), 1);
    for (i = 0; i < event_count; i++)
        CHECK(events[i].handle == whole && events[i].id == 5);
    IS(counts().dials, 1);
    IS(counts().open_ports, 2);
    first = link_of(whole, 1, 0);
    second = link_of(whole, 2, 0);
    CHECK(first != second && first != whole);
    link_of(whole, 0, 259);
    link_of(whole, 3, 259);
    link_of((HRASCONN)(uintptr_t)4, 1, 6);
    IS(ras->RasGetSubEntryHandleW(whole, 1, NULL), 87);
    IS(state_of(whole, NULL), RASCS_Connected);
    IS(state_of(second, &error), RASCS_Connected);
    IS(ras->RasEnumConnectionsW(&list, &bytes, &count), 0);
    CHECK(count == 1 && list.hrasconn == whole);
    bytes = sizeof lcp;
    IS(ras->RasGetProjectionInfoW(second, RASP_PppLcp, &lcp, &bytes), 0);
    CHECK(lcp.fMultilink && lcp.fBundled);

    IS(sim_set_statistics(sim, NULL, w("Bundle"), 1, &values, 0), 0);
    IS(sim_set_statistics(sim, NULL, w("Bundle"), 2, &values, 0), 0);
    IS(ras->RasGetConnectionStatistics(whole, &sum), 0);
    IS(sum.dwBytesRcved, 200);
    IS(sum.dwBps, 128000);
    IS(ras->RasClearLinkStatistics(whole, 1), 0);
    IS(ras->RasGetLinkStatistics(whole, 2, &sum), 0);
    IS(sum.dwBytesRcved, 100);

    IS(ras->RasHangUpW(first), 0); /* this link only */
    UNTIL(gone(first));
    IS(told(RASCS_SubEntryDisconnected, 1), 1);
    link_of(whole, 1, 618);
    IS(ras->RasGetLinkStatistics(whole, 1, &sum), 668);
    IS(ras->RasClearLinkStatistics(whole, 1), 668);
    IS(ras->RasGetConnectionStatistics(whole, &sum), 0);
    IS(sum.dwBytesRcved, 100);
    IS(state_of(whole, NULL), RASCS_Connected);
    IS(sim_set_link(sim, NULL, w("Bundle"), 3, 1), 259);
    IS(sim_set_link(sim, NULL, w("Nowhere"), 1, 1), 623);
    IS(sim_set_link(sim, NULL, w("Bundle"), 1, 0), 618);
    IS(sim_set_link(sim, NULL, w("Bundle"), 1, 1), 0);
    WAIT_FOR(told(RASCS_SubEntryConnected, 1) == 2 && !inside);
    third = link_of(whole, 1, 0);
    CHECK(third != first);
    hang_up(whole);
    CHECK(gone(third) && gone(second));
    IS(counts().connections, 0);
    IS(counts().open_ports, 0);
    IS(told(RASCS_SubEntryDisconnected, 0), 1); /* silent since RasHangUp */
    IS(sim_set_link(sim, NULL, w("Bundle"), 1, 1), 668);
}

static void last_link_ends_the_whole(void)
{
    HRASCONN whole, first;

    add_bundle();
    whole = dial_bundle(0);
    WAIT_FOR(told(RASCS_SubEntryConnected, 0) == 2 && connected_count == 1 && !inside);
    first = link_of(whole, 1, 0);
    IS(sim_set_link(sim, NULL, w("Bundle"), 2, 0), 0);
    WAIT_FOR(told(RASCS_SubEntryDisconnected, 2) == 1);
    IS(ras->RasHangUpW(first), 0);
    UNTIL(gone(whole));
    IS(counts().connections, 0);

    forget();
    whole = dial_bundle(0);
    WAIT_FOR(told(RASCS_SubEntryConnected, 0) == 2 && connected_count == 1 && !inside);
    IS(sim_drop(sim, NULL, w("Bundle"), 0), 0);
    UNTIL(gone(whole));
}

static void failing_links(void)
{
    RASDIALPARAMSW params = params_of("Bundle");
    HRASCONN whole, plain = NULL;
    DWORD error;

    add_bundle();
    IS(sim_set_device(sim, w("isdn"), w("ISDN 2"), 0), 0);
    whole = dial_bundle(0);
    WAIT_FOR(connected_count == 1 && told(0, 2) == 1 && !inside);
    link_of(whole, 2, 618);
    hang_up(whole);
    forget();
    IS(ras->RasDialW(NULL, NULL, &params, 1, (void *)func1, &plain), 0);
    WAIT_FOR(connected_count == 1 && !inside); /* no word of the link that failed */
    STATES(0, 1, 2, 3, 4, 5, 6, 12, 10, 6, 18, 14, RASCS_SubEntryConnected, RASCS_Connected);
    hang_up(plain);

    IS(sim_set_device(sim, w("isdn"), w("ISDN 1"), 0), 0);
    CHECK(!dial_bundle(633));
    IS(sim_set_device(sim, w("isdn"), w("ISDN 1"), 1), 0);
    IS(sim_set_device(sim, w("isdn"), w("ISDN 2"), 1), 0);
    SCRIPT("Bundle", {.state = 2}, {SIM_FAIL, SIM_SAME_STATE, 676, 0, 0});
    forget();
    whole = dial_bundle(0);
    WAIT_FOR(event_count == 4 && !inside);
    state_of(whole, &error);
    IS(error, 676);
    hang_up(whole);
    plain = NULL;
    IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, &plain), 676);
    hang_up(plain);

    SCRIPT("Bundle", {.state = 2}, {.kind = SIM_SILENCE});
    forget();
    whole = dial_bundle(0);
    WAIT_FOR(event_count == 2 && !inside);
    IS(sim_drop(sim, NULL, w("Bundle"), 829), 0);
    WAIT_FOR(event_count == 4 && !inside);
    state_of(whole, &error);
    IS(error, 829);
    hang_up(whole);
    IS(counts().connections, 0);
}

static void synchronous_bundle(void)
{
    RASDIALPARAMSW params = params_of("Bundle");
    HRASCONN handle = NULL;

    add_bundle();
    IS(ras->RasDialW(NULL, NULL, &params, 0, NULL, &handle), 0);
    IS(state_of(handle, NULL), RASCS_Connected);
    hang_up(handle);
    IS(event_count, 0);
}

static void as_needed(void)
{
    RASENTRYW entry = {.dwSize = sizeof entry};
    DWORD bytes = sizeof entry;
    HRASCONN whole;

    add_bundle();
    IS(ras->RasGetEntryPropertiesW(NULL, w("Bundle"), &entry, &bytes, NULL, NULL), 0);
    entry.dwDialMode = RASEDM_DialAsNeeded;
    IS(ras->RasSetEntryPropertiesW(NULL, w("Bundle"), &entry, bytes, NULL, 0), 0);
    whole = dial_bundle(0);
    WAIT_FOR(connected_count == 1 && !inside);
    IS(told(RASCS_SubEntryConnected, 2), 1); /* the one that was asked for first */
    link_of(whole, 1, 618);
    IS(sim_set_link(sim, NULL, w("Bundle"), 1, 1), 0);
    WAIT_FOR(told(RASCS_SubEntryConnected, 1) == 1);
    hang_up(whole);
}

static void paused_link(void)
{
    RASDIALEXTENSIONS pausing = {.dwSize = sizeof pausing, .dwfOptions = RDEOPT_PausedStates};
    struct sim_entry entry = {.name = w("Bundle"), .device_type = w("isdn"),
                              .device_name = w("ISDN 1"), .password = w("secret")};
    RASSUBENTRYW channel = on_device("isdn", "ISDN 1");
    RASDIALPARAMSW params = params_of("Bundle");
    HRASCONN handle = NULL;

    IS(sim_add_entry(sim, &entry), 0);
    IS(put(1, &channel), 0);
    IS(ras->RasDialW(&pausing, NULL, &params, 2, (void *)func2, &handle), 0);
    WAIT_FOR(told(RASCS_RetryAuthentication, 1) == 1);
    set(params.szPassword, "secret");
    IS(ras->RasDialW(&pausing, NULL, &params, 2, (void *)func2, &handle), 0);
    WAIT_FOR(connected_count == 1);
    hang_up(handle);
}

static void no_memory_for_links(void)
{
    int left;

    add_bundle();
    for (left = 1; left < 40; left++) {
        RASDIALPARAMSW params = params_of("Bundle");
        HRASCONN handle = NULL;
        DWORD error;

        atomic_store(&allocations_left, left);
        error = ras->RasDialW(NULL, NULL, &params, 2, (void *)func2, &handle);
        atomic_store(&allocations_left, 0);
        CHECK(error == 0 || error == 8);
        CHECK(!handle == !!error);
        if (handle)
            hang_up(handle);
        IS(counts().connections, 0);
        IS(counts().open_ports, 0);
    }
}

/* Everything at once: whoever comes first, nothing may be lost or used after it is gone. */
static atomic_int stop, storm_handles;

static DWORD RAS_CALL storm_func(ULONG_PTR id, DWORD sub_entry, HRASCONN handle, UINT message,
                                 DWORD state, DWORD error, DWORD extended)
{
    RASCONNSTATUSW status = {.dwSize = sizeof status};

    (void)id, (void)message, (void)error, (void)extended;
    ras->RasGetConnectStatusW(handle, &status);
    if (state == 5 && sub_entry == 2)
        ras->RasHangUpW(handle);
    return 1;
}

static void storm_dials(void *number)
{
    RASDIALEXTENSIONS pausing = {.dwSize = sizeof pausing, .dwfOptions = RDEOPT_PausedStates};
    RASENTRYW entry = {.dwSize = sizeof entry};
    RAS_STATS statistics = {.dwSize = sizeof statistics};
    int synchronous = *(int *)number % 2;

    while (!atomic_load(&stop)) {
        RASDIALPARAMSW params = params_of("Bundle");
        HRASCONN handle = NULL, link = NULL;
        DWORD bytes = sizeof entry;
        int i;

        ras->RasDialW(&pausing, NULL, &params, 2, synchronous ? NULL : (void *)storm_func, &handle);
        if (!handle)
            continue;
        atomic_fetch_add(&storm_handles, 1);
        set(params.szPassword, "secret");
        for (i = 0; i < 3; i++) {
            HRASCONN again = handle;

            ras->RasDialW(&pausing, NULL, &params, 2, (void *)storm_func, &again);
            ras->RasGetConnectionStatistics(handle, &statistics);
            if (ras->RasGetSubEntryHandleW(handle, 1 + (DWORD)i % 2, &link) == 0 && i)
                ras->RasHangUpW(link);
            ras->RasGetEntryPropertiesW(NULL, w("Bundle"), &entry, &bytes, NULL, NULL);
        }
        while (ras->RasHangUpW(handle) == 0)
            ;
    }
}

static void storm_controls(void *unused)
{
    RASSUBENTRYW channel = on_device("isdn", "ISDN 2");
    DWORD i = 0;

    (void)unused;
    while (!atomic_load(&stop)) {
        sim_set_link(sim, NULL, w("Bundle"), 1 + i % 2, (int)(i / 2 % 2));
        if (i % 5 == 0)
            sim_drop(sim, NULL, w("Bundle"), 829);
        if (i % 7 == 0)
            sim_expire_password(sim, NULL, w("Bundle"));
        if (i % 11 == 0)
            put(2, &channel);
        if (i % 13 == 0)
            ras->RasRenameEntryW(NULL, w("Bundle"), w("bundle"));
        i++;
        pause_ms(1);
    }
}

static void storm(void)
{
    struct sim_entry entry = {.name = w("Bundle"), .device_type = w("isdn"),
                              .device_name = w("ISDN 1"), .password = w("secret")};
    RASSUBENTRYW channel = on_device("isdn", "ISDN 1");
    int numbers[4] = {0, 1, 2, 3}, i;
    os_thread threads[5];

    IS(sim_add_entry(sim, &entry), 0);
    IS(put(1, &channel), 0);
    IS(sim_set_device(sim, w("isdn"), w("ISDN 2"), 1), 0);
    channel = on_device("isdn", "ISDN 2");
    IS(put(2, &channel), 0);
    sim_set_release_delay(sim, 100);
    atomic_store(&stop, 0);
    for (i = 0; i < 4; i++)
        CHECK(os_thread_start(&threads[i], storm_dials, &numbers[i]) == 0);
    CHECK(os_thread_start(&threads[4], storm_controls, NULL) == 0);
    pause_ms(300);
    atomic_store(&stop, 1);
    for (i = 0; i < 5; i++)
        os_thread_join(threads[i]);
    CHECK(atomic_load(&storm_handles) > 10);
    UNTIL(counts().connections == 0);
    IS(counts().open_ports, 0);
}

const struct test multilink_tests[] = {
    TEST(sub_entries),
    TEST(all_links),
    TEST(last_link_ends_the_whole),
    TEST(failing_links),
    TEST(synchronous_bundle),
    TEST(as_needed),
    TEST(paused_link),
    TEST(no_memory_for_links),
    TEST(storm),
    {NULL, NULL},
};
