/* SPDX-License-Identifier: MIT */
#include "simulator_harness.h"

#define STAND_IN "****************"

static void set(WCHAR *target, const char *text)
{
    memcpy(target, w(text), 2 * (strlen(text) + 1));
}

static void shared_book(void)
{
    struct sim_entry entry = {.phonebook = w("C:\\all.pbk"), .name = w("Shared")};

    IS(sim_add_phonebook(sim, w("C:\\all.pbk"), 1), 0);
    IS(sim_add_entry(sim, &entry), 0);
}

/* ---- credentials */

static void credentials(void)
{
    RASCREDENTIALSW mine = {.dwSize = sizeof mine}, broken;
    DWORD all = RASCM_UserName | RASCM_Password | RASCM_Domain;

    add_vpn();
    shared_book();
    IS(ras->RasGetCredentialsW(NULL, w("Office"), NULL), 87);
    IS(ras->RasGetCredentialsW(NULL, NULL, &mine), 87);
    IS(ras->RasGetCredentialsW(w("C:\\none"), w("Office"), &mine), 621);
    IS(ras->RasGetCredentialsW(NULL, w("Nowhere"), &mine), 623);
    mine.dwSize--;
    IS(ras->RasGetCredentialsW(NULL, w("Office"), &mine), 632);
    IS(ras->RasSetCredentialsW(NULL, w("Office"), &mine, 0), 632);
    mine.dwSize++;
    mine.dwMask = 0x80;
    IS(ras->RasGetCredentialsW(NULL, w("Office"), &mine), 87);
    mine.dwMask = RASCM_PreSharedKey | RASCM_Password;
    IS(ras->RasSetCredentialsW(NULL, w("Office"), &mine, 0), 87);
    mine.dwMask = all;
    IS(ras->RasGetCredentialsW(NULL, w("Office"), &mine), 0);
    IS(mine.dwMask, 0);

    IS(ras->RasSetCredentialsW(NULL, w("Office"), NULL, 0), 87);
    IS(ras->RasSetCredentialsW(NULL, w("Nowhere"), &mine, 0), 87);
    IS(ras->RasSetCredentialsW(w("C:\\none"), w("Office"), &mine, 0), 621);
    broken = mine;
    memset(broken.szUserName, 'x', sizeof broken.szUserName);
    IS(ras->RasSetCredentialsW(NULL, w("Office"), &broken, 0), 87);
    mine.dwMask = all;
    set(mine.szUserName, "ada");
    set(mine.szPassword, "secret");
    set(mine.szDomain, "CORP");
    IS(ras->RasSetCredentialsW(NULL, w("Office"), &mine, 0), 0);
    memset(&mine, 0, sizeof mine);
    mine.dwSize = sizeof mine;
    mine.dwMask = RASCM_UserName | RASCM_Password;
    IS(ras->RasGetCredentialsW(NULL, w("office"), &mine), 0);
    IS(mine.dwMask, RASCM_UserName | RASCM_Password);
    CHECK(same(mine.szUserName, "ada") && same(mine.szPassword, STAND_IN) && !mine.szDomain[0]);

    mine.dwMask = RASCM_PreSharedKey;
    set(mine.szPassword, "psk");
    IS(ras->RasSetCredentialsW(NULL, w("Office"), &mine, 0), 0);
    sim_set_administrator(sim, 0);
    IS(ras->RasSetCredentialsW(NULL, w("Office"), &mine, 0), 5);
    sim_set_administrator(sim, 1);
    IS(ras->RasGetCredentialsW(NULL, w("Office"), &mine), 0);
    IS(mine.dwMask, RASCM_PreSharedKey);
    CHECK(same(mine.szPassword, STAND_IN));
    mine.dwMask = RASCM_ServerPreSharedKey;
    IS(ras->RasGetCredentialsW(NULL, w("Office"), &mine), 0);
    IS(mine.dwMask, 0);

    mine.dwMask = RASCM_Password;
    IS(ras->RasSetCredentialsW(NULL, w("Office"), &mine, 1), 0);
    mine.dwMask = all;
    IS(ras->RasGetCredentialsW(NULL, w("Office"), &mine), 0);
    IS(mine.dwMask, RASCM_UserName | RASCM_Domain);

    mine.dwMask = RASCM_DefaultCreds | all;
    IS(ras->RasSetCredentialsW(NULL, w("Office"), &mine, 0), 5);
    set(mine.szUserName, "everybody");
    sim_set_administrator(sim, 0);
    IS(ras->RasSetCredentialsW(NULL, w("Shared"), &mine, 0), 5);
    sim_set_administrator(sim, 1);
    IS(ras->RasSetCredentialsW(NULL, w("Shared"), &mine, 0), 0);
    mine.dwMask = RASCM_UserName;
    IS(ras->RasGetCredentialsW(NULL, w("Shared"), &mine), 0);
    IS(mine.dwMask, 0);
    mine.dwMask = RASCM_DefaultCreds | RASCM_UserName;
    IS(ras->RasGetCredentialsW(NULL, w("Shared"), &mine), 0);
    IS(mine.dwMask, RASCM_DefaultCreds | RASCM_UserName);
    CHECK(same(mine.szUserName, "everybody"));
}

static DWORD dial_with(const char *user, const char *password)
{
    RASDIALPARAMSW params = params_of("Login");
    HRASCONN handle = NULL;
    DWORD error;

    set(params.szUserName, user);
    set(params.szPassword, password);
    error = ras->RasDialW(NULL, NULL, &params, 0, NULL, &handle);
    if (handle)
        hang_up(handle);
    return error;
}

static void stand_in_for_a_password(void)
{
    struct sim_entry entry = {.name = w("Login"), .user_name = w("ada"), .password = w("secret")};
    RASCREDENTIALSW mine = {.dwSize = sizeof mine, .dwMask = RASCM_UserName | RASCM_Password};

    IS(sim_add_entry(sim, &entry), 0);
    IS(dial_with("ada", STAND_IN), 691); /* it stands for nothing yet */
    set(mine.szUserName, "ada");
    set(mine.szPassword, "secret");
    IS(ras->RasSetCredentialsW(NULL, w("Login"), &mine, 0), 0);
    IS(dial_with("ada", STAND_IN), 0);
    IS(dial_with("bob", STAND_IN), 691);
    IS(dial_with("", ""), 691); /* those of the logon, not the stored ones */
    set(mine.szPassword, STAND_IN);
    IS(ras->RasSetCredentialsW(NULL, w("Login"), &mine, 0), 0); /* leaves it as it was */
    IS(dial_with("ada", STAND_IN), 0);
    set(mine.szPassword, "wrong");
    IS(ras->RasSetCredentialsW(NULL, w("Login"), &mine, 0), 0);
    IS(dial_with("ada", STAND_IN), 691);
}

static void dial_params(void)
{
    static const DWORD sizes[] = {sizeof(RASDIALPARAMSW), offsetof(RASDIALPARAMSW, szEncPassword),
                                  offsetof(RASDIALPARAMSW, dwIfIndex),
                                  offsetof(RASDIALPARAMSW, dwSubEntry)};
    RASDIALPARAMSW params = params_of("Office");
    BOOL password = 7;
    size_t i;

    add_vpn();
    IS(ras->RasGetEntryDialParamsW(NULL, NULL, &password), 610);
    IS(ras->RasGetEntryDialParamsW(NULL, &params, NULL), 610);
    IS(ras->RasSetEntryDialParamsW(NULL, NULL, 0), 610);
    IS(ras->RasGetEntryDialParamsW(w("C:\\none"), &params, &password), 621);
    IS(ras->RasSetEntryDialParamsW(w("C:\\none"), &params, 0), 621);
    set(params.szEntryName, "Nowhere");
    IS(ras->RasGetEntryDialParamsW(NULL, &params, &password), 623);
    IS(ras->RasSetEntryDialParamsW(NULL, &params, 0), 623);
    params.dwSize = 1;
    IS(ras->RasGetEntryDialParamsW(NULL, &params, &password), 632);
    params = params_of("Office");
    memset(params.szPassword, 'x', sizeof params.szPassword);
    IS(ras->RasSetEntryDialParamsW(NULL, &params, 0), 610);

    params = params_of("Office");
    IS(ras->RasGetEntryDialParamsW(NULL, &params, &password), 0);
    IS(password, 0);
    set(params.szUserName, "ada");
    set(params.szPassword, "secret");
    set(params.szDomain, "CORP");
    set(params.szCallbackNumber, "555-0100");
    IS(ras->RasSetEntryDialParamsW(NULL, &params, 0), 0);
    for (i = 0; i < LENGTH(sizes); i++) {
        memset(&params, 0xEE, sizeof params);
        params.dwSize = sizes[i];
        set(params.szEntryName, "office");
        IS(ras->RasGetEntryDialParamsW(NULL, &params, &password), 0);
        IS(password, 1);
        CHECK(same(params.szUserName, "ada") && same(params.szPassword, STAND_IN));
        CHECK(same(params.szDomain, "CORP") && same(params.szCallbackNumber, "555-0100"));
        CHECK(!params.szPhoneNumber[0]);
        if (sizes[i] < sizeof params)
            IS(((BYTE *)&params)[sizes[i]], 0xEE);
    }
    params = params_of("Office"); /* no user name: nothing but the number changes */
    set(params.szPassword, "other");
    IS(ras->RasSetEntryDialParamsW(NULL, &params, 0), 0);
    IS(ras->RasGetEntryDialParamsW(NULL, &params, &password), 0);
    CHECK(same(params.szUserName, "ada") && password && !params.szCallbackNumber[0]);
    IS(ras->RasSetEntryDialParamsW(NULL, &params, 1), 0);
    IS(ras->RasGetEntryDialParamsW(NULL, &params, &password), 0);
    CHECK(same(params.szUserName, "ada") && !password && !params.szPassword[0]);
}

/* ---- properties */

static const DWORD layouts[] = {6724, 6720, 5680, 5656, 5616, 4048, 3496, 3468};

static RASENTRYW usual_entry(void)
{
    RASENTRYW entry;
    DWORD bytes = sizeof entry;

    memset(&entry, 0xEE, sizeof entry);
    entry.dwSize = sizeof entry;
    IS(ras->RasGetEntryPropertiesW(NULL, w(""), &entry, &bytes, NULL, NULL), 0);
    IS(bytes, sizeof entry);
    entry.dwType = RASET_Vpn;
    set(entry.szLocalPhoneNumber, "vpn.example.org");
    set(entry.szDeviceType, "vpn");
    set(entry.szDeviceName, "WAN Miniport (SSTP)");
    return entry;
}

static void get_properties(void)
{
    RASENTRYW entry = {.dwSize = sizeof entry};
    DWORD bytes = 0, size;
    size_t i;

    add_vpn();
    IS(ras->RasGetEntryPropertiesW(NULL, w("Office"), NULL, &bytes, NULL, NULL), 603);
    IS(bytes, sizeof entry);
    IS(ras->RasGetEntryPropertiesW(NULL, w("Office"), &entry, NULL, NULL, NULL), 87);
    bytes = 3;
    IS(ras->RasGetEntryPropertiesW(NULL, w("Office"), &entry, &bytes, NULL, NULL), 610);
    bytes = sizeof entry;
    IS(ras->RasGetEntryPropertiesW(NULL, w("Nowhere"), &entry, &bytes, NULL, NULL), 623);
    IS(ras->RasGetEntryPropertiesW(w("C:\\none"), w("Office"), &entry, &bytes, NULL, NULL), 621);
    bytes--;
    IS(ras->RasGetEntryPropertiesW(NULL, w("Office"), &entry, &bytes, NULL, NULL), 603);
    for (size = 3400; size < 6800; size++) {
        int known = 0;

        for (i = 0; i < LENGTH(layouts); i++)
            known |= layouts[i] == size;
        memset(&entry, 0xEE, sizeof entry);
        entry.dwSize = size;
        bytes = size;
        IS(ras->RasGetEntryPropertiesW(NULL, w("Office"), &entry, &bytes, NULL, NULL),
           known ? 0 : 632);
        if (!known)
            continue;
        IS(entry.dwSize, size);
        if (size < sizeof entry)
            IS(((BYTE *)&entry)[size], 0xEE);
        CHECK(same(entry.szDeviceName, "WAN Miniport (IKEv2)"));
        CHECK(same(entry.szLocalPhoneNumber, "vpn.example.org"));
        IS(entry.dwFramingProtocol, RASFP_Ppp);
        if (size >= 4048) {
            IS(entry.dwType, RASET_Vpn);
            IS(entry.dwVpnStrategy, VS_Ikev2Only);
        }
    }
}

static void what_shipped_clients_leave_out(void)
{
    RASENTRYW entry = usual_entry();
    DWORD bytes = sizeof entry;
    HRASCONN handle;

    memset(entry.szDeviceName, 0, sizeof entry.szDeviceName);
    entry.dwType = 0;
    entry.dwVpnStrategy = VS_PptpFirst;
#define PUT(from) ras->RasSetEntryPropertiesW(NULL, w("Terse"), from, sizeof *(from), NULL, 0)
    IS(PUT(&entry), 0);
    IS(ras->RasGetEntryPropertiesW(NULL, w("Terse"), &entry, &bytes, NULL, NULL), 0);
    CHECK(same(entry.szDeviceName, "WAN Miniport (PPTP)"));
    IS(entry.dwType, RASET_Vpn);
    handle = dial_entry("Terse", 0);
    WAIT_FOR(connected_count == 1);
    hang_up(handle);
    memset(entry.szDeviceName, 0, sizeof entry.szDeviceName);
    set(entry.szDeviceType, "PPPoE");
    entry.dwType = 0;
    IS(PUT(&entry), 0);
    IS(ras->RasGetEntryPropertiesW(NULL, w("Terse"), &entry, &bytes, NULL, NULL), 0);
    CHECK(same(entry.szDeviceName, "WAN Miniport (PPPOE)"));
    IS(entry.dwType, RASET_Broadband);
    memset(entry.szDeviceName, 0, sizeof entry.szDeviceName);
    set(entry.szDeviceType, "isdn"); /* there is no device of that type */
    IS(PUT(&entry), 87);
}

static void set_properties(void)
{
    RASENTRYW entry = usual_entry(), broken;
    DWORD bytes = sizeof entry, count;
    RASENTRYNAMEW names[1] = {{.dwSize = sizeof *names}};
    HRASCONN handle;
    size_t i;

#define SET(from) ras->RasSetEntryPropertiesW(NULL, w("New"), from, sizeof *(from), NULL, 0)
    IS(SET((RASENTRYW *)NULL), 610);
    IS(ras->RasSetEntryPropertiesW(NULL, w("New"), &entry, sizeof entry - 1, NULL, 0), 610);
    IS(ras->RasSetEntryPropertiesW(NULL, w("New"), &entry, 2, NULL, 0), 610);
    IS(ras->RasSetEntryPropertiesW(NULL, w(""), &entry, sizeof entry, NULL, 0), 87);
    IS(ras->RasSetEntryPropertiesW(NULL, NULL, &entry, sizeof entry, NULL, 0), 87);
    IS(ras->RasSetEntryPropertiesW(NULL, w("a/b"), &entry, sizeof entry, NULL, 0), 87);
    IS(ras->RasSetEntryPropertiesW(w("C:\\none"), w("New"), &entry, sizeof entry, NULL, 0), 621);
    broken = entry;
    broken.dwSize = 0;
    IS(SET(&broken), 87);
    broken.dwSize = 100;
    IS(SET(&broken), 632);
#define WITHOUT(member)                                                                            \
    broken = entry;                                                                                \
    memset(&broken.member, 0, sizeof broken.member);                                               \
    IS(SET(&broken), 87)
    WITHOUT(szLocalPhoneNumber);
    WITHOUT(szDeviceType);
    WITHOUT(dwFramingProtocol);
    broken = entry;
    set(broken.szDeviceName, "No such device");
    IS(SET(&broken), 87);
    broken = entry;
    set(broken.szDeviceType, "modem");
    IS(SET(&broken), 87);
    broken = entry;
    memset(broken.szDnsSuffix, 'x', sizeof broken.szDnsSuffix);
    IS(SET(&broken), 87);

    atomic_store(&allocations_left, 1);
    IS(SET(&entry), 8);
    atomic_store(&allocations_left, 3);
    IS(SET(&entry), 8);
    atomic_store(&allocations_left, 0);
    set(entry.szDnsSuffix, "corp.example");
    set(entry.szIDi, "me");
    entry.fDisableIKEv2Fragmentation = 1;
    IS(SET(&entry), 0);
    bytes = sizeof names;
    IS(ras->RasEnumEntriesW(NULL, NULL, names, &bytes, &count), 0);
    CHECK(count == 1 && same(names[0].szEntryName, "New") && !names[0].szPhonebookPath[0]);

    /* Callers of all layouts in turn: each leaves what it does not know. */
    for (i = 0; i < LENGTH(layouts); i++) {
        RASENTRYW now = {.dwSize = layouts[i]};

        bytes = layouts[i];
        IS(ras->RasGetEntryPropertiesW(NULL, w("NEW"), &now, &bytes, NULL, NULL), 0);
        now.dwRedialCount = 0; /* unknown to the last ones */
        now.dwFrameSize = 1006;
        IS(ras->RasSetEntryPropertiesW(NULL, w("new"), &now, layouts[i], NULL, 0), 0);
    }
    memset(&entry, 0, sizeof entry);
    entry.dwSize = bytes = sizeof entry;
    IS(ras->RasGetEntryPropertiesW(NULL, w("new"), &entry, &bytes, NULL, NULL), 0);
    CHECK(same(entry.szDnsSuffix, "corp.example") && same(entry.szIDi, "me"));
    IS(entry.fDisableIKEv2Fragmentation, 1);
    IS(entry.dwFrameSize, 1006);
    IS(entry.dwRedialCount, 0);

    handle = dial_entry("New", 0);
    WAIT_FOR(connected_count == 1);
    STATES(0, 1, 2, 3, 4, 5, 6, 12, 10, 6, 18, 14, 0x2000); /* SSTP */
    set(entry.szDeviceName, "WAN Miniport (IKEv2)");
    IS(SET(&entry), 0); /* for the next dial */
    hang_up(handle);
    forget();
    handle = dial_entry("New", 0);
    WAIT_FOR(connected_count == 1);
    IS(event_count, 12);
    hang_up(handle);

    set(entry.szDeviceType, "PPPoE");
    set(entry.szDeviceName, "WAN Miniport (PPPOE)");
    entry.szLocalPhoneNumber[0] = 0; /* no service name */
    IS(SET(&entry), 0);
}

static void alternate_numbers(void)
{
    struct {
        RASENTRYW entry;
        WCHAR numbers[20];
    } both = {.entry = usual_entry()};
    static const char list[] = "555-01\0555-02\0"; /* and a third zero */
    DWORD bytes, i;

    for (i = 0; i < sizeof list; i++)
        both.numbers[i] = (unsigned char)list[i];
    both.entry.dwAlternateOffset = sizeof both.entry - 2;
#define SET_BOTH(size) ras->RasSetEntryPropertiesW(NULL, w("New"), &both.entry, size, NULL, 0)
    IS(SET_BOTH(sizeof both), 87);
    both.entry.dwAlternateOffset = sizeof both + 2;
    IS(SET_BOTH(sizeof both), 87);
    both.entry.dwAlternateOffset = sizeof both.entry;
    IS(SET_BOTH(sizeof both.entry + 2 * sizeof list - 2), 87); /* no end */
    IS(SET_BOTH(sizeof both), 0);
    bytes = 0;
    IS(ras->RasGetEntryPropertiesW(NULL, w("New"), NULL, &bytes, NULL, NULL), 603);
    IS(bytes, sizeof both.entry + 2 * sizeof list);
    memset(&both, 0, sizeof both);
    both.entry.dwSize = 5680;
    bytes = sizeof both.entry;
    IS(ras->RasGetEntryPropertiesW(NULL, w("New"), &both.entry, &bytes, NULL, NULL), 0);
    IS(bytes, 5680 + 2 * sizeof list);
    IS(both.entry.dwAlternateOffset, 5680);
    for (i = 0; i < sizeof list; i++) {
        WCHAR c;

        memcpy(&c, (BYTE *)&both + 5680 + 2 * i, 2);
        IS(c, (unsigned char)list[i]);
    }
    both.entry.dwAlternateOffset = 0;
    IS(SET_BOTH(5680), 0);
    bytes = 0;
    IS(ras->RasGetEntryPropertiesW(NULL, w("New"), NULL, &bytes, NULL, NULL), 603);
    IS(bytes, sizeof both.entry);
}

static void options_that_a_dial_goes_by(void)
{
    RASENTRYW entry = usual_entry();
    RASPPPLCPW lcp = {.dwSize = sizeof lcp};
    RASPPPIPV6 ipv6 = {.dwSize = sizeof ipv6};
    DWORD bytes = sizeof lcp;
    HRASCONN handle;

    entry.dwfOptions |= RASEO_RequireEAP;
    entry.dwCustomAuthKey = 26;
    entry.dwfNetProtocols = RASNP_Ip;
    IS(SET(&entry), 0);
    handle = dial_entry("New", 0);
    WAIT_FOR(connected_count == 1);
    IS(ras->RasGetProjectionInfoW(handle, RASP_PppLcp, &lcp, &bytes), 0);
    IS(lcp.dwAuthenticationProtocol, RASLCPAP_EAP);
    IS(lcp.dwEapTypeId, 26);
    bytes = sizeof ipv6;
    IS(ras->RasGetProjectionInfoW(handle, RASP_PppIpv6, &ipv6, &bytes), 731);
    hang_up(handle);
}

/* ---- names */

static void names(void)
{
    static const char *const bad[] = {"", ".", ".x", "a|b", "a>b", "a<b", "a?b", "a*b",
                                      "a\\b", "a/b", "a:b", "  ", "---"};
    WCHAR name[300], latin[] = {0xE9, 0};
    GUID before;
    RASCONNW list = {.dwSize = sizeof list};
    DWORD bytes = sizeof list, count;
    HRASCONN handle;
    size_t i;

    add_vpn();
    add("Home", "PPPoE", "");
    for (i = 0; i < LENGTH(bad); i++)
        IS(ras->RasValidateEntryNameW(NULL, w(bad[i])), 123);
    for (i = 0; i < 300; i++)
        name[i] = 'x';
    name[257] = 0;
    IS(ras->RasValidateEntryNameW(NULL, name), 123);
    name[256] = 0;
    IS(ras->RasValidateEntryNameW(NULL, name), 0);
    IS(ras->RasValidateEntryNameW(NULL, NULL), 87);
    IS(ras->RasValidateEntryNameW(NULL, latin), 0);
    IS(ras->RasValidateEntryNameW(NULL, w("New office (1)")), 0);
    IS(ras->RasValidateEntryNameW(NULL, w("OFFICE")), 183);
    IS(ras->RasValidateEntryNameW(w("C:\\none"), w("New")), 621);

    IS(ras->RasRenameEntryW(NULL, w("Office"), w("a:b")), 123);
    IS(ras->RasRenameEntryW(NULL, w("Office"), w("home")), 183);
    IS(ras->RasRenameEntryW(NULL, w("Nowhere"), w("New")), 623);
    IS(ras->RasRenameEntryW(w("C:\\none"), w("Office"), w("New")), 621);
    IS(ras->RasRenameEntryW(NULL, NULL, w("New")), 87);
    IS(ras->RasRenameEntryW(NULL, w("Office"), NULL), 87);
    atomic_store(&allocations_left, 1);
    IS(ras->RasRenameEntryW(NULL, w("Office"), w("New")), 8);
    atomic_store(&allocations_left, 0);
    IS(ras->RasRenameEntryW(NULL, w("Office"), w("OFFICE")), 0);
    handle = dial_entry("Office", 0);
    WAIT_FOR(connected_count == 1);
    IS(ras->RasEnumConnectionsW(&list, &bytes, &count), 0);
    before = list.guidEntry;
    IS(ras->RasRenameEntryW(NULL, w("Office"), w("New")), 0);
    IS(ras->RasDeleteEntryW(NULL, w("New")), 817);
    IS(sim_drop(sim, NULL, w("New"), 0), 0);
    UNTIL(gone(handle));
    dial_entry("Office", 623);
    handle = dial_entry("New", 0);
    WAIT_FOR(connected_count == 2);
    IS(ras->RasEnumConnectionsW(&list, &bytes, &count), 0);
    CHECK(same(list.szEntryName, "New") && !memcmp(&before, &list.guidEntry, sizeof before));
    hang_up(handle);
    IS(ras->RasDeleteEntryW(NULL, w("Office")), 123);
    IS(ras->RasDeleteEntryW(w("C:\\none"), w("New")), 621);
    IS(ras->RasDeleteEntryW(NULL, NULL), 87);
    IS(ras->RasDeleteEntryW(NULL, w("New")), 0);
    dial_entry("New", 623);
}

static void phonebooks(void)
{
    RASENTRYW entry = usual_entry();
    RASENTRYNAMEW list[1] = {{.dwSize = sizeof *list}};
    DWORD bytes = sizeof list, count;
    WCHAR path[300];
    size_t i;

    for (i = 0; i < 300; i++)
        path[i] = 'x';
    IS(sim_add_phonebook(sim, path, 0), 87);
    IS(sim_add_phonebook(sim, w("C:\\mine.pbk"), 0), 0);
    IS(ras->RasEnumEntriesW(NULL, w("C:\\mine.pbk"), list, &bytes, &count), 0);
    IS(count, 0);
    IS(ras->RasSetEntryPropertiesW(w("C:\\mine.pbk"), w("New"), &entry, sizeof entry, NULL, 0), 0);
    IS(ras->RasDeleteEntryW(w("C:\\mine.pbk"), w("New")), 0);
    shared_book();
    bytes = sizeof list;
    IS(ras->RasEnumEntriesW(NULL, w("C:\\all.pbk"), list, &bytes, &count), 0);
    IS(list[0].dwFlags, REN_AllUsers);
    sim_set_administrator(sim, 0);
    IS(ras->RasDeleteEntryW(NULL, w("Shared")), 5);
    IS(ras->RasRenameEntryW(NULL, w("Shared"), w("Ours")), 5);
    IS(ras->RasSetEntryPropertiesW(w("C:\\all.pbk"), w("New"), &entry, sizeof entry, NULL, 0), 5);
    IS(ras->RasSetEntryPropertiesW(NULL, w("Shared"), &entry, sizeof entry, NULL, 0), 5);
    IS(ras->RasSetEntryPropertiesW(NULL, w("New"), &entry, sizeof entry, NULL, 0), 0);
    sim_set_administrator(sim, 1);
    IS(ras->RasDeleteEntryW(NULL, w("Shared")), 0);
    IS(ras->RasEnumEntriesW(NULL, w("C:\\all.pbk"), list, &bytes, &count), 0); /* still a file */
}

const struct test entry_tests[] = {
    TEST(credentials),
    TEST(stand_in_for_a_password),
    TEST(dial_params),
    TEST(get_properties),
    TEST(what_shipped_clients_leave_out), TEST(set_properties),
    TEST(alternate_numbers),
    TEST(options_that_a_dial_goes_by),
    TEST(names),
    TEST(phonebooks),
    {NULL, NULL},
};
